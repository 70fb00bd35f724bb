package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import io.heliosdb.nano.storage.lmdb.Memory;
import io.heliosdb.nano.storage.row.LargeColumns;
import io.heliosdb.nano.storage.row.LargeRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Removes large values that no version refers to.
///
/// A reference only ever comes from another version of a row that exists, or belongs to a new value. So a value that is old when the sweep
/// begins and that no row of `current` and no log record of one read transaction refers to is garbage for good.
/// Memory: the ids in use, about 50 bytes each.
final class LargeSweep {
  private static final int SLICE_COUNT = 2_000;

  private final StoreEngine engine;

  LargeSweep(StoreEngine engine) {
    this.engine = engine;
  }

  void run() {
    if (engine.readCounter(LargeValues.GARBAGE).orElse(0) == 0) {
      return;
    }
    Set<Long> used = new HashSet<>();
    List<byte[]> garbage = new ArrayList<>();
    engine.writer().transact(() -> engine.writer().transaction().removeCounter(LargeValues.GARBAGE));
    try (LmdbReader reader = engine.acquireReader()) {
      long firstNew = reader.counter(BulkLoads.LARGE_ID).orElse(1);
      walk(reader, Tree.CURRENT, (key, value) -> note(value + Format.rowOffset(value, Memory.getByte(value + Format.ROW_FLAGS)),
          (Memory.getByte(value + Format.ROW_FLAGS) & Format.ROW_TOMBSTONE) == 0, used));
      walk(reader, Tree.LOG, (key, value) -> {
        int flags = Memory.getByte(value + Format.LOG_FLAGS);
        boolean hasRow = Memory.getByte(value + Format.LOG_KIND) == Format.LOG_KIND_ROW && (flags & Format.LOG_REPLACED) != 0
            && (flags & Format.LOG_REPLACED_TOMBSTONE) == 0;
        if (hasRow) {
          note(LogFormat.skipToRow(value + Format.LOG_CHAINED_HEADER), true, used);
        }
      });
      walk(reader, Tree.LARGE, (key, value) -> {
        long id = Memory.getLongBigEndian(key);
        if (id < firstNew && !used.contains(id)) {
          garbage.add(Memory.copyOut(key, Format.LARGE_KEY_BYTES));
        }
      });
    }
    for (int from = 0; from < garbage.size(); from += SLICE_COUNT) {
      List<byte[]> slice = garbage.subList(from, Math.min(garbage.size(), from + SLICE_COUNT));
      engine.writer().transact(() -> slice.forEach(this::delete));
    }
  }

  private void delete(byte[] key) {
    WriteTransaction txn = engine.writer().transaction();
    Memory.copyIn(key, 0, txn.keyBuffer, key.length);
    txn.delete(Tree.LARGE, txn.keyBuffer, key.length);
  }

  private static void note(long row, boolean hasRow, Set<Long> used) {
    if (hasRow) {
      for (LargeRef ref : LargeColumns.references(Memory.ALL, row)) {
        used.add(ref.id());
      }
    }
  }

  private interface Entry {
    void see(long key, long value);
  }

  private static void walk(LmdbReader reader, Tree tree, Entry entry) {
    CursorHandle cursor = reader.takeCursor(tree);
    int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.FIRST);
    while (code != Lmdb.NOTFOUND) {
      if (code != Lmdb.SUCCESS) {
        throw StoreFailure.translate(new LmdbException("mdb_cursor_get", code));
      }
      entry.see(Memory.getWord(cursor.key + 8), Memory.getWord(cursor.data + 8));
      code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.NEXT);
    }
    cursor.taken = false;
  }
}
