package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.HistoryHorizon;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.ArrayList;
import java.util.List;

/// Removes superseded versions that nobody may ask for any more: entries of the past trees, then log records, in small transactions between
/// the commits of others. Can be interrupted anywhere: what is left is trimmed the next time.
///
/// Sound because a read as of S at or above the horizon follows only pointers to records younger than S (each pointer carries its
/// SCN), and finds in the past trees only what died after S.
final class HistoryTrim {
  private static final int SLICE_COUNT = 10_000;
  private static final int SCANNED_MAX = 100_000;

  private final StoreEngine engine;
  private final HistoryHorizon horizon;
  private long removed;
  private boolean hadLargeValue;

  HistoryTrim(StoreEngine engine, HistoryHorizon horizon) {
    this.engine = engine;
    this.horizon = horizon;
  }

  long run() {
    trimPast(Tree.PAST_ROWS);
    trimPast(Tree.PAST_INDEX);
    LogSweep sweep = LogSweep.of(engine, (scn, branch, storageId, hasLargeValue) -> {
      boolean isDoomed = scn <= horizon.of(branch, storageId);
      hadLargeValue |= isDoomed && hasLargeValue;
      return isDoomed;
    });
    removed += sweep.run(Long.MAX_VALUE);
    if (hadLargeValue) {
      engine.writer().transact(() -> engine.writer().transaction().putCounter(LargeValues.GARBAGE, 1));
    }
    return removed;
  }

  private void trimPast(Tree tree) {
    byte[] last = {0};
    while (last.length > 0) {
      List<byte[]> doomed = new ArrayList<>();
      last = choose(tree, last, doomed);
      if (!doomed.isEmpty()) {
        engine.writer().transact(() -> doomed.forEach(key -> delete(tree, key)));
        removed += doomed.size();
      }
    }
  }

  private void delete(Tree tree, byte[] key) {
    WriteTransaction txn = engine.writer().transaction();
    Memory.copyIn(key, 0, txn.keyBuffer, key.length);
    txn.delete(tree, txn.keyBuffer, key.length);
  }

  /// Looks at entries from `from` on; gives where to go on, empty at the end.
  private byte[] choose(Tree tree, byte[] from, List<byte[]> doomed) {
    try (LmdbReader reader = engine.acquireReader()) {
      CursorHandle cursor = reader.takeCursor(tree);
      Memory.copyIn(from, 0, reader.keyBuffer(), from.length);
      Memory.putWord(cursor.key, from.length);
      Memory.putWord(cursor.key + 8, reader.keyBuffer());
      int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.SET_RANGE);
      for (int scanned = 0; code != Lmdb.NOTFOUND; scanned++) {
        if (code != Lmdb.SUCCESS) {
          throw StoreFailure.translate(new LmdbException("mdb_cursor_get", code));
        }
        long key = Memory.getWord(cursor.key + 8);
        int keyBytes = (int) Memory.getWord(cursor.key);
        if (scanned == SCANNED_MAX || doomed.size() == SLICE_COUNT) {
          return Memory.copyOut(key, keyBytes);
        }
        int branch = (int) Format.getOrdered(key);
        long id = Format.getOrdered(key + Format.orderedBytes(key));
        if (Memory.getLongBigEndian(key + keyBytes - 8) <= horizon.of(branch, id)) {
          doomed.add(Memory.copyOut(key, keyBytes));
        }
        code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.NEXT);
      }
    }
    return new byte[0];
  }
}
