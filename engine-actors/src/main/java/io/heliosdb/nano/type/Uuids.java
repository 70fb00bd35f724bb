package io.heliosdb.nano.type;

import java.util.UUID;

/// Order and form of uuid values. `UUID.compareTo` is signed and must not be used.
public final class Uuids {
  private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

  private Uuids() {}

  public static int compare(UUID a, UUID b) {
    int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
    return high != 0 ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
  }

  static void format(UUID value, ByteSink out) {
    long high = value.getMostSignificantBits();
    long low = value.getLeastSignificantBits();
    hex(high, 60, 8, out);
    out.put('-');
    hex(high, 28, 4, out);
    out.put('-');
    hex(high, 12, 4, out);
    out.put('-');
    hex(low, 60, 4, out);
    out.put('-');
    hex(low, 44, 12, out);
  }

  private static void hex(long bits, int shift, int digits, ByteSink out) {
    for (int i = 0; i < digits; i++) {
      out.put(HEX[(int) (bits >>> (shift - 4 * i)) & 15]);
    }
  }

  /// Reads the input forms of PostgreSQL: 32 digits, optional braces, optional hyphens after each group of four.
  static UUID parse(String text) {
    int i = 0;
    int end = text.length();
    boolean braces = end > 0 && text.charAt(0) == '{';
    if (braces) {
      i++;
    }
    long high = 0;
    long low = 0;
    for (int digit = 0; digit < 32; digit++) {
      if (digit > 0 && digit % 4 == 0 && i < end && text.charAt(i) == '-') {
        i++;
      }
      int value = i < end ? Character.digit(text.charAt(i), 16) : -1;
      if (value < 0 || text.charAt(i) > 'f') {
        throw TypeErrors.invalidSyntax("uuid", text);
      }
      i++;
      if (digit < 16) {
        high = high << 4 | value;
      } else {
        low = low << 4 | value;
      }
    }
    if (braces) {
      if (i >= end || text.charAt(i) != '}') {
        throw TypeErrors.invalidSyntax("uuid", text);
      }
      i++;
    }
    if (i != end) {
      throw TypeErrors.invalidSyntax("uuid", text);
    }
    return new UUID(high, low);
  }
}
