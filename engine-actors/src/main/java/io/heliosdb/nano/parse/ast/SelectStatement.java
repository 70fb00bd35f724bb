package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A query: SELECT, VALUES, TABLE or a set operation, with the clauses that apply to its whole result.
///
/// `TABLE t` arrives as `SELECT * FROM t`. `into` is the target of SELECT INTO, allowed at the top only (the analyzer refuses it
/// elsewhere). `position` is that of the first token of the body.
public record SelectStatement(
    @Nullable WithClause with,
    QueryBody body,
    List<SortItem> orderBy,
    @Nullable LimitClause limit,
    List<LockingClause> locking,
    int position)
    implements Preparable {

  /// What produces the rows.
  public sealed interface QueryBody {
    int position();
  }

  /// `SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW …`.
  ///
  /// `distinct` null means ALL; an empty `on` in it is plain DISTINCT.
  public record SelectCore(
      @Nullable Distinct distinct,
      List<TargetItem> targets,
      @Nullable IntoClause into,
      List<FromItem> from,
      @Nullable Expression where,
      List<GroupingElement> groupBy,
      boolean groupByDistinct,
      @Nullable Expression having,
      List<WindowDefinition> windows,
      int position)
      implements QueryBody {}

  /// `VALUES (…), (…)`; values may be [Expression.DefaultValue], which only INSERT accepts.
  public record ValuesRows(List<List<Expression>> rows, int position) implements QueryBody {}

  /// `left UNION|INTERSECT|EXCEPT [ALL] right`; position is that of the operator's left operand.
  public record SetOperation(SetOperator operator, boolean all, QueryBody left, QueryBody right, int position) implements QueryBody {}

  /// A parenthesised query used as an operand of a set operation, with clauses of its own.
  public record NestedQuery(SelectStatement query, int position) implements QueryBody {}

  public enum SetOperator { UNION, INTERSECT, EXCEPT }

  /// DISTINCT (empty list) or DISTINCT ON (…).
  public record Distinct(List<Expression> on) {}

  /// One output column of SELECT or RETURNING; label null if none was written.
  public record TargetItem(Expression expression, @Nullable String label, int position) {}

  /// INTO of SELECT INTO.
  public record IntoClause(QualifiedName table, Persistence persistence, int position) {}
}
