package io.heliosdb.nano.type;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// An immutable byte string (bytea), ordered as unsigned bytes.
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] bytes;
  private int hash;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Wraps an array that nobody changes from now on.
  public static Bytes wrap(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Bytes(bytes);
  }

  public static Bytes copyOf(byte[] bytes) {
    return wrap(bytes.clone());
  }

  public static Bytes copyOf(byte[] bytes, int from, int to) {
    return wrap(Arrays.copyOfRange(bytes, from, to));
  }

  public int length() {
    return bytes.length;
  }

  public byte get(int index) {
    return bytes[index];
  }

  public byte[] toByteArray() {
    return bytes.clone();
  }

  /// The array itself, which must not be changed.
  public byte[] unsafeArray() {
    return bytes;
  }

  public Bytes concat(Bytes other) {
    byte[] joined = Arrays.copyOf(bytes, Math.addExact(bytes.length, other.bytes.length));
    System.arraycopy(other.bytes, 0, joined, bytes.length, other.bytes.length);
    return wrap(joined);
  }

  public Bytes slice(int from, int to) {
    return from == 0 && to == bytes.length ? this : copyOf(bytes, from, to);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bytes b && Arrays.equals(bytes, b.bytes);
  }

  @Override
  public int hashCode() {
    if (hash == 0) {
      hash = Arrays.hashCode(bytes);
    }
    return hash;
  }

  @Override
  public String toString() {
    return "\\x" + HexFormat.of().formatHex(bytes);
  }
}
