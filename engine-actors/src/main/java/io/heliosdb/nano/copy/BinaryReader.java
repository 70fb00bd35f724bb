package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.PgType;
import java.util.Arrays;

/// Reads [BinaryFormat]. What has come of a field is kept until the rest is there: a length that lies costs no more memory than the bytes that
/// really come. Bound: a field may take 1 GB. Errors: 22P04 for the frame, the types' own for fields.
final class BinaryReader implements RowReader {
  private static final int FIELD_BYTES_MAX = 0x3fff_ffff;
  private static final int CRITICAL_FLAGS = 0xffff_0000;
  private static final int FLAG_OIDS = 1 << 16;

  private enum State { SIGNATURE, FLAGS, EXTENSION_LENGTH, EXTENSION, COUNT, LENGTH, FIELD, ENDED }

  private final RowBuilder rows;
  private State state = State.SIGNATURE;
  /// Bytes that the present state needs before it can go on.
  private int needed = BinaryFormat.SIGNATURE.length;
  private byte[] pending = new byte[64];
  private int pendingBytes;
  private int field;
  private long rowNumber;

  BinaryReader(RowBuilder rows) {
    this.rows = rows;
    rows.atLine(0);
  }

  @Override
  public void feed(byte[] bytes, int offset, int count) {
    int at = offset;
    int end = offset + count;
    while (at < end || needed == 0) {
      if (state == State.ENDED) {
        throw bad("received copy data after EOF marker");
      }
      if (state == State.EXTENSION) {
        int skipped = Math.min(needed, end - at);
        at += skipped;
        next(skipped == needed ? State.COUNT : State.EXTENSION, skipped == needed ? 2 : needed - skipped);
        continue;
      }
      if (pendingBytes == 0 && end - at >= needed) {
        int start = at;
        at += needed;
        take(bytes, start, needed);
        continue;
      }
      int moved = Math.min(needed - pendingBytes, end - at);
      if (pending.length < pendingBytes + moved) {
        pending = Arrays.copyOf(pending, (int) Math.min(needed, Math.max(pendingBytes + moved, pending.length * 2L)));
      }
      System.arraycopy(bytes, at, pending, pendingBytes, moved);
      pendingBytes += moved;
      at += moved;
      if (pendingBytes == needed) {
        pendingBytes = 0;
        take(pending, 0, needed);
        if (pending.length > 1 << 20) {
          pending = new byte[64];
        }
      }
    }
  }

  private void next(State newState, int bytes) {
    state = newState;
    needed = bytes;
  }

  /// The bytes that the present state was waiting for.
  private void take(byte[] bytes, int at, int count) {
    switch (state) {
      case SIGNATURE -> {
        if (!Arrays.equals(bytes, at, at + count, BinaryFormat.SIGNATURE, 0, count)) {
          throw bad("COPY file signature not recognized");
        }
        next(State.FLAGS, 4);
      }
      case FLAGS -> {
        int flags = getInt(bytes, at);
        if ((flags & FLAG_OIDS) != 0) {
          throw bad("invalid COPY file header (WITH OIDS)");
        }
        if ((flags & CRITICAL_FLAGS) != 0) {
          throw bad("unrecognized critical flags in COPY file header");
        }
        next(State.EXTENSION_LENGTH, 4);
      }
      case EXTENSION_LENGTH -> {
        int length = getInt(bytes, at);
        if (length < 0) {
          throw bad("invalid COPY file header (missing length)");
        }
        next(length == 0 ? State.COUNT : State.EXTENSION, length == 0 ? 2 : length);
      }
      case COUNT -> rowBegins((short) (bytes[at] << 8 | bytes[at + 1] & 0xff));
      case LENGTH -> length(getInt(bytes, at));
      case FIELD -> {
        rows.binary(field, bytes, at, count);
        fieldDone();
      }
      case EXTENSION, ENDED -> throw new IllegalStateException();
    }
  }

  private void rowBegins(int count) {
    rows.begin(++rowNumber, null);
    if (count == -1) {
      next(State.ENDED, 1);
      return;
    }
    if (count != rows.columnCount()) {
      throw bad("row field count is " + count + ", expected " + rows.columnCount());
    }
    field = 0;
    if (count == 0) {
      rows.end();
      next(State.COUNT, 2);
    } else {
      next(State.LENGTH, 4);
    }
  }

  private void length(int length) {
    if (length == -1) {
      PgType type = rows.column(field).type();
      if (type.isDomain()) {
        rows.text(field, null);
      }
      fieldDone();
      return;
    }
    if (length < 0 || length > FIELD_BYTES_MAX) {
      rows.atColumn(field);
      throw bad("invalid field size");
    }
    next(State.FIELD, length);
  }

  private void fieldDone() {
    field++;
    if (field < rows.columnCount()) {
      next(State.LENGTH, 4);
    } else {
      rows.end();
      next(State.COUNT, 2);
    }
  }

  @Override
  public void finish() {
    switch (state) {
      case ENDED -> { }
      case SIGNATURE -> throw bad("COPY file signature not recognized");
      case FLAGS -> throw bad("invalid COPY file header (missing flags)");
      case EXTENSION_LENGTH -> throw bad("invalid COPY file header (missing length)");
      case EXTENSION -> throw bad("invalid COPY file header (wrong length)");
      case COUNT -> {
        // Without a trailer PostgreSQL takes the end of the file for the end of the rows.
        if (pendingBytes > 0) {
          throw unexpectedEnd();
        }
      }
      case LENGTH, FIELD -> {
        rows.atColumn(field);
        throw unexpectedEnd();
      }
    }
  }

  private static SqlException unexpectedEnd() {
    return bad("unexpected EOF in COPY data");
  }

  private static SqlException bad(String message) {
    return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, message);
  }

  private static int getInt(byte[] bytes, int at) {
    return bytes[at] << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
  }
}
