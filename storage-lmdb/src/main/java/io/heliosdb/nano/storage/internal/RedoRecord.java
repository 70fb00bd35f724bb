package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.storage.IndexWrite;
import io.heliosdb.nano.storage.RelationEvent;
import io.heliosdb.nano.storage.RowWrite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One entry of the redo log: what has to be done again after a crash. `docs/data-file.md` describes the bytes.
///
/// Records are numbered without gaps, across segments. Decoding checks every length against the bytes there are.
sealed interface RedoRecord {
  long number();

  /// A group of commits, as it was given to the store, with its SCNs and times.
  ///
  /// @param firstLargeId the id that the first large value in it got: later records refer to large values by their ids
  /// @param horizons counters whose horizon moved in the same transaction
  record Group(long number, long firstScn, long firstLargeId, long[] times, List<CommitUnit> units, List<CounterWrite> horizons)
      implements RedoRecord {}

  /// A slice of a bulk load, where those are logged.
  record Slice(long number, long firstLargeId, BulkSlice.Content content) implements RedoRecord {}

  /// What a bulk load had written was removed.
  record LoadRemoved(long number, BulkLoad load) implements RedoRecord {}

  /// Counters set outside of commits.
  record Counters(long number, List<CounterWrite> writes) implements RedoRecord {}

  /// The record with this number was not carried out: the store refused the group after it was logged.
  record Void(long number, long voidedNumber) implements RedoRecord {}

  int KIND_GROUP_WITHOUT_LARGE_ID = 1;
  int KIND_COUNTERS = 2;
  int KIND_VOID = 3;
  int KIND_GROUP = 4;
  int KIND_SLICE = 5;
  int KIND_LOAD_REMOVED = 6;

  /// Whether a group will take at most so many bytes in the log, roughly and without building it.
  static boolean fits(List<CommitUnit> group, long bytesMax) {
    long bytes = 0;
    for (CommitUnit unit : group) {
      bytes += 64;
      for (RowWrite write : unit.rows()) {
        bytes += 16 + write.key().length + (write.row() == null ? 0 : write.row().length);
        if (bytes > bytesMax) {
          return false;
        }
      }
      for (IndexWrite write : unit.indexes()) {
        bytes += 8 + write.indexKey().length + write.rowKey().length;
        if (bytes > bytesMax) {
          return false;
        }
      }
    }
    return bytes <= bytesMax;
  }

  static void encodeGroup(
      RedoBuffer out, long number, long firstScn, long firstLargeId, long[] times, List<CommitUnit> units, List<CounterWrite> horizons) {
    out.putByte(KIND_GROUP);
    out.putNumber(number);
    out.putNumber(firstScn);
    out.putNumber(firstLargeId);
    out.putNumber(units.size());
    for (int i = 0; i < units.size(); i++) {
      out.putNumber(times[i]);
      encodeUnit(out, units.get(i));
    }
    encodeCounterWrites(out, horizons);
  }

  static void encodeCounters(RedoBuffer out, long number, List<CounterWrite> writes) {
    out.putByte(KIND_COUNTERS);
    out.putNumber(number);
    encodeCounterWrites(out, writes);
  }

  static void encodeVoid(RedoBuffer out, long number, long voidedNumber) {
    out.putByte(KIND_VOID);
    out.putNumber(number);
    out.putNumber(voidedNumber);
  }

  static void encodeSlice(RedoBuffer out, long number, long firstLargeId, BulkSlice.Content content) {
    out.putByte(KIND_SLICE);
    out.putNumber(number);
    out.putNumber(firstLargeId);
    out.putNumber(content.load().loadId());
    out.putNumber(content.branch());
    out.putByte(content.registers() ? 1 : 0);
    out.putNumber(content.targets().size());
    for (BulkLoads.Target target : content.targets()) {
      out.putByte(target.index() ? 1 : 0);
      out.putNumber(target.branch());
      out.putNumber(target.id());
    }
    encodeRows(out, content.rows());
    encodeEntries(out, content.entries());
  }

  static void encodeLoadRemoved(RedoBuffer out, long number, BulkLoad load) {
    out.putByte(KIND_LOAD_REMOVED);
    out.putNumber(number);
    out.putNumber(load.loadId());
  }

  private static void encodeUnit(RedoBuffer out, CommitUnit unit) {
    out.putNumber(unit.branch());
    out.putNumber(unit.xid());
    out.putNumber(unit.userOid());
    out.putNumber(unit.tenant());
    encodeRows(out, unit.rows());
    encodeEntries(out, unit.indexes());
    encodeCounterWrites(out, unit.counters());
    out.putNumber(unit.events().size());
    for (RelationEvent event : unit.events()) {
      out.putByte(event.kind().ordinal());
      out.putNumber(event.relationOid());
      out.putNumber(event.storageId());
      out.putNumber(event.formerStorageId());
    }
    out.putNumber(unit.bulkLoads().size());
    unit.bulkLoads().forEach(load -> out.putNumber(load.loadId()));
  }

  private static void encodeRows(RedoBuffer out, Collection<RowWrite> rows) {
    out.putNumber(rows.size());
    for (RowWrite write : rows) {
      byte[] row = write.row();
      out.putByte(write.op().ordinal());
      out.putNumber(write.storageId());
      out.putBytes(write.key());
      if (row != null) {
        out.putNumber(write.layoutId());
        out.putBytes(row);
      }
    }
  }

  private static void encodeEntries(RedoBuffer out, Collection<IndexWrite> entries) {
    out.putNumber(entries.size());
    for (IndexWrite write : entries) {
      out.putByte(write.insert() ? 1 : 0);
      out.putNumber(write.indexId());
      out.putBytes(write.indexKey());
      out.putBytes(write.rowKey());
    }
  }

