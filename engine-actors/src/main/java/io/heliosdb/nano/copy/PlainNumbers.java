package io.heliosdb.nano.copy;

import io.heliosdb.nano.type.Numeric;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Numbers, dates and times in their plain written form, read straight from bytes. Each method gives null for anything else, which the type's own
/// input function then judges. Stateless.
///
/// Doubles: Eisel and Lemire's method for up to 18 digits without an exponent (D. Lemire, "Number Parsing at a Gigabyte per Second", 2021); what it
/// leaves open is left to the input function.
final class PlainNumbers {
  private static final int DIGITS_MAX = 18;
  private static final int FRACTION_DIGITS_MAX = 22;
  private static final long EXACT_MAX = 1L << 53;
  private static final double[] POWERS_OF_TEN = new double[FRACTION_DIGITS_MAX + 1];
  private static final long[] LONG_POWERS_OF_TEN = new long[DIGITS_MAX + 1];
  /// 10^-q with 128 bits, the highest of them set.
  private static final long[] RECIPROCAL_HIGH = new long[FRACTION_DIGITS_MAX + 1];
  private static final long[] RECIPROCAL_LOW = new long[FRACTION_DIGITS_MAX + 1];

  private static final int DAYS_0000_03_01_TO_2000 = 730_425;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  static {
    BigInteger power = BigInteger.ONE;
    for (int q = 0; q <= FRACTION_DIGITS_MAX; q++) {
      POWERS_OF_TEN[q] = Double.parseDouble("1e" + q);
      int bits = power.subtract(BigInteger.ONE).bitLength();
      BigInteger reciprocal = q == 0 ? BigInteger.ONE.shiftLeft(127) : BigInteger.ONE.shiftLeft(bits + 127).divide(power).add(BigInteger.ONE);
      RECIPROCAL_HIGH[q] = reciprocal.shiftRight(64).longValue();
      RECIPROCAL_LOW[q] = reciprocal.longValue();
      power = power.multiply(BigInteger.valueOf(5));
    }
    long ten = 1;
    for (int i = 0; i <= DIGITS_MAX; i++) {
      LONG_POWERS_OF_TEN[i] = ten;
      ten *= 10;
    }
  }

  private PlainNumbers() {}

