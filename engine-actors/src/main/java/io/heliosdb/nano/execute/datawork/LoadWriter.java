package io.heliosdb.nano.execute.datawork;

import io.heliosdb.nano.storage.BulkWriter;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.txn.StatementAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes many rows and index entries to storage ids that are new in this transaction: the first few thousand into the write set, more
/// than that past it, in sorted slices. Rows with equal keys: see [#row]. Confined to the session's thread.
final class LoadWriter implements AutoCloseable {
  /// What fits the write set without thinking.
  private static final int SMALL_MAX = 4096;
  private static final int SLICE = 32_768;

  private record Entry(long storageId, byte[] key, byte[] value, int layoutId, boolean row) {}

  private static final Comparator<Entry> ORDER =
      Comparator.comparingLong(Entry::storageId).thenComparing(Entry::key, Arrays::compareUnsigned).thenComparing(Entry::value, Arrays::compareUnsigned);

  private final StatementAccess access;
  private final List<Entry> entries = new ArrayList<>();
  private final RowSlot slot = new RowSlot();
  private @Nullable BulkWriter bulk;
  private byte @Nullable [] duplicate;

  LoadWriter(StatementAccess access) {
    this.access = access;
  }

  /// Adds a row. Of rows with the same key only one is kept: see [#duplicateKey] and count the rows afterwards.
  void row(long storageId, byte[] key, byte[] row, int layoutId) {
    add(new Entry(storageId, key, row, layoutId, true));
  }

  void index(long indexStorageId, byte[] indexKey, byte[] rowKey) {
    add(new Entry(indexStorageId, indexKey, rowKey, 0, false));
  }

  private void add(Entry entry) {
    entries.add(entry);
    if (entries.size() >= (bulk == null ? SMALL_MAX : SLICE)) {
      if (bulk == null) {
        bulk = access.transaction().bulkWriter();
      } else {
        flush();
      }
    }
  }

  private void flush() {
    entries.sort(ORDER);
    for (Entry entry : entries) {
      if (entry.row()) {
        bulk.row(entry.storageId(), entry.key(), entry.value(), entry.layoutId());
      } else {
        bulk.index(entry.storageId(), entry.key(), entry.value());
      }
    }
    entries.clear();
  }

  /// Writes what is left and makes it part of the transaction.
  void finish() {
    if (bulk != null) {
      flush();
      access.transaction().attach(bulk.finish());
      // What went past the write set only a new reader sees.
      access.releaseReader();
      return;
    }
    for (Entry entry : entries) {
      if (!entry.row()) {
        access.indexInsert(entry.storageId(), entry.key(), entry.value());
      } else if (access.getNewest(entry.storageId(), entry.key(), slot)) {
        duplicate = entry.key();
        break;
      } else {
        access.insert(entry.storageId(), entry.key(), entry.value(), entry.layoutId());
      }
    }
    entries.clear();
  }

  /// A row key that occurred twice, when that has been noticed (only for few rows).
  byte @Nullable [] duplicateKey() {
    return duplicate;
  }

  boolean isBulk() {
    return bulk != null;
  }

  @Override
  public void close() {
    if (bulk != null) {
      bulk.close();
    }
  }
}
