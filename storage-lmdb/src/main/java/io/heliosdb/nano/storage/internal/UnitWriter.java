package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.IndexWrite;
import io.heliosdb.nano.storage.RelationEvent;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.Memory;

/// Applies commit units inside a write transaction: the only writer of rows, index entries and log records that have an SCN.
///
/// Invariants it keeps:
/// 1. `current` and `index` of a root hold what is live and nothing else; those of an overlay also hold tombstones.
/// 2. A version that leaves `current` is in exactly one log record, written by the commit that replaced it.
/// 3. Log record `k` of a key's chain points to record `k - 1` and, by its jump pointer, to `Format.jumpOrdinal(k)`.
/// 4. What leaves `index`, or a root's `current` by a delete, is named in the past tree with the SCN it died at.
///
/// Used under the write lock.
final class UnitWriter {
  private final WriteTransaction txn;
  private final LargeValues largeValues;
  private final OverlayKeys overlayKeys;
  private final long key;
  private CommitUnit unit;
  private long scn;
  private int sequence;

  // What was found of the version to be replaced.
  private long oldScn;
  private int oldSequence;
  private int oldLayout;
  private int oldFlags;
  private int oldOrdinal;
  private long jumpScn;
  private int jumpSequence;
  private int jumpOrdinal;
  private int recordOrdinal;

  /// The tree's end is where new rows of this storage id go, as far as is known: the storage id written last, and whether its rows did.
  private long behindStorageId;
  private boolean behind;

  UnitWriter(WriteTransaction txn, LargeValues largeValues, OverlayKeys overlayKeys) {
    this.txn = txn;
    this.overlayKeys = overlayKeys;
    this.largeValues = largeValues;
    key = txn.keyBuffer;
  }

  void apply(CommitUnit newUnit, long newScn, long timeMicros) {
    unit = newUnit;
    scn = newScn;
    sequence = 0;
    behindStorageId = -1;
    for (RelationEvent event : unit.events()) {
      applyEvent(event);
    }
    for (RowWrite write : unit.rows()) {
      applyRow(write);
    }
    for (IndexWrite write : unit.indexes()) {
      applyIndex(write);
    }
    txn.applyCounters(unit.counters());
    for (BulkLoad load : unit.bulkLoads()) {
      if (!BulkLoads.forget(txn, load)) {
        throw new SqlException(SqlState.INTERNAL_ERROR, "bulk load " + load.loadId() + " is unknown or committed already");
      }
    }
    long value = txn.scratch(64);
    long end = LogFormat.writeCommit(value, unit, timeMicros);
    Memory.putLongBigEndian(key, scn);
    txn.put(Tree.COMMITS, key, 8, value, end - value, Lmdb.APPEND);
    if (unit.xid() != 0) {
      Memory.putLongBigEndian(key, unit.xid());
      Memory.putLong(txn.reserve(Tree.TRANSACTIONS, key, 8, 8), scn);
    }
    unit = null;
  }

  private void applyEvent(RelationEvent event) {
    long record = txn.scratch(64);
    long end = LogFormat.writeRelation(record, unit, event);
    appendLog(record, end - record);
  }

  private void appendLog(long record, long recordBytes) {
    // The key buffer holds the key of the row; the log key goes behind it.
    long logKey = key + Format.KEY_BUFFER_BYTES - 16;
    Memory.putLongBigEndian(logKey, scn);
    Memory.putIntBigEndian(logKey + 8, sequence);
    txn.put(Tree.LOG, logKey, Format.LOG_KEY_BYTES, record, recordBytes, Lmdb.APPEND);
    sequence++;
  }

