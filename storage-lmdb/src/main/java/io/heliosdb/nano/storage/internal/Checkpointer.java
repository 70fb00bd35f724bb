package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import java.io.IOException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps the way back after a crash short: says when checkpoints are made, and makes them.
///
/// A checkpoint: (1) under the write lock, a read transaction pins the newest state, [RecoveryFiles] notes it and goes on logging in another
/// segment; (2) the state is brought to the device and (3) named as the one to start from; (4) what was only there for the former
/// one is let go. Commits go on during 2 to 4. A crash before 3 falls back on the checkpoint before, whose pages and log are still there.
///
/// Invariants: a state that recovery starts from is whole on the device, or pinned so that none of its pages is written over; the log
/// holds all logged commits since then, in one segment or more.
/// Bounds: those of the files; when a checkpoint lags behind by far, the committing thread makes one itself.
/// Lock order: write lock, then this one's. Files are touched by the log's thread or this one's, never by a caller's.
final class Checkpointer {
  /// Reader slots that this and [Recovery] take.
  static final int READER_COUNT = 3;

  /// How long the thread stays without work.
  private static final long KEEP_ALIVE_SECONDS = 20;

  private final StoreEngine engine;
  private final ReentrantLock writeLock;
  private final RecoveryFiles files;
  private final RedoLog redoLog;
  private final ScheduledThreadPoolExecutor thread;

  /// Held from step 1 to step 4.
  private final ReentrantLock lock = new ReentrantLock();

  /// The read transaction that keeps the checkpoint's state, where that is needed; else 0.
  private long pinnedTxn;

  // Guarded by the write lock.
  private boolean isStarted;
  private int groupCount;
  private boolean isRequested;

  /// No checkpoint is due before the log is so long: the last one found no room.
  private volatile long postponedBytes;

  private boolean isIdleCheckScheduled;

  Checkpointer(StoreEngine engine, ReentrantLock writeLock, RecoveryFiles files) {
    this.engine = engine;
    this.writeLock = writeLock;
    this.files = files;
    redoLog = new RedoLog(files);
    thread = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("heliosdb-checkpointer").factory());
    thread.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  RedoLog redoLog() {
    return redoLog;
  }

  /// Has the way back in place before the first change. Under the write lock.
  void ensureStarted() {
    if (isStarted) {
      return;
    }
    if (files.isCheckpointPinned() || files.isNew()) {
      startLog();
      return;
    }
    try {
      redoLog.onThread(
          () -> {
            files.resumeLog();
            return null;
          });
      isStarted = true;
    } catch (IOException e) {
      throw engine.fail("could not begin the redo log", e);
    }
  }

  /// Makes the newest state the first of a new log. What there was of an old log counts until the checkpoint is on the device.
  void startLog() {
    long txn = pin();
    try {
      redoLog.onThread(
          () -> {
            files.startLog();
            return null;
          });
      isStarted = true;
      keep(txn);
    } catch (SqlException e) {
      Lmdb.txnAbort(txn);
      throw e;
    } catch (IOException e) {
      Lmdb.txnAbort(txn);
      throw engine.fail("could not make a checkpoint", e);
    }
  }

  /// The state of this read transaction is that of the newest checkpoint.
  private void keep(long txn) {
    if (pinnedTxn != 0) {
      Lmdb.txnAbort(pinnedTxn);
      pinnedTxn = 0;
    }
    if (files.isCheckpointPinned()) {
      pinnedTxn = txn;
    } else {
      Lmdb.txnAbort(txn);
    }
  }

  private long pin() {
    return engine.environment().begin(Lmdb.RDONLY);
  }

