package io.heliosdb.nano.execute;

import io.heliosdb.nano.storage.RowPages;
import io.heliosdb.nano.storage.row.ColumnKind;
import io.heliosdb.nano.storage.row.RowColumns;
import io.heliosdb.nano.storage.row.RowLayout;
import io.heliosdb.nano.storage.row.RowReader;
import io.heliosdb.nano.storage.row.RowWriter;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.EnumValue;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.ValueCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Rows of given column types to and from the stored row format. Shared and immutable; a [Writer] is confined to one thread.
///
/// Fixed-width values go to the row's fixed section, text as UTF-8, everything else in the form of [ValueCodec].
public final class TupleCodec {
  private final PgType[] types;
  private final RowLayout layout;
  private final TypeCatalog catalog;
  private final boolean[] text;
  private final boolean[] numeric;

  public TupleCodec(PgType[] types, TypeCatalog catalog) {
    this(types, kinds(types), catalog);
  }

  TupleCodec(PgType[] types, ColumnKind[] kinds, TypeCatalog catalog) {
    this.types = types;
    this.catalog = catalog;
    layout = new RowLayout(kinds);
    text = new boolean[types.length];
    numeric = new boolean[types.length];
    for (int i = 0; i < types.length; i++) {
      text[i] = isPlainText(types[i]);
      numeric[i] = types[i].family() == TypeFamily.NUMERIC;
    }
  }

