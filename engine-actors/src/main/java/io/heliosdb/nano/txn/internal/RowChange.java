package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.txn.StatementAccess;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One version of one row in a write set, linked to the version it replaced there as long as both are in memory.
///
/// As a spilled image:
/// ```
/// flags u8 (operation | 4 existed | 8 given up | 16 and moved), layout id u32,
/// [sequence u64 [storage id u64, key bytes u32, key]], row
/// ```
final class RowChange extends Change {
  private static final int OVERHEAD_BYTES = 144;
  private static final int EXISTED = 4;
  private static final int GIVEN_UP = 8;
  private static final int MOVED = 16;
  private static final RowWrite.Op[] OPERATIONS = RowWrite.Op.values();

  /// The change by which the row that was under a key first went away.
  ///
  /// @param movedTo where it goes on, null when it does not
  record GivenUp(long sequence, RowFates.@Nullable Place movedTo) {}

  final RowChanges relation;
  final byte[] key;
  final RowWrite.Op op;
  final byte @Nullable [] row;
  final int layoutId;

  /// Null for the first, and for one whose predecessors were spilled.
  final @Nullable RowChange older;

  /// Whether there was a row under the key before the transaction's first change of it.
  final boolean existed;

  /// Null while the row has not gone away.
  final @Nullable GivenUp givenUp;

  RowChange(
      int commandId, long sequence, RowChanges relation, byte[] key, RowWrite.Op op, byte @Nullable [] row, int layoutId,
      @Nullable RowChange older, boolean existed, @Nullable GivenUp givenUp) {
    super(commandId, sequence);
    this.relation = relation;
    this.key = key;
    this.op = op;
    this.row = row;
    this.layoutId = layoutId;
    this.older = older;
    this.existed = existed;
    this.givenUp = givenUp;
  }

  static RowChange spilled(RowChanges relation, byte[] key, SpilledChanges.Version version) {
    ByteBuffer image = version.image();
    int flags = image.get();
    int layoutId = image.getInt();
    GivenUp givenUp = (flags & GIVEN_UP) == 0 ? null : new GivenUp(image.getLong(), (flags & MOVED) == 0 ? null : place(image));
    RowWrite.Op op = OPERATIONS[flags & 3];
    byte[] row = op == RowWrite.Op.DELETE ? null : rest(image);
    return new RowChange(
        version.commandId(), version.sequence(), relation, key, op, row, layoutId, null, (flags & EXISTED) != 0, givenUp);
  }

  private static RowFates.Place place(ByteBuffer image) {
    long storageId = image.getLong();
    byte[] key = new byte[image.getInt()];
    image.get(key);
    return new RowFates.Place(storageId, key);
  }

  private static byte[] rest(ByteBuffer image) {
    byte[] bytes = new byte[image.remaining()];
    image.get(bytes);
    return bytes;
  }

  byte[] image() {
    RowFates.Place moved = givenUp == null ? null : givenUp.movedTo();
    int bytes =
        5 + (row == null ? 0 : row.length) + (givenUp == null ? 0 : 8) + (moved == null ? 0 : 12 + moved.rowKey().length);
    ByteBuffer image = ByteBuffer.allocate(bytes);
    image.put((byte) (op.ordinal() | (existed ? EXISTED : 0) | (givenUp == null ? 0 : GIVEN_UP) | (moved == null ? 0 : MOVED)));
    image.putInt(layoutId);
    if (givenUp != null) {
      image.putLong(givenUp.sequence());
    }
    if (moved != null) {
      image.putLong(moved.storageId()).putInt(moved.rowKey().length).put(moved.rowKey());
    }
    return (row == null ? image : image.put(row)).array();
  }

  /// The newest version in memory made before `commandId`, null when there is none.
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
    RowChanges relation = newest.relation;
    if (newest.isDelete()) {
      return newest.existed ? RowWrite.delete(relation.storageId, newest.key) : null;
    }
    return newest.existed
        ? RowWrite.update(relation.storageId, newest.key, newest.row, newest.layoutId)
        : RowWrite.insert(relation.storageId, newest.key, newest.row, newest.layoutId);
  }

  @Override
  void undo() {
    relation.undo(this);
  }

  static int bytes(byte[] key, byte @Nullable [] row) {
    return OVERHEAD_BYTES + key.length + (row == null ? 0 : row.length);
  }

  @Override
  int bytes() {
    return bytes(key, row);
  }
}
