package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/// Roots, powers, exponentials and logarithms of [Numeric], with the number of decimals PostgreSQL gives the results: at least
/// 16 significant digits and no fewer decimals than the arguments have.
///
/// Values are computed with some digits more than are shown and rounded once. Errors: 2201E logarithm of zero or a negative
/// number, 2201F powers and roots without a real result, 22003 overflow.
public final class NumericMath {
  private static final int GUARD_DIGITS = 12;
  private static final double LOG10_E = 0.434294481903252;
  private static final int MAX_RESULT_SCALE = 2000;
  private static final BigDecimal ALMOST_ONE = new BigDecimal("0.9");
  private static final BigDecimal ABOVE_ONE = new BigDecimal("1.1");

  private NumericMath() {}

  private static SqlException noLogarithm(String what) {
    return new SqlException(SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of " + what);
  }

  private static SqlException noPower(String message) {
    return new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION, message);
  }

  private static int clampScale(int scale, Numeric... arguments) {
    int result = scale;
    for (Numeric argument : arguments) {
      result = Math.max(result, argument.scale());
    }
    return Math.clamp(result, 0, Numeric.MAX_PRECISION);
  }

  private static Numeric rounded(BigDecimal value, int scale) {
    return Numeric.of(value.setScale(scale, RoundingMode.HALF_UP));
  }

  public static Numeric sqrt(Numeric value) {
    if (value.isNaN() || value.isInfinite() && value.signum() > 0) {
      return value;
    }
    if (value.signum() < 0) {
      throw noPower("cannot take square root of a negative number");
    }
    int weight = value.isZero() ? 0 : value.weight();
    int scale = clampScale(Numeric.MIN_SIGNIFICANT_DIGITS - ((weight + 1) * 4 / 2 - 1), value);
    BigInteger square = value.toBigDecimal().movePointRight(2 * scale).toBigInteger();
    BigInteger root = square.sqrt();
    if (square.subtract(root.multiply(root)).compareTo(root) > 0) {
      root = root.add(BigInteger.ONE);
    }
    return Numeric.of(root, scale);
  }

  public static Numeric exp(Numeric value) {
    if (!value.isFinite()) {
      return value.signum() < 0 ? Numeric.ZERO : value;
    }
    double estimate = Math.clamp(value.doubleValue() * LOG10_E, -MAX_RESULT_SCALE, MAX_RESULT_SCALE);
    int scale = clampScale(Numeric.MIN_SIGNIFICANT_DIGITS - (int) estimate, value);
    checkExponent(value.doubleValue());
    if (value.doubleValue() < -3.01 * MAX_RESULT_SCALE) {
      return Numeric.of(0L, scale);
    }
    return rounded(exp(value.toBigDecimal(), Math.max(0, (int) estimate) + scale + GUARD_DIGITS), scale);
  }

  private static void checkExponent(double exponent) {
    if (exponent > 3.01 * MAX_RESULT_SCALE) {
      throw Numeric.overflow();
    }
  }

