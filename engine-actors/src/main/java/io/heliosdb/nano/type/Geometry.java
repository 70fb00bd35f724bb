package io.heliosdb.nano.type;

import java.util.List;

/// The geometric values. Coordinates are IEEE doubles; records compare exactly, the SQL operators with PostgreSQL's
/// tolerance (`function.impl`). Source: PostgreSQL 15 manual, "Geometric Types".
public sealed interface Geometry {
  record Point(double x, double y) implements Geometry {}

  record Lseg(Point start, Point end) implements Geometry {}

  /// `high` is the upper right corner: [#of] puts any two opposite corners in order.
  record Box(Point high, Point low) implements Geometry {
    public static Box of(Point a, Point b) {
      return new Box(new Point(max(a.x, b.x), max(a.y, b.y)), new Point(min(a.x, b.x), min(a.y, b.y)));
    }

    private static double max(double a, double b) {
      return Double.isNaN(a) || !Double.isNaN(b) && a > b ? a : b;
    }

    private static double min(double a, double b) {
      return Double.isNaN(a) ? b : Double.isNaN(b) || a < b ? a : b;
    }
  }

  record Path(List<Point> points, boolean closed) implements Geometry {
    public Path {
      points = List.copyOf(points);
    }
  }

  record Polygon(List<Point> points) implements Geometry {
    public Polygon {
      points = List.copyOf(points);
    }

    /// The smallest box around all points.
    public Box boundingBox() {
      double minX = points.getFirst().x;
      double maxX = minX;
      double minY = points.getFirst().y;
      double maxY = minY;
      for (Point p : points) {
        minX = Math.min(minX, p.x);
        maxX = Math.max(maxX, p.x);
        minY = Math.min(minY, p.y);
        maxY = Math.max(maxY, p.y);
      }
      return new Box(new Point(maxX, maxY), new Point(minX, minY));
    }
  }

  /// The line Ax + By + C = 0.
  record Line(double a, double b, double c) implements Geometry {}

  record Circle(Point center, double radius) implements Geometry {}
}
