package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.storage.lmdb.BlockReserve;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import io.heliosdb.nano.storage.lmdb.Memory;
import io.heliosdb.nano.storage.row.LargeColumns;
import io.heliosdb.nano.storage.row.LargeRef;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one LMDB write transaction there may be at a time, with the buffers its calls need. Used under the write lock.
///
/// Addresses that [#get] finds are valid until the next call that writes.
final class WriteTransaction {
  private static final int SCRATCH_BYTES_MIN = 64 << 10;
  private static final int SCRATCH_BYTES_KEPT_MAX = 16 << 20;

  private final StoreEngine engine;
  private final @Nullable BlockReserve blockReserve;
  private final Arena arena = Arena.ofShared();
  private final long keyVal;
  private final long dataVal;
  private final long otherKeyBuffer;

  /// Where the caller puts the key.
  final long keyBuffer;

  private Arena scratchArena = Arena.ofShared();
  private long scratch;
  private long scratchBytes;
  private long txn;

  WriteTransaction(StoreEngine engine) {
    this.engine = engine;
    blockReserve = engine.environment().blockReserve();
    keyVal = arena.allocate(2 * Lmdb.VAL_BYTES + 2 * Format.KEY_BUFFER_BYTES, 8).address();
    dataVal = keyVal + Lmdb.VAL_BYTES;
    keyBuffer = dataVal + Lmdb.VAL_BYTES;
    otherKeyBuffer = keyBuffer + Format.KEY_BUFFER_BYTES;
    growScratch(SCRATCH_BYTES_MIN);
  }

  void begin(int flags) {
    txn = engine.environment().begin(flags, keyVal);
    if (blockReserve != null) {
      blockReserve.begin(txn);
    }
  }

  int openDatabase(Tree tree) {
    return engine.environment().openDatabase(txn, tree.storedName(), Lmdb.CREATE);
  }

  /// Ends the transaction; its failure leaves no trace of it.
  void commit() {
    long ending = txn;
    txn = 0;
    Lmdb.check("mdb_txn_commit", Lmdb.txnCommit(ending));
    if (scratchBytes > SCRATCH_BYTES_KEPT_MAX) {
      growScratch(SCRATCH_BYTES_MIN);
    }
  }

  void abort() {
    if (txn != 0) {
      Lmdb.txnAbort(txn);
      txn = 0;
    }
  }

  void free() {
    arena.close();
    scratchArena.close();
  }

  /// Native memory for building a value; what it held is lost when it grows.
  long scratch(long bytes) {
    if (bytes > scratchBytes) {
      growScratch(Math.max(bytes, scratchBytes * 2));
    }
    return scratch;
  }

  private void growScratch(long bytes) {
    scratchArena.close();
    scratchArena = Arena.ofShared();
    scratch = scratchArena.allocate(bytes, 8).address();
    scratchBytes = bytes;
  }

  boolean get(Tree tree, long key, int keyBytes) {
    Memory.putWord(keyVal, keyBytes);
    Memory.putWord(keyVal + 8, key);
    int code = Lmdb.get(txn, engine.database(tree), keyVal, dataVal);
    if (code != Lmdb.SUCCESS && code != Lmdb.NOTFOUND) {
      throw new LmdbException("mdb_get", code);
    }
    return code == Lmdb.SUCCESS;
  }

  long valueAddress() {
    return Memory.getWord(dataVal + 8);
  }

  int valueBytes() {
    return (int) Memory.getWord(dataVal);
  }

  private void charge(long bytes) {
    if (blockReserve != null) {
      blockReserve.charge(bytes);
    }
  }

  void put(Tree tree, long key, int keyBytes, long value, long valueBytes, int flags) {
    charge(keyBytes + valueBytes);
    Memory.putWord(keyVal, keyBytes);
    Memory.putWord(keyVal + 8, key);
    Memory.putWord(dataVal, valueBytes);
    Memory.putWord(dataVal + 8, value);
    Lmdb.check("mdb_put", Lmdb.put(txn, engine.database(tree), keyVal, dataVal, flags));
  }

  /// Makes room for a value and gives the address to fill at once.
  long reserve(Tree tree, long key, int keyBytes, long valueBytes) {
    put(tree, key, keyBytes, 0, valueBytes, Lmdb.RESERVE);
    return valueAddress();
  }

  /// The same for a key behind all others of the tree, which needs no search and fills pages whole; 0, and nothing has happened, when it is not.
  long reserveBehind(Tree tree, long key, int keyBytes, long valueBytes) {
    return reserveUnlessThere(tree, key, keyBytes, valueBytes, Lmdb.APPEND);
  }

  /// The same for a key that is not in the tree; 0, and nothing has happened, when it is.
  long reserveNew(Tree tree, long key, int keyBytes, long valueBytes) {
    return reserveUnlessThere(tree, key, keyBytes, valueBytes, Lmdb.NOOVERWRITE);
  }

