package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.ArrayList;
import java.util.List;

/// Walks the log and deletes the records nobody needs any more, in small transactions between the commits of others.
///
/// A slice is chosen in a read transaction and deleted in a write transaction; records are never changed, so what was chosen
/// is still right then. Interrupting it anywhere leaves a log that can be swept again.
final class LogSweep {
  private static final int SCANNED_MAX = 100_000;
  private static final int DELETED_MAX = 10_000;

  /// Decides about one record by its bytes.
  @FunctionalInterface
  interface DoomedRecord {
    boolean test(long scn, long record, int recordBytes);
  }

  /// Decides about one record by what it is about; `storageId` is 0 for a relation event.
  @FunctionalInterface
  interface Doomed {
    boolean test(long scn, int branch, long storageId, boolean hasLargeValue);
  }

  private final StoreEngine engine;
  private final DoomedRecord doomed;
  private long nextScn;
  private int nextSequence;
  private boolean ended;

  LogSweep(StoreEngine engine, long fromScn, DoomedRecord doomed) {
    this.engine = engine;
    this.nextScn = fromScn;
    this.doomed = doomed;
  }

  /// A sweep that looks at what records are about.
  static LogSweep of(StoreEngine engine, Doomed doomed) {
    return new LogSweep(engine, 0, (scn, record, recordBytes) -> isDoomed(scn, record, doomed));
  }

  /// Sweeps records up to `toScn`; how many were deleted.
  long run(long toScn) {
    long count = 0;
    while (!ended) {
      List<long[]> slice = choose(toScn);
      if (!slice.isEmpty()) {
        engine.writer().transact(() -> slice.forEach(this::delete));
        count += slice.size();
      }
    }
    return count;
  }

  private void delete(long[] key) {
    WriteTransaction txn = engine.writer().transaction();
    Memory.putLongBigEndian(txn.keyBuffer, key[0]);
    Memory.putIntBigEndian(txn.keyBuffer + 8, (int) key[1]);
    txn.delete(Tree.LOG, txn.keyBuffer, Format.LOG_KEY_BYTES);
  }

  private List<long[]> choose(long toScn) {
    List<long[]> chosen = new ArrayList<>();
    try (LmdbReader reader = engine.acquireReader()) {
      CursorHandle cursor = reader.takeCursor(Tree.LOG);
      Memory.putLongBigEndian(reader.keyBuffer(), nextScn);
      Memory.putIntBigEndian(reader.keyBuffer() + 8, nextSequence);
      Memory.putWord(cursor.key, Format.LOG_KEY_BYTES);
      Memory.putWord(cursor.key + 8, reader.keyBuffer());
      int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.SET_RANGE);
      for (int scanned = 0; scanned < SCANNED_MAX && chosen.size() < DELETED_MAX; scanned++) {
        if (code == Lmdb.NOTFOUND) {
          ended = true;
          return chosen;
        }
        if (code != Lmdb.SUCCESS) {
          throw StoreFailure.translate(new LmdbException("mdb_cursor_get", code));
        }
        long key = Memory.getWord(cursor.key + 8);
        long scn = Memory.getLongBigEndian(key);
        int sequence = Memory.getIntBigEndian(key + 8);
        if (scn > toScn) {
          ended = true;
          return chosen;
        }
        if (doomed.test(scn, Memory.getWord(cursor.data + 8), (int) Memory.getWord(cursor.data))) {
          chosen.add(new long[] {scn, sequence});
        }
        nextScn = scn;
        nextSequence = sequence + 1;
        code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.NEXT);
      }
    }
    return chosen;
  }

  private static boolean isDoomed(long scn, long record, Doomed doomed) {
    boolean isRow = Memory.getByte(record + Format.LOG_KIND) == Format.LOG_KIND_ROW;
    int flags = Memory.getByte(record + Format.LOG_FLAGS);
    boolean replaced = isRow && (flags & Format.LOG_REPLACED) != 0;
    long at = record + (replaced ? Format.LOG_CHAINED_HEADER : Format.LOG_PLAIN_HEADER);
    int branch = (int) Format.getOrdered(at);
    at += Format.orderedBytes(at);
    at += Format.orderedBytes(at);
    long storageId = isRow ? Format.getOrdered(at) : 0;
    boolean hasLargeValue = replaced && (flags & Format.LOG_REPLACED_TOMBSTONE) == 0
        && !io.heliosdb.nano.storage.row.LargeColumns.references(
            Memory.ALL, LogFormat.skipToRow(record + Format.LOG_CHAINED_HEADER)).isEmpty();
    return doomed.test(scn, branch, storageId, hasLargeValue);
  }
}
