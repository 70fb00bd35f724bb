package io.heliosdb.nano.storage.key;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Encodes column values into memcomparable keys: unsigned byte order of the keys is the order of the values.
///
/// Reusable, confined to one thread. Call [#order] before a column whose order is not that of the column before;
/// [#reset] goes back to ascending, nulls last. Equal values give equal bytes (1.0 and 1.00, -0 and 0). Format:
/// `KeyFormat`, described in `docs/data-file.md`.
public final class KeyWriter {
  /// A kept buffer is not larger than this, so that one huge key does not stay in memory.
  private static final int KEPT_BYTES_MAX = 1 << 16;

  private byte[] buffer = new byte[64];
  private int length;
  private ColumnOrder order = ColumnOrder.ASC_NULLS_LAST;

  public KeyWriter reset() {
    length = 0;
    order = ColumnOrder.ASC_NULLS_LAST;
    if (buffer.length > KEPT_BYTES_MAX) {
      buffer = new byte[64];
    }
    return this;
  }

  /// The order of the columns from here on.
  public KeyWriter order(ColumnOrder newOrder) {
    order = newOrder;
    return this;
  }

  /// The key so far; the writer stays as it is.
  public byte[] toKey() {
    return Arrays.copyOf(buffer, length);
  }

  /// The writer's own buffer, of which [#length] bytes are the key; valid until the next call that writes.
  public byte[] buffer() {
    return buffer;
  }

  public int length() {
    return length;
  }

  /// Drops what was written behind the first `newLength` bytes, to vary the last columns of a key.
  public KeyWriter truncate(int newLength) {
    if (newLength > length) {
      throw new IllegalArgumentException("key has " + length + " bytes");
    }
    length = newLength;
    return this;
  }

  public KeyWriter putNull() {
    reserve(1);
    buffer[length++] = order.nullMarker();
    return this;
  }

  public KeyWriter putBool(boolean value) {
    begin(1);
    putByte(value ? 1 : 0);
    return this;
  }

  public KeyWriter putInt16(short value) {
    begin(2);
    putBigEndian(value ^ 0x8000L, 2);
    return this;
  }

  public KeyWriter putInt32(int value) {
    begin(4);
    putBigEndian(value ^ 0x8000_0000L, 4);
    return this;
  }

  public KeyWriter putInt64(long value) {
    begin(8);
    putBigEndian(value ^ Long.MIN_VALUE, 8);
    return this;
  }

  public KeyWriter putFloat32(float value) {
    begin(4);
    int bits = Float.floatToIntBits(value == 0 ? 0f : value);
    putBigEndian(bits < 0 ? ~bits : bits ^ 0x8000_0000, 4);
    return this;
  }

  public KeyWriter putFloat64(double value) {
    begin(8);
    long bits = Double.doubleToLongBits(value == 0 ? 0d : value);
    putBigEndian(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE, 8);
    return this;
  }

  public KeyWriter putUuid(long mostSignificant, long leastSignificant) {
    begin(16);
    putBigEndian(mostSignificant, 8);
    putBigEndian(leastSignificant, 8);
    return this;
  }

  /// Text in collation C: the order of its UTF-8 bytes.
  public KeyWriter putText(String value) {
    int chars = value.length();
    begin(chars + 2);
    int mask = order.mask();
    for (int i = 0; i < chars; i++) {
      char c = value.charAt(i);
      if (c == 0 || c >= 0x80) {
        byte[] rest = value.substring(i).getBytes(StandardCharsets.UTF_8);
        putEscaped(rest, 0, rest.length);
        return this;
      }
      buffer[length++] = (byte) (c ^ mask);
    }
    putByte(0);
    putByte(0);
    return this;
  }

  /// Text given as UTF-8, or any bytes with a meaning of their own (a collation's sort key).
  public KeyWriter putBytes(byte[] bytes) {
    return putBytes(bytes, 0, bytes.length);
  }

