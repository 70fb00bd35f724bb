package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.txn.StatementAccess;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One version of one row in a write set, linked to the version it replaced there.
final class RowChange extends Change {
  private static final int OVERHEAD_BYTES = 144;

  final RowChanges relation;
  final byte[] key;
  final RowWrite.Op op;
  final byte @Nullable [] row;
  final int layoutId;
  final @Nullable RowChange older;

  /// Where a deleted row goes on, null when it does not.
  RowFates.@Nullable Place movedTo;

  /// The change's place in the order of the transaction's changes.
  final int sequence;

  RowChange(
      int commandId, RowChanges relation, byte[] key, RowWrite.Op op, byte @Nullable [] row, int layoutId, @Nullable RowChange older,
      int sequence) {
    super(commandId);
    this.sequence = sequence;
    this.relation = relation;
    this.key = key;
    this.op = op;
    this.row = row;
    this.layoutId = layoutId;
    this.older = older;
  }

  /// The newest version made before `commandId`, null when there is none.
  static @Nullable RowChange visible(@Nullable RowChange newest, int commandId) {
    RowChange version = newest;
    while (version != null && version.commandId >= commandId) {
      version = version.older;
    }
    return version;
  }

  boolean isDelete() {
    return row == null;
  }

  void fill(RowSlot slot) {
    slot.set(MemorySegment.ofArray(row), 0, row.length, StatementAccess.OWN_WRITE_SCN, layoutId);
  }

  /// What the transaction does to the key as a whole, null for nothing.
  static @Nullable RowWrite net(RowChange newest) {
    RowChange first = newest;
    while (first.older != null) {
      first = first.older;
    }
    boolean existed = first.op != RowWrite.Op.INSERT;
    RowChanges relation = newest.relation;
    if (newest.isDelete()) {
      return existed ? RowWrite.delete(relation.storageId, newest.key) : null;
    }
    return existed
        ? RowWrite.update(relation.storageId, newest.key, newest.row, newest.layoutId)
        : RowWrite.insert(relation.storageId, newest.key, newest.row, newest.layoutId);
  }

  /// The change by which the row that was under the key first went away, null when it is still there.
  static @Nullable RowChange givenUp(RowChange newest) {
    RowChange found = null;
    for (RowChange change = newest; change != null; change = change.older) {
      if (change.isDelete()) {
        found = change;
      }
    }
    return found;
  }

  @Override
  void undo() {
    relation.undo(this);
  }

  @Override
  int bytes() {
    return OVERHEAD_BYTES + key.length + (row == null ? 0 : row.length);
  }
}
