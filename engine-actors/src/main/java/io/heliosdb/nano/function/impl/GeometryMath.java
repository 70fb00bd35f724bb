package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.type.Geometry.Box;
import io.heliosdb.nano.type.Geometry.Line;
import io.heliosdb.nano.type.Geometry.Lseg;
import io.heliosdb.nano.type.Geometry.Path;
import io.heliosdb.nano.type.Geometry.Point;
import io.heliosdb.nano.type.TypeErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Plane geometry with PostgreSQL's tolerance of 1e-6. Lines are Ax + By + C = 0. Source: PostgreSQL's `geo_ops.c` for which
/// comparisons are tolerant and which are exact.
final class GeometryMath {
  private static final double EPSILON = 1.0e-6;

  private GeometryMath() {}

  static boolean zero(double a) {
    return Math.abs(a) <= EPSILON;
  }

  static boolean eq(double a, double b) {
    return a == b || Math.abs(a - b) <= EPSILON;
  }

  static boolean lt(double a, double b) {
    return a + EPSILON < b;
  }

  static boolean le(double a, double b) {
    return a <= b + EPSILON;
  }

  static boolean gt(double a, double b) {
    return a > b + EPSILON;
  }

  static boolean ge(double a, double b) {
    return a + EPSILON >= b;
  }

  /// Zero without a sign.
  private static double plain(double value) {
    return value == 0 ? 0 : value;
  }

  // ---------------------------------------------------------------- points

  static boolean same(Point a, Point b) {
    return Double.compare(a.x(), b.x()) == 0 && Double.compare(a.y(), b.y()) == 0 || eq(a.x(), b.x()) && eq(a.y(), b.y());
  }

  /// PostgreSQL's own formula, so that the last digits agree.
  static double hypot(double x, double y) {
    double larger = Math.max(Math.abs(x), Math.abs(y));
    double smaller = Math.min(Math.abs(x), Math.abs(y));
    if (Double.isInfinite(x) || Double.isInfinite(y)) {
      return Double.POSITIVE_INFINITY;
    }
    if (smaller == 0 || Double.isNaN(larger)) {
      return larger;
    }
    double ratio = smaller / larger;
    return larger * Math.sqrt(1 + ratio * ratio);
  }

  static double distance(Point a, Point b) {
    return hypot(a.x() - b.x(), a.y() - b.y());
  }

  static Point add(Point a, Point b) {
    return new Point(FloatArithmetic.add(a.x(), b.x()), FloatArithmetic.add(a.y(), b.y()));
  }

  static Point subtract(Point a, Point b) {
    return new Point(FloatArithmetic.add(a.x(), -b.x()), FloatArithmetic.add(a.y(), -b.y()));
  }

  /// Scales and turns: the product of complex numbers.
  static Point multiply(Point a, Point b) {
    return new Point(a.x() * b.x() - a.y() * b.y(), a.x() * b.y() + a.y() * b.x());
  }

  static Point divide(Point a, Point b) {
    double square = b.x() * b.x() + b.y() * b.y();
    if (square == 0) {
      throw TypeErrors.divisionByZero();
    }
    return new Point((a.x() * b.x() + a.y() * b.y()) / square, (a.y() * b.x() - a.x() * b.y()) / square);
  }

  static double slope(Point a, Point b) {
    return eq(a.x(), b.x()) ? Double.POSITIVE_INFINITY : eq(a.y(), b.y()) ? 0 : (a.y() - b.y()) / (a.x() - b.x());
  }

  /// Slope of a perpendicular.
  static double inverseSlope(Point a, Point b) {
    return eq(a.x(), b.x()) ? 0 : eq(a.y(), b.y()) ? Double.POSITIVE_INFINITY : (a.x() - b.x()) / (b.y() - a.y());
  }

  // ---------------------------------------------------------------- lines

  static Line line(Point p, double slope) {
    if (Double.isInfinite(slope)) {
      return new Line(-1, 0, p.x());
    }
    return slope == 0 ? new Line(0, -1, p.y()) : new Line(slope, -1, plain(p.y() - slope * p.x()));
  }

  static Line line(Lseg s) {
    return line(s.start(), slope(s.start(), s.end()));
  }

  static double slope(Line l) {
    return zero(l.a()) ? 0 : zero(l.b()) ? Double.POSITIVE_INFINITY : l.a() / -l.b();
  }

