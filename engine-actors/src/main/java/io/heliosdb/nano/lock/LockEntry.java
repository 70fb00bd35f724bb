package io.heliosdb.nano.lock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/// A key that somebody holds or waits for: its holders and its queue. Belongs to the lock table.
///
/// The lock table writes, [LockInspection] reads on any thread: what it walks through is never changed in place (queue) or safe to be read
/// meanwhile (holds, leases).
///
/// Invariants: holders' modes are pairwise compatible; a waiter conflicts with a holder or with a waiter before it; an
/// owner has at most one hold and one place in the queue.
final class LockEntry extends LockKey {
  /// What one owner holds of the key; a list through `next`, since nearly always there is one.
  static final class Hold {
    final LockOwner owner;

    /// Mode bits held by the transaction.
    int transactionBits;

    /// Session-scoped counts of the two advisory modes.
    int sessionShared;

    int sessionExclusive;

    /// Mode bits of a revoked lease that the session has not let go of yet.
    int leaseBits;

    /// Mode bits of the owner's [ThinLock] that was inflated.
    int thinBits;

    /// Where the owner's fingerprints have the key; nearly always null.
    private @Nullable List<LockFingerprints> fingerprints;

    volatile @Nullable Hold next;

    Hold(LockOwner owner) {
      this.owner = owner;
    }

    void addFingerprints(LockFingerprints prints) {
      fingerprints = fingerprints == null ? new ArrayList<>(1) : new ArrayList<>(fingerprints);
      fingerprints.add(prints);
    }

    void removeFingerprints(LockFingerprints prints) {
      if (fingerprints != null) {
        List<LockFingerprints> left = new ArrayList<>(fingerprints);
        left.remove(prints);
        fingerprints = left.isEmpty() ? null : left;
      }
    }

    /// Modes that the transaction holds as such.
    int transactionModes() {
      int modes = transactionBits | thinBits;
      List<LockFingerprints> prints = fingerprints;
      if (prints != null) {
        for (LockFingerprints print : prints) {
          modes |= print.mode.bit();
        }
      }
      return modes;
    }

    int bits() {
      return transactionModes()
          | leaseBits
          | (sessionShared > 0 ? TableLockMode.SHARE.bit() : 0)
          | (sessionExclusive > 0 ? TableLockMode.EXCLUSIVE.bit() : 0);
    }
  }

  volatile @Nullable Hold holds;

  /// First come first; replaced by another list with every change.
  volatile List<LockWaiter> queue = List.of();

  /// Leases that have not been revoked; only while nobody holds or wants a strong mode.
  volatile @Nullable ConcurrentSkipListSet<TableLease> leases;

  /// What stands for this entry among the [ThinLocks]; null for tables and the like.
  @Nullable ThinLock mark;

  LockEntry(LockKey key) {
    super(key.kind, key.scope, key.id, key.bytes);
  }

  @Nullable Hold holdOf(LockOwner owner) {
    for (Hold hold = holds; hold != null; hold = hold.next) {
      if (hold.owner == owner) {
        return hold;
      }
    }
    return null;
  }

  Hold addHold(LockOwner owner) {
    Hold hold = new Hold(owner);
    hold.next = holds;
    holds = hold;
    return hold;
  }

  /// The owner's hold, a new one if there was none.
  Hold holdBy(LockOwner owner) {
    Hold hold = holdOf(owner);
    return hold == null ? addHold(owner) : hold;
  }

  void removeHold(Hold gone) {
    if (holds == gone) {
      holds = gone.next;
      return;
    }
    Hold previous = holds;
    while (previous.next != gone) {
      previous = previous.next;
    }
    previous.next = gone.next;
  }

  boolean isUnused() {
    return holds == null && queue.isEmpty() && leases == null;
  }

  /// Whether another owner holds something that this mode conflicts with.
  boolean conflictsWithHolders(LockOwner owner, TableLockMode mode) {
    for (Hold hold = holds; hold != null; hold = hold.next) {
      if (hold.owner != owner && (mode.conflictMask() & hold.bits()) != 0) {
        return true;
      }
    }
    return false;
  }

