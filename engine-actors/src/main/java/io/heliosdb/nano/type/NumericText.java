package io.heliosdb.nano.type;

import java.math.BigDecimal;
import java.math.BigInteger;

/// Text form of [Numeric].
final class NumericText {
  private NumericText() {}

  static Numeric parse(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    int i = start;
    boolean negative = false;
    if (i < end && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      negative = text.charAt(i) == '-';
      i++;
    }
    if (i >= end) {
      throw TypeErrors.invalidSyntax("numeric", text);
    }
    char c = text.charAt(i);
    if (c != '.' && (c < '0' || c > '9')) {
      return special(text, start, i, end, negative);
    }
    int digits = 0;
    int scale = 0;
    boolean point = false;
    long value = 0;
    int mark = i;
    boolean compact = true;
    for (; i < end; i++) {
      c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        if (value > (Long.MAX_VALUE - 9) / 10) {
          compact = false;
        } else {
          value = value * 10 + (c - '0');
        }
        digits++;
        if (point) {
          scale++;
        }
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0) {
      throw TypeErrors.invalidSyntax("numeric", text);
    }
    int digitsEnd = i;
    long exponent = 0;
    if (i < end && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      int exponentStart = ++i;
      boolean negativeExponent = false;
      if (i < end && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
        negativeExponent = text.charAt(i) == '-';
        i++;
        exponentStart = i;
      }
      for (; i < end && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
        exponent = Math.min(exponent * 10 + (text.charAt(i) - '0'), Integer.MAX_VALUE);
      }
      if (i == exponentStart) {
        throw TypeErrors.invalidSyntax("numeric", text);
      }
      if (exponent >= Integer.MAX_VALUE / 2) {
        throw Numeric.overflow();
      }
      if (negativeExponent) {
        exponent = -exponent;
      }
    }
    if (i != end) {
      throw TypeErrors.invalidSyntax("numeric", text);
    }
    if (compact && exponent == 0 && scale <= Numeric.MAX_SCALE) {
      return Numeric.of(negative ? -value : value, scale);
    }
    return wide(text.substring(mark, digitsEnd), scale, exponent, negative);
  }

  private static Numeric wide(String digits, int scale, long exponent, boolean negative) {
    BigInteger unscaled = new BigInteger(digits.replace(".", ""));
    long newScale = scale - exponent;
    if (unscaled.signum() == 0) {
      return Numeric.of(0L, (int) Math.clamp(newScale, 0, Numeric.MAX_SCALE));
    }
    if (newScale > Numeric.MAX_SCALE || -newScale > 131_072) {
      throw Numeric.overflow();
    }
    return Numeric.of(new BigDecimal(negative ? unscaled.negate() : unscaled, (int) newScale));
  }

  private static Numeric special(String text, int start, int i, int end, boolean negative) {
    String word = text.substring(i, end);
    if (word.equalsIgnoreCase("nan") && i == start) {
      return Numeric.NAN;
    }
    if (word.equalsIgnoreCase("infinity") || word.equalsIgnoreCase("inf")) {
      return negative ? Numeric.NEGATIVE_INFINITY : Numeric.POSITIVE_INFINITY;
    }
    throw TypeErrors.invalidSyntax("numeric", text);
  }

  static boolean isSpace(char c) {
    return c == ' ' || c >= 9 && c <= 13;
  }

  static void format(Numeric value, ByteSink out) {
    if (!value.isFinite()) {
      out.putAscii(value.isNaN() ? "NaN" : value.signum() < 0 ? "-Infinity" : "Infinity");
      return;
    }
    int scale = value.scale();
    if (value.isCompact() && value.unscaledLong() != Long.MIN_VALUE) {
      long unscaled = value.unscaledLong();
      if (scale == 0) {
        out.putDecimal(unscaled);
        return;
      }
      if (unscaled < 0) {
        out.put('-');
        unscaled = -unscaled;
      }
      if (scale <= 18) {
        long power = 1;
        for (int i = 0; i < scale; i++) {
          power *= 10;
        }
        out.putDecimal(unscaled / power).put('.').putPadded(unscaled % power, scale);
        return;
      }
      out.putAscii("0.");
      out.putPadded(unscaled, scale);
      return;
    }
    out.putAscii(value.toBigDecimal().toPlainString());
  }
}
