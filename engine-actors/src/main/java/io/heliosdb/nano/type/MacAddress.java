package io.heliosdb.nano.type;

/// A MAC address of 6 (macaddr) or 8 bytes (macaddr8) in the low bytes of a long, ordered as unsigned numbers.
public record MacAddress(long bits, int bytes) implements Comparable<MacAddress> {
  /// The byte at `index`, counted from the first printed one.
  public int byteAt(int index) {
    return (int) (bits >>> 8 * (bytes - 1 - index)) & 0xff;
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compareUnsigned(bits, other.bits);
  }
}
