package io.heliosdb.nano.analyze;

import java.util.List;

/// Calls that were written in special syntax, written back in it.
final class SqlSyntaxWriter {
  private SqlSyntaxWriter() {}

  /// False if the function has no special form after all.
  static boolean write(Deparser d, ExpressionWriter expressions, Node.Func f) {
    StringBuilder out = d.out;
    List<Node> a = f.arguments;
    switch (f.function.name()) {
      case "timezone" -> {
        if (a.size() != 2) {
          return false;
        }
        out.append('(');
        expressions.write(a.get(1), false);
        out.append(" AT TIME ZONE ");
        expressions.write(a.get(0), false);
        out.append(')');
      }
      case "extract" -> {
        if (!(a.get(0) instanceof Node.Const field) || field.value == null) {
          return false;
        }
        out.append("EXTRACT(").append(field.value).append(" FROM ");
        expressions.write(a.get(1), false);
        out.append(')');
      }
      case "overlaps" -> {
        out.append("((");
        expressions.list(a.subList(0, 2), false);
        out.append(") OVERLAPS (");
        expressions.list(a.subList(2, 4), false);
        out.append("))");
      }
      case "overlay" -> {
        out.append("OVERLAY(");
        expressions.write(a.get(0), false);
        out.append(" PLACING ");
        expressions.write(a.get(1), false);
        out.append(" FROM ");
        expressions.write(a.get(2), false);
        if (a.size() > 3) {
          out.append(" FOR ");
          expressions.write(a.get(3), false);
        }
        out.append(')');
      }
      case "position" -> {
        out.append("POSITION((");
        expressions.write(a.get(1), false);
        out.append(") IN (");
        expressions.write(a.get(0), false);
        out.append("))");
      }
      case "substring" -> {
        if (a.size() < 2 || a.get(1).type().oid() == io.heliosdb.nano.type.PgTypes.TEXT.oid()) {
          return false;
        }
        out.append("SUBSTRING(");
        expressions.write(a.get(0), false);
        out.append(" FROM ");
        expressions.write(a.get(1), false);
        if (a.size() > 2) {
          out.append(" FOR ");
          expressions.write(a.get(2), false);
        }
        out.append(')');
      }
      case "btrim", "ltrim", "rtrim" -> {
        String side =
            switch (f.function.name()) {
              case "btrim" -> "BOTH";
              case "ltrim" -> "LEADING";
              default -> "TRAILING";
            };
        out.append("TRIM(").append(side);
        if (a.size() == 2) {
          out.append(' ');
          expressions.write(a.get(1), false);
        }
        out.append(" FROM ");
        expressions.write(a.get(0), false);
        out.append(')');
      }
      case "pg_collation_for" -> {
        out.append("COLLATION FOR (");
        expressions.write(a.get(0), false);
        out.append(')');
      }
      default -> {
        return false;
      }
    }
    return true;
  }
}
