package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Memory;
import org.jspecify.annotations.Nullable;

/// Follows version chains through the log for one [ReadScope].
///
/// Keeps a cursor where it looked last: rows that one statement changed have their records side by side and in key order, so the
/// record of the next row of a scan is mostly the next record of the log, and one step of the cursor replaces a descent of the tree.
final class VersionChains {
  /// What one record says about the version as of a limit.
  static final int FOUND = 0;
  static final int NONE = 1;
  static final int FURTHER = 2;

  private final ReadScope scope;
  private @Nullable EntryCursor cursor;
  private boolean isPositioned;
  private long atScn;
  private int atSequence;
  private int recordBytes;

  /// Where to look next after [#FURTHER].
  private long nextScn;
  private int nextSequence;

  VersionChains(ReadScope scope) {
    this.scope = scope;
  }

  /// Another use of the reader begins.
  void restart() {
    cursor = null;
    isPositioned = false;
  }

  long nextScn() {
    return nextScn;
  }

  int nextSequence() {
    return nextSequence;
  }

  /// Whether the way back from a live row, given by its value in `current`, may begin with the row's own jump pointer: that saves the
  /// record that the row's commit wrote.
  static boolean mayJump(long value, long limit) {
    return Memory.getInt(value + Format.CHAIN_JUMP_ORDINAL) > 0 && Memory.getLong(value + Format.CHAIN_JUMP_SCN) > limit;
  }

  /// Finds the version as of `limit` of a live row that is CHAINED and younger.
  boolean findBehind(long value, long limit, Version out) {
    return mayJump(value, limit)
        ? find(Memory.getLong(value + Format.CHAIN_JUMP_SCN), Memory.getInt(value + Format.CHAIN_JUMP_SEQUENCE), limit, out)
        : find(Memory.getLong(value + Format.ROW_SCN), Memory.getInt(value + Format.ROW_SEQUENCE), limit, out);
  }

  /// Follows a chain from the log record (`scn`, `sequence`) to the newest version with an SCN of at most `limit`; false when the row
  /// is younger than that. O(log n) records.
  boolean find(long scn, int sequence, long limit, Version out) {
    int state = hop(scn, sequence, limit, out);
    while (state == FURTHER) {
      state = hop(nextScn, nextSequence, limit, out);
    }
    return state == FOUND;
  }

  /// Looks at one record of a chain.
  int hop(long scn, int sequence, long limit, Version out) {
    long record = record(scn, sequence);
    if (record == 0) {
      throw StoreFailure.corrupted("log record " + scn + "/" + sequence + " is missing");
    }
    if ((Memory.getByte(record + Format.LOG_FLAGS) & Format.LOG_REPLACED) == 0) {
      return NONE;
    }
    long replacedScn = Memory.getLong(record + Format.LOG_REPLACED_SCN);
    if (replacedScn <= limit) {
      setReplaced(record, out);
      return FOUND;
    }
    if (Memory.getInt(record + Format.LOG_ORDINAL) <= 1) {
      return NONE;
    }
    long jumpScn = Memory.getLong(record + Format.LOG_JUMP_SCN);
    if (Memory.getInt(record + Format.LOG_JUMP_ORDINAL) > 0 && jumpScn > limit) {
      nextScn = jumpScn;
      nextSequence = Memory.getInt(record + Format.LOG_JUMP_SEQUENCE);
    } else {
      nextScn = replacedScn;
      nextSequence = Memory.getInt(record + Format.LOG_REPLACED_SEQUENCE);
    }
    return FURTHER;
  }

  /// Fills `out` with the version that the record carries.
  private void setReplaced(long record, Version out) {
    long row = LogFormat.skipToRow(record + Format.LOG_CHAINED_HEADER);
    out.rowAddress = row;
    out.rowBytes = (int) (record + recordBytes - row);
    out.scn = Memory.getLong(record + Format.LOG_REPLACED_SCN);
    out.layoutId = Memory.getInt(record + Format.LOG_REPLACED_LAYOUT);
    out.tombstone = (Memory.getByte(record + Format.LOG_FLAGS) & Format.LOG_REPLACED_TOMBSTONE) != 0;
  }

  /// The address of a log record, 0 when there is none.
  long record(long scn, int sequence) {
    EntryCursor log = cursor;
    if (log == null) {
      log = scope.reader().cursor(Tree.LOG);
      cursor = log;
    }
    if (isPositioned && isNear(scn, sequence)) {
      boolean isAfter = scn > atScn || (scn == atScn && sequence > atSequence);
      if ((isAfter ? log.next() : log.previous()) && take(log, scn, sequence)) {
        return log.valueAddress;
      }
    }
    long key = scope.keyBuffer();
    Memory.putLongBigEndian(key, scn);
    Memory.putIntBigEndian(key + 8, sequence);
    isPositioned = log.seekRecord(key, scn, sequence);
    return isPositioned && take(log, scn, sequence) ? log.valueAddress : 0;
  }

  /// Whether the record is likely to be a neighbour of the one stood on.
  private boolean isNear(long scn, int sequence) {
    return scn == atScn ? Math.abs(sequence - atSequence) == 1 : Math.abs(scn - atScn) == 1;
  }

  /// Notes where the cursor stands; whether that is the record asked for.
  private boolean take(EntryCursor log, long scn, int sequence) {
    atScn = Memory.getLongBigEndian(log.keyAddress);
    atSequence = Memory.getIntBigEndian(log.keyAddress + 8);
    recordBytes = log.valueBytes;
    return atScn == scn && atSequence == sequence;
  }
}
