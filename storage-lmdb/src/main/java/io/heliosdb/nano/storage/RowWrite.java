package io.heliosdb.nano.storage;

import org.jspecify.annotations.Nullable;

/// One net change of one row: a unit holds at most one per key (a delete and a re-insert of one key is an `UPDATE`).
///
/// The arrays pass into the ownership of the store and are not changed afterwards. `key` is prefix-free among the keys
/// of its storage id (what `KeyWriter` makes of one column list is, and so is a fixed-width row id).
///
/// @param row the new row as `RowWriter` made it; null for a delete
/// @param layoutId the catalog's number of the row layout, handed back with the row
public record RowWrite(long storageId, byte[] key, Op op, byte @Nullable [] row, int layoutId) {
  /// What happened to the row. In an overlay an `UPDATE` or `DELETE` may be about a row of the parent layer.
  public enum Op {
    INSERT,
    UPDATE,
    DELETE
  }

  public static RowWrite insert(long storageId, byte[] key, byte[] row, int layoutId) {
    return new RowWrite(storageId, key, Op.INSERT, row, layoutId);
  }

  public static RowWrite update(long storageId, byte[] key, byte[] row, int layoutId) {
    return new RowWrite(storageId, key, Op.UPDATE, row, layoutId);
  }

  public static RowWrite delete(long storageId, byte[] key) {
    return new RowWrite(storageId, key, Op.DELETE, null, 0);
  }
}
