package io.heliosdb.nano.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// One owner's lock on a row or unique key that nobody else wants, or the mark that the lock table has the key. See [ThinLocks].
///
/// Compared by identity. The state only goes from modes held (bits of [TableLockMode]) to [#INFLATED] or [#RELEASED], by compare and set.
final class ThinLock {
  /// The lock table decides about the key now; the mode bits below say what was held when it took over.
  static final int INFLATED = 1 << 8;

  /// Let go by its owner, about to leave the map.
  static final int RELEASED = 1 << 9;

  static final int MODES = 0xFF;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(ThinLock.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final LockKey key;

  /// Null for a mark of the lock table.
  final @Nullable LockOwner owner;

  private volatile int state;

  ThinLock(LockKey key, @Nullable LockOwner owner, int state) {
    this.key = key;
    this.owner = owner;
    // Published by the map it goes into.
    STATE.set(this, state);
  }

  int state() {
    return state;
  }

  boolean compareAndSet(int before, int after) {
    return STATE.compareAndSet(this, before, after);
  }
}
