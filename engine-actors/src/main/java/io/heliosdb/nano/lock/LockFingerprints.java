package io.heliosdb.nano.lock;

import io.heliosdb.nano.storage.key.KeyHash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/// Very many locks of one transaction on rows of one relation (or keys of one index) in one mode: 64 bits of hash each.
///
/// Another key is taken for one of them with a chance of n / 2^64, and then is waited for without need.
/// Threads: the owner adds; others only ask. Whoever sees a lock gone from the map sees it here, since it is added before.
/// Memory: 256 tables, each at most 5/6 full and growing by a third: about eleven bytes a lock.
final class LockFingerprints {
  private static final int TABLES = 256;
  private static final int SLOTS_MIN = 24;
  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(long[][].class);

  final LockOwner owner;
  final LockKey.Kind kind;
  final long scope;
  final long id;
  final TableLockMode mode;

  /// The lowest savepoint level at which one of them was taken.
  final int level;

  /// Entries of the lock table in which the owner holds locks because of this; belongs to the lock table.
  final List<LockEntry> inflated = new ArrayList<>(0);

  private final long[][] tables = new long[TABLES][];
  private final int[] counts = new int[TABLES];
  private long slotCount;

  LockFingerprints(LockOwner owner, LockKey like, TableLockMode mode, int level) {
    this.owner = owner;
    kind = like.kind;
    scope = like.scope;
    id = like.id;
    this.mode = mode;
    this.level = level;
  }

  boolean isAbout(LockKey key) {
    return key.id == id && key.kind == kind && key.scope == scope;
  }

  long bytes() {
    return slotCount * 8 + TABLES * 32;
  }

  private static long fingerprint(LockKey key) {
    long hash = KeyHash.of(key.bytes);
    return hash == 0 ? 1 : hash;
  }

  void add(LockKey key) {
    long print = fingerprint(key);
    int number = (int) (print >>> 56);
    long[] table = tables[number];
    if (table == null || counts[number] * 6L >= table.length * 5L) {
      table = grow(number, table);
    }
    if (put(table, print)) {
      counts[number]++;
    }
  }

  private long[] grow(int number, long[] table) {
    long[] grown = new long[table == null ? SLOTS_MIN : table.length + table.length / 3 + 1];
    if (table != null) {
      for (long print : table) {
        if (print != 0) {
          put(grown, print);
        }
      }
    }
    slotCount += grown.length - (table == null ? 0 : table.length);
    TABLE.setRelease(tables, number, grown);
    return grown;
  }

  private static int slot(long print, int length) {
    return (int) Math.unsignedMultiplyHigh(print << 8, length);
  }

  private static boolean put(long[] table, long print) {
    for (int i = slot(print, table.length); ; i = i + 1 == table.length ? 0 : i + 1) {
      long there = table[i];
      if (there == print) {
        return false;
      }
      if (there == 0) {
        SLOTS.setRelease(table, i, print);
        return true;
      }
    }
  }

  boolean contains(LockKey key) {
    long print = fingerprint(key);
    long[] table = (long[]) TABLE.getAcquire(tables, (int) (print >>> 56));
    if (table == null) {
      return false;
    }
    for (int i = slot(print, table.length); ; i = i + 1 == table.length ? 0 : i + 1) {
      long there = (long) SLOTS.getAcquire(table, i);
      if (there == print || there == 0) {
        return there == print;
      }
    }
  }
}
