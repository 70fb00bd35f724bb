package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzedStatement;
import io.heliosdb.nano.analyze.Analyzer;
import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.Domains;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.Operator;
import io.heliosdb.nano.execute.PlanStatistics;
import io.heliosdb.nano.execute.dml.DmlOperator;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.StatementNormalizer;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.TransactionStatement;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.Planner;
import io.heliosdb.nano.plan.PlannerContext;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Plans and runs SELECT, INSERT, UPDATE, DELETE and MERGE for one session, through the shared plan cache.
///
/// Order of a run: plan (cached or new) → table locks → check that the plan is still valid → privileges → snapshot → operators.
final class QueryExecutor {
  private static final int STALE_RETRIES_MAX = 8;
  private static final @Nullable Object[] NO_VALUES = {};

  /// Plans that cost more are made for the literals and parameter values at hand: estimates then know them, and planning is a small part.
  private static final double CUSTOM_PLAN_COST = 1000;



  private final SessionCore session;
  private final SessionCallContext callContext;
  private final SessionHistory history;
  private final PreparedTexts preparedTexts = new PreparedTexts();

  QueryExecutor(SessionCore session) {
    this.session = session;
    this.callContext = new SessionCallContext(session);
    this.history = new SessionHistory(session, java.util.Map.of());
  }

  SessionHistory history() {
    return history;
  }

  SessionCallContext callContext() {
    return callContext;
  }

  // ---- planning ----

  AnalyzerContext analyzerContext(List<@Nullable PgType> parameterTypes) {
    Settings settings = session.settings();
    return new AnalyzerContext(
        session.catalog(),
        session.searchPath().namespaces(),
        session.temporaryNamespace(),
        session.currentRole().oid(),
        session.io(),
        name -> settings.get(name, true),
        parameterTypes,
        false,
        null,
        history);
  }

  CachedPlan plan(Preparable statement, List<@Nullable PgType> parameterTypes) {
    return plan(statement, analyzerContext(parameterTypes));
  }

  CachedPlan plan(Preparable statement, AnalyzerContext context) {
    CatalogSnapshot catalog = session.catalog();
    AnalyzedStatement analyzed = analyze(statement, context);
    PlannerContext planner = plannerContext(null);
    PhysicalPlan physical = Planner.plan(analyzed.plan(), planner);
    CachedPlan plan = withRules(new CachedPlan(analyzed, physical, catalog, null, planner.pastScans(), session.ancestorVersion()));
    if (plan.readsPast()) {
      plan.bindAgain = found -> plan(statement, context.withCatalog(session.catalog()).withHistory(new SessionHistory(session, found)));
    }
    return plan;
  }

  /// A name that the present does not know may be one of a moment that a sub-query tells: then the sub-query is run first.
  private AnalyzedStatement analyze(Preparable statement, AnalyzerContext context) {
    history.takeLeftOut();
    try {
      return Analyzer.analyze(statement, context);
    } catch (SqlException e) {
      if (context.history() != history || !history.takeLeftOut()) {
        throw e;
      }
      try {
        return Analyzer.analyze(statement, context.withHistory(SessionHistory.runningQueries(session)));
      } catch (SqlException again) {
        throw e;
      }
    }
  }

  /// What a sub-query without parameters says of a moment; null when it is of another type.
  @Nullable Long moment(Expression value, PgType type) {
    SelectStatement query = new SelectStatement(
        null,
        new SelectStatement.SelectCore(
            null, List.of(new SelectStatement.TargetItem(value, null, 0)), null, List.of(), null, List.of(), false, null, List.of(), 0),
        List.of(), null, List.of(), 0);
    CachedPlan plan = plan(query, List.of());
    boolean fits = plan.columns().getFirst().type().oid() == type.oid() || type.oid() == PgTypes.INT8.oid();
    StatementAccess outer = callContext.access();
    try (Running running = start(plan, new Object[0], () -> plan)) {
      Batch batch = fits ? running.next(1) : null;
      Object moment = batch == null ? null : batch.column(0).get(batch.rowIndex(0));
      return moment instanceof Number number ? Long.valueOf(number.longValue()) : null;
    } finally {
      callContext.restoreAccess(outer);
    }
  }

  /// The plan of a statement that is analyzed already.
  CachedPlan plan(AnalyzedStatement analyzed) {
    return planned(analyzed, null, null);
  }

