package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.unary;
import static io.heliosdb.nano.function.impl.GeometryMath.eq;
import static io.heliosdb.nano.function.impl.GeometryMath.ge;
import static io.heliosdb.nano.function.impl.GeometryMath.gt;
import static io.heliosdb.nano.function.impl.GeometryMath.le;
import static io.heliosdb.nano.function.impl.GeometryMath.lt;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Geometry.Box;
import io.heliosdb.nano.type.Geometry.Circle;
import io.heliosdb.nano.type.Geometry.Lseg;
import io.heliosdb.nano.type.Geometry.Path;
import io.heliosdb.nano.type.Geometry.Point;
import io.heliosdb.nano.type.Geometry.Polygon;
import io.heliosdb.nano.type.TypeErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Operators and functions of paths, polygons and circles. Source: PostgreSQL 15 manual, section 9.11.
public final class ShapeFunctions implements Builtins.Family {
  private static final int CIRCLE_POINTS = 12;

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "path_area" -> unary(a -> area((Path) a));
      case "path_length" -> unary(a -> GeometryMath.length((Path) a));
      case "path_npoints" -> unary(a -> ((Path) a).points().size());
      case "path_isclosed" -> unary(a -> ((Path) a).closed());
      case "path_isopen" -> unary(a -> !((Path) a).closed());
      case "path_close" -> unary(a -> new Path(((Path) a).points(), true));
      case "path_open" -> unary(a -> new Path(((Path) a).points(), false));
      case "path_poly" -> unary(a -> toPolygon((Path) a));
      case "path_add" -> binary((a, b) -> joined((Path) a, (Path) b));
      case "path_add_pt" -> movedPath(GeometryMath::add);
      case "path_sub_pt" -> movedPath(GeometryMath::subtract);
      case "path_mul_pt" -> movedPath(GeometryMath::multiply);
      case "path_div_pt" -> movedPath(GeometryMath::divide);
      case "path_n_eq" -> paths((a, b) -> a.points().size() == b.points().size());
      case "path_n_lt" -> paths((a, b) -> a.points().size() < b.points().size());
      case "path_n_le" -> paths((a, b) -> a.points().size() <= b.points().size());
      case "path_n_gt" -> paths((a, b) -> a.points().size() > b.points().size());
      case "path_n_ge" -> paths((a, b) -> a.points().size() >= b.points().size());
      case "path_inter" -> paths((a, b) -> GeometryMath.meet(segments(a), segments(b)));
      case "path_distance" -> paths((a, b) -> GeometryMath.distance(segments(a), segments(b)));
      case "dist_ppath" -> binary((p, a) -> GeometryMath.distance(segments((Path) a), (Point) p));
      case "dist_pathp" -> binary((a, p) -> GeometryMath.distance(segments((Path) a), (Point) p));
      case "on_ppath" -> binary((p, a) -> on((Path) a, (Point) p));
      case "sql:path_contain_pt" -> binary((a, p) -> on((Path) a, (Point) p));
      default -> {
        Implementation polygon = polygon(symbol);
        yield polygon != null ? polygon : circle(symbol);
      }
    };
  }

  private static @Nullable Implementation polygon(String symbol) {
    return switch (symbol) {
      case "poly_npoints" -> unary(a -> ((Polygon) a).points().size());
      case "poly_center" -> unary(a -> toCircle((Polygon) a).center());
      case "poly_circle" -> unary(a -> toCircle((Polygon) a));
      case "poly_box" -> unary(a -> ((Polygon) a).boundingBox());
      case "poly_path" -> unary(a -> new Path(((Polygon) a).points(), true));
      case "box_poly" -> unary(a -> toPolygon((Box) a));
      case "poly_left" -> polygons((a, b) -> a.boundingBox().high().x() < b.boundingBox().low().x());
      case "poly_overleft" -> polygons((a, b) -> a.boundingBox().high().x() <= b.boundingBox().high().x());
      case "poly_right" -> polygons((a, b) -> a.boundingBox().low().x() > b.boundingBox().high().x());
      case "poly_overright" -> polygons((a, b) -> a.boundingBox().low().x() >= b.boundingBox().low().x());
      case "poly_below" -> polygons((a, b) -> a.boundingBox().high().y() < b.boundingBox().low().y());
      case "poly_overbelow" -> polygons((a, b) -> a.boundingBox().high().y() <= b.boundingBox().high().y());
      case "poly_above" -> polygons((a, b) -> a.boundingBox().low().y() > b.boundingBox().high().y());
      case "poly_overabove" -> polygons((a, b) -> a.boundingBox().low().y() >= b.boundingBox().low().y());
      case "poly_same" -> polygons(ShapeFunctions::same);
      case "poly_overlap" -> polygons(ShapeFunctions::overlap);
      case "poly_contain" -> polygons((a, b) -> contains(a, b));
      case "poly_contained" -> polygons((a, b) -> contains(b, a));
      case "poly_contain_pt" -> binary((a, p) -> GeometryMath.inside(((Polygon) a).points(), (Point) p));
      case "pt_contained_poly" -> binary((p, a) -> GeometryMath.inside(((Polygon) a).points(), (Point) p));
      case "poly_distance" -> polygons((a, b) -> overlap(a, b) ? 0.0 : GeometryMath.distance(edges(a), edges(b)));
      case "dist_ppoly" -> binary((p, a) -> distance((Polygon) a, (Point) p));
      case "dist_polyp" -> binary((a, p) -> distance((Polygon) a, (Point) p));
      default -> null;
    };
  }

  private static @Nullable Implementation circle(String symbol) {
    return switch (symbol) {
      case "cr_circle" -> binary((p, r) -> new Circle((Point) p, (Double) r));
      case "circle_area" -> unary(a -> area((Circle) a));
      case "circle_diameter" -> unary(a -> ((Circle) a).radius() * 2);
      case "circle_radius" -> unary(a -> ((Circle) a).radius());
      case "circle_center" -> unary(a -> ((Circle) a).center());
      case "circle_box" -> unary(a -> toBox((Circle) a));
      case "circle_poly" -> binary((n, a) -> toPolygon((Integer) n, (Circle) a));
      case "sql:polygon" -> unary(a -> toPolygon(CIRCLE_POINTS, (Circle) a));
      case "circle_same" -> circles((a, b) -> GeometryMath.same(a.center(), b.center()) && eq(a.radius(), b.radius()));
      case "circle_overlap" -> circles((a, b) -> le(GeometryMath.distance(a.center(), b.center()), a.radius() + b.radius()));
      case "circle_contain" -> circles((a, b) -> le(GeometryMath.distance(a.center(), b.center()), a.radius() - b.radius()));
      case "circle_contained" -> circles((a, b) -> le(GeometryMath.distance(a.center(), b.center()), b.radius() - a.radius()));
      case "circle_left" -> circles((a, b) -> lt(a.center().x() + a.radius(), b.center().x() - b.radius()));
      case "circle_overleft" -> circles((a, b) -> le(a.center().x() + a.radius(), b.center().x() + b.radius()));
      case "circle_right" -> circles((a, b) -> gt(a.center().x() - a.radius(), b.center().x() + b.radius()));
      case "circle_overright" -> circles((a, b) -> ge(a.center().x() - a.radius(), b.center().x() - b.radius()));
      case "circle_below" -> circles((a, b) -> lt(a.center().y() + a.radius(), b.center().y() - b.radius()));
      case "circle_overbelow" -> circles((a, b) -> le(a.center().y() + a.radius(), b.center().y() + b.radius()));
      case "circle_above" -> circles((a, b) -> gt(a.center().y() - a.radius(), b.center().y() + b.radius()));
      case "circle_overabove" -> circles((a, b) -> ge(a.center().y() - a.radius(), b.center().y() - b.radius()));
      case "circle_eq" -> circles((a, b) -> eq(area(a), area(b)));
      case "circle_ne" -> circles((a, b) -> !eq(area(a), area(b)));
      case "circle_lt" -> circles((a, b) -> lt(area(a), area(b)));
      case "circle_le" -> circles((a, b) -> le(area(a), area(b)));
      case "circle_gt" -> circles((a, b) -> gt(area(a), area(b)));
      case "circle_ge" -> circles((a, b) -> ge(area(a), area(b)));
      case "circle_add_pt" -> binary((a, p) -> new Circle(GeometryMath.add(((Circle) a).center(), (Point) p), ((Circle) a).radius()));
      case "circle_sub_pt" -> binary((a, p) -> new Circle(GeometryMath.subtract(((Circle) a).center(), (Point) p), ((Circle) a).radius()));
      case "circle_mul_pt" -> binary((a, p) -> new Circle(GeometryMath.multiply(((Circle) a).center(), (Point) p),
          ((Circle) a).radius() * GeometryMath.hypot(((Point) p).x(), ((Point) p).y())));
      case "circle_div_pt" -> binary((a, p) -> new Circle(GeometryMath.divide(((Circle) a).center(), (Point) p),
          ((Circle) a).radius() / GeometryMath.hypot(((Point) p).x(), ((Point) p).y())));
      case "circle_distance" -> circles((a, b) ->
          Math.max(0, GeometryMath.distance(a.center(), b.center()) - (a.radius() + b.radius())));
      case "circle_contain_pt" -> binary((a, p) -> GeometryMath.distance(((Circle) a).center(), (Point) p) <= ((Circle) a).radius());
      case "pt_contained_circle" -> binary((p, a) -> GeometryMath.distance(((Circle) a).center(), (Point) p) <= ((Circle) a).radius());
      case "dist_pc" -> binary((p, a) -> distance((Circle) a, (Point) p));
      case "dist_cpoint" -> binary((a, p) -> distance((Circle) a, (Point) p));
      case "dist_cpoly" -> binary((c, a) -> Math.max(0, distance((Polygon) a, ((Circle) c).center()) - ((Circle) c).radius()));
      case "dist_polyc" -> binary((a, c) -> Math.max(0, distance((Polygon) a, ((Circle) c).center()) - ((Circle) c).radius()));
      default -> null;
    };
  }

  private static Implementation paths(BiFunction<Path, Path, Object> body) {
    return binary((a, b) -> body.apply((Path) a, (Path) b));
  }

  private static Implementation polygons(BiFunction<Polygon, Polygon, Object> body) {
    return binary((a, b) -> body.apply((Polygon) a, (Polygon) b));
  }

  private static Implementation circles(BiFunction<Circle, Circle, Object> body) {
    return binary((a, b) -> body.apply((Circle) a, (Circle) b));
  }

  private static Implementation movedPath(BiFunction<Point, Point, Point> move) {
    return binary((a, p) ->
        new Path(((Path) a).points().stream().map(q -> move.apply(q, (Point) p)).toList(), ((Path) a).closed()));
  }

  // ---------------------------------------------------------------- paths

  private static List<Lseg> segments(Path path) {
    return GeometryMath.segments(path.points(), path.closed());
  }

  private static @Nullable Double area(Path path) {
    if (!path.closed()) {
      return null;
    }
    double twice = 0;
    for (Lseg s : segments(path)) {
      twice += s.start().x() * s.end().y() - s.start().y() * s.end().x();
    }
    return Math.abs(twice) / 2;
  }

  private static @Nullable Path joined(Path a, Path b) {
    if (a.closed() || b.closed()) {
      return null;
    }
    List<Point> points = new ArrayList<>(a.points());
    points.addAll(b.points());
    return new Path(points, false);
  }

  private static Polygon toPolygon(Path path) {
    if (!path.closed()) {
      throw TypeErrors.invalidParameter("open path cannot be converted to polygon");
    }
    return new Polygon(path.points());
  }

  private static boolean on(Path path, Point p) {
    return path.closed() ? GeometryMath.inside(path.points(), p)
        : segments(path).stream().anyMatch(s -> GeometryMath.contains(s, p));
  }

  // ---------------------------------------------------------------- polygons

  private static List<Lseg> edges(Polygon polygon) {
    return GeometryMath.segments(polygon.points(), true);
  }

  private static Circle toCircle(Polygon polygon) {
    int count = polygon.points().size();
    double x = 0;
    double y = 0;
    for (Point p : polygon.points()) {
      x += p.x();
      y += p.y();
    }
    Point center = new Point(x / count, y / count);
    double radius = 0;
    for (Point p : polygon.points()) {
      radius += GeometryMath.distance(p, center);
    }
    return new Circle(center, radius / count);
  }

  private static Polygon toPolygon(Box b) {
    return new Polygon(List.of(b.low(), new Point(b.low().x(), b.high().y()), b.high(), new Point(b.high().x(), b.low().y())));
  }

  /// The same corners in the same or the opposite sense, from any of them on.
  private static boolean same(Polygon a, Polygon b) {
    int count = a.points().size();
    if (count != b.points().size()) {
      return false;
    }
    for (int start = 0; start < count; start++) {
      boolean forward = true;
      boolean backward = true;
      for (int i = 0; i < count; i++) {
        forward &= GeometryMath.same(a.points().get(i), b.points().get((start + i) % count));
        backward &= GeometryMath.same(a.points().get(i), b.points().get((start - i + count) % count));
      }
      if (forward || backward) {
        return true;
      }
    }
    return false;
  }

  private static boolean overlap(Polygon a, Polygon b) {
    return GeometryMath.overlap(a.boundingBox(), b.boundingBox())
        && (GeometryMath.meet(edges(a), edges(b)) || GeometryMath.inside(a.points(), b.points().getFirst())
            || GeometryMath.inside(b.points(), a.points().getFirst()));
  }

  private static boolean contains(Polygon outer, Polygon inner) {
    if (!GeometryMath.contains(outer.boundingBox(), inner.boundingBox())) {
      return false;
    }
    for (Lseg edge : edges(inner)) {
      // Where an edge of the outer polygon cuts this one, both pieces must lie inside.
      List<Point> cuts = new ArrayList<>(List.of(edge.start(), edge.end()));
      for (Lseg side : edges(outer)) {
        Point cut = GeometryMath.meet(edge, side);
        if (cut != null) {
          cuts.add(cut);
        }
      }
      cuts.sort(java.util.Comparator.comparingDouble(p -> GeometryMath.distance(edge.start(), p)));
      for (int i = 0; i < cuts.size(); i++) {
        Point p = cuts.get(i);
        Point q = cuts.get(Math.min(i + 1, cuts.size() - 1));
        if (!GeometryMath.inside(outer.points(), p)
            || !GeometryMath.inside(outer.points(), new Point((p.x() + q.x()) / 2, (p.y() + q.y()) / 2))) {
          return false;
        }
      }
    }
    return true;
  }

  private static double distance(Polygon polygon, Point p) {
    return GeometryMath.inside(polygon.points(), p) ? 0 : GeometryMath.distance(edges(polygon), p);
  }

  // ---------------------------------------------------------------- circles

  private static double area(Circle c) {
    return c.radius() * c.radius() * Math.PI;
  }

  private static double distance(Circle c, Point p) {
    return Math.max(0, GeometryMath.distance(p, c.center()) - c.radius());
  }

  private static Box toBox(Circle c) {
    double half = c.radius() / Math.sqrt(2);
    return new Box(new Point(c.center().x() + half, c.center().y() + half), new Point(c.center().x() - half, c.center().y() - half));
  }

  /// As many points as a value of PostgreSQL's largest size holds.
  private static final int POINTS_MAX = (1 << 30) / 16 - 3;

  private static Polygon toPolygon(int count, Circle c) {
    if (GeometryMath.zero(c.radius())) {
      throw new SqlException(io.heliosdb.nano.error.SqlState.FEATURE_NOT_SUPPORTED, "cannot convert circle with radius zero to polygon");
    }
    if (count < 2) {
      throw TypeErrors.invalidParameter("must request at least 2 points");
    }
    if (count > POINTS_MAX) {
      throw new SqlException(io.heliosdb.nano.error.SqlState.PROGRAM_LIMIT_EXCEEDED, "too many points requested");
    }
    List<Point> points = new ArrayList<>(count);
    double step = 2 * Math.PI / count;
    for (int i = 0; i < count; i++) {
      points.add(new Point(c.center().x() - c.radius() * Math.cos(step * i), c.center().y() + c.radius() * Math.sin(step * i)));
    }
    return new Polygon(points);
  }
}
