package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.Arrays;

/// Finds the objects of [JsonFormat] in the bytes that come, whether in one array or one after the other, and gives each to a [JsonRowParser] or another consumer.
///
/// Keeps one object at a time; bound: 1 GB each (54000). Errors: 22P02 for what is no object, with the line where the object begins.
final class JsonReader implements RowReader {
  private static final int OBJECT_BYTES_MAX = 0x3fff_ffff;

  private enum State { START, BEFORE_OBJECT, IN_OBJECT, AFTER_OBJECT, ENDED, END_MARK, CUT_OFF }

  private final boolean arrayAllowed;
  private final JsonObjects.Consumer parser;
  private final RowBuilder rows;
  private State state = State.START;
  private boolean inArray;
  private boolean anyInArray;
  private long line = 1;
  private long objectLine;

  private int depth;
  private boolean inString;
  private boolean escaped;
  private byte[] pending = new byte[1024];
  private int pendingBytes;
  private long seen;

  JsonReader(boolean arrayAllowed, JsonObjects.Consumer parser, RowBuilder rows) {
    this.arrayAllowed = arrayAllowed;
    this.parser = parser;
    this.rows = rows;
  }

  @Override
  public void feed(byte[] bytes, int offset, int count) {
    int end = offset + count;
    int i = offset;
    while (i < end) {
      if (state != State.IN_OBJECT) {
        between(bytes[i], i);
        if (state != State.IN_OBJECT) {
          i++;
        }
        continue;
      }
      int objectEnd = objectEnd(bytes, i, end);
      if (objectEnd < 0) {
        keep(bytes, i, end);
        break;
      }
      if (pendingBytes == 0) {
        object(bytes, i, objectEnd);
      } else {
        keep(bytes, i, objectEnd);
        object(pending, 0, pendingBytes);
        pendingBytes = 0;
        if (pending.length > 1 << 20) {
          pending = new byte[1024];
        }
      }
      i = objectEnd;
    }
    seen += count;
  }

  private void object(byte[] bytes, int from, int to) {
    state = State.AFTER_OBJECT;
    rows.begin(objectLine, () -> Encodings.shown(bytes, from, to));
    parser.object(bytes, from, to);
  }

  /// A byte outside objects.
  private void between(byte b, int index) {
    if (state == State.CUT_OFF) {
      return;
    }
    if (state == State.END_MARK && b != '.') {
      throw unexpected((byte) '\\');
    }
    switch (b) {
      case '\n' -> line++;
      case ' ', '\t', '\r' -> { }
      case '{' -> {
        if (state == State.ENDED || inArray && state == State.AFTER_OBJECT) {
          throw unexpected(b);
        }
        state = State.IN_OBJECT;
        objectLine = line;
        depth = 0;
        inString = false;
        escaped = false;
      }
      case '[' -> {
        if (state != State.START || !arrayAllowed) {
          throw unexpected(b);
        }
        inArray = true;
        state = State.BEFORE_OBJECT;
      }
      case ',' -> {
        if (!inArray || state != State.AFTER_OBJECT) {
          throw unexpected(b);
        }
        anyInArray = true;
        state = State.BEFORE_OBJECT;
      }
      case ']' -> {
        if (!inArray || state == State.ENDED || state == State.BEFORE_OBJECT && anyInArray) {
          throw unexpected(b);
        }
        state = State.ENDED;
      }
      case '\\' -> {
        // psql ends data that stands in a script with a line of its own, `\.`, and sends it too.
        if (inArray && state != State.ENDED || state == State.BEFORE_OBJECT) {
          throw unexpected(b);
        }
        state = State.END_MARK;
      }
      case '.' -> {
        if (state != State.END_MARK) {
          throw unexpected(b);
        }
        state = State.CUT_OFF;
      }
      case (byte) 0xef, (byte) 0xbb, (byte) 0xbf -> {
        // A byte order mark at the very beginning is passed over.
        if (state != State.START || seen + index > 2) {
          throw unexpected(b);
        }
      }
      default -> throw unexpected(b);
    }
  }

  private SqlException unexpected(byte b) {
    rows.atLine(line);
    String token = b > ' ' && b < 0x7f ? String.valueOf((char) b) : String.format("0x%02x", b & 0xff);
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json")
        .withDetail(state == State.ENDED ? "Expected end of input, but found \"" + token + "\"."
            : inArray && state == State.AFTER_OBJECT ? "Expected \",\" or \"]\", but found \"" + token + "\"."
            : "Expected JSON object, but found \"" + token + "\".");
  }

  /// The index behind the object's last brace, -1 when it is not in these bytes.
  private int objectEnd(byte[] bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      byte b = bytes[i];
      if (inString) {
        if (escaped) {
          escaped = false;
        } else if (b == '\\') {
          escaped = true;
        } else if (b == '"') {
          inString = false;
        } else if (b == '\n') {
          line++;
        }
      } else {
        switch (b) {
          case '"' -> inString = true;
          case '{', '[' -> depth++;
          case '}', ']' -> {
            if (--depth == 0) {
              return i + 1;
            }
          }
          case '\n' -> line++;
          default -> { }
        }
      }
    }
    return -1;
  }

  private void keep(byte[] bytes, int from, int to) {
    int needed = pendingBytes + to - from;
    if (needed > OBJECT_BYTES_MAX || needed < 0) {
      rows.atLine(objectLine);
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "out of memory")
          .withDetail("Cannot enlarge string buffer containing " + pendingBytes + " bytes.");
    }
    if (needed > pending.length) {
      pending = Arrays.copyOf(pending, (int) Math.min(OBJECT_BYTES_MAX, Math.max(needed, pending.length * 2L)));
    }
    System.arraycopy(bytes, from, pending, pendingBytes, to - from);
    pendingBytes = needed;
  }

  @Override
  public void finish() {
    if (state == State.IN_OBJECT || state == State.END_MARK || inArray && state != State.ENDED && state != State.CUT_OFF) {
      rows.atLine(state == State.IN_OBJECT ? objectLine : line);
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json").withDetail("The input string ended unexpectedly.");
    }
  }
}
