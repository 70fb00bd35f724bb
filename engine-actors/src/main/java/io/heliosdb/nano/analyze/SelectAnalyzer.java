package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.LimitClause;
import io.heliosdb.nano.parse.ast.LockingClause;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds SELECT and VALUES.
///
/// Source: PostgreSQL 15 manual, SELECT and VALUES.
final class SelectAnalyzer {
  private final Scope scope;
  private final Analysis analysis;
  private final ExpressionAnalyzer expressions;
  private final Query query;

  SelectAnalyzer(Scope scope) {
    this.scope = scope;
    this.analysis = scope.analysis;
    this.expressions = new ExpressionAnalyzer(scope);
    this.query = scope.query;
  }

  /// Binds a query nested in `outer`.
  static Query subquery(Scope outer, SelectStatement statement, boolean resolveUnknowns, Query.@Nullable Cte cte, boolean locked) {
    Scope child = outer.child();
    child.resolveUnknowns = resolveUnknowns;
    child.ownCte = cte;
    child.lockedFromParent = locked;
    return new SelectAnalyzer(child).analyze(statement);
  }

  Query analyze(SelectStatement given) {
    analysis.enter(given.position());
    int outerRole = analysis.enterRole(given);
    SelectStatement statement = unnest(given);
    scope.locking = statement.locking();
    new Ctes(expressions).bind(statement.with());
    switch (statement.body()) {
      case SelectStatement.SelectCore core -> core(statement, core);
      case SelectStatement.ValuesRows values -> values(statement, values);
      case SelectStatement.SetOperation set -> new SetOperations(expressions).analyze(statement, set);
      case SelectStatement.NestedQuery nested -> throw new IllegalStateException("unnested above");
    }
    CollationAssigner.assignQuery(analysis, query);
    analysis.checkAs = outerRole;
    analysis.leave();
    return query;
  }