  /// A logged group is in the data file. Under the write lock.
  void committed() {
    groupCount++;
    long logBytes = redoLog.bytes();
    RecoveryFiles.Bounds bounds = files.bounds();
    if (logBytes < postponedBytes) {
      return;
    }
    if (groupCount > bounds.groupCountMax() || logBytes > bounds.logBytesMax()) {
      checkpointOrPostpone();
    } else if (!isRequested && (groupCount >= bounds.groupCount() || logBytes >= bounds.logBytes())) {
      isRequested = true;
      thread.execute(this::checkpointInBackground);
    } else if (!isIdleCheckScheduled && bounds.idle() != null) {
      isIdleCheckScheduled = true;
      thread.schedule(this::checkpointInBackground, bounds.idle().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void checkpointOrPostpone() {
    try {
      checkpoint();
    } catch (SqlException e) {
      if (!e.state().equals(SqlState.DISK_FULL)) {
        throw e;
      }
      postpone(e);
    }
  }

  /// The former checkpoint and the log count on; it is tried again when the log has grown by as much again. Under the write lock.
  private void postpone(SqlException full) {
    postponedBytes = redoLog.bytes() + files.bounds().logBytes();
    isRequested = false;
    System.getLogger(Checkpointer.class.getName()).log(System.Logger.Level.WARNING, "the checkpoint is put off: {0}", full.getMessage());
  }

  /// What to throw when a checkpoint could not be written: where the former one stays whole, a full device does not end the store.
  private SqlException failed(Exception e) {
    boolean isHarmless = !files.isCheckpointPinned() && e instanceof IOException io && StoreFailure.isDeviceFull(io);
    return isHarmless ? StoreFailure.deviceFull("the checkpoint", e) : engine.fail("could not make a checkpoint", e);
  }

  /// See [RecoveryFiles#reserveRoom]. Under the write lock.
  void reserveRoom() {
    try {
      redoLog.onThread(
          () -> {
            files.reserveRoom();
            return null;
          });
    } catch (IOException e) {
      throw engine.fail("could not make a checkpoint", e);
    }
  }

  /// Everything in the data file, logged or not, is on the device when it returns; 53100 when there is no room and the store goes on.
  /// Under the write lock.
  void checkpoint() {
    ensureStarted();
    lock.lock();
    try {
      Started started = start();
      write(
          started,
          () ->
              redoLog.onThread(
                  () -> {
                    started.checkpoint().write();
                    return null;
                  }));
    } catch (IOException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }

  private void checkpointInBackground() {
    try {
      checkpointBesideCommits(false);
    } catch (SqlException e) {
      if (e.state().equals(SqlState.DISK_FULL)) {
        writeLock.lock();
        try {
          postpone(e);
        } finally {
          writeLock.unlock();
        }
        return;
      }
      // It is noted in the engine, which gives it to everybody.
      System.getLogger(Checkpointer.class.getName()).log(System.Logger.Level.DEBUG, "no checkpoint", e);
    }
  }

  /// Makes a checkpoint while commits go on, on a platform thread that nobody interrupts.
  ///
  /// @param always also when no group was committed since the last
  void checkpointBesideCommits(boolean always) {
    Started started;
    writeLock.lock();
    try {
      isIdleCheckScheduled = false;
      if ((groupCount == 0 && !always) || !engine.isUsable()) {
        return;
      }
      ensureStarted();
      lock.lock();
      try {
        started = start();
      } catch (IOException | RuntimeException e) {
        lock.unlock();
        throw e instanceof SqlException full && full.state().equals(SqlState.DISK_FULL) ? full : engine.fail("could not make a checkpoint", e);
      }
    } finally {
      writeLock.unlock();
    }
    try {
      write(started, started.checkpoint()::write);
    } catch (IOException | RuntimeException e) {
      throw e instanceof SqlException known ? known : failed(e);
    } finally {
      lock.unlock();
    }
  }

  private void write(Started started, Writing writing) throws IOException {
    boolean isWritten = false;
    try {
      writing.run();
      isWritten = true;
    } finally {
      if (isWritten) {
        keep(started.txn());
        postponedBytes = 0;
      } else {
        Lmdb.txnAbort(started.txn());
      }
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  /// A checkpoint whose state is fixed, but not flushed.
  private record Started(RecoveryFiles.PendingCheckpoint checkpoint, long txn) {}

  /// Step 1, under both locks.
  private Started start() throws IOException {
    long txn = pin();
    try {
      RecoveryFiles.PendingCheckpoint checkpoint = redoLog.switching(files::beginCheckpoint);
      groupCount = 0;
      isRequested = false;
      return new Started(checkpoint, txn);
    } catch (IOException | RuntimeException e) {
      Lmdb.txnAbort(txn);
      throw e;
    }
  }

  /// Ends logging. With `isWhole` the data file is flushed and stands alone afterwards; else all stays as after a crash.
  /// Under the write lock.
  void close(boolean isWhole) {
    try {
      boolean isEnding = isWhole && isStarted;
      if (isEnding) {
        checkpoint();
      }
      // Waits for a checkpoint under way.
      lock.lock();
      try {
        if (pinnedTxn != 0) {
          Lmdb.txnAbort(pinnedTxn);
          pinnedTxn = 0;
        }
        if (isEnding) {
          redoLog.onThread(
              () -> {
                files.end();
                return null;
              });
        }
        redoLog.close();
      } finally {
        lock.unlock();
      }
    } catch (IOException | RuntimeException e) {
      // What was acknowledged is in the log, which the next start reads.
      System.getLogger(Checkpointer.class.getName()).log(System.Logger.Level.WARNING, "could not end the redo log at close", e);
    } finally {
      thread.shutdown();
    }
  }
}
