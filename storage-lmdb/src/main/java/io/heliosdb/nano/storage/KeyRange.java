package io.heliosdb.nano.storage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A range of row or index keys, unbounded where a bound is null.
///
/// Bounds are *prefix bounds*: a key that starts with the bound counts as equal to it. So for an index on (a, b),
/// `a > 5` is an exclusive lower bound of the encoding of 5 alone, and `a <= 7` an inclusive upper bound of 7 alone.
/// Inside, a range is the half-open byte interval [`from`, `to`).
public final class KeyRange {
  public static final KeyRange ALL = new KeyRange(null, null);

  private final byte @Nullable [] from;
  private final byte @Nullable [] to;

  private KeyRange(byte @Nullable [] from, byte @Nullable [] to) {
    this.from = from;
    this.to = to;
  }

  public static KeyRange of(byte @Nullable [] lower, boolean lowerInclusive, byte @Nullable [] upper, boolean upperInclusive) {
    byte[] from = lower;
    if (lower != null && !lowerInclusive) {
      from = successorOfPrefix(lower);
      if (from == null) {
        return new KeyRange(null, new byte[0]);
      }
    }
    byte[] to = upper == null || !upperInclusive ? upper : successorOfPrefix(upper);
    return new KeyRange(from, to);
  }

  /// All keys that start with `prefix` (which may be a whole key).
  public static KeyRange prefix(byte[] prefix) {
    return of(prefix, true, prefix, true);
  }

  public static KeyRange atLeast(byte[] lower) {
    return of(lower, true, null, false);
  }

  public static KeyRange atMost(byte[] upper) {
    return of(null, false, upper, true);
  }

  /// The first byte string of the range, null when unbounded.
  public byte @Nullable [] from() {
    return from;
  }

  /// The first byte string behind the range, null when unbounded.
  public byte @Nullable [] to() {
    return to;
  }

  /// Whether no key can be in the range.
  public boolean isEmpty() {
    return to != null && (to.length == 0 || (from != null && Arrays.compareUnsigned(from, to) >= 0));
  }

  public boolean contains(byte[] key) {
    return (from == null || Arrays.compareUnsigned(key, from) >= 0) && (to == null || Arrays.compareUnsigned(key, to) < 0);
  }

  /// The smallest byte string greater than every string that starts with `prefix`; null when there is none.
  public static byte @Nullable [] successorOfPrefix(byte[] prefix) {
    int last = prefix.length - 1;
    while (last >= 0 && prefix[last] == (byte) 0xFF) {
      last--;
    }
    if (last < 0) {
      return null;
    }
    byte[] successor = Arrays.copyOf(prefix, last + 1);
    successor[last]++;
    return successor;
  }

  @Override
  public String toString() {
    return "[" + Arrays.toString(from) + ", " + Arrays.toString(to) + ")";
  }
}