  static double inverseSlope(Line l) {
    return zero(l.a()) ? Double.POSITIVE_INFINITY : zero(l.b()) ? 0 : l.b() / l.a();
  }

  static boolean same(Line x, Line y) {
    double ratio = !zero(y.a()) ? x.a() / y.a() : !zero(y.b()) ? x.b() / y.b() : !zero(y.c()) ? x.c() / y.c() : 1;
    return x.equals(y) || eq(x.a(), ratio * y.a()) && eq(x.b(), ratio * y.b()) && eq(x.c(), ratio * y.c());
  }

  static boolean perpendicular(Line x, Line y) {
    if (zero(x.a())) {
      return zero(y.b());
    }
    if (zero(y.a())) {
      return zero(x.b());
    }
    if (zero(x.b())) {
      return zero(y.a());
    }
    if (zero(y.b())) {
      return zero(x.a());
    }
    return eq(x.a() * y.a() / (x.b() * y.b()), -1);
  }

  /// Where two lines meet, null when they are parallel.
  static @Nullable Point meet(Line p, Line q) {
    double x;
    double y;
    if (!zero(p.b())) {
      if (eq(q.a(), p.a() * (q.b() / p.b()))) {
        return null;
      }
      x = (p.b() * q.c() - q.b() * p.c()) / (p.a() * q.b() - q.a() * p.b());
      y = -(p.a() * x + p.c()) / p.b();
    } else if (!zero(q.b())) {
      if (eq(p.a(), q.a() * (p.b() / q.b()))) {
        return null;
      }
      x = (q.b() * p.c() - p.b() * q.c()) / (q.a() * p.b() - p.a() * q.b());
      y = -(q.a() * x + q.c()) / q.b();
    } else {
      return null;
    }
    return new Point(plain(x), plain(y));
  }

  static double distance(Line p, Line q) {
    if (meet(p, q) != null) {
      return 0;
    }
    double ratio = !zero(p.a()) && !zero(q.a()) ? p.a() / q.a() : !zero(p.b()) && !zero(q.b()) ? p.b() / q.b() : 1;
    return Math.abs(p.c() - ratio * q.c()) / hypot(p.a(), p.b());
  }

  static Point closest(Line l, Point p) {
    Point foot = meet(line(p, inverseSlope(l)), l);
    return foot == null ? new Point(Double.NaN, Double.NaN) : foot;
  }

  static boolean contains(Line l, Point p) {
    return zero(l.a() * p.x() + l.b() * p.y() + l.c());
  }

  // ---------------------------------------------------------------- segments

  static double length(Lseg s) {
    return distance(s.start(), s.end());
  }

  static boolean contains(Lseg s, Point p) {
    return eq(distance(p, s.start()) + distance(p, s.end()), length(s));
  }

  static @Nullable Point meet(Lseg s, Line l) {
    Point at = meet(line(s), l);
    if (at == null || !contains(s, at)) {
      return null;
    }
    return same(s.start(), at) ? s.start() : same(s.end(), at) ? s.end() : at;
  }

  static @Nullable Point meet(Lseg s, Lseg t) {
    Point at = meet(s, line(t));
    return at == null || !contains(t, at) ? null : at;
  }

  static Point closest(Lseg s, Line l) {
    Point at = meet(s, l);
    if (at != null) {
      return at;
    }
    return distance(closest(l, s.start()), s.start()) < distance(closest(l, s.end()), s.end()) ? s.start() : s.end();
  }

  static double distance(Lseg s, Line l) {
    return meet(s, l) != null ? 0
        : Math.min(distance(closest(l, s.start()), s.start()), distance(closest(l, s.end()), s.end()));
  }

  static Point closest(Lseg s, Point p) {
    return closest(s, line(p, inverseSlope(s.start(), s.end())));
  }

  static double distance(Lseg s, Point p) {
    return distance(closest(s, p), p);
  }

  static double distance(Lseg s, Lseg t) {
    if (meet(s, t) != null) {
      return 0;
    }
    return Math.min(Math.min(distance(s, t.start()), distance(s, t.end())), Math.min(distance(t, s.start()), distance(t, s.end())));
  }

  /// The point of `on` that is closest to `to`.
  static Point closest(Lseg on, Lseg to) {
    Point at = meet(on, to);
    if (at != null) {
      return at;
    }
    Point best = closest(on, to.start());
    double shortest = distance(best, to.start());
    Point second = closest(on, to.end());
    if (distance(second, to.end()) < shortest) {
      best = second;
      shortest = distance(second, to.end());
    }
    for (Point end : new Point[] {on.start(), on.end()}) {
      if (distance(to, end) < shortest) {
        best = end;
        shortest = distance(to, end);
      }
    }
    return best;
  }

