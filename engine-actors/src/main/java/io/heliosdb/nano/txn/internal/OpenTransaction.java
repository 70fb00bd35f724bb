package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.LockKey;
import io.heliosdb.nano.lock.LockOwner;
import io.heliosdb.nano.lock.LockTable;
import io.heliosdb.nano.lock.ThinLocks;
import io.heliosdb.nano.lock.TableLease;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.BulkWriter;
import io.heliosdb.nano.storage.CommitOutcome;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.storage.IndexWrite;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RelationEvent;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.txn.IsolationLevel;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.txn.TransactionOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The one implementation of [Transaction].
final class OpenTransaction implements Transaction {
  private final SessionLocks session;
  private final Engine engine;
  private final long serial;
  private TransactionOptions options;
  private final WriteSet writes;
  private final List<CommandAccess> openCommands = new ArrayList<>(2);
  private final List<CounterWrite> counters = new ArrayList<>(0);
  private final List<RelationEvent> events = new ArrayList<>(0);
  private final List<BulkLoad> loads = new ArrayList<>(0);
  private final List<CountingBulkWriter> bulkWriters = new ArrayList<>(0);
  private final List<LongConsumer> endActions = new ArrayList<>(0);
  private @Nullable Map<Long, Integer> tableLocks;

  /// Weak table modes taken through leases.
  private final List<LeaseUse> leaseUses = new ArrayList<>(4);

  private int lastCommandId;
  private int savepointLevel;
  private long xid;

  /// The transaction's snapshot at REPEATABLE READ and above; else -1.
  private long snapshotScn = -1;

  private boolean hasRead;

  /// The newest applied SCN that a newest read may have shown, perhaps before it was flushed.
  private long seenScn;

  // The newest view made, reused while the snapshot does not move.
  private long viewScn = -1;
  private @Nullable ReadView view;

  private @Nullable SerializableReads reads;
  private RecentCommits.@Nullable Registration registration;
  private boolean isEnded;

  OpenTransaction(SessionLocks session, long serial, TransactionOptions options) {
    this.session = session;
    this.engine = session.engine();
    this.serial = serial;
    this.options = options;
    writes = new WriteSet(session.environment(), engine.options().writeSetBytesMax());
  }

  Engine engine() {
    return engine;
  }

  /// The transaction's age, higher is younger.
  long serial() {
    return serial;
  }

  WriteSet writes() {
    return writes;
  }

  /// The recorder of a serializable read-write transaction, else null. Read-only ones never fail, so they record nothing.
  @Nullable SerializableReads reads() {
    return reads;
  }

  @Override
  public TransactionOptions options() {
    return options;
  }

  @Override
  public IsolationLevel isolation() {
    return options.isolation();
  }

  @Override
  public boolean isReadOnly() {
    return options.readOnly();
  }

  @Override
  public void setOptions(IsolationLevel isolation, boolean readOnly, boolean deferrable) {
    if (hasRead) {
      if (isolation != options.isolation()) {
        throw active("SET TRANSACTION ISOLATION LEVEL must be called before any query");
      }
      if (!readOnly && options.readOnly()) {
        throw active("transaction read-write mode must be set before any query");
      }
      if (deferrable != options.deferrable()) {
        throw active("SET TRANSACTION [NOT] DEFERRABLE must be called before any query");
      }
    }
    options = options.withIsolation(isolation).withReadOnly(readOnly).withDeferrable(deferrable);
  }

