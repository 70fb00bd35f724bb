package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;

/// Binds select and RETURNING lists: expands stars, names columns, notes where they come from.
final class TargetList {
  private final ExpressionAnalyzer expressions;
  private final Scope scope;

  TargetList(ExpressionAnalyzer expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
  }

  List<Query.Target> bind(List<SelectStatement.TargetItem> items, ExprKind kind) {
    List<Query.Target> targets = new ArrayList<>(items.size());
    for (SelectStatement.TargetItem item : items) {
      switch (item.expression()) {
        case Expression.ColumnReference column when column.star() -> star(column, targets);
        case Expression.StarSelection star -> {
          ExprKind outer = scope.kind;
          scope.kind = kind;
          Node base = expressions.bind(star.base());
          List<Node> fields = expressions.references().expandFields(base, star.position());
          List<String> names = expressions.references().fieldNames(base);
          for (int i = 0; i < fields.size(); i++) {
            targets.add(target(fields.get(i), names.get(i)));
          }
          scope.kind = outer;
        }
        default -> {
          Node node = expressions.analyze(item.expression(), kind);
          targets.add(target(node, item.label() != null ? item.label() : ColumnNames.of(item.expression())));
        }
      }
    }
    return targets;
  }

  static Query.Target target(Node node, String name) {
    Query.Target target = new Query.Target(node, name, false);
    if (node instanceof Node.Var var) {
      origin(target, var);
    }
    return target;
  }

  private static void origin(Query.Target target, Node.Var var) {
    RangeEntry entry = var.entry;
    if (var.attno == 0) {
      return;
    }
    if (entry.view != null) {
      target.originTable = entry.view.oid();
      target.originColumn = var.attno;
    } else if (entry.kind == RangeEntry.Kind.RELATION && entry.relation != null) {
      target.originTable = entry.relation.oid();
      target.originColumn = var.attno;
    } else if (entry.kind == RangeEntry.Kind.SUBQUERY && entry.subquery != null) {
      List<Query.Target> inner = entry.subquery.visibleTargets();
      if (var.attno > 0 && var.attno <= inner.size()) {
        target.originTable = inner.get(var.attno - 1).originTable;
        target.originColumn = inner.get(var.attno - 1).originColumn;
      }
    } else if (entry.kind == RangeEntry.Kind.CTE && entry.cte != null && entry.cte.query != null && !entry.selfReference) {
      List<Query.Target> inner =
          entry.cte.query.returning.isEmpty() ? entry.cte.query.visibleTargets() : entry.cte.query.returning;
      if (var.attno > 0 && var.attno <= inner.size()) {
        target.originTable = inner.get(var.attno - 1).originTable;
        target.originColumn = inner.get(var.attno - 1).originColumn;
      }
    } else if (entry.kind == RangeEntry.Kind.JOIN && var.attno > 0 && entry.joinColumns.get(var.attno - 1) instanceof Node.Var inner) {
      origin(target, inner);
    }
  }

  private void star(Expression.ColumnReference column, List<Query.Target> targets) {
    if (column.parts().isEmpty()) {
      boolean any = false;
      for (Scope.Item item : scope.namespace) {
        if (item.columnsVisible && !item.lateralOnly) {
          any = true;
          expand(scope, item, column.position(), targets);
        }
      }
      if (!any) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "SELECT * with no tables specified is not valid").at(column.position());
      }
      return;
    }
    if (scope.item(column.parts().size() > 1 ? column.parts().get(column.parts().size() - 2) : null, column.parts().getLast(), column.position())
        == null) {
      Node variable = expressions.references().starVariable(column);
      if (variable != null) {
        List<Node> fields = expressions.references().expandFields(variable, column.position());
        List<String> names = expressions.references().fieldNames(variable);
        for (int i = 0; i < fields.size(); i++) {
          targets.add(target(fields.get(i), names.get(i)));
        }
        return;
      }
    }
    Scope.Found found = find(column);
    expand(found.scope(), found.item(), column.position(), targets);
  }

  private Scope.Found find(Expression.ColumnReference column) {
    List<String> parts = column.parts();
    String table = parts.getLast();
    String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
    if (parts.size() > 3) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "improper qualified name (too many dotted names): " + String.join(".", parts) + ".*")
          .at(column.position());
    }
    Scope.Found found = scope.item(schema, table, column.position());
    if (found == null) {
      throw NameErrors.missingTable(scope, schema, table, column.position());
    }
    return found;
  }

  private void expand(Scope owner, Scope.Item item, int position, List<Query.Target> targets) {
    for (int i = 0; i < item.columnCount(); i++) {
      String name = item.columnName(i);
      if (name != null) {
        targets.add(target(scope.var(owner, item.columnEntry(i), item.columnNumber(i), position), name));
      }
    }
    if (item.entry.relation != null || item.entry.view != null) {
      item.entry.requirePrivilege('r');
    }
  }

  /// The columns of `*` or `t.*` inside ROW(…), VALUES or a call.
  List<Node> starNodes(Expression.ColumnReference column) {
    List<Query.Target> targets = new ArrayList<>();
    star(column, targets);
    List<Node> nodes = new ArrayList<>(targets.size());
    for (Query.Target target : targets) {
      nodes.add(target.expr);
    }
    return nodes;
  }

  /// Output columns that are still of unknown type become text.
  static void resolveUnknowns(Analysis analysis, List<Query.Target> targets) {
    for (Query.Target target : targets) {
      if (target.expr.isUnknown()) {
        target.expr = analysis.coercion.toDeclared(target.expr, PgTypes.TEXT);
      }
    }
  }
}
