package io.heliosdb.nano.storage;

/// Writes rows and index entries of storage ids that nobody else sees yet, slice by slice, outside any commit.
///
/// The rows get version SCN 0 ("as old as the relation") and no log records: the unit that names the [BulkLoad] carries
/// a [RelationEvent] instead. Ids must be fresh. Used by one thread at a time. Ascending keys are written fastest.
/// Closing an unfinished writer removes what it wrote; so does opening the store after a crash.
public interface BulkWriter extends AutoCloseable {
  /// Errors: 23505-like duplicates are the caller's business; an existing key is overwritten.
  void row(long storageId, byte[] key, byte[] row, int layoutId);

  /// From now on rows with a key that is there already are refused: the call that finds one, at the latest the one that writes the slice, throws
  /// [DuplicateRowKeyException], and only [#close] may follow.
  void refuseDuplicates();

  /// How many of the last rows are gathered, but not written yet.
  int gatheredRowCount();

  /// Removes a row that this writer has written; nothing happens when there is none. Takes effect in the order of the calls.
  void remove(long storageId, byte[] key);

  void index(long indexId, byte[] indexKey, byte[] rowKey);

  /// Writes what is buffered; afterwards only [#close] may be called, which then does nothing.
  BulkLoad finish();

  @Override
  void close();
}
