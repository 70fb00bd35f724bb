package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.WithClause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SEARCH and CYCLE clauses of recursive queries: rewrites the query so that extra columns carry the order and the path.
///
/// Before: `WITH RECURSIVE t AS (L UNION ALL R) SEARCH DEPTH FIRST BY a SET s CYCLE a SET m USING p`.
/// After: L gets `ARRAY[ROW(a)] AS s, false AS m, ARRAY[ROW(a)] AS p`; R becomes
/// `SELECT …, q.s || ROW(q.a), CASE WHEN ROW(q.a) = ANY (q.p) THEN true ELSE false END, q.p || ROW(q.a) FROM (R with t.s, t.m, t.p) q
/// WHERE q.m <> true`. Source: PostgreSQL 15 manual, "WITH Queries", "Search Order" and "Cycle Detection".
final class SearchCycle {
  private static final String WRAPPED = "*TROCRN*";
  private static final String WRAPPED_LEFT = "*TLOCRN*";
  private final WithClause.CommonTableExpression cte;
  private final int position;
  private final List<String> columns;

  private SearchCycle(WithClause.CommonTableExpression cte, List<String> columns) {
    this.cte = cte;
    this.position = cte.position();
    this.columns = columns;
  }

  /// Names of the extra columns, in order.
  static List<String> extraColumns(WithClause.CommonTableExpression cte) {
    List<String> names = new ArrayList<>(3);
    if (cte.search() != null) {
      names.add(cte.search().sequenceColumn());
    }
    if (cte.cycle() != null) {
      names.add(cte.cycle().markColumn());
      names.add(cte.cycle().pathColumn());
    }
    return names;
  }

