package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.execute.TableUsage;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// What all sessions did to each relation since the database was opened: the counts of those that are open, read where they stand, and
/// the sums of those that have ended. Thread-safe; a reader waits for no statement.
final class UsageTotals {
  private static final int ENDED_RELATIONS_MAX = 4 * TableUsage.RELATIONS_MAX;

  private final Map<Integer, long[]> ended = new HashMap<>();
  private long sessions;
  private long sessionMicros;
  private long killedSessions;

  void opened() {
    synchronized (ended) {
      sessions++;
    }
  }

  /// Keeps the counts of a session that ends; `remove` takes it from the open ones, so that nobody counts it twice, and says whether it
  /// was there.
  void ended(Session session, Catalog catalog, long lifeMicros, BooleanSupplier remove) {
    synchronized (ended) {
      if (!remove.getAsBoolean()) {
        return;
      }
      session.core().usage().addTo(ended);
      sessionMicros += lifeMicros;
      killedSessions += session.termination() == null ? 0 : 1;
      if (ended.size() > ENDED_RELATIONS_MAX) {
        ended.keySet().removeIf(oid -> catalog.relation(oid) == null);
      }
    }
  }

  /// Counts by relation oid, with the indexes of [TableUsage].
  Map<Integer, long[]> read(Collection<Session> open) {
    Map<Integer, long[]> sums = new HashMap<>();
    synchronized (ended) {
      ended.forEach((oid, counts) -> sums.put(oid, counts.clone()));
      open.forEach(session -> session.core().usage().addTo(sums));
    }
    return sums;
  }

  /// Sessions ever opened, micros that ended ones lasted, how many were terminated.
  long[] sessionCounts() {
    synchronized (ended) {
      return new long[] {sessions, sessionMicros, killedSessions};
    }
  }
}
