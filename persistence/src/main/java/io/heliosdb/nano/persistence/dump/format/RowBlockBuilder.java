package io.heliosdb.nano.persistence.dump.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Gathers rows column by column and makes the payload of a ROWS or DELETED block of them.
///
/// Every column gets one value per row; the order in which columns are filled is the caller's. A block is full by bytes or by rows, whichever
/// comes first, but takes any single row. Confined to one thread; reusable after [#payload].
public final class RowBlockBuilder {
  /// Blocks of about this many bytes compress well and keep little in memory.
  public static final int BYTES_TARGET = 1 << 20;
  public static final int ROWS_MAX = 1 << 15;

  private final Column[] columns;

  public RowBlockBuilder(ColumnEncoding[] encodings) {
    columns = new Column[encodings.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new Column(encodings[i]);
    }
  }

  public Column column(int i) {
    return columns[i];
  }

  public int rows() {
    return columns[0].rows;
  }

  public boolean isFull() {
    if (rows() >= ROWS_MAX) {
      return true;
    }
    long bytes = 0;
    for (Column column : columns) {
      bytes += column.dataBytes;
    }
    return bytes >= BYTES_TARGET;
  }

  /// The payload of the rows so far; the builder is empty afterwards.
  public byte[] payload() {
    long bytes = 4;
    for (Column column : columns) {
      bytes += column.payloadBytes();
    }
    byte[] payload = new byte[Math.toIntExact(bytes)];
    LittleEndian.putInt(payload, 0, rows());
    int at = 4;
    for (Column column : columns) {
      at = column.write(payload, at);
      column.clear();
    }
    return payload;
  }

  /// The values of one column.
  public static final class Column {
    private final int width;
    private byte[] data = new byte[4096];
    private int dataBytes;
    private int[] lengths;
    private boolean @Nullable [] nulls;
    private int rows;

    Column(ColumnEncoding encoding) {
      width = encoding.width();
      lengths = width == 0 ? new int[1024] : new int[0];
    }

    private int reserve(int count) {
      if (data.length - dataBytes < count) {
        long wanted = Math.max((long) dataBytes + count, Math.min(Integer.MAX_VALUE - 16, data.length * 2L));
        data = Arrays.copyOf(data, Math.toIntExact(wanted));
      }
      int at = dataBytes;
      dataBytes += count;
      return at;
    }

    public void putNull() {
      if (nulls == null) {
        nulls = new boolean[ROWS_MAX + 1024];
      }
      if (rows >= nulls.length) {
        nulls = Arrays.copyOf(nulls, rows * 2);
      }
      nulls[rows] = true;
      if (width == 0) {
        addLength(0);
      } else {
        int at = reserve(width);
        Arrays.fill(data, at, at + width, (byte) 0);
      }
      rows++;
    }

    private void addLength(int length) {
      if (rows == lengths.length) {
        lengths = Arrays.copyOf(lengths, rows * 2);
      }
      lengths[rows] = length;
    }

    public void putBool(boolean value) {
      int at = reserve(1);
      data[at] = (byte) (value ? 1 : 0);
      rows++;
    }

    public void putInt(int value) {
      int at = reserve(4);
      LittleEndian.putInt(data, at, value);
      rows++;
    }

    public void putLong(long value) {
      int at = reserve(8);
      LittleEndian.putLong(data, at, value);
      rows++;
    }

    public void putUuid(long most, long least) {
      int at = reserve(16);
      LittleEndian.putLong(data, at, most);
      LittleEndian.putLong(data, at + 8, least);
      rows++;
    }

    public void putBytes(byte[] source, int offset, int length) {
      int at = reserve(length);
      System.arraycopy(source, offset, data, at, length);
      addLength(length);
      rows++;
    }

    private long payloadBytes() {
      return 1L + (nulls == null ? 0 : (rows + 7) / 8) + (width == 0 ? 4L * rows : 0) + dataBytes;
    }

    private int write(byte[] payload, int from) {
      int at = from;
      payload[at++] = (byte) (nulls == null ? 0 : 1);
      if (nulls != null) {
        for (int i = 0; i < rows; i++) {
          if (nulls[i]) {
            payload[at + (i >> 3)] |= (byte) (1 << (i & 7));
          }
        }
        at += (rows + 7) / 8;
      }
      if (width == 0) {
        for (int i = 0; i < rows; i++) {
          LittleEndian.putInt(payload, at, lengths[i]);
          at += 4;
        }
      }
      System.arraycopy(data, 0, payload, at, dataBytes);
      return at + dataBytes;
    }

    private void clear() {
      rows = 0;
      dataBytes = 0;
      nulls = null;
      if (data.length > 4 * BYTES_TARGET) {
        data = new byte[4096];
      }
    }
  }
}
