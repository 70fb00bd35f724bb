package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.History;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.MemoryAccount;
import io.heliosdb.nano.execute.TableUsage;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.parse.ParseSettings;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.TransactionStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.txn.IsolationLevel;
import io.heliosdb.nano.txn.SessionEnvironment;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.txn.TransactionOptions;
import io.heliosdb.nano.txn.TxnSession;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state of one session and the way its statements take: text → statement → plan → rows. Everything a front end asks of a session
/// ends up here.
///
/// Confined to the session's actor, except [#cancelToken] and the fields of [SessionActivity]. Errors leave as [SqlException] after the
/// transaction has been put into the state PostgreSQL's would be in.
final class SessionCore implements SessionEnvironment {
  private static final Logger LOG = LoggerFactory.getLogger(SessionCore.class);

  private final DatabaseEngine engine;
  private final int pid;
  private final Settings settings;
  private final CancelToken cancelToken = new CancelToken();
  private final TxnSession txnSession;
  private final TransactionControl transactions;
  private final SessionActivity activity;
  private final SessionTimeouts timeouts;
  private final MemoryAccount memory;
  private final TableUsage usage = new TableUsage();
  private final QueryExecutor queries;
  private final UtilityExecutor utilities;
  private final Cursors cursors;
  private final SessionSequences sequences;
  private final PlpgsqlHost plpgsql;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();
  private final Deque<Notice> pendingNotices = new ArrayDeque<>();
  private final String database;
  private BranchState branch;
  private final Catalog.Role authenticatedUser;
  private Catalog.Role sessionUser;
  private Catalog.Role currentRole;
  private int temporaryNamespace;
  private ResultSink sink = ResultSink.NONE;
  private @Nullable PendingQuery pendingQuery;
  private @Nullable CopyInput copyIn;

  private @Nullable StatementSettings statementSettings;
  private long statementSettingsGeneration = -1;
  private @Nullable ParseSettings parseSettings;
  private long ioGeneration = -1;
  private @Nullable IoContext io;
  private @Nullable SearchPath searchPath;
  private @Nullable Catalog searchPathCatalog;
  private long searchPathGeneration = -1;
  private @Nullable PlanEnvironment environment;
  private long environmentGeneration = -1;
  private @Nullable SearchPath environmentPath;
  private Catalog.@Nullable Role environmentRole;
  private long statementMicros;
  private @Nullable TransactionOptions newestOptions;
  private volatile boolean endsWhenIdle;
  private boolean closed;

  /// The statement that runs, for the audit trail.
  private @Nullable String audited;
  private long runStartMicros;
  private @Nullable StatementCounters ranCounters;
  private long ranRows;

  /// The rest of a simple-protocol text that waits for COPY data.
  private record PendingQuery(List<ParsedStatement> statements, int next) {}

  SessionCore(DatabaseEngine engine, int pid, Catalog.Role user, String database, BranchState branch, Settings settings, SessionActivity activity) {
    this.engine = engine;
    this.pid = pid;
    this.authenticatedUser = user;
    this.sessionUser = user;
    this.currentRole = user;
    this.database = database;
    this.branch = branch;
    this.settings = settings;
    this.activity = activity;
    this.memory = new MemoryAccount(engine.userLimits().memory(user.name()), 0, "session " + pid);
    this.txnSession = engine.system().openSession(pid, engine.databaseOid(), this, cancelToken);
    this.transactions = new TransactionControl(this);
    this.timeouts = new SessionTimeouts(this, engine.timeouts());
    this.queries = new QueryExecutor(this);
    this.cursors = new Cursors(this);
    this.sequences = new SessionSequences(this);
    this.plpgsql = new PlpgsqlHost(this);
    this.utilities = new UtilityExecutor(this);
  }

  // ---- what collaborators need ----

  DatabaseEngine engine() {
    return engine;
  }

  int pid() {
    return pid;
  }

  Settings settings() {
    return settings;
  }

  StatementSettings statementSettings() {
    if (statementSettings == null || statementSettingsGeneration != settings.generation()) {
      statementSettings = StatementSettings.of(settings);
      statementSettingsGeneration = settings.generation();
    }
    return statementSettings;
  }

  CancelToken cancelToken() {
    return cancelToken;
  }

  TransactionControl transactions() {
    return transactions;
  }

  QueryExecutor queries() {
    return queries;
  }

  Cursors cursors() {
    return cursors;
  }

