package io.heliosdb.nano.storage.row;

import io.heliosdb.nano.storage.RowPages;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Reads one fixed-width column of many rows into an array, for rows that lie in mapped memory ([RowPages]).
///
/// `rows[p]` is the address of the row whose value goes to `out[p]`; `p` runs through 0 … count-1, or through `positions` if that is given. A row with a
/// null, with references to large values or without the column is left to the caller: its `p` is written to `rest`, which has room for
/// `count`. All methods return how many were left.
public final class RowColumns {
  private static final MemorySegment ALL = RowPages.MEMORY;
  private static final int PLAIN_MASK = RowFormat.NULLS | RowFormat.EXTENDED;

  private RowColumns() {}

  private static boolean isPlain(long row, int column) {
    int header = ALL.get(RowFormat.SHORT, row);
    return (header & PLAIN_MASK) == 0 && (header & RowFormat.COLUMN_COUNT_MASK) > column;
  }

  public static int int32s(RowLayout layout, int column, long[] rows, int @Nullable [] positions, int count, int[] out, int[] rest) {
    int offset = RowFormat.HEADER_BYTES + layout.slot(column);
    int left = 0;
    for (int i = 0; i < count; i++) {
      int p = positions == null ? i : positions[i];
      long row = rows[p];
      if (isPlain(row, column)) {
        out[p] = ALL.get(RowFormat.INT, row + offset);
      } else {
        rest[left++] = p;
      }
    }
    return left;
  }

  public static int int64s(RowLayout layout, int column, long[] rows, int @Nullable [] positions, int count, long[] out, int[] rest) {
    int offset = RowFormat.HEADER_BYTES + layout.slot(column);
    int left = 0;
    for (int i = 0; i < count; i++) {
      int p = positions == null ? i : positions[i];
      long row = rows[p];
      if (isPlain(row, column)) {
        out[p] = ALL.get(RowFormat.LONG, row + offset);
      } else {
        rest[left++] = p;
      }
    }
    return left;
  }

  public static int float64s(RowLayout layout, int column, long[] rows, int @Nullable [] positions, int count, double[] out, int[] rest) {
    int offset = RowFormat.HEADER_BYTES + layout.slot(column);
    int left = 0;
    for (int i = 0; i < count; i++) {
      int p = positions == null ? i : positions[i];
      long row = rows[p];
      if (isPlain(row, column)) {
        out[p] = ALL.get(RowFormat.DOUBLE, row + offset);
      } else {
        rest[left++] = p;
      }
    }
    return left;
  }
}