  /// Whether all that is held and wanted is weak, so that another lease does no harm.
  boolean admitsLease() {
    if (!queue.isEmpty()) {
      return false;
    }
    for (Hold hold = holds; hold != null; hold = hold.next) {
      if (hold.bits() >= TableLease.STRONGEST.bit() << 1) {
        return false;
      }
    }
    return true;
  }

  /// Whether this owner holds something that the mode conflicts with.
  boolean isHeldAgainst(LockOwner owner, TableLockMode mode) {
    Hold hold = holdOf(owner);
    return hold != null && (mode.conflictMask() & hold.bits()) != 0;
  }

  TableLease addLease(LockOwner owner, long serial) {
    TableLease lease = new TableLease(this, owner, serial);
    if (leases == null) {
      leases = new ConcurrentSkipListSet<>(Comparator.comparingLong(one -> one.serial));
    }
    leases.add(lease);
    return lease;
  }

  /// Ends all leases; what is in use becomes an ordinary hold.
  void revokeLeases() {
    Set<TableLease> revoked = leases;
    if (revoked == null) {
      return;
    }
    for (TableLease lease : revoked) {
      lease.owner.leases.remove(lease);
      int bits = lease.revoke();
      if (bits != 0) {
        holdBy(lease.owner).leaseBits |= bits;
      }
    }
    leases = null;
  }

  /// Ends one lease that its session gives back unused.
  void dropLease(TableLease lease) {
    if (leases != null && leases.remove(lease)) {
      lease.revoke();
      lease.owner.leases.remove(lease);
      if (leases.isEmpty()) {
        leases = null;
      }
    }
  }

  /// The place in the queue of a new request: the end, or for a holder before the first waiter who waits for it.
  int placeFor(int heldBits) {
    if (heldBits != 0) {
      int place = 0;
      for (LockWaiter waiter : queue) {
        if ((waiter.mode.conflictMask() & heldBits) != 0) {
          return place;
        }
        place++;
      }
    }
    return queue.size();
  }

  /// Whether one of the first `place` waiters wants something that this mode conflicts with.
  boolean conflictsWithWaiters(TableLockMode mode, int place) {
    int index = 0;
    for (LockWaiter waiter : queue) {
      if (index++ == place) {
        return false;
      }
      if (mode.conflictsWith(waiter.mode)) {
        return true;
      }
    }
    return false;
  }

  void enqueue(LockWaiter waiter, int place) {
    List<LockWaiter> order = new ArrayList<>(queue.size() + 1);
    order.addAll(queue);
    order.add(place, waiter);
    queue = order;
  }

  void dequeue(LockWaiter waiter) {
    List<LockWaiter> order = new ArrayList<>(queue);
    order.remove(waiter);
    queue = order.isEmpty() ? List.of() : order;
  }

  /// Puts a waiter directly before another one.
  void moveBefore(LockWaiter waiter, LockWaiter other) {
    List<LockWaiter> order = new ArrayList<>(queue);
    order.remove(waiter);
    order.add(order.indexOf(other), waiter);
    queue = order;
  }

  /// Everybody this waiter waits for: conflicting holders, and conflicting waiters before it.
  List<LockOwner> blockersOf(LockWaiter waiter) {
    List<LockOwner> blockers = new ArrayList<>(2);
    addConflictingHolders(waiter, blockers);
    for (LockWaiter ahead : queue) {
      if (ahead == waiter) {
        break;
      }
      if (waiter.mode.conflictsWith(ahead.mode)) {
        blockers.add(ahead.owner);
      }
    }
    return blockers;
  }

  private void addConflictingHolders(LockWaiter waiter, List<LockOwner> blockers) {
    for (Hold hold = holds; hold != null; hold = hold.next) {
      if (hold.owner != waiter.owner && (waiter.mode.conflictMask() & hold.bits()) != 0) {
        blockers.add(hold.owner);
      }
    }
  }

  /// Enough of [#blockersOf] to reach all of it by following edges: behind a waiter of the same, self-conflicting mode
  /// only that one, which keeps a long queue for one row at one edge per waiter.
  List<LockOwner> edgesOf(LockWaiter waiter, @Nullable LockWaiter sameModeAhead) {
    return sameModeAhead != null && waiter.mode.conflictsWith(waiter.mode) ? List.of(sameModeAhead.owner) : blockersOf(waiter);
  }
}