  public KeyWriter putBytes(byte[] bytes, int offset, int count) {
    begin(count + 2);
    putEscaped(bytes, offset, count);
    return this;
  }

  /// Bytes that are memcomparable and prefix-free already; written as they are (inverted when descending).
  public KeyWriter putRaw(byte[] bytes) {
    begin(bytes.length);
    for (byte b : bytes) {
      putByte(b);
    }
    return this;
  }

  /// `unscaled * 10^-scale`; a negative scale is allowed.
  public KeyWriter putNumeric(BigInteger unscaled, int scale) {
    if (unscaled.bitLength() < 64) {
      return putNumeric(unscaled.longValue(), scale);
    }
    byte[] digits = unscaled.abs().toString().getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < digits.length; i++) {
      digits[i] -= '0';
    }
    return putDecimal(unscaled.signum() < 0, digits, 0, digits.length, scale);
  }

  /// `unscaled * 10^-scale`.
  public KeyWriter putNumeric(long unscaled, int scale) {
    if (unscaled == 0) {
      begin(1);
      putByte(KeyFormat.NUMERIC_ZERO);
      return this;
    }
    byte[] digits = new byte[20];
    int first = digits.length;
    // Negative all the way: Long.MIN_VALUE has no positive counterpart.
    for (long rest = unscaled < 0 ? unscaled : -unscaled; rest != 0; rest /= 10) {
      digits[--first] = (byte) -(rest % 10);
    }
    return putDecimal(unscaled < 0, digits, first, digits.length, scale);
  }

  public KeyWriter putNumericNaN() {
    begin(1);
    putByte(KeyFormat.NUMERIC_NAN);
    return this;
  }

  public KeyWriter putNumericInfinity(boolean negative) {
    begin(1);
    putByte(negative ? KeyFormat.NUMERIC_NEGATIVE_INFINITY : KeyFormat.NUMERIC_INFINITY);
    return this;
  }

  private KeyWriter putDecimal(boolean negative, byte[] digits, int first, int end, int scale) {
    int exponent = end - first - scale;
    int last = end;
    while (digits[last - 1] == 0) {
      last--;
    }
    if (Math.abs((long) exponent) >= KeyFormat.EXPONENT_BIAS) {
      throw new IllegalArgumentException("numeric exponent out of range: " + exponent);
    }
    begin(6 + (last - first) / 2);
    putByte(negative ? KeyFormat.NUMERIC_NEGATIVE : KeyFormat.NUMERIC_POSITIVE);
    int sign = negative ? 0xFF : 0;
    int biased = exponent + KeyFormat.EXPONENT_BIAS;
    putByte((biased >> 16) ^ sign);
    putByte((biased >> 8) ^ sign);
    putByte(biased ^ sign);
    for (int i = first; i < last; i += 2) {
      int pair = digits[i] * 10 + (i + 1 < last ? digits[i + 1] : 0);
      putByte((1 + pair) ^ sign);
    }
    putByte(sign);
    return this;
  }

  private void putEscaped(byte[] bytes, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      reserve(4);
      putByte(bytes[i]);
      if (bytes[i] == 0) {
        putByte(0xFF);
      }
    }
    reserve(2);
    putByte(0);
    putByte(0);
  }

  private void begin(int valueBytes) {
    reserve(valueBytes + 1);
    buffer[length++] = KeyFormat.VALUE;
  }

  private void putByte(int value) {
    buffer[length++] = (byte) (value ^ order.mask());
  }

  private void putBigEndian(long value, int bytes) {
    long masked = order.descending() ? ~value : value;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      buffer[length++] = (byte) (masked >>> shift);
    }
  }

  private void reserve(int bytes) {
    int needed = Math.addExact(length, bytes);
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(needed, (int) Math.min((long) buffer.length * 2, Integer.MAX_VALUE - 16)));
    }
  }
}
