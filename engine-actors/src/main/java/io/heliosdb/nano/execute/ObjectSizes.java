package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.Vector;
import org.jspecify.annotations.Nullable;

/// Rough heap sizes of boxed values, for memory accounting.
final class ObjectSizes {
  private ObjectSizes() {}

  static long bytes(@Nullable Object value) {
    return switch (value) {
      case null -> 8;
      case String s -> 48 + (isWide(s) ? 2L : 1L) * s.length();
      case Jsonb j -> 56 + j.toBytes().length;
      case Bytes b -> 40 + b.length();
      case PgArray a -> 64 + ofAll(a.elements());
      case PgRecord r -> 48 + ofAll(r.fields());
      case Vector v -> 32 + 4L * v.dimensions();
      case Long l -> 24;
      case Integer i -> 20;
      default -> 48;
    };
  }

  /// Whether the characters take two bytes each.
  private static boolean isWide(String s) {
    for (int i = 0; i < s.length(); i++) {
      if (s.charAt(i) > 0xFF) {
        return true;
      }
    }
    return false;
  }

  static long ofAll(@Nullable Object[] values) {
    long sum = 0;
    for (Object value : values) {
      sum += bytes(value);
    }
    return sum;
  }
}
