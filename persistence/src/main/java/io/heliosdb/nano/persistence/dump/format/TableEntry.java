package io.heliosdb.nano.persistence.dump.format;

import java.util.ArrayList;
import java.util.List;

/// What a segment says about one table's rows.
///
/// @param oid the table in the database that was dumped
/// @param storageId where its rows stood: another number means that nothing of the former rows is left
/// @param content what rows follow
/// @param hiddenKey whether the rows begin with a hidden row id (an INT64), because the table has no primary key
/// @param key positions in `columns` of the primary key, empty with a hidden key
public record TableEntry(
    int oid, long storageId, String schema, String name, Content content, boolean hiddenKey, List<Column> columns, List<Integer> key) {
  /// The rows that follow: all of them; those that changed since the segment before; none, because nothing changed.
  public enum Content {
    ALL,
    CHANGES,
    UNCHANGED
  }

  /// @param attnum the column's number in the table
  /// @param type as `format_type` prints it
  /// @param generated whether the value is computed from other columns
  public record Column(int attnum, String name, String type, ColumnEncoding encoding, boolean generated) {}

  public static final int COLUMNS_MAX = 4096;

  public TableEntry {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /// The encodings of the values of a ROWS payload.
  public ColumnEncoding[] rowEncodings() {
    List<ColumnEncoding> encodings = new ArrayList<>();
    if (hiddenKey) {
      encodings.add(ColumnEncoding.INT64);
    }
    columns.forEach(column -> encodings.add(column.encoding()));
    return encodings.toArray(ColumnEncoding[]::new);
  }

  /// The encodings of the values of a DELETED payload: the key alone.
  public ColumnEncoding[] keyEncodings() {
    return hiddenKey
        ? new ColumnEncoding[] {ColumnEncoding.INT64}
        : key.stream().map(i -> columns.get(i).encoding()).toArray(ColumnEncoding[]::new);
  }

  /// Whether changes of this entry's rows can be applied to rows of the other's.
  public boolean continues(TableEntry before) {
    return oid == before.oid && storageId == before.storageId && hiddenKey == before.hiddenKey && key.equals(before.key)
        && columns.size() == before.columns.size() && sameShape(before);
  }

  private boolean sameShape(TableEntry before) {
    for (int i = 0; i < columns.size(); i++) {
      Column a = columns.get(i);
      Column b = before.columns.get(i);
      if (a.attnum != b.attnum || !a.type.equals(b.type) || a.encoding != b.encoding) {
        return false;
      }
    }
    return true;
  }

  public void write(PayloadWriter out) {
    out.u32(oid).u64(storageId).text(schema).text(name).u8(content.ordinal()).u8(hiddenKey ? 1 : 0);
    out.u32(columns.size());
    for (Column column : columns) {
      out.u16(column.attnum).text(column.name).text(column.type).u8(column.encoding.id()).u8(column.generated ? 1 : 0);
    }
    out.u32(key.size());
    key.forEach(out::u16);
  }

  /// Reads what a client says about its file; see `IncrementBase`.
  public static final class BaseReader {
    private final PayloadReader in;

    public BaseReader(byte[] bytes) {
      in = new PayloadReader(bytes);
    }

    public long u64() throws MalformedDumpException {
      return in.u64();
    }

    public int u32() throws MalformedDumpException {
      return in.u32();
    }

    public String text() throws MalformedDumpException {
      return in.text();
    }

    /// The tables, which are all that is left.
    public List<TableEntry> tables() throws MalformedDumpException {
      int count = in.count(4);
      List<TableEntry> tables = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        int length = in.count(1);
        int start = in.skip(length);
        tables.add(read(new PayloadReader(java.util.Arrays.copyOfRange(in.bytes, start, start + length))));
      }
      in.end();
      return tables;
    }
  }

  static TableEntry read(PayloadReader in) throws MalformedDumpException {
    int oid = in.u32();
    long storageId = in.u64();
    String schema = in.text();
    String name = in.text();
    int content = in.u8();
    int hidden = in.u8();
    if (content >= Content.values().length || hidden > 1) {
      throw new MalformedDumpException("a table entry that says what cannot be");
    }
    int columnCount = in.count(12);
    if (columnCount > COLUMNS_MAX) {
      throw new MalformedDumpException("a table with " + columnCount + " columns");
    }
    List<Column> columns = new ArrayList<>(columnCount);
    for (int i = 0; i < columnCount; i++) {
      int attnum = in.u16();
      String columnName = in.text();
      String type = in.text();
      ColumnEncoding encoding = ColumnEncoding.ofId(in.u8());
      if (encoding == null) {
        throw new MalformedDumpException("a column of an unknown encoding");
      }
      columns.add(new Column(attnum, columnName, type, encoding, in.u8() != 0));
    }
    int keyCount = in.count(2);
    if (keyCount > columnCount || (keyCount == 0) != (hidden == 1)) {
      throw new MalformedDumpException("a table entry with an impossible key");
    }
    List<Integer> key = new ArrayList<>(keyCount);
    for (int i = 0; i < keyCount; i++) {
      int column = in.u16();
      if (column >= columnCount) {
        throw new MalformedDumpException("a key column that is not there");
      }
      key.add(column);
    }
    in.end();
    return new TableEntry(oid, storageId, schema, name, Content.values()[content], hidden == 1, columns, key);
  }
}
