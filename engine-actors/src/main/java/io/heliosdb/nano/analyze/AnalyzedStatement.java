package io.heliosdb.nano.analyze;

import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A statement whose names and types are resolved. Immutable, holds no session state.
///
/// @param parameterTypes types of `$1` … as given or inferred
/// @param dependencies relations (with their versions) the meaning depends on; the statement is stale when one of them changed
/// @param cacheable false when the meaning depends on something outside text, parameter types and the catalog
/// @param fixedLiterals slots of lifted literals whose value the meaning depends on: another value needs another analysis
/// @param into target of SELECT INTO, null for other statements
/// @param rules what rewrite rules added
/// @param hasDataModifyingCte whether a SELECT changes rows in its WITH clause
public record AnalyzedStatement(
    LogicalPlan plan,
    Kind kind,
    List<PgType> parameterTypes,
    List<PermissionCheck> permissions,
    Set<Dependency> dependencies,
    boolean cacheable,
    BitSet fixedLiterals,
    SelectStatement.@Nullable IntoClause into,
    boolean hasDataModifyingCte,
    boolean locksRows,
    Rules rules) {
  /// What rewrite rules made of the statement.
  ///
  /// @param before, after statements to run around this one, whose rows nobody gets
  /// @param countsRows whether the rows returned are the rows that were changed
  public record Rules(List<AnalyzedStatement> before, List<AnalyzedStatement> after, boolean countsRows) {
    public static final Rules NONE = new Rules(List.of(), List.of(), false);
  }

  public enum Kind { SELECT, INSERT, UPDATE, DELETE, MERGE }

  /// A relation and the version of its definition that was read.
  public record Dependency(int relation, long version) {}

  /// Whether the statement changes or locks rows, which a read-only transaction refuses.
  public boolean writes() {
    return kind != Kind.SELECT || hasDataModifyingCte;
  }

  public List<LogicalPlan.OutputColumn> columns() {
    return plan.output();
  }
}
