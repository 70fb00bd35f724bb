package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.TransactionStatement;
import io.heliosdb.nano.parse.ast.TransactionStatement.TransactionModes;
import io.heliosdb.nano.txn.IsolationLevel;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.txn.TransactionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Transaction blocks of one session, as PostgreSQL's protocol shows them.
///
/// ```
///   IDLE --statement--> implicit transaction --end of statement / Sync--> IDLE
///   IDLE --BEGIN--> IN_BLOCK --COMMIT/ROLLBACK--> IDLE
///   IN_BLOCK --error--> FAILED --ROLLBACK [TO savepoint]--> IDLE [IN_BLOCK]
/// ```
/// A failed block without savepoints has rolled back (and released its locks) at once; with savepoints it has rolled back to the newest.
/// Confined to the session's thread. Source: PostgreSQL 15 manual, "Transactions", "SAVEPOINT".
final class TransactionControl {
  private record Level(@Nullable String name, Transaction.Savepoint mark, int catalogMark, Object checksMark, Notifications.Mark notificationsMark) {}

  private final SessionCore session;
  private final List<Level> levels = new ArrayList<>();
  private @Nullable Transaction transaction;
  private @Nullable CatalogBuilder catalogChanges;
  private @Nullable TransactionModes nextModes;

  /// Of the transaction that ended last: what AND CHAIN repeats after a failed block.
  private TransactionOptions lastOptions = TransactionOptions.DEFAULT;
  private boolean block;
  private boolean implicitBlock;
  private boolean failed;
  private boolean startsInProcedure;
  private long startMicros;

  TransactionControl(SessionCore session) {
    this.session = session;
  }

  TransactionStatus status() {
    return failed ? TransactionStatus.FAILED : block ? TransactionStatus.IN_BLOCK : TransactionStatus.IDLE;
  }

  boolean inBlock() {
    return block;
  }

  /// Whether more statements of the same message follow or preceded in one transaction.
  boolean inImplicitBlock() {
    return implicitBlock;
  }

  /// The number of savepoints set.
  int depth() {
    return levels.size();
  }

  boolean hasTransaction() {
    return transaction != null;
  }

  Transaction current() {
    return java.util.Objects.requireNonNull(transaction, "no transaction");
  }

  @Nullable Transaction currentOrNull() {
    return transaction;
  }

  long startMicros() {
    return startMicros;
  }

  /// The transaction's own catalog changes, made on first need.
  CatalogBuilder catalogChanges() {
    if (catalogChanges == null) {
      catalogChanges = session.engine().newCatalogBuilder(session.branchState());
    }
    return catalogChanges;
  }

  @Nullable CatalogBuilder catalogChangesOrNull() {
    return catalogChanges;
  }

  void setNextModes(TransactionModes modes) {
    nextModes = modes;
  }

  /// Makes sure a transaction is open for a statement.
  ///
  /// @throws SqlException 25P02 in a failed block
  void ensure() {
    if (failed) {
      throw new SqlException(SqlState.IN_FAILED_SQL_TRANSACTION, "current transaction is aborted, commands ignored until end of transaction block");
    }
    if (transaction == null) {
      start(nextModes == null ? TransactionModes.NONE : nextModes);
    }
  }

  private void start(TransactionModes modes) {
    nextModes = null;
    Settings settings = session.settings();
    StatementSettings present = session.statementSettings();
    IsolationLevel isolation = modes.isolation() != null ? level(modes.isolation()) : present.isolation();
    boolean readOnly = modes.readOnly() != null ? modes.readOnly() : present.readOnly();
    boolean deferrable = modes.deferrable() != null ? modes.deferrable() : present.deferrable();
    transaction = session.beginTransaction(isolation, readOnly, deferrable);
    startMicros = startsInProcedure ? session.engine().clockMicros() : session.statementMicros();
    settings.beginTransaction();
    session.activity().transactionStarted(startMicros);
    session.timeouts().transactionStarted();
  }

