package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.Geometry.Box;
import io.heliosdb.nano.type.Geometry.Circle;
import io.heliosdb.nano.type.Geometry.Line;
import io.heliosdb.nano.type.Geometry.Lseg;
import io.heliosdb.nano.type.Geometry.Path;
import io.heliosdb.nano.type.Geometry.Point;
import io.heliosdb.nano.type.Geometry.Polygon;
import java.util.ArrayList;
import java.util.List;

/// Text of geometric values. Source: PostgreSQL 15 manual, "Geometric Types".
final class GeometryText {
  private final String text;
  private final String typeName;
  private int at;

  private GeometryText(String text, String typeName) {
    this.text = text;
    this.typeName = typeName;
  }

  static Geometry parse(TypeFamily family, String text) {
    String typeName = family.name().toLowerCase(java.util.Locale.ROOT);
    GeometryText in = new GeometryText(text, typeName);
    in.skipSpace();
    Geometry value = switch (family) {
      case POINT -> in.point();
      case LSEG -> {
        List<Point> points = in.points(true, 2);
        yield new Lseg(points.get(0), points.get(1));
      }
      case BOX -> {
        List<Point> points = in.points(false, 2);
        yield Box.of(points.get(0), points.get(1));
      }
      case PATH -> in.path();
      case POLYGON -> new Polygon(in.points(false, in.pairCount()));
      case LINE -> in.line();
      case CIRCLE -> in.circle();
      default -> throw new IllegalArgumentException("not geometric: " + family);
    };
    in.skipSpace();
    if (in.at < text.length()) {
      throw in.bad();
    }
    return value;
  }

  private SqlException bad() {
    return TypeErrors.invalidSyntax(typeName, text);
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipSpace() {
    while (at < text.length() && NumericText.isSpace(text.charAt(at))) {
      at++;
    }
  }

  private boolean take(char c) {
    skipSpace();
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw bad();
    }
  }

  private double number() {
    skipSpace();
    int start = at;
    while (at < text.length() && ",()[]{}<> \t\n\r".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (start == at) {
      throw bad();
    }
    String word = text.substring(start, at);
    try {
      return FloatText.parseDouble(word, "double precision");
    } catch (SqlException e) {
      throw e.state().equals(SqlState.INVALID_TEXT_REPRESENTATION) ? bad() : e;
    }
  }

  private Point point() {
    boolean parenthesis = take('(');
    double x = number();
    expect(',');
    double y = number();
    if (parenthesis) {
      expect(')');
    }
    return new Point(x, y);
  }

  /// How many points the commas tell of.
  private int pairCount() {
    long commas = text.chars().filter(c -> c == ',').count();
    if (commas % 2 == 0) {
      throw bad();
    }
    return (int) (commas + 1) / 2;
  }

  /// Points, each with or without parentheses, within an optional outer pair, or brackets where `brackets` allows them.
  /// A comma between two points may be left out.
  private List<Point> points(boolean brackets, int count) {
    skipSpace();
    boolean open = peek() == '[';
    int depth = 0;
    if (open) {
      if (!brackets) {
        throw bad();
      }
      at++;
      depth = 1;
    } else if (peek() == '(' && (nextIsParenthesis() || text.lastIndexOf('(') == at)) {
      at++;
      depth = 1;
    }
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(point());
      take(',');
    }
    if (depth > 0 && !take(')') && !(open && take(']'))) {
      throw bad();
    }
    return points;
  }

  private boolean nextIsParenthesis() {
    int next = at + 1;
    while (next < text.length() && NumericText.isSpace(text.charAt(next))) {
      next++;
    }
    return next < text.length() && text.charAt(next) == '(';
  }

  private Path path() {
    int count = pairCount();
    skipSpace();
    // The only parenthesis is the outer one.
    boolean outer = peek() == '(' && text.lastIndexOf('(') == at;
    if (outer) {
      at++;
    }
    skipSpace();
    boolean open = peek() == '[';
    List<Point> points = points(true, count);
    if (outer) {
      expect(')');
    }
    return new Path(points, !open);
  }

  private Line line() {
    if (take('{')) {
      double a = number();
      expect(',');
      double b = number();
      expect(',');
      double c = number();
      expect('}');
      if (a == 0 && b == 0) {
        throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid line specification: A and B cannot both be zero");
      }
      return new Line(a, b, c);
    }
    List<Point> points = points(true, 2);
    if (points.get(0).equals(points.get(1))) {
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid line specification: must be two distinct points");
    }
    return lineThrough(points.get(0), points.get(1));
  }

  static Line lineThrough(Point p, Point q) {
    if (p.x() == q.x()) {
      return new Line(-1, 0, p.x());
    }
    if (p.y() == q.y()) {
      return new Line(0, -1, p.y());
    }
    double slope = (p.y() - q.y()) / (p.x() - q.x());
    double c = p.y() - slope * p.x();
    return new Line(slope, -1, c == 0 ? 0 : c);
  }

  private Circle circle() {
    boolean outer = peek() == '<' || peek() == '(' && nextIsParenthesis();
    if (outer) {
      at++;
    }
    Point center = point();
    take(',');
    double radius = number();
    if (radius < 0) {
      throw bad();
    }
    if (outer && !take('>') && !take(')')) {
      throw bad();
    }
    return new Circle(center, radius);
  }

  // ---------------------------------------------------------------- output

  static void format(Geometry value, IoContext context, ByteSink out) {
    int digits = context.extraFloatDigits();
    switch (value) {
      case Point p -> point(p, digits, out);
      case Lseg s -> {
        out.put('[');
        point(s.start(), digits, out);
        out.put(',');
        point(s.end(), digits, out);
        out.put(']');
      }
      case Box b -> {
        point(b.high(), digits, out);
        out.put(',');
        point(b.low(), digits, out);
      }
      case Path p -> {
        out.put(p.closed() ? '(' : '[');
        points(p.points(), digits, out);
        out.put(p.closed() ? ')' : ']');
      }
      case Polygon p -> {
        out.put('(');
        points(p.points(), digits, out);
        out.put(')');
      }
      case Line l -> {
        out.put('{');
        FloatText.format(l.a(), digits, out);
        out.put(',');
        FloatText.format(l.b(), digits, out);
        out.put(',');
        FloatText.format(l.c(), digits, out);
        out.put('}');
      }
      case Circle c -> {
        out.put('<');
        point(c.center(), digits, out);
        out.put(',');
        FloatText.format(c.radius(), digits, out);
        out.put('>');
      }
    }
  }

  private static void points(List<Point> points, int digits, ByteSink out) {
    for (int i = 0; i < points.size(); i++) {
      if (i > 0) {
        out.put(',');
      }
      point(points.get(i), digits, out);
    }
  }

  private static void point(Point p, int digits, ByteSink out) {
    out.put('(');
    FloatText.format(p.x(), digits, out);
    out.put(',');
    FloatText.format(p.y(), digits, out);
    out.put(')');
  }
}
