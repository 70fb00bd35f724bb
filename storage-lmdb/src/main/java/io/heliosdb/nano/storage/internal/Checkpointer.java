package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Lmdb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps the way back after a crash short: the newest checkpoint of the data file, and the redo log from there on.
///
/// A checkpoint: (1) under the write lock, a read transaction pins the newest state, its meta page is noted and the log goes on in
/// the other file; (2) the data file is flushed; (3) the checkpoint file is replaced; (4) the former state is let go. Commits go
/// on during 2 to 4. A crash before 3 falls back on the checkpoint before, whose pages and log are still there.
///
/// Invariants: the state that the checkpoint file names is pinned, so that none of its pages is written over; the log holds all
/// logged commits since then, in one segment or two.
/// Bounds: a checkpoint is due after [#GROUP_COUNT_DUE] groups (each leaves some twenty superseded pages that stay until then) or
/// [#LOG_BYTES_DUE] of log; when it lags behind by far, the committing thread makes one itself.
/// Lock order: write lock, then this one's. Files are touched by the log's thread or this one's, never by a caller's.
final class Checkpointer {
  /// Reader slots that this and [Recovery] take.
  static final int READER_COUNT = 3;

  private static final int GROUP_COUNT_DUE = 5_000;
  private static final long LOG_BYTES_DUE = 16L << 20;
  private static final int GROUP_COUNT_MAX = 40_000;
  private static final long LOG_BYTES_MAX = 96L << 20;
  private static final long IDLE_SECONDS = 20;

  private final StoreEngine engine;
  private final ReentrantLock writeLock;
  private final Path directory;
  private final Durability durability;
  private final RedoLog redoLog;
  private final ScheduledThreadPoolExecutor thread;

  /// Held from step 1 to step 4.
  private final ReentrantLock lock = new ReentrantLock();

  /// The read transaction that keeps the checkpoint's state; 0 before the first.
  private long pinnedTxn;

  // Guarded by the write lock.
  private int groupCount;
  private boolean isRequested;
  private boolean isIdleCheckScheduled;

  Checkpointer(StoreEngine engine, ReentrantLock writeLock, Path directory, Durability durability) {
    this.engine = engine;
    this.writeLock = writeLock;
    this.directory = directory;
    this.durability = durability;
    redoLog = new RedoLog(directory, durability);
    thread = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("heliosdb-checkpointer").factory());
    thread.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  RedoLog redoLog() {
    return redoLog;
  }

  /// Has the way back in place before the first change. Under the write lock.
  void ensureStarted() {
    if (pinnedTxn == 0) {
      // A number that no remains of an earlier log have.
      startLog(ThreadLocalRandom.current().nextLong(1L << 62));
    }
  }

  /// Makes the newest state the first of a new log. What there was of an old log, whose files it takes, counts until the
  /// checkpoint file is replaced.
  void startLog(long segmentNumber) {
    pinnedTxn = pin();
    try {
      redoLog.onThread(
          () -> {
            durability.syncData(engine.environment());
            Checkpoint.ofNewest(directory, segmentNumber).write(directory, durability);
            return null;
          });
      redoLog.beginSegment(segmentNumber);
    } catch (IOException e) {
      throw engine.fail("could not make a checkpoint", e);
    }
  }

  private long pin() {
    return engine.environment().begin(Lmdb.RDONLY);
  }

  /// A logged group is in the data file. Under the write lock.
  void committed() {
    groupCount++;
    long logBytes = redoLog.bytes();
    if (groupCount > GROUP_COUNT_MAX || logBytes > LOG_BYTES_MAX) {
      checkpoint();
    } else if (!isRequested && (groupCount >= GROUP_COUNT_DUE || logBytes >= LOG_BYTES_DUE)) {
      isRequested = true;
      thread.execute(this::checkpointInBackground);
    } else if (!isIdleCheckScheduled) {
      isIdleCheckScheduled = true;
      thread.schedule(this::checkpointInBackground, IDLE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /// Everything in the data file, logged or not, is on the device when it returns. Under the write lock.
  void checkpoint() {
    ensureStarted();
    lock.lock();
    try {
      Started started = start();
      redoLog.onThread(() -> complete(started));
      completed(started);
    } catch (IOException e) {
      throw engine.fail("could not make a checkpoint", e);
    } finally {
      lock.unlock();
    }
  }

  private void checkpointInBackground() {
    Started started;
    writeLock.lock();
    try {
      isIdleCheckScheduled = false;
      if (groupCount == 0 || !engine.isUsable()) {
        return;
      }
      lock.lock();
      try {
        started = start();
      } catch (IOException | RuntimeException e) {
        lock.unlock();
        engine.fail("could not make a checkpoint", e);
        return;
      }
    } finally {
      writeLock.unlock();
    }
    try {
      complete(started);
      completed(started);
    } catch (IOException | RuntimeException e) {
      engine.fail("could not make a checkpoint", e);
    } finally {
      lock.unlock();
    }
  }

  /// A checkpoint whose state is fixed, but not flushed.
  private record Started(Checkpoint checkpoint, long txn) {}

  /// Step 1, under both locks.
  private Started start() throws IOException {
    long txn = pin();
    try {
      long segment = redoLog.segmentNumber() + 1;
      Checkpoint checkpoint = redoLog.onThread(() -> Checkpoint.ofNewest(directory, segment));
      redoLog.beginSegment(segment);
      groupCount = 0;
      isRequested = false;
      return new Started(checkpoint, txn);
    } catch (IOException | RuntimeException e) {
      Lmdb.txnAbort(txn);
      throw e;
    }
  }

  /// Steps 2 and 3.
  private @Nullable Void complete(Started started) throws IOException {
    durability.syncData(engine.environment());
    started.checkpoint().write(directory, durability);
    return null;
  }

  private void completed(Started started) {
    Lmdb.txnAbort(pinnedTxn);
    pinnedTxn = started.txn();
  }

  /// Ends logging. With `isWhole` the data file is flushed and stands alone afterwards; else all stays as after a crash.
  /// Under the write lock.
  void close(boolean isWhole) {
    try {
      boolean isStarted = pinnedTxn != 0;
      if (isWhole && isStarted) {
        checkpoint();
        redoLog.onThread(
            () -> {
              Checkpoint.remove(directory);
              return null;
            });
      }
      // Waits for a checkpoint under way.
      lock.lock();
      try {
        if (isStarted) {
          Lmdb.txnAbort(pinnedTxn);
          pinnedTxn = 0;
        }
        redoLog.close();
      } finally {
        lock.unlock();
      }
      if (isWhole && isStarted) {
        RedoLog.remove(directory);
      }
    } catch (IOException | RuntimeException e) {
      // What was acknowledged is in the log, which the next start reads.
      System.getLogger(Checkpointer.class.getName()).log(System.Logger.Level.WARNING, "could not end the redo log at close", e);
    } finally {
      thread.shutdown();
    }
  }
}