  private void applyRow(RowWrite write) {
    int branch = Branches.homeOf(unit.branch(), write.storageId());
    boolean overlay = Branches.isOverlay(branch);
    byte[] rowKey = write.key();
    long part = Format.putPrefix(key, branch, write.storageId());
    int keyBytes = (int) (Format.putPart(part, rowKey, rowKey.length, Format.ROW_KEY_PREFIX) - key);
    byte[] row = write.op() == RowWrite.Op.DELETE ? null : largeValues.moveOut(txn, write.row());
    if (write.op() == RowWrite.Op.INSERT && putNew(write, branch, part, keyBytes, row)) {
      return;
    }
    boolean found = txn.get(Tree.CURRENT, key, keyBytes);
    checkExpectation(write, overlay, found && (Memory.getByte(txn.valueAddress() + Format.ROW_FLAGS) & Format.ROW_TOMBSTONE) == 0);
    int recordSequence = sequence;
    if (found) {
      logReplacing(write, branch);
    } else {
      logNew(write, branch);
    }
    if (row == null && !overlay) {
      moveToPastRows(rowKey, keyBytes, recordSequence);
      return;
    }
    if (overlay) {
      overlayKeys.add(branch, write.storageId(), part, (int) (key + keyBytes - part));
    }
    putCurrent(rowKey, keyBytes, row, write.layoutId(), recordSequence);
  }

  /// Puts a row whose key has nothing in this layer yet; false, and nothing has happened, when it has. One search of the tree, or none for rows
  /// that come behind all others.
  private boolean putNew(RowWrite write, int branch, long part, int keyBytes, byte[] row) {
    if (write.storageId() != behindStorageId) {
      behindStorageId = write.storageId();
      behind = true;
    }
    byte[] rowKey = write.key();
    boolean isLong = rowKey.length >= Format.ROW_KEY_PREFIX;
    int rowOffset = Format.ROW_HEADER + (isLong ? 4 + rowKey.length : 0);
    long valueBytes = (long) rowOffset + row.length;
    long value = behind ? txn.reserveBehind(Tree.CURRENT, key, keyBytes, valueBytes) : 0;
    if (value == 0) {
      behind = false;
      value = txn.reserveNew(Tree.CURRENT, key, keyBytes, valueBytes);
      if (value == 0) {
        return false;
      }
    }
    Memory.putLong(value + Format.ROW_SCN, scn);
    Memory.putInt(value + Format.ROW_SEQUENCE, sequence);
    Memory.putInt(value + Format.ROW_LAYOUT, write.layoutId());
    Memory.putByte(value + Format.ROW_FLAGS, isLong ? Format.ROW_LONG_KEY : 0);
    if (isLong) {
      putLongKey(value + Format.ROW_HEADER, rowKey);
    }
    Memory.copyIn(row, 0, value + rowOffset, row.length);
    if (Branches.isOverlay(branch)) {
      overlayKeys.add(branch, write.storageId(), part, (int) (key + keyBytes - part));
    }
    logNew(write, branch);
    return true;
  }

  private void checkExpectation(RowWrite write, boolean overlay, boolean live) {
    boolean expected =
        switch (write.op()) {
          case INSERT -> !live;
          case UPDATE, DELETE -> live || overlay;
        };
    if (!expected) {
      throw new SqlException(
          SqlState.INTERNAL_ERROR,
          write.op() + " in storage " + write.storageId() + ": the row " + (live ? "exists already" : "does not exist"));
    }
  }

  /// Writes the log record of a row that has no predecessor in this layer.
  private void logNew(RowWrite write, int branch) {
    recordOrdinal = 0;
    long record = txn.scratch(Format.LOG_CHAINED_HEADER + 64L + write.key().length);
    Memory.putByte(record + Format.LOG_KIND, Format.LOG_KIND_ROW);
    Memory.putByte(record + Format.LOG_OPERATION, write.op().ordinal());
    Memory.putByte(record + Format.LOG_FLAGS, 0);
    long end = putIdentity(record + Format.LOG_PLAIN_HEADER, write, branch);
    appendLog(record, end - record);
  }

