package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What the readers of text and CSV share: the buffer of the line being read, its ends, the header, the count of fields.
///
/// The subclass runs over the bytes once ([#scan]) and notes where each field ends; a field is touched again only to be converted. Lines end
/// with the first line's kind of line end; another kind is an error, as in PostgreSQL. Bound: one row may take 1 GB (54000).
abstract class DelimitedReader implements RowReader {
  private static final int ROW_BYTES_MAX = 0x3fff_ffff;
  private static final int BUFFER_KEPT_BYTES = 1 << 20;

  enum LineEnd { UNKNOWN, NEWLINE, RETURN, RETURN_NEWLINE }

  final CopyOptions options;
  final RowBuilder rows;
  final byte delimiter;
  final byte[] nullBytes;
  final boolean[] forceNotNull;
  final boolean[] forceNull;

  /// The line being read is `buffer[lineStart, at)` as far as it has been seen; what follows up to `limit` has not.
  byte[] buffer = new byte[64 * 1024];
  int lineStart;
  int at;
  int limit;

  /// Ends of the fields of the line seen so far, relative to its start, and flags of the subclass for each.
  int[] fieldEnds = new int[32];
  byte[] fieldFlags = new byte[32];
  int fieldCount;

  /// The subclass has found an end mark behind content of the line, which ends at [#at].
  boolean endsWithMark;

  private LineEnd lineEnd = LineEnd.UNKNOWN;
  private long lineNumber;
  private boolean headerPending;
  private boolean ended;

  DelimitedReader(CopyOptions options, RowBuilder rows) {
    this.options = options;
    this.rows = rows;
    delimiter = options.delimiter();
    nullBytes = options.nullText().getBytes(StandardCharsets.UTF_8);
    headerPending = options.header() != CopyOptions.Header.NONE;
    int columns = rows.columnCount();
    forceNotNull = new boolean[columns];
    forceNull = new boolean[columns];
    for (int i = 0; i < columns; i++) {
      forceNotNull[i] = options.forceNotNull().contains(rows.column(i).name());
      forceNull[i] = options.forceNull().contains(rows.column(i).name());
    }
  }

  /// Goes on from [#at] to the end of a line or of the buffer. True when a line has ended: `at` is then behind its content, at its end mark.
  abstract boolean scan();

  /// Whether the line's content means the end of the data.
  boolean isEndMark(int from, int to) {
    return to - from == 2 && buffer[from] == '\\' && buffer[from + 1] == '.';
  }

  /// The subclass forgets what it knew of the line.
  abstract void lineBegins();

  /// Converts the field at `buffer[from, to)`.
  abstract void field(int index, int from, int to, byte flags);

  /// The field's characters, for the header; null for NULL.
  abstract String headerField(int from, int to, byte flags);

  abstract SqlException strayReturn();

  abstract SqlException strayNewline();

  @Override
  public final void feed(byte[] bytes, int offset, int count) {
    int from = offset;
    int left = count;
    while (left > 0 && !ended) {
      int taken = take(bytes, from, left);
      from += taken;
      left -= taken;
      lines(false);
    }
  }