  /// e^x with about `digits` significant digits.
  private static BigDecimal exp(BigDecimal x, int digits) {
    int halvings = Math.max(0, x.precision() - x.scale()) * 4 + 6;
    MathContext context = new MathContext(Math.max(digits, 1) + halvings / 3 + 8);
    BigDecimal small = x.divide(BigDecimal.TWO.pow(halvings), context);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    BigDecimal tiny = BigDecimal.ONE.movePointLeft(context.getPrecision() + 2);
    for (int i = 1; ; i++) {
      term = term.multiply(small, context).divide(BigDecimal.valueOf(i), context);
      if (term.abs().compareTo(tiny) < 0) {
        break;
      }
      sum = sum.add(term, context);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, context);
    }
    return sum;
  }

  private static void checkLogarithm(Numeric value) {
    if (value.signum() < 0) {
      throw noLogarithm("a negative number");
    }
    if (value.isZero()) {
      throw noLogarithm("zero");
    }
  }

  public static Numeric ln(Numeric value) {
    if (value.isNaN()) {
      return value;
    }
    checkLogarithm(value);
    if (value.isInfinite()) {
      return value;
    }
    int scale = clampScale(Numeric.MIN_SIGNIFICANT_DIGITS - weightOfLn(value), value);
    return rounded(ln(value.toBigDecimal(), scale + GUARD_DIGITS), scale);
  }

  /// Decimal weight of ln(value), estimated from its first digits as PostgreSQL does.
  private static int weightOfLn(Numeric value) {
    BigDecimal decimal = value.toBigDecimal();
    if (decimal.signum() <= 0) {
      return 0;
    }
    if (decimal.compareTo(ALMOST_ONE) >= 0 && decimal.compareTo(ABOVE_ONE) <= 0) {
      BigDecimal distance = decimal.subtract(BigDecimal.ONE);
      return distance.signum() == 0 ? 0 : distance.precision() - distance.scale() - 1;
    }
    int exponent = decimal.precision() - decimal.scale() - 1;
    double first = decimal.movePointLeft(exponent).doubleValue();
    return (int) Math.log10(Math.abs(Math.log(first) + exponent * Math.log(10)));
  }

  /// ln(x) with about `decimals` correct decimals.
  private static BigDecimal ln(BigDecimal x, int decimals) {
    int roots = 0;
    int integerDigits = 6 + String.valueOf(Math.abs(x.scale()) + x.precision()).length();
    MathContext context = new MathContext(Math.max(decimals, 1) + integerDigits + 12);
    BigDecimal near = x;
    while (near.compareTo(ALMOST_ONE) < 0 || near.compareTo(ABOVE_ONE) > 0) {
      near = near.sqrt(context);
      roots++;
    }
    // ln(x) = 2 artanh((x - 1) / (x + 1))
    BigDecimal ratio = near.subtract(BigDecimal.ONE).divide(near.add(BigDecimal.ONE), context);
    BigDecimal square = ratio.multiply(ratio, context);
    BigDecimal power = ratio;
    BigDecimal sum = ratio;
    BigDecimal tiny = BigDecimal.ONE.movePointLeft(context.getPrecision() + 2);
    for (int i = 3; power.abs().compareTo(tiny) > 0; i += 2) {
      power = power.multiply(square, context);
      sum = sum.add(power.divide(BigDecimal.valueOf(i), context), context);
    }
    return sum.multiply(BigDecimal.TWO.pow(roots + 1), context);
  }

  public static Numeric log(Numeric base, Numeric value) {
    if (base.isNaN() || value.isNaN()) {
      return Numeric.NAN;
    }
    checkLogarithm(base);
    checkLogarithm(value);
    if (base.isInfinite()) {
      return value.isInfinite() ? Numeric.NAN : Numeric.ZERO;
    }
    if (value.isInfinite()) {
      return Numeric.POSITIVE_INFINITY;
    }
    int baseWeight = weightOfLn(base);
    int valueWeight = weightOfLn(value);
    int scale = clampScale(Numeric.MIN_SIGNIFICANT_DIGITS - (valueWeight - baseWeight), base, value);
    BigDecimal lnBase = ln(base.toBigDecimal(), scale + GUARD_DIGITS + Math.abs(baseWeight) + Math.abs(valueWeight));
    if (lnBase.setScale(scale + GUARD_DIGITS, RoundingMode.HALF_UP).signum() == 0) {
      throw TypeErrors.divisionByZero();
    }
    BigDecimal lnValue = ln(value.toBigDecimal(), scale + GUARD_DIGITS + Math.abs(baseWeight) + Math.abs(valueWeight));
    return Numeric.of(lnValue.divide(lnBase, scale, RoundingMode.HALF_UP));
  }

  public static Numeric power(Numeric base, Numeric exponent) {
    if (!base.isFinite() || !exponent.isFinite()) {
      return powerOfSpecial(base, exponent);
    }
    if (base.isZero() && exponent.signum() < 0) {
      throw noPower("zero raised to a negative power is undefined");
    }
    if (exponent.isIntegral()) {
      BigDecimal whole = exponent.toBigDecimal();
      if (whole.compareTo(BigDecimal.valueOf(Integer.MIN_VALUE)) >= 0 && whole.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
        return power(base, whole.intValue());
      }
    }
    if (base.isZero()) {
      return Numeric.of(0L, Numeric.MIN_SIGNIFICANT_DIGITS);
    }
    boolean negative = false;
    if (base.signum() < 0) {
      if (!exponent.isIntegral()) {
        throw noPower("a negative number raised to a non-integer power yields a complex result");
      }
      negative = exponent.toBigDecimal().toBigInteger().testBit(0);
      base = base.negate();
    }
    BigDecimal factor = exponent.toBigDecimal();
    int factorDigits = Math.max(0, factor.precision() - factor.scale());
    double estimate = ln(base.toBigDecimal(), 8 + Math.max(0, -weightOfLn(base)) + factorDigits).multiply(factor).doubleValue();
    checkExponent(estimate);
    if (estimate < -3.01 * MAX_RESULT_SCALE) {
      return Numeric.of(0L, Numeric.MAX_PRECISION);
    }
    double weight = estimate * LOG10_E;
    int scale = clampScale(Numeric.MIN_SIGNIFICANT_DIGITS - (int) weight, base, exponent);
    int digits = Math.max(0, (int) weight) + scale + GUARD_DIGITS;
    BigDecimal result = exp(ln(base.toBigDecimal(), digits + factorDigits).multiply(factor), digits);
    Numeric rounded = rounded(result, scale);
    return negative ? rounded.negate() : rounded;
  }

  private static Numeric power(Numeric base, int exponent) {
    int scale = clampScale(Numeric.MIN_SIGNIFICANT_DIGITS, base);
    if (exponent == 0) {
      return Numeric.ONE.withScale(scale);
    }
    if (base.isZero()) {
      return Numeric.of(0L, scale);
    }
    BigDecimal value = base.toBigDecimal();
    double digits = exponent * (Math.log10(Math.abs(value.unscaledValue().doubleValue())) - value.scale());
    if (Double.isInfinite(value.unscaledValue().doubleValue())) {
      digits = (double) exponent * (value.precision() - value.scale());
    }
    if (digits > 131_072 + 4) {
      throw Numeric.overflow();
    }
    if (digits + 1 < -scale || digits + 1 < -Numeric.MAX_PRECISION) {
      return Numeric.of(0L, scale);
    }
    MathContext context = new MathContext(
        1 + scale + Math.max(0, (int) digits) + GUARD_DIGITS + (int) Math.log10(Math.abs((double) exponent)));
    long left = Math.abs((long) exponent);
    BigDecimal result = BigDecimal.ONE;
    BigDecimal factor = value;
    while (left > 0) {
      if ((left & 1) != 0) {
        result = result.multiply(factor, context);
      }
      left >>= 1;
      if (left > 0) {
        factor = factor.multiply(factor, context);
      }
    }
    if (exponent < 0) {
      result = BigDecimal.ONE.divide(result, context);
    }
    return rounded(result, scale);
  }

  private static Numeric powerOfSpecial(Numeric base, Numeric exponent) {
    if (base.isNaN()) {
      return exponent.isFinite() && exponent.isZero() ? Numeric.ONE : Numeric.NAN;
    }
    if (exponent.isNaN()) {
      return base.equals(Numeric.ONE) ? Numeric.ONE : Numeric.NAN;
    }
    if (exponent.isInfinite()) {
      Numeric magnitude = base.abs();
      int order = magnitude.compareTo(Numeric.ONE);
      if (base.isZero() && exponent.signum() < 0) {
        throw noPower("zero raised to a negative power is undefined");
      }
      if (order == 0) {
        return Numeric.ONE;
      }
      return order > 0 == exponent.signum() > 0 ? Numeric.POSITIVE_INFINITY : Numeric.ZERO;
    }
    if (exponent.isZero()) {
      return Numeric.ONE;
    }
    if (base.signum() > 0) {
      return exponent.signum() > 0 ? Numeric.POSITIVE_INFINITY : Numeric.ZERO;
    }
    if (!exponent.isIntegral()) {
      throw noPower("a negative number raised to a non-integer power yields a complex result");
    }
    if (exponent.signum() < 0) {
      return Numeric.ZERO;
    }
    return exponent.toBigDecimal().toBigInteger().testBit(0) ? Numeric.NEGATIVE_INFINITY : Numeric.POSITIVE_INFINITY;
  }

  public static Numeric factorial(long n) {
    if (n < 0) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "factorial of a negative number is undefined");
    }
    if (n > 32177) {
      throw Numeric.overflow();
    }
    return Numeric.of(product(1, Math.max(n, 1)), 0);
  }

  /// The product of a range of numbers, halves first, which keeps the factors of like size.
  private static BigInteger product(long from, long to) {
    if (to - from < 8) {
      BigInteger result = BigInteger.valueOf(from);
      for (long i = from + 1; i <= to; i++) {
        result = result.multiply(BigInteger.valueOf(i));
      }
      return result;
    }
    long middle = (from + to) >>> 1;
    return product(from, middle).multiply(product(middle + 1, to));
  }

  public static Numeric gcd(Numeric a, Numeric b) {
    if (!a.isFinite() || !b.isFinite()) {
      return Numeric.NAN;
    }
    int scale = Math.max(a.scale(), b.scale());
    return Numeric.of(a.withScale(scale).unscaledBig().gcd(b.withScale(scale).unscaledBig()), scale);
  }

  public static Numeric lcm(Numeric a, Numeric b) {
    if (!a.isFinite() || !b.isFinite()) {
      return Numeric.NAN;
    }
    int scale = Math.max(a.scale(), b.scale());
    if (a.isZero() || b.isZero()) {
      return Numeric.of(0L, scale);
    }
    BigInteger x = a.withScale(scale).unscaledBig();
    BigInteger y = b.withScale(scale).unscaledBig();
    return Numeric.of(x.divide(x.gcd(y)).multiply(y).abs(), scale);
  }
}