  /// Writes the log record that carries the version found, with its pointers.
  private void logReplacing(RowWrite write, int branch) {
    long value = txn.valueAddress();
    int valueBytes = txn.valueBytes();
    readOld(value);
    int rowOffset = Format.rowOffset(value, oldFlags);
    int rowBytes = valueBytes - rowOffset;
    long record = txn.scratch(Format.LOG_CHAINED_HEADER + 64L + write.key().length + rowBytes);
    long row = putIdentity(record + Format.LOG_CHAINED_HEADER, write, branch);
    Memory.copy(value + rowOffset, row, rowBytes);
    chooseJump();
    boolean tombstone = (oldFlags & Format.ROW_TOMBSTONE) != 0;
    Memory.putByte(record + Format.LOG_KIND, Format.LOG_KIND_ROW);
    Memory.putByte(record + Format.LOG_OPERATION, write.op().ordinal());
    Memory.putByte(record + Format.LOG_FLAGS, Format.LOG_REPLACED | (tombstone ? Format.LOG_REPLACED_TOMBSTONE : 0));
    Memory.putInt(record + Format.LOG_ORDINAL, recordOrdinal);
    Memory.putLong(record + Format.LOG_REPLACED_SCN, oldScn);
    Memory.putInt(record + Format.LOG_REPLACED_SEQUENCE, oldSequence);
    Memory.putInt(record + Format.LOG_REPLACED_LAYOUT, oldLayout);
    Memory.putLong(record + Format.LOG_JUMP_SCN, jumpScn);
    Memory.putInt(record + Format.LOG_JUMP_SEQUENCE, jumpSequence);
    Memory.putInt(record + Format.LOG_JUMP_ORDINAL, jumpOrdinal);
    appendLog(record, row + rowBytes - record);
  }

  private static long putIdentity(long address, RowWrite write, int branch, long tenant) {
    long at = Format.putOrdered(address, branch);
    at = Format.putOrdered(at, tenant);
    at = Format.putOrdered(at, write.storageId());
    byte[] rowKey = write.key();
    Memory.putInt(at, rowKey.length);
    Memory.copyIn(rowKey, 0, at + 4, rowKey.length);
    return at + 4 + rowKey.length;
  }

  private long putIdentity(long address, RowWrite write, int branch) {
    return putIdentity(address, write, branch, unit.tenant());
  }

  private void readOld(long value) {
    oldScn = Memory.getLong(value + Format.ROW_SCN);
    oldSequence = Memory.getInt(value + Format.ROW_SEQUENCE);
    oldLayout = Memory.getInt(value + Format.ROW_LAYOUT);
    oldFlags = Memory.getByte(value + Format.ROW_FLAGS);
    oldOrdinal = 0;
    jumpScn = 0;
    jumpSequence = 0;
    jumpOrdinal = 0;
    if ((oldFlags & Format.ROW_CHAINED) != 0) {
      oldOrdinal = Memory.getInt(value + Format.CHAIN_ORDINAL);
      jumpScn = Memory.getLong(value + Format.CHAIN_JUMP_SCN);
      jumpSequence = Memory.getInt(value + Format.CHAIN_JUMP_SEQUENCE);
      jumpOrdinal = Memory.getInt(value + Format.CHAIN_JUMP_ORDINAL);
    }
  }

  /// Turns the old version's jump pointer into the new record's. The target is either the record before, whose place the
  /// old version knows, or where the record that the old pointer leads to jumps itself.
  private void chooseJump() {
    recordOrdinal = oldOrdinal + 1;
    int target = Format.jumpOrdinal(recordOrdinal);
    if (target == 0) {
      jumpScn = 0;
      jumpSequence = 0;
    } else if (target == oldOrdinal) {
      jumpScn = oldScn;
      jumpSequence = oldSequence;
    } else {
      long logKey = key + Format.KEY_BUFFER_BYTES - 16;
      Memory.putLongBigEndian(logKey, jumpScn);
      Memory.putIntBigEndian(logKey + 8, jumpSequence);
      if (!txn.get(Tree.LOG, logKey, Format.LOG_KEY_BYTES)) {
        // Trimmed, and all before it: nobody reads that far back any more. SCN 0 is never jumped to.
        jumpScn = 0;
        jumpSequence = 0;
      } else {
        long record = txn.valueAddress();
        jumpScn = Memory.getLong(record + Format.LOG_JUMP_SCN);
        jumpSequence = Memory.getInt(record + Format.LOG_JUMP_SEQUENCE);
        if (Memory.getInt(record + Format.LOG_JUMP_ORDINAL) != target) {
          throw StoreFailure.corrupted("a jump pointer in the log leads to the wrong version");
        }
      }
    }
    jumpOrdinal = target;
  }

