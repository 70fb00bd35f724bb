package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzedStatement;
import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.SessionServices.NestedResult;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.plpgsql.PlHost;
import io.heliosdb.nano.plpgsql.PlInterpreter;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The session as the PL/pgSQL interpreter sees it. Confined to the session's thread.
final class PlpgsqlHost implements PlHost {
  private static final Object[] NO_VALUES = {};

  /// Rows that a loop's query computes ahead.
  private static final int FETCH_ROWS = 50;

  private final SessionCore session;
  private final PlInterpreter interpreter;
  private final SqlFunctionBodies sqlBodies;

  /// Calls of SQL functions inside one another.
  int sqlDepth;
  private final Set<OpenRows> openRows = new HashSet<>();

  private Object stamp = new Object();
  private @Nullable Catalog stampCatalog;
  private @Nullable PlanEnvironment stampEnvironment;
  private long stampGeneration = -1;
  private Catalog.@Nullable Role stampRole;

  PlpgsqlHost(SessionCore session) {
    this.session = session;
    this.interpreter = new PlInterpreter(this);
    this.sqlBodies = new SqlFunctionBodies(session);
  }

  SqlFunctionBodies sqlBodies() {
    return sqlBodies;
  }

  /// What the moments of a statement mean that is being bound again.
  private Map<Object, Long> momentsFound = Map.of();

  /// Whether no function runs.
  boolean isOutermost() {
    return interpreter.isIdle() && sqlDepth == 0;
  }

  PlInterpreter interpreter() {
    return interpreter;
  }

  // ---- environment ----

  @Override
  public Catalog catalog() {
    return session.catalog();
  }

  @Override
  public SearchPath searchPath() {
    return session.searchPath();
  }

  @Override
  public IoContext io() {
    return session.io();
  }

  @Override
  public ExecutionContext expressionContext(@Nullable Object[] parameters) {
    SessionCallContext calls = session.queries().callContext();
    return new ExecutionContext(calls.access(), calls, parameters, NO_VALUES, session.cancelToken(), calls.memory(), calls.executionServices());
  }

  @Override
  public AnalyzerContext analyzerContext(List<? extends @Nullable PgType> parameterTypes, @Nullable Object @Nullable [] values) {
    AnalyzerContext context = session.queries().analyzerContext(new ArrayList<>(parameterTypes));
    return context.withHistory(new SessionHistory(session, momentsFound, values));
  }

  @Override
  public Object planStamp() {
    Catalog catalog = session.catalog();
    if (catalog != stampCatalog || stampGeneration != session.settings().generation() || stampRole != session.currentRole()) {
      PlanEnvironment environment = session.environment();
      if (catalog != stampCatalog || environment != stampEnvironment) {
        stamp = new Object();
      }
      stampCatalog = catalog;
      stampEnvironment = environment;
      stampGeneration = session.settings().generation();
      stampRole = session.currentRole();
    }
    return stamp;
  }

  /// @param environment what the plan was made in
  private record Planned(CachedPlan plan, PlanEnvironment environment, SessionCore session, QueryExecutor.PlanSource source) implements Plan {
    @Override
    public List<OutputColumn> columns() {
      return plan.columns();
    }

    @Override
    public boolean returnsRows() {
      return plan.returnsRows();
    }

    @Override
    public AnalyzedStatement.Kind kind() {
      return plan.analyzed.kind();
    }

    @Override
    public boolean isValid() {
      return environment == session.environment() && !session.queries().hasOwnCatalog() && plan.isValid(session.catalog(), session.ancestorVersion());
    }
  }

  @Override
  public Plan plan(AnalyzedStatement statement, Supplier<AnalyzedStatement> again) {
    CachedPlan plan = session.queries().plan(statement);
    plan.bindAgain = found -> {
      momentsFound = found;
      try {
        return session.queries().plan(again.get());
      } finally {
        momentsFound = Map.of();
      }
    };
    QueryExecutor.PlanSource source = QueryExecutor.PlanSource.sameShape(plan, () -> session.queries().plan(again.get()));
    return new Planned(plan, session.environment(), session, source);
  }

