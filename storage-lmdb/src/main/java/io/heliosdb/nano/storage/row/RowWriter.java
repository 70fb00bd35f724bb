package io.heliosdb.nano.storage.row;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Builds rows of one layout; reusable, confined to one thread.
///
/// Use: set columns, then [#toRow], which also clears the writer. Columns not set are null. Fixed-width columns may be
/// set in any order, variable-width ones in ascending column order. Format: [RowFormat].
public final class RowWriter {
  private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// A kept data buffer is not larger than this, so that one huge row does not stay in memory.
  private static final int KEPT_DATA_BYTES_MAX = 1 << 20;

  private final RowLayout layout;
  private final byte[] nulls;
  private final byte[] fixed;
  private final int[] ends;
  private byte[] data = new byte[256];
  private int dataBytes;
  private int varlenDone;
  private int nullCount;
  private boolean extended;

  public RowWriter(RowLayout layout) {
    this.layout = layout;
    nulls = new byte[(layout.columnCount() + 7) >> 3];
    fixed = new byte[layout.fixedBytes(layout.columnCount())];
    ends = new int[layout.varlenCount(layout.columnCount())];
    clear();
  }

  public RowLayout layout() {
    return layout;
  }

  /// Forgets what was set.
  public void clear() {
    Arrays.fill(nulls, (byte) 0xFF);
    Arrays.fill(fixed, (byte) 0);
    nullCount = layout.columnCount();
    dataBytes = 0;
    varlenDone = 0;
    extended = false;
    if (data.length > KEPT_DATA_BYTES_MAX) {
      data = new byte[256];
    }
  }

  public void setBool(int column, boolean value) {
    fixed[fixedSlot(column, ColumnKind.BOOL)] = (byte) (value ? 1 : 0);
  }

  public void setInt16(int column, short value) {
    SHORT.set(fixed, fixedSlot(column, ColumnKind.INT16), value);
  }

  public void setInt32(int column, int value) {
    INT.set(fixed, fixedSlot(column, ColumnKind.INT32), value);
  }

  public void setInt64(int column, long value) {
    LONG.set(fixed, fixedSlot(column, ColumnKind.INT64), value);
  }

  public void setFloat32(int column, float value) {
    INT.set(fixed, fixedSlot(column, ColumnKind.FLOAT32), Float.floatToRawIntBits(value));
  }

  public void setFloat64(int column, double value) {
    LONG.set(fixed, fixedSlot(column, ColumnKind.FLOAT64), Double.doubleToRawLongBits(value));
  }

  public void setUuid(int column, long mostSignificant, long leastSignificant) {
    int slot = fixedSlot(column, ColumnKind.UUID);
    LONG.set(fixed, slot, mostSignificant);
    LONG.set(fixed, slot + 8, leastSignificant);
  }

  public void setVarlen(int column, byte[] bytes) {
    setVarlen(column, bytes, 0, bytes.length);
  }

  public void setVarlen(int column, byte[] bytes, int offset, int length) {
    int number = varlenSlot(column);
    reserve(length);
    System.arraycopy(bytes, offset, data, dataBytes, length);
    dataBytes += length;
    ends[number] = dataBytes;
    extended |= length > RowFormat.INLINE_BYTES_MAX;
  }

  /// Refers to a value that is in the store already, so that an update does not copy it.
  public void setLarge(int column, LargeRef ref) {
    int number = varlenSlot(column);
    reserve(LargeRef.BYTES);
    LONG.set(data, dataBytes, ref.id());
    INT.set(data, dataBytes + 8, ref.length());
    dataBytes += LargeRef.BYTES;
    ends[number] = dataBytes | RowFormat.WIDE_REFERENCE;
    extended = true;
  }

  /// The row; the writer is clear afterwards.
  public byte[] toRow() {
    closeVarlens(ends.length);
    int count = layout.columnCount();
    boolean wide = dataBytes > RowFormat.NARROW_DATA_MAX;
    int nullBytes = nullCount > 0 ? nulls.length : 0;
    int prefix = RowFormat.HEADER_BYTES + (extended ? RowFormat.EXTENSION_BYTES : 0);
    byte[] row = new byte[Math.addExact(prefix + nullBytes + fixed.length + ends.length * (wide ? 4 : 2), dataBytes)];
    int header = count | (wide ? RowFormat.WIDE : 0) | (nullBytes > 0 ? RowFormat.NULLS : 0) | (extended ? RowFormat.EXTENDED : 0);
    SHORT.set(row, 0, (short) header);
    if (extended) {
      SHORT.set(row, 2, (short) fixed.length);
      SHORT.set(row, 4, (short) ends.length);
    }
    int position = prefix;
    if (nullBytes > 0) {
      System.arraycopy(nulls, 0, row, position, nullBytes);
      int used = count & 7;
      if (used != 0) {
        row[position + nullBytes - 1] &= (byte) ((1 << used) - 1);
      }
      position += nullBytes;
    }
    System.arraycopy(fixed, 0, row, position, fixed.length);
    position += fixed.length;
    for (int end : ends) {
      if (wide) {
        INT.set(row, position, end);
        position += 4;
      } else {
        SHORT.set(row, position, (short) ((end & RowFormat.NARROW_DATA_MAX) | (end < 0 ? RowFormat.NARROW_REFERENCE : 0)));
        position += 2;
      }
    }
    System.arraycopy(data, 0, row, position, dataBytes);
    clear();
    return row;
  }

  private int fixedSlot(int column, ColumnKind kind) {
    if (layout.kind(column) != kind) {
      throw new IllegalArgumentException("column " + column + " is " + layout.kind(column) + ", not " + kind);
    }
    markPresent(column);
    return layout.slot(column);
  }

  private int varlenSlot(int column) {
    if (layout.kind(column) != ColumnKind.VARLEN) {
      throw new IllegalArgumentException("column " + column + " is " + layout.kind(column) + ", not VARLEN");
    }
    int number = layout.slot(column);
    if (number < varlenDone) {
      throw new IllegalArgumentException("variable-width columns are set in ascending order, column " + column + " comes late");
    }
    markPresent(column);
    closeVarlens(number);
    varlenDone = number + 1;
    return number;
  }

  private void closeVarlens(int until) {
    for (int i = varlenDone; i < until; i++) {
      ends[i] = dataBytes;
    }
  }

  private void markPresent(int column) {
    int bit = 1 << (column & 7);
    if ((nulls[column >> 3] & bit) != 0) {
      nulls[column >> 3] &= (byte) ~bit;
      nullCount--;
    }
  }

  private void reserve(int length) {
    int needed = Math.addExact(dataBytes, length);
    if (needed > data.length) {
      data = Arrays.copyOf(data, Math.max(needed, (int) Math.min((long) data.length * 2, Integer.MAX_VALUE - 16)));
    }
  }
}
