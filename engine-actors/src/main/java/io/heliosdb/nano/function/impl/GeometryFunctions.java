package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.unary;
import static io.heliosdb.nano.function.impl.GeometryMath.eq;
import static io.heliosdb.nano.function.impl.GeometryMath.ge;
import static io.heliosdb.nano.function.impl.GeometryMath.gt;
import static io.heliosdb.nano.function.impl.GeometryMath.le;
import static io.heliosdb.nano.function.impl.GeometryMath.lt;

import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Geometry.Box;
import io.heliosdb.nano.type.Geometry.Circle;
import io.heliosdb.nano.type.Geometry.Line;
import io.heliosdb.nano.type.Geometry.Lseg;
import io.heliosdb.nano.type.Geometry.Point;
import io.heliosdb.nano.type.TypeErrors;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Operators and functions of points, lines, segments and boxes. Source: PostgreSQL 15 manual, section 9.11.
public final class GeometryFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "construct_point" -> binary((x, y) -> new Point((Double) x, (Double) y));
      case "point_eq" -> points((a, b) -> GeometryMath.same(a, b));
      case "point_ne" -> points((a, b) -> !GeometryMath.same(a, b));
      case "point_left" -> points((a, b) -> lt(a.x(), b.x()));
      case "point_right" -> points((a, b) -> gt(a.x(), b.x()));
      case "point_above" -> points((a, b) -> gt(a.y(), b.y()));
      case "point_below" -> points((a, b) -> lt(a.y(), b.y()));
      case "point_vert" -> points((a, b) -> eq(a.x(), b.x()));
      case "point_horiz" -> points((a, b) -> eq(a.y(), b.y()));
      case "point_add" -> points(GeometryMath::add);
      case "point_sub" -> points(GeometryMath::subtract);
      case "point_mul" -> points(GeometryMath::multiply);
      case "point_div" -> points(GeometryMath::divide);
      case "point_distance" -> points(GeometryMath::distance);
      case "point_slope" -> points(GeometryMath::slope);
      case "point_box" -> unary(a -> new Box((Point) a, (Point) a));
      case "points_box" -> points(Box::of);
      case "lseg_construct" -> points(Lseg::new);
      case "line_construct_pp" -> points(GeometryFunctions::line);
      case "lseg_eq" -> segments((a, b) -> same(a, b));
      case "lseg_ne" -> segments((a, b) -> !same(a, b));
      case "lseg_lt" -> segments((a, b) -> lt(GeometryMath.length(a), GeometryMath.length(b)));
      case "lseg_le" -> segments((a, b) -> le(GeometryMath.length(a), GeometryMath.length(b)));
      case "lseg_gt" -> segments((a, b) -> gt(GeometryMath.length(a), GeometryMath.length(b)));
      case "lseg_ge" -> segments((a, b) -> ge(GeometryMath.length(a), GeometryMath.length(b)));
      case "lseg_length" -> unary(a -> GeometryMath.length((Lseg) a));
      case "lseg_center" -> unary(a -> center((Lseg) a));
      case "lseg_vertical" -> unary(a -> eq(((Lseg) a).start().x(), ((Lseg) a).end().x()));
      case "lseg_horizontal" -> unary(a -> eq(((Lseg) a).start().y(), ((Lseg) a).end().y()));
      case "lseg_parallel" -> segments((a, b) -> eq(slope(a), slope(b)));
      case "lseg_perp" -> segments((a, b) -> eq(slope(a), GeometryMath.inverseSlope(b.start(), b.end())));
      case "lseg_intersect" -> segments((a, b) -> GeometryMath.meet(a, b) != null);
      case "lseg_interpt" -> segments((a, b) -> GeometryMath.meet(a, b));
      case "lseg_distance" -> segments(GeometryMath::distance);
      case "close_lseg" -> segments((a, b) -> slope(a) == slope(b) ? null : GeometryMath.closest(b, a));
      case "close_ps" -> binary((p, s) -> GeometryMath.closest((Lseg) s, (Point) p));
      case "close_pl" -> binary((p, l) -> GeometryMath.closest((Line) l, (Point) p));
      case "close_pb" -> binary((p, b) -> GeometryMath.closest((Box) b, (Point) p));
      case "close_ls" -> binary((l, s) ->
          slope((Lseg) s) == GeometryMath.slope((Line) l) ? null : GeometryMath.closest((Lseg) s, (Line) l));
      case "close_sb" -> binary((s, b) -> closest((Box) b, (Lseg) s));
      case "on_ps" -> binary((p, s) -> GeometryMath.contains((Lseg) s, (Point) p));
      case "on_pl" -> binary((p, l) -> GeometryMath.contains((Line) l, (Point) p));
      case "on_pb" -> binary((p, b) -> GeometryMath.contains((Box) b, (Point) p));
      case "on_sl" -> binary((s, l) ->
          GeometryMath.contains((Line) l, ((Lseg) s).start()) && GeometryMath.contains((Line) l, ((Lseg) s).end()));
      case "on_sb" -> binary((s, b) -> GeometryMath.contains((Box) b, (Lseg) s));
      case "inter_sl" -> binary((s, l) -> GeometryMath.meet((Lseg) s, (Line) l) != null);
      case "inter_sb" -> binary((s, b) -> GeometryMath.meets((Box) b, (Lseg) s));
      case "inter_lb" -> binary((l, b) -> GeometryMath.sides((Box) b).stream().anyMatch(side -> GeometryMath.meet(side, (Line) l) != null));
      case "dist_pl" -> binary((p, l) -> GeometryMath.distance(GeometryMath.closest((Line) l, (Point) p), (Point) p));
      case "dist_lp" -> binary((l, p) -> GeometryMath.distance(GeometryMath.closest((Line) l, (Point) p), (Point) p));
      case "dist_ps" -> binary((p, s) -> GeometryMath.distance((Lseg) s, (Point) p));
      case "dist_sp" -> binary((s, p) -> GeometryMath.distance((Lseg) s, (Point) p));
      case "dist_sl" -> binary((s, l) -> GeometryMath.distance((Lseg) s, (Line) l));
      case "dist_ls" -> binary((l, s) -> GeometryMath.distance((Lseg) s, (Line) l));
      case "dist_sb" -> binary((s, b) -> GeometryMath.distance((Box) b, (Lseg) s));
      case "dist_bs" -> binary((b, s) -> GeometryMath.distance((Box) b, (Lseg) s));
      case "dist_pb" -> binary((p, b) -> GeometryMath.distance(GeometryMath.closest((Box) b, (Point) p), (Point) p));
      case "dist_bp" -> binary((b, p) -> GeometryMath.distance(GeometryMath.closest((Box) b, (Point) p), (Point) p));
      case "line_eq" -> binary((a, b) -> GeometryMath.same((Line) a, (Line) b));
      case "line_parallel" -> binary((a, b) -> GeometryMath.meet((Line) a, (Line) b) == null);
      case "line_intersect" -> binary((a, b) -> GeometryMath.meet((Line) a, (Line) b) != null);
      case "line_interpt" -> binary((a, b) -> GeometryMath.meet((Line) a, (Line) b));
      case "line_perp" -> binary((a, b) -> GeometryMath.perpendicular((Line) a, (Line) b));
      case "line_distance" -> binary((a, b) -> GeometryMath.distance((Line) a, (Line) b));
      case "line_vertical" -> unary(a -> GeometryMath.zero(((Line) a).b()));
      case "line_horizontal" -> unary(a -> GeometryMath.zero(((Line) a).a()));
      default -> box(symbol);
    };
  }

  private static @Nullable Implementation box(String symbol) {
    return switch (symbol) {
      case "box_same" -> boxes((a, b) -> GeometryMath.same(a.high(), b.high()) && GeometryMath.same(a.low(), b.low()));
      case "box_overlap" -> boxes(GeometryMath::overlap);
      case "box_left" -> boxes((a, b) -> lt(a.high().x(), b.low().x()));
      case "box_overleft" -> boxes((a, b) -> le(a.high().x(), b.high().x()));
      case "box_right" -> boxes((a, b) -> gt(a.low().x(), b.high().x()));
      case "box_overright" -> boxes((a, b) -> ge(a.low().x(), b.low().x()));
      case "box_below" -> boxes((a, b) -> lt(a.high().y(), b.low().y()));
      case "box_overbelow" -> boxes((a, b) -> le(a.high().y(), b.high().y()));
      case "box_above" -> boxes((a, b) -> gt(a.low().y(), b.high().y()));
      case "box_overabove" -> boxes((a, b) -> ge(a.low().y(), b.low().y()));
      case "box_below_eq" -> boxes((a, b) -> le(a.high().y(), b.low().y()));
      case "box_above_eq" -> boxes((a, b) -> ge(a.low().y(), b.high().y()));
      case "box_contain" -> boxes((a, b) -> GeometryMath.contains(a, b));
      case "box_contained" -> boxes((a, b) -> GeometryMath.contains(b, a));
      case "box_contain_pt" -> binary((b, p) -> GeometryMath.contains((Box) b, (Point) p));
      case "box_eq" -> boxes((a, b) -> eq(GeometryMath.area(a), GeometryMath.area(b)));
      case "box_lt" -> boxes((a, b) -> lt(GeometryMath.area(a), GeometryMath.area(b)));
      case "box_le" -> boxes((a, b) -> le(GeometryMath.area(a), GeometryMath.area(b)));
      case "box_gt" -> boxes((a, b) -> gt(GeometryMath.area(a), GeometryMath.area(b)));
      case "box_ge" -> boxes((a, b) -> ge(GeometryMath.area(a), GeometryMath.area(b)));
      case "box_area" -> unary(a -> GeometryMath.area((Box) a));
      case "box_width" -> unary(a -> ((Box) a).high().x() - ((Box) a).low().x());
      case "box_height" -> unary(a -> ((Box) a).high().y() - ((Box) a).low().y());
      case "box_center" -> unary(a -> GeometryMath.center((Box) a));
      case "box_diagonal" -> unary(a -> new Lseg(((Box) a).high(), ((Box) a).low()));
      case "box_distance" -> boxes((a, b) -> GeometryMath.distance(GeometryMath.center(a), GeometryMath.center(b)));
      case "box_intersect" -> boxes((a, b) -> intersection(a, b));
      case "boxes_bound_box" -> boxes((a, b) -> bound(a, b));
      case "box_add" -> moved(GeometryMath::add);
      case "box_sub" -> moved(GeometryMath::subtract);
      case "box_mul" -> moved(GeometryMath::multiply);
      case "box_div" -> moved(GeometryMath::divide);
      case "box_circle" -> unary(a ->
          new Circle(GeometryMath.center((Box) a), GeometryMath.distance(GeometryMath.center((Box) a), ((Box) a).high())));
      default -> null;
    };
  }

  private static Implementation points(BiFunction<Point, Point, Object> body) {
    return binary((a, b) -> body.apply((Point) a, (Point) b));
  }

  private static Implementation segments(BiFunction<Lseg, Lseg, @Nullable Object> body) {
    return binary((a, b) -> body.apply((Lseg) a, (Lseg) b));
  }

  private static Implementation boxes(BiFunction<Box, Box, @Nullable Object> body) {
    return binary((a, b) -> body.apply((Box) a, (Box) b));
  }

  private static Implementation moved(BiFunction<Point, Point, Point> move) {
    return binary((a, p) -> Box.of(move.apply(((Box) a).high(), (Point) p), move.apply(((Box) a).low(), (Point) p)));
  }

  private static boolean same(Lseg a, Lseg b) {
    return GeometryMath.same(a.start(), b.start()) && GeometryMath.same(a.end(), b.end());
  }

  private static double slope(Lseg s) {
    return GeometryMath.slope(s.start(), s.end());
  }

  private static Point center(Lseg s) {
    return new Point((s.start().x() + s.end().x()) / 2, (s.start().y() + s.end().y()) / 2);
  }

  private static Line line(Point a, Point b) {
    if (GeometryMath.same(a, b)) {
      throw TypeErrors.invalidParameter("invalid line specification: must be two distinct points");
    }
    return GeometryMath.line(a, GeometryMath.slope(a, b));
  }

  private static Point closest(Box b, Lseg s) {
    if (GeometryMath.meets(b, s)) {
      Point center = GeometryMath.center(b);
      return GeometryMath.closest(s, center);
    }
    Point best = null;
    double shortest = Double.POSITIVE_INFINITY;
    for (Lseg side : GeometryMath.sides(b)) {
      double distance = GeometryMath.distance(side, s);
      if (best == null || distance < shortest) {
        best = GeometryMath.closest(side, s);
        shortest = distance;
      }
    }
    return best;
  }

  private static @Nullable Box intersection(Box a, Box b) {
    return !GeometryMath.overlap(a, b) ? null : new Box(
        new Point(Math.min(a.high().x(), b.high().x()), Math.min(a.high().y(), b.high().y())),
        new Point(Math.max(a.low().x(), b.low().x()), Math.max(a.low().y(), b.low().y())));
  }

  private static Box bound(Box a, Box b) {
    return new Box(new Point(Math.max(a.high().x(), b.high().x()), Math.max(a.high().y(), b.high().y())),
        new Point(Math.min(a.low().x(), b.low().x()), Math.min(a.low().y(), b.low().y())));
  }
}
