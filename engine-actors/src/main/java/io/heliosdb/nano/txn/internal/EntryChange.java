package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.IndexWrite;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One change of one index entry in a write set: it came or went; linked to the change before as long as both are in memory.
/// As a spilled image: one byte, 1 came | 2 existed.
final class EntryChange extends Change implements Comparable<EntryChange> {
  private static final int OVERHEAD_BYTES = 128;
  private static final int INSERT = 1;
  private static final int EXISTED = 2;

  final @Nullable EntryChanges index;
  final byte[] indexKey;
  final byte[] rowKey;
  final boolean isInsert;
  final @Nullable EntryChange older;

  /// Whether the entry was there before the transaction's first change of it.
  final boolean existed;

  EntryChange(
      int commandId, long sequence, @Nullable EntryChanges index, byte[] indexKey, byte[] rowKey, boolean isInsert,
      @Nullable EntryChange older, boolean existed) {
    super(commandId, sequence);
    this.index = index;
    this.indexKey = indexKey;
    this.rowKey = rowKey;
    this.isInsert = isInsert;
    this.older = older;
    this.existed = existed;
  }

  static EntryChange spilled(EntryChanges index, byte[] indexKey, byte[] rowKey, SpilledChanges.Version version) {
    int flags = version.image().get();
    return new EntryChange(
        version.commandId(), version.sequence(), index, indexKey, rowKey, (flags & INSERT) != 0, null, (flags & EXISTED) != 0);
  }

  byte[] image() {
    return new byte[] {(byte) ((isInsert ? INSERT : 0) | (existed ? EXISTED : 0))};
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
    return newest.existed == newest.isInsert
        ? null
        : new IndexWrite(newest.index.indexId, newest.indexKey, newest.rowKey, newest.isInsert);
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

  static int bytes(byte[] indexKey) {
    return OVERHEAD_BYTES + indexKey.length;
  }

  @Override
  int bytes() {
    return bytes(indexKey);
  }
}
