package io.heliosdb.nano.lock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A session in the eyes of the lock table. All locks of one owner are compatible with each other.
///
/// The public fields never change; the others belong to the lock table's actor and are touched by no one else.
public final class LockOwner {
  public final int pid;
  public final long databaseOid;

  /// Transaction as of the newest request: its number (higher is younger) and its id, 0 for none.
  long transactionSerial;

  long xid;

  /// Transaction-scoped acquisitions in order: the entry, and level << 3 | mode.
  LockEntry[] acquired = new LockEntry[4];

  int[] acquiredAs = new int[4];
  int acquiredCount;

  /// Entries with session-scoped holds.
  final Set<LockEntry> sessionHolds = new HashSet<>(0);

  /// Leases not revoked.
  final Set<TableLease> leases = new HashSet<>(0);

  /// Keys held in compact form, by savepoint level and index.
  final List<CompactKeys.KeySet> keySets = new ArrayList<>(0);

  CompactKeys.@Nullable KeySet lastKeySet;

  @Nullable LockWaiter waiting;
  boolean isClosed;

  public LockOwner(int pid, long databaseOid) {
    this.pid = pid;
    this.databaseOid = databaseOid;
  }

  void record(LockEntry entry, int mode, int level) {
    if (acquiredCount == acquired.length) {
      acquired = Arrays.copyOf(acquired, acquiredCount * 2);
      acquiredAs = Arrays.copyOf(acquiredAs, acquiredCount * 2);
    }
    acquired[acquiredCount] = entry;
    acquiredAs[acquiredCount++] = level << 3 | mode;
  }

  /// Shrinks the record after a transaction that took many locks.
  void forgetAcquired() {
    acquiredCount = 0;
    if (acquired.length > 1024) {
      acquired = new LockEntry[4];
      acquiredAs = new int[4];
    }
  }

  @Override
  public String toString() {
    return "process " + pid;
  }
}
