package io.heliosdb.nano.lock;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import org.jspecify.annotations.Nullable;

/// How a running statement is told to stop: cancel requests, terminations and time-outs set a reason, the statement polls.
///
/// One per session. [#cancel] may be called from any thread; it also wakes the session's thread when that waits for a lock.
/// The first reason stays until [#reset]; a termination (57P01, time-outs of the session) replaces a mere cancel and survives a reset.
/// An interrupt of the session's thread counts as a cancel.
public final class CancelToken {
  private volatile @Nullable SqlException reason;
  private volatile @Nullable Thread waiter;

  /// Asks the running statement to stop with this error, e.g. 57014 "canceling statement due to user request".
  public synchronized void cancel(SqlException newReason) {
    if (reason == null || (!reason.state().endsSession() && newReason.state().endsSession())) {
      reason = newReason;
    }
    Thread thread = waiter;
    if (thread != null) {
      Host.of(thread).wake(thread);
    }
  }

  /// Throws the reason if there is one.
  public void check() {
    SqlException error = reason;
    if (error != null) {
      throw error;
    }
    if (Thread.currentThread().isInterrupted()) {
      cancel(userRequest());
      throw reason;
    }
  }

  public boolean isCancelled() {
    return reason != null;
  }

  public @Nullable SqlException reason() {
    return reason;
  }

  /// Forgets a cancel (not a termination): called when a statement starts.
  public synchronized void reset() {
    if (reason != null && !reason.state().endsSession()) {
      reason = null;
    }
  }

  /// Sleeps so long, or until cancelled.
  ///
  /// @throws SqlException the reason
  public void sleep(long nanos) {
    Host host = Host.current();
    long end = host.nanoTime() + nanos;
    waiter = Thread.currentThread();
    try {
      for (long left = nanos; left > 0; left = end - host.nanoTime()) {
        check();
        host.park(this, left);
      }
    } finally {
      waiter = null;
    }
    check();
  }

  /// The error of a cancel request.
  public static SqlException userRequest() {
    return new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request");
  }

  void startWait(Thread thread) {
    waiter = thread;
  }

  void endWait() {
    waiter = null;
  }
}
