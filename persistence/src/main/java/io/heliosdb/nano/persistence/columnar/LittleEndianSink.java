package io.heliosdb.nano.persistence.columnar;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A growing byte buffer for numbers with the least significant byte first. Confined to its owner. Bound: 1 GB (54000).
public final class LittleEndianSink {
  private static final int MAX_BYTES = 0x3fff_ffff;
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int size;

  public LittleEndianSink(int capacity) {
    bytes = new byte[capacity];
  }

  public int size() {
    return size;
  }

  public byte[] array() {
    return bytes;
  }

  public void clear() {
    size = 0;
  }

  private void reserve(int count) {
    if (count > bytes.length - size) {
      long needed = (long) size + count;
      if (needed > MAX_BYTES) {
        throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "out of memory").withDetail("Cannot enlarge a column's buffer containing " + size + " bytes.");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(MAX_BYTES, bytes.length * 2L)));
    }
  }

  public void put(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  public void putShort(int value) {
    reserve(2);
    bytes[size++] = (byte) value;
    bytes[size++] = (byte) (value >> 8);
  }

  public void putInt(int value) {
    reserve(4);
    INT.set(bytes, size, value);
    size += 4;
  }

  public void putLong(long value) {
    reserve(8);
    LONG.set(bytes, size, value);
    size += 8;
  }

  /// Most significant byte first, for what is compared bytewise.
  public void putLongBigEndian(long value) {
    putLong(Long.reverseBytes(value));
  }

  public void put(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, size, count);
    size += count;
  }

  public void putZeros(int count) {
    reserve(count);
    Arrays.fill(bytes, size, size + count, (byte) 0);
    size += count;
  }

  /// A number in groups of seven bits, the lowest first.
  public void putVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      put((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    put((int) rest);
  }

  public void setBit(int index) {
    int at = index >> 3;
    while (size <= at) {
      put(0);
    }
    bytes[at] |= (byte) (1 << (index & 7));
  }

  public static int getInt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  public static long getLong(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }
}