  PlpgsqlHost plpgsql() {
    return plpgsql;
  }

  SessionSequences sequences() {
    return sequences;
  }

  SessionActivity activity() {
    return activity;
  }

  TableUsage usage() {
    return usage;
  }

  /// A statement of the client has run to its end; it is counted when its time is known.
  void statementRan(@Nullable StatementCounters counters, long rows) {
    ranCounters = counters;
    ranRows = rows;
  }

  private void countStatement(long nowMicros) {
    StatementCounters counters = ranCounters;
    if (counters != null) {
      ranCounters = null;
      counters.ran(Math.max(0, nowMicros - runStartMicros), ranRows);
    }
    runStartMicros = nowMicros;
  }

  /// What this session's statements and uncommitted changes take.
  MemoryAccount memory() {
    return memory;
  }

  SessionTimeouts timeouts() {
    return timeouts;
  }

  /// Whether somebody closes this session when an idle time-out ends it; without that the idle time-outs do not apply.
  boolean endsWhenIdle() {
    return endsWhenIdle;
  }

  void setEndsWhenIdle() {
    endsWhenIdle = true;
  }

  boolean isClosed() {
    return closed;
  }

  /// What a session says that has ended: why it was terminated, if it was.
  SqlException closedError() {
    SqlException reason = cancelToken.reason();
    return reason != null && reason.state().endsSession() ? reason : new SqlException(SqlState.CONNECTION_DOES_NOT_EXIST, "the session is closed");
  }

  TxnSession txnSession() {
    return txnSession;
  }

  Map<String, PreparedStatement> statements() {
    return statements;
  }

  Map<String, Portal> portals() {
    return portals;
  }

  String database() {
    return database;
  }

  BranchState branchState() {
    return branch;
  }

  void useBranch(BranchState next) {
    branch = next;
    sequences.discard();
    searchPathCatalog = null;
    environmentGeneration = -1;
  }

  Catalog.Role sessionUser() {
    return sessionUser;
  }

  Catalog.Role currentRole() {
    return currentRole;
  }

  void setRoles(Catalog.Role newSessionUser, Catalog.Role newCurrentRole) {
    sessionUser = newSessionUser;
    currentRole = newCurrentRole;
  }

  int temporaryNamespace() {
    return temporaryNamespace;
  }

  void setTemporaryNamespace(int oid) {
    temporaryNamespace = oid;
    searchPathCatalog = null;
  }

  long statementMicros() {
    return statementMicros;
  }

  ResultSink sink() {
    return sink;
  }

  /// The catalog this session's next statement sees: the newest committed one with the transaction's own changes.
  CatalogSnapshot catalog() {
    var changes = transactions.catalogChangesOrNull();
    if (changes == null) {
      return branch.catalog();
    }
    changes.rebase(branch.catalog());
    return changes.current();
  }

  /// Changes whenever a branch that this one was forked from changes its catalog, whose privileges and policies count here too; 0 on a root.
  long ancestorVersion() {
    if (branch.readView().layerCount() == 1) {
      return 0;
    }
    long version = 1;
    for (BranchRegistry.Ancestor ancestor : engine.branchRegistry().ancestors(branch)) {
      version = version * 31 + ancestor.branch().catalog().version();
    }
    return version;
  }

  /// What `heliosdb.as_of` means, [History#UNKNOWN] when it is not set.
  long asOfScn() {
    String setting = settings.get("heliosdb.as_of");
    if (setting.isEmpty()) {
      return History.UNKNOWN;
    }
    if (!setting.equals(asOfSetting)) {
      asOfScn = TimeTravel.ofSetting(this, setting);
      asOfSetting = setting;
    }
    return asOfScn;
  }

  /// Whether the open transaction may change nothing: it is read-only, or the session reads the past.
  boolean isReadOnly() {
    return transactions.current().isReadOnly() || !settings.get("heliosdb.as_of").isEmpty();
  }

  private String asOfSetting = "";
  private long asOfScn;

  SearchPath searchPath() {
    CatalogSnapshot catalog = catalog();
    if (searchPath == null || searchPathCatalog != catalog || searchPathGeneration != settings.generation()) {
      SearchPath next = SearchPath.of(SearchPath.parse(settings.get("search_path")), catalog, currentRole.name(), temporaryNamespace);
      if (!next.equals(searchPath)) {
        searchPath = next;
      }
      searchPathCatalog = catalog;
      searchPathGeneration = settings.generation();
    }
    return searchPath;
  }

