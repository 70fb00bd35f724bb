package io.heliosdb.nano.type;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A string of bits (bit, varbit): the first bit is the highest of the first byte, unused bits of the last byte are zero.
/// Immutable. Order: bytewise, then by length.
public final class BitString implements Comparable<BitString> {
  private final byte[] bytes;
  private final int length;

  private BitString(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /// Takes over `bytes`, clearing the unused bits.
  public static BitString of(byte[] bytes, int length) {
    int used = (length + 7) >>> 3;
    byte[] own = bytes.length == used ? bytes : Arrays.copyOf(bytes, used);
    if ((length & 7) != 0) {
      own[used - 1] &= (byte) (0xff << (8 - (length & 7)));
    }
    return new BitString(own, length);
  }

  /// Number of bits.
  public int length() {
    return length;
  }

  public boolean get(int index) {
    return (bytes[index >>> 3] & 0x80 >>> (index & 7)) != 0;
  }

  public byte[] toByteArray() {
    return bytes.clone();
  }

  /// The array itself, which must not be changed.
  public byte[] unsafeArray() {
    return bytes;
  }

  /// Cut or padded with zeros on the right.
  public BitString resize(int newLength) {
    return newLength == length ? this : of(Arrays.copyOf(bytes, (newLength + 7) >>> 3), newLength);
  }

  @Override
  public int compareTo(BitString other) {
    int common = Math.min(bytes.length, other.bytes.length);
    int order = Arrays.compareUnsigned(bytes, 0, common, other.bytes, 0, common);
    return order != 0 ? order : Integer.compare(length, other.length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BitString b && b.length == length && Arrays.equals(bytes, b.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + length;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(get(i) ? '1' : '0');
    }
    return text.toString();
  }
}
