package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.charset.StandardCharsets;

/// Reads CSV as PostgreSQL does: quotes may open and close within a field, line ends within quotes belong to the field.
final class CsvReader extends DelimitedReader {
  private static final byte PLAIN = 0;
  private static final byte QUOTED = 1;

  private final byte quote;
  private final byte escape;
  private final boolean ownEscape;
  private final boolean[] special = new boolean[256];
  private byte flags;
  private boolean inQuotes;

  CsvReader(CopyOptions options, RowBuilder rows) {
    super(options, rows);
    quote = options.quote();
    escape = options.escape();
    ownEscape = quote != escape;
    special[delimiter & 0xff] = true;
    special[quote & 0xff] = true;
    special['\n'] = true;
    special['\r'] = true;
  }

  @Override
  void lineBegins() {
    flags = PLAIN;
    inQuotes = false;
  }

  @Override
  boolean scan() {
    byte[] bytes = buffer;
    boolean[] stops = special;
    int end = limit;
    int i = at;
    while (true) {
      if (inQuotes) {
        byte b = 0;
        while (i < end && (b = bytes[i]) != quote && !(ownEscape && b == escape)) {
          if (b == '\n') {
            countInnerLine();
          }
          i++;
        }
        if (i >= end) {
          at = i;
          return false;
        }
        if (b != quote) {
          // The escape character and what it escapes. At the end of the buffer it waits for its successor.
          if (i + 1 >= end) {
            at = i;
            return false;
          }
          i += 2;
        } else {
          inQuotes = false;
          i++;
        }
        continue;
      }
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
      } else if (b == quote) {
        inQuotes = true;
        flags = QUOTED;
        i++;
      } else {
        at = i;
        addField(flags);
        return true;
      }
    }
  }

  @Override
  void lastLine() {
    if (inQuotes) {
      int from = lineStart;
      int to = limit;
      rows.begin(lineNumber() + 1, () -> Encodings.shown(buffer, from, to));
      throw unterminated();
    }
    addField(flags);
  }

  @Override
  boolean isEndMark(int from, int to) {
    return flags == PLAIN && super.isEndMark(from, to);
  }

  private static SqlException unterminated() {
    return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field");
  }

  @Override
  void field(int index, int from, int to, byte fieldFlags) {
    if (fieldFlags == PLAIN) {
      if (!isNull(from, to)) {
        rows.utf8(index, buffer, from, to);
      } else if (forceNotNull[index]) {
        rows.text(index, options.nullText());
      } else {
        rows.text(index, null);
      }
      return;
    }
    byte[] out = scratch(to - from);
    int count = unquote(from, to, out);
    if (forceNull[index] && count == nullBytes.length && new String(out, 0, count, StandardCharsets.UTF_8).equals(options.nullText())) {
      rows.text(index, null);
    } else {
      rows.utf8(index, out, 0, count);
    }
  }

  @Override
  String headerField(int from, int to, byte fieldFlags) {
    if (fieldFlags == PLAIN && isNull(from, to)) {
      return null;
    }
    byte[] out = scratch(to - from);
    return Encodings.utf8(out, 0, unquote(from, to, out));
  }

  private int unquote(int from, int to, byte[] out) {
    byte[] line = buffer;
    int n = 0;
    boolean quoted = false;
    for (int i = from; i < to; i++) {
      byte b = line[i];
      if (!quoted) {
        if (b == quote) {
          quoted = true;
        } else {
          out[n++] = b;
        }
      } else if (b == escape && i + 1 < to && (line[i + 1] == escape || line[i + 1] == quote)) {
        out[n++] = line[++i];
      } else if (b == quote) {
        quoted = false;
      } else {
        out[n++] = b;
      }
    }
    return n;
  }

  @Override
  SqlException strayReturn() {
    return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "unquoted carriage return found in data")
        .withHint("Use quoted CSV field to represent carriage return.");
  }

  @Override
  SqlException strayNewline() {
    return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "unquoted newline found in data").withHint("Use quoted CSV field to represent newline.");
  }
}
