package io.heliosdb.nano.lock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Locks on rows and unique keys that nobody else wants: taken and let go by their session without a message; one per database.
///
/// A concurrent map holds one [ThinLock] per key. Whoever puts it there has the lock. Who finds another's asks the lock table, which *inflates* the
/// key: it turns what is held into an ordinary hold, in whose queue the asker waits, and leaves the lock in the map as a mark. While there is a
/// mark, everybody asks the lock table; it removes the mark when nobody holds or wants the key any more. So queues, fairness and
/// deadlocks are the lock table's alone. Source of the idea: Bacon et al., "Thin Locks", PLDI 1998.
///
/// ```
///   (no lock) --put--> held by A --cas--> RELEASED --remove--> (no lock)
///                          |
///                          +--cas by the lock table--> INFLATED: A's end tells the lock table
/// ```
///
/// A transaction with more than [#THIN_MAX] of them keeps the rest as [LockFingerprints]: in no map, but asked by everybody who locks a
/// row of the same relation. They are added before the lock leaves the map, and looked at after a lock was put there, so that one of two always sees
/// the other.
///
/// Threads: `owner`'s part is touched by its session only, or by the committer while the session waits for it. All else is thread-safe.
/// Bound: accounted by the session, [LockTable#BYTES_PER_LOCK] each, what fingerprints take for the others.
public final class ThinLocks {
  /// How an attempt ended.
  public enum Attempt {
    TAKEN,

    /// The owner held enough already.
    COVERED,

    /// Others have to do with the key: the lock table decides.
    CONTENDED,

    /// The same, and the lock table must first be told to release what it inflated meanwhile ([LockOwner#takeStray]).
    STRAY
  }

  static final int THIN_MAX = 32_768;

  /// So many locks of one relation, mode and savepoint level get fingerprints of their own; fewer of a level join those of the level below, and
  /// are held as long.
  private static final int GROUP_MIN = 1_024;

  private static final LockFingerprints[] NONE = {};

  private final ConcurrentHashMap<LockKey, ThinLock> map = new ConcurrentHashMap<>(1024);
  private final AtomicReference<LockFingerprints[]> fingerprints = new AtomicReference<>(NONE);

  public Attempt acquire(LockOwner owner, LockKey key, TableLockMode mode, int level) {
    if (isFingerprinted(owner, key, mode)) {
      return Attempt.CONTENDED;
    }
    ThinLock mine = null;
    while (true) {
      if (mine == null) {
        mine = new ThinLock(key, owner, mode.bit());
      }
      ThinLock found = map.putIfAbsent(key, mine);
      if (found == null) {
        if (isFingerprinted(owner, key, mode)) {
          return withdraw(owner, mine, mode);
        }
        owner.recordThin(mine, mode.ordinal(), level);
        return Attempt.TAKEN;
      }
      int state = found.state();
      if ((state & ThinLock.RELEASED) != 0) {
        map.remove(key, found);
      } else if (found.owner != owner || (state & ThinLock.INFLATED) != 0) {
        return Attempt.CONTENDED;
      } else if (LockTable.covers(state, mode)) {
        return Attempt.COVERED;
      } else if (found.compareAndSet(state, state | mode.bit())) {
        owner.recordThin(found, mode.ordinal(), level);
        return Attempt.TAKEN;
      }
    }
  }

  private Attempt withdraw(LockOwner owner, ThinLock lock, TableLockMode mode) {
    if (lock.compareAndSet(mode.bit(), ThinLock.RELEASED)) {
      map.remove(lock.key, lock);
      return Attempt.CONTENDED;
    }
    owner.stray = lock;
    return Attempt.STRAY;
  }

  private boolean isFingerprinted(LockOwner owner, LockKey key, TableLockMode mode) {
    for (LockFingerprints prints : fingerprints.getAcquire()) {
      if (prints.owner != owner && prints.isAbout(key) && prints.mode.conflictsWith(mode) && prints.contains(key)) {
        return true;
      }
    }
    return false;
  }

  /// Lets go of all locks of an owner.
  ///
  /// @return what the lock table has to release; null for nothing
  public LockTable.@Nullable Release releaseAll(LockOwner owner) {
    LockTable.Release release = releaseSince(owner, Integer.MIN_VALUE);
    owner.forgetThin();
    boolean holdsInTable = owner.asksTable;
    owner.asksTable = false;
    if (release == null) {
      return holdsInTable ? new LockTable.Release(owner, List.of(), List.of()) : null;
    }
    return release;
  }

  /// Lets go of the locks taken at this savepoint level or a later one.
  ///
  /// @return what was inflated and so has to be released by the lock table; null for nothing
  public LockTable.@Nullable Release releaseSince(LockOwner owner, int level) {
    List<LockTable.InflatedLock> inflated = null;
    while (owner.thinCount > 0 && owner.thinAs[owner.thinCount - 1] >> 3 >= level) {
      int last = --owner.thinCount;
      ThinLock lock = owner.thin[last];
      owner.thin[last] = null;
      int bit = 1 << (owner.thinAs[last] & 7);
      if (!release(lock, bit)) {
        inflated = inflated == null ? new ArrayList<>() : inflated;
        inflated.add(new LockTable.InflatedLock(lock, bit));
      }
    }
    List<LockFingerprints> gone = owner.fingerprintsSince(level);
    if (!gone.isEmpty()) {
      fingerprints.updateAndGet(all -> Arrays.stream(all).filter(prints -> !gone.contains(prints)).toArray(LockFingerprints[]::new));
    }
    return inflated == null && gone.isEmpty() ? null : new LockTable.Release(owner, inflated == null ? List.of() : inflated, gone);
  }