  private void moveToPastRows(byte[] rowKey, int keyBytes, int recordSequence) {
    txn.delete(Tree.CURRENT, key, keyBytes);
    boolean isLong = rowKey.length >= Format.ROW_KEY_PREFIX;
    Memory.putLongBigEndian(key + keyBytes, scn);
    long value = txn.reserve(Tree.PAST_ROWS, key, keyBytes + 8, Format.PAST_HEADER + (isLong ? 4L + rowKey.length : 0));
    // An unknown birth (the row has a history) is 0: the chain tells.
    Memory.putLong(value + Format.PAST_BORN, oldOrdinal == 0 ? oldScn : 0);
    Memory.putInt(value + Format.PAST_SEQUENCE, recordSequence);
    Memory.putByte(value + Format.PAST_FLAGS, isLong ? Format.ROW_LONG_KEY : 0);
    if (isLong) {
      putLongKey(value + Format.PAST_HEADER, rowKey);
    }
  }

  private void putCurrent(byte[] rowKey, int keyBytes, byte[] row, int layoutId, int recordSequence) {
    boolean isLong = rowKey.length >= Format.ROW_KEY_PREFIX;
    int flags =
        (row == null ? Format.ROW_TOMBSTONE : 0)
            | (recordOrdinal > 0 ? Format.ROW_CHAINED : 0)
            | (isLong ? Format.ROW_LONG_KEY : 0);
    int longKeyOffset = Format.longKeyOffset(flags);
    int rowOffset = longKeyOffset + (isLong ? 4 + rowKey.length : 0);
    long value = txn.reserve(Tree.CURRENT, key, keyBytes, rowOffset + (row == null ? 0L : row.length));
    Memory.putLong(value + Format.ROW_SCN, scn);
    Memory.putInt(value + Format.ROW_SEQUENCE, recordSequence);
    Memory.putInt(value + Format.ROW_LAYOUT, layoutId);
    Memory.putByte(value + Format.ROW_FLAGS, flags);
    if (recordOrdinal > 0) {
      Memory.putInt(value + Format.CHAIN_ORDINAL, recordOrdinal);
      Memory.putLong(value + Format.CHAIN_JUMP_SCN, jumpScn);
      Memory.putInt(value + Format.CHAIN_JUMP_SEQUENCE, jumpSequence);
      Memory.putInt(value + Format.CHAIN_JUMP_ORDINAL, jumpOrdinal);
    }
    if (isLong) {
      putLongKey(value + longKeyOffset, rowKey);
    }
    if (row != null) {
      Memory.copyIn(row, 0, value + rowOffset, row.length);
    }
  }

  private static long putLongKey(long address, byte[] bytes) {
    Memory.putInt(address, bytes.length);
    Memory.copyIn(bytes, 0, address + 4, bytes.length);
    return address + 4 + bytes.length;
  }

  private void applyIndex(IndexWrite write) {
    int branch = Branches.homeOf(unit.branch(), write.indexId());
    boolean overlay = Branches.isOverlay(branch);
    IndexEntries entries = new IndexEntries(key, branch, write.indexId(), write.indexKey(), write.rowKey());
    if (write.insert() && entries.putNew(txn, Tree.INDEX, entries.keyBytes(), scn)) {
      return;
    }
    boolean found = txn.get(Tree.INDEX, key, entries.keyBytes());
    boolean live = false;
    long born = 0;
    if (found) {
      live = (Memory.getByte(txn.valueAddress() + Format.INDEX_FLAGS) & Format.INDEX_TOMBSTONE) == 0;
      born = Memory.getLong(txn.valueAddress() + Format.INDEX_BORN);
    }
    if (!live && !write.insert() && !overlay) {
      throw new SqlException(SqlState.INDEX_CORRUPTED, "index " + write.indexId() + " lacks an entry that is to be removed");
    }
    if (found ? live == write.insert() : false) {
      return;
    }
    boolean leavesPast = found && born != scn;
    if (write.insert() || overlay) {
      entries.put(txn, Tree.INDEX, entries.keyBytes(), scn, !write.insert());
    } else {
      txn.delete(Tree.INDEX, key, entries.keyBytes());
    }
    if (leavesPast) {
      Memory.putLongBigEndian(key + entries.keyBytes(), scn);
      entries.put(txn, Tree.PAST_INDEX, entries.keyBytes() + 8, born, !live);
    }
  }
}
