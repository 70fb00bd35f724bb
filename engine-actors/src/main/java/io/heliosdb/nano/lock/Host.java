package io.heliosdb.nano.lock;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// What a database asks of the machine besides memory and disk: the time, the waiting of its threads, and threads for work that no caller does.
///
/// One per database, given when it is opened: [#SYSTEM], or a simulation with a clock and a scheduler of its own. A [HostedThread] belongs to
/// its host, every other thread to the machine ([#current]). Thread-safe.
public interface Host {
  /// The machine itself.
  Host SYSTEM =
      new Host() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public Instant instant() {
          return Instant.now();
        }

        @Override
        public void park(Object blocker, long nanos) {
          if (nanos == Long.MAX_VALUE) {
            LockSupport.park(blocker);
          } else {
            LockSupport.parkNanos(blocker, nanos);
          }
        }

        @Override
        public void wake(Thread thread) {
          LockSupport.unpark(thread);
        }

        @Override
        public void start(Thread.Builder kind, Runnable task) {
          kind.start(task);
        }
      };

  /// A clock for durations, as [System#nanoTime].
  long nanoTime();

  /// The time of day.
  Instant instant();

  /// Has the current thread wait until it is woken, for so many nanoseconds ([Long#MAX_VALUE] without a limit); may return at any time.
  /// A [#wake] that came before counts.
  void park(Object blocker, long nanos);

  /// Ends the thread's [#park], or the next one.
  void wake(Thread thread);

  /// Runs a task on a thread of its own.
  ///
  /// @param kind what thread the machine makes for it
  void start(Thread.Builder kind, Runnable task);

  /// Whether an actor runs now on the thread that sent to it, where the rules allow that; otherwise on another thread, as if it had been busy.
  default boolean runsInline() {
    return true;
  }

  /// Settings of the actor system that this host needs.
  default Map<String, String> actorSettings() {
    return Map.of();
  }

  /// The host of the current thread.
  static Host current() {
    return of(Thread.currentThread());
  }

  static Host of(Thread thread) {
    return thread instanceof HostedThread hosted ? hosted.host() : SYSTEM;
  }
}