  // ---------------------------------------------------------------- boxes

  static List<Lseg> sides(Box b) {
    Point upperLeft = new Point(b.low().x(), b.high().y());
    Point lowerRight = new Point(b.high().x(), b.low().y());
    return List.of(new Lseg(b.low(), upperLeft), new Lseg(b.high(), upperLeft), new Lseg(b.low(), lowerRight), new Lseg(b.high(), lowerRight));
  }

  static boolean contains(Box b, Point p) {
    return b.high().x() >= p.x() && b.low().x() <= p.x() && b.high().y() >= p.y() && b.low().y() <= p.y();
  }

  static boolean contains(Box b, Lseg s) {
    return contains(b, s.start()) && contains(b, s.end());
  }

  static boolean overlap(Box a, Box b) {
    return le(a.low().x(), b.high().x()) && le(b.low().x(), a.high().x()) && le(a.low().y(), b.high().y())
        && le(b.low().y(), a.high().y());
  }

  static boolean contains(Box a, Box b) {
    return ge(a.high().x(), b.high().x()) && le(a.low().x(), b.low().x()) && ge(a.high().y(), b.high().y())
        && le(a.low().y(), b.low().y());
  }

  static double area(Box b) {
    return (b.high().x() - b.low().x()) * (b.high().y() - b.low().y());
  }

  static Point center(Box b) {
    return new Point((b.high().x() + b.low().x()) / 2, (b.high().y() + b.low().y()) / 2);
  }

  static Point closest(Box b, Point p) {
    if (contains(b, p)) {
      return p;
    }
    Point best = null;
    for (Lseg side : sides(b)) {
      Point candidate = closest(side, p);
      if (best == null || distance(candidate, p) < distance(best, p)) {
        best = candidate;
      }
    }
    return best;
  }

  static boolean meets(Box b, Lseg s) {
    return contains(b, s.start()) || contains(b, s.end()) || sides(b).stream().anyMatch(side -> meet(s, side) != null);
  }

  static double distance(Box b, Lseg s) {
    if (meets(b, s)) {
      return 0;
    }
    return sides(b).stream().mapToDouble(side -> distance(side, s)).min().orElse(0);
  }

  // ---------------------------------------------------------------- chains of points

  static List<Lseg> segments(List<Point> points, boolean closed) {
    List<Lseg> segments = new ArrayList<>(points.size());
    for (int i = closed ? 0 : 1; i < points.size(); i++) {
      segments.add(new Lseg(points.get(i == 0 ? points.size() - 1 : i - 1), points.get(i)));
    }
    return segments;
  }

  static double length(Path path) {
    return segments(path.points(), path.closed()).stream().mapToDouble(GeometryMath::length).sum();
  }

  /// Whether the point lies within the polygon or on its edge.
  static boolean inside(List<Point> polygon, Point p) {
    int winding = 0;
    for (Lseg edge : segments(polygon, true)) {
      if (contains(edge, p)) {
        return true;
      }
      Point a = edge.start();
      Point b = edge.end();
      double cross = (b.x() - a.x()) * (p.y() - a.y()) - (p.x() - a.x()) * (b.y() - a.y());
      if (a.y() <= p.y() && b.y() > p.y() && cross > 0) {
        winding++;
      } else if (a.y() > p.y() && b.y() <= p.y() && cross < 0) {
        winding--;
      }
    }
    return winding != 0;
  }

  static boolean meet(List<Lseg> a, List<Lseg> b) {
    for (Lseg s : a) {
      for (Lseg t : b) {
        if (meet(s, t) != null) {
          return true;
        }
      }
    }
    return false;
  }

  static double distance(List<Lseg> a, List<Lseg> b) {
    double shortest = Double.POSITIVE_INFINITY;
    for (Lseg s : a) {
      for (Lseg t : b) {
        shortest = Math.min(shortest, distance(s, t));
      }
    }
    return shortest;
  }

  static double distance(List<Lseg> segments, Point p) {
    double shortest = Double.POSITIVE_INFINITY;
    for (Lseg s : segments) {
      shortest = Math.min(shortest, distance(s, p));
    }
    return shortest;
  }
}
