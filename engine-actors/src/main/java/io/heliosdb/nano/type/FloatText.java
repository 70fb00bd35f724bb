package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Text of floating-point numbers as PostgreSQL writes it: with `extra_float_digits` above 0 the shortest digits that lie
/// strictly within the number's rounding interval, else `%.{15 or 6 + extra}g`.
///
/// The JDK's shortest form differs in two corners, both repaired here: it prefers two digits to one, and it accepts the ends
/// of the interval when the mantissa is even.
final class FloatText {
  private static final double MIDPOINTS_FROM = 1L << 50;
  private static final float FLOAT_MIDPOINTS_FROM = 1 << 20;

  private FloatText() {}

  static void format(double value, int extraFloatDigits, ByteSink out) {
    if (special(value, out)) {
      return;
    }
    if (value == (int) value && Math.abs(value) < 1e6 && (value != 0 || 1 / value > 0) && extraFloatDigits > 0) {
      out.putDecimal((int) value);
      return;
    }
    if (extraFloatDigits <= 0) {
      general(new BigDecimal(value), value, Math.max(1, 15 + extraFloatDigits), out);
      return;
    }
    if (value == 0) {
      out.putAscii("-0");
      return;
    }
    double magnitude = Math.abs(value);
    Decimal decimal = Decimal.of(Double.toString(magnitude));
    if (decimal.digits.length() == 2) {
      for (Decimal single : decimal.neighboursOfOneDigit()) {
        if (Double.parseDouble(single.digits + "E" + single.exponent) == magnitude) {
          decimal = single;
          break;
        }
      }
    }
    if (magnitude >= MIDPOINTS_FROM && magnitude < Double.MAX_VALUE) {
      BigDecimal exact = new BigDecimal(magnitude);
      BigDecimal low = exact.add(new BigDecimal(Math.nextDown(magnitude))).divide(BigDecimal.TWO);
      BigDecimal high = exact.add(new BigDecimal(Math.nextUp(magnitude))).divide(BigDecimal.TWO);
      decimal = decimal.strictlyBetween(low, high, exact, 17);
    }
    write(decimal, value < 0, 15, out);
  }

  static void format(float value, int extraFloatDigits, ByteSink out) {
    if (special(value, out)) {
      return;
    }
    if (value == (int) value && Math.abs(value) < 1e6f && (value != 0 || 1 / value > 0) && extraFloatDigits > 0) {
      out.putDecimal((int) value);
      return;
    }
    if (extraFloatDigits <= 0) {
      general(new BigDecimal(value), value, Math.max(1, 6 + extraFloatDigits), out);
      return;
    }
    if (value == 0) {
      out.putAscii("-0");
      return;
    }
    float magnitude = Math.abs(value);
    Decimal decimal = Decimal.of(Float.toString(magnitude));
    if (decimal.digits.length() == 2) {
      for (Decimal single : decimal.neighboursOfOneDigit()) {
        if (Float.parseFloat(single.digits + "E" + single.exponent) == magnitude) {
          decimal = single;
          break;
        }
      }
    }
    if (magnitude >= FLOAT_MIDPOINTS_FROM && magnitude < Float.MAX_VALUE) {
      BigDecimal exact = new BigDecimal(magnitude);
      BigDecimal low = exact.add(new BigDecimal(Math.nextDown(magnitude))).divide(BigDecimal.TWO);
      BigDecimal high = exact.add(new BigDecimal(Math.nextUp(magnitude))).divide(BigDecimal.TWO);
      decimal = decimal.strictlyBetween(low, high, exact, 9);
    }
    write(decimal, value < 0, 6, out);
  }

  private static boolean special(double value, ByteSink out) {
    if (Double.isNaN(value)) {
      out.putAscii("NaN");
      return true;
    }
    if (Double.isInfinite(value)) {
      out.putAscii(value > 0 ? "Infinity" : "-Infinity");
      return true;
    }
    return false;
  }

