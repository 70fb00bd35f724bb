package io.heliosdb.nano.session;

import io.heliosdb.nano.lock.Host;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs an action when a deadline passes: one daemon thread per database, started with the first deadline armed, asleep until the earliest.
///
/// Arming and disarming are one atomic write each. The queue is touched only when a deadline is armed for a moment before the one it is queued
/// for; a deadline found disarmed or moved when its turn comes is dropped or queued again. So a session that arms the same time-out for
/// every statement enters the queue once per time-out, not once per statement.
///
/// ```
///   IDLE --arm--> at --disarm--> IDLE
///                 at --time has come--> FIRING --action has run--> IDLE
/// ```
/// [Deadline#disarm] waits for an action that is running, so an action never hits what its session does next.
/// Bound: one queue entry per armed deadline, and those are bounded by the sessions.
final class Timeouts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Timeouts.class);
  private static final long IDLE = Long.MAX_VALUE;
  private static final long FIRING = -1;
  private static final Thread.Builder WATCHER = Thread.ofPlatform().name("heliosdb-timeouts").daemon(true);

  private record Entry(long atNanos, Deadline deadline) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return Long.compare(atNanos, other.atNanos);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final PriorityQueue<Entry> queue = new PriorityQueue<>();
  private final Host host;
  private final long originNanos;
  private boolean isStarted;
  private @Nullable Thread watcher;
  private boolean closed;

  Timeouts(Host host) {
    this.host = host;
    originNanos = host.nanoTime();
  }

  /// A deadline of one owner, who alone arms and disarms it.
  final class Deadline {
    private final Runnable action;
    private final AtomicLong state = new AtomicLong(IDLE);

    /// The moment of this deadline's newest queue entry; written under the lock.
    private volatile long queuedNanos = IDLE;

    private Deadline(Runnable action) {
      this.action = action;
    }

    /// Has the action run when so many milliseconds have passed. Must be disarmed.
    void arm(long millis) {
      long at = now() + millis * 1_000_000L;
      state.set(at);
      if (at < queuedNanos) {
        enqueue(this, at);
      }
    }

    /// After this the action does not run any more, until armed again.
    void disarm() {
      long at = state.get();
      while (at != IDLE) {
        if (at == FIRING) {
          Thread.yield();
        } else if (state.compareAndSet(at, IDLE)) {
          return;
        }
        at = state.get();
      }
    }

    /// Disarms and leaves the queue.
    void discard() {
      disarm();
      if (queuedNanos != IDLE) {
        remove(this);
      }
    }

    private void fireIfDue() {
      long at = state.get();
      if (at == IDLE || at == FIRING) {
        return;
      }
      if (at > now()) {
        enqueue(this, at);
      } else if (state.compareAndSet(at, FIRING)) {
        try {
          action.run();
        } catch (RuntimeException e) {
          LOG.error("a time-out could not be enforced", e);
        } finally {
          state.compareAndSet(FIRING, IDLE);
        }
      }
    }
  }

  /// @param action runs on the watcher's thread; must be short and must not touch this deadline
  Deadline deadline(Runnable action) {
    return new Deadline(action);
  }

  /// Nanoseconds since this was made: never negative, so that the states have values of their own.
  private long now() {
    return host.nanoTime() - originNanos;
  }

  private void enqueue(Deadline deadline, long at) {
    lock.lock();
    try {
      if (at >= deadline.queuedNanos || closed) {
        return;
      }
      deadline.queuedNanos = at;
      Entry entry = new Entry(at, deadline);
      queue.add(entry);
      if (!isStarted) {
        isStarted = true;
        host.start(WATCHER, this::watch);
      } else if (queue.peek() == entry) {
        wakeWatcher();
      }
    } finally {
      lock.unlock();
    }
  }

  private void remove(Deadline deadline) {
    lock.lock();
    try {
      queue.removeIf(entry -> entry.deadline == deadline);
      deadline.queuedNanos = IDLE;
    } finally {
      lock.unlock();
    }
  }

  /// Under the lock. A watcher that is about to look at the queue for the first time need not be woken.
  private void wakeWatcher() {
    if (watcher != null) {
      host.wake(watcher);
    }
  }

  private void watch() {
    Deadline due;
    long left;
    while ((left = untilHead()) >= 0) {
      if (left > 0) {
        host.park(this, left);
      } else if ((due = takeHead()) != null) {
        due.fireIfDue();
      }
    }
  }

  /// How long until the first deadline, [Long#MAX_VALUE] when there is none, -1 when closed.
  private long untilHead() {
    lock.lock();
    try {
      watcher = Thread.currentThread();
      Entry head = queue.peek();
      return closed ? -1 : head == null ? Long.MAX_VALUE : Math.max(0, head.atNanos - now());
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Deadline takeHead() {
    lock.lock();
    try {
      Entry head = queue.poll();
      if (head == null || head.deadline.queuedNanos != head.atNanos) {
        return null;
      }
      head.deadline.queuedNanos = IDLE;
      return head.deadline;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
      wakeWatcher();
    } finally {
      lock.unlock();
    }
  }
}
