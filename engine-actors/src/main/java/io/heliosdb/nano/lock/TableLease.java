package io.heliosdb.nano.lock;

import java.util.concurrent.atomic.AtomicInteger;

/// A session's standing permission to take the weak modes of one table without asking, until somebody wants a strong one.
///
/// The three weak modes (ACCESS SHARE, ROW SHARE, ROW EXCLUSIVE) never conflict with each other, so while no strong mode is
/// held or wanted, taking one needs no decision: the session sets a bit in its own lease. The lock table revokes the lease
/// when a strong request comes: from then on setting bits fails, and bits set at that moment count as held until the
/// session reports that its transaction has let go of them ([LockTable.LeaseReleased]).
///
/// Both sides only change `state` atomically: either the session's bit comes first, then the lock table sees it and has the
/// strong request wait, or the revocation comes first, then the session sees it and asks the ordinary way. So the lock table
/// stays the one that decides who holds what. This is what PostgreSQL's fast-path locks do, without a scan of all sessions.
public final class TableLease {
  /// Modes up to this one are weak.
  public static final TableLockMode STRONGEST = TableLockMode.ROW_EXCLUSIVE;

  private static final int REVOKED = 1 << 31;
  private static final int MODES = 0b111;

  final LockEntry entry;
  final LockOwner owner;

  /// Orders the leases of an entry.
  final long serial;

  private final AtomicInteger state = new AtomicInteger();

  TableLease(LockEntry entry, LockOwner owner, long serial) {
    this.serial = serial;
    this.entry = entry;
    this.owner = owner;
  }

  /// Session: takes a weak mode; false when the lease has been revoked and does not hold the mode yet.
  public boolean take(TableLockMode mode) {
    while (true) {
      int before = state.get();
      if ((before & mode.bit()) != 0) {
        return true;
      }
      if (before < 0) {
        return false;
      }
      if (state.compareAndSet(before, before | mode.bit())) {
        return true;
      }
    }
  }

  /// Session: whether it holds the mode through this lease.
  public boolean holds(TableLockMode mode) {
    return (state.get() & mode.bit()) != 0;
  }

  /// Session: whether it holds nothing through this lease.
  public boolean isIdle() {
    return bits() == 0;
  }

  /// Session: lets go of modes. Returns true when the lock table has to be told, because it revoked the lease meanwhile.
  public boolean release(int modeBits) {
    return state.getAndUpdate(before -> before & ~modeBits) < 0;
  }

  /// Lock table: ends the lease; gives the bits in use at that moment.
  int revoke() {
    return state.getAndUpdate(before -> before | REVOKED) & MODES;
  }

  /// The bits in use now.
  int bits() {
    return state.get() & MODES;
  }

  public static boolean isWeak(TableLockMode mode) {
    return mode.ordinal() <= STRONGEST.ordinal();
  }
}
