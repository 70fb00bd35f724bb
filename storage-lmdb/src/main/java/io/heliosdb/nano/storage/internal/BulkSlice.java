package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.DuplicateRowKeyException;
import io.heliosdb.nano.storage.IndexWrite;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.List;

/// Puts rows and index entries with SCN 0 inside one slice's transaction.
record BulkSlice(WriteTransaction txn, LargeValues largeValues, OverlayKeys overlayKeys) {
  /// What one slice of a bulk load writes.
  ///
  /// @param targets all that the load has written to so far, when the register does not know them yet; else empty
  /// @param refusesDuplicates whether a row key that is there already ends it with a [DuplicateRowKeyException]; else the row replaces the other
  record Content(
      BulkLoad load, int branch, boolean registers, List<BulkLoads.Target> targets, List<RowWrite> rows, List<IndexWrite> entries, boolean refusesDuplicates) {}

  void write(Content content) {
    if (content.registers()) {
      BulkLoads.remember(txn, content.load(), content.targets());
    }
    int branch = content.branch();
    // The newest storage id comes last in the tree, so that rows in ascending order go to its end, until one does not.
    boolean behind = true;
    for (RowWrite row : content.rows()) {
      int home = Branches.homeOf(branch, row.storageId());
      if (row.row() == null) {
        removeRow(home, row.storageId(), row.key());
      } else {
        behind = putRow(home, row.storageId(), row.key(), row.row(), row.layoutId(), behind, content.refusesDuplicates());
      }
    }
    for (IndexWrite entry : content.entries()) {
      putIndexEntry(Branches.homeOf(branch, entry.indexId()), entry.indexId(), entry.indexKey(), entry.rowKey());
    }
    largeValues.persist(txn);
  }

  /// @param behind whether the row is likely to be behind all others
  /// @return whether it was
  private boolean putRow(int branch, long storageId, byte[] rowKey, byte[] givenRow, int layoutId, boolean behind, boolean refusesDuplicates) {
    byte[] row = largeValues.moveOut(txn, givenRow);
    long key = txn.keyBuffer;
    long part = Format.putPrefix(key, branch, storageId);
    int keyBytes = (int) (Format.putPart(part, rowKey, rowKey.length, Format.ROW_KEY_PREFIX) - key);
    if (Branches.isOverlay(branch)) {
      overlayKeys.add(branch, storageId, part, (int) (key + keyBytes - part));
    }
    boolean isLong = rowKey.length >= Format.ROW_KEY_PREFIX;
    int rowOffset = Format.ROW_HEADER + (isLong ? 4 + rowKey.length : 0);
    long valueBytes = (long) rowOffset + row.length;
    long value = behind ? txn.reserveBehind(Tree.CURRENT, key, keyBytes, valueBytes) : 0;
    boolean wasBehind = value != 0;
    if (!wasBehind) {
      value = refusesDuplicates ? txn.reserveNew(Tree.CURRENT, key, keyBytes, valueBytes) : txn.reserve(Tree.CURRENT, key, keyBytes, valueBytes);
      if (value == 0) {
        throw new DuplicateRowKeyException();
      }
    }
    Memory.putLong(value + Format.ROW_SCN, 0);
    Memory.putInt(value + Format.ROW_SEQUENCE, 0);
    Memory.putInt(value + Format.ROW_LAYOUT, layoutId);
    Memory.putByte(value + Format.ROW_FLAGS, isLong ? Format.ROW_LONG_KEY : 0);
    if (isLong) {
      Memory.putInt(value + Format.ROW_HEADER, rowKey.length);
      Memory.copyIn(rowKey, 0, value + Format.ROW_HEADER + 4, rowKey.length);
    }
    Memory.copyIn(row, 0, value + rowOffset, row.length);
    return wasBehind;
  }

  /// Removes a row with its large values, if it is there.
  private void removeRow(int branch, long storageId, byte[] rowKey) {
    long key = txn.keyBuffer;
    long part = Format.putPrefix(key, branch, storageId);
    int keyBytes = (int) (Format.putPart(part, rowKey, rowKey.length, Format.ROW_KEY_PREFIX) - key);
    txn.deleteRow(key, keyBytes);
  }

  private void putIndexEntry(int branch, long indexId, byte[] indexKey, byte[] rowKey) {
    IndexEntries entry = new IndexEntries(txn.keyBuffer, branch, indexId, indexKey, rowKey);
    entry.put(txn, Tree.INDEX, entry.keyBytes(), 0, false);
  }
}