  static boolean isInteger(byte[] bytes, int from, int to) {
    int i = from < to && bytes[from] == '-' ? from + 1 : from;
    if (i == to) {
      return false;
    }
    for (; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return true;
  }

  static long integer(byte[] bytes, int from, int to) {
    boolean negative = bytes[from] == '-';
    long value = 0;
    for (int i = negative ? from + 1 : from; i < to; i++) {
      value = value * 10 + (bytes[i] - '0');
    }
    return negative ? -value : value;
  }

  /// `[-]digits[.digits]` fitted to a precision and scale, without a need to round.
  ///
  /// @param precision 0 for any, and then the scale is that of the text
  static @Nullable Numeric numeric(byte[] bytes, int from, int to, int precision, int scale) {
    int start = from < to && bytes[from] == '-' ? from + 1 : from;
    int digits = 0;
    int fraction = -1;
    long value = 0;
    for (int i = start; i < to; i++) {
      byte b = bytes[i];
      if (b >= '0' && b <= '9') {
        value = value * 10 + (b - '0');
        digits++;
        fraction += fraction >= 0 ? 1 : 0;
      } else if (b == '.' && fraction < 0) {
        fraction = 0;
      } else {
        return null;
      }
    }
    if (digits == 0 || digits > DIGITS_MAX) {
      return null;
    }
    int places = Math.max(fraction, 0);
    if (precision > 0) {
      if (places > scale || digits + scale - places > DIGITS_MAX) {
        return null;
      }
      value *= LONG_POWERS_OF_TEN[scale - places];
      if (precision <= DIGITS_MAX && value >= LONG_POWERS_OF_TEN[precision]) {
        return null;
      }
      places = scale;
    }
    return Numeric.of(start > from ? -value : value, places);
  }

  static @Nullable Double real(byte[] bytes, int from, int to) {
    int start = from < to && bytes[from] == '-' ? from + 1 : from;
    int digits = 0;
    int fraction = -1;
    long value = 0;
    for (int i = start; i < to; i++) {
      byte b = bytes[i];
      if (b >= '0' && b <= '9') {
        value = value * 10 + (b - '0');
        // Zeros in front do not count.
        digits += value != 0 ? 1 : 0;
        fraction += fraction >= 0 ? 1 : 0;
        if (digits > DIGITS_MAX) {
          return null;
        }
      } else if (b == '.' && fraction < 0) {
        fraction = 0;
      } else {
        return null;
      }
    }
    int q = Math.max(fraction, 0);
    if (to - start == 0 || to - start == 1 && fraction == 0 || q > FRACTION_DIGITS_MAX) {
      return null;
    }
    double result;
    if (value < EXACT_MAX) {
      result = value / POWERS_OF_TEN[q];
    } else {
      result = scaled(value, q);
      if (Double.isNaN(result)) {
        return null;
      }
    }
    return start > from ? -result : result;
  }

  /// value / 10^q correctly rounded; NaN where 128 bits do not tell.
  private static double scaled(long value, int q) {
    int shift = Long.numberOfLeadingZeros(value);
    long normalized = value << shift;
    long high = Math.unsignedMultiplyHigh(normalized, RECIPROCAL_HIGH[q]);
    long low = normalized * RECIPROCAL_HIGH[q];
    if ((high & 0x1ff) == 0x1ff) {
      long more = Math.unsignedMultiplyHigh(normalized, RECIPROCAL_LOW[q]);
      low += more;
      if (Long.compareUnsigned(more, low) > 0) {
        high++;
      }
    }
    int upper = (int) (high >>> 63);
    long mantissa = high >>> upper + 9;
    long exponent = ((217_706L * -q) >> 16) + 63 + upper - shift + 1023;
    if (low == -1 || exponent <= 0 || exponent >= 0x7ff || Long.compareUnsigned(low, 1) <= 0 && (mantissa & 3) == 1) {
      // The product is too close to the middle of two doubles.
      return Double.NaN;
    }
    mantissa += mantissa & 1;
    mantissa >>>= 1;
    if (mantissa >= 1L << 53) {
      mantissa = 1L << 52;
      exponent++;
    }
    return Double.longBitsToDouble(mantissa & ~(1L << 52) | exponent << 52);
  }

  // ---- dates and times ----

  /// `YYYY-MM-DD` of the years 1 to 9999 as days since 2000, [Integer#MIN_VALUE] for anything else.
  static int date(byte[] bytes, int from, int to) {
    if (to - from != 10 || bytes[from + 4] != '-' || bytes[from + 7] != '-') {
      return Integer.MIN_VALUE;
    }
    int year = pair(bytes, from) * 100 + pair(bytes, from + 2);
    int month = pair(bytes, from + 5);
    int day = pair(bytes, from + 8);
    if (pair(bytes, from) < 0 || pair(bytes, from + 2) < 0 || year < 1 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month)) {
      return Integer.MIN_VALUE;
    }
    // Years that begin in March have their leap day at the end.
    int shifted = month > 2 ? year : year - 1;
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - DAYS_0000_03_01_TO_2000;
  }

  private static int monthDays(int year, int month) {
    return switch (month) {
      case 4, 6, 9, 11 -> 30;
      case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      default -> 31;
    };
  }

  /// Two digits, or a negative number.
  private static int pair(byte[] bytes, int at) {
    int tens = bytes[at] - '0';
    int ones = bytes[at + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1_000 : tens * 10 + ones;
  }

  /// `YYYY-MM-DD HH:MM:SS[.ffffff]` as microseconds since 2000, [Long#MIN_VALUE] for anything else.
  static long timestamp(byte[] bytes, int from, int to) {
    if (to - from < 19 || to - from > 26 || bytes[from + 10] != ' ' && bytes[from + 10] != 'T' || bytes[from + 13] != ':' || bytes[from + 16] != ':') {
      return Long.MIN_VALUE;
    }
    int days = date(bytes, from, from + 10);
    int hour = pair(bytes, from + 11);
    int minute = pair(bytes, from + 14);
    int second = pair(bytes, from + 17);
    if (days == Integer.MIN_VALUE || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      return Long.MIN_VALUE;
    }
    long fraction = 0;
    if (to - from > 19) {
      if (bytes[from + 19] != '.' || to - from == 20) {
        return Long.MIN_VALUE;
      }
      for (int i = from + 20; i < from + 26; i++) {
        int digit = i < to ? bytes[i] - '0' : 0;
        if (digit < 0 || digit > 9) {
          return Long.MIN_VALUE;
        }
        fraction = fraction * 10 + digit;
      }
    }
    return days * MICROS_PER_DAY + ((hour * 60 + minute) * 60L + second) * 1_000_000L + fraction;
  }
}