  static SelectStatement rewrite(WithClause.CommonTableExpression cte, SelectStatement select, boolean recursive) {
    SelectStatement.QueryBody body = select.body();
    while (body instanceof SelectStatement.NestedQuery nested) {
      body = nested.query().body();
    }
    if (!recursive || !(body instanceof SelectStatement.SetOperation union) || union.operator() != SelectStatement.SetOperator.UNION) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "WITH query is not recursive").at(cte.position());
    }
    if (!(union.left() instanceof SelectStatement.SelectCore left)) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "with a SEARCH or CYCLE clause, the left side of the UNION must be a SELECT")
          .at(cte.position());
    }
    if (union.right() instanceof SelectStatement.NestedQuery nested && nested.query().body() instanceof SelectStatement.SelectCore) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "with a SEARCH or CYCLE clause, the recursive reference to WITH query \"" + cte.name().text()
                  + "\" must be at the top level of its right-hand SELECT")
          .at(cte.position());
    }
    if (!(union.right() instanceof SelectStatement.SelectCore right)) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "with a SEARCH or CYCLE clause, the right side of the UNION must be a SELECT")
          .at(cte.position());
    }
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < left.targets().size(); i++) {
      SelectStatement.TargetItem item = left.targets().get(i);
      if (item.expression() instanceof Expression.StarSelection || item.expression() instanceof Expression.ColumnReference c && c.star()) {
        if (cte.columns().isEmpty()) {
          throw SqlException.notSupported("SEARCH or CYCLE over a query that starts with *").at(item.position());
        }
        columns.clear();
        break;
      }
      columns.add(
          i < cte.columns().size() ? cte.columns().get(i).text() : item.label() != null ? item.label() : ColumnNames.of(item.expression()));
    }
    if (columns.isEmpty()) {
      cte.columns().forEach(name -> columns.add(name.text()));
    }
    return new SearchCycle(cte, columns).apply(select, union, left, right);
  }

  private SelectStatement apply(
      SelectStatement select, SelectStatement.SetOperation union, SelectStatement.SelectCore left, SelectStatement.SelectCore right) {
    check();
    // The non-recursive side is wrapped too, so that its columns have names whatever they are computed by.
    List<SelectStatement.TargetItem> start = new ArrayList<>(columns.size() + 3);
    List<Expression> leftValues = new ArrayList<>(columns.size());
    for (String column : columns) {
      start.add(item(column(WRAPPED_LEFT, column), column));
      leftValues.add(column(WRAPPED_LEFT, column));
    }
    String self = selfAlias(right.from());
    if (self == null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "with a SEARCH or CYCLE clause, the recursive reference to WITH query \"" + cte.name().text()
                  + "\" must be at the top level of its right-hand SELECT")
          .at(position);
    }
    List<SelectStatement.TargetItem> inner = withoutExtraColumns(right, self);
    List<SelectStatement.TargetItem> outer = new ArrayList<>();
    for (String column : columns) {
      outer.add(item(wrapped(column), column));
    }
    Expression where = null;
    if (cte.search() != null) {
      WithClause.SearchClause search = cte.search();
      String name = search.sequenceColumn();
      inner.add(item(column(self, name), name));
      if (search.breadthFirst()) {
        start.add(item(row(first(new Expression.IntegerLiteral(0, position), values(search.by(), leftValues))), name));
        Expression depth = new Expression.FieldSelection(wrapped(name), "f1", position);
        Expression next = operator("+", depth, new Expression.IntegerLiteral(1, position));
        outer.add(item(row(first(next, wrappedValues(search.by()))), name));
      } else {
        start.add(item(array(row(values(search.by(), leftValues))), name));
        outer.add(item(operator("||", wrapped(name), row(wrappedValues(search.by()))), name));
      }
    }
    if (cte.cycle() != null) {
      WithClause.CycleClause cycle = cte.cycle();
      Expression mark = cycle.markValue() == null ? new Expression.BooleanLiteral(true, position) : cycle.markValue();
      Expression open = cycle.markDefault() == null ? new Expression.BooleanLiteral(false, position) : cycle.markDefault();
      inner.add(item(column(self, cycle.markColumn()), cycle.markColumn()));
      inner.add(item(column(self, cycle.pathColumn()), cycle.pathColumn()));
      start.add(item(open, cycle.markColumn()));
      start.add(item(array(row(values(cycle.columns(), leftValues))), cycle.pathColumn()));
      Expression now = row(wrappedValues(cycle.columns()));
      Expression found =
          new Expression.QuantifiedArray(QualifiedName.system("=", position), false, now, wrapped(cycle.pathColumn()), position);
      outer.add(
          item(new Expression.Case(null, List.of(new Expression.When(found, mark, position)), open, position), cycle.markColumn()));
      outer.add(item(operator("||", wrapped(cycle.pathColumn()), now), cycle.pathColumn()));
      where = operator("<>", wrapped(cycle.markColumn()), mark);
    }
    FromItem leftSource =
        new FromItem.Subquery(
            false, new SelectStatement(null, left, List.of(), null, List.of(), position), new FromItem.Alias(WRAPPED_LEFT, columns, position), position);
    SelectStatement.SelectCore newLeft =
        new SelectStatement.SelectCore(null, start, null, List.of(leftSource), null, List.of(), false, null, List.of(), position);
    SelectStatement.SelectCore newRight = withTargets(right, inner);
    List<String> names = new ArrayList<>(columns);
    names.addAll(extraColumns(cte));
    FromItem source =
        new FromItem.Subquery(
            false, new SelectStatement(null, newRight, List.of(), null, List.of(), position), new FromItem.Alias(WRAPPED, names, position), position);
    SelectStatement.SelectCore wrapper =
        new SelectStatement.SelectCore(null, outer, null, List.of(source), where, List.of(), false, null, List.of(), position);
    SelectStatement.SetOperation body =
        new SelectStatement.SetOperation(union.operator(), union.all(), newLeft, wrapper, union.position());
    return new SelectStatement(select.with(), body, select.orderBy(), select.limit(), select.locking(), select.position());
  }

  /// The right side's targets, in which `*` for the recursive table means its own columns only.
  private List<SelectStatement.TargetItem> withoutExtraColumns(SelectStatement.SelectCore right, String self) {
    List<SelectStatement.TargetItem> targets = new ArrayList<>();
    for (SelectStatement.TargetItem item : right.targets()) {
      boolean all = item.expression() instanceof Expression.ColumnReference c && c.star()
          && (c.parts().isEmpty() ? right.from().size() == 1 && right.from().getFirst() instanceof FromItem.Table
              : c.parts().size() == 1 && c.parts().getFirst().equals(self));
      if (all) {
        columns.forEach(name -> targets.add(item(column(self, name), name)));
      } else {
        targets.add(item);
      }
    }
    return targets;
  }

  private void check() {
    if (cte.search() != null) {
      checkColumns(cte.search().by(), "search");
      checkNew(cte.search().sequenceColumn(), "search sequence");
    }
    if (cte.cycle() != null) {
      WithClause.CycleClause cycle = cte.cycle();
      checkColumns(cycle.columns(), "cycle");
      checkNew(cycle.markColumn(), "cycle mark");
      checkNew(cycle.pathColumn(), "cycle path");
      if (cycle.markColumn().equals(cycle.pathColumn())) {
        throw syntax("cycle mark column name and cycle path column name are the same");
      }
      if (cte.search() != null && cte.search().sequenceColumn().equals(cycle.markColumn())) {
        throw syntax("search sequence column name and cycle mark column name are the same");
      }
      if (cte.search() != null && cte.search().sequenceColumn().equals(cycle.pathColumn())) {
        throw syntax("search sequence column name and cycle path column name are the same");
      }
    }
  }

  private void checkColumns(List<Name> names, String what) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).text();
      if (!columns.contains(name)) {
        throw new SqlException(SqlState.SYNTAX_ERROR, what + " column \"" + name + "\" not in WITH query column list").at(names.get(i).position());
      }
      for (int j = 0; j < i; j++) {
        if (names.get(j).text().equals(name)) {
          throw new SqlException(SqlState.DUPLICATE_COLUMN, what + " column \"" + name + "\" specified more than once")
              .at(names.get(i).position());
        }
      }
    }
  }

  private void checkNew(String name, String what) {
    if (columns.contains(name)) {
      throw syntax(what + " column name \"" + name + "\" already used in WITH query column list");
    }
  }

  private SqlException syntax(String message) {
    return new SqlException(SqlState.SYNTAX_ERROR, message).at(position);
  }

  /// The name under which the right side's FROM lists the recursive table itself, or null.
  private @Nullable String selfAlias(List<FromItem> items) {
    for (FromItem item : items) {
      String found =
          switch (item) {
            case FromItem.Table table when !table.name().isQualified() && table.name().name().equals(cte.name().text()) ->
                table.alias() == null ? table.name().name() : table.alias().name();
            case FromItem.Join join -> {
              String left = selfAlias(List.of(join.left()));
              yield left != null ? left : selfAlias(List.of(join.right()));
            }
            default -> null;
          };
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  // ------------------------------------------------------------------------------------------ pieces of syntax

  private static SelectStatement.SelectCore withTargets(SelectStatement.SelectCore core, List<SelectStatement.TargetItem> targets) {
    return new SelectStatement.SelectCore(
        core.distinct(), targets, core.into(), core.from(), core.where(), core.groupBy(), core.groupByDistinct(), core.having(), core.windows(),
        core.position());
  }

  private SelectStatement.TargetItem item(Expression expression, String name) {
    return new SelectStatement.TargetItem(expression, name, position);
  }

  private Expression column(String table, String name) {
    return new Expression.ColumnReference(List.of(table, name), false, position);
  }

  private Expression wrapped(String name) {
    return column(WRAPPED, name);
  }

  private List<Expression> wrappedValues(List<Name> names) {
    List<Expression> values = new ArrayList<>(names.size());
    names.forEach(name -> values.add(wrapped(name.text())));
    return values;
  }

  private List<Expression> values(List<Name> names, List<Expression> from) {
    List<Expression> values = new ArrayList<>(names.size());
    for (Name name : names) {
      int at = columns.indexOf(name.text());
      values.add(from.get(at));
    }
    return values;
  }

  private static List<Expression> first(Expression head, List<Expression> rest) {
    List<Expression> all = new ArrayList<>(rest.size() + 1);
    all.add(head);
    all.addAll(rest);
    return all;
  }

  private Expression row(List<Expression> fields) {
    return new Expression.RowConstructor(fields, true, position);
  }

  private Expression array(Expression element) {
    return new Expression.ArrayConstructor(List.of(element), position);
  }

  private Expression operator(String symbol, Expression left, Expression right) {
    return new Expression.OperatorCall(QualifiedName.of(symbol, position), left, right, position);
  }
}
