package io.heliosdb.nano.storage.row;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Reads single columns of a row at an offset in a memory segment, in O(1), without copying or allocating.
///
/// A column at or beyond [#columnCount] is *missing*: the row is older than the column and the catalog has its default.
/// [#isNull] and the getters must not be called for missing columns, nor the getters for nulls. Format: [RowFormat].
public final class RowReader {
  private RowReader() {}

  /// How many columns the row was written with.
  public static int columnCount(MemorySegment memory, long row) {
    return header(memory, row) & RowFormat.COLUMN_COUNT_MASK;
  }

  public static boolean isMissing(MemorySegment memory, long row, int column) {
    return column >= columnCount(memory, row);
  }

  public static boolean isNull(MemorySegment memory, long row, int column) {
    int header = header(memory, row);
    if ((header & RowFormat.NULLS) == 0) {
      return false;
    }
    long bitmap = row + RowFormat.HEADER_BYTES + ((header & RowFormat.EXTENDED) != 0 ? RowFormat.EXTENSION_BYTES : 0);
    return (memory.get(ValueLayout.JAVA_BYTE, bitmap + (column >> 3)) & (1 << (column & 7))) != 0;
  }

  /// Whether the row has a null at all.
  public static boolean hasNulls(MemorySegment memory, long row) {
    return (header(memory, row) & RowFormat.NULLS) != 0;
  }

  public static boolean getBool(RowLayout layout, MemorySegment memory, long row, int column) {
    return memory.get(ValueLayout.JAVA_BYTE, fixed(layout, memory, row, column)) != 0;
  }

  public static short getInt16(RowLayout layout, MemorySegment memory, long row, int column) {
    return memory.get(RowFormat.SHORT, fixed(layout, memory, row, column));
  }

  public static int getInt32(RowLayout layout, MemorySegment memory, long row, int column) {
    return memory.get(RowFormat.INT, fixed(layout, memory, row, column));
  }

  public static long getInt64(RowLayout layout, MemorySegment memory, long row, int column) {
    return memory.get(RowFormat.LONG, fixed(layout, memory, row, column));
  }

  public static float getFloat32(RowLayout layout, MemorySegment memory, long row, int column) {
    return memory.get(RowFormat.FLOAT, fixed(layout, memory, row, column));
  }

  public static double getFloat64(RowLayout layout, MemorySegment memory, long row, int column) {
    return memory.get(RowFormat.DOUBLE, fixed(layout, memory, row, column));
  }

  public static long getUuidMostSignificant(RowLayout layout, MemorySegment memory, long row, int column) {
    return memory.get(RowFormat.LONG, fixed(layout, memory, row, column));
  }

  public static long getUuidLeastSignificant(RowLayout layout, MemorySegment memory, long row, int column) {
    return memory.get(RowFormat.LONG, fixed(layout, memory, row, column) + 8);
  }

  /// Position in `memory` of the bytes of a variable-width column that [#isLarge] is false for.
  public static long varlenOffset(RowLayout layout, MemorySegment memory, long row, int column) {
    int header = header(memory, row);
    int count = header & RowFormat.COLUMN_COUNT_MASK;
    long ends = fixedStart(header, row) + layout.fixedBytes(count);
    int number = layout.slot(column);
    return ends + endsBytes(header, layout.varlenCount(count)) + (number == 0 ? 0 : end(memory, header, ends, number - 1));
  }

  public static int varlenLength(RowLayout layout, MemorySegment memory, long row, int column) {
    int header = header(memory, row);
    long ends = fixedStart(header, row) + layout.fixedBytes(header & RowFormat.COLUMN_COUNT_MASK);
    int number = layout.slot(column);
    return end(memory, header, ends, number) - (number == 0 ? 0 : end(memory, header, ends, number - 1));
  }