  /// A parenthesised body takes the clauses after the parentheses as its own.
  static SelectStatement unnest(SelectStatement statement) {
    SelectStatement current = statement;
    while (current.body() instanceof SelectStatement.NestedQuery nested) {
      SelectStatement inner = nested.query();
      LimitClause limit = current.limit();
      if (limit == null) {
        limit = inner.limit();
      } else if (inner.limit() != null) {
        if (limit.count() != null && inner.limit().count() != null) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "multiple LIMIT clauses not allowed").at(limit.count().startPosition());
        }
        if (limit.offset() != null && inner.limit().offset() != null) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "multiple OFFSET clauses not allowed").at(limit.offset().startPosition());
        }
        limit =
            new LimitClause(
                limit.count() != null ? limit.count() : inner.limit().count(), limit.offset() != null ? limit.offset() : inner.limit().offset(),
                limit.withTies() || inner.limit().withTies());
      }
      if (!current.orderBy().isEmpty() && !inner.orderBy().isEmpty()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "multiple ORDER BY clauses not allowed").at(current.orderBy().getFirst().position());
      }
      if (current.with() != null && inner.with() != null) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "multiple WITH clauses not allowed").at(current.with().position());
      }
      List<LockingClause> locking = new ArrayList<>(inner.locking());
      locking.addAll(current.locking());
      current =
          new SelectStatement(
              current.with() != null ? current.with() : inner.with(), inner.body(), current.orderBy().isEmpty() ? inner.orderBy() : current.orderBy(),
              limit, locking, inner.position());
    }
    return current;
  }

  private void core(SelectStatement statement, SelectStatement.SelectCore core) {
    if (core.into() != null) {
      if (!scope.isTop() || scope.ownCte != null) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "SELECT ... INTO is not allowed here").at(core.into().position());
      }
      query.into = core.into();
    }
    scope.windowDefinitions.addAll(core.windows());
    new FromAnalyzer(expressions).bind(core.from());
    query.targets = new TargetList(expressions).bind(core.targets(), ExprKind.SELECT_TARGET);
    if (core.where() != null) {
      query.where = expressions.condition(core.where(), ExprKind.WHERE, "WHERE");
    }
    if (core.having() != null) {
      query.having = expressions.condition(core.having(), ExprKind.HAVING, "HAVING");
    }
    SortClauses clauses = new SortClauses(expressions);
    query.sort = clauses.orderBy(statement.orderBy(), query.targets, ExprKind.ORDER_BY, false);
    if (!core.groupBy().isEmpty()) {
      clauses.groupBy(query, core.groupBy());
      query.groupDistinct = core.groupByDistinct();
    }
    if (core.distinct() != null) {
      if (core.distinct().on().isEmpty()) {
        clauses.distinct(query);
      } else {
        clauses.distinctOn(query, core.distinct().on());
      }
    }
    limit(statement.limit());
    if (!scope.windowDefinitions.isEmpty()) {
      query.windows = new Windows(expressions).bindDefinitions(query.targets);
    }
    if (scope.resolveUnknowns) {
      TargetList.resolveUnknowns(analysis, query.targets);
    }
    Locking.apply(analysis, scope, query, statement.locking());
    if (query.hasAggregates || !query.groupBy.isEmpty() || query.groupingSets != null || query.having != null) {
      new GroupingCheck(analysis, scope).check(query);
    }
  }

  void limit(@Nullable LimitClause limit) {
    if (limit == null) {
      return;
    }
    query.limit = limitValue(limit.count(), ExprKind.LIMIT);
    query.offset = limitValue(limit.offset(), ExprKind.OFFSET);
    query.withTies = limit.withTies();
    if (query.withTies) {
      if (query.sort.isEmpty()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "WITH TIES cannot be specified without ORDER BY clause");
      }
      for (LockingClause clause : scope.locking) {
        if (clause.waitPolicy() == LockingClause.WaitPolicy.SKIP_LOCKED) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "SKIP LOCKED and WITH TIES options cannot be used together").at(clause.position());
        }
      }
      if (query.limit != null && Nodes.isNullConst(query.limit)) {
        throw new SqlException(SqlState.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "row count cannot be null in FETCH FIRST ... WITH TIES clause");
      }
    }
  }

  private @Nullable Node limitValue(@Nullable Expression expression, ExprKind kind) {
    if (expression == null) {
      return null;
    }
    Node node = analysis.coercion.toSpecific(expressions.analyze(expression, kind), PgTypes.INT8, kind.clauseName());
    Node variable = Nodes.find(node, n -> n instanceof Node.Var var && var.entry.depth == scope.depth);
    if (variable != null) {
      throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "argument of " + kind.clauseName() + " must not contain variables")
          .at(variable.position);
    }
    return node;
  }

  // ------------------------------------------------------------------------------------------ VALUES

  private void values(SelectStatement statement, SelectStatement.ValuesRows values) {
    RangeEntry entry = valuesEntry(values, false, null);
    query.entries.add(entry);
    query.from.add(new Query.Leaf(entry));
    Scope.Item item = new Scope.Item(entry.name, entry, null);
    scope.namespace.add(item);
    List<Query.Target> targets = new ArrayList<>(entry.columnCount());
    for (int i = 0; i < entry.columnCount(); i++) {
      targets.add(TargetList.target(scope.var(scope, entry, i + 1, 0), entry.columnNames.get(i)));
    }
    query.targets = targets;
    query.sort = new SortClauses(expressions).orderBy(statement.orderBy(), query.targets, ExprKind.ORDER_BY, false);
    limit(statement.limit());
    if (!statement.locking().isEmpty()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, Locking.name(statement.locking().getFirst()) + " cannot be applied to VALUES");
    }
  }

  /// The rows of VALUES brought to common column types.
  ///
  /// @param allowDefault whether DEFAULT may stand as a value (INSERT)
  RangeEntry valuesEntry(SelectStatement.ValuesRows values, boolean allowDefault, @Nullable List<PgType> preset) {
    int columns = -1;
    List<List<Node>> rows = new ArrayList<>(values.rows().size());
    for (List<Expression> row : values.rows()) {
      List<Node> nodes = row(row, allowDefault, ExprKind.VALUES);
      if (columns < 0) {
        columns = nodes.size();
      } else if (columns != nodes.size()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "VALUES lists must all be the same length")
            .at(row.isEmpty() ? values.position() : row.getFirst().startPosition());
      }
      rows.add(nodes);
    }
    RangeEntry entry = new RangeEntry(RangeEntry.Kind.VALUES, scope.depth, "*VALUES*", Math.max(columns, 0));
    for (int i = 0; i < columns; i++) {
      List<Node> column = new ArrayList<>(rows.size());
      for (List<Node> row : rows) {
        column.add(row.get(i));
      }
      PgType type = analysis.coercion.commonType(column, "VALUES");
      for (int r = 0; r < rows.size(); r++) {
        Node converted = analysis.coercion.toCommon(column.get(r), type, "VALUES");
        rows.get(r).set(i, converted);
        column.set(r, converted);
      }
      int collation = CollationAssigner.common(analysis, column, true);
      entry.addColumn("column" + (i + 1), type, Coercion.commonTypmod(column, type), type.collatable() && collation == 0 ? 0 : collation);
    }
    entry.rows = rows;
    entry.lateralUsed = false;
    return entry;
  }

  List<Node> row(List<Expression> row, boolean allowDefault, ExprKind kind) {
    List<Node> nodes = new ArrayList<>(row.size());
    for (Expression value : row) {
      if (value instanceof Expression.DefaultValue && allowDefault) {
        nodes.add(new Node.Default(value.position()));
      } else if (value instanceof Expression.ColumnReference column && column.star()) {
        ExprKind outer = scope.kind;
        scope.kind = kind;
        nodes.addAll(new TargetList(expressions).starNodes(column));
        scope.kind = outer;
      } else if (value instanceof Expression.StarSelection star) {
        ExprKind outer = scope.kind;
        scope.kind = kind;
        nodes.addAll(expressions.references().expandFields(star));
        scope.kind = outer;
      } else {
        nodes.add(expressions.analyze(value, kind));
      }
    }
    return nodes;
  }
}