  private static ColumnKind[] kinds(PgType[] types) {
    ColumnKind[] kinds = new ColumnKind[types.length];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = ValueCodec.columnKind(types[i]);
    }
    return kinds;
  }

  /// Whether the stored bytes are just the text in UTF-8.
  private static boolean isPlainText(PgType type) {
    return switch (type.family()) {
      case TEXT, BPCHAR, NAME, JSON, XML -> true;
      default -> false;
    };
  }

  public int columnCount() {
    return types.length;
  }

  public PgType type(int column) {
    return types[column];
  }

  RowLayout layout() {
    return layout;
  }

  public Writer writer() {
    return new Writer();
  }

  /// Builds rows; reusable.
  public final class Writer {
    private final RowWriter row = new RowWriter(layout);
    private final ByteSink sink = new ByteSink(256);

    public byte[] encode(@Nullable Object[] values) {
      for (int i = 0; i < types.length; i++) {
        if (values[i] != null) {
          put(i, values[i]);
        }
      }
      return row.toRow();
    }

    /// Column `i` of the row is `columns[i]`, which may be null for NULL.
    public byte[] encode(@Nullable ColumnVector[] columns, int physicalRow) {
      for (int i = 0; i < types.length; i++) {
        ColumnVector column = columns[i];
        if (column == null || column.isNull(physicalRow)) {
          continue;
        }
        switch (column) {
          case ColumnVector.Ints ints -> {
            if (layout.kind(i) == ColumnKind.INT16) {
              row.setInt16(i, (short) ints.values[physicalRow]);
            } else {
              row.setInt32(i, ints.values[physicalRow]);
            }
          }
          case ColumnVector.Longs longs -> row.setInt64(i, longs.values[physicalRow]);
          case ColumnVector.Bools bools -> row.setBool(i, bools.values[physicalRow]);
          case ColumnVector.Floats floats -> row.setFloat32(i, floats.values[physicalRow]);
          case ColumnVector.Doubles doubles -> row.setFloat64(i, doubles.values[physicalRow]);
          case TextVector t -> {
            if (text[i]) {
              t.needBytes(physicalRow);
              row.setVarlen(i, t.buffer(), t.start(physicalRow), t.length(physicalRow));
            } else {
              put(i, t.string(physicalRow));
            }
          }
          default -> put(i, column.boxed(physicalRow));
        }
      }
      return row.toRow();
    }

    private void put(int column, Object value) {
      switch (layout.kind(column)) {
        case BOOL -> row.setBool(column, (Boolean) value);
        case INT16 -> row.setInt16(column, ((Integer) value).shortValue());
        case INT32 -> row.setInt32(column, value instanceof EnumValue e ? e.labelOid() : (Integer) value);
        case INT64 -> row.setInt64(column, (Long) value);
        case FLOAT32 -> row.setFloat32(column, (Float) value);
        case FLOAT64 -> row.setFloat64(column, (Double) value);
        case UUID -> row.setUuid(column, ((UUID) value).getMostSignificantBits(), ((UUID) value).getLeastSignificantBits());
        case VARLEN -> {
          sink.clear();
          if (text[column]) {
            sink.putUtf8((String) value);
          } else {
            ValueCodec.encode(types[column], value, catalog, sink);
          }
          row.setVarlen(column, sink.array(), 0, sink.size());
        }
      }
    }
  }

  /// Decodes columns `source[i]` of a row into `target[i]` at position `at`. `missing[c]` is the value of a column that the row is too
  /// old to have (null array: NULL).
  public void decode(MemorySegment memory, long row, int[] source, ColumnVector[] target, int at, @Nullable Object @Nullable [] missing,
      LargeValueReader large) {
    if (source.length == 0) {
      return;
    }
    int header = RowReader.header(memory, row);
    int written = RowReader.columnCount(header);
    boolean hasNulls = RowReader.hasNulls(header);
    long fixed = RowReader.fixedStart(header, row);
    for (int i = 0; i < source.length; i++) {
      int c = source[i];
      ColumnVector out = target[i];
      if (c >= written) {
        out.set(at, missing == null ? null : missing[c]);
      } else if (hasNulls && RowReader.isNull(memory, row, c)) {
        out.setNull(at);
      } else {
        decodeColumn(memory, row, header, fixed, c, out, at, large);
      }
    }
  }

  /// Decodes columns `source[i]` of many rows that lie in mapped memory, column by column: the row at `rows[p]` goes to position `p` of the targets.
  ///
  /// @param positions the `p` to decode, null for 0 … count-1
  /// @param rest room for `count` numbers
  void decode(long[] rows, int @Nullable [] positions, int count, int[] source, ColumnVector[] target, @Nullable Object[] missing, LargeValueReader large,
      int[] rest) {
    for (int i = 0; i < source.length; i++) {
      int c = source[i];
      ColumnVector out = target[i];
      if (layout.kind(c) == ColumnKind.INT32 && out instanceof ColumnVector.Ints ints) {
        int left = RowColumns.int32s(layout, c, rows, positions, count, ints.values, rest);
        decodeEach(rows, rest, left, c, out, missing, large);
      } else if (layout.kind(c) == ColumnKind.INT64 && out instanceof ColumnVector.Longs longs) {
        int left = RowColumns.int64s(layout, c, rows, positions, count, longs.values, rest);
        decodeEach(rows, rest, left, c, out, missing, large);
      } else if (layout.kind(c) == ColumnKind.FLOAT64 && out instanceof ColumnVector.Doubles doubles) {
        int left = RowColumns.float64s(layout, c, rows, positions, count, doubles.values, rest);
        decodeEach(rows, rest, left, c, out, missing, large);
      } else {
        decodeEach(rows, positions, count, c, out, missing, large);
      }
    }
  }

  private void decodeEach(long[] rows, int @Nullable [] positions, int count, int c, ColumnVector out, @Nullable Object[] missing, LargeValueReader large) {
    for (int i = 0; i < count; i++) {
      int p = positions == null ? i : positions[i];
      long row = rows[p];
      int header = RowReader.header(RowPages.MEMORY, row);
      if (c >= RowReader.columnCount(header)) {
        out.set(p, missing[c]);
      } else if (RowReader.hasNulls(header) && RowReader.isNull(RowPages.MEMORY, row, c)) {
        out.setNull(p);
      } else {
        decodeColumn(RowPages.MEMORY, row, header, RowReader.fixedStart(header, row), c, out, p, large);
      }
    }
  }

  private void decodeColumn(MemorySegment memory, long row, int header, long fixed, int c, ColumnVector out, int at, LargeValueReader large) {
    out.setNotNull(at);
    switch (layout.kind(c)) {
      case INT32 -> {
        int value = RowReader.int32At(layout, memory, fixed, c);
        if (out instanceof ColumnVector.Ints ints) {
          ints.values[at] = value;
        } else {
          out.setBoxed(at, enumValue(c, value));
        }
      }
      case INT64 -> ((ColumnVector.Longs) out).values[at] = RowReader.int64At(layout, memory, fixed, c);
      case INT16 -> ((ColumnVector.Ints) out).values[at] = RowReader.getInt16(layout, memory, row, c);
      case BOOL -> ((ColumnVector.Bools) out).values[at] = RowReader.getBool(layout, memory, row, c);
      case FLOAT32 -> ((ColumnVector.Floats) out).values[at] = RowReader.getFloat32(layout, memory, row, c);
      case FLOAT64 -> ((ColumnVector.Doubles) out).values[at] = RowReader.float64At(layout, memory, fixed, c);
      case UUID -> out.setBoxed(at, uuid(memory, row, c));
      case VARLEN -> {
        long span = RowReader.varlenSpan(layout, memory, row, header, fixed, c);
        if (span < 0) {
          byte[] bytes = large.read(RowReader.largeRef(layout, memory, row, c));
          if (text[c]) {
            ((TextVector) out).setUtf8(at, bytes, 0, bytes.length);
          } else {
            out.setBoxed(at, ValueCodec.decode(types[c], bytes, 0, bytes.length, catalog));
          }
        } else if (text[c]) {
          ((TextVector) out).setUtf8(at, memory, row + (span >>> 32), (int) span);
        } else if (numeric[c]) {
          out.setBoxed(at, ValueCodec.decodeNumeric(memory, row + (span >>> 32), (int) span));
        } else {
          byte[] bytes = bytes(memory, row + (span >>> 32), (int) span);
          out.setBoxed(at, ValueCodec.decode(types[c], bytes, 0, bytes.length, catalog));
        }
      }
    }
  }

  /// One column as a boxed value.
  public @Nullable Object decode(MemorySegment memory, long row, int c, @Nullable Object @Nullable [] missing, LargeValueReader large) {
    if (c >= RowReader.columnCount(memory, row)) {
      return missing == null ? null : missing[c];
    }
    if (RowReader.isNull(memory, row, c)) {
      return null;
    }
    return switch (layout.kind(c)) {
      case INT32 -> {
        int value = RowReader.getInt32(layout, memory, row, c);
        yield types[c].family() == TypeFamily.ENUM ? enumValue(c, value) : (Object) value;
      }
      case INT64 -> RowReader.getInt64(layout, memory, row, c);
      case INT16 -> (int) RowReader.getInt16(layout, memory, row, c);
      case BOOL -> RowReader.getBool(layout, memory, row, c);
      case FLOAT32 -> RowReader.getFloat32(layout, memory, row, c);
      case FLOAT64 -> RowReader.getFloat64(layout, memory, row, c);
      case UUID -> uuid(memory, row, c);
      case VARLEN -> {
        if (RowReader.isLarge(layout, memory, row, c)) {
          byte[] bytes = large.read(RowReader.largeRef(layout, memory, row, c));
          yield text[c] ? new String(bytes, StandardCharsets.UTF_8) : ValueCodec.decode(types[c], bytes, 0, bytes.length, catalog);
        }
        yield varlen(memory, row, c);
      }
    };
  }

  private Object varlen(MemorySegment memory, long row, int c) {
    byte[] bytes = RowReader.varlenBytes(layout, memory, row, c);
    return text[c] ? new String(bytes, StandardCharsets.UTF_8) : ValueCodec.decode(types[c], bytes, 0, bytes.length, catalog);
  }

  private UUID uuid(MemorySegment memory, long row, int c) {
    return new UUID(RowReader.getUuidMostSignificant(layout, memory, row, c), RowReader.getUuidLeastSignificant(layout, memory, row, c));
  }

  private EnumValue enumValue(int column, int labelOid) {
    EnumValue value = catalog.enumValueByOid(types[column].ultimateBase(), labelOid);
    if (value == null) {
      throw new io.heliosdb.nano.error.SqlException(io.heliosdb.nano.error.SqlState.INVALID_BINARY_REPRESENTATION,
          "invalid internal value for enum: " + Integer.toUnsignedString(labelOid));
    }
    return value;
  }

  /// A row as boxed values.
  public @Nullable Object[] decode(byte[] row, LargeValueReader large) {
    MemorySegment memory = MemorySegment.ofArray(row);
    Object[] values = new Object[types.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = decode(memory, 0, i, null, large);
    }
    return values;
  }

  static byte[] bytes(MemorySegment memory, long offset, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, copy, 0, length);
    return copy;
  }
}