  @Override
  public Plan atMoments(Plan plan, @Nullable Object[] values) {
    Planned planned = (Planned) plan;
    if (!planned.plan().readsPast()) {
      return plan;
    }
    CachedPlan bound = session.queries().atMoments(planned.plan(), values, planned.source());
    if (bound == planned.plan()) {
      return plan;
    }
    bound.bindAgain = planned.plan().bindAgain;
    return new Planned(bound, planned.environment(), session, planned.source());
  }

  @Override
  public void checkPermissions(AnalyzedStatement statement) {
    session.engine().privileges().check(session, statement.permissions());
  }

  // ---- running ----

  /// Rows of a running statement; read to the end at once when the transaction ends under it.
  private final class OpenRows implements Rows {
    private final CachedPlan plan;
    private QueryExecutor.@Nullable Running running;
    private @Nullable Batch batch;
    private int nextRow;
    private @Nullable Deque<@Nullable Object[]> kept;
    private long affected;
    private final @Nullable StatementAccess outer;

    OpenRows(Planned planned, @Nullable Object[] values) {
      this.plan = planned.plan();
      outer = session.queries().callContext().access();
      running = session.queries().start(plan, values, planned.source());
      session.queries().callContext().restoreAccess(outer);
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      if (kept != null) {
        return kept.poll();
      }
      while (running != null) {
        if (batch != null && nextRow < batch.rowCount()) {
          return batch.row(batch.rowIndex(nextRow++));
        }
        batch = running.next(plan.returnsRows() ? FETCH_ROWS : Batch.ROWS_MAX);
        nextRow = 0;
        if (batch == null) {
          finish();
        } else if (!plan.returnsRows()) {
          nextRow = batch.rowCount();
        }
      }
      return null;
    }

    private void finish() {
      if (running != null) {
        affected = running.affectedRows();
        running.close();
        running = null;
        batch = null;
      }
    }

    void detach() {
      Deque<@Nullable Object[]> rest = new ArrayDeque<>();
      @Nullable Object[] row;
      while ((row = next()) != null) {
        rest.add(row);
      }
      kept = rest;
    }

    @Override
    public long affected() {
      return running == null ? affected : running.affectedRows();
    }

    @Override
    public void close() {
      openRows.remove(this);
      try {
        finish();
      } finally {
        session.queries().callContext().restoreAccess(outer);
      }
    }
  }

  @Override
  public Rows open(Plan plan, @Nullable Object[] values) {
    OpenRows rows = new OpenRows((Planned) plan, values);
    openRows.add(rows);
    return rows;
  }

  @Override
  public UtilityResult utility(ParsedStatement statement, List<PgType> parameterTypes, @Nullable Object[] values) {
    NestedResult result = NestedStatements.run(session, statement, values, new ArrayList<>(parameterTypes));
    List<OutputColumn> columns = new ArrayList<>();
    for (int i = 0; i < result.columns().size(); i++) {
      columns.add(Results.columnOf(result.columns().get(i), session.catalog().byOid(result.typeOids().get(i))));
    }
    return new UtilityResult(columns, result.rows(), result.tag(), result.affected());
  }

  @Override
  public List<ParsedStatement> parse(String text) {
    return Parser.parse(text, session.parseSettings());
  }

  // ---- transactions ----

  @Override
  public int pushLevel() {
    return session.transactions().pushInternalLevel();
  }

  @Override
  public void releaseLevel(int depth) {
    session.transactions().releaseInternalLevel(depth);
  }

  @Override
  public void rollbackLevel(int depth) {
    session.transactions().rollbackInternalLevel(depth);
  }