  /// Gives up one mode; false when the lock table has to.
  private boolean release(ThinLock lock, int bit) {
    while (true) {
      int state = lock.state();
      if ((state & ThinLock.INFLATED) != 0) {
        return false;
      }
      int left = state & ~bit;
      if (lock.compareAndSet(state, left == 0 ? ThinLock.RELEASED : left)) {
        if (left == 0) {
          map.remove(lock.key, lock);
        }
        return true;
      }
    }
  }

  /// Turns an owner's locks into fingerprints when they are many.
  ///
  /// @return by how many bytes less the owner's locks take now
  public long compact(LockOwner owner, long keyBytesAverage) {
    if (owner.thinCount < owner.compactAt) {
      return 0;
    }
    Integer[] order = new Integer[owner.thinCount];
    Arrays.setAll(order, i -> i);
    // Stable: within a relation and mode the levels ascend.
    Arrays.sort(order, Comparator.<Integer>comparingLong(i -> owner.thin[i].key.id).thenComparing(i -> owner.thin[i].key.kind)
        .thenComparingLong(i -> owner.thin[i].key.scope).thenComparingInt(i -> owner.thinAs[i] & 7));
    long before = owner.fingerprintBytes();
    boolean[] isPrinted = new boolean[owner.thinCount];
    for (int start = 0, end; start < order.length; start = end) {
      end = start + 1;
      while (end < order.length && isOneGroup(owner, order[start], order[end])) {
        end++;
      }
      if (end - start >= GROUP_MIN) {
        print(owner, order, start, end, isPrinted);
      }
    }
    int kept = 0;
    int count = owner.thinCount;
    for (int i = 0; i < count; i++) {
      ThinLock lock = owner.thin[i];
      if (!isPrinted[i] || !release(lock, 1 << (owner.thinAs[i] & 7))) {
        owner.thin[kept] = lock;
        owner.thinAs[kept++] = owner.thinAs[i];
      }
    }
    Arrays.fill(owner.thin, kept, count, null);
    owner.thinCount = kept;
    owner.compactAt = kept + THIN_MAX;
    return (count - kept) * (LockTable.BYTES_PER_LOCK + keyBytesAverage) - (owner.fingerprintBytes() - before);
  }

  private static boolean isOneGroup(LockOwner owner, int a, int b) {
    LockKey first = owner.thin[a].key;
    LockKey second = owner.thin[b].key;
    return first.id == second.id && first.kind == second.kind && first.scope == second.scope && ((owner.thinAs[a] ^ owner.thinAs[b]) & 7) == 0;
  }

  private void print(LockOwner owner, Integer[] order, int start, int end, boolean[] isPrinted) {
    LockFingerprints prints = null;
    int inLevel = 0;
    for (int o = start; o < end; o++) {
      int i = order[o];
      LockKey key = owner.thin[i].key;
      int level = owner.thinAs[i] >> 3;
      if (prints == null || (level != prints.level && inLevel >= GROUP_MIN)) {
        prints = fingerprintsFor(owner, key, TableLockMode.of(owner.thinAs[i] & 7), level);
        inLevel = 0;
      }
      prints.add(key);
      inLevel++;
      isPrinted[i] = true;
    }
  }

  private LockFingerprints fingerprintsFor(LockOwner owner, LockKey key, TableLockMode mode, int level) {
    LockFingerprints there = owner.fingerprints(key, mode, level);
    if (there != null) {
      return there;
    }
    LockFingerprints made = new LockFingerprints(owner, key, mode, level);
    owner.addFingerprints(made);
    fingerprints.updateAndGet(all -> {
      LockFingerprints[] more = Arrays.copyOf(all, all.length + 1);
      more[all.length] = made;
      return more;
    });
    return made;
  }

  /// Lock table: takes a key over; what is held of it becomes holds of the entry.
  void inflate(LockEntry entry) {
    ThinLock mark = new ThinLock(entry, null, ThinLock.INFLATED);
    while (true) {
      ThinLock found = map.putIfAbsent(entry, mark);
      if (found == null) {
        entry.mark = mark;
        break;
      }
      int state = found.state();
      if ((state & ThinLock.RELEASED) != 0) {
        map.remove(entry, found);
      } else if (found.compareAndSet(state, state | ThinLock.INFLATED)) {
        entry.mark = found;
        entry.addHold(found.owner).thinBits = state & ThinLock.MODES;
        break;
      }
    }
    for (LockFingerprints prints : fingerprints.get()) {
      if (prints.isAbout(entry) && prints.contains(entry)) {
        entry.holdBy(prints.owner).addFingerprints(prints);
        prints.inflated.add(entry);
      }
    }
  }

  /// Lock table: nobody holds or wants the key any more.
  void deflate(LockEntry entry) {
    map.remove(entry, entry.mark);
  }

  /// Locks in the map, for tests.
  int size() {
    return map.size();
  }
}
