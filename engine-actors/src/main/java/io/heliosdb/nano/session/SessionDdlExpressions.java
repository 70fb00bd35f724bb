package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzedStatement;
import io.heliosdb.nano.analyze.Analyzer;
import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.analyze.Definitions;
import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.analyze.PermissionCheck;
import io.heliosdb.nano.analyze.Restatement;
import io.heliosdb.nano.analyze.RuleDefinitions;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.ddl.DdlExpressions;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Binds what DDL keeps as text through the analyzer, in the session's present catalog and search path.
record SessionDdlExpressions(SessionCore session, int firstNamespace, List<@Nullable PgType> parameterTypes) implements DdlExpressions {
  private static final Pattern MOMENT = Pattern.compile("(?i)\\bas\\s+of\\b");

  SessionDdlExpressions(SessionCore session) {
    this(session, 0, List.of());
  }

  private AnalyzerContext context() {
    AnalyzerContext context = session.queries().analyzerContext(parameterTypes);
    if (firstNamespace == 0) {
      return context;
    }
    List<Integer> path = new ArrayList<>(context.searchPath());
    path.remove((Integer) firstNamespace);
    path.add(0, firstNamespace);
    return context.withSearchPath(path);
  }

  @Override
  public DdlExpressions inSchema(int namespaceOid) {
    return new SessionDdlExpressions(session, namespaceOid, parameterTypes);
  }

  @Override
  public Bound bind(Expression expression, @Nullable Relation table, Use use, @Nullable PgType target, int typmod) {
    return bound(ExpressionBinder.bind(expression, table, ExpressionBinder.Use.valueOf(use.name()), target, typmod, context()));
  }

  @Override
  public Bound bindDomainCheck(Expression expression, PgType base, int typmod) {
    return bound(ExpressionBinder.bind(expression, null, ExpressionBinder.Use.DOMAIN_CHECK, base, typmod, context()));
  }

  private static Bound bound(ExpressionBinder.BoundExpression bound) {
    Set<Catalog.ObjectAddress> dependencies = new HashSet<>();
    bound.functions().forEach(oid -> dependencies.add(Catalog.ObjectAddress.of(ClassOids.PROC, oid)));
    dependencies.addAll(bound.constants());
    return new Bound(
        bound.text(), bound.expression().type(), bound.expression().typmod(), bound.collation(), bound.columns(), bound.volatility(), dependencies);
  }

  @Override
  public BoundQuery bindQuery(Statement query, String text) {
    AnalyzerContext context = context();
    if (MOMENT.matcher(text).find() && query instanceof Preparable preparable) {
      // The columns are those of the schema that is read.
      context = context.withHistory(new SessionHistory(session, session.queries().moments(preparable)));
    }
    if (query instanceof SelectStatement select && context().parameterTypes().isEmpty()) {
      // No plan is made: the definition may name what cannot be read yet, such as an unpopulated materialized view.
      Definitions.ViewQuery view = Definitions.bindView(select, context);
      BoundQuery bound = bound(view.columns(), view.dependencies(), view.permissions(), view.text(), view.notUpdatable());
      bound.dependencies().addAll(view.constants());
      view.functions().forEach(oid -> bound.dependencies().add(Catalog.ObjectAddress.of(ClassOids.PROC, oid)));
      return bound;
    }
    AnalyzedStatement analyzed = Analyzer.analyze((Preparable) query, context);
    return bound(analyzed.columns(), analyzed.dependencies(), analyzed.permissions(), text, null);
  }

  private BoundQuery bound(
      List<io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn> output, Set<AnalyzedStatement.Dependency> relations,
      List<PermissionCheck> permissions, String text, @org.jspecify.annotations.Nullable String notUpdatable) {
    List<QueryColumn> columns = new ArrayList<>();
    output.forEach(column -> columns.add(new QueryColumn(column.name(), column.type(), column.typmod(), column.collation())));
    Set<Catalog.ObjectAddress> dependencies = new HashSet<>();
    for (AnalyzedStatement.Dependency dependency : relations) {
      Relation relation = session.catalog().relation(dependency.relation());
      if (relation != null && !(relation instanceof Relation.SystemRelation)) {
        dependencies.add(Catalog.ObjectAddress.of(ClassOids.CLASS, dependency.relation()));
      }
    }
    addColumns(permissions, dependencies);
    return new BoundQuery(columns, text, dependencies, notUpdatable);
  }

  /// The columns that the query reads, by the privileges it needs on them.
  private void addColumns(List<PermissionCheck> permissions, Set<Catalog.ObjectAddress> dependencies) {
    for (PermissionCheck check : permissions) {
      Relation relation = session.catalog().relation(check.relation());
      if (relation == null || relation instanceof Relation.SystemRelation) {
        continue;
      }
      for (java.util.BitSet columns : List.of(check.selected(), check.inserted(), check.updated())) {
        columns.stream().filter(attnum -> attnum > 0 && attnum <= relation.columns().size())
            .forEach(attnum -> dependencies.add(new Catalog.ObjectAddress(ClassOids.CLASS, relation.oid(), attnum)));
      }
    }
  }

  @Override
  public Supplier<String> restateQuery(String text) {
    Restatement bound = Restatement.ofQuery(text, context());
    return () -> bound.text(session.catalog());
  }

  @Override
  public Supplier<String> restate(String text, @Nullable Relation table, Use use) {
    Restatement bound = Restatement.ofExpression(text, table, ExpressionBinder.Use.valueOf(use.name()), context());
    return () -> bound.text(session.catalog());
  }

  @Override
  public Supplier<String> restateRule(String text, Relation relation, char event, boolean action) {
    Restatement bound =
        action ? Restatement.ofRuleAction(text, relation, event, context()) : Restatement.ofRuleCondition(text, relation, event, context());
    return () -> bound.text(session.catalog());
  }

  @Override
  public BoundRule bindRule(io.heliosdb.nano.parse.ast.RoutineDdl.CreateRule statement, Relation relation, char event) {
    RuleDefinitions.BoundRule bound = RuleDefinitions.bind(
        relation, event, statement.instead(), statement.where() == null ? null : statement.where().expression(), statement.actions(),
        statement.actionTexts(), context());
    BoundQuery parts = bound(List.of(), bound.dependencies(), bound.permissions(), "", null);
    parts.dependencies().addAll(bound.objects());
    parts.dependencies().removeIf(address -> address.classOid() == ClassOids.CLASS && address.objectOid() == relation.oid());
    return new BoundRule(bound.where(), bound.actions(), parts.dependencies());
  }

  @Override
  public void checkSqlFunction(FunctionDef function) {
    SqlFunctionBodies.check(session, function);
  }

  @Override
  public void checkPlPgSqlFunction(FunctionDef function) {
    session.engine().routines().check(session, function);
  }

  @Override
  public String renameColumn(String text, Relation table, String from, String to) {
    return ColumnRenaming.rename(text, table, from, to);
  }
}
