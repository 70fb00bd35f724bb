package io.heliosdb.nano.txn;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowSlot;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A named session of a test on a thread of its own: statements over integer keys and values, run one step at a time.
final class TestSession implements AutoCloseable {
  static final long TABLE = 5000;
  static final long INDEX = 5001;

  final EngineSystem engine;
  final TxnSession session;
  final CancelToken token = new CancelToken();
  volatile long lockTimeoutMillis;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  private volatile @Nullable Thread stepThread;
  private final TransactionOptions options;
  @Nullable Transaction transaction;

  /// The snapshot of the newest statement.
  long snapshotScn;

  TestSession(EngineSystem engine, int pid, IsolationLevel isolation) {
    this.engine = engine;
    options = TransactionOptions.DEFAULT.withIsolation(isolation);
    session =
        engine.openSession(
            pid, 5,
            new SessionEnvironment() {
              @Override
              public long lockTimeoutMillis() {
                return lockTimeoutMillis;
              }

              @Override
              public boolean synchronousCommit() {
                return true;
              }

              @Override
              public void accountMemory(long bytes) {}
            },
            token);
  }

  static byte[] key(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }

  static byte[] row(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  static int value(RowSlot slot) {
    return ByteBuffer.wrap(slot.toByteArray()).getInt();
  }

  /// Whether a step is under way and waits for something.
  boolean isParked() {
    Thread current = stepThread;
    return current != null && current.getState() != Thread.State.RUNNABLE;
  }

  /// Starts a step on the session's thread.
  <T> CompletableFuture<T> start(Callable<T> step) {
    CompletableFuture<T> result = new CompletableFuture<>();
    thread.execute(
        () -> {
          stepThread = Thread.currentThread();
          try {
            T value = step.call();
            stepThread = null;
            result.complete(value);
          } catch (Throwable t) {
            stepThread = null;
            result.completeExceptionally(t);
          }
        });
    return result;
  }

  /// Runs a step to its end; its SqlException is thrown here.
  <T> T run(Callable<T> step) {
    return get(start(step));
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof SqlException sql) {
        throw sql;
      }
      throw new AssertionError(e.getCause());
    } catch (Exception e) {
      throw new AssertionError("the step does not end: " + e);
    }
  }

  /// Returns when the session waits in the lock table.
  void awaitWaiting(CompletableFuture<?> step) {
    while (engine.locks().waits().stream().noneMatch(wait -> wait.waiterPid() == session.pid())) {
      if (step.isDone()) {
        throw new AssertionError("the step did not wait: " + step);
      }
      Thread.onSpinWait();
    }
  }

  Transaction begin() {
    transaction = session.begin(options);
    return transaction;
  }

  private Transaction current() {
    return transaction == null || transaction.isEnded() ? begin() : transaction;
  }

  @Nullable Integer get(long number) {
    try (StatementAccess access = current().beginCommand()) {
      snapshotScn = access.snapshotScn();
      RowSlot slot = new RowSlot();
      return access.get(TABLE, key(number), slot) ? (Integer) value(slot) : null;
    }
  }

  Map<Long, Integer> scan(KeyRange range, boolean reverse) {
    try (StatementAccess access = current().beginCommand();
        TableCursor cursor = access.scan(TABLE, range, reverse)) {
      snapshotScn = access.snapshotScn();
      return drain(cursor);
    }
  }

  static Map<Long, Integer> drain(TableCursor cursor) {
    Map<Long, Integer> rows = new java.util.LinkedHashMap<>();
    while (cursor.next()) {
      rows.put(ByteBuffer.wrap(cursor.key()).getLong(), value(cursor.row()));
    }
    return rows;
  }

  Map<Long, Integer> scan() {
    return new TreeMap<>(scan(KeyRange.ALL, false));
  }

  List<Long> scanIndex(int value) {
    try (StatementAccess access = current().beginCommand();
        IndexEntryCursor cursor = access.scanIndex(INDEX, KeyRange.prefix(row(value)), false)) {
      List<Long> keys = new ArrayList<>();
      while (cursor.next()) {
        keys.add(ByteBuffer.wrap(cursor.rowKey()).getLong());
      }
      return keys;
    }
  }

  Void insert(long number, int value) {
    try (StatementAccess access = current().beginCommand()) {
      access.lockKeys(TABLE, new byte[][] {key(number)});
      if (access.getNewest(TABLE, key(number), new RowSlot())) {
        throw new SqlException(
            io.heliosdb.nano.error.SqlState.UNIQUE_VIOLATION, "duplicate key value violates unique constraint");
      }
      access.insert(TABLE, key(number), row(value), 1);
      access.indexInsert(INDEX, row(value), key(number));
    }
    return null;
  }

  /// `UPDATE t SET v = f(v) WHERE k = number`, with READ COMMITTED's re-check; null when there is no such row.
  @Nullable Integer update(long number, java.util.function.IntUnaryOperator function) {
    try (StatementAccess access = current().beginCommand()) {
      RowSlot slot = new RowSlot();
      if (!access.get(TABLE, key(number), slot)) {
        return null;
      }
      int old = value(slot);
      byte[][] keys = {key(number)};
      LockOutcome outcome =
          access.lockRows(TABLE, keys, new long[] {slot.scn()}, RowLockMode.NO_KEY_UPDATE, WaitPolicy.WAIT, "t");
      switch (outcome.state(0)) {
        case UNCHANGED -> {}
        case CHANGED -> {
          if (!access.getNewest(TABLE, keys[0], slot)) {
            throw new AssertionError("a changed row is gone");
          }
          old = value(slot);
        }
        case DELETED, SKIPPED -> {
          return null;
        }
      }
      int value = function.applyAsInt(old);
      access.update(TABLE, keys[0], row(value), 1);
      if (value != old) {
        access.indexDelete(INDEX, row(old), keys[0]);
        access.indexInsert(INDEX, row(value), keys[0]);
      }
      return value;
    }
  }

  boolean delete(long number) {
    try (StatementAccess access = current().beginCommand()) {
      RowSlot slot = new RowSlot();
      if (!access.get(TABLE, key(number), slot)) {
        return false;
      }
      int old = value(slot);
      LockOutcome outcome =
          access.lockRows(TABLE, new byte[][] {key(number)}, new long[] {slot.scn()}, RowLockMode.UPDATE, WaitPolicy.WAIT, "t");
      if (outcome.state(0) == LockOutcome.State.DELETED) {
        return false;
      }
      if (outcome.state(0) == LockOutcome.State.CHANGED) {
        access.getNewest(TABLE, key(number), slot);
        old = value(slot);
      }
      access.delete(TABLE, key(number));
      access.indexDelete(INDEX, row(old), key(number));
      return true;
    }
  }

  LockOutcome.State lock(long number, RowLockMode mode, WaitPolicy policy) {
    try (StatementAccess access = current().beginCommand()) {
      RowSlot slot = new RowSlot();
      if (!access.get(TABLE, key(number), slot)) {
        return LockOutcome.State.DELETED;
      }
      return access.lockRows(TABLE, new byte[][] {key(number)}, new long[] {slot.scn()}, mode, policy, "t").state(0);
    }
  }

  long commit() {
    return current().commit();
  }

  Void rollback() {
    current().rollback();
    return null;
  }

  @Override
  public void close() {
    run(
        () -> {
          session.close();
          return null;
        });
    thread.shutdown();
  }
}
