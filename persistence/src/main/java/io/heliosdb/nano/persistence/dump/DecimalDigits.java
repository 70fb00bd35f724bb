package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.type.Numeric;
import org.jspecify.annotations.Nullable;

/// Reads short decimal numbers straight from their digits: what numeric columns mostly hold. Everything else (more than 18 digits, NaN, a
/// scale or
/// precision that is not the column's) is left to the type's input function.
final class DecimalDigits {
  private static final int DIGITS_MAX = 18;

  private final boolean limited;
  private final int precision;
  private final int scale;

  /// @param typmod ((precision << 16) | (scale & 0x7ff)) + 4, or -1
  DecimalDigits(int typmod) {
    limited = typmod >= 4;
    precision = typmod - 4 >> 16 & 0xffff;
    // Eleven bits with a sign.
    scale = (typmod - 4 & 0x7ff ^ 1024) - 1024;
  }

  /// The number at `bytes[from, from + length)`, null when it is not a short one that fits.
  @Nullable Numeric parse(byte[] bytes, int from, int length) {
    int end = from + length;
    boolean negative = length > 0 && bytes[from] == '-';
    int at = negative ? from + 1 : from;
    long unscaled = 0;
    int digits = 0;
    int point = -1;
    for (; at < end; at++) {
      int digit = bytes[at] - '0';
      if (digit >= 0 && digit <= 9) {
        unscaled = unscaled * 10 + digit;
        digits++;
      } else if (bytes[at] == '.' && point < 0 && digits > 0) {
        point = digits;
      } else {
        return null;
      }
    }
    int fraction = point < 0 ? 0 : digits - point;
    if (digits == 0 || digits > DIGITS_MAX || point == digits) {
      return null;
    }
    if (limited && (fraction != scale || digits > precision && unscaled >= power(precision))) {
      return null;
    }
    return Numeric.of(negative ? -unscaled : unscaled, fraction);
  }

  private static long power(int exponent) {
    long result = 1;
    for (int i = 0; i < exponent; i++) {
      result *= 10;
    }
    return result;
  }
}
