package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.spill.SortedRun;
import io.heliosdb.nano.spill.SpillStore;
import java.util.ArrayList;
import java.util.List;

/// What the spilled changes of a transaction share: the file, and which of them were rolled back.
///
/// Changes are known by their number in the transaction. A rollback to a savepoint kills all numbers from the savepoint's on; records that
/// have a dead number are passed over, and dropped when runs are merged.
/// Bound: [#FILE_BYTES_MAX] (53400).
final class WriteSpill implements AutoCloseable {
  static final long FILE_BYTES_MAX = 64L << 30;

  private record Interval(long from, long to) {}

  private final SpillStore store = new SpillStore();

  /// Disjoint and ascending.
  private final List<Interval> dead = new ArrayList<>(0);

  private final List<SpilledChanges> parts = new ArrayList<>();
  private long maxSequence = -1;

  SpilledChanges newPart() {
    SpilledChanges part = new SpilledChanges(this);
    parts.add(part);
    return part;
  }

  SortedRun newRun() {
    if (store.endAddress() > FILE_BYTES_MAX) {
      throw new SqlException(SqlState.CONFIGURATION_LIMIT_EXCEEDED, "temporary file size exceeds the limit of one transaction");
    }
    return new SortedRun(store);
  }

  void spilled(long sequence) {
    maxSequence = Math.max(maxSequence, sequence);
  }

  /// Kills the changes with numbers from `from` to before `to`.
  void rollback(long from, long to) {
    if (maxSequence < from) {
      return;
    }
    while (!dead.isEmpty() && dead.getLast().from >= from) {
      dead.removeLast();
    }
    dead.add(new Interval(from, to));
    parts.forEach(part -> part.rolledBack(from));
  }

  boolean isDead(long sequence) {
    for (int i = dead.size() - 1; i >= 0; i--) {
      Interval interval = dead.get(i);
      if (sequence >= interval.from) {
        return sequence < interval.to;
      }
    }
    return false;
  }

  boolean hasChanges() {
    for (SpilledChanges part : parts) {
      if (!part.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  long memoryBytes() {
    long bytes = 0;
    for (SpilledChanges part : parts) {
      bytes += part.memoryBytes();
    }
    return bytes;
  }

  @Override
  public void close() {
    store.close();
  }
}