  /// C's `%.{precision}g`.
  private static void general(BigDecimal exact, double value, int precision, ByteSink out) {
    if (value == 0) {
      out.putAscii(1 / value < 0 ? "-0" : "0");
      return;
    }
    BigDecimal rounded = exact.abs().round(new MathContext(precision, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    Decimal decimal = new Decimal(rounded.unscaledValue().toString(), rounded.precision() - rounded.scale() - 1);
    write(decimal, value < 0, precision, out);
  }

  /// Writes plain digits for exponents from -4 up to `fixedLimit`, else the form 1.5e+20.
  private static void write(Decimal decimal, boolean negative, int fixedLimit, ByteSink out) {
    if (negative) {
      out.put('-');
    }
    String digits = decimal.digits;
    int exponent = decimal.exponent;
    if (exponent < -4 || exponent >= fixedLimit) {
      out.put(digits.charAt(0));
      if (digits.length() > 1) {
        out.put('.').putAscii(digits.substring(1));
      }
      out.put('e').put(exponent < 0 ? '-' : '+').putPadded(Math.abs(exponent), 2);
    } else if (exponent < 0) {
      out.putAscii("0.");
      for (int i = -1; i > exponent; i--) {
        out.put('0');
      }
      out.putAscii(digits);
    } else if (digits.length() <= exponent + 1) {
      out.putAscii(digits);
      for (int i = digits.length(); i <= exponent; i++) {
        out.put('0');
      }
    } else {
      out.putAscii(digits.substring(0, exponent + 1)).put('.').putAscii(digits.substring(exponent + 1));
    }
  }

  /// Significant digits without trailing zeros; `exponent` is that of the first digit.
  private record Decimal(String digits, int exponent) {
    static Decimal of(String javaText) {
      int e = javaText.indexOf('E');
      String mantissa = e < 0 ? javaText : javaText.substring(0, e);
      int exponent = e < 0 ? 0 : Integer.parseInt(javaText, e + 1, javaText.length(), 10);
      int point = mantissa.indexOf('.');
      String all = mantissa.substring(0, point) + mantissa.substring(point + 1);
      int first = 0;
      while (first < all.length() - 1 && all.charAt(first) == '0') {
        first++;
      }
      int end = all.length();
      while (end > first + 1 && all.charAt(end - 1) == '0') {
        end--;
      }
      return new Decimal(all.substring(first, end), exponent + point - 1 - first);
    }

    Decimal[] neighboursOfOneDigit() {
      int tens = digits.charAt(0) - '0';
      boolean up = digits.charAt(1) >= '5';
      Decimal low = new Decimal(String.valueOf(tens), exponent);
      Decimal high = tens == 9 ? new Decimal("1", exponent + 1) : new Decimal(String.valueOf(tens + 1), exponent);
      return up ? new Decimal[] {high, low} : new Decimal[] {low, high};
    }

    BigDecimal toBigDecimal() {
      return new BigDecimal(digits).scaleByPowerOfTen(exponent - digits.length() + 1);
    }

    Decimal strictlyBetween(BigDecimal low, BigDecimal high, BigDecimal exact, int maxDigits) {
      BigDecimal own = toBigDecimal();
      if (own.compareTo(low) > 0 && own.compareTo(high) < 0) {
        return this;
      }
      for (int precision = digits.length(); precision <= maxDigits; precision++) {
        BigDecimal candidate = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
        if (candidate.compareTo(low) > 0 && candidate.compareTo(high) < 0) {
          BigDecimal stripped = candidate.stripTrailingZeros();
          return new Decimal(stripped.unscaledValue().toString(), stripped.precision() - stripped.scale() - 1);
        }
      }
      return this;
    }
  }

  static double parseDouble(String text, String typeName) {
    String body = text.strip();
    double value = parseBody(body, text, typeName);
    if (Double.isInfinite(value) && !isWord(body) || value == 0 && hasNonZeroDigit(body)) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"" + text + "\" is out of range for type " + typeName);
    }
    return value;
  }

  static float parseFloat(String text) {
    String body = text.strip();
    double wide = parseBody(body, text, "real");
    if (isWord(body) || Double.isNaN(wide)) {
      return (float) wide;
    }
    float value = Float.parseFloat(javaForm(body));
    if (Float.isInfinite(value) || value == 0 && hasNonZeroDigit(body)) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"" + text + "\" is out of range for type real");
    }
    return value;
  }

  private static double parseBody(String body, String text, String typeName) {
    if (isWord(body)) {
      int sign = body.startsWith("-") ? -1 : 1;
      String word = body.startsWith("-") || body.startsWith("+") ? body.substring(1) : body;
      if (word.equalsIgnoreCase("nan")) {
        return Double.NaN;
      }
      if (word.equalsIgnoreCase("infinity") || word.equalsIgnoreCase("inf")) {
        return sign * Double.POSITIVE_INFINITY;
      }
      throw TypeErrors.invalidSyntax(typeName, text);
    }
    boolean hex = body.length() > 2 && (body.contains("0x") || body.contains("0X"));
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (!(c >= '0' && c <= '9' || c == '.' || c == '+' || c == '-' || c == 'e' || c == 'E'
          || hex && (Character.digit(c, 16) >= 0 || c == 'x' || c == 'X' || c == 'p' || c == 'P'))) {
        throw TypeErrors.invalidSyntax(typeName, text);
      }
    }
    try {
      return Double.parseDouble(javaForm(body));
    } catch (NumberFormatException e) {
      throw TypeErrors.invalidSyntax(typeName, text);
    }
  }

  /// C allows a hexadecimal number without a binary exponent.
  private static String javaForm(String body) {
    boolean hex = body.contains("0x") || body.contains("0X");
    return hex && body.indexOf('p') < 0 && body.indexOf('P') < 0 ? body + "p0" : body;
  }

  private static boolean isWord(String body) {
    int start = body.startsWith("-") || body.startsWith("+") ? 1 : 0;
    return body.length() > start && Character.isLetter(body.charAt(start));
  }

  private static boolean hasNonZeroDigit(String body) {
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == 'e' || c == 'E') {
        return false;
      }
      if (c >= '1' && c <= '9') {
        return true;
      }
    }
    return false;
  }
}
