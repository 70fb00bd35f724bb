package io.heliosdb.nano.execute;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.key.ColumnOrder;
import io.heliosdb.nano.storage.key.KeyWriter;
import io.heliosdb.nano.storage.row.ColumnKind;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog;
import io.heliosdb.nano.type.ValueCodec;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows of one table to and from what the store keeps: row bytes and row keys. Immutable and shared; depends on the table's
/// definition only, so it may be kept as long as the table's `version` is the same. A [Writer] is confined to one thread.
///
/// Values are indexed by `attnum - 1`, dropped columns included (always NULL when written). Rows of older layouts have fewer columns:
/// those beyond show `Column.missingValue`. The row key is the primary key in memcomparable form, or the hidden row id.
public final class RowCodec {
  private static final ColumnOrder KEY_ORDER = ColumnOrder.ASC_NULLS_LAST;

  private final Relation.Table table;
  private final TupleCodec tuple;
  private final @Nullable Object[] missing;
  private final int[] keyColumns;
  private final PgType[] keyTypes;
  private final int[] keyCollations;

  public RowCodec(Relation.Table table, TypeCatalog catalog) {
    this.table = table;
    List<Relation.Column> columns = table.columns();
    PgType[] types = new PgType[columns.size()];
    ColumnKind[] kinds = new ColumnKind[types.length];
    missing = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      Relation.Column column = columns.get(i);
      PgType type = catalog.findByOid(column.typeOid());
      if (type == null) {
        if (!column.dropped()) {
          catalog.byOid(column.typeOid());
        }
        // The type of a dropped column may be gone; only its place in the row matters.
        type = PgTypes.BYTEA;
      }
      types[i] = type;
      kinds[i] = ValueCodec.columnKind(type);
      missing[i] = column.missingValue();
    }
    tuple = new TupleCodec(types, kinds, catalog);
    keyColumns = new int[table.primaryKey().size()];
    keyTypes = new PgType[keyColumns.length];
    keyCollations = new int[keyColumns.length];
    for (int i = 0; i < keyColumns.length; i++) {
      keyColumns[i] = table.primaryKey().get(i) - 1;
      keyTypes[i] = types[keyColumns[i]];
      keyCollations[i] = columns.get(keyColumns[i]).collationOid();
    }
  }

  public Relation.Table table() {
    return table;
  }

  public int columnCount() {
    return tuple.columnCount();
  }

  public PgType type(int attnum) {
    return tuple.type(attnum - 1);
  }

  /// The layout number to store with rows written by this codec.
  public int layoutId() {
    return table.layoutId();
  }

  public boolean hasPrimaryKey() {
    return keyColumns.length > 0;
  }

  public int keyColumnCount() {
    return keyColumns.length;
  }

  /// 0-based column of the `i`-th key column.
  public int keyColumn(int i) {
    return keyColumns[i];
  }

  public PgType keyType(int i) {
    return keyTypes[i];
  }

  public int keyCollation(int i) {
    return keyCollations[i];
  }

  public Writer writer() {
    return new Writer();
  }

  /// Builds rows and keys; reusable.
  public final class Writer {
    private final TupleCodec.Writer row = tuple.writer();
    private final KeyWriter key = new KeyWriter();

    /// The row of boxed values by `attnum - 1`.
    public byte[] encode(@Nullable Object[] values) {
      return row.encode(values);
    }

    /// The row at `physicalRow`; `columns[attnum - 1]` may be null for NULL.
    public byte[] encode(@Nullable ColumnVector[] columns, int physicalRow) {
      return row.encode(columns, physicalRow);
    }

    /// The row key from the primary key's values; only for tables that have one, and NULLs must have been refused before.
    public byte[] rowKey(@Nullable Object[] values) {
      key.reset();
      for (int i = 0; i < keyColumns.length; i++) {
        key.order(KEY_ORDER);
        KeyCodec.put(key, keyTypes[i], values[keyColumns[i]], keyCollations[i]);
      }
      return key.toKey();
    }
  }

  /// The row key of a table without a primary key.
  public static byte[] hiddenRowKey(long rowId) {
    byte[] key = new byte[8];
    for (int i = 0; i < 8; i++) {
      key[i] = (byte) (rowId >>> (56 - 8 * i));
    }
    return key;
  }

  /// Decodes columns `source[i]` (`attnum - 1`) into `target[i]` at position `at`.
  public void decode(RowSlot row, int[] source, ColumnVector[] target, int at, LargeValueReader large) {
    tuple.decode(row.memory(), row.offset(), source, target, at, missing, large);
  }

  /// The same for a row whose place is known.
  void decode(MemorySegment memory, long offset, int[] source, ColumnVector[] target, int at, LargeValueReader large) {
    tuple.decode(memory, offset, source, target, at, missing, large);
  }

  /// Decodes columns of many rows of mapped memory: the row at `rows[p]` to position `p` of the targets, for `p` in `positions` (null: 0 … count-1).
  ///
  /// @param rest room for `count` numbers
  void decode(long[] rows, int @Nullable [] positions, int count, int[] source, ColumnVector[] target, LargeValueReader large, int[] rest) {
    tuple.decode(rows, positions, count, source, target, missing, large, rest);
  }

  /// Whether a row key can be so long that the store keeps only its first bytes in order.
  boolean keysCanBeLong() {
    for (PgType type : keyTypes) {
      if (ValueCodec.columnKind(type) == ColumnKind.VARLEN) {
        return true;
      }
    }
    return false;
  }

  /// All columns as boxed values by `attnum - 1`; dropped ones NULL.
  public @Nullable Object[] decode(RowSlot row, LargeValueReader large) {
    return decode(row.memory(), row.offset(), large);
  }

  public @Nullable Object[] decode(byte[] row, LargeValueReader large) {
    return decode(MemorySegment.ofArray(row), 0, large);
  }

  private @Nullable Object[] decode(MemorySegment memory, long offset, LargeValueReader large) {
    Object[] values = new Object[tuple.columnCount()];
    for (int i = 0; i < values.length; i++) {
      if (!table.columns().get(i).dropped()) {
        values[i] = tuple.decode(memory, offset, i, missing, large);
      }
    }
    return values;
  }

  /// One column as a boxed value.
  public @Nullable Object decode(RowSlot row, int attnum, LargeValueReader large) {
    return tuple.decode(row.memory(), row.offset(), attnum - 1, missing, large);
  }
}
