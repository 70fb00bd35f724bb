package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.CounterWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// Hands out numbers from memory and keeps a horizon ahead of them on disk: nothing at or above a persisted horizon has
/// ever been handed out, so after a crash counting goes on from there.
///
/// A horizon that comes near is moved along with the next commit, so the hot counters never cost a transaction of their
/// own. Lock order: a counter's lock before the store's write lock; the committer, who has the write lock, only tries.
final class Counters {
  /// How far ahead of the numbers a horizon is put.
  private static final int STEP = 4096;

  private static final class Counter {
    final AtomicLong next = new AtomicLong();
    final ReentrantLock lock = new ReentrantLock();
    volatile long horizon;

    /// The horizon in the running transaction.
    long movingTo;
  }

  private final StoreEngine engine;
  private final Map<CounterKey, Counter> counters = new ConcurrentHashMap<>();

  /// Counters whose new horizon is in the running transaction; their locks are held.
  private final List<Counter> moved = new ArrayList<>();

  Counters(StoreEngine engine) {
    this.engine = engine;
  }

  private Counter counter(CounterKey key) {
    Counter counter = counters.get(key);
    return counter != null ? counter : counters.computeIfAbsent(key, this::load);
  }

  private Counter load(CounterKey key) {
    Counter counter = new Counter();
    long first = engine.readCounter(key).orElse(1);
    counter.next.set(first);
    counter.horizon = first;
    return counter;
  }

  long allocate(CounterKey key, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count: " + count);
    }
    Counter counter = counter(key);
    while (true) {
      long first = counter.next.get();
      if (first + count > counter.horizon) {
        extend(key, counter, count);
      } else if (counter.next.compareAndSet(first, first + count)) {
        return first;
      }
    }
  }

  private void extend(CounterKey key, Counter counter, int count) {
    counter.lock.lock();
    try {
      long needed = counter.next.get() + count;
      if (needed > counter.horizon) {
        long horizon = needed + STEP;
        engine.writer().persistCounter(key, horizon);
        counter.horizon = horizon;
      }
    } finally {
      counter.lock.unlock();
    }
  }

  void raise(CounterKey key, long floor) {
    Counter counter = counter(key);
    counter.lock.lock();
    try {
      if (floor > counter.horizon) {
        engine.writer().persistCounter(key, floor + STEP);
        counter.horizon = floor + STEP;
      }
      counter.next.accumulateAndGet(floor, Math::max);
    } finally {
      counter.lock.unlock();
    }
  }

  /// Puts new horizons for counters that run low into the committer's transaction; gives what it put.
  List<CounterWrite> moveHorizons(WriteTransaction txn) {
    List<CounterWrite> writes = List.of();
    for (Map.Entry<CounterKey, Counter> entry : counters.entrySet()) {
      Counter counter = entry.getValue();
      if (counter.horizon - counter.next.get() < STEP / 2 && counter.lock.tryLock()) {
        moved.add(counter);
        counter.movingTo = counter.horizon + STEP;
        txn.putCounter(entry.getKey(), counter.movingTo);
        writes = writes.isEmpty() ? new ArrayList<>() : writes;
        writes.add(CounterWrite.set(entry.getKey(), counter.movingTo));
      }
    }
    return writes;
  }

  /// The transaction of [#moveHorizons] has ended.
  void horizonsMoved(boolean committed) {
    for (Counter counter : moved) {
      if (committed) {
        counter.horizon = counter.movingTo;
      }
      counter.lock.unlock();
    }
    moved.clear();
  }

  boolean isEmpty() {
    return counters.isEmpty();
  }

  /// Persists the exact numbers, so that a clean restart skips none.
  void settle(WriteTransaction txn) {
    counters.forEach((key, counter) -> txn.putCounter(key, counter.next.get()));
  }
}
