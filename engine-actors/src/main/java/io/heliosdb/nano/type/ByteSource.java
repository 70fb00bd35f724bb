package io.heliosdb.nano.type;

import java.util.Arrays;

/// Reads big-endian numbers from a part of a byte array that comes from outside; running past its end is 22P03.
final class ByteSource {
  final byte[] bytes;
  int at;
  final int end;

  ByteSource(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
  }

  int remaining() {
    return end - at;
  }

  private int take(int count) {
    if (count < 0 || count > end - at) {
      throw TypeErrors.insufficientData();
    }
    int from = at;
    at += count;
    return from;
  }

  int getByte() {
    if (at == end) {
      throw TypeErrors.noData();
    }
    return bytes[take(1)] & 0xff;
  }

  int getShort() {
    int i = take(2);
    return (short) ((bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff);
  }

  int getUnsignedShort() {
    return getShort() & 0xffff;
  }

  int getInt() {
    int i = take(4);
    return bytes[i] << 24 | (bytes[i + 1] & 0xff) << 16 | (bytes[i + 2] & 0xff) << 8 | bytes[i + 3] & 0xff;
  }

  long getLong() {
    return (long) getInt() << 32 | getInt() & 0xffff_ffffL;
  }

  double getDouble() {
    return Double.longBitsToDouble(getLong());
  }

  float getFloat() {
    return Float.intBitsToFloat(getInt());
  }

  byte[] getBytes(int count) {
    int from = take(count);
    return Arrays.copyOfRange(bytes, from, from + count);
  }

  String getText(int count) {
    int from = take(count);
    return Utf8.decode(bytes, from, count);
  }

  String getRest() {
    return getText(remaining());
  }

  /// Text up to a zero byte, which is consumed.
  String getCString() {
    int zero = at;
    while (zero < end && bytes[zero] != 0) {
      zero++;
    }
    if (zero == end) {
      throw TypeErrors.invalidBinary("invalid string in message");
    }
    String text = getText(zero - at);
    at++;
    return text;
  }

  /// An unsigned number in groups of seven bits, lowest first (storage form).
  int getVarint() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = getByte();
      value |= (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw TypeErrors.invalidBinary("malformed length");
  }

  static void putVarint(int value, ByteSink out) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.put(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.put(rest);
  }
}
