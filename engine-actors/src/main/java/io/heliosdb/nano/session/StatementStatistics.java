package io.heliosdb.nano.session;

import java.util.concurrent.atomic.LongAdder;

/// Counters of what ran, for `pg_stat_database`. Updating costs one striped add.
final class StatementStatistics {
  private final LongAdder statements = new LongAdder();
  private final LongAdder rowsReturned = new LongAdder();

  void statementRun(SessionCore session, String text, CachedPlan plan, long rows) {
    statements.increment();
    rowsReturned.add(rows);
  }

  long statements() {
    return statements.sum();
  }

  long rowsReturned() {
    return rowsReturned.sum();
  }
}