  private long reserveUnlessThere(Tree tree, long key, int keyBytes, long valueBytes, int flag) {
    charge(keyBytes + valueBytes);
    Memory.putWord(keyVal, keyBytes);
    Memory.putWord(keyVal + 8, key);
    Memory.putWord(dataVal, valueBytes);
    Memory.putWord(dataVal + 8, 0);
    int code = Lmdb.put(txn, engine.database(tree), keyVal, dataVal, Lmdb.RESERVE | flag);
    if (code == Lmdb.KEYEXIST) {
      return 0;
    }
    Lmdb.check("mdb_put", code);
    return valueAddress();
  }

  /// Whether there was something to delete.
  boolean delete(Tree tree, long key, int keyBytes) {
    charge(keyBytes);
    Memory.putWord(keyVal, keyBytes);
    Memory.putWord(keyVal + 8, key);
    int code = Lmdb.del(txn, engine.database(tree), keyVal);
    if (code != Lmdb.SUCCESS && code != Lmdb.NOTFOUND) {
      throw new LmdbException("mdb_del", code);
    }
    return code == Lmdb.SUCCESS;
  }

  /// Deletes a row of `current` together with its large values, if it is there.
  void deleteRow(long key, int keyBytes) {
    if (!get(Tree.CURRENT, key, keyBytes)) {
      return;
    }
    long value = valueAddress();
    List<LargeRef> large = LargeColumns.references(Memory.ALL, value + Format.rowOffset(value, Memory.getByte(value + Format.ROW_FLAGS)));
    delete(Tree.CURRENT, key, keyBytes);
    large.forEach(this::deleteLarge);
  }

  private void deleteLarge(LargeRef ref) {
    for (int chunk = 0; chunk * (long) Format.LARGE_CHUNK_BYTES < ref.length(); chunk++) {
      Memory.putLongBigEndian(otherKeyBuffer, ref.id());
      Memory.putIntBigEndian(otherKeyBuffer + 8, chunk);
      delete(Tree.LARGE, otherKeyBuffer, Format.LARGE_KEY_BYTES);
    }
  }

  /// Deletes up to `countMax` entries whose keys start with `prefix`, large values of rows included; how many it were.
  int deleteSome(Tree tree, byte[] prefix, int countMax) {
    List<LargeRef> large = new ArrayList<>();
    int count = deleteSome(tree, prefix, countMax, large);
    large.forEach(this::deleteLarge);
    return count;
  }

  /// Deletes up to `countMax` entries whose keys start with `prefix` and leaves the large values they refer to alone.
  int deleteEntries(Tree tree, byte[] prefix, int countMax) {
    return deleteSome(tree, prefix, countMax, null);
  }

  private int deleteSome(Tree tree, byte[] prefix, int countMax, @Nullable List<LargeRef> large) {
    Lmdb.check("mdb_cursor_open", Lmdb.cursorOpen(txn, engine.database(tree), keyVal));
    long cursor = Memory.getWord(keyVal);
    try {
      int count = 0;
      while (count < countMax) {
        Memory.copyIn(prefix, 0, otherKeyBuffer, prefix.length);
        Memory.putWord(keyVal, prefix.length);
        Memory.putWord(keyVal + 8, otherKeyBuffer);
        int code = Lmdb.cursorGet(cursor, keyVal, dataVal, Lmdb.SET_RANGE);
        if (code == Lmdb.NOTFOUND) {
          return count;
        }
        Lmdb.check("mdb_cursor_get", code);
        long found = Memory.getWord(keyVal + 8);
        if (Memory.getWord(keyVal) < prefix.length || Memory.compare(found, prefix.length, prefix) != 0) {
          return count;
        }
        if (tree == Tree.CURRENT && large != null) {
          long value = valueAddress();
          int flags = Memory.getByte(value + Format.ROW_FLAGS);
          large.addAll(LargeColumns.references(Memory.ALL, value + Format.rowOffset(value, flags)));
        }
        charge(prefix.length);
        Lmdb.check("mdb_cursor_del", Lmdb.cursorDel(cursor));
        count++;
      }
      return count;
    } finally {
      Lmdb.cursorClose(cursor);
    }
  }

  void putCounter(CounterKey key, long value) {
    int keyBytes = putCounterKey(otherKeyBuffer, key);
    Memory.putLong(reserve(Tree.COUNTERS, otherKeyBuffer, keyBytes, 8), value);
  }

  void applyCounters(List<CounterWrite> writes) {
    for (CounterWrite write : writes) {
      if (write.remove()) {
        removeCounter(write.key());
      } else {
        putCounter(write.key(), write.value());
      }
    }
  }

  void removeCounter(CounterKey key) {
    delete(Tree.COUNTERS, otherKeyBuffer, putCounterKey(otherKeyBuffer, key));
  }

  static int putCounterKey(long address, CounterKey key) {
    Memory.putByte(address, key.space());
    return (int) (Format.putPrefix(address + 1, key.branch(), key.id()) - address);
  }
}
