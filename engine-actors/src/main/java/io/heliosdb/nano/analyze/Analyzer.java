package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
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
    return analyze(RuleRewriter.Step.of(statement), context, List.of());
  }

  /// Refuses a query of COPY that rules make more than one statement of.
  public static void checkRulesForCopy(Preparable query, AnalyzerContext context) {
    RuleRewriter.single(RuleRewriter.Step.of(query), context, "COPY");
  }

  private static AnalyzedStatement analyze(RuleRewriter.Step step, AnalyzerContext context, List<Long> chain) {
    RuleRewriter.Rewritten rewritten = RuleRewriter.rewrite(step, context, chain);
    if (rewritten != null) {
      return withRules(rewritten, step, context);
    }
    Analysis analysis = new Analysis(context);
    analysis.roles = step.roles();
    Scope scope = Scope.root(analysis);
    Query query =
        switch (step.statement()) {
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
        query.hasModifyingCte, !query.rowMarks.isEmpty(), AnalyzedStatement.Rules.NONE);
  }

  private static AnalyzedStatement withRules(RuleRewriter.Rewritten rewritten, RuleRewriter.Step origin, AnalyzerContext given) {
    AnalyzerContext context = given;
    Set<AnalyzedStatement.Dependency> dependencies = new HashSet<>();
    dependencies.add(new AnalyzedStatement.Dependency(rewritten.relation().oid(), rewritten.relation().version()));
    List<AnalyzedStatement> all = new ArrayList<>();
    boolean cacheable = true;
    List<RuleRewriter.Step> steps = new ArrayList<>(rewritten.before());
    steps.add(rewritten.main() != null ? rewritten.main() : RuleRewriter.Step.of(RuleActions.select(List.of(), List.of(), new Expression.BooleanLiteral(false, 0))));
    steps.addAll(rewritten.after());
    for (RuleRewriter.Step step : steps) {
      AnalyzedStatement analyzed = analyze(step, context, rewritten.chain());
      all.add(analyzed);
      dependencies.addAll(analyzed.dependencies());
      cacheable &= analyzed.cacheable();
      if (analyzed.parameterTypes().size() >= context.parameterTypes().size()) {
        context = context.withParameterTypes(List.copyOf(analyzed.parameterTypes()));
      }
    }
    int at = rewritten.before().size();
    AnalyzedStatement main = all.get(at);
    List<AnalyzedStatement> before = new ArrayList<>(all.subList(0, at));
    List<AnalyzedStatement> after = new ArrayList<>(all.subList(at + 1, all.size()));
    before.addAll(main.rules().before());
    after.addAll(0, main.rules().after());
    List<PermissionCheck> permissions = new ArrayList<>(main.permissions());
    AnalyzedStatement.Kind kind = main.kind();
    if (rewritten.replaced()) {
      char event = rewritten.event();
      BitSet none = new BitSet();
      permissions.add(
          new PermissionCheck(
              rewritten.relation().oid(), event == 'i' ? "a" : event == 'u' ? "w" : "d", none, event == 'i' ? rewritten.columns() : none,
              event == 'u' ? rewritten.columns() : none, origin.roles().getOrDefault(origin.statement(), 0)));
      kind = event == 'i' ? AnalyzedStatement.Kind.INSERT : event == 'u' ? AnalyzedStatement.Kind.UPDATE : AnalyzedStatement.Kind.DELETE;
    }
    return new AnalyzedStatement(
        main.plan(), kind, parameters(context, main), permissions, dependencies, cacheable, main.fixedLiterals(), null, main.hasDataModifyingCte(),
        main.locksRows(), new AnalyzedStatement.Rules(before, after, rewritten.countsRows() || main.rules().countsRows()));
  }

  private static List<PgType> parameters(AnalyzerContext context, AnalyzedStatement main) {
    return context.parameterTypes().size() > main.parameterTypes().size()
        ? context.parameterTypes().stream().map(type -> type == null ? PgTypes.TEXT : type).toList() : main.parameterTypes();
  }

  /// Finds the procedure that CALL means and binds its arguments, which may not have sub-queries.
  public static BoundCall analyzeCall(io.heliosdb.nano.parse.ast.Expression.FunctionCall call, AnalyzerContext context) {
    return ProcedureCalls.bind(call, new Analysis(context));
  }
}
