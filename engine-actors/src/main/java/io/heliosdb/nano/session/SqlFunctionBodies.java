package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzedStatement;
import io.heliosdb.nano.analyze.Analyzer;
import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.SessionServices.NestedResult;
import io.heliosdb.nano.parse.ParseSettings;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.RoutineDdl;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TransactionStatement;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.plan.Exprs;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs the text of SQL functions: arguments are `$n` and, where a column does not take the name, their names.
///
/// Parsed bodies and plans are kept per session, at most [#BODIES_MAX], until the catalog or the settings that plans depend on change.
/// A body that is one expression is evaluated without a plan. Confined to the session's thread.
final class SqlFunctionBodies {
  /// Bodies kept by a session.
  static final int BODIES_MAX = 500;

  /// One statement of a body. The plan is made when it first runs, because earlier statements may make what it refers to.
  private static final class Step {
    final ParsedStatement parsed;
    @Nullable Object stamp;
    @Nullable CachedPlan plan;
    @Nullable Evaluator evaluator;

    Step(ParsedStatement parsed) {
      this.parsed = parsed;
    }
  }

  private record Key(int function, List<Integer> types) {}

  private record Body(FunctionDef function, String source, List<Step> steps) {}

  private final SessionCore session;
  private final Map<Key, Body> bodies =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Body> eldest) {
          return size() > BODIES_MAX;
        }
      };

  SqlFunctionBodies(SessionCore session) {
    this.session = session;
  }

  /// The result of a body's last statement.
  ///
  /// @param columns empty when it returns no rows
  record Result(List<OutputColumn> columns, List<@Nullable Object[]> rows) {}

  Result run(FunctionDef function, String source, @Nullable Object[] arguments, List<PgType> types) {
    Body body = body(function, source, types);
    Result result = new Result(List.of(), List.of());
    int number = 0;
    for (Step step : body.steps()) {
      number++;
      try {
        result = run(step, function, arguments, types);
      } catch (SqlException e) {
        SqlException inner = e.position() > 0 && e.context() == null ? e.insideQuery(source, 0) : e;
        String line = "SQL function \"" + function.name() + "\" statement " + number;
        throw inner.withContext(inner.context() == null ? line : inner.context() + "\n" + line);
      }
    }
    return result;
  }

  private Body body(FunctionDef function, String source, List<PgType> types) {
    Key key = new Key(function.oid(), types.stream().map(PgType::oid).toList());
    Body known = bodies.get(key);
    if (known != null && (known.function() == function || known.function().equals(function))) {
      return known;
    }
    List<Step> steps = new ArrayList<>();
    for (ParsedStatement statement : parse(session, source)) {
      steps.add(new Step(statement));
    }
    Body body = new Body(function, source, steps);
    bodies.put(key, body);
    return body;
  }

  /// The statements of a body: a text of SQL, `RETURN expression` or `BEGIN ATOMIC … END`.
  private static List<ParsedStatement> parse(SessionCore session, String source) {
    String start = source.stripLeading().toLowerCase(Locale.ROOT);
    if (start.startsWith("return") || start.matches("(?s)begin\\s+atomic\\b.*")) {
      ParsedStatement wrapped = Parser.parseSingle("CREATE FUNCTION f() RETURNS void " + source, ParseSettings.DEFAULT);
      RoutineDdl.RoutineBody body = ((RoutineDdl.CreateFunction) wrapped.statement()).body();
      if (body != null && body.returned() != null) {
        return Parser.parse("SELECT " + source.stripLeading().substring("return".length()), session.parseSettings());
      }
      List<ParsedStatement> statements = new ArrayList<>();
      if (body != null) {
        for (Statement statement : body.statements()) {
          statements.add(new ParsedStatement(statement, source, 0, source.length(), 0));
        }
      }
      return statements;
    }
    return Parser.parse(source, session.parseSettings());
  }

  private Result run(Step step, FunctionDef function, @Nullable Object[] arguments, List<PgType> types) {
    if (!(step.parsed.statement() instanceof Preparable query)) {
      return utility(step, function, arguments, types);
    }
    plan(step, query, function, arguments, types);
    CachedPlan plan = java.util.Objects.requireNonNull(step.plan);
    if (step.evaluator != null) {
      session.cancelToken().check();
      Object value = step.evaluator.evaluate(session.plpgsql().expressionContext(arguments));
      return new Result(plan.columns(), List.<@Nullable Object[]>of(new Object[] {value}));
    }
    NestedResult rows =
        NestedStatements.run(
            session, plan, arguments,
            QueryExecutor.PlanSource.sameShape(plan, () -> session.queries().plan(Analyzer.analyze(query, context(session, function, types)))));
    return plan.returnsRows() ? new Result(plan.columns(), rows.rows()) : new Result(List.of(), List.of());
  }

  private void plan(Step step, Preparable query, FunctionDef function, @Nullable Object[] arguments, List<PgType> types) {
    Object now = session.plpgsql().planStamp();
    if (step.plan != null && step.stamp == now) {
      return;
    }
    AnalyzedStatement analyzed =
        Analyzer.analyze(query, context(session, function, types).withHistory(new SessionHistory(session, Map.of(), arguments)));
    step.evaluator = null;
    if (analyzed.plan() instanceof LogicalPlan.Project project && project.expressions().size() == 1
        && project.input() instanceof LogicalPlan.Values values && values.rows().size() == 1 && values.rows().getFirst().isEmpty()) {
      Expr expression = project.expressions().getFirst();
      if (!Exprs.hasSubquery(expression) && analyzed.permissions().isEmpty()) {
        step.evaluator = Evaluator.compile(expression);
      }
    }
    step.plan = session.queries().plan(analyzed);
    step.plan.bindAgain = found -> session.queries().plan(
        Analyzer.analyze(query, context(session, function, types).withHistory(new SessionHistory(session, found, arguments))));
    step.stamp = now;
  }

  private Result utility(Step step, FunctionDef function, @Nullable Object[] arguments, List<PgType> types) {
    switch (step.parsed.statement()) {
      case UtilityStatement.Call call -> {
        session.withSink(
            new NoticesOnly(session.sink()),
            () -> session.engine().routines().call(session, call.call(), context(session, function, types), arguments));
        return new Result(List.of(), List.of());
      }
      case TransactionStatement.LockTable lock -> {}
      case TransactionStatement.SetConstraints set -> {}
      case TransactionStatement transaction ->
          throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              transaction.getClass().getSimpleName().toUpperCase(Locale.ROOT) + " is not allowed in an SQL function");
      default -> {}
    }
    List<@Nullable PgType> nullable = new ArrayList<>(types);
    NestedResult rows = NestedStatements.run(session, step.parsed, arguments, nullable);
    List<OutputColumn> columns = new ArrayList<>();
    for (int i = 0; i < rows.columns().size(); i++) {
      columns.add(Results.columnOf(rows.columns().get(i), session.catalog().byOid(rows.typeOids().get(i))));
    }
    return new Result(columns, rows.rows());
  }

  /// Passes notices on and nothing else.
  private record NoticesOnly(ResultSink outer) implements ResultSink {
    @Override
    public void rowDescription(List<OutputColumn> columns) {}

    @Override
    public void rows(io.heliosdb.nano.execute.Batch batch, List<OutputColumn> columns) {}

    @Override
    public void commandComplete(String tag) {}

    @Override
    public void notice(Notice notice) {
      outer.notice(notice);
    }
  }

  private static AnalyzerContext context(SessionCore session, FunctionDef function, List<PgType> types) {
    return session.queries().analyzerContext(new ArrayList<>(types)).withVariables(new ArgumentNames(function, types));
  }

  /// Checks a body as CREATE FUNCTION does: it parses and its queries bind.
  static void check(SessionCore session, FunctionDef function) {
    if (!(function.body() instanceof FunctionDef.SqlBody body) || !session.settings().isOn("check_function_bodies")) {
      return;
    }
    List<PgType> types = new ArrayList<>();
    for (int oid : function.argumentTypes()) {
      PgType type = session.catalog().byOid(oid);
      if (type.isPseudo()) {
        return;
      }
      types.add(type);
    }
    for (ParsedStatement statement : parse(session, body.source())) {
      if (statement.statement() instanceof Preparable query) {
        Analyzer.analyze(query, context(session, function, types));
      }
    }
  }

  /// Argument names as variables; a column of the same name wins, as PostgreSQL's SQL functions have it.
  private record ArgumentNames(FunctionDef function, List<PgType> types) implements AnalyzerContext.Variables {
    @Override
    public Conflict conflict() {
      return Conflict.COLUMN;
    }

    @Override
    public @Nullable Variable resolve(List<String> parts) {
      int first = parts.size() > 1 && parts.getFirst().equals(function.name()) ? 1 : 0;
      List<String> names = function.argumentNames();
      if (names == null) {
        return null;
      }
      int input = 0;
      for (int i = 0; i < names.size(); i++) {
        char mode = function.argumentModes() == null ? 'i' : function.argumentModes().charAt(i);
        if (mode == 'o' || mode == 't') {
          continue;
        }
        if (parts.get(first).equals(names.get(i)) && input < types.size()) {
          PgType type = types.get(input);
          return new Variable(input + 1, type, -1, type.collationOid(), first + 1);
        }
        input++;
      }
      return null;
    }
  }
}
