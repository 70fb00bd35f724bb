package io.heliosdb.nano.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lock table at one moment, for `pg_locks`, `pg_blocking_pids` and `heliosdb_wait_for_graph`. Immutable.
///
/// Row locks that nobody waits for are not listed one by one (PostgreSQL keeps them in the rows and does not list them
/// either): their holder shows an exclusive lock on its transaction id, and a waiter shows a lock not granted on that id.
public record LockView(List<Entry> entries, List<WaitEdge> waits) {
  public static final LockView EMPTY = new LockView(List.of(), List.of());

  public LockView {
    entries = List.copyOf(entries);
    waits = List.copyOf(waits);
  }

  /// One line of `pg_locks`; fields that do not apply are null.
  ///
  /// @param lockType `relation`, `transactionid`, `tuple`, `advisory`, `object`
  /// @param mode as `pg_locks.mode`, e.g. `RowExclusiveLock`
  /// @param waitStartMillis clock time at which the wait began, 0 when granted
  public record Entry(
      String lockType,
      @Nullable Long database,
      @Nullable Long relation,
      @Nullable Long transactionId,
      @Nullable Long classId,
      @Nullable Long objectId,
      @Nullable Integer objectSubId,
      @Nullable String rowKeyHex,
      long virtualTransaction,
      int pid,
      String mode,
      boolean granted,
      long waitStartMillis) {}

  /// One session waits for another; `blockerWaits` tells a queue neighbour from a holder.
  public record WaitEdge(
      int waiterPid, int blockerPid, long waiterXid, long blockerXid, String mode, String lock, boolean blockerWaits, long sinceMillis) {}

  /// Pids that block `pid`, as `pg_blocking_pids` returns them.
  public List<Integer> blockingPids(int pid) {
    return waits.stream().filter(w -> w.waiterPid == pid).map(WaitEdge::blockerPid).distinct().toList();
  }
}
