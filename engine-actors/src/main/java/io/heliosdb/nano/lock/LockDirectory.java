package io.heliosdb.nano.lock;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/// What the lock table keeps where others can read it, and the locks that it has nothing to do with; one per database.
///
/// Reading asks nobody and keeps nobody: [#view] walks the entries on its own thread. It tries to see them between two commands of the lock
/// table, a few times; under steady work it settles for what it saw, where each line was true at some moment of the walk.
public final class LockDirectory {
  private static final int CONSISTENT_TRIES = 4;

  private final ConcurrentHashMap<LockKey, LockEntry> entries = new ConcurrentHashMap<>();
  private final ThinLocks thinLocks = new ThinLocks();

  /// Odd while the lock table carries out a command; written by it only.
  private volatile long version;

  public ThinLocks thinLocks() {
    return thinLocks;
  }

  ConcurrentHashMap<LockKey, LockEntry> entries() {
    return entries;
  }

  @SuppressWarnings("NonAtomicOperationOnVolatileField")
  void changing() {
    version++;
  }

  @SuppressWarnings("NonAtomicOperationOnVolatileField")
  void changed() {
    version++;
  }

  /// @param owners of all sessions
  public LockView view(Collection<LockOwner> owners) {
    LockView view = LockView.EMPTY;
    for (int i = 0; i < CONSISTENT_TRIES; i++) {
      long before = version;
      view = new LockInspection(entries.values(), owners).view();
      if ((before & 1) == 0 && before == version) {
        return view;
      }
    }
    return view;
  }
}
