package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing byte buffer for text (UTF-8) and binary (big-endian) output. Confined to its owner; meant to be reused with
/// [#clear]. Bound: 1 GB, past which writing fails with 54000 as PostgreSQL's string buffers do.
public final class ByteSink {
  private static final int MAX_BYTES = 0x3fffffff;
  private static final byte[] DIGIT_TENS = new byte[100];
  private static final byte[] DIGIT_ONES = new byte[100];

  static {
    for (int i = 0; i < 100; i++) {
      DIGIT_TENS[i] = (byte) ('0' + i / 10);
      DIGIT_ONES[i] = (byte) ('0' + i % 10);
    }
  }

  private byte[] buffer;
  private int size;

  public ByteSink() {
    this(64);
  }

  public ByteSink(int capacity) {
    buffer = new byte[capacity];
  }

  public int size() {
    return size;
  }

  /// The backing array, valid until the next write; bytes up to [#size] are meaningful.
  public byte[] array() {
    return buffer;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  public void clear() {
    size = 0;
  }

  /// Cuts the content to its first `newSize` bytes.
  public void truncate(int newSize) {
    size = newSize;
  }

  /// Makes room for `extra` more bytes and returns the backing array.
  public byte[] reserve(int extra) {
    int needed = size + extra;
    if (needed > buffer.length || needed < 0) {
      grow(needed);
    }
    return buffer;
  }

  /// Takes over bytes that the caller has written directly into [#reserve]d space.
  public void advance(int count) {
    size += count;
  }

  private void grow(int needed) {
    if (needed > MAX_BYTES || needed < 0) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "out of memory")
          .withDetail("Cannot enlarge string buffer containing " + size + " bytes.");
    }
    buffer = Arrays.copyOf(buffer, Math.max(needed, (int) Math.min(MAX_BYTES, buffer.length * 2L)));
  }

  public ByteSink put(int b) {
    if (size == buffer.length) {
      grow(size + 1);
    }
    buffer[size++] = (byte) b;
    return this;
  }

  public ByteSink put(byte[] bytes) {
    return put(bytes, 0, bytes.length);
  }

  public ByteSink put(byte[] bytes, int offset, int count) {
    reserve(count);
    System.arraycopy(bytes, offset, buffer, size, count);
    size += count;
    return this;
  }

  public ByteSink putShort(int value) {
    reserve(2);
    buffer[size++] = (byte) (value >> 8);
    buffer[size++] = (byte) value;
    return this;
  }

  public ByteSink putInt(int value) {
    reserve(4);
    setInt(size, value);
    size += 4;
    return this;
  }

  public ByteSink putLong(long value) {
    putInt((int) (value >>> 32));
    return putInt((int) value);
  }

  public ByteSink putDouble(double value) {
    return putLong(Double.doubleToLongBits(value));
  }

  public ByteSink putFloat(float value) {
    return putInt(Float.floatToIntBits(value));
  }

  /// Overwrites four bytes at `offset`, for lengths known only later.
  public void setInt(int offset, int value) {
    buffer[offset] = (byte) (value >> 24);
    buffer[offset + 1] = (byte) (value >> 16);
    buffer[offset + 2] = (byte) (value >> 8);
    buffer[offset + 3] = (byte) value;
  }

  /// Appends characters that are known to be ASCII.
  @SuppressWarnings("deprecation")
  public ByteSink putAscii(String text) {
    int count = text.length();
    reserve(count);
    text.getBytes(0, count, buffer, size);
    size += count;
    return this;
  }

  /// Appends the text in UTF-8; a lone surrogate becomes `?`.
  public ByteSink putUtf8(String text) {
    int count = text.length();
    reserve(count);
    int i = 0;
    while (i < count) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        break;
      }
      buffer[size + i] = (byte) c;
      i++;
    }
    size += i;
    if (i < count) {
      put(text.substring(i).getBytes(StandardCharsets.UTF_8));
    }
    return this;
  }

  public ByteSink putDecimal(int value) {
    return putDecimal((long) value);
  }

  /// Appends the number in decimal digits.
  public ByteSink putDecimal(long value) {
    if (value < 0) {
      if (value == Long.MIN_VALUE) {
        return putAscii("-9223372036854775808");
      }
      put('-');
      value = -value;
    }
    int digits = digitCount(value);
    reserve(digits);
    int at = size + digits;
    size = at;
    while (value >= 100) {
      int pair = (int) (value % 100);
      value /= 100;
      buffer[--at] = DIGIT_ONES[pair];
      buffer[--at] = DIGIT_TENS[pair];
    }
    if (value >= 10) {
      buffer[--at] = DIGIT_ONES[(int) value];
      buffer[--at] = DIGIT_TENS[(int) value];
    } else {
      buffer[--at] = (byte) ('0' + value);
    }
    return this;
  }

  /// Appends a non-negative number with at least `width` digits.
  public ByteSink putPadded(long value, int width) {
    for (int missing = width - digitCount(value); missing > 0; missing--) {
      put('0');
    }
    return putDecimal(value);
  }

  static int digitCount(long value) {
    int count = 1;
    for (long limit = 10; count < 19; count++, limit *= 10) {
      if (value < limit) {
        return count;
      }
    }
    return 19;
  }

  /// The content as text.
  @Override
  public String toString() {
    return new String(buffer, 0, size, StandardCharsets.UTF_8);
  }
}
