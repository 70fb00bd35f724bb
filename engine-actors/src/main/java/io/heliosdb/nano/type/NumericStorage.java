package io.heliosdb.nano.type;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Arrays;

/// The bytes of a stored numeric: one byte of scale (0xf0 and up are escapes: 0xf0 a two-byte scale, 0xfd -Infinity,
/// 0xfe Infinity, 0xff NaN), then the unscaled value in two's complement, big-endian, in as few bytes as hold it.
final class NumericStorage {
  private static final int LONG_SCALE = 0xf0;
  private static final int NEGATIVE_INFINITY = 0xfd;
  private static final int POSITIVE_INFINITY = 0xfe;
  private static final int NAN = 0xff;

  private NumericStorage() {}

  static void encode(Numeric value, ByteSink out) {
    if (!value.isFinite()) {
      out.put(value.isNaN() ? NAN : value.signum() < 0 ? NEGATIVE_INFINITY : POSITIVE_INFINITY);
      return;
    }
    int scale = value.scale();
    if (scale < LONG_SCALE) {
      out.put(scale);
    } else {
      out.put(LONG_SCALE).putShort(scale);
    }
    if (!value.isCompact()) {
      out.put(value.unscaledBig().toByteArray());
      return;
    }
    long unscaled = value.unscaledLong();
    int bytes = (64 - Long.numberOfLeadingZeros(unscaled < 0 ? ~unscaled : unscaled)) / 8 + 1;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.put((int) (unscaled >> shift));
    }
  }

  /// The same from memory outside the heap.
  static Numeric decode(MemorySegment memory, long offset, int length) {
    int scale = memory.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    if (scale >= LONG_SCALE || length > 9) {
      byte[] bytes = new byte[length];
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
      return decode(bytes, 0, length);
    }
    long unscaled = memory.get(ValueLayout.JAVA_BYTE, offset + 1);
    for (int i = 2; i < length; i++) {
      unscaled = unscaled << 8 | memory.get(ValueLayout.JAVA_BYTE, offset + i) & 0xff;
    }
    return Numeric.of(unscaled, scale);
  }

  static Numeric decode(byte[] bytes, int offset, int length) {
    int first = bytes[offset] & 0xff;
    switch (first) {
      case NAN -> {
        return Numeric.NAN;
      }
      case POSITIVE_INFINITY -> {
        return Numeric.POSITIVE_INFINITY;
      }
      case NEGATIVE_INFINITY -> {
        return Numeric.NEGATIVE_INFINITY;
      }
      default -> { }
    }
    int at = offset + 1;
    int scale = first;
    if (first == LONG_SCALE) {
      scale = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
      at += 2;
    }
    int end = offset + length;
    if (end - at > 8) {
      return Numeric.of(new BigInteger(Arrays.copyOfRange(bytes, at, end)), scale);
    }
    long unscaled = bytes[at++];
    while (at < end) {
      unscaled = unscaled << 8 | bytes[at++] & 0xff;
    }
    return Numeric.of(unscaled, scale);
  }
}
