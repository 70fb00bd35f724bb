package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.BranchUsage;
import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What a store holds, counted and listed through one [LmdbReader]: walks over whole trees, for reports and housekeeping.
final class Inventory {
  private final LmdbReader reader;
  private final long buffer;

  Inventory(LmdbReader reader) {
    this.reader = reader;
    buffer = reader.keyBuffer();
  }

  /// The bulk loads on the register.
  List<BulkLoad> bulkLoads() {
    List<BulkLoad> loads = new ArrayList<>();
    CursorHandle cursor = reader.takeCursor(Tree.META);
    Memory.copyIn(BulkLoads.KEY_PREFIX, 0, buffer, 1);
    Memory.putWord(cursor.key, 1);
    Memory.putWord(cursor.key + 8, buffer);
    int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.SET_RANGE);
    while (code != Lmdb.NOTFOUND) {
      long found = Memory.getWord(LmdbReader.checked(cursor, code).key + 8);
      if (Memory.getWord(cursor.key) != BulkLoads.KEY_BYTES || Memory.getByte(found) != BulkLoads.KEY_PREFIX[0]) {
        break;
      }
      loads.add(new BulkLoad(Memory.getLongBigEndian(found + 1)));
      code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.NEXT);
    }
    cursor.taken = false;
    return loads;
  }

  BranchUsage branchUsage(int branch, long firstStorageId) {
    long rows = walkBranch(Tree.CURRENT, branch, firstStorageId);
    long rowBytes = walkedBytes;
    walkBranch(Tree.INDEX, branch, 0);
    return new BranchUsage(rows, rowBytes + walkedBytes);
  }

  private long walkedBytes;

  /// Counts the entries of a branch in a tree from an id on, and the bytes of all.
  private long walkBranch(Tree tree, int branch, long firstId) {
    CursorHandle cursor = reader.takeCursor(tree);
    try {
      int prefixBytes = (int) (Format.putOrdered(buffer, branch) - buffer);
      Memory.putWord(cursor.key, prefixBytes);
      Memory.putWord(cursor.key + 8, buffer);
      long count = 0;
      walkedBytes = 0;
      int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.SET_RANGE);
      while (code != Lmdb.NOTFOUND) {
        long found = Memory.getWord(LmdbReader.checked(cursor, code).key + 8);
        if (Memory.compare(found, prefixBytes, buffer, prefixBytes) != 0) {
          break;
        }
        count += Format.getOrdered(found + prefixBytes) >= firstId ? 1 : 0;
        walkedBytes += Memory.getWord(cursor.key) + Memory.getWord(cursor.data);
        code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.NEXT);
      }
      return count;
    } finally {
      cursor.taken = false;
    }
  }

  long historyBytes(int branch, long id) {
    long bytes = 0;
    for (Tree tree : new Tree[] {Tree.PAST_ROWS, Tree.PAST_INDEX}) {
      TreeWalk walk = new TreeWalk(reader.scope(), tree, branch, id, KeyRange.ALL, false);
      while (walk.next()) {
        bytes += walk.keyBytes + walk.valueBytes;
      }
      walk.close();
    }
    CursorHandle cursor = reader.takeCursor(Tree.LOG);
    int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.FIRST);
    while (code != Lmdb.NOTFOUND) {
      long record = Memory.getWord(LmdbReader.checked(cursor, code).data + 8);
      if (LogFormat.isAbout(record, branch, id)) {
        bytes += Memory.getWord(cursor.key) + Memory.getWord(cursor.data);
      }
      code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.NEXT);
    }
    cursor.taken = false;
    return bytes;
  }

  Map<CounterKey, Long> historyStarts() {
    Map<CounterKey, Long> starts = new HashMap<>();
    CursorHandle cursor = reader.takeCursor(Tree.COUNTERS);
    Memory.putByte(buffer, CounterKey.SPACE_HISTORY);
    Memory.putWord(cursor.key, 1);
    Memory.putWord(cursor.key + 8, buffer);
    int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.SET_RANGE);
    while (code != Lmdb.NOTFOUND) {
      long key = Memory.getWord(LmdbReader.checked(cursor, code).key + 8);
      if (Memory.getByte(key) != CounterKey.SPACE_HISTORY) {
        break;
      }
      int branch = (int) Format.getOrdered(key + 1);
      long id = Format.getOrdered(key + 1 + Format.orderedBytes(key + 1));
      starts.put(CounterKey.historyStart(branch, id), Memory.getLong(Memory.getWord(cursor.data + 8)));
      code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.NEXT);
    }
    cursor.taken = false;
    return starts;
  }

  Set<Integer> branches() {
    Set<Integer> branches = new TreeSet<>();
    for (Tree tree : new Tree[] {Tree.CURRENT, Tree.PAST_ROWS, Tree.INDEX, Tree.PAST_INDEX}) {
      CursorHandle cursor = reader.takeCursor(tree);
      int next = 0;
      while (next >= 0) {
        Memory.putWord(cursor.key, Format.putOrdered(buffer, next) - buffer);
        Memory.putWord(cursor.key + 8, buffer);
        int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.SET_RANGE);
        if (code == Lmdb.NOTFOUND) {
          break;
        }
        int branch = (int) Format.getOrdered(Memory.getWord(LmdbReader.checked(cursor, code).key + 8));
        branches.add(branch);
        next = branch + 1;
      }
      cursor.taken = false;
    }
    return branches;
  }

  /// The ids under a branch in a tree, one seek each.
  List<Long> ids(Tree tree, int branch) {
    List<Long> ids = new ArrayList<>();
    CursorHandle cursor = reader.takeCursor(tree);
    try {
      int branchBytes = (int) (Format.putOrdered(buffer, branch) - buffer);
      int keyBytes = branchBytes;
      while (true) {
        Memory.putWord(cursor.key, keyBytes);
        Memory.putWord(cursor.key + 8, buffer);
        int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.SET_RANGE);
        if (code == Lmdb.NOTFOUND) {
          return ids;
        }
        long found = Memory.getWord(LmdbReader.checked(cursor, code).key + 8);
        if (Memory.compare(found, branchBytes, buffer, branchBytes) != 0) {
          return ids;
        }
        long id = Format.getOrdered(found + branchBytes);
        ids.add(id);
        keyBytes = (int) (Format.putOrdered(buffer + branchBytes, id + 1) - buffer);
      }
    } finally {
      cursor.taken = false;
    }
  }
}
