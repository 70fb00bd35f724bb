package io.heliosdb.nano.type;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An IPv4 or IPv6 address with a network prefix length (inet, cidr). Immutable. Order: IPv4 before IPv6, then the common
/// network bits, then prefix length, then the whole address.
public final class Inet implements Comparable<Inet> {
  private final byte[] address;
  private final int bits;
  private final boolean cidr;

  private Inet(byte[] address, int bits, boolean cidr) {
    this.address = address;
    this.bits = bits;
    this.cidr = cidr;
  }

  /// Takes over `address` of 4 or 16 bytes.
  public static Inet of(byte[] address, int bits, boolean cidr) {
    if (address.length != 4 && address.length != 16 || bits < 0 || bits > address.length * 8) {
      throw new IllegalArgumentException("not an IP address: " + address.length + " bytes, prefix " + bits);
    }
    return new Inet(address, bits, cidr);
  }

  public boolean isV6() {
    return address.length == 16;
  }

  /// 32 or 128.
  public int maxBits() {
    return address.length * 8;
  }

  /// The network prefix length.
  public int bits() {
    return bits;
  }

  /// Whether the value is a cidr, which always prints its prefix length.
  public boolean isCidr() {
    return cidr;
  }

  public byte[] address() {
    return address.clone();
  }

  /// The address itself, which must not be changed.
  public byte[] unsafeAddress() {
    return address;
  }

  public Inet asCidr(boolean newCidr) {
    return newCidr == cidr ? this : new Inet(address, bits, newCidr);
  }

  /// Whether the first `count` bits of both addresses, of the same family, are equal.
  public boolean samePrefix(Inet other, int count) {
    return comparePrefix(other, count) == 0;
  }

  private int comparePrefix(Inet other, int count) {
    int whole = count >>> 3;
    int order = Arrays.compareUnsigned(address, 0, whole, other.address, 0, whole);
    if (order != 0 || (count & 7) == 0) {
      return order;
    }
    int mask = 0xff << (8 - (count & 7)) & 0xff;
    return Integer.compare(address[whole] & mask, other.address[whole] & mask);
  }

  @Override
  public int compareTo(Inet other) {
    if (address.length != other.address.length) {
      return Integer.compare(address.length, other.address.length);
    }
    int order = comparePrefix(other, Math.min(bits, other.bits));
    if (order == 0) {
      order = Integer.compare(bits, other.bits);
    }
    return order != 0 ? order : Arrays.compareUnsigned(address, other.address);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Inet i && i.bits == bits && Arrays.equals(address, i.address);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(address) + bits;
  }
}
