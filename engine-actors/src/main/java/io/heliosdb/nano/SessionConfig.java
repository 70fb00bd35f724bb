package io.heliosdb.nano;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Limits of one [SessionManager], beside those of the database's configuration.
///
/// @param idleTimeout how long a session may wait for its next call before it is ended (57P05); null for the setting `idle_session_timeout`
/// @param sessionsPerUserMax sessions of one user in this manager, 0 for no limit
/// @param isolation level of sessions that do not say theirs
public record SessionConfig(@Nullable Duration idleTimeout, int sessionsPerUserMax, IsolationLevel isolation) {
  public static final SessionConfig DEFAULT = new SessionConfig(null, 0, IsolationLevel.READ_COMMITTED);

  public SessionConfig {
    if (idleTimeout != null && (idleTimeout.isNegative() || idleTimeout.toMillis() > Integer.MAX_VALUE)) {
      throw new IllegalArgumentException("an idle time-out is between 0 and " + Integer.MAX_VALUE + " ms");
    }
    if (sessionsPerUserMax < 0) {
      throw new IllegalArgumentException("a limit of sessions is not negative");
    }
  }

  public SessionConfig withIdleTimeout(Duration timeout) {
    return new SessionConfig(timeout, sessionsPerUserMax, isolation);
  }

  public SessionConfig withSessionsPerUserMax(int count) {
    return new SessionConfig(idleTimeout, count, isolation);
  }

  public SessionConfig withIsolation(IsolationLevel level) {
    return new SessionConfig(idleTimeout, sessionsPerUserMax, level);
  }
}