  /// A copy of the bytes of a variable-width column that [#isLarge] is false for.
  public static byte[] varlenBytes(RowLayout layout, MemorySegment memory, long row, int column) {
    byte[] bytes = new byte[varlenLength(layout, memory, row, column)];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, varlenOffset(layout, memory, row, column), bytes, 0, bytes.length);
    return bytes;
  }

  /// Whether the column's value stands in `large`, to be read through `StoreReader.readLarge`.
  public static boolean isLarge(RowLayout layout, MemorySegment memory, long row, int column) {
    int header = header(memory, row);
    if ((header & RowFormat.EXTENDED) == 0) {
      return false;
    }
    long ends = fixedStart(header, row) + layout.fixedBytes(header & RowFormat.COLUMN_COUNT_MASK);
    return isReference(memory, header, ends, layout.slot(column));
  }

  public static LargeRef largeRef(RowLayout layout, MemorySegment memory, long row, int column) {
    long reference = varlenOffset(layout, memory, row, column);
    return new LargeRef(memory.get(RowFormat.LONG, reference), memory.get(RowFormat.INT, reference + 8));
  }

  // For readers of several columns: what all columns share is looked at once.

  /// The row's header; see [#columnCount(int)] and the other methods that take one.
  public static int header(MemorySegment memory, long row) {
    return memory.get(RowFormat.SHORT, row) & 0xFFFF;
  }

  public static int columnCount(int header) {
    return header & RowFormat.COLUMN_COUNT_MASK;
  }

  public static boolean hasNulls(int header) {
    return (header & RowFormat.NULLS) != 0;
  }

  /// Where the fixed-width columns begin, for [#int32At] and its kin.
  public static long fixedStart(int header, long row) {
    int nullBytes = (header & RowFormat.NULLS) != 0 ? ((header & RowFormat.COLUMN_COUNT_MASK) + 7) >> 3 : 0;
    return row + RowFormat.HEADER_BYTES + ((header & RowFormat.EXTENDED) != 0 ? RowFormat.EXTENSION_BYTES : 0) + nullBytes;
  }

  public static int int32At(RowLayout layout, MemorySegment memory, long fixedStart, int column) {
    return memory.get(RowFormat.INT, fixedStart + layout.slot(column));
  }

  public static long int64At(RowLayout layout, MemorySegment memory, long fixedStart, int column) {
    return memory.get(RowFormat.LONG, fixedStart + layout.slot(column));
  }

  public static double float64At(RowLayout layout, MemorySegment memory, long fixedStart, int column) {
    return memory.get(RowFormat.DOUBLE, fixedStart + layout.slot(column));
  }

  /// Place and length of a variable-width column: the distance from `row` in the high half, the bytes in the low one; -1 when its value
  /// stands in `large`.
  public static long varlenSpan(RowLayout layout, MemorySegment memory, long row, int header, long fixedStart, int column) {
    int count = header & RowFormat.COLUMN_COUNT_MASK;
    long ends = fixedStart + layout.fixedBytes(count);
    int number = layout.slot(column);
    if ((header & RowFormat.EXTENDED) != 0 && isReference(memory, header, ends, number)) {
      return -1;
    }
    int begin = number == 0 ? 0 : end(memory, header, ends, number - 1);
    long at = ends + endsBytes(header, layout.varlenCount(count)) + begin - row;
    return at << 32 | end(memory, header, ends, number) - begin;
  }

  static int endsBytes(int header, int varlenCount) {
    return varlenCount << ((header & RowFormat.WIDE) != 0 ? 2 : 1);
  }

  static int end(MemorySegment memory, int header, long ends, int number) {
    return (header & RowFormat.WIDE) != 0
        ? memory.get(RowFormat.INT, ends + number * 4L) & ~RowFormat.WIDE_REFERENCE
        : memory.get(RowFormat.SHORT, ends + number * 2L) & RowFormat.NARROW_DATA_MAX;
  }

  static boolean isReference(MemorySegment memory, int header, long ends, int number) {
    return (header & RowFormat.WIDE) != 0
        ? memory.get(RowFormat.INT, ends + number * 4L) < 0
        : memory.get(RowFormat.SHORT, ends + number * 2L) < 0;
  }

  private static long fixed(RowLayout layout, MemorySegment memory, long row, int column) {
    return fixedStart(header(memory, row), row) + layout.slot(column);
  }
}
