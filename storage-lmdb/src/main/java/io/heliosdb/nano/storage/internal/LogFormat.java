package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.CommitInfo;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.LogRecord;
import io.heliosdb.nano.storage.RelationEvent;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.storage.lmdb.Memory;

/// Reads and writes the values of `log` and `commits`; layout in `docs/data-file.md`.
final class LogFormat {
  private static final RowWrite.Op[] OPERATIONS = RowWrite.Op.values();
  private static final RelationEvent.Kind[] EVENTS = RelationEvent.Kind.values();

  private LogFormat() {}

  /// From behind a row record's header to the replaced row.
  static long skipToRow(long address) {
    long at = address;
    for (int i = 0; i < 3; i++) {
      at += Format.orderedBytes(at);
    }
    return at + 4 + Memory.getInt(at);
  }

  /// Whether a record is about a row of this storage id on this branch.
  static boolean isAbout(long record, int branch, long storageId) {
    if (Memory.getByte(record + Format.LOG_KIND) != Format.LOG_KIND_ROW) {
      return false;
    }
    boolean replaced = (Memory.getByte(record + Format.LOG_FLAGS) & Format.LOG_REPLACED) != 0;
    long at = record + (replaced ? Format.LOG_CHAINED_HEADER : Format.LOG_PLAIN_HEADER);
    if (Format.getOrdered(at) != branch) {
      return false;
    }
    at += Format.orderedBytes(at);
    at += Format.orderedBytes(at);
    return Format.getOrdered(at) == storageId;
  }

  static LogRecord read(long scn, int sequence, long record, int recordBytes) {
    return switch (Memory.getByte(record + Format.LOG_KIND)) {
      case Format.LOG_KIND_ROW -> readRow(scn, sequence, record, recordBytes);
      case Format.LOG_KIND_RELATION -> readRelation(scn, sequence, record);
      default -> throw StoreFailure.corrupted("log record " + scn + "/" + sequence + " is of no known kind");
    };
  }

  private static LogRecord readRow(long scn, int sequence, long record, int recordBytes) {
    int flags = Memory.getByte(record + Format.LOG_FLAGS);
    boolean replaced = (flags & Format.LOG_REPLACED) != 0;
    long at = record + (replaced ? Format.LOG_CHAINED_HEADER : Format.LOG_PLAIN_HEADER);
    int branch = (int) Format.getOrdered(at);
    at += Format.orderedBytes(at);
    long tenant = Format.getOrdered(at);
    at += Format.orderedBytes(at);
    long storageId = Format.getOrdered(at);
    at += Format.orderedBytes(at);
    int keyBytes = Memory.getInt(at);
    byte[] key = Memory.copyOut(at + 4, keyBytes);
    long row = at + 4 + keyBytes;
    boolean hasRow = replaced && (flags & Format.LOG_REPLACED_TOMBSTONE) == 0;
    return new LogRecord.RowChanged(
        scn,
        sequence,
        branch,
        tenant,
        storageId,
        key,
        OPERATIONS[Memory.getByte(record + Format.LOG_OPERATION)],
        hasRow ? Memory.copyOut(row, (int) (record + recordBytes - row)) : null,
        hasRow ? Memory.getLong(record + Format.LOG_REPLACED_SCN) : 0,
        hasRow ? Memory.getInt(record + Format.LOG_REPLACED_LAYOUT) : 0);
  }

  private static LogRecord readRelation(long scn, int sequence, long record) {
    long at = record + Format.LOG_PLAIN_HEADER;
    long[] numbers = new long[5];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Format.getOrdered(at);
      at += Format.orderedBytes(at);
    }
    RelationEvent.Kind kind = EVENTS[Memory.getByte(record + Format.LOG_OPERATION)];
    return new LogRecord.RelationChanged(
        scn, sequence, (int) numbers[0], numbers[1], new RelationEvent(kind, numbers[2], numbers[3], numbers[4]));
  }

  /// Writes a relation event and gives the address behind it.
  static long writeRelation(long record, CommitUnit unit, RelationEvent event) {
    Memory.putByte(record + Format.LOG_KIND, Format.LOG_KIND_RELATION);
    Memory.putByte(record + Format.LOG_OPERATION, event.kind().ordinal());
    Memory.putByte(record + Format.LOG_FLAGS, 0);
    long at = record + Format.LOG_PLAIN_HEADER;
    at = Format.putOrdered(at, unit.branch());
    at = Format.putOrdered(at, unit.tenant());
    at = Format.putOrdered(at, event.relationOid());
    at = Format.putOrdered(at, event.storageId());
    return Format.putOrdered(at, event.formerStorageId());
  }

  static long writeCommit(long address, CommitUnit unit, long timeMicros) {
    Memory.putLong(address, timeMicros);
    long at = Format.putOrdered(address + 8, unit.xid());
    at = Format.putOrdered(at, unit.userOid());
    at = Format.putOrdered(at, unit.tenant());
    return Format.putOrdered(at, unit.branch());
  }

  static CommitInfo readCommit(long scn, long address) {
    long at = address + 8;
    long[] numbers = new long[4];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Format.getOrdered(at);
      at += Format.orderedBytes(at);
    }
    return new CommitInfo(scn, Memory.getLong(address), numbers[0], numbers[1], numbers[2], (int) numbers[3]);
  }
}
