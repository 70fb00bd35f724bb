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
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.txn.IsolationLevel;
import io.heliosdb.nano.txn.SessionEnvironment;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.txn.TransactionOptions;
import io.heliosdb.nano.txn.TxnSession;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state of one session and the way its statements take: text → statement → plan → rows. Everything a front end asks of a session
/// ends up here.
///
/// Confined to the session's actor, except [#cancelToken] and the fields of [SessionActivity]. Errors leave as [SqlException] after the
/// transaction has been put into the state PostgreSQL's would be in.
final class SessionCore implements SessionEnvironment {
  private final SessionLargeObjects largeObjects = new SessionLargeObjects(this);
  private boolean inReadOnlyFunction;
  private static final Logger LOG = LoggerFactory.getLogger(SessionCore.class);

  private final DatabaseEngine engine;
  private final int pid;
  private final Settings settings;
  private final CancelToken cancelToken = new CancelToken();
  private final TxnSession txnSession;
  private final TransactionControl transactions;
  private final SessionActivity activity;
  private final SessionTimeouts timeouts;
  private static final int LONG_TEXT_LENGTH = 64 << 10;
  private static final long PARSED_BYTES_PER_CHARACTER = 24;

  private final MemoryAccount memory;
  private volatile @Nullable Thread runner;
  private final TableUsage usage = new TableUsage();
  private final QueryExecutor queries;
  private final UtilityExecutor utilities;
  private final Cursors cursors;
  private final SessionSequences sequences;
  private final PlpgsqlHost plpgsql;
  private final SessionContext context;
  private final SimpleProtocol simple;
  private final ExtendedProtocol extended;
  private final DirectStatements direct;
  private final String database;
  private BranchState branch;
  private final Catalog.Role authenticatedUser;
  private Catalog.Role sessionUser;
  private Catalog.Role currentRole;
  private int temporaryNamespace;
  private ResultSink sink = ResultSink.NONE;
  private long statementMicros;
  private @Nullable TransactionOptions newestOptions;
  private volatile boolean endsWhenIdle;
  private boolean closed;

  /// The statement that runs, for the audit trail.
  private @Nullable String audited;
  private long runStartMicros;
  private @Nullable StatementCounters ranCounters;
  private long ranRows;

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
    this.context = new SessionContext(this);
    this.simple = new SimpleProtocol(this);
    this.extended = new ExtendedProtocol(this);
    this.direct = new DirectStatements(this);
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

  void countStatement(long nowMicros) {
    StatementCounters counters = ranCounters;
    if (counters != null) {
      ranCounters = null;
      counters.ran(Math.max(0, nowMicros - runStartMicros), ranRows);
    }
    runStartMicros = nowMicros;
  }

  /// The thread that runs, or ran last, a statement of this session.
  @Nullable Thread runner() {
    return runner;
  }

