package io.heliosdb.nano.lock;

import java.util.List;

/// A request that stands in the queue of one entry. Belongs to the lock table.
final class LockWaiter {
  final LockOwner owner;
  final LockEntry entry;
  final TableLockMode mode;
  final LockTable.AcquireLocks request;

  /// Index in the request's keys that is waited for.
  final int keyIndex;

  /// New locks the request got before this one.
  final int acquiredCount;

  /// Numbers waits, so that a late answer about this one cannot hit the next.
  final long serial;

  final long sinceMillis;

  /// How often it went before others to undo a deadlock.
  int jumpCount;

  /// Whom the graph has been told that this waits for.
  List<LockOwner> reported = List.of();

  LockWaiter(
      LockOwner owner,
      LockEntry entry,
      TableLockMode mode,
      LockTable.AcquireLocks request,
      int keyIndex,
      int acquiredCount,
      long serial,
      long sinceMillis) {
    this.owner = owner;
    this.entry = entry;
    this.mode = mode;
    this.request = request;
    this.keyIndex = keyIndex;
    this.acquiredCount = acquiredCount;
    this.serial = serial;
    this.sinceMillis = sinceMillis;
  }
}
