package io.heliosdb.nano.txn;

/// The entries of one index in (index key, row key) order or reverse; rules of life as for [TableCursor].
public abstract class IndexEntryCursor implements AutoCloseable {
  /// Moves to the next entry; false at the end.
  public abstract boolean next();

  /// The index key of the entry stood on; not to be changed.
  public abstract byte[] indexKey();

  /// The row key of the entry stood on; not to be changed.
  public abstract byte[] rowKey();

  /// Reads the row the entry points to, as [StatementAccess#get] does (for a newest cursor: as [StatementAccess#getNewest]).
  ///
  /// @return false when there is no such row, which only a stale entry of an older snapshot explains
  public abstract boolean getRow(long storageId, io.heliosdb.nano.storage.RowSlot slot);

  @Override
  public abstract void close();
}
