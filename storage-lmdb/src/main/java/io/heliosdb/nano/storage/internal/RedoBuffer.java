package io.heliosdb.nano.storage.internal;

import java.util.Arrays;

/// Bytes of a redo record being built; integers are unsigned LEB128, so that small numbers take one byte.
final class RedoBuffer {
  private static final int BYTES_MIN = 16 << 10;

  /// A larger array than this is let go after use.
  private static final int BYTES_KEPT_MAX = 1 << 20;

  private byte[] bytes = new byte[BYTES_MIN];
  private int length;

  void reset() {
    if (bytes.length > BYTES_KEPT_MAX) {
      bytes = new byte[BYTES_MIN];
    }
    length = 0;
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  private void require(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
    }
  }

  void putByte(int value) {
    require(1);
    bytes[length++] = (byte) value;
  }

  void putNumber(long value) {
    require(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  void putBytes(byte[] value) {
    putNumber(value.length);
    require(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }
}
