package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts COPY's text and CSV input into rows of fields, fed in pieces of any size. Source: PostgreSQL 15 manual, COPY, "File Formats".
///
/// Bound: one row may hold 1 GB, as in PostgreSQL (54000). Confined to one thread.
public final class CopyLineParser {
  /// Receives one row: the text of each field, null for NULL.
  public interface RowConsumer {
    void row(List<@Nullable String> fields, long line);
  }

  private static final int ROW_BYTES_MAX = 0x3fff_ffff;

  private final CopyOptions options;
  private final RowConsumer consumer;
  private final byte[] nullBytes;
  private byte[] line = new byte[1024];
  private int length;
  private long lineNumber;
  private boolean inQuotes;
  private boolean lastWasCarriageReturn;
  private boolean escaped;
  private boolean ended;

  public CopyLineParser(CopyOptions options, RowConsumer consumer) {
    this.options = options;
    this.consumer = consumer;
    this.nullBytes = options.nullText().getBytes(StandardCharsets.UTF_8);
  }

  /// The line that is being read, 1-based.
  public long lineNumber() {
    return lineNumber;
  }

  public void feed(byte[] bytes, int offset, int count) {
    boolean csv = options.format() == CopyOptions.Format.CSV;
    for (int i = offset; i < offset + count && !ended; i++) {
      byte b = bytes[i];
      if (lastWasCarriageReturn) {
        lastWasCarriageReturn = false;
        endLine();
        if (b == '\n') {
          continue;
        }
      }
      if (csv) {
        csvByte(b);
      } else {
        textByte(b);
      }
    }
  }

  private void textByte(byte b) {
    if (escaped) {
      escaped = false;
      append(b);
    } else if (b == '\\') {
      escaped = true;
      append(b);
    } else if (b == '\n') {
      endLine();
    } else if (b == '\r') {
      lastWasCarriageReturn = true;
    } else {
      append(b);
    }
  }

  private void csvByte(byte b) {
    if (inQuotes) {
      if (escaped) {
        escaped = false;
      } else if (b == options.escape() && options.escape() != options.quote()) {
        escaped = true;
      } else if (b == options.quote()) {
        inQuotes = false;
      }
      append(b);
    } else if (b == options.quote()) {
      inQuotes = true;
      append(b);
    } else if (b == '\n') {
      endLine();
    } else if (b == '\r') {
      lastWasCarriageReturn = true;
    } else {
      append(b);
    }
  }

  private void append(byte b) {
    if (length == line.length) {
      if (length >= ROW_BYTES_MAX) {
        throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "out of memory").withDetail("Cannot enlarge string buffer containing " + length + " bytes.");
      }
      line = Arrays.copyOf(line, Math.min(ROW_BYTES_MAX, length * 2));
    }
    line[length++] = b;
  }

  /// The end of the input: a last line without a newline counts.
  public void finish() {
    if (inQuotes) {
      lineNumber++;
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field");
    }
    if (!ended && (length > 0 || lastWasCarriageReturn)) {
      endLine();
    }
  }

  private void endLine() {
    lineNumber++;
    int size = length;
    length = 0;
    escaped = false;
    if (size == 2 && line[0] == '\\' && line[1] == '.') {
      ended = true;
      return;
    }
    List<@Nullable String> fields = options.format() == CopyOptions.Format.CSV ? csvFields(size) : textFields(size);
    consumer.row(fields, lineNumber);
    if (line.length > 1 << 20) {
      line = new byte[1024];
    }
  }

  // ---- text ----

  private List<@Nullable String> textFields(int size) {
    List<@Nullable String> fields = new ArrayList<>();
    int start = 0;
    boolean backslash = false;
    for (int i = 0; i <= size; i++) {
      if (i == size || line[i] == options.delimiter()) {
        fields.add(textField(start, i, backslash));
        start = i + 1;
        backslash = false;
      } else if (line[i] == '\\') {
        backslash = true;
        i++;
        if (i >= size) {
          fields.add(textField(start, size, true));
          break;
        }
      }
    }
    return fields;
  }

  private @Nullable String textField(int start, int end, boolean backslash) {
    if (isNull(start, end)) {
      return null;
    }
    if (!backslash) {
      return utf8(line, start, end - start);
    }
    byte[] out = new byte[end - start];
    int n = 0;
    for (int i = start; i < end; i++) {
      byte b = line[i];
      if (b != '\\' || i + 1 >= end) {
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
          for (int k = 0; k < 2 && i + 1 < end && line[i + 1] >= '0' && line[i + 1] <= '7'; k++) {
            value = value * 8 + line[++i] - '0';
          }
          out[n++] = (byte) value;
        }
        case 'x' -> {
          int value = -1;
          for (int k = 0; k < 2 && i + 1 < end && Character.digit(line[i + 1], 16) >= 0; k++) {
            value = Math.max(value, 0) * 16 + Character.digit(line[++i], 16);
          }
          out[n++] = value < 0 ? (byte) 'x' : (byte) value;
        }
        default -> out[n++] = c;
      }
    }
    return utf8(out, 0, n);
  }

  private boolean isNull(int start, int end) {
    return Arrays.equals(line, start, end, nullBytes, 0, nullBytes.length);
  }

  // ---- CSV ----

  private List<@Nullable String> csvFields(int size) {
    List<@Nullable String> fields = new ArrayList<>();
    byte[] out = new byte[size];
    int n = 0;
    boolean sawQuote = false;
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i <= size; i++) {
      if (i == size || !quoted && line[i] == options.delimiter()) {
        fields.add(!sawQuote && isNull(start, i) ? null : utf8(out, 0, n));
        n = 0;
        sawQuote = false;
        start = i + 1;
        continue;
      }
      byte b = line[i];
      if (!quoted) {
        if (b == options.quote()) {
          quoted = true;
          sawQuote = true;
        } else {
          out[n++] = b;
        }
      } else if (b == options.escape() && i + 1 < size && (line[i + 1] == options.escape() || line[i + 1] == options.quote())) {
        out[n++] = line[++i];
      } else if (b == options.quote()) {
        quoted = false;
      } else {
        out[n++] = b;
      }
    }
    return fields;
  }


  private static String utf8(byte[] bytes, int offset, int count) {
    boolean ascii = true;
    for (int i = offset; i < offset + count; i++) {
      if (bytes[i] <= 0) {
        ascii = false;
        break;
      }
    }
    if (ascii) {
      return new String(bytes, offset, count, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, offset, count))
          .toString();
    } catch (CharacterCodingException e) {
      throw new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\"");
    }
  }
}
