package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import java.util.Set;

/// Gives a parsed statement its meaning: binds names, types and collations by PostgreSQL 15's rules and emits a logical plan.
///
/// Stateless and thread-safe. Errors carry PostgreSQL's SQLSTATE, message and position.
/// Source: PostgreSQL 15 manual, "Type Conversion", "Queries" and the reference pages of the statements.
public final class Analyzer {
  private Analyzer() {}

  /// Analyzes SELECT, VALUES, INSERT, UPDATE, DELETE or MERGE.
  ///
  /// @throws SqlException with position if the statement has no meaning
  public static AnalyzedStatement analyze(Preparable statement, AnalyzerContext context) {
    Analysis analysis = new Analysis(context);
    Scope scope = Scope.root(analysis);
    Query query =
        switch (statement) {
          case SelectStatement select -> new SelectAnalyzer(scope).analyze(select);
          case DmlStatement dml -> new DmlAnalyzer(scope).analyze(dml);
        };
    List<PgType> parameters = analysis.parameters.resolved();
    LogicalPlan plan = new PlanBuilder(analysis).build(query, null);
    AnalyzedStatement.Kind kind =
        switch (query.command) {
          case SELECT -> AnalyzedStatement.Kind.SELECT;
          case INSERT -> AnalyzedStatement.Kind.INSERT;
          case UPDATE -> AnalyzedStatement.Kind.UPDATE;
          case DELETE -> AnalyzedStatement.Kind.DELETE;
          case MERGE -> AnalyzedStatement.Kind.MERGE;
        };
    return new AnalyzedStatement(
        plan, kind, parameters, analysis.permissions(), Set.copyOf(analysis.dependencies), analysis.cacheable, analysis.fixedLiterals, query.into,
        query.hasModifyingCte, !query.rowMarks.isEmpty());
  }

  /// Finds the procedure that CALL means and binds its arguments, which may not have sub-queries.
  public static BoundCall analyzeCall(io.heliosdb.nano.parse.ast.Expression.FunctionCall call, AnalyzerContext context) {
    return ProcedureCalls.bind(call, new Analysis(context));
  }
}
