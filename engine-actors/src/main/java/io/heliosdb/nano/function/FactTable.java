package io.heliosdb.nano.function;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One resource of catalog facts: tab-separated rows in the text format of COPY, kept as bytes and parsed row by row on demand.
///
/// Shape of the file: a comment line, a line of column names, rows. Where a table is looked up by its first column, rows are
/// sorted by it (bytewise, or by number), and a lookup is a binary search over the bytes: nothing is indexed at start.
/// Immutable and thread-safe.
public final class FactTable {
  private final byte[] data;
  private final List<String> columns;
  private final int firstRow;

  private FactTable(byte[] data) {
    this.data = data;
    int header = lineEnd(0) + 1;
    int headerEnd = lineEnd(header);
    this.columns = List.of(new String(data, header, headerEnd - header, StandardCharsets.US_ASCII).split("\t"));
    this.firstRow = headerEnd + 1;
  }

  /// Loads `name.tsv` beside this class.
  public static FactTable load(String name) {
    try (InputStream in = FactTable.class.getResourceAsStream(name + ".tsv")) {
      if (in == null) {
        throw new IllegalArgumentException("no facts " + name);
      }
      return new FactTable(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One parsed row.
  public static final class Row {
    private final FactTable table;
    private final @Nullable String[] cells;

    private Row(FactTable table, @Nullable String[] cells) {
      this.table = table;
      this.cells = cells;
    }

    public @Nullable String get(int column) {
      return cells[column];
    }

    public @Nullable String get(String column) {
      return cells[table.column(column)];
    }

    public int oid(int column) {
      return Integer.parseUnsignedInt(text(column));
    }

    public int oid(String column) {
      return oid(table.column(column));
    }

    public boolean flag(int column) {
      return "t".equals(cells[column]);
    }

    public String text(int column) {
      String cell = cells[column];
      if (cell == null) {
        throw new IllegalStateException("no " + table.columns.get(column));
      }
      return cell;
    }

    public String text(String column) {
      return text(table.column(column));
    }

    public char letter(int column) {
      return text(column).charAt(0);
    }
  }

  public List<String> columns() {
    return columns;
  }

  public int column(String name) {
    int index = columns.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no column " + name + " in " + columns);
    }
    return index;
  }

  /// Every row, in file order.
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int at = firstRow; at < data.length; at = lineEnd(at) + 1) {
      rows.add(parse(at));
    }
    return rows;
  }

  /// The rows whose first column is `key`; the file is sorted bytewise by it.
  public List<Row> rowsOf(String key) {
    byte[] wanted = key.getBytes(StandardCharsets.UTF_8);
    int low = firstRow;
    int high = data.length;
    while (low < high) {
      int line = lineStart((low + high) >>> 1);
      if (compareFirst(line, wanted) < 0) {
        low = lineEnd(line) + 1;
      } else {
        high = line;
      }
    }
    if (low >= data.length || compareFirst(low, wanted) != 0) {
      return List.of();
    }
    List<Row> rows = new ArrayList<>();
    for (int at = low; at < data.length && compareFirst(at, wanted) == 0; at = lineEnd(at) + 1) {
      rows.add(parse(at));
    }
    return rows;
  }

  /// The first row whose first column is the number `key`, or null; the file is sorted by that number.
  public @Nullable Row rowOf(int key) {
    long wanted = Integer.toUnsignedLong(key);
    int low = firstRow;
    int high = data.length;
    while (low < high) {
      int line = lineStart((low + high) >>> 1);
      if (firstNumber(line) < wanted) {
        low = lineEnd(line) + 1;
      } else {
        high = line;
      }
    }
    return low < data.length && firstNumber(low) == wanted ? parse(low) : null;
  }

  private int lineEnd(int from) {
    int at = from;
    while (at < data.length && data[at] != '\n') {
      at++;
    }
    return at;
  }

  private int lineStart(int from) {
    int at = from;
    while (at > firstRow && data[at - 1] != '\n') {
      at--;
    }
    return at;
  }

  private int compareFirst(int line, byte[] key) {
    int end = line;
    while (data[end] != '\t') {
      end++;
    }
    return Arrays.compareUnsigned(data, line, end, key, 0, key.length);
  }

  private long firstNumber(int line) {
    long value = 0;
    for (int at = line; data[at] != '\t'; at++) {
      value = value * 10 + (data[at] - '0');
    }
    return value;
  }

  private Row parse(int start) {
    @Nullable String[] cells = new String[columns.size()];
    int at = start;
    for (int i = 0; i < cells.length; i++) {
      int from = at;
      boolean escaped = false;
      while (at < data.length && data[at] != '\t' && data[at] != '\n') {
        escaped |= data[at] == '\\';
        at++;
      }
      cells[i] = !escaped ? new String(data, from, at - from, StandardCharsets.UTF_8) : unescape(from, at);
      at++;
    }
    return new Row(this, cells);
  }

  private @Nullable String unescape(int from, int to) {
    if (to - from == 2 && data[from + 1] == 'N') {
      return null;
    }
    byte[] out = new byte[to - from];
    int length = 0;
    for (int at = from; at < to; at++) {
      byte b = data[at];
      if (b == '\\') {
        b = data[++at];
        b = switch (b) {
          case 'n' -> '\n';
          case 't' -> '\t';
          case 'r' -> '\r';
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'v' -> 11;
          default -> b;
        };
      }
      out[length++] = b;
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }
}