  private static SqlException active(String message) {
    return new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, message);
  }

  @Override
  public StatementAccess beginCommand() {
    checkActive();
    CommandAccess access = new CommandAccess(this, ++lastCommandId, null);
    openCommands.add(access);
    return access;
  }

  void commandClosed(CommandAccess access) {
    openCommands.remove(access);
  }

  @Override
  public int lastCommandId() {
    return lastCommandId;
  }

  @Override
  public boolean hasSnapshot() {
    return snapshotScn >= 0;
  }

  @Override
  public void importSnapshot(long scn) {
    if (hasRead) {
      throw active("SET TRANSACTION SNAPSHOT must be called before any query");
    }
    if (!isolation().keepsSnapshot()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "a snapshot-importing transaction must have isolation level SERIALIZABLE or REPEATABLE READ");
    }
    takeSnapshot(false);
    snapshotScn = Math.min(scn, snapshotScn);
    session.holdHistory(snapshotScn);
  }

  /// A read of the newest state has shown what was applied up to there. Later snapshots are not behind that, and the transaction does not
  /// end before it is durable: nobody is told what a crash could take back.
  void sawApplied(long scn) {
    if (scn > seenScn) {
      seenScn = scn;
    }
  }

  /// The snapshot of a command that reads for the first time.
  ///
  /// @param readsMuch whether it should be the newest state of the store, which is read fastest; then the end waits until that is durable
  long takeSnapshot(boolean readsMuch) {
    boolean isFirst = !hasRead;
    hasRead = true;
    if (isFirst) {
      session.snapshotComing();
    }
    if (!isolation().keepsSnapshot()) {
      if (readsMuch) {
        sawApplied(engine.store().appliedScn());
      }
      long scn = Math.max(engine.store().visibleScn(), seenScn);
      if (isFirst) {
        session.snapshotTaken(scn);
      }
      return scn;
    }
    if (snapshotScn < 0) {
      if (isolation() == IsolationLevel.SERIALIZABLE && !isReadOnly()) {
        registration = engine.recentCommits().register();
        reads = new SerializableReads();
        // What was applied before is not checked against when it commits.
        sawApplied(engine.store().appliedScn());
      }
      snapshotScn = Math.max(engine.store().visibleScn(), seenScn);
      session.snapshotTaken(snapshotScn);
    }
    return snapshotScn;
  }

  ReadView viewAt(long scn) {
    if (viewScn != scn) {
      view = options.view().asOf(scn);
      viewScn = scn;
    }
    return view;
  }

  @Override
  public long xid() {
    if (xid == 0) {
      checkActive();
      xid = engine.transactionIds().assign();
    }
    return xid;
  }

  @Override
  public long xidIfAssigned() {
    return xid;
  }

  @Override
  public boolean hasWrites() {
    return !writes.isEmpty() || !counters.isEmpty() || !events.isEmpty() || !loads.isEmpty();
  }

  @Override
  public boolean hasDataWrites() {
    return !events.isEmpty() || !loads.isEmpty() || writes.changesBranch();
  }

  @Override
  public long writeSetBytes() {
    return writes.bytes();
  }

  void checkActive() {
    if (isEnded) {
      throw new IllegalStateException("the transaction has ended");
    }
    engine.checkUsable();
  }

  void checkWritable() {
    if (isEnded) {
      throw new IllegalStateException("the transaction has ended");
    }
    if (options.readOnly()) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot write in a read-only transaction");
    }
  }

  /// How far each of the transaction's lists had come.
  private record Mark(
      OpenTransaction owner, int level, long writeMark, int counterCount, int eventCount, int loadCount, int actionCount)
      implements Savepoint {}

  @Override
  public Savepoint savepoint() {
    checkActive();
    return new Mark(
        this, ++savepointLevel, writes.mark(), counters.size(), events.size(), loads.size(), endActions.size());
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    Mark mark = ownMark(savepoint);
    writes.rollbackTo(mark.writeMark);
    truncate(counters, mark.counterCount);
    truncate(events, mark.eventCount);
    while (endActions.size() > mark.actionCount) {
      endActions.removeLast().accept(-1);
    }
    while (loads.size() > mark.loadCount) {
      engine.store().discard(loads.removeLast());
    }
    tableLocks = null;
    while (!leaseUses.isEmpty() && leaseUses.getLast().level >= mark.level) {
      releaseLease(leaseUses.removeLast());
    }
    boolean asked = session.owner().hasAsked();
    LockTable.Release release = engine.thinLocks().releaseSince(session.owner(), mark.level);
    if (asked || release != null) {
      engine.tellLockTable(new LockTable.ReleaseSince(session.owner(), mark.level, release));
    }
  }

  private static void truncate(List<?> list, int size) {
    list.subList(size, list.size()).clear();
  }

  private Mark ownMark(Savepoint savepoint) {
    if (savepoint instanceof Mark mark && mark.owner == this) {
      return mark;
    }
    throw new IllegalArgumentException("a savepoint of another transaction");
  }

  @Override
  public void release(Savepoint savepoint) {
    ownMark(savepoint);
  }

  /// Asks the lock table; while it has to wait, no command holds a reader.
  private LockTable.AcquireReply acquire(List<LockKey> keys, TableLockMode mode, WaitPolicy policy) {
    checkActive();
    session.owner().asks();
    LockTable.AcquireReply reply =
        session.acquire(serial, xid, savepointLevel, keys, mode, false, policy, false, this::releaseReaders);
    if (reply instanceof LockTable.Granted granted && granted.acquiredCount() > 0) {
      writes.account(granted.acquiredCount() * (long) LockTable.BYTES_PER_LOCK);
    }
    return reply;
  }

  /// Locks rows or unique keys in order, each that nobody else wants by itself, the others through the lock table. Nothing is taken before what stands
  /// ahead of it has been granted: so those who lock rows in one order never wait for each other in a circle.
  LockTable.AcquireReply acquireInRow(LockKey[] keys, TableLockMode mode, WaitPolicy policy) {
    checkActive();
    LockOwner owner = session.owner();
    owner.begin(serial, xid());
    ThinLocks locks = engine.thinLocks();
    int taken = 0;
    int acquired = 0;
    long keyBytes = 0;
    boolean[] skipped = null;
    for (int i = 0; i < keys.length; i++) {
      LockKey key = keys[i];
      ThinLocks.Attempt attempt = locks.acquire(owner, key, mode, savepointLevel);
      if (attempt == ThinLocks.Attempt.TAKEN) {
        taken++;
        keyBytes += key.byteCount();
      } else if (attempt != ThinLocks.Attempt.COVERED) {
        if (attempt == ThinLocks.Attempt.STRAY) {
          engine.tellLockTable(new LockTable.ReleaseSince(owner, Integer.MAX_VALUE, owner.takeStray()));
        }
        switch (acquire(List.of(key), mode, policy)) {
          case LockTable.NotAvailable ignored -> {
            return new LockTable.NotAvailable(i);
          }
          case LockTable.Granted granted -> {
            acquired += granted.acquiredCount();
            if (granted.skipped() != null) {
              skipped = skipped == null ? new boolean[keys.length] : skipped;
              skipped[i] = true;
            }
          }
        }
      }
    }
    if (taken > 0) {
      writes.account(taken * (long) LockTable.BYTES_PER_LOCK + keyBytes);
      long freed = locks.compact(owner, keyBytes / taken);
      if (freed != 0) {
        writes.account(-freed);
      }
    }
    return LockTable.Granted.of(skipped, acquired + taken);
  }

  void releaseReaders() {
    for (CommandAccess access : openCommands) {
      access.releaseReader();
    }
  }

  private static WaitPolicy policy(boolean nowait) {
    return nowait ? WaitPolicy.NOWAIT : WaitPolicy.WAIT;
  }

  /// A mode taken through a lease, and at which savepoint level.
  private record LeaseUse(TableLease lease, TableLockMode mode, int level) {}

  @Override
  public boolean lockTable(long oid, TableLockMode mode, boolean nowait) {
    return TableLease.isWeak(mode) ? lockTableWeakly(oid, mode, nowait) : lockTableByMessage(oid, mode, nowait);
  }

  private boolean lockTableWeakly(long oid, TableLockMode mode, boolean nowait) {
    TableLease lease = session.lease(options.branch(), oid);
    if (lease != null) {
      if (lease.holds(mode)) {
        return true;
      }
      if (lease.take(mode)) {
        leaseUses.add(new LeaseUse(lease, mode, savepointLevel));
        return true;
      }
      session.forgetLease(options.branch(), oid);
    } else if (session.mayLease()) {
      return lockTableWithLease(oid, mode, nowait);
    }
    return lockTableByMessage(oid, mode, nowait);
  }

  private boolean lockTableWithLease(long oid, TableLockMode mode, boolean nowait) {
    checkActive();
    LockKey key = LockKey.relation(options.branch(), oid);
    LockTable.AcquireReply reply =
        session.acquire(serial, xid, savepointLevel, List.of(key), mode, false, policy(nowait), true, this::releaseReaders);
    if (reply instanceof LockTable.Granted granted && granted.lease() != null) {
      session.keepLease(options.branch(), oid, granted.lease());
      leaseUses.add(new LeaseUse(granted.lease(), mode, savepointLevel));
      return true;
    }
    session.owner().asks();
    return reply instanceof LockTable.Granted;
  }

  private void releaseLease(LeaseUse use) {
    if (use.lease.release(use.mode.bit())) {
      engine.tellLockTable(new LockTable.LeaseReleased(use.lease, use.mode.bit()));
    }
  }

  private boolean lockTableByMessage(long oid, TableLockMode mode, boolean nowait) {
    if (tableLocks == null) {
      tableLocks = new HashMap<>(4);
    }
    int held = tableLocks.getOrDefault(oid, 0);
    if ((held & mode.bit()) != 0) {
      return true;
    }
    LockKey key = LockKey.relation(options.branch(), oid);
    boolean granted = acquire(List.of(key), mode, policy(nowait)) instanceof LockTable.Granted;
    if (granted) {
      tableLocks.put(oid, held | mode.bit());
    }
    return granted;
  }

  @Override
  public boolean lockObject(long classOid, long objectOid, TableLockMode mode, boolean nowait) {
    LockKey key = LockKey.object(classOid, objectOid);
    return acquire(List.of(key), mode, policy(nowait)) instanceof LockTable.Granted;
  }

  @Override
  public boolean advisoryLock(long key, boolean twoKeys, boolean shared, boolean wait) {
    LockKey lockKey = LockKey.advisory(session.owner().databaseOid, key, twoKeys);
    return acquire(List.of(lockKey), SessionLocks.advisoryMode(shared), policy(!wait)) instanceof LockTable.Granted;
  }

  @Override
  public BulkWriter bulkWriter() {
    checkWritable();
    CountingBulkWriter writer = new CountingBulkWriter(engine.store().bulkWriter(options.branch()));
    bulkWriters.add(writer);
    return writer;
  }

  @Override
  public void attach(BulkLoad load) {
    loads.add(load);
  }

  @Override
  public void attach(RelationEvent event) {
    events.add(event);
  }

  @Override
  public void attach(CounterWrite write) {
    counters.add(write);
  }

  @Override
  public void onEnd(LongConsumer action) {
    endActions.add(action);
  }

  @Override
  public long commit() {
    checkActive();
    closeCommands();
    try {
      Collection<RowWrite> rows = writes.isEmpty() ? List.of() : writes.netRows();
      Collection<IndexWrite> entries = writes.isEmpty() ? List.of() : writes.netEntries();
      boolean isEmpty = rows.isEmpty() && entries.isEmpty() && counters.isEmpty() && events.isEmpty() && loads.isEmpty();
      if (isEmpty) {
        awaitSeen();
        end(0);
        return 0;
      }
      long scn = write(new CommitUnit(
          options.branch(), xid(), options.userOid(), options.tenant(), rows, entries,
          List.copyOf(counters), List.copyOf(events), List.copyOf(loads)));
      countChanges(rows.size());
      end(scn);
      return scn;
    } finally {
      if (!isEnded) {
        undo();
      }
    }
  }

  @Override
  public void checkSerializable() {
    if (!writes.isEmpty()) {
      checkReadsStand();
    }
  }

  @Override
  public void checkReadsStand() {
    if (reads != null
        && engine.recentCommits().isOverwritten(registration, snapshotScn, options.branch(), reads)) {
      throw Committer.serializationFailure();
    }
  }

  private void countChanges(long rowCount) {
    long bulkRows = 0;
    long bulkBytes = 0;
    for (CountingBulkWriter writer : bulkWriters) {
      bulkRows += writer.rows();
      bulkBytes += writer.bytes();
    }
    engine.counts().changedRows.add(rowCount + bulkRows);
    engine.counts().changedBytes.add(writes.bytes() + bulkBytes);
  }

  private long write(CommitUnit unit) {
    Committer.Validation validation = null;
    if (reads != null) {
      if (registration.isDoomed() || !engine.recentCommits().validate(registration, snapshotScn, unit.branch(), reads)) {
        throw Committer.serializationFailure();
      }
      validation = new Committer.Validation(registration, snapshotScn, reads);
    }
    List<RowFates.Fate> fates = RowFates.of(writes, unit.branch(), this);
    engine.rowFates().put(fates);
    // What must be known before others go on (a changed catalog) comes before the release of the locks.
    boolean releasesLocks = session.owner().hasLocks() && endActions.isEmpty();
    CommitOutcome outcome =
        engine.commit(unit, session.environment().synchronousCommit(), releasesLocks ? session.owner() : null, validation, fates);
    return switch (outcome) {
      case CommitOutcome.Committed committed -> committed.scn();
      case CommitOutcome.Failed failed -> {
        engine.rowFates().withdrawn(fates);
        throw failed.error();
      }
    };
  }

  @Override
  public void rollback() {
    if (!isEnded) {
      closeCommands();
      undo();
      if (seenScn > engine.store().visibleScn() && engine.failure() == null) {
        // The session's next snapshot is not to be behind what it has seen.
        engine.awaitVisible(seenScn);
      }
    }
  }

  private void awaitSeen() {
    if (seenScn > engine.store().visibleScn() && engine.awaitVisible(seenScn) instanceof CommitOutcome.Failed failed) {
      throw failed.error();
    }
  }

  private void undo() {
    for (BulkLoad load : loads) {
      if (engine.failure() == null) {
        engine.store().discard(load);
      }
    }
    end(-1);
  }

  private void closeCommands() {
    while (!openCommands.isEmpty()) {
      openCommands.getLast().close();
    }
  }

  private void end(long scn) {
    isEnded = true;
    if (xid != 0) {
      engine.transactionIds().ended(xid, scn);
    }
    session.snapshotGone();
    (scn >= 0 ? engine.counts().commits : engine.counts().rollbacks).increment();
    if (registration != null) {
      engine.recentCommits().unregister(registration);
    }
    try {
      // What was done last is undone first.
      for (LongConsumer action : scn < 0 ? endActions.reversed() : endActions) {
        action.accept(scn);
      }
    } finally {
      releaseLocks();
      for (int i = 0; i < leaseUses.size(); i++) {
        releaseLease(leaseUses.get(i));
      }
      writes.clear();
      session.ended(this);
    }
  }

  private void releaseLocks() {
    LockOwner owner = session.owner();
    if (owner.hasLocks()) {
      LockTable.Release release = engine.thinLocks().releaseAll(owner);
      if (release != null) {
        engine.tellLockTable(new LockTable.ReleaseTransactions(List.of(release)));
      }
    }
    owner.end();
  }

  @Override
  public boolean isEnded() {
    return isEnded;
  }
}
