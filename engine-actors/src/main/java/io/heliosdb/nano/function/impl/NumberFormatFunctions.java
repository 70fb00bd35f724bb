package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;

import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Typmods;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// to_char of numbers and to_number.
public final class NumberFormatFunctions implements Builtins.Family {
  private static final int DOUBLE_DIGITS = 15;
  private static final int FLOAT_DIGITS = 6;

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "int4_to_char" -> binary((a, format) -> integer(((Integer) a).longValue(), (String) format, true));
      case "int8_to_char" -> binary((a, format) -> integer((Long) a, (String) format, false));
      case "numeric_to_char" -> binary((a, format) -> numeric((Numeric) a, (String) format));
      case "float8_to_char" -> binary((a, format) -> floating((Double) a, (String) format, DOUBLE_DIGITS));
      case "float4_to_char" -> binary((a, format) -> floating((Float) a, (String) format, FLOAT_DIGITS));
      case "numeric_to_number" -> binary((a, format) -> toNumber((String) a, (String) format));
      default -> null;
    };
  }

  private static String roman(long value) {
    if (value < 1 || value > 3999) {
      return "#".repeat(15);
    }
    String[][] digits = {
      {"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}, {"", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"},
      {"", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"}, {"", "M", "MM", "MMM"}};
    int n = (int) value;
    return digits[3][n / 1000] + digits[2][n / 100 % 10] + digits[1][n / 10 % 10] + digits[0][n % 10];
  }

  /// The plain digits fitted to the template: padded, or all `#` when they are too many.
  private static String fitted(NumberFormat format, String plain, int pre, int post) {
    char sign = plain.startsWith("-") ? '-' : '+';
    String digits = sign == '-' ? plain.substring(1) : plain;
    int point = digits.indexOf('.');
    int integerDigits = point < 0 ? digits.length() : point;
    if (integerDigits > pre) {
      digits = "#".repeat(pre) + "." + "#".repeat(post);
    }
    return NumberWriter.write(format, pre, post, digits, sign, Math.max(0, pre - integerDigits));
  }

  private static @Nullable String integer(long value, String pattern, boolean narrow) {
    NumberFormat format = NumberFormat.of(pattern);
    if (format.roman()) {
      return NumberWriter.writeRoman(format, roman(value));
    }
    if (format.exponent()) {
      return scientific(BigDecimal.valueOf(value), format.post());
    }
    int pre = format.pre();
    long scaled = value;
    if (format.multiplied()) {
      double factor = Math.pow(10, format.multi());
      scaled = IntegerArithmetic.multiply8(value, (long) factor);
      scaled = narrow ? IntegerArithmetic.to4(scaled) : scaled;
      pre += format.multi();
    }
    String plain = Long.toString(scaled);
    if (format.post() > 0) {
      plain += "." + "0".repeat(format.post());
    }
    return fitted(format, plain, pre, format.post());
  }

  private static @Nullable String numeric(Numeric value, String pattern) {
    NumberFormat format = NumberFormat.of(pattern);
    if (format.roman()) {
      return NumberWriter.writeRoman(format,
          roman(value.round(0).toLongRounded("integer", Integer.MIN_VALUE, Integer.MAX_VALUE)));
    }
    if (format.exponent()) {
      return value.isFinite() ? scientific(value.toBigDecimal(), format.post()) : filled(format);
    }
    int pre = format.pre();
    Numeric scaled = value;
    if (format.multiplied()) {
      scaled = value.multiply(Numeric.of(java.math.BigInteger.TEN.pow(format.multi()), 0));
      pre += format.multi();
    }
    return fitted(format, scaled.round(format.post()).toString(), pre, format.post());
  }

  private static @Nullable String floating(double value, String pattern, int precision) {
    NumberFormat format = NumberFormat.of(pattern);
    if (format.roman()) {
      return NumberWriter.writeRoman(format, roman(NumberConversions.toInt4(value)));
    }
    boolean finite = !Double.isNaN(value) && !Double.isInfinite(value);
    if (format.exponent()) {
      return finite ? scientific(new BigDecimal(value), format.post()) : filled(format);
    }
    int pre = format.pre();
    double scaled = value;
    if (format.multiplied()) {
      scaled = value * Math.pow(10, format.multi());
      scaled = precision == FLOAT_DIGITS ? (float) scaled : scaled;
      pre += format.multi();
    }
    finite = !Double.isNaN(scaled) && !Double.isInfinite(scaled);
    int digits = finite ? fixed(Math.abs(scaled), 0).length() : Double.isNaN(scaled) ? 3 : 8;
    int post = digits >= precision ? 0 : Math.min(format.post(), precision - digits);
    String plain = finite ? fixed(scaled, post) : Double.isNaN(scaled) ? "NaN" : scaled > 0 ? "Infinity" : "-Infinity";
    return fitted(format, plain, pre, post);
  }

  /// C's `%.*f`: exact value rounded half to even; keeps the sign of a negative value that rounds to zero.
  private static String fixed(double value, int decimals) {
    String text = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    return value < 0 && !text.startsWith("-") || value == 0 && 1 / value < 0 ? "-" + text : text;
  }

  private static String filled(NumberFormat format) {
    StringBuilder out = new StringBuilder("#".repeat(format.pre() + format.post() + 6));
    out.setCharAt(0, ' ');
    out.setCharAt(format.pre() + 1, '.');
    return out.toString();
  }

  /// `-1.23e+04`, a space where there is no minus.
  private static String scientific(BigDecimal value, int decimals) {
    if (value.signum() == 0) {
      return " " + BigDecimal.ZERO.setScale(decimals).toPlainString() + "e+00";
    }
    BigDecimal rounded = value.round(new MathContext(decimals + 1, RoundingMode.HALF_UP));
    int exponent = rounded.precision() - rounded.scale() - 1;
    BigDecimal mantissa = rounded.movePointLeft(exponent).setScale(decimals, RoundingMode.HALF_UP);
    String sign = value.signum() < 0 ? "" : " ";
    return sign + mantissa.toPlainString() + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
  }

  private static @Nullable Object toNumber(String text, String pattern) {
    if (pattern.isEmpty()) {
      return null;
    }
    NumberFormat format = NumberFormat.of(pattern);
    NumberReader.Read read = NumberReader.read(format, text);
    int precision = format.pre() + format.multi() + read.decimals();
    Numeric value = Numeric.parse(read.number());
    if (precision >= 1 && precision <= Numeric.MAX_PRECISION) {
      value = (Numeric) Typmods.apply(PgTypes.NUMERIC, value, (precision << 16 | read.decimals()) + 4, false);
    }
    if (!format.multiplied()) {
      return value;
    }
    // The power of ten has PostgreSQL's 16 decimals at least.
    int scale = Math.max(16, format.multi());
    return value.multiply(Numeric.of(java.math.BigInteger.TEN.pow(scale - format.multi()), scale));
  }
}
