package io.heliosdb.nano.storage.internal;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The readers of one engine: in use or idle, the latter with their reader slot but without a snapshot.
///
/// Bound: LMDB's reader slots; beyond them 53300. A reader is counted as in use before the engine's state is looked
/// at, so that a closing engine either refuses it or waits for it; the same goes for a pause.
final class ReaderPool {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final StoreEngine engine;
  private final Runnable lastReturnedAfterClose;
  private final ConcurrentLinkedDeque<LmdbReader> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger inUse = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allReturned = lock.newCondition();
  private final Condition resumed = lock.newCondition();
  private volatile boolean isPaused;

  /// @param lastReturnedAfterClose run when the engine is closed and nobody reads any more
  ReaderPool(StoreEngine engine, Runnable lastReturnedAfterClose) {
    this.engine = engine;
    this.lastReturnedAfterClose = lastReturnedAfterClose;
  }

  LmdbReader acquire() {
    inUse.incrementAndGet();
    while (isPaused) {
      returned();
      awaitResume();
      inUse.incrementAndGet();
    }
    try {
      engine.checkUsable();
      LmdbReader reader = idle.pollFirst();
      if (reader == null) {
        return new LmdbReader(engine);
      }
      try {
        reader.begin();
        return reader;
      } catch (RuntimeException e) {
        idle.addFirst(reader);
        throw e;
      }
    } catch (RuntimeException e) {
      returned();
      throw e;
    }
  }

  void giveBack(LmdbReader reader) {
    idle.addFirst(reader);
    returned();
  }

  private void returned() {
    if (inUse.decrementAndGet() > 0 || !(isPaused || engine.isClosed())) {
      return;
    }
    lock.lock();
    try {
      allReturned.signalAll();
    } finally {
      lock.unlock();
    }
    if (engine.isClosed()) {
      lastReturnedAfterClose.run();
    }
  }

  private void awaitResume() {
    lock.lock();
    try {
      while (isPaused) {
        resumed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Keeps readers from beginning until [#resume] once none is in use; false when there was no such moment in this time.
  ///
  /// Somebody who has a reader may need another one before the first is given back, so readers are kept waiting for moments only, again
  /// and again.
  boolean pause(long seconds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < deadline) {
      isPaused = true;
      awaitReturnNanos(PAUSE_NANOS);
      if (inUse.get() == 0) {
        return true;
      }
      resume();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return false;
  }

  void resume() {
    lock.lock();
    try {
      isPaused = false;
      resumed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int inUseCount() {
    return inUse.get();
  }

  /// Waits until no reader is in use, but not longer than this. An interrupt does not end the wait.
  void awaitReturn(long seconds) {
    awaitReturnNanos(TimeUnit.SECONDS.toNanos(seconds));
  }

  private void awaitReturnNanos(long time) {
    long nanos = time;
    boolean interrupted = false;
    lock.lock();
    try {
      while (inUse.get() > 0 && nanos > 0) {
        try {
          nanos = allReturned.awaitNanos(nanos);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void freeIdle() {
    for (LmdbReader reader = idle.pollFirst(); reader != null; reader = idle.pollFirst()) {
      reader.free();
    }
  }
}
