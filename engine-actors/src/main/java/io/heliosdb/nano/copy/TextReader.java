package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// Reads COPY's text format: fields between delimiters, backslash escapes.
final class TextReader extends DelimitedReader {
  private static final byte PLAIN = 0;
  private static final byte ESCAPED = 1;

  private final boolean[] special = new boolean[256];
  private byte flags;

  TextReader(CopyOptions options, RowBuilder rows) {
    super(options, rows);
    special[delimiter & 0xff] = true;
    special['\\'] = true;
    special['\n'] = true;
    special['\r'] = true;
  }

  @Override
  void lineBegins() {
    flags = PLAIN;
  }

  @Override
  boolean scan() {
    byte[] bytes = buffer;
    boolean[] stops = special;
    int end = limit;
    int i = at;
    while (true) {
      while (i < end && !stops[bytes[i] & 0xff]) {
        i++;
      }
      if (i >= end) {
        at = i;
        return false;
      }
      byte b = bytes[i];
      if (b == delimiter) {
        at = i;
        addField(flags);
        flags = PLAIN;
        i++;
      } else if (b == '\\') {
        if (i + 1 >= end) {
          at = i;
          return false;
        }
        if (bytes[i + 1] == '.') {
          if (!isWholeMark(i)) {
            at = i;
            return false;
          }
          if (i > lineStart) {
            at = i;
            addField(flags);
            endsWithMark = true;
            return true;
          }
        }
        flags = ESCAPED;
        i += 2;
      } else {
        at = i;
        addField(flags);
        return true;
      }
    }
  }

  @Override
  void lastLine() {
    addField(buffer[at - 1] == '\\' ? ESCAPED : flags);
  }

  @Override
  void field(int index, int from, int to, byte fieldFlags) {
    if (isNull(from, to)) {
      rows.text(index, null);
    } else if (fieldFlags == PLAIN) {
      rows.utf8(index, buffer, from, to);
    } else {
      byte[] out = scratch(to - from);
      rows.utf8(index, out, 0, unescape(from, to, out));
    }
  }

  @Override
  String headerField(int from, int to, byte fieldFlags) {
    if (isNull(from, to)) {
      return null;
    }
    byte[] out = scratch(to - from);
    return Encodings.utf8(out, 0, unescape(from, to, out));
  }

  private int unescape(int from, int to, byte[] out) {
    byte[] line = buffer;
    int n = 0;
    for (int i = from; i < to; i++) {
      byte b = line[i];
      if (b != '\\' || i + 1 >= to) {
        out[n++] = b;
        continue;
      }
      byte c = line[++i];
      switch (c) {
        case 'b' -> out[n++] = '\b';
        case 'f' -> out[n++] = '\f';
        case 'n' -> out[n++] = '\n';
        case 'r' -> out[n++] = '\r';
        case 't' -> out[n++] = '\t';
        case 'v' -> out[n++] = 0x0b;
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          int value = c - '0';
          for (int k = 0; k < 2 && i + 1 < to && line[i + 1] >= '0' && line[i + 1] <= '7'; k++) {
            value = value * 8 + line[++i] - '0';
          }
          out[n++] = (byte) value;
        }
        case 'x' -> {
          int value = -1;
          for (int k = 0; k < 2 && i + 1 < to && Character.digit(line[i + 1], 16) >= 0; k++) {
            value = Math.max(value, 0) * 16 + Character.digit(line[++i], 16);
          }
          out[n++] = value < 0 ? (byte) 'x' : (byte) value;
        }
        default -> out[n++] = c;
      }
    }
    return n;
  }

  @Override
  SqlException strayReturn() {
    return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "literal carriage return found in data").withHint("Use \"\\r\" to represent carriage return.");
  }

  @Override
  SqlException strayNewline() {
    return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "literal newline found in data").withHint("Use \"\\n\" to represent newline.");
  }
}