  /// @param parameters values that the plan may be good for alone, or null
  private CachedPlan planned(AnalyzedStatement analyzed, @Nullable LiftedLiterals lifted, @Nullable Object @Nullable [] parameters) {
    PlannerContext planner = plannerContext(parameters);
    PhysicalPlan physical = Planner.plan(analyzed.plan(), planner);
    return withRules(new CachedPlan(analyzed, physical, session.catalog(), lifted, planner.pastScans(), session.ancestorVersion()));
  }

  private CachedPlan withRules(CachedPlan plan) {
    plan.before = plan.analyzed.rules().before().stream().map(this::plan).toList();
    plan.after = plan.analyzed.rules().after().stream().map(this::plan).toList();
    return plan;
  }

  private PlannerContext plannerContext(@Nullable Object @Nullable [] parameters) {
    Settings settings = session.settings();
    return new PlannerContext(
        session.catalog(), callContext, session.engine().dmlPlans(), name -> settings.get(name, true), settings.integer("work_mem") * 1024L,
        new ArrayList<>(), table -> {
          TableActivity.Counts counts = session.engine().activity().find(session, table.oid());
          return counts == null ? 0 : counts.growth();
        }, session.temporaryNamespace(), parameters);
  }

  /// Whether the transaction has catalog changes of its own: its plans are nobody else's.
  boolean hasOwnCatalog() {
    var changes = session.transactions().catalogChangesOrNull();
    return changes != null && !changes.isEmpty();
  }

  /// Runs a text whose literals can be lifted out, with the plan of its normalised form; false when it has to go the long way.
  boolean runCachedText(String text) {
    if (session.transactions().status() == TransactionStatus.FAILED || hasOwnCatalog()) {
      return false;
    }
    StatementNormalizer.Normalized normalized = StatementNormalizer.normalize(text, session.parseSettings());
    if (normalized == null) {
      return false;
    }
    PlanCache.Key key = new PlanCache.Key(normalized.key(), session.environment());
    CachedPlan known = session.engine().planCache().get(key);
    if (known == null || !known.isValid(session.catalog(), session.ancestorVersion())) {
      CachedPlan[] planned = new CachedPlan[1];
      session.guarded(
          () -> {
            session.transactions().ensure();
            planned[0] = planLifted(normalized, key);
          });
      known = planned[0];
    }
    CachedPlan plan = known;
    if (plan == null || plan.lifted == null || plan.physical.totalCost() > CUSTOM_PLAN_COST) {
      return false;
    }
    session.statementStarting(text);
    session.guarded(
        () -> {
          session.transactions().ensure();
          @Nullable Object[] literals = plan.lifted.values(normalized, session.io());
          runToEnd(plan, new Object[0], literals, () -> plan(onlyQuery(text), List.of()), true, text);
          session.transactions().statementEnded();
        });
    return true;
  }

  private Preparable onlyQuery(String text) {
    return (Preparable) io.heliosdb.nano.parse.Parser.parse(text, session.parseSettings()).getFirst().statement();
  }

  /// Plans a statement with its literals lifted out and caches the plan; null when its literals matter to its meaning.
  private @Nullable CachedPlan planLifted(StatementNormalizer.Normalized normalized, PlanCache.Key key) {
    ParsedStatement parsed = normalized.parse();
    if (parsed == null || parsed.parameterCount() > 0 || !(parsed.statement() instanceof Preparable query)) {
      return null;
    }
    AnalyzedStatement analyzed;
    try {
      analyzed = Analyzer.analyze(query, analyzerContext(List.of()));
    } catch (SqlException e) {
      // The plain statement is analyzed next and reports its error with the literals as they stand.
      return null;
    }
    if (!analyzed.cacheable() || !analyzed.fixedLiterals().isEmpty() || analyzed.into() != null || analyzed.rules() != AnalyzedStatement.Rules.NONE) {
      return null;
    }
    LiftedLiterals lifted = LiftedLiterals.of(analyzed.plan(), normalized.literalCount(), normalized.negated());
    if (lifted == null) {
      return null;
    }
    CachedPlan plan = planned(analyzed, lifted, null);
    session.engine().planCache().put(key, plan);
    return plan;
  }

