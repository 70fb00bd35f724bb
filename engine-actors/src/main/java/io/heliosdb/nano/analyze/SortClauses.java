package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.GroupingElement;
import io.heliosdb.nano.parse.ast.SortItem;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// ORDER BY, GROUP BY and DISTINCT: matches their expressions with the target list, adding hidden columns where needed.
final class SortClauses {
  private final ExpressionAnalyzer expressions;
  private final Scope scope;
  private final Analysis analysis;

  SortClauses(ExpressionAnalyzer expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.analysis = expressions.analysis;
  }

  // ------------------------------------------------------------------------------------------ matching

  /// The target meant by an ORDER BY or GROUP BY item by SQL-92's rules: output name, position, else expression.
  Query.Target targetBy92(Expression expression, List<Query.Target> targets, ExprKind kind) {
    if (expression instanceof Expression.ColumnReference column && !column.star() && column.parts().size() == 1) {
      String name = column.name();
      if (kind == ExprKind.GROUP_BY && scope.column(name, true, column.position()) != null) {
        name = null;
      }
      if (name != null) {
        Query.Target found = null;
        for (Query.Target target : targets) {
          if (!target.junk && target.name.equals(name)) {
            if (found == null) {
              found = target;
            } else if (!Nodes.equal(found.expr, target.expr, analysis)) {
              throw new SqlException(SqlState.AMBIGUOUS_COLUMN, kind.clauseName() + " \"" + name + "\" is ambiguous").at(column.position());
            }
          }
        }
        if (found != null) {
          return checked(found, kind, column.position());
        }
      }
    }
    Expression.Literal literal =
        expression instanceof Expression.LiftedLiteral lifted ? lifted.literal() : expression instanceof Expression.Literal l ? l : null;
    if (literal != null) {
      if (expression instanceof Expression.LiftedLiteral lifted) {
        analysis.fixedLiterals.set(lifted.index());
      }
      if (!(literal instanceof Expression.IntegerLiteral number)) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "non-integer constant in " + kind.clauseName()).at(expression.position());
      }
      int position = 0;
      for (Query.Target target : targets) {
        if (!target.junk && ++position == number.value()) {
          return checked(target, kind, expression.position());
        }
      }
      throw new SqlException(
              SqlState.INVALID_COLUMN_REFERENCE, kind.clauseName() + " position " + number.value() + " is not in select list")
          .at(expression.position());
    }
    return targetBy99(expression, targets, kind);
  }

  private Query.Target checked(Query.Target target, ExprKind kind, int position) {
    if (kind == ExprKind.GROUP_BY) {
      Node aggregate = Nodes.find(target.expr, n -> n instanceof Node.Aggregate a && a.depth == scope.depth);
      if (aggregate != null) {
        throw new SqlException(SqlState.GROUPING_ERROR, "aggregate functions are not allowed in GROUP BY").at(aggregate.position);
      }
      Node window = Nodes.find(target.expr, n -> n instanceof Node.Window);
      if (window != null) {
        throw new SqlException(SqlState.WINDOWING_ERROR, "window functions are not allowed in GROUP BY").at(window.position);
      }
    }
    return target;
  }

  /// The target that equals the expression, or a new hidden one.
  Query.Target targetBy99(Expression expression, List<Query.Target> targets, ExprKind kind) {
    Node node = expressions.analyze(expression, kind);
    for (Query.Target target : targets) {
      if (Nodes.equal(node, stripImplicit(target.expr), analysis)) {
        return target;
      }
    }
    Query.Target added = new Query.Target(node, "", true);
    targets.add(added);
    return added;
  }

  static Node stripImplicit(Node node) {
    return switch (node) {
      case Node.Func f when f.form == Form.IMPLICIT_CAST && !f.arguments.isEmpty() -> stripImplicit(f.arguments.getFirst());
      case Node.Relabel r when r.form == Form.IMPLICIT_CAST -> stripImplicit(r.argument);
      case Node.IoCast c when c.form == Form.IMPLICIT_CAST -> stripImplicit(c.argument);
      case Node.ArrayCoerce a when a.form == Form.IMPLICIT_CAST -> stripImplicit(a.argument);
      case Node.TypmodCoerce t when t.form == Form.IMPLICIT_CAST -> stripImplicit(t.argument);
      case Node.DomainCoerce d when d.form == Form.IMPLICIT_CAST -> stripImplicit(d.argument);
      default -> node;
    };
  }

  // ------------------------------------------------------------------------------------------ ORDER BY

  List<Query.Sort> orderBy(List<SortItem> items, List<Query.Target> targets, ExprKind kind, boolean sql99) {
    List<Query.Sort> sorts = new ArrayList<>(items.size());
    for (SortItem item : items) {
      Query.Target target =
          sql99 ? targetBy99(item.expression(), targets, kind) : targetBy92(item.expression(), targets, kind);
      addSort(sorts, target, item, targets);
    }
    return sorts;
  }

  void addSort(List<Query.Sort> sorts, Query.Target target, SortItem item, List<Query.Target> targets) {
    Query.Sort sort = sort(target, item, targets);
    for (Query.Sort other : sorts) {
      if (other.target == target && other.descending == sort.descending && sameOrdering(other, sort)) {
        return;
      }
      if (other.target == target) {
        return;
      }
    }
    sorts.add(sort);
  }

  private static boolean sameOrdering(Query.Sort a, Query.Sort b) {
    return a.ordering == null ? b.ordering == null : b.ordering != null && a.ordering.oid() == b.ordering.oid();
  }

  Query.Sort sort(Query.Target target, SortItem item, List<Query.Target> targets) {
    if (target.expr.isUnknown()) {
      target.expr = analysis.coercion.toDeclared(target.expr, PgTypes.TEXT);
    }
    PgType type = target.expr.type();
    int position = Nodes.location(target.expr);
    Query.Sort sort = new Query.Sort(target);
    switch (item.direction()) {
      case DEFAULT, ASCENDING -> analysis.operators.requireOrdering("<", type, position);
      case DESCENDING -> {
        analysis.operators.requireOrdering(">", type, position);
        sort.descending = true;
      }
      case USING -> using(sort, item, type);
    }
    sort.nullsFirst =
        switch (item.nulls()) {
          case DEFAULT -> sort.descending;
          case FIRST -> true;
          case LAST -> false;
        };
    return sort;
  }

  private void using(Query.Sort sort, SortItem item, PgType type) {
    OperatorDef operator = analysis.operators.find(item.operator(), type, type, item.operator().position());
    String symbol = operator.name();
    boolean less = symbol.equals("<") || symbol.equals("~<~") || symbol.equals("*<");
    boolean greater = symbol.equals(">") || symbol.equals("~>~") || symbol.equals("*>");
    if (!less && !greater) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "operator " + item.operator() + " is not a valid ordering operator")
          .withHint("Ordering operators must be \"<\" or \">\" members of btree operator families.")
          .at(item.operator().position());
    }
    sort.descending = greater;
    if (!analysis.operators.isDefaultOrdering(operator, type, less ? "<" : ">")) {
      sort.ordering = operator;
    }
  }

  // ------------------------------------------------------------------------------------------ GROUP BY

  /// Binds GROUP BY into `query.groupBy` and, if grouping sets occur, `query.groupingSets`.
  void groupBy(Query query, List<GroupingElement> elements) {
    boolean sets = false;
    for (GroupingElement element : elements) {
      sets |= !(element instanceof GroupingElement.Simple);
    }
    if (!sets) {
      List<Query.Sort> seen = new ArrayList<>();
      for (GroupingElement element : elements) {
        for (Expression expression : flatten(((GroupingElement.Simple) element).expression())) {
          groupKey(query, expression, seen);
        }
      }
      return;
    }
    query.groupingSets = new ArrayList<>();
    for (GroupingElement element : elements) {
      query.groupingSets.add(groupingSet(query, element));
    }
  }

  private static List<Expression> flatten(Expression expression) {
    if (!(expression instanceof Expression.RowConstructor row) || row.explicit()) {
      return List.of(expression);
    }
    List<Expression> result = new ArrayList<>();
    for (Expression field : row.fields()) {
      result.addAll(flatten(field));
    }
    return result;
  }

  private Query.GroupingSet groupingSet(Query query, GroupingElement element) {
    return switch (element) {
      case GroupingElement.Simple simple -> simpleSet(query, simple.expression());
      case GroupingElement.Empty empty -> new Query.GroupingSet(Query.GroupingSet.Kind.EMPTY, List.of(), List.of(), empty.position());
      case GroupingElement.Rollup rollup -> composite(query, Query.GroupingSet.Kind.ROLLUP, rollup.elements(), rollup.position());
      case GroupingElement.Cube cube -> {
        if (cube.elements().size() > 12) {
          throw new SqlException(SqlState.TOO_MANY_COLUMNS, "CUBE is limited to 12 elements").at(cube.position());
        }
        yield composite(query, Query.GroupingSet.Kind.CUBE, cube.elements(), cube.position());
      }
      case GroupingElement.GroupingSets sets -> {
        List<Query.GroupingSet> inner = new ArrayList<>();
        for (GroupingElement each : sets.elements()) {
          inner.add(groupingSet(query, each));
        }
        yield new Query.GroupingSet(Query.GroupingSet.Kind.SETS, List.of(), inner, sets.position());
      }
    };
  }

  private Query.GroupingSet simpleSet(Query query, Expression expression) {
    List<Query.Sort> keys = new ArrayList<>();
    for (Expression each : flatten(expression)) {
      groupKey(query, each, keys);
    }
    return new Query.GroupingSet(
        keys.isEmpty() ? Query.GroupingSet.Kind.EMPTY : Query.GroupingSet.Kind.SIMPLE, keys, List.of(), expression.position());
  }

  private Query.GroupingSet composite(Query query, Query.GroupingSet.Kind kind, List<Expression> elements, int position) {
    List<Query.GroupingSet> inner = new ArrayList<>(elements.size());
    for (Expression element : elements) {
      inner.add(simpleSet(query, element));
    }
    return new Query.GroupingSet(kind, List.of(), inner, position);
  }

  /// Adds one grouping key to the query (once) and to `local`.
  private void groupKey(Query query, Expression expression, List<Query.Sort> local) {
    Query.Target target = targetBy92(expression, query.targets, ExprKind.GROUP_BY);
    for (Query.Sort sort : local) {
      if (sort.target == target) {
        return;
      }
    }
    Query.Sort key = null;
    for (Query.Sort sort : query.groupBy) {
      if (sort.target == target) {
        key = sort;
      }
    }
    if (key == null) {
      key = groupSort(target, query.sort);
      query.groupBy.add(key);
    }
    local.add(key);
  }

  /// A grouping key: takes over the direction that ORDER BY gives the same target.
  private Query.Sort groupSort(Query.Target target, List<Query.Sort> order) {
    for (Query.Sort sort : order) {
      if (sort.target == target) {
        analysis.operators.requireEquality(target.expr.type(), Nodes.location(target.expr));
        return sort;
      }
    }
    if (target.expr.isUnknown()) {
      target.expr = analysis.coercion.toDeclared(target.expr, PgTypes.TEXT);
    }
    analysis.operators.requireEquality(target.expr.type(), Nodes.location(target.expr));
    Query.Sort sort = new Query.Sort(target);
    sort.sortable = analysis.operators.defaultOrdering("<", target.expr.type()) != null;
    return sort;
  }

  /// PARTITION BY of a window.
  List<Query.Sort> partitionBy(List<Expression> items, List<Query.Target> targets, List<Query.Sort> order) {
    List<Query.Sort> result = new ArrayList<>(items.size());
    for (Expression item : items) {
      for (Expression each : flatten(item)) {
        Query.Target target = targetBy99(each, targets, ExprKind.WINDOW_PARTITION);
        boolean known = false;
        for (Query.Sort sort : result) {
          known |= sort.target == target;
        }
        if (!known) {
          result.add(groupSort(target, order));
        }
      }
    }
    return result;
  }

  // ------------------------------------------------------------------------------------------ DISTINCT

  void distinct(Query query) {
    for (Query.Sort sort : query.sort) {
      if (sort.target.junk) {
        throw new SqlException(
                SqlState.INVALID_COLUMN_REFERENCE, "for SELECT DISTINCT, ORDER BY expressions must appear in select list")
            .at(Nodes.location(sort.target.expr));
      }
      query.distinct.add(sort);
    }
    for (Query.Target target : query.targets) {
      if (target.junk) {
        continue;
      }
      boolean known = false;
      for (Query.Sort sort : query.distinct) {
        known |= sort.target == target;
      }
      if (!known) {
        query.distinct.add(groupSort(target, List.of()));
      }
    }
    if (query.distinct.isEmpty()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "SELECT DISTINCT must have at least one column");
    }
  }

  void distinctOn(Query query, List<Expression> on) {
    List<Query.Target> keys = new ArrayList<>(on.size());
    List<Integer> positions = new ArrayList<>(on.size());
    for (Expression expression : on) {
      Query.Target target = targetBy92(expression, query.targets, ExprKind.DISTINCT_ON);
      if (!keys.contains(target)) {
        keys.add(target);
        positions.add(expression.startPosition());
      }
    }
    boolean skipped = false;
    for (Query.Sort sort : query.sort) {
      if (keys.contains(sort.target)) {
        if (skipped) {
          throw new SqlException(
                  SqlState.INVALID_COLUMN_REFERENCE, "SELECT DISTINCT ON expressions must match initial ORDER BY expressions")
              .at(positions.get(keys.indexOf(sort.target)));
        }
        query.distinct.add(sort);
      } else {
        skipped = true;
      }
    }
    for (Query.Target target : keys) {
      boolean known = false;
      for (Query.Sort sort : query.distinct) {
        known |= sort.target == target;
      }
      if (!known) {
        if (skipped) {
          throw new SqlException(
                  SqlState.INVALID_COLUMN_REFERENCE, "SELECT DISTINCT ON expressions must match initial ORDER BY expressions")
              .at(positions.get(keys.indexOf(target)));
        }
        query.distinct.add(groupSort(target, List.of()));
      }
    }
    query.hasDistinctOn = true;
  }
}
