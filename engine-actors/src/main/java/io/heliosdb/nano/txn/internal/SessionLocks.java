package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.LockKey;
import io.heliosdb.nano.lock.LockOwner;
import io.heliosdb.nano.lock.LockTable;
import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.txn.SessionEnvironment;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.txn.TransactionOptions;
import io.heliosdb.nano.txn.TxnSession;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A session's place in the lock table, and its open transaction.
final class SessionLocks implements TxnSession {
  private final Engine engine;
  private final LockOwner owner;
  private final SessionEnvironment environment;
  private final CancelToken cancelToken;
  private @Nullable OpenTransaction open;
  private boolean hasSessionLocks;
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
      Runnable beforeWait) {
    ReplySlot<LockTable.AcquireReply> slot = new ReplySlot<>();
    CallerTurn turn = CallerTurn.current();
    turn.enter();
    try {
      engine.lockTable().tell(new LockTable.AcquireLocks(owner, serial, xid, level, keys, mode, isSessionScoped, policy, slot));
      if (slot.isDone() || slot.spin()) {
        return slot.get();
      }
      beforeWait.run();
      return await(slot);
    } finally {
      turn.leave();
    }
  }

  private LockTable.AcquireReply await(ReplySlot<LockTable.AcquireReply> slot) {
    long timeoutMillis = environment.lockTimeoutMillis();
    long deadlineNanos = timeoutMillis <= 0 ? Long.MAX_VALUE : System.nanoTime() + timeoutMillis * 1_000_000L;
    if (!slot.awaitUntil(cancelToken, deadlineNanos)) {
      SqlException cancelled = cancelToken.reason();
      SqlException reason =
          cancelled != null ? cancelled : new SqlException(SqlState.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
      engine.lockTable().tell(new LockTable.GiveUpWait(owner, slot, reason));
    }
    return slot.await();
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
            engine.nextTransactionSerial(),
            transaction == null ? 0 : transaction.xidIfAssigned(),
            0,
            List.of(lockKey),
            advisoryMode(shared),
            true,
            wait ? WaitPolicy.WAIT : WaitPolicy.NOWAIT,
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
    return slot.await();
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
