package io.heliosdb.nano.storage.lmdb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Access to native memory by address, without bounds or liveness checks.
///
/// The callers keep addresses only as long as the transaction they came from (or the arena they own) lives: that is the
/// invariant all classes of this module uphold, since a stale address can end the process.
public final class Memory {
  /// All of the address space; positions in it are addresses.
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ValueLayout.OfShort SHORT_LE = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT_LE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG_LE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

  private Memory() {}

  public static byte getByte(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address);
  }

  public static void putByte(long address, int value) {
    ALL.set(ValueLayout.JAVA_BYTE, address, (byte) value);
  }

  /// Unsigned, little endian.
  public static int getShort(long address) {
    return ALL.get(SHORT_LE, address) & 0xFFFF;
  }

  public static void putShort(long address, int value) {
    ALL.set(SHORT_LE, address, (short) value);
  }

  /// Little endian.
  public static int getInt(long address) {
    return ALL.get(INT_LE, address);
  }

  public static void putInt(long address, int value) {
    ALL.set(INT_LE, address, value);
  }

  /// Little endian.
  public static long getLong(long address) {
    return ALL.get(LONG_LE, address);
  }

  public static void putLong(long address, long value) {
    ALL.set(LONG_LE, address, value);
  }

  public static int getIntBigEndian(long address) {
    return ALL.get(INT_BE, address);
  }

  public static void putIntBigEndian(long address, int value) {
    ALL.set(INT_BE, address, value);
  }

  public static long getLongBigEndian(long address) {
    return ALL.get(LONG_BE, address);
  }

  public static void putLongBigEndian(long address, long value) {
    ALL.set(LONG_BE, address, value);
  }

  /// A pointer or `size_t` of a C structure.
  public static long getWord(long address) {
    return ALL.get(WORD, address);
  }

  public static void putWord(long address, long value) {
    ALL.set(WORD, address, value);
  }

  public static void copyIn(byte[] from, int offset, long to, int length) {
    MemorySegment.copy(from, offset, ALL, ValueLayout.JAVA_BYTE, to, length);
  }

  public static void copy(long from, long to, long length) {
    MemorySegment.copy(ALL, from, ALL, to, length);
  }

  public static byte[] copyOut(long from, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, from, bytes, 0, length);
    return bytes;
  }

  public static void copyOut(long from, byte[] to, int offset, int length) {
    MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, from, to, offset, length);
  }

  /// Unsigned byte order; a proper prefix comes first. The last bytes are compared a word at a time too, in a word that overlaps what
  /// was compared before.
  public static int compare(long left, int leftLength, long right, int rightLength) {
    int common = Math.min(leftLength, rightLength);
    if (common >= 8) {
      int last = common - 8;
      for (int i = 0; i < last; i += 8) {
        long l = getLongBigEndian(left + i);
        long r = getLongBigEndian(right + i);
        if (l != r) {
          return Long.compareUnsigned(l, r);
        }
      }
      int order = Long.compareUnsigned(getLongBigEndian(left + last), getLongBigEndian(right + last));
      return order != 0 ? order : leftLength - rightLength;
    }
    int i = 0;
    if (common >= 4) {
      int order = Integer.compareUnsigned(getIntBigEndian(left), getIntBigEndian(right));
      if (order != 0) {
        return order;
      }
      i = 4;
    }
    for (; i < common; i++) {
      int difference = (getByte(left + i) & 0xFF) - (getByte(right + i) & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return leftLength - rightLength;
  }

  /// The same against bytes on the heap.
  public static int compare(long left, int leftLength, byte[] right) {
    int common = Math.min(leftLength, right.length);
    for (int i = 0; i < common; i++) {
      int difference = (getByte(left + i) & 0xFF) - (right[i] & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return leftLength - right.length;
  }
}