  /// What the trees of a long text take while it is worked on; short ones are not counted.
  static long parseBytes(String text) {
    return text.length() < LONG_TEXT_LENGTH ? 0 : PARSED_BYTES_PER_CHARACTER * text.length();
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

  SimpleProtocol simple() {
    return simple;
  }

  ExtendedProtocol extended() {
    return extended;
  }

  DirectStatements direct() {
    return direct;
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
    context.namesChanged();
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
    context.namesChanged();
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

  StatementSettings statementSettings() {
    return context.statementSettings();
  }

  ParseSettings parseSettings() {
    return context.parseSettings();
  }

  /// Formats, zone and types for reading and writing values.
  IoContext io() {
    return context.io();
  }

  SearchPath searchPath() {
    return context.searchPath();
  }

  PlanEnvironment environment() {
    return context.environment();
  }

  /// What `heliosdb.as_of` means, [io.heliosdb.nano.analyze.History#UNKNOWN] when it is not set.
  long asOfScn() {
    return context.asOfScn();
  }

  /// @throws SqlException 42P01
  Relation relation(QualifiedName name) {
    return context.relation(name);
  }

  /// Whether the open transaction may change nothing: it is read-only, or the session reads the past.
  boolean isReadOnly() {
    return transactions.current().isReadOnly() || !settings.get("heliosdb.as_of").isEmpty();
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

  /// Whether the innermost function that runs is declared to change nothing.
  boolean isInReadOnlyFunction() {
    return inReadOnlyFunction;
  }

  /// Runs a function's body; what it may do depends on its own volatility alone.
  <T extends @Nullable Object> T inFunction(io.heliosdb.nano.function.FunctionDef function, java.util.function.Supplier<T> body) {
    boolean outer = inReadOnlyFunction;
    inReadOnlyFunction = function.volatility() != 'v';
    try {
      return body.get();
    } finally {
      inReadOnlyFunction = outer;
    }
  }

  /// Who the client proved to be; `SET SESSION AUTHORIZATION` starts from here.
  Catalog.Role authenticatedUser() {
    return authenticatedUser;
  }

  /// DISCARD ALL.
  void discardAll() {
    cursors.closeAll();
    extended.closePortals();
    extended.statements().clear();
    setRoles(authenticatedUser, authenticatedUser);
    engine.notifications().unlisten(this, null);
    txnSession.advisoryUnlockAll();
    sequences.discard();
    discardTemporary();
    settings.resetAll();
    setRoles(authenticatedUser, authenticatedUser);
  }

  void runUtility(ParsedStatement statement, List<PgType> types, @Nullable Object[] values) {
    utilities.run(statement, types, values);
  }

  void discardTemporary() {
    utilities.dropTemporaryObjects();
  }

  void notice(Notice notice) {
    if (NoticeLevel.isWanted(settings.get("client_min_messages"), notice.severity())) {
      sink.notice(notice);
    }
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
    extended.transactionEnding();
  }

  SessionLargeObjects largeObjects() {
    return largeObjects;
  }

  void transactionEnded(boolean committed) {
    timeouts.transactionEnded();
    queries.transactionEnded();
    largeObjects.transactionEnded();
    engine.notifications().transactionEnded(this, committed);
    activity.transactionEnded();
  }

  /// What was made after a savepoint that is released belongs to the level below.
  void savepointReleased(int depth) {
    cursors.released(depth);
    extended.released(depth);
  }

  /// What was made since the savepoint at this depth is gone.
  void rolledBackToSavepoint(int depth) {
    cursors.rolledBackTo(depth);
    extended.rolledBackTo(depth);
    context.namesChanged();
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

  @Override
  public long writeSetBytes() {
    return memory.spillBytes(statementSettings().workMemBytes());
  }

  // ---- messages of the client ----

  /// Runs one message of the client that is complete in itself.
  void message(ResultSink to, Runnable work) {
    sink = to;
    startMessage();
    try {
      work.run();
    } finally {
      finishMessage();
      awaitClient();
    }
  }

  /// Takes what the client sends to a statement that waits for it.
  ///
  /// @param failed gives the statement up when that fails; it is over then
  void fed(ResultSink to, Runnable work, Runnable failed) {
    sink = to;
    boolean done = false;
    try {
      transacted(work);
      done = true;
    } catch (SqlException e) {
      audit(e.state());
      throw e;
    } finally {
      if (!done) {
        failed.run();
        finishMessage();
        awaitClient();
      }
      sink = ResultSink.NONE;
    }
  }

  /// Goes on with a message that had to wait for more of the client.
  void continued(ResultSink to, Runnable work) {
    sink = to;
    try {
      work.run();
    } finally {
      finishMessage();
      awaitClient();
    }
  }

  /// Runs one step of the extended protocol that may be cancelled.
  void execution(ResultSink to, Runnable work) {
    sink = to;
    armCancel();
    try {
      work.run();
    } finally {
      finishMessage();
    }
  }

  /// The client waits for this answer, and has nothing more to say before it.
  void answered(ResultSink to, Runnable work) {
    sink = to;
    try {
      work.run();
    } finally {
      sink = ResultSink.NONE;
      activity.statementEnded(transactions.status());
      awaitClient();
    }
  }

  private void startMessage() {
    statementArrived();
    countFrom(statementMicros);
    armCancel();
  }

  /// A statement has come in; its time is what `now()` gives if it begins a transaction.
  void statementArrived() {
    statementMicros = engine.clockMicros();
  }

  /// The run that is counted next began at this time.
  void countFrom(long micros) {
    runStartMicros = micros;
    ranCounters = null;
  }

  /// The client has been answered, and what it says next is not known.
  private void awaitClient() {
    if (!simple.isCopying()) {
      timeouts.idle();
    }
  }

  /// A statement of the client begins.
  void statementStarting(String text) {
    activity.statementStarted(text, statementMicros);
    if (engine.audit() != null) {
      audited = text;
    }
  }

  void audit(@Nullable SqlState failure) {
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
      LOG.warn("the heap ran out: {}", activity.query());
      throw new SqlException(SqlState.OUT_OF_MEMORY, "out of memory", e);
    } catch (java.io.UncheckedIOException e) {
      // The client has gone.
      transactions.statementFailed();
      throw e;
    } catch (RuntimeException e) {
      LOG.error("statement failed: {}", activity.query(), e);
      transactions.statementFailed();
      throw new SqlException(SqlState.INTERNAL_ERROR, "internal error: " + e, e);
    }
  }

  void armCancel() {
    runner = Thread.currentThread();
    if (cancelToken.isCancelled()) {
      cancelToken.reset();
    }
    timeouts.statementStarted();
  }

  private void finishMessage() {
    if (!simple.isCopying()) {
      timeouts.statementEnded();
      countStatement(activity.statementEnded(transactions.status()));
    }
    sink = ResultSink.NONE;
  }

  /// An error outside any statement (a bad message) fails the transaction as a statement would.
  void failTransaction() {
    transactions.statementFailed();
  }

  void close() {
    if (closed) {
      return;
    }
    closed = true;
    timeouts.close();
    simple.close();
    cursors.closeAll();
    extended.closePortals();
    transactions.close();
    utilities.dropTemporaryObjects();
    txnSession.close();
    engine.branchRegistry().leave(branch);
    engine.notifications().sessionClosed(this);
    memory.release(memory.usedBytes());
  }
}