  static IsolationLevel level(TransactionStatement.IsolationLevel level) {
    return switch (level) {
      case READ_UNCOMMITTED, READ_COMMITTED -> IsolationLevel.READ_COMMITTED;
      case REPEATABLE_READ -> IsolationLevel.REPEATABLE_READ;
      case SERIALIZABLE -> IsolationLevel.SERIALIZABLE;
    };
  }

  static IsolationLevel level(String setting) {
    return switch (setting.toLowerCase(Locale.ROOT)) {
      case "repeatable read" -> IsolationLevel.REPEATABLE_READ;
      case "serializable" -> IsolationLevel.SERIALIZABLE;
      default -> IsolationLevel.READ_COMMITTED;
    };
  }

  /// Several statements of one message share a transaction until [#endImplicitBlock].
  void beginImplicitBlock() {
    if (!block) {
      implicitBlock = true;
    }
  }

  void endImplicitBlock() {
    implicitBlock = false;
    if (!block && !failed) {
      commitImplicit();
    }
  }

  /// The end of a statement outside a block commits.
  void statementEnded() {
    if (!block && !implicitBlock) {
      commitImplicit();
    }
  }

  /// Commits an implicit transaction that is still open (Sync).
  void commitImplicit() {
    if (transaction != null && !block) {
      commit();
    }
  }

  /// A statement has failed.
  void statementFailed() {
    if (!block) {
      implicitBlock = false;
      if (transaction != null) {
        rollbackAll();
      }
      return;
    }
    failed = true;
    if (transaction == null || transaction.isEnded()) {
      abandon();
    } else if (levels.isEmpty()) {
      rollbackAll();
    } else {
      rollbackToLevel(levels.getLast());
    }
  }

  // ---- statements ----

