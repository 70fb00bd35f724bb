package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Canonical SQL text of views and expressions: what the catalog stores, and what `pg_get_viewdef` and `pg_get_expr` show.
///
/// Stateless and thread-safe. Text written with a search path of `pg_catalog` alone names everything else by schema, so it means the same
/// whoever reads it.
public final class Definitions {
  private Definitions() {}

  /// A query that becomes the definition of a view (or materialized view).
  ///
  /// @param text canonical, search-path independent, without semicolon
  /// @param constants what its constants refer to: types of their own, relations by `regclass`
  /// @param notUpdatable why the view is not automatically updatable (PostgreSQL's words), null if it is
  public record ViewQuery(
      String text, List<OutputColumn> columns, Set<AnalyzedStatement.Dependency> dependencies, Set<Integer> functions, List<PermissionCheck> permissions,
      @Nullable String notUpdatable, Set<io.heliosdb.nano.catalog.Catalog.ObjectAddress> constants) {}

  /// Binds the query of CREATE VIEW.
  ///
  /// @throws io.heliosdb.nano.error.SqlException as the analysis of the SELECT does
  public static ViewQuery bindView(SelectStatement statement, AnalyzerContext context) {
    Analysis analysis = new Analysis(context);
    Query query = new SelectAnalyzer(Scope.root(analysis)).analyze(statement);
    analysis.parameters.resolved();
    List<OutputColumn> columns = new java.util.ArrayList<>();
    for (Query.Target target : query.visibleTargets()) {
      columns.add(new OutputColumn(target.name, target.expr.type(), target.expr.typmod, target.expr.collation, target.originTable, target.originColumn));
    }
    Set<Integer> functions = new java.util.HashSet<>();
    Set<io.heliosdb.nano.catalog.Catalog.ObjectAddress> constants = new java.util.HashSet<>();
    QueryRewriter.visit(
        query,
        node -> {
          switch (node) {
            case Node.Func f -> functions.add(f.function.oid());
            case Node.Op o -> functions.add(o.function.oid());
            case Node.Aggregate a -> functions.add(a.function.oid());
            case Node.Window w -> functions.add(w.function.oid());
            case Node.Const c -> ExpressionBinder.constant(c, constants);
            default -> {}
          }
        });
    for (int key : analysis.keysUsed) {
      constants.add(io.heliosdb.nano.catalog.Catalog.ObjectAddress.of(io.heliosdb.nano.catalog.ClassOids.CONSTRAINT, key));
    }
    functions.removeIf(oid -> oid < 16_384);
    String reason = ModifyTarget.notUpdatable(query);
    analysis.context = withPath(context, List.of(io.heliosdb.nano.catalog.Catalog.PG_CATALOG));
    String text = new Deparser(analysis, false).query(query);
    Set<AnalyzedStatement.Dependency> dependencies = new java.util.HashSet<>(analysis.dependencies);
    dependencies.removeIf(dependency -> !analysis.named.contains(dependency.relation()));
    List<PermissionCheck> permissions = analysis.permissions().stream().filter(check -> analysis.named.contains(check.relation())).toList();
    return new ViewQuery(text, columns, dependencies, Set.copyOf(functions), permissions, reason, Set.copyOf(constants));
  }

  /// `pg_get_viewdef`: the definition with names as the context's search path allows, with its semicolon.
  public static String view(Relation.View view, AnalyzerContext context, boolean pretty) {
    return view(view.definition(), view.columns(), context, pretty);
  }

  /// The definition of a view or materialized view from its stored text.
  public static String view(String definition, List<Relation.Column> columns, AnalyzerContext context, boolean pretty) {
    Analysis analysis = new Analysis(context);
    SelectStatement statement = (SelectStatement) Parser.parse(definition.strip()).getFirst().statement();
    Query query = new SelectAnalyzer(Scope.root(analysis)).analyze(statement);
    List<Query.Target> targets = query.visibleTargets();
    for (int i = 0; i < targets.size() && i < columns.size(); i++) {
      targets.get(i).name = columns.get(i).name();
    }
    return new Deparser(analysis, pretty).query(query) + ";";
  }

  /// `pg_get_expr` of a stored expression over a table (null for none).
  public static String expression(String text, @Nullable Relation table, ExpressionBinder.Use use, AnalyzerContext context, boolean pretty) {
    return ExpressionBinder.deparse(Parser.parseExpression(text), table, use, io.heliosdb.nano.type.PgTypes.TEXT, -1, context, pretty);
  }

  /// `pg_get_expr` of a domain's CHECK.
  public static String domainCheck(String text, io.heliosdb.nano.type.PgType domain, AnalyzerContext context, boolean pretty) {
    io.heliosdb.nano.type.PgType base = domain.base();
    return ExpressionBinder.deparse(
        Parser.parseExpression(text), null, ExpressionBinder.Use.DOMAIN_CHECK, base == null ? domain : base, domain.baseTypmod(), context, pretty);
  }

  static AnalyzerContext withPath(AnalyzerContext c, List<Integer> path) {
    return new AnalyzerContext(
        c.catalog(), path, 0, c.currentRole(), c.io(), c.settings(), c.parameterTypes(), c.inferParameters(), c.variables(), c.history());
  }
}