  private int take(byte[] bytes, int from, int count) {
    if (lineStart > 0) {
      System.arraycopy(buffer, lineStart, buffer, 0, limit - lineStart);
      at -= lineStart;
      limit -= lineStart;
      lineStart = 0;
    }
    if (limit == buffer.length) {
      if (limit >= ROW_BYTES_MAX) {
        throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "out of memory").withDetail("Cannot enlarge string buffer containing " + limit + " bytes.");
      }
      buffer = Arrays.copyOf(buffer, (int) Math.min(ROW_BYTES_MAX, limit * 2L));
    } else if (buffer.length > BUFFER_KEPT_BYTES && limit < BUFFER_KEPT_BYTES / 2) {
      buffer = Arrays.copyOf(buffer, BUFFER_KEPT_BYTES);
    }
    int taken = Math.min(count, buffer.length - limit);
    System.arraycopy(bytes, from, buffer, limit, taken);
    limit += taken;
    return taken;
  }

  /// Hands out the lines that are complete.
  private void lines(boolean last) {
    while (!ended && scan()) {
      if (endsWithMark) {
        line(at);
        ended = true;
        return;
      }
      boolean isReturn = buffer[at] == '\r';
      if (isReturn && lineEnd != LineEnd.RETURN && at + 1 == limit && !last) {
        // Whether a newline belongs to it, the next piece tells; the line's end is found again then.
        fieldCount--;
        return;
      }
      boolean pair = isReturn && at + 1 < limit && buffer[at + 1] == '\n';
      int contentEnd = at;
      int next = at + endBytes(isReturn, pair);
      line(contentEnd);
      begin(next);
    }
  }

  /// Whether the end mark at `buffer[from]` is complete; false when more data has to tell.
  final boolean isWholeMark(int from) {
    int next = from + 2;
    if (next >= limit) {
      return false;
    }
    boolean pairs = lineEnd == LineEnd.RETURN_NEWLINE;
    if (buffer[next] == '\n') {
      if (lineEnd == LineEnd.RETURN || pairs) {
        throw markError("end-of-copy marker does not match previous newline style");
      }
      return true;
    }
    if (buffer[next] != '\r') {
      throw markError("end-of-copy marker corrupt");
    }
    if (lineEnd == LineEnd.NEWLINE) {
      throw markError("end-of-copy marker does not match previous newline style");
    }
    if (pairs && next + 1 < limit && buffer[next + 1] != '\n') {
      throw markError("end-of-copy marker corrupt");
    }
    return !pairs || next + 1 < limit;
  }

  private SqlException markError(String message) {
    rows.atLine(lineNumber + 1);
    return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, message);
  }

  private int endBytes(boolean isReturn, boolean pair) {
    if (!isReturn) {
      if (lineEnd == LineEnd.RETURN || lineEnd == LineEnd.RETURN_NEWLINE) {
        rows.atLine(lineNumber + 1);
        throw strayNewline();
      }
      lineEnd = LineEnd.NEWLINE;
      return 1;
    }
    if (lineEnd == LineEnd.NEWLINE || lineEnd == LineEnd.RETURN_NEWLINE && !pair) {
      rows.atLine(lineNumber + 1);
      throw strayReturn();
    }
    if (lineEnd == LineEnd.UNKNOWN) {
      lineEnd = pair ? LineEnd.RETURN_NEWLINE : LineEnd.RETURN;
    }
    return lineEnd == LineEnd.RETURN_NEWLINE ? 2 : 1;
  }

  private void begin(int start) {
    lineStart = start;
    at = start;
    fieldCount = 0;
    lineBegins();
  }

  /// Notes the end of a field at [#at].
  final void addField(byte flags) {
    if (fieldCount == fieldEnds.length) {
      // More fields than columns are an error in the end; what counts here is that a line of delimiters stays cheap.
      fieldEnds = Arrays.copyOf(fieldEnds, fieldCount * 2);
      fieldFlags = Arrays.copyOf(fieldFlags, fieldCount * 2);
    }
    fieldEnds[fieldCount] = at - lineStart;
    fieldFlags[fieldCount++] = flags;
  }

  /// The last line that has ended, 1-based.
  final long lineNumber() {
    return lineNumber;
  }

  /// A line break within the line (a quoted field). Within the first line it is not counted, as in PostgreSQL, which knows only behind it
  /// how lines end.
  final void countInnerLine() {
    if (lineEnd != LineEnd.UNKNOWN) {
      lineNumber++;
    }
  }

  @Override
  public final void finish() {
    if (ended) {
      return;
    }
    lines(true);
    if (!ended && limit > lineStart) {
      at = limit;
      lastLine();
      line(limit);
      begin(limit);
    }
  }

  /// The input ends without a line end: the last field ends with it.
  abstract void lastLine();

  private void line(int contentEnd) {
    lineNumber++;
    int from = lineStart;
    if (isEndMark(from, contentEnd)) {
      ended = true;
      return;
    }
    if (headerPending) {
      headerPending = false;
      rows.begin(lineNumber, () -> Encodings.shown(buffer, from, contentEnd));
      if (options.header() == CopyOptions.Header.MATCH) {
        matchHeader();
      }
      return;
    }
    rows.begin(lineNumber, () -> Encodings.shown(buffer, from, contentEnd));
    int columns = forceNull.length;
    if (columns == 0 && contentEnd == from) {
      rows.end();
      return;
    }
    if (fieldCount > columns) {
      checkEncoding(contentEnd);
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "extra data after last expected column");
    }
    int start = from;
    for (int i = 0; i < fieldCount; i++) {
      int end = from + fieldEnds[i];
      field(i, start, end, fieldFlags[i]);
      start = end + 1;
    }
    if (fieldCount < columns) {
      checkEncoding(contentEnd);
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "missing data for column \"" + rows.column(fieldCount).name() + "\"");
    }
    rows.end();
  }

  private void checkEncoding(int contentEnd) {
    rows.begin(lineNumber, null);
    Encodings.checkUtf8(buffer, lineStart, contentEnd);
    int from = lineStart;
    rows.begin(lineNumber, () -> Encodings.shown(buffer, from, contentEnd));
  }

  private void matchHeader() {
    int columns = rows.columnCount();
    if (fieldCount != columns) {
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "wrong number of fields in header line: got " + fieldCount + ", expected " + columns);
    }
    int start = lineStart;
    for (int i = 0; i < columns; i++) {
      int end = lineStart + fieldEnds[i];
      String name = rows.column(i).name();
      String got = headerField(start, end, fieldFlags[i]);
      if (got == null || !name.equals(got)) {
        throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "column name mismatch in header line field " + (i + 1) + ": got "
            + (got == null ? "null value (\"" + options.nullText() + "\")" : "\"" + got + "\"") + ", expected \"" + name + "\"");
      }
      start = end + 1;
    }
  }

  /// Makes the scratch buffer large enough for a field's characters without quotes and escapes.
  byte[] scratch(int bytes) {
    if (scratch.length < bytes) {
      scratch = new byte[Math.max(bytes, 256)];
    }
    return scratch;
  }

  private byte[] scratch = new byte[256];

  final boolean isNull(int from, int to) {
    return to - from == nullBytes.length && Arrays.equals(buffer, from, to, nullBytes, 0, nullBytes.length);
  }
}
