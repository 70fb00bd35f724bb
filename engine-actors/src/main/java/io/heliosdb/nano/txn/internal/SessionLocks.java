package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.Host;
import io.heliosdb.nano.lock.LockKey;
import io.heliosdb.nano.lock.LockOwner;
import io.heliosdb.nano.lock.LockTable;
import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.lock.TableLease;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.txn.SessionEnvironment;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.txn.TransactionOptions;
import io.heliosdb.nano.txn.TxnSession;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A session's place in the lock table, and its open transaction.
final class SessionLocks implements TxnSession {
  private static final long HOLDS_NOTHING = Long.MAX_VALUE;
  private static final VarHandle HELD_SCN;

  static {
    try {
      HELD_SCN = MethodHandles.lookup().findVarHandle(SessionLocks.class, "heldScn", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int LEASE_COUNT_MAX = 64;

  private final Engine engine;
  private final LockOwner owner;
  private final SessionEnvironment environment;
  private final CancelToken cancelToken;
  private @Nullable OpenTransaction open;

  /// Leases by branch and table oid.
  private final Map<Long, TableLease> leases = new HashMap<>();
  private boolean hasSessionLocks;

  /// The oldest SCN that the open transaction reads as of, for the trimming of history: [#HOLDS_NOTHING] without a snapshot, 0 from just before
  /// a snapshot is taken until it is known. Written here, read by the keeper of history: who trims reads the newest SCN first and this then, so a
  /// snapshot it does not see is a younger one.
  private volatile long heldScn = HOLDS_NOTHING;
  private boolean isClosed;

  SessionLocks(Engine engine, LockOwner owner, SessionEnvironment environment, CancelToken cancelToken) {
    this.engine = engine;
    this.owner = owner;
    this.environment = environment;
    this.cancelToken = cancelToken;
  }

  Engine engine() {
    return engine;
  }

  LockOwner owner() {
    return owner;
  }

  SessionEnvironment environment() {
    return environment;
  }

  @Override
  public int pid() {
    return owner.pid;
  }

  @Override
  public CancelToken cancelToken() {
    return cancelToken;
  }

  @Override
  public Transaction begin(TransactionOptions options) {
    engine.checkUsable();
    if (isClosed || open != null) {
      throw new IllegalStateException(isClosed ? "the session is closed" : "a transaction is open already");
    }
    open = new OpenTransaction(this, engine.nextTransactionSerial(), options);
    return open;
  }

  void ended(OpenTransaction transaction) {
    if (open == transaction) {
      open = null;
    }
  }

  /// Asks for locks and waits for the answer, at most `lock_timeout`; a cancel ends the wait too.
  ///
  /// @param beforeWait runs before the thread goes to sleep
  LockTable.AcquireReply acquire(
      long serial,
      long xid,
      int level,
      List<LockKey> keys,
      TableLockMode mode,
      boolean isSessionScoped,
      WaitPolicy policy,
      boolean withLease,
      Runnable beforeWait) {
    owner.begin(serial, xid);
    ReplySlot<LockTable.AcquireReply> slot = new ReplySlot<>();
    CallerTurn turn = CallerTurn.current();
    turn.enter();
    try {
      LockTable.AcquireLocks request =
          new LockTable.AcquireLocks(owner, serial, xid, level, keys, mode, isSessionScoped, policy, slot);
      engine.lockTable().tell(withLease ? new LockTable.AcquireWithLease(request) : request);
      if (slot.isDone() || slot.spin()) {
        return slot.get();
      }
      beforeWait.run();
      engine.counts().lockWaits.increment();
      return await(slot);
    } catch (SqlException e) {
      if (e.state() == SqlState.T_R_DEADLOCK_DETECTED) {
        engine.counts().deadlocks.increment();
      }
      throw e;
    } finally {
      turn.leave();
    }
  }

  /// A snapshot is about to be taken; the fence of this write comes before the reading of the newest SCN.
  void snapshotComing() {
    heldScn = 0;
  }

  void snapshotTaken(long scn) {
    HELD_SCN.setRelease(this, scn);
  }

  void snapshotGone() {
    HELD_SCN.setRelease(this, HOLDS_NOTHING);
  }

  @Override
  public void holdHistory(long scn) {
    heldScn = Math.min(heldScn, scn);
  }

  long heldScn() {
    return heldScn;
  }

  /// The lease for a table, null when there is none.
  @Nullable TableLease lease(int branch, long oid) {
    return leases.get(leaseKey(branch, oid));
  }

  /// Whether another lease may be asked for; makes room by giving back all when there are too many.
  boolean mayLease() {
    if (leases.size() >= LEASE_COUNT_MAX) {
      giveBackLeases();
    }
    return leases.size() < LEASE_COUNT_MAX;
  }

  /// Gives back the leases that are not in use.
  private void giveBackLeases() {
    List<TableLease> idle = leases.values().stream().filter(TableLease::isIdle).toList();
    leases.values().removeAll(idle);
    engine.tellLockTable(new LockTable.DropLeases(idle));
  }

  void keepLease(int branch, long oid, TableLease lease) {
    leases.put(leaseKey(branch, oid), lease);
  }

  void forgetLease(int branch, long oid) {
    leases.remove(leaseKey(branch, oid));
  }

  /// Oids have 32 bits.
  private static long leaseKey(int branch, long oid) {
    return (long) branch << 32 | oid;
  }

  private LockTable.AcquireReply await(ReplySlot<LockTable.AcquireReply> slot) {
    long timeoutMillis = environment.lockTimeoutMillis();
    long deadlineNanos = timeoutMillis <= 0 ? Long.MAX_VALUE : Host.current().nanoTime() + timeoutMillis * 1_000_000L;
    if (!slot.awaitUntil(cancelToken, deadlineNanos)) {
      SqlException cancelled = cancelToken.reason();
      SqlException reason =
          cancelled != null ? cancelled : new SqlException(SqlState.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
      engine.lockTable().tell(new LockTable.GiveUpWait(owner, slot, reason));
    }
    return slot.await(engine::checkRunning);
  }

  static TableLockMode advisoryMode(boolean shared) {
    return shared ? TableLockMode.SHARE : TableLockMode.EXCLUSIVE;
  }

  @Override
  public boolean advisoryLock(long key, boolean twoKeys, boolean shared, boolean wait) {
    engine.checkUsable();
    LockKey lockKey = LockKey.advisory(owner.databaseOid, key, twoKeys);
    hasSessionLocks = true;
    OpenTransaction transaction = open;
    LockTable.AcquireReply reply =
        acquire(
            transaction == null ? engine.nextTransactionSerial() : transaction.serial(),
            transaction == null ? 0 : transaction.xidIfAssigned(),
            0,
            List.of(lockKey),
            advisoryMode(shared),
            true,
            wait ? WaitPolicy.WAIT : WaitPolicy.NOWAIT,
            false,
            () -> {
              if (transaction != null) {
                transaction.releaseReaders();
              }
            });
    return reply instanceof LockTable.Granted;
  }

  @Override
  public boolean advisoryUnlock(long key, boolean twoKeys, boolean shared) {
    ReplySlot<Boolean> slot = new ReplySlot<>();
    LockKey lockKey = LockKey.advisory(owner.databaseOid, key, twoKeys);
    engine.tellLockTable(new LockTable.ReleaseSessionLock(owner, lockKey, advisoryMode(shared), slot));
    return slot.await(engine::checkRunning);
  }

  @Override
  public void advisoryUnlockAll() {
    if (hasSessionLocks) {
      hasSessionLocks = false;
      engine.tellLockTable(new LockTable.ReleaseSession(owner, false));
    }
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    if (open != null) {
      open.rollback();
    }
    isClosed = true;
    engine.sessionClosed(this);
  }
}
