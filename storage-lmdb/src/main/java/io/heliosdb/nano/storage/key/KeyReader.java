package io.heliosdb.nano.storage.key;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Walks over the columns of a key made by [KeyWriter], for diagnostics and for columns whose encoding loses nothing
/// (integers, text, bytea, uuid). Numerics come back without trailing zeros, floats with one zero and one NaN.
///
/// Use per column: [#isNull] (which steps over a null), then the getter of the column's kind. Confined to one thread.
/// A key that does not fit the getters throws `IllegalArgumentException`.
public final class KeyReader {
  private final byte[] key;
  private int position;
  private int mask;

  public KeyReader(byte[] key) {
    this.key = key;
  }

  public boolean atEnd() {
    return position >= key.length;
  }

  /// Offset of the next column.
  public int position() {
    return position;
  }

  /// Steps over the column's marker, and with it over a null.
  public boolean isNull(ColumnOrder order) {
    mask = order.mask();
    int marker = raw();
    if (marker == order.nullMarker()) {
      return true;
    }
    if (marker != KeyFormat.VALUE) {
      throw new IllegalArgumentException("no column at offset " + (position - 1) + " of the key");
    }
    return false;
  }

  public boolean getBool() {
    return next() != 0;
  }

  public short getInt16() {
    return (short) (bigEndian(2) ^ 0x8000);
  }

  public int getInt32() {
    return (int) bigEndian(4) ^ 0x8000_0000;
  }

  public long getInt64() {
    return bigEndian(8) ^ Long.MIN_VALUE;
  }

  public float getFloat32() {
    int bits = (int) bigEndian(4);
    return Float.intBitsToFloat(bits < 0 ? bits ^ 0x8000_0000 : ~bits);
  }

  public double getFloat64() {
    long bits = bigEndian(8);
    return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
  }

  public UUID getUuid() {
    return new UUID(bigEndian(8), bigEndian(8));
  }

  public String getText() {
    return new String(getBytes(), StandardCharsets.UTF_8);
  }

  public byte[] getBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (true) {
      int b = next();
      if (b == 0) {
        int escape = next();
        if (escape == 0) {
          return bytes.toByteArray();
        }
      }
      bytes.write(b);
    }
  }

  /// Not a number and the infinities come as `Double`, everything else as `BigDecimal`.
  public Number getNumeric() {
    int kind = next();
    switch (kind) {
      case KeyFormat.NUMERIC_NEGATIVE_INFINITY:
        return Double.NEGATIVE_INFINITY;
      case KeyFormat.NUMERIC_INFINITY:
        return Double.POSITIVE_INFINITY;
      case KeyFormat.NUMERIC_NAN:
        return Double.NaN;
      case KeyFormat.NUMERIC_ZERO:
        return BigDecimal.ZERO;
      case KeyFormat.NUMERIC_POSITIVE, KeyFormat.NUMERIC_NEGATIVE:
        return finite(kind == KeyFormat.NUMERIC_NEGATIVE);
      default:
        throw new IllegalArgumentException("no numeric at offset " + (position - 1) + " of the key");
    }
  }

  private BigDecimal finite(boolean negative) {
    int sign = negative ? 0xFF : 0;
    int exponent = ((next() ^ sign) << 16 | (next() ^ sign) << 8 | (next() ^ sign)) - KeyFormat.EXPONENT_BIAS;
    StringBuilder digits = new StringBuilder();
    for (int pair = next() ^ sign; pair != 0; pair = next() ^ sign) {
      digits.append((char) ('0' + (pair - 1) / 10)).append((char) ('0' + (pair - 1) % 10));
    }
    BigDecimal value = new BigDecimal(new BigInteger(digits.toString()), digits.length() - exponent).stripTrailingZeros();
    return negative ? value.negate() : value;
  }

  private int raw() {
    if (position >= key.length) {
      throw new IllegalArgumentException("the key ends at " + position);
    }
    return key[position++];
  }

  private int next() {
    return (raw() ^ mask) & 0xFF;
  }

  private long bigEndian(int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | next();
    }
    return value;
  }
}
