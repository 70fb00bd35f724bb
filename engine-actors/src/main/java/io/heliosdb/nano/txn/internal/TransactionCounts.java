package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.txn.TransactionStatistics;
import java.util.concurrent.atomic.LongAdder;

/// Counts behind [TransactionStatistics]; written from any thread.
final class TransactionCounts {
  final LongAdder commits = new LongAdder();
  final LongAdder rollbacks = new LongAdder();
  final LongAdder deadlocks = new LongAdder();
  final LongAdder lockWaits = new LongAdder();
  final LongAdder groups = new LongAdder();
  final LongAdder writtenCommits = new LongAdder();
  final LongAdder changedRows = new LongAdder();
  final LongAdder changedBytes = new LongAdder();

  TransactionStatistics statistics() {
    return new TransactionStatistics(
        commits.sum(), rollbacks.sum(), deadlocks.sum(), lockWaits.sum(), groups.sum(), writtenCommits.sum(),
        changedRows.sum(), changedBytes.sum());
  }
}
