package io.heliosdb.nano.lock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A session in the eyes of the lock table. All locks of one owner are compatible with each other.
///
/// The public fields never change. Of the others one part belongs to the session (or to the committer while the session waits for it), the
/// other to the lock table's actor.
public final class LockOwner {
  public final int pid;
  public final long databaseOid;

  // ---- the session's; the lock table reads the first two, published with every lock and every request ----

  /// The open transaction: its number (higher is younger) and its id, 0 for none.
  volatile long transactionSerial;

  volatile long xid;

  /// Whether the transaction has asked the lock table, which then has to be told of its end.
  boolean asksTable;

  /// Locks in [ThinLocks] in the order taken, and level << 3 | mode.
  ThinLock[] thin = new ThinLock[4];

  int[] thinAs = new int[4];
  int thinCount;

  /// With so many thin locks [ThinLocks#compact] has something to do.
  int compactAt = ThinLocks.THIN_MAX;

  private @Nullable List<LockFingerprints> fingerprints;

  @Nullable ThinLock stray;

  // ---- the lock table's ----

  /// Transaction-scoped acquisitions in order: the entry, and level << 3 | mode.
  LockEntry[] acquired = new LockEntry[4];

  int[] acquiredAs = new int[4];
  int acquiredCount;

  /// Entries with session-scoped holds.
  final Set<LockEntry> sessionHolds = new HashSet<>(0);

  /// Leases not revoked.
  final Set<TableLease> leases = new HashSet<>(0);

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

  /// Says what transaction asks for locks from here on.
  public void begin(long serial, long transactionXid) {
    if (transactionSerial != serial) {
      transactionSerial = serial;
    }
    if (xid != transactionXid) {
      xid = transactionXid;
    }
  }

  /// The transaction is over.
  public void end() {
    if (xid != 0) {
      xid = 0;
    }
  }

  public long xid() {
    return xid;
  }

  /// Whether locks are held, or may be.
  public boolean hasLocks() {
    return asksTable || thinCount > 0 || fingerprints != null;
  }

  /// The lock table is about to be asked for something that the transaction's end releases.
  public void asks() {
    asksTable = true;
  }

  public boolean hasAsked() {
    return asksTable;
  }

  /// What to tell the lock table after [ThinLocks.Attempt#STRAY].
  public LockTable.Release takeStray() {
    ThinLock lock = stray;
    stray = null;
    return new LockTable.Release(this, List.of(new LockTable.InflatedLock(lock, ThinLock.MODES)), List.of());
  }

  void recordThin(ThinLock lock, int mode, int level) {
    if (thinCount == thin.length) {
      thin = Arrays.copyOf(thin, thinCount * 2);
      thinAs = Arrays.copyOf(thinAs, thinCount * 2);
    }
    thin[thinCount] = lock;
    thinAs[thinCount++] = level << 3 | mode;
  }

  void forgetThin() {
    compactAt = ThinLocks.THIN_MAX;
    if (thin.length > 1024) {
      thin = new ThinLock[4];
      thinAs = new int[4];
    }
  }

  void addFingerprints(LockFingerprints prints) {
    if (fingerprints == null) {
      fingerprints = new ArrayList<>(4);
    }
    fingerprints.add(prints);
  }

  @Nullable LockFingerprints fingerprints(LockKey key, TableLockMode mode, int level) {
    if (fingerprints != null) {
      for (LockFingerprints prints : fingerprints) {
        if (prints.level == level && prints.mode == mode && prints.isAbout(key)) {
          return prints;
        }
      }
    }
    return null;
  }

  /// Takes out the fingerprints of this level and later ones.
  List<LockFingerprints> fingerprintsSince(int level) {
    if (fingerprints == null) {
      return List.of();
    }
    List<LockFingerprints> gone = fingerprints.stream().filter(prints -> prints.level >= level).toList();
    fingerprints.removeAll(gone);
    if (fingerprints.isEmpty()) {
      fingerprints = null;
    }
    return gone;
  }

  long fingerprintBytes() {
    long bytes = 0;
    if (fingerprints != null) {
      for (LockFingerprints prints : fingerprints) {
        bytes += prints.bytes();
      }
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "process " + pid;
  }
}
