package io.heliosdb.nano.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes a [LockView] of what the lock table keeps in its [LockDirectory], on the thread that wants it, while the table works on.
///
/// Cost: one pass over the keys. Row keys without a queue are passed over at a glance.
final class LockInspection {
  private final Collection<LockEntry> keys;
  private final Collection<LockOwner> owners;
  private final List<LockView.Entry> entries = new ArrayList<>();
  private final List<LockView.WaitEdge> edges = new ArrayList<>();

  LockInspection(Collection<LockEntry> keys, Collection<LockOwner> owners) {
    this.keys = keys;
    this.owners = owners;
  }

  LockView view() {
    for (LockOwner owner : owners) {
      long xid = owner.xid;
      if (xid != 0) {
        entries.add(onTransaction(owner, xid, TableLockMode.EXCLUSIVE, null));
      }
    }
    for (LockEntry entry : keys) {
      if (!entry.isInRow()) {
        addHolds(entry);
        addLeases(entry);
      }
      entry.queue.forEach(this::addWaiter);
    }
    return new LockView(entries, edges);
  }

  private void addHolds(LockEntry entry) {
    for (LockEntry.Hold hold = entry.holds; hold != null; hold = hold.next) {
      for (int bits = hold.bits(); bits != 0; bits &= bits - 1) {
        entries.add(onKey(entry, hold.owner, TableLockMode.of(Integer.numberOfTrailingZeros(bits)), null));
      }
    }
  }

  private void addLeases(LockEntry entry) {
    Set<TableLease> leases = entry.leases;
    if (leases != null) {
      for (TableLease lease : leases) {
        for (int bits = lease.bits(); bits != 0; bits &= bits - 1) {
          entries.add(onKey(entry, lease.owner, TableLockMode.of(Integer.numberOfTrailingZeros(bits)), null));
        }
      }
    }
  }

  private void addWaiter(LockWaiter waiter) {
    LockEntry entry = waiter.entry;
    List<LockOwner> blockers = entry.blockersOf(waiter);
    for (LockOwner blocker : blockers) {
      edges.add(
          new LockView.WaitEdge(
              waiter.owner.pid, blocker.pid, waiter.owner.xid, blocker.xid, waiter.mode.displayName(),
              entry.describe(waiter.owner.databaseOid), entry.holdOf(blocker) == null, waiter.sinceMillis));
    }
    if (entry.isInRow()) {
      LockOwner holder = blockers.stream().filter(blocker -> entry.holdOf(blocker) != null).findFirst().orElse(null);
      if (holder != null) {
        entries.add(onTransaction(waiter.owner, holder.xid, TableLockMode.SHARE, waiter));
      }
      entries.add(onKey(entry, waiter.owner, waiter.mode, holder == null ? waiter : null));
    } else {
      entries.add(onKey(entry, waiter.owner, waiter.mode, waiter));
    }
  }

  private static LockView.Entry onTransaction(LockOwner owner, long xid, TableLockMode mode, @Nullable LockWaiter waiter) {
    return new LockView.Entry(
        "transactionid", null, null, xid, null, null, null, null, owner.transactionSerial, owner.pid, mode.displayName(),
        waiter == null, waiter == null ? 0 : waiter.sinceMillis);
  }

  private static LockView.Entry onKey(LockEntry key, LockOwner owner, TableLockMode mode, @Nullable LockWaiter waiter) {
    boolean isAdvisory = key.kind == LockKey.Kind.ADVISORY;
    boolean isObject = key.kind == LockKey.Kind.OBJECT;
    return new LockView.Entry(
        switch (key.kind) {
          case ROW, UNIQUE_KEY -> "tuple";
          case RELATION -> "relation";
          case OBJECT -> "object";
          case ADVISORY -> "advisory";
        },
        isObject ? 0L : owner.databaseOid,
        key.kind == LockKey.Kind.RELATION || key.isInRow() ? key.id : null,
        null,
        isAdvisory ? (Long) (key.id >>> 32) : isObject ? (Long) key.scope : null,
        isAdvisory ? (Long) (key.id & 0xFFFF_FFFFL) : isObject ? (Long) key.id : null,
        isAdvisory ? (Integer) (key.bytes == null ? 1 : 2) : isObject ? (Integer) 0 : null,
        key.isInRow() ? HexFormat.of().formatHex(key.bytes) : null,
        owner.transactionSerial,
        owner.pid,
        mode.displayName(),
        waiter == null,
        waiter == null ? 0 : waiter.sinceMillis);
  }
}