  private static void encodeCounterWrites(RedoBuffer out, List<CounterWrite> writes) {
    out.putNumber(writes.size());
    for (CounterWrite write : writes) {
      out.putByte(write.remove() ? 1 : 0);
      out.putByte(write.key().space());
      out.putNumber(write.key().branch());
      out.putNumber(write.key().id());
      out.putNumber(write.value());
    }
  }

  /// Null when the bytes are no record, which their checksum should have told.
  static @Nullable RedoRecord decode(byte[] bytes) {
    Input in = new Input(bytes);
    try {
      int kind = in.readByte();
      long number = in.readNumber();
      RedoRecord record =
          switch (kind) {
            case KIND_GROUP -> decodeGroup(in, number, true);
            case KIND_GROUP_WITHOUT_LARGE_ID -> decodeGroup(in, number, false);
            case KIND_COUNTERS -> new Counters(number, decodeCounterWrites(in));
            case KIND_SLICE -> new Slice(number, in.readNumber(), decodeSlice(in));
            case KIND_LOAD_REMOVED -> new LoadRemoved(number, new BulkLoad(in.readNumber()));
            case KIND_VOID -> new Void(number, in.readNumber());
            default -> null;
          };
      return in.isAtEnd() ? record : null;
    } catch (IndexOutOfBoundsException damaged) {
      return null;
    }
  }

  private static Group decodeGroup(Input in, long number, boolean hasLargeId) {
    long firstScn = in.readNumber();
    long firstLargeId = hasLargeId ? in.readNumber() : 0;
    int count = in.readCount();
    long[] times = new long[count];
    List<CommitUnit> units = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      times[i] = in.readNumber();
      units.add(decodeUnit(in, hasLargeId));
    }
    return new Group(number, firstScn, firstLargeId, times, units, decodeCounterWrites(in));
  }

  private static BulkSlice.Content decodeSlice(Input in) {
    BulkLoad load = new BulkLoad(in.readNumber());
    int branch = (int) in.readNumber();
    boolean registers = in.readByte() != 0;
    List<BulkLoads.Target> targets = new ArrayList<>();
    for (int i = in.readCount(); i > 0; i--) {
      boolean index = in.readByte() != 0;
      targets.add(new BulkLoads.Target(index, (int) in.readNumber(), in.readNumber()));
    }
    return new BulkSlice.Content(load, branch, registers, targets, decodeRows(in), decodeEntries(in), false);
  }

  private static CommitUnit decodeUnit(Input in, boolean hasLoads) {
    int branch = (int) in.readNumber();
    long xid = in.readNumber();
    long userOid = in.readNumber();
    long tenant = in.readNumber();
    List<RowWrite> rows = decodeRows(in);
    List<IndexWrite> indexes = decodeEntries(in);
    List<CounterWrite> counters = decodeCounterWrites(in);
    List<RelationEvent> events = new ArrayList<>();
    for (int i = in.readCount(); i > 0; i--) {
      RelationEvent.Kind kind = RelationEvent.Kind.values()[in.readByte()];
      events.add(new RelationEvent(kind, in.readNumber(), in.readNumber(), in.readNumber()));
    }
    List<BulkLoad> loads = new ArrayList<>();
    for (int i = hasLoads ? in.readCount() : 0; i > 0; i--) {
      loads.add(new BulkLoad(in.readNumber()));
    }
    return new CommitUnit(branch, xid, userOid, tenant, rows, indexes, counters, events, loads);
  }

  private static List<RowWrite> decodeRows(Input in) {
    List<RowWrite> rows = new ArrayList<>();
    for (int i = in.readCount(); i > 0; i--) {
      RowWrite.Op op = RowWrite.Op.values()[in.readByte()];
      long storageId = in.readNumber();
      byte[] key = in.readBytes();
      int layoutId = op == RowWrite.Op.DELETE ? 0 : (int) in.readNumber();
      rows.add(new RowWrite(storageId, key, op, op == RowWrite.Op.DELETE ? null : in.readBytes(), layoutId));
    }
    return rows;
  }

  private static List<IndexWrite> decodeEntries(Input in) {
    List<IndexWrite> entries = new ArrayList<>();
    for (int i = in.readCount(); i > 0; i--) {
      boolean insert = in.readByte() != 0;
      entries.add(new IndexWrite(in.readNumber(), in.readBytes(), in.readBytes(), insert));
    }
    return entries;
  }

  private static List<CounterWrite> decodeCounterWrites(Input in) {
    List<CounterWrite> writes = new ArrayList<>();
    for (int i = in.readCount(); i > 0; i--) {
      boolean remove = in.readByte() != 0;
      CounterKey key = new CounterKey(in.readByte(), (int) in.readNumber(), in.readNumber());
      writes.add(new CounterWrite(key, in.readNumber(), remove));
    }
    return writes;
  }

  /// Reads what [RedoBuffer] wrote; past the end it throws [IndexOutOfBoundsException].
  final class Input {
    private final byte[] bytes;
    private int at;

    private Input(byte[] bytes) {
      this.bytes = bytes;
    }

    private boolean isAtEnd() {
      return at == bytes.length;
    }

    private int readByte() {
      return bytes[at++];
    }

    private long readNumber() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = bytes[at++];
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }

    /// A number of things that take at least a byte each.
    private int readCount() {
      long count = readNumber();
      if (count < 0 || count > bytes.length - at) {
        throw new IndexOutOfBoundsException();
      }
      return (int) count;
    }

    private byte[] readBytes() {
      int length = readCount();
      at += length;
      return Arrays.copyOfRange(bytes, at - length, at);
    }
  }
}
