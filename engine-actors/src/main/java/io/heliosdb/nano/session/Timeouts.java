package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Cancels statements that run past `statement_timeout`. One daemon thread, started with the first statement that has a time-out, looks at the
/// deadlines every few milliseconds; a statement without one costs nothing.
final class Timeouts implements AutoCloseable {
  private static final long STEP_NANOS = 5_000_000L;

  private final Map<SessionCore, Long> deadlines = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile Thread watcher;

  void statementStarted(SessionCore session, int timeoutMillis) {
    if (timeoutMillis > 0) {
      deadlines.put(session, System.nanoTime() + timeoutMillis * 1_000_000L);
      start();
      LockSupport.unpark(watcher);
    }
  }

  void statementEnded(SessionCore session) {
    if (!deadlines.isEmpty()) {
      deadlines.remove(session);
    }
  }

  private void start() {
    if (watcher == null) {
      synchronized (this) {
        if (watcher == null) {
          watcher = Thread.ofPlatform().name("heliosdb-timeouts").daemon(true).start(this::watch);
        }
      }
    }
  }

  private void watch() {
    while (!closed) {
      long now = System.nanoTime();
      deadlines.forEach(
          (session, deadline) -> {
            if (now - deadline >= 0 && deadlines.remove(session, deadline)) {
              session.cancelToken().cancel(new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to statement timeout"));
            }
          });
      if (deadlines.isEmpty()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, STEP_NANOS);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(watcher);
  }
}