  /// @throws SqlException 42P01
  Relation relation(QualifiedName name) {
    Relation relation;
    if (name.schema() == null) {
      relation = searchPath().relation(catalog(), name.name());
    } else {
      Catalog.Namespace namespace = catalog().namespace(name.schema());
      relation = namespace == null ? null : catalog().relation(namespace.oid(), name.name());
    }
    if (relation == null) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist").at(name.position());
    }
    return relation;
  }

  /// Runs work whose results go to another sink.
  void withSink(ResultSink other, Runnable work) {
    ResultSink outer = sink;
    sink = other;
    try {
      work.run();
    } finally {
      sink = outer;
    }
  }

  /// Who the client proved to be; `SET SESSION AUTHORIZATION` starts from here.
  Catalog.Role authenticatedUser() {
    return authenticatedUser;
  }

  /// DISCARD ALL.
  void discardAll() {
    cursors.closeAll();
    statements.clear();
    engine.notifications().unlisten(this, null);
    txnSession.advisoryUnlockAll();
    sequences.discard();
    discardTemporary();
    settings.resetAll();
    setRoles(authenticatedUser, authenticatedUser);
  }

  void discardTemporary() {
    utilities.dropTemporaryObjects();
  }

  /// Formats, zone and types for reading and writing values.
  IoContext io() {
    CatalogSnapshot catalog = catalog();
    IoContext present = io;
    if (present == null || ioGeneration != settings.generation() || ioCatalog != catalog) {
      present =
          SettingRules.apply(settings, IoContext.builder())
              .types(new SessionTypes(this, catalog))
              .regObjects(new SessionRegObjects(this))
              .build();
      ioGeneration = settings.generation();
      ioCatalog = catalog;
    }
    present = present.withTransactionMicros(transactions.startMicros());
    io = present;
    return present;
  }

  private @Nullable Catalog ioCatalog;

  PlanEnvironment environment() {
    SearchPath path = searchPath();
    if (environment == null || environmentGeneration != settings.generation() || environmentPath != path || environmentRole != currentRole) {
      List<String> consulted = new ArrayList<>(PlanEnvironment.CONSULTED.size());
      for (String name : PlanEnvironment.CONSULTED) {
        consulted.add(settings.get(name));
      }
      List<String> schemas = path.namespaces().stream().map(String::valueOf).toList();
      environment =
          engine.intern(new PlanEnvironment(schemas, temporaryNamespace, currentRole.oid(), branch.id(), settings.get("heliosdb.as_of"), consulted));
      environmentGeneration = settings.generation();
      environmentPath = path;
      environmentRole = currentRole;
    }
    return environment;
  }

  void notice(Notice notice) {
    if (NoticeLevel.isWanted(settings.get("client_min_messages"), notice.severity())) {
      sink.notice(notice);
    }
  }

  ParseSettings parseSettings() {
    StatementSettings present = statementSettings();
    ParseSettings known = parseSettings;
    if (known == null || known.standardConformingStrings() != present.standardConformingStrings()
        || known.escapeStringWarning() != present.escapeStringWarning()) {
      known =
          new ParseSettings(
              present.standardConformingStrings(),
              present.escapeStringWarning(),
              n -> notice(new Notice(n.severity().name(), n.state(), n.message(), null, n.hint(), n.position())));
      parseSettings = known;
    }
    return known;
  }

  // ---- transactions ----

  Transaction beginTransaction(IsolationLevel isolation, boolean readOnly, boolean deferrable) {
    TransactionOptions options = newestOptions;
    if (options == null || options.isolation() != isolation || options.readOnly() != readOnly || options.deferrable() != deferrable
        || options.branch() != branch.id() || options.view() != branch.readView() || options.userOid() != sessionUser.oid()) {
      options = new TransactionOptions(isolation, readOnly, deferrable, branch.id(), branch.readView(), sessionUser.oid(), 0);
      newestOptions = options;
    }
    return txnSession.begin(options);
  }

  /// Called before commit or rollback, while the transaction is still open.
  void transactionEnding(boolean committing) {
    cursors.transactionEnding(committing);
    if (portals.isEmpty()) {
      return;
    }
    portals.values().removeIf(portal -> {
      boolean drop = portal.endsWithTransaction();
      if (drop) {
        portal.close();
      }
      return drop;
    });
  }

  void transactionEnded(boolean committed) {
    timeouts.transactionEnded();
    queries.transactionEnded();
    engine.notifications().transactionEnded(this, committed);
    activity.transactionEnded();
  }

  void savepointPushed() {
    cursors.pushLevel();
  }

  void savepointReleased() {
    cursors.mergeLevel();
  }

  void savepointRolledBack() {
    cursors.rollbackLevel();
  }

  void rolledBackToSavepoint() {
    cursors.rolledBack();
    searchPathCatalog = null;
  }

  // ---- SessionEnvironment ----

  @Override
  public long lockTimeoutMillis() {
    return statementSettings().lockTimeoutMillis();
  }

  @Override
  public boolean synchronousCommit() {
    return statementSettings().synchronousCommit();
  }

  @Override
  public void accountMemory(long bytes) {
    memory.reserve(bytes);
  }

  // ---- simple protocol ----

  void simpleQuery(String text, ResultSink to) {
    sink = to;
    startMessage();
    portals.remove("");
    try {
      if (queries.runCachedText(text)) {
        return;
      }
      List<ParsedStatement> parsed;
      try {
        parsed = Parser.parse(text, parseSettings());
      } catch (SqlException e) {
        transactions.statementFailed();
        statementStarting(text);
        audit(e.state());
        throw e;
      }
      if (parsed.isEmpty()) {
        to.emptyQuery();
        return;
      }
      runAll(parsed, 0);
    } finally {
      finishMessage();
      awaitClient();
    }
  }

  private void startMessage() {
    statementMicros = engine.clockMicros();
    runStartMicros = statementMicros;
    ranCounters = null;
    armCancel();
  }

  /// The client has been answered, and what it says next is not known.
  private void awaitClient() {
    if (copyIn == null) {
      timeouts.idle();
    }
  }

  private void runAll(List<ParsedStatement> parsed, int from) {
    boolean several = parsed.size() > 1;
    for (int i = from; i < parsed.size(); i++) {
      if (several) {
        transactions.beginImplicitBlock();
      }
      if (i > 0) {
        armCancel();
      }
      runStatement(parsed.get(i));
      if (several) {
        countStatement(engine.clockMicros());
      }
      if (copyIn != null) {
        pendingQuery = new PendingQuery(parsed, i + 1);
        return;
      }
    }
    if (several) {
      guarded(transactions::endImplicitBlock);
    }
  }

  private void runStatement(ParsedStatement statement) {
    statementStarting(statement.text());
    guarded(
        () -> {
          if (!(statement.statement() instanceof TransactionStatement)) {
            transactions.ensure();
          }
          dispatch(statement);
          if (copyIn == null && !(statement.statement() instanceof TransactionStatement)) {
            transactions.statementEnded();
          }
        });
  }

  private void dispatch(ParsedStatement statement) {
    if (statement.statement() instanceof Preparable query) {
      queries.runStatement(query, statement);
    } else {
      utilities.run(statement, List.of(), new Object[0]);
    }
  }

  /// A statement of the client begins.
  void statementStarting(String text) {
    activity.statementStarted(text, statementMicros);
    if (engine.audit() != null) {
      audited = text;
    }
  }

  private void audit(@Nullable SqlState failure) {
    AuditLog log = engine.audit();
    if (log != null && audited != null) {
      log.statement(statementMicros, activity, audited, failure);
      audited = null;
    }
  }

  /// Runs work of a statement; on an error the transaction takes the state PostgreSQL's would have.
  void guarded(Runnable work) {
    if (engine.audit() == null) {
      transacted(work);
      return;
    }
    try {
      transacted(work);
    } catch (SqlException e) {
      audit(e.state());
      throw e;
    }
    audit(null);
  }

  private void transacted(Runnable work) {
    try {
      work.run();
    } catch (SqlException e) {
      transactions.statementFailed();
      throw e;
    } catch (StackOverflowError e) {
      transactions.statementFailed();
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
          .withHint("Simplify the statement: it nests too deeply.");
    } catch (OutOfMemoryError e) {
      transactions.statementFailed();
      throw new SqlException(SqlState.OUT_OF_MEMORY, "out of memory", e);
    } catch (RuntimeException e) {
      LOG.error("statement failed: {}", activity.query(), e);
      transactions.statementFailed();
      throw new SqlException(SqlState.INTERNAL_ERROR, "internal error: " + e, e);
    }
  }

  void armCancel() {
    if (cancelToken.isCancelled()) {
      cancelToken.reset();
    }
    timeouts.statementStarted();
  }

  private void finishMessage() {
    if (copyIn == null) {
      timeouts.statementEnded();
      countStatement(activity.statementEnded(transactions.status()));
    }
    sink = ResultSink.NONE;
  }

  // ---- COPY FROM STDIN ----

  void beginCopyIn(CopyInput copy) {
    copyIn = copy;
  }

  void copyData(byte[] bytes, int offset, int length) {
    CopyInput copy = copyIn;
    if (copy != null && copy.error() == null) {
      copy.data(bytes, offset, length);
    }
  }

  void copyDone(ResultSink to) {
    sink = to;
    try {
      CopyInput copy = copyIn;
      copyIn = null;
      PendingQuery rest = pendingQuery;
      pendingQuery = null;
      if (copy == null) {
        return;
      }
      guarded(
          () -> {
            cancelToken.check();
            copy.finish();
            transactions.statementEnded();
          });
      if (rest != null) {
        if (rest.next() < rest.statements().size()) {
          runAll(rest.statements(), rest.next());
        } else if (rest.statements().size() > 1) {
          guarded(transactions::endImplicitBlock);
        }
      }
    } finally {
      finishMessage();
      awaitClient();
    }
  }

  void copyFail(String reason) {
    CopyInput copy = copyIn;
    copyIn = null;
    pendingQuery = null;
    if (copy != null) {
      copy.abort();
    }
    transactions.statementFailed();
    finishMessage();
    awaitClient();
    throw new SqlException(SqlState.QUERY_CANCELED, reason);
  }

  // ---- extended protocol ----

  void parse(String name, String text, int[] typeOids) {
    guarded(
        () -> {
          if (!name.isEmpty() && statements.containsKey(name)) {
            throw new SqlException(SqlState.DUPLICATE_PSTATEMENT, "prepared statement \"" + name + "\" already exists");
          }
          statements.put(name, prepare(name, text, typeOids));
        });
  }

  private PreparedStatement prepare(String name, String text, int[] typeOids) {
    List<ParsedStatement> parsed = Parser.parse(text, parseSettings());
    if (parsed.size() > 1) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    }
    if (parsed.isEmpty()) {
      return new PreparedStatement(name, text, null, List.of(), false, engine.clockMicros());
    }
    ParsedStatement statement = parsed.getFirst();
    if (transactions.status() == TransactionStatus.FAILED && !isExit(statement)) {
      transactions.ensure();
    }
    List<@Nullable PgType> given = new ArrayList<>();
    for (int oid : typeOids) {
      given.add(oid == 0 || oid == 705 ? null : catalog().byOid(oid));
    }
    return queries.prepare(name, text, statement, given, false);
  }

  private static boolean isExit(ParsedStatement statement) {
    return statement.statement() instanceof TransactionStatement.Rollback
        || statement.statement() instanceof TransactionStatement.Commit
        || statement.statement() instanceof TransactionStatement.RollbackToSavepoint;
  }

  PreparedStatement statement(String name) {
    PreparedStatement statement = statements.get(name);
    if (statement == null) {
      throw new SqlException(
          SqlState.INVALID_SQL_STATEMENT_NAME, name.isEmpty() ? "unnamed prepared statement does not exist" : "prepared statement \"" + name + "\" does not exist");
    }
    return statement;
  }

  StatementDescription describeStatement(String name) {
    PreparedStatement statement = statement(name);
    return new StatementDescription(statement.parameterTypes, queries.describe(statement));
  }

  void checkUsableForBind(String name) {
    PreparedStatement statement = statement(name);
    if (transactions.status() == TransactionStatus.FAILED && (statement.parsed == null || !isExit(statement.parsed))) {
      transactions.ensure();
    }
  }

  void bind(String portalName, String statementName, @Nullable Object[] values) {
    PreparedStatement statement = statement(statementName);
    bind(portalName, statement, values);
  }

  void bind(String portalName, PreparedStatement statement, @Nullable Object[] values) {
    Portal old = portals.get(portalName);
    if (old != null) {
      if (!portalName.isEmpty()) {
        throw new SqlException(SqlState.DUPLICATE_CURSOR, "cursor \"" + portalName + "\" already exists");
      }
      old.close();
      portals.remove(portalName);
    }
    statementMicros = engine.clockMicros();
    portals.put(portalName, new Portal(this, portalName, statement, values));
  }

  Portal portal(String name) {
    Portal portal = portals.get(name);
    if (portal == null) {
      throw new SqlException(SqlState.INVALID_CURSOR_NAME, "portal \"" + name + "\" does not exist");
    }
    return portal;
  }

  @Nullable List<OutputColumn> describePortal(String name) {
    return portal(name).columns();
  }

  void execute(String portalName, long rowsMax, ResultSink to) {
    sink = to;
    armCancel();
    try {
      Portal portal = portal(portalName);
      ranCounters = null;
      runStartMicros = portal.isStarted() ? engine.clockMicros() : statementMicros;
      statementStarting(portal.statement().text);
      guarded(
          () -> {
            ParsedStatement parsed = portal.statement().parsed;
            if (parsed == null) {
              to.emptyQuery();
              return;
            }
            if (parsed.statement() instanceof TransactionStatement) {
              utilities.run(parsed, List.of(), new Object[0]);
              return;
            }
            transactions.ensure();
            portal.run(rowsMax, to);
          });
    } finally {
      finishMessage();
    }
  }

  void runUtility(ParsedStatement statement, List<PgType> types, @Nullable Object[] values) {
    utilities.run(statement, types, values);
  }

  void closeStatement(String name) {
    statements.remove(name);
  }

  void closePortal(String name) {
    Portal portal = portals.remove(name);
    if (portal != null) {
      portal.close();
    }
  }

  /// Sync: ends an implicit transaction.
  void sync(ResultSink to) {
    sink = to;
    try {
      if (!transactions.inBlock()) {
        Portal unnamed = portals.remove("");
        if (unnamed != null) {
          unnamed.close();
        }
        guarded(transactions::commitImplicit);
      }
    } finally {
      sink = ResultSink.NONE;
      activity.statementEnded(transactions.status());
      awaitClient();
    }
  }

  /// An error outside any statement (a bad message) fails the transaction as a statement would.
  void failTransaction() {
    transactions.statementFailed();
  }

  // ---- embedded ----

  /// Prepares (through the plan cache), binds and runs one statement to its end, in its own transaction unless a block is open.
  void executeDirect(String text, Function<List<PgType>, @Nullable Object[]> arguments, ResultSink to) {
    sink = to;
    startMessage();
    try {
      statementStarting(text);
      guarded(
          () -> {
            PreparedStatement statement = queries.prepareCached(text);
            if (statement.parsed == null) {
              to.emptyQuery();
              return;
            }
            if (statement.parsed.statement() instanceof TransactionStatement) {
              utilities.run(statement.parsed, List.of(), new Object[0]);
              return;
            }
            transactions.ensure();
            @Nullable Object[] values = arguments.apply(statement.parameterTypes);
            if (statement.plan != null) {
              queries.run(statement, values, true);
            } else {
              utilities.run(statement.parsed, statement.parameterTypes, values);
            }
            transactions.statementEnded();
          });
    } finally {
      finishMessage();
      awaitClient();
    }
  }

  /// Runs work of another module as one command of the transaction.
  <R> R work(Function<SessionWork, R> work) {
    statementMicros = engine.clockMicros();
    armCancel();
    try {
      List<R> result = new ArrayList<>(1);
      guarded(
          () -> {
            transactions.ensure();
            try (StatementAccess access = transactions.current().beginCommand()) {
              result.add(work.apply(new SessionWork(this, access)));
            }
            transactions.statementEnded();
          });
      return result.getFirst();
    } finally {
      finishMessage();
    }
  }

  void bindDirect(String portalName, String text, Function<List<PgType>, @Nullable Object[]> arguments) {
    guarded(
        () -> {
          PreparedStatement statement = queries.prepareCached(text);
          closePortal(portalName);
          bind(portalName, statement, arguments.apply(statement.parameterTypes));
        });
  }

  void close() {
    if (closed) {
      return;
    }
    closed = true;
    timeouts.close();
    if (copyIn != null) {
      copyIn.abort();
      copyIn = null;
    }
    cursors.closeAll();
    portals.values().forEach(Portal::close);
    portals.clear();
    transactions.close();
    utilities.dropTemporaryObjects();
    txnSession.close();
    engine.branchRegistry().leave(branch);
    engine.notifications().sessionClosed(this);
  }
}
