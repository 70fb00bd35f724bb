package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.IndexWrite;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One change of one index entry in a write set: it came or went; linked to the change before.
final class EntryChange extends Change implements Comparable<EntryChange> {
  private static final int OVERHEAD_BYTES = 128;

  final @Nullable EntryChanges index;
  final byte[] indexKey;
  final byte[] rowKey;
  final boolean isInsert;
  final @Nullable EntryChange older;

  EntryChange(
      int commandId, @Nullable EntryChanges index, byte[] indexKey, byte[] rowKey, boolean isInsert, @Nullable EntryChange older) {
    super(commandId);
    this.index = index;
    this.indexKey = indexKey;
    this.rowKey = rowKey;
    this.isInsert = isInsert;
    this.older = older;
  }

  static @Nullable EntryChange visible(@Nullable EntryChange newest, int commandId) {
    EntryChange change = newest;
    while (change != null && change.commandId >= commandId) {
      change = change.older;
    }
    return change;
  }

  /// What the transaction does to the entry as a whole, null for nothing.
  static @Nullable IndexWrite net(EntryChange newest) {
    EntryChange first = newest;
    while (first.older != null) {
      first = first.older;
    }
    boolean existed = !first.isInsert;
    return existed == newest.isInsert ? null : new IndexWrite(newest.index.indexId, newest.indexKey, newest.rowKey, newest.isInsert);
  }

  /// Entries are ordered by index key, then row key.
  @Override
  public int compareTo(EntryChange other) {
    int order = Arrays.compareUnsigned(indexKey, other.indexKey);
    return order != 0 ? order : Arrays.compareUnsigned(rowKey, other.rowKey);
  }

  @Override
  void undo() {
    index.undo(this);
  }

  @Override
  int bytes() {
    return OVERHEAD_BYTES + indexKey.length;
  }
}