  @Override
  public boolean isTransactionEnded() {
    var open = session.transactions().currentOrNull();
    return open == null || open.isEnded();
  }

  @Override
  public boolean isTransactionControlAllowed() {
    return session.transactions().isControlAllowed();
  }

  @Override
  public void commit(boolean chain) {
    end(true, chain);
  }

  @Override
  public void rollback(boolean chain) {
    end(false, chain);
  }

  private void end(boolean commit, boolean chain) {
    for (OpenRows rows : List.copyOf(openRows)) {
      rows.detach();
    }
    session.transactions().endInProcedure(commit, chain);
  }

  // ---- cursors ----

  private record OpenCursor(SqlCursor cursor) implements Cursor {
    @Override
    public List<OutputColumn> columns() {
      return cursor.columns();
    }

    @Override
    public @Nullable Object @Nullable [] forward() {
      return cursor.forward();
    }

    @Override
    public @Nullable Object @Nullable [] backward() {
      cursor.requireBackward();
      return cursor.backward();
    }

    @Override
    public @Nullable Object @Nullable [] absolute(long position) {
      return cursor.absolute(position);
    }

    @Override
    public @Nullable Object @Nullable [] relative(long offset) {
      return offset == 0 ? cursor.currentRow() : cursor.absolute(Math.max(0, cursor.position() + offset));
    }
  }

  @Override
  public void openCursor(String name, String text, @Nullable Boolean scroll, Plan plan, @Nullable Object[] values) {
    if (session.cursors().exists(name)) {
      throw new SqlException(SqlState.DUPLICATE_CURSOR, "cursor \"" + name + "\" already in use");
    }
    StatementAccess outer = session.queries().callContext().access();
    Planned planned = (Planned) plan;
    QueryExecutor.Running running = session.queries().start(planned.plan(), values, planned.source());
    session.queries().callContext().restoreAccess(outer);
    running.pause();
    session.cursors().add(new SqlCursor(session, name, text, scroll, false, false, running));
  }

  @Override
  public boolean cursorExists(String name) {
    return session.cursors().exists(name);
  }

  @Override
  public Cursor cursor(String name) {
    return new OpenCursor(session.cursors().get(name));
  }

  @Override
  public void closeCursor(String name) {
    session.cursors().closeQuietly(name);
  }

  // ---- others ----

  @Override
  public void notice(String severity, SqlState state, String message, @Nullable String detail, @Nullable String hint) {
    session.notice(new Notice(severity, state, message, detail, hint, 0));
  }

  @Override
  public @Nullable String setting(String name) {
    return session.settings().get(name, true);
  }

  @Override
  public String statementText() {
    return session.activity().query();
  }

  @Override
  public void checkCancelled() {
    session.cancelToken().check();
  }

  @Override
  public @Nullable Object[] callProcedure(FunctionDef procedure, List<PgType> argumentTypes, @Nullable Object[] arguments, boolean atomic) {
    return session.engine().routines().callProcedure(session, procedure, argumentTypes, arguments, atomic);
  }

  @Override
  public String signature(FunctionDef function) {
    StringBuilder text = new StringBuilder();
    Catalog catalog = session.catalog();
    boolean visible = session.searchPath().functions(catalog, function.name()).stream().anyMatch(other -> other.oid() == function.oid());
    Catalog.Namespace namespace = catalog.namespace(function.namespaceOid());
    if (!visible && namespace != null) {
      text.append(io.heliosdb.nano.type.Identifiers.quoteIfNeeded(namespace.name())).append('.');
    }
    text.append(io.heliosdb.nano.type.Identifiers.quoteIfNeeded(function.name())).append('(');
    for (int i = 0; i < function.argumentTypes().size(); i++) {
      text.append(i == 0 ? "" : ",").append(TypeIo.typeName(catalog.byOid(function.argumentTypes().get(i)), -1, session.io().types()));
    }
    return text.append(')').toString();
  }
}