  /// The prepared form of a text without parameters, with the plan that all texts which differ in their literals share; null when it has to be analyzed
  /// as it stands.
  @Nullable PreparedStatement prepareLifted(String name, String text) {
    if (text.indexOf('$') >= 0 || session.transactions().status() == TransactionStatus.FAILED || hasOwnCatalog()) {
      return null;
    }
    StatementNormalizer.Normalized normalized = StatementNormalizer.normalize(text, session.parseSettings());
    if (normalized == null) {
      return null;
    }
    PlanCache.Key key = new PlanCache.Key(normalized.key(), session.environment());
    CachedPlan plan = session.engine().planCache().get(key);
    if (plan == null || !plan.isValid(session.catalog(), session.ancestorVersion())) {
      plan = planLifted(normalized, key);
    }
    if (plan == null || plan.lifted == null || plan.physical.totalCost() > CUSTOM_PLAN_COST) {
      return null;
    }
    var settings = session.parseSettings();
    PreparedStatement statement = PreparedStatement.lifted(name, text, () -> Parser.parse(text, settings).getFirst(), plan,
        plan.lifted.values(normalized, session.io()), session.engine().clockMicros());
    statement.environment = session.environment();
    return statement;
  }

  /// A statement of a simple-protocol text.
  void runStatement(Preparable query, ParsedStatement parsed) {
    if (query instanceof SelectStatement select && TableAsSources.isSelectInto(select)) {
      session.runUtility(parsed, List.of(), new Object[0]);
      return;
    }
    CachedPlan plan = plan(query, List.of());
    if (parsed.parameterCount() > 0) {
      throw new SqlException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + 1);
    }
    runToEnd(plan, new Object[0], NO_VALUES, () -> plan(query, List.of()), true, parsed.text());
  }

  /// Makes a plan again: while a statement waited for its table locks, others may have changed what it was planned from.
  interface PlanSource {
    CachedPlan plan();

    /// The same, for whoever has told somebody the columns of the first plan.
    static PlanSource sameShape(CachedPlan first, PlanSource source) {
      return () -> {
        CachedPlan next = source.plan();
        requireSameShape(first.columns(), next.columns());
        return next;
      };
    }
  }

  // ---- prepared statements ----

  PreparedStatement prepare(String name, String text, ParsedStatement parsed, List<@Nullable PgType> given, boolean fromSql) {
    if (!(parsed.statement() instanceof Preparable query)) {
      List<PgType> types = given.stream().map(type -> type == null ? io.heliosdb.nano.type.PgTypes.TEXT : type).toList();
      return new PreparedStatement(name, text, parsed, types, fromSql, session.engine().clockMicros());
    }
    if (query instanceof SelectStatement select && TableAsSources.isSelectInto(select)) {
      Preparable source = (Preparable) TableAsSources.ofSelectInto(select, text).query();
      List<PgType> types = plan(source, analyzerContext(given).withInferParameters(true)).parameterTypes();
      return new PreparedStatement(name, text, parsed, types, fromSql, session.engine().clockMicros());
    }
    // Analysis may need the state of a transaction (its own tables, its snapshot of the catalog).
    CachedPlan plan = plan(query, analyzerContext(given).withInferParameters(true));
    PreparedStatement statement = new PreparedStatement(name, text, parsed, plan.parameterTypes(), fromSql, session.engine().clockMicros());
    statement.plan = plan;
    statement.environment = session.environment();
    return statement;
  }

  /// The statement of a text that may have one at most, null when it has none.
  @Nullable ParsedStatement parseOne(String text) {
    List<ParsedStatement> parsed = Parser.parse(text, session.parseSettings());
    if (parsed.size() > 1) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    }
    return parsed.isEmpty() ? null : parsed.getFirst();
  }

  /// The prepared form of a text, kept by the session for the next time.
  PreparedStatement prepareCached(String text) {
    PreparedStatement known = preparedTexts.get(text);
    if (known != null) {
      return known;
    }
    ParsedStatement parsed = parseOne(text);
    if (parsed == null) {
      return new PreparedStatement("", text, null, List.of(), false, session.engine().clockMicros());
    }
    PreparedStatement statement = prepare("", text, parsed, List.of(), false);
    preparedTexts.put(text, statement);
    return statement;
  }

  private CachedPlan validPlan(PreparedStatement statement) {
    CachedPlan plan = statement.plan;
    if (plan != null && statement.environment == session.environment() && !hasOwnCatalog() && plan.isValid(session.catalog(), session.ancestorVersion())) {
      return plan;
    }
    List<OutputColumn> before = plan == null ? null : plan.columns();
    CachedPlan fresh = plan((Preparable) statement.parsed().statement(), List.copyOf(statement.parameterTypes));
    if (before != null) {
      requireSameShape(before, fresh.columns());
    }
    statement.plan = fresh;
    statement.environment = session.environment();
    return fresh;
  }

  private static void requireSameShape(List<OutputColumn> before, List<OutputColumn> after) {
    if (!sameShape(before, after)) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cached plan must not change result type");
    }
  }

  private static boolean sameShape(List<OutputColumn> before, List<OutputColumn> after) {
    if (before.size() != after.size()) {
      return false;
    }
    for (int i = 0; i < before.size(); i++) {
      OutputColumn a = before.get(i);
      OutputColumn b = after.get(i);
      if (a.type().oid() != b.type().oid() || a.typmod() != b.typmod() || !a.name().equals(b.name())) {
        return false;
      }
    }
    return true;
  }

  @Nullable List<OutputColumn> describe(PreparedStatement statement) {
    if (!statement.isPlanned()) {
      return describeUtility(statement);
    }
    CachedPlan plan = validPlan(statement);
    return plan.returnsRows() ? plan.columns() : null;
  }

  private @Nullable List<OutputColumn> describeUtility(PreparedStatement statement) {
    if (statement.parsed() == null) {
      return null;
    }
    if (statement.parsed().statement() instanceof io.heliosdb.nano.parse.ast.UtilityStatement.Call call) {
      return session.engine().routines().callColumns(session, call.call(), statement.parameterTypes);
    }
    return UtilityExecutor.columns(session, statement.parsed().statement());
  }

  /// Runs a prepared statement to its end.
  void run(PreparedStatement statement, @Nullable Object[] values, boolean describe) {
    CachedPlan plan = planFor(statement, values);
    runToEnd(plan, values, statement.literalsFor(plan), sourceOf(statement, plan), describe, statement.text);
  }

  /// Begins a run whose rows are fetched bit by bit.
  Running start(PreparedStatement statement, @Nullable Object[] values) {
    CachedPlan plan = planFor(statement, values);
    return start(plan, values, statement.literalsFor(plan), sourceOf(statement, plan), null, false);
  }

  /// The statement's plan, or one for these values where it is worth it.
  private CachedPlan planFor(PreparedStatement statement, @Nullable Object[] values) {
    CachedPlan plan = validPlan(statement);
    if (values.length == 0 || plan.readsPast() || plan.physical.totalCost() <= CUSTOM_PLAN_COST) {
      return plan;
    }
    return planned(plan.analyzed, null, values);
  }

  private PlanSource sourceOf(PreparedStatement statement, CachedPlan first) {
    return PlanSource.sameShape(first, () -> plan((Preparable) statement.parsed().statement(), List.copyOf(statement.parameterTypes)));
  }

  // ---- running ----

  /// A statement in execution. Closed when its rows are all read, or when its portal is.
  final class Running implements AutoCloseable {
    final CachedPlan plan;
    private final StatementAccess access;
    private final ExecutionContext context;
    private final Operator operator;
    private boolean ended;
    private boolean closed;
    private long returned;

    private final @Nullable Object[] values;

    private Running(CachedPlan plan, @Nullable Object[] values, StatementAccess access, ExecutionContext context, Operator operator) {
      this.plan = plan;
      this.values = values;
      this.access = access;
      this.context = context;
      this.operator = operator;
    }

    /// Lets [#positions] tell the rows that the scans have given last.
    void trackPositions() {
      context.trackPositions();
    }

    Map<PhysicalPlan, Bytes> positions() {
      return Map.copyOf(context.positions());
    }

    @Nullable Batch next(int rowsMax) {
      session.cancelToken().check();
      Batch batch = operator.next(rowsMax);
      returned += batch == null ? 0 : batch.rowCount();
      if (batch == null && !ended) {
        ended = true;
        callContext.executionServices().pendingChecks().statementEnd(access);
        access.transaction().checkSerializable();
        runAll(plan.after, values);
      }
      return batch;
    }

    /// Before the client is written to, or waited for.
    void pause() {
      access.releaseReader();
    }

    long affectedRows() {
      return plan.analyzed.rules().countsRows() ? returned : operator instanceof DmlOperator dml ? dml.affectedRows() : 0;
    }


    @Override
    public void close() {
      if (!closed) {
        closed = true;
        if (!ended) {
          callContext.executionServices().pendingChecks().statementFailed(access);
        }
        try {
          operator.close();
          context.close();
        } finally {
          access.close();
        }
      }
    }
  }

  /// The plan as these values have it bound to moments: its columns are those of the schema then.
  CachedPlan atMoments(CachedPlan first, @Nullable Object[] values, PlanSource source) {
    CachedPlan plan = first;
    StatementAccess outer = callContext.access();
    try {
      for (int attempt = 0; plan.readsPast() && attempt < STALE_RETRIES_MAX; attempt++) {
        try (StatementAccess access = session.transactions().current().beginCommand()) {
          lockTables(plan, access);
          session.engine().privileges().check(session, plan.analyzed.permissions());
          ExecutionContext context = callContext.execution(access, values);
          try {
            CachedPlan again = PastScans.bindAgain(session, plan, context, source);
            if (again == null) {
              return plan;
            }
            plan = again;
          } finally {
            context.close();
          }
        }
      }
      return plan;
    } finally {
      callContext.restoreAccess(outer);
    }
  }

  /// What the AS OF clauses of a query mean now, by clause; empty where that cannot be told yet.
  Map<Object, Long> moments(Preparable query) {
    StatementAccess outer = callContext.access();
    try (StatementAccess access = session.transactions().current().beginCommand()) {
      CachedPlan plan = plan(query, List.of());
      if (!plan.readsPast()) {
        return Map.of();
      }
      session.engine().privileges().check(session, plan.analyzed.permissions());
      ExecutionContext context = callContext.execution(access, new Object[0]);
      try {
        return PastScans.moments(session, plan, context);
      } finally {
        context.close();
      }
    } finally {
      callContext.restoreAccess(outer);
    }
  }

  Running start(CachedPlan first, @Nullable Object[] values, PlanSource source) {
    return start(first, values, NO_VALUES, source, null, false);
  }

  /// A run that counts what its operators do.
  Running startExplained(CachedPlan plan, @Nullable Object[] values, PlanStatistics counters, PlanSource source) {
    return start(plan, values, NO_VALUES, source, counters, true);
  }

  private Running start(
      CachedPlan first, @Nullable Object[] values, @Nullable Object[] literals, PlanSource source, @Nullable PlanStatistics counters,
      boolean describes) {
    CachedPlan plan = first;
    runAll(first.before, values);
    for (int attempt = 0; ; attempt++) {
      StatementAccess access = session.transactions().current().beginCommand();
      try {
        lockTables(plan, access);
        if (!plan.isValid(session.catalog(), session.ancestorVersion()) && attempt < STALE_RETRIES_MAX) {
          access.close();
          plan = source.plan();
          continue;
        }
        ReadOnlyCheck.check(session, plan);
        session.engine().privileges().check(session, plan.analyzed.permissions());
        if (access.transaction().isolation().keepsSnapshot()) {
          // The first query fixes what the transaction sees, whether it reads tables or not.
          access.snapshotScn();
        }
        ExecutionContext context = callContext.execution(access, values, literals);
        if (plan.readsPast()) {
          CachedPlan again = PastScans.bindAgain(session, plan, context, source);
          if (again != null && attempt >= STALE_RETRIES_MAX) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "the moments that the statement reads change while it is planned");
          }
          if (again != null) {
            context.close();
            access.close();
            if (!sameShape(first.columns(), again.columns()) && counters == null && !describes) {
              throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cached plan must not change result type");
            }
            plan = again;
            continue;
          }
        }
        if (counters != null) {
          context.withStatistics(counters);
        }
        Operator operator = plan.physical.open(context);
        return new Running(plan, values, access, context, operator);
      } catch (RuntimeException | Error e) {
        access.close();
        throw e;
      }
    }
  }

  /// Runs statements that rules added; nobody gets their rows.
  private void runAll(List<CachedPlan> plans, @Nullable Object[] values) {
    if (plans.isEmpty()) {
      return;
    }
    StatementAccess outer = callContext.access();
    try {
      for (CachedPlan plan : plans) {
        try (Running running = start(plan, values, NO_VALUES, () -> plan, null, false)) {
          while (running.next(Batch.ROWS_MAX) != null) {
            session.cancelToken().check();
          }
        }
      }
    } finally {
      callContext.restoreAccess(outer);
    }
  }

  private void lockTables(CachedPlan plan, StatementAccess access) {
    for (TableLockNeed need : plan.locks()) {
      access.lockTable(Integer.toUnsignedLong(need.oid()), need.mode(), false);
    }
  }

  private void runToEnd(
      CachedPlan plan, @Nullable Object[] values, @Nullable Object[] literals, PlanSource source, boolean describe, String text) {
    ResultSink sink = session.sink();
    long rows = 0;
    try (Running running = start(plan, values, literals, source, null, describe)) {
      boolean returnsRows = running.plan.returnsRows();
      List<OutputColumn> columns = running.plan.columns();
      if (returnsRows && describe) {
        sink.rowDescription(columns);
      }
      Batch batch;
      while ((batch = running.next(Batch.ROWS_MAX)) != null) {
        rows += batch.rowCount();
        if (returnsRows && batch.rowCount() > 0) {
          sink.rows(batch, columns);
        }
      }
      long affected = running.affectedRows();
      sink.commandComplete(CommandTags.of(running.plan.analyzed.kind(), rows, affected));
      session.statementRan(counters(running.plan, text), Math.max(rows, affected));
    }
  }

  StatementCounters counters(CachedPlan plan, String text) {
    StatementCounters counters = plan.counters;
    if (counters == null) {
      counters = session.engine().statistics().counters(session.currentRole().oid(), text, session.parseSettings());
      plan.counters = counters;
    }
    return counters;
  }

  /// The deferred checks at a savepoint.
  Object checksMark() {
    return callContext.executionServices().pendingChecks().mark();
  }

  void rollbackChecks(Object mark) {
    callContext.executionServices().pendingChecks().rollbackTo(mark);
  }

  /// SET CONSTRAINTS.
  void setConstraints(TransactionStatement.SetConstraints statement) {
    SessionExecutionServices services = callContext.executionServices();
    StatementAccess outer = callContext.access();
    try (StatementAccess access = session.transactions().current().beginCommand()) {
      services.pendingChecks().setConstraints(statement.names(), statement.deferred(), session.searchPath().namespaces(), access, services);
    } finally {
      callContext.restoreAccess(outer);
    }
  }

  /// The deferred checks of a transaction that is about to commit.
  void runDeferredChecks() {
    SessionExecutionServices services = callContext.executionServices();
    if (!services.pendingChecks().isEmpty()) {
      try (StatementAccess access = session.transactions().current().beginCommand()) {
        services.pendingChecks().beforeCommit(access, services);
      }
    }
  }

  void transactionEnded() {
    callContext.executionServices().pendingChecks().transactionEnded();
  }

  /// A prepared statement's plan as it is valid now, with its literals in it.
  CachedPlan validated(PreparedStatement statement) {
    CachedPlan plan = validPlan(statement);
    return plan.lifted == null ? plan : plan((Preparable) statement.parsed().statement(), List.of());
  }

  /// The value of an expression without columns, cast to a type (null: its own).
  @Nullable Object evaluate(Expression expression, @Nullable PgType type, ExpressionBinder.Use use) {
    return evaluate(expression, type, use, null);
  }

  /// @param target what messages call the target of the value
  @Nullable Object evaluate(Expression expression, @Nullable PgType type, ExpressionBinder.Use use, @Nullable String target) {
    ExpressionBinder.BoundExpression bound = ExpressionBinder.bind(expression, null, use, type, -1, target, analyzerContext(List.of()));
    return evaluate(bound.expression());
  }

  @Nullable Object evaluate(Expr expression) {
    return evaluate(expression, new Object[0]);
  }

  /// @param values of the parameters
  @Nullable Object evaluate(Expr expression, @Nullable Object[] values) {
    StatementAccess outer = callContext.access();
    try (StatementAccess access = session.transactions().current().beginCommand()) {
      ExecutionContext context = callContext.execution(access, values);
      try {
        PhysicalPlan plan = Planner.plan(
            new LogicalPlan.Project(new LogicalPlan.Values(List.of(List.of()), List.of()), List.of(expression), List.of(OutputColumn.of("value", expression))),
            plannerContext(null));
        try (Operator operator = plan.open(context)) {
          Batch batch = operator.next(1);
          return batch == null ? null : batch.column(0).get(batch.rowIndex(0));
        }
      } finally {
        context.close();
      }
    } finally {
      callContext.restoreAccess(outer);
    }
  }

  void checkDomain(PgType domain, @Nullable Object value) {
    Domains.check(domain, value, callContext.execution(callContext.access(), new Object[0]));
  }

  Catalog.@Nullable Role role(int oid) {
    return session.catalog().role(oid);
  }

  @Nullable Relation relation(int oid) {
    return session.catalog().relation(oid);
  }
}