  String begin(TransactionStatement.Begin statement) {
    String tag = statement.start() ? "START TRANSACTION" : "BEGIN";
    if (failed) {
      ensure();
    }
    if (block) {
      session.notice(Notice.warning(SqlState.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress"));
      if (!statement.modes().equals(TransactionModes.NONE)) {
        setModes(statement.modes());
      }
      return tag;
    }
    if (transaction == null) {
      start(merge(nextModes, statement.modes()));
    } else if (!statement.modes().equals(TransactionModes.NONE)) {
      setModes(statement.modes());
    }
    block = true;
    implicitBlock = false;
    return tag;
  }

  private static TransactionModes merge(@Nullable TransactionModes earlier, TransactionModes later) {
    if (earlier == null) {
      return later;
    }
    return new TransactionModes(
        later.isolation() != null ? later.isolation() : earlier.isolation(),
        later.readOnly() != null ? later.readOnly() : earlier.readOnly(),
        later.deferrable() != null ? later.deferrable() : earlier.deferrable());
  }

  /// SET TRANSACTION inside a transaction.
  void setModes(TransactionModes modes) {
    Transaction open = current();
    IsolationLevel isolation = modes.isolation() == null ? open.isolation() : level(modes.isolation());
    if (isolation != open.isolation() && open.hasSnapshot() || isolation != open.isolation() && open.lastCommandId() > 0) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "SET TRANSACTION ISOLATION LEVEL must be called before any query");
    }
    boolean readOnly = modes.readOnly() == null ? open.isReadOnly() : modes.readOnly();
    if (open.isReadOnly() && !readOnly && open.lastCommandId() > 0) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "transaction read-write mode must be set before any query");
    }
    boolean deferrable = modes.deferrable() == null ? open.options().deferrable() : modes.deferrable();
    open.setOptions(isolation, readOnly, deferrable);
  }

  String commit(TransactionStatement.Commit statement) {
    if (!block) {
      if (implicitBlock) {
        session.notice(Notice.warning(SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress"));
        commitOpen();
        return "COMMIT";
      }
      if (statement.chain()) {
        throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "COMMIT AND CHAIN can only be used in transaction blocks");
      }
      session.notice(Notice.warning(SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress"));
      commitOpen();
      return "COMMIT";
    }
    TransactionModes chained = statement.chain() ? modesOfCurrent() : null;
    boolean wasFailed = failed;
    if (wasFailed) {
      rollbackAll();
    } else {
      commitOpen();
    }
    leaveBlock(chained);
    return wasFailed ? "ROLLBACK" : "COMMIT";
  }

  /// Two-phase commit is switched off for good: what PostgreSQL answers with its default `max_prepared_transactions = 0`.
  /// The refused transaction is over, as there.
  String prepare() {
    if (!block) {
      session.notice(Notice.warning(SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress"));
      return "ROLLBACK";
    }
    boolean wasFailed = failed;
    rollbackAll();
    leaveBlock(null);
    if (wasFailed) {
      return "ROLLBACK";
    }
    throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "prepared transactions are disabled")
        .withHint("Set max_prepared_transactions to a nonzero value.");
  }

  SqlException noPrepared(String command, String gid) {
    if (block) {
      return new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, command + " cannot run inside a transaction block");
    }
    return new SqlException(SqlState.UNDEFINED_OBJECT, "prepared transaction with identifier \"" + gid + "\" does not exist");
  }

  String rollback(TransactionStatement.Rollback statement) {
    if (!block) {
      if (statement.chain()) {
        throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "ROLLBACK AND CHAIN can only be used in transaction blocks");
      }
      session.notice(Notice.warning(SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress"));
      if (transaction != null) {
        rollbackAll();
      }
      return "ROLLBACK";
    }
    TransactionModes chained = statement.chain() ? modesOfCurrent() : null;
    rollbackAll();
    leaveBlock(chained);
    return "ROLLBACK";
  }

  private TransactionModes modesOfCurrent() {
    TransactionOptions options = transaction == null ? lastOptions : transaction.options();
    TransactionStatement.IsolationLevel isolation =
        switch (options.isolation()) {
          case READ_UNCOMMITTED, READ_COMMITTED -> TransactionStatement.IsolationLevel.READ_COMMITTED;
          case REPEATABLE_READ -> TransactionStatement.IsolationLevel.REPEATABLE_READ;
          case SERIALIZABLE -> TransactionStatement.IsolationLevel.SERIALIZABLE;
        };
    return new TransactionModes(isolation, options.readOnly(), options.deferrable());
  }

  private void leaveBlock(@Nullable TransactionModes chained) {
    block = false;
    failed = false;
    if (chained != null) {
      start(chained);
      block = true;
    }
  }

  String savepoint(String name) {
    requireBlock("SAVEPOINT");
    levels.add(new Level(name, current().savepoint(), catalogMark(), session.queries().checksMark(), session.engine().notifications().mark(session)));
    session.settings().pushLevel();
    return "SAVEPOINT";
  }

  String release(String name) {
    requireBlock("RELEASE SAVEPOINT");
    int index = find(name);
    while (levels.size() > index) {
      Level level = levels.removeLast();
      current().release(level.mark());
      session.settings().mergeLevel();
      session.savepointReleased(levels.size());
    }
    return "RELEASE";
  }

  String rollbackTo(String name) {
    requireBlock("ROLLBACK TO SAVEPOINT");
    int index = find(name);
    while (levels.size() > index + 1) {
      levels.removeLast();
      session.settings().rollbackLevel();
    }
    Level level = levels.getLast();
    rollbackToLevel(level);
    session.settings().rollbackLevel();
    session.settings().pushLevel();
    failed = false;
    return "ROLLBACK";
  }

  private void rollbackToLevel(Level level) {
    current().rollbackTo(level.mark());
    if (catalogChanges != null) {
      catalogChanges.rollbackTo(level.catalogMark());
    }
    session.queries().rollbackChecks(level.checksMark());
    session.engine().notifications().rollbackTo(session, level.notificationsMark());
    session.rolledBackToSavepoint(levels.size());
  }

  /// Whether the open transaction has changed the catalog.
  boolean hasCatalogChanges() {
    return catalogChanges != null && !catalogChanges.isEmpty();
  }

  private int catalogMark() {
    return catalogChanges == null ? 0 : catalogChanges.mark();
  }

  private int find(String name) {
    for (int i = levels.size() - 1; i >= 0; i--) {
      if (name.equals(levels.get(i).name())) {
        return i;
      }
    }
    throw new SqlException(SqlState.S_E_INVALID_SPECIFICATION, "savepoint \"" + name + "\" does not exist");
  }

  private void requireBlock(String command) {
    if (!block) {
      throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, command + " can only be used in transaction blocks");
    }
  }

  /// A nested level that a procedural language opens for an EXCEPTION block: commands after it can be undone alone.
  int pushInternalLevel() {
    levels.add(new Level(null, current().savepoint(), catalogMark(), session.queries().checksMark(), session.engine().notifications().mark(session)));
    session.settings().pushLevel();
    return levels.size();
  }

  void releaseInternalLevel(int depth) {
    while (levels.size() >= depth) {
      current().release(levels.removeLast().mark());
      session.settings().mergeLevel();
      session.savepointReleased(levels.size());
    }
  }

  void rollbackInternalLevel(int depth) {
    while (levels.size() > depth) {
      levels.removeLast();
      session.settings().rollbackLevel();
    }
    rollbackToLevel(levels.getLast());
    current().release(levels.removeLast().mark());
    session.settings().rollbackLevel();
  }

  /// Whether a procedure may end the transaction: the client has no block open around its CALL.
  boolean isControlAllowed() {
    return !block && !implicitBlock && !failed;
  }

  /// COMMIT or ROLLBACK in a procedure: ends the transaction and begins the next one.
  void endInProcedure(boolean commit, boolean chain) {
    TransactionModes modes = chain ? modesOfCurrent() : TransactionModes.NONE;
    if (commit) {
      commitOpen();
    } else {
      rollbackAll();
    }
    startsInProcedure = true;
    try {
      start(modes);
    } finally {
      startsInProcedure = false;
    }
  }

  // ---- ends ----

  private void commit() {
    try {
      commitOpen();
    } finally {
      block = false;
      implicitBlock = false;
    }
  }

  /// Commits the open transaction, if any. When it fails the transaction is rolled back and the block is over.
  private void commitOpen() {
    Transaction open = transaction;
    if (open == null) {
      return;
    }
    try {
      session.queries().runDeferredChecks();
      OnCommitActions.run(session, open);
      session.transactionEnding(true);
      if (catalogChanges != null && !catalogChanges.isEmpty()) {
        session.engine().publishOnCommit(session.branchState(), catalogChanges, open);
      }
      lastOptions = open.options();
      open.commit();
    } catch (RuntimeException e) {
      block = false;
      failed = false;
      implicitBlock = false;
      if (!open.isEnded()) {
        open.rollback();
      }
      ended(false);
      throw e;
    }
    ended(true);
  }

  private void rollbackAll() {
    Transaction open = transaction;
    if (open != null) {
      lastOptions = open.options();
      try {
        session.transactionEnding(false);
      } finally {
        if (!open.isEnded()) {
          open.rollback();
        }
      }
    }
    ended(false);
  }

  private void abandon() {
    ended(false);
  }

  private void ended(boolean committed) {
    transaction = null;
    catalogChanges = null;
    levels.clear();
    session.settings().endTransaction(committed);
    session.transactionEnded(committed);
  }

  /// A read-only transaction for work that is no statement; ended by [#close].
  void beginWork(IsolationLevel isolation) {
    if (transaction != null || block) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "a transaction is in progress");
    }
    transaction = session.beginTransaction(isolation, true, false);
    startMicros = session.engine().clockMicros();
    session.settings().beginTransaction();
  }

  /// The session ends: whatever is open is rolled back.
  void close() {
    if (transaction != null) {
      rollbackAll();
    }
    block = false;
    failed = false;
  }
}
