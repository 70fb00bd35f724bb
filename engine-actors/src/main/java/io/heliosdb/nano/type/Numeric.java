package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// A value of type numeric: `unscaled * 10^-scale`, or NaN, or an infinity. Immutable.
///
/// The unscaled value is a `long` while it fits and a BigInteger beyond. `scale` is the number of digits shown after the
/// point (0 to 16383); equality, order and hash ignore it, so 1.0 equals 1.00. NaN equals NaN and is above everything.
/// Results have the scales PostgreSQL gives them ([NumericMath] holds the transcendental functions).
/// Errors: 22003 past 131072 digits before the point, 22012 on division by zero.
/// Source: PostgreSQL 15 manual, "Arbitrary Precision Numbers"; `src/backend/utils/adt/numeric.c` for scales.
public final class Numeric extends Number implements Comparable<Numeric> {
  public static final int MAX_SCALE = 16383;
  /// PostgreSQL's NUMERIC_MAX_DISPLAY_SCALE and largest declarable precision.
  public static final int MAX_PRECISION = 1000;
  static final int MIN_SIGNIFICANT_DIGITS = 16;
  private static final int MAX_INTEGER_DIGITS = 131072;

  private static final long serialVersionUID = 1;
  private static final byte FINITE = 0;
  private static final byte NEGATIVE = 1;
  private static final byte POSITIVE = 2;
  private static final byte NOT_A_NUMBER = 3;
  private static final long[] POWERS = new long[19];
  private static final BigInteger[] BIG_POWERS = new BigInteger[64];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
    BIG_POWERS[0] = BigInteger.ONE;
    for (int i = 1; i < BIG_POWERS.length; i++) {
      BIG_POWERS[i] = BIG_POWERS[i - 1].multiply(BigInteger.TEN);
    }
  }

  public static final Numeric NAN = new Numeric(0, null, 0, NOT_A_NUMBER);
  public static final Numeric POSITIVE_INFINITY = new Numeric(0, null, 0, POSITIVE);
  public static final Numeric NEGATIVE_INFINITY = new Numeric(0, null, 0, NEGATIVE);
  public static final Numeric ZERO = new Numeric(0, null, 0, FINITE);
  public static final Numeric ONE = new Numeric(1, null, 0, FINITE);
  public static final Numeric TEN = new Numeric(10, null, 0, FINITE);

  private final long unscaled;
  private final @Nullable BigInteger big;
  private final int scale;
  private final byte kind;

  private Numeric(long unscaled, @Nullable BigInteger big, int scale, byte kind) {
    this.unscaled = unscaled;
    this.big = big;
    this.scale = scale;
    this.kind = kind;
  }

  public static Numeric of(long value) {
    return value == 0 ? ZERO : value == 1 ? ONE : new Numeric(value, null, 0, FINITE);
  }

  /// `unscaled * 10^-scale` with `scale` from 0 to 16383.
  public static Numeric of(long unscaled, int scale) {
    return scale == 0 ? of(unscaled) : new Numeric(unscaled, null, scale, FINITE);
  }

  public static Numeric of(BigInteger unscaled, int scale) {
    if (unscaled.bitLength() < 64) {
      return of(unscaled.longValue(), scale);
    }
    if (unscaled.bitLength() > 3.321 * (MAX_INTEGER_DIGITS - 1 + scale)
        && unscaled.abs().compareTo(pow10(MAX_INTEGER_DIGITS + scale)) >= 0) {
      throw overflow();
    }
    return new Numeric(0, unscaled, scale, FINITE);
  }

  /// The decimal's own scale is shown; a negative one becomes 0.
  public static Numeric of(BigDecimal value) {
    BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
    if (plain.scale() > MAX_SCALE) {
      plain = plain.setScale(MAX_SCALE, RoundingMode.HALF_UP);
    }
    return of(plain.unscaledValue(), plain.scale());
  }

  static SqlException overflow() {
    return new SqlException(
        SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
  }

  static BigInteger pow10(int exponent) {
    return exponent < BIG_POWERS.length ? BIG_POWERS[exponent] : BigInteger.TEN.pow(exponent);
  }

  public boolean isNaN() {
    return kind == NOT_A_NUMBER;
  }

  public boolean isInfinite() {
    return kind == POSITIVE || kind == NEGATIVE;
  }

  public boolean isFinite() {
    return kind == FINITE;
  }

  public boolean isZero() {
    return kind == FINITE && big == null && unscaled == 0;
  }

  /// Digits shown after the point.
  public int scale() {
    return scale;
  }

  /// -1, 0 or 1; 1 for NaN.
  public int signum() {
    return switch (kind) {
      case FINITE -> big != null ? big.signum() : Long.signum(unscaled);
      case NEGATIVE -> -1;
      default -> 1;
    };
  }

  /// Whether the unscaled value fits a long ([#unscaledLong]); false for NaN and infinities.
  public boolean isCompact() {
    return kind == FINITE && big == null;
  }

  public long unscaledLong() {
    return unscaled;
  }

  public BigInteger unscaledBig() {
    return big != null ? big : BigInteger.valueOf(unscaled);
  }

  /// @throws ArithmeticException for NaN and infinities
  public BigDecimal toBigDecimal() {
    if (kind != FINITE) {
      throw new ArithmeticException(toString());
    }
    return big != null ? new BigDecimal(big, scale) : BigDecimal.valueOf(unscaled, scale);
  }

  // ---------------------------------------------------------------- arithmetic

  public Numeric negate() {
    return switch (kind) {
      case FINITE -> big == null && unscaled != Long.MIN_VALUE ? of(-unscaled, scale) : of(unscaledBig().negate(), scale);
      case NEGATIVE -> POSITIVE_INFINITY;
      case POSITIVE -> NEGATIVE_INFINITY;
      default -> NAN;
    };
  }

  public Numeric abs() {
    return signum() < 0 ? negate() : this;
  }

  public Numeric add(Numeric other) {
    if ((kind | other.kind) != FINITE) {
      return addSpecial(other);
    }
    if (big == null && other.big == null) {
      int common = Math.max(scale, other.scale);
      int up = common - scale;
      int otherUp = common - other.scale;
      if (up < POWERS.length && otherUp < POWERS.length) {
        long high = Math.multiplyHigh(unscaled, POWERS[up]);
        long a = unscaled * POWERS[up];
        long otherHigh = Math.multiplyHigh(other.unscaled, POWERS[otherUp]);
        long b = other.unscaled * POWERS[otherUp];
        long sum = a + b;
        if (high == a >> 63 && otherHigh == b >> 63 && ((a ^ sum) & (b ^ sum)) >= 0) {
          return of(sum, common);
        }
      }
    }
    return of(toBigDecimal().add(other.toBigDecimal()));
  }

  private Numeric addSpecial(Numeric other) {
    if (isNaN() || other.isNaN()) {
      return NAN;
    }
    if (isInfinite()) {
      return other.isInfinite() && other.kind != kind ? NAN : this;
    }
    return other;
  }

  public Numeric subtract(Numeric other) {
    return add(other.negate());
  }

  public Numeric multiply(Numeric other) {
    if ((kind | other.kind) != FINITE) {
      if (isNaN() || other.isNaN()) {
        return NAN;
      }
      int sign = signum() * other.signum();
      return sign == 0 ? NAN : sign > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
    }
    int newScale = scale + other.scale;
    if (big == null && other.big == null && newScale <= MAX_SCALE) {
      long high = Math.multiplyHigh(unscaled, other.unscaled);
      long low = unscaled * other.unscaled;
      if (high == low >> 63) {
        return of(low, newScale);
      }
    }
    return of(toBigDecimal().multiply(other.toBigDecimal()));
  }

  /// The quotient with at least 16 significant digits and no fewer decimals than either side (PostgreSQL's rule).
  public Numeric divide(Numeric other) {
    if ((kind | other.kind) != FINITE) {
      return divideSpecial(other);
    }
    if (other.isZero()) {
      throw TypeErrors.divisionByZero();
    }
    return divide(other, divisionScale(other));
  }

  Numeric divide(Numeric other, int resultScale) {
    return of(toBigDecimal().divide(other.toBigDecimal(), resultScale, RoundingMode.HALF_UP));
  }

  private Numeric divideSpecial(Numeric other) {
    if (isNaN() || other.isNaN()) {
      return NAN;
    }
    if (isInfinite()) {
      if (other.isInfinite()) {
        return NAN;
      }
      if (other.isZero()) {
        throw TypeErrors.divisionByZero();
      }
      return signum() * other.signum() > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
    }
    return ZERO;
  }

  /// PostgreSQL's select_div_scale, which counts in groups of four decimal digits.
  int divisionScale(Numeric divisor) {
    int weight = isZero() ? 0 : weight();
    int quotientWeight = weight - divisor.weight();
    int first = isZero() ? 0 : leadingGroup(weight);
    if (first <= divisor.leadingGroup(divisor.weight())) {
      quotientWeight--;
    }
    int result = MIN_SIGNIFICANT_DIGITS - quotientWeight * 4;
    result = Math.max(Math.max(result, scale), Math.max(divisor.scale, 0));
    return Math.min(result, MAX_PRECISION);
  }

  /// Number of significant decimal digits of the unscaled value; 1 for zero.
  public int precision() {
    if (big == null) {
      return unscaled == Long.MIN_VALUE ? 19 : ByteSink.digitCount(Math.abs(unscaled));
    }
    return new BigDecimal(big).precision();
  }

  /// Decimal exponent of the leading digit; for a non-zero value.
  int exponent() {
    return precision() - scale - 1;
  }

  /// Weight of the leading group of four digits, as PostgreSQL's base-10000 form has it.
  int weight() {
    return Math.floorDiv(exponent(), 4);
  }

  private int leadingGroup(int weight) {
    int shift = weight * 4 + scale;
    if (big == null) {
      long magnitude = Math.abs(unscaled);
      return shift < 0 ? (int) (magnitude * POWERS[-shift]) : shift < 19 ? (int) (Math.abs(unscaled / POWERS[shift])) : 0;
    }
    BigInteger magnitude = big.abs();
    return (shift < 0 ? magnitude.multiply(pow10(-shift)) : magnitude.divide(pow10(shift))).intValue();
  }

  /// The integer quotient, truncated towards zero.
  public Numeric divideToInteger(Numeric other) {
    if ((kind | other.kind) != FINITE) {
      return divideSpecial(other);
    }
    if (other.isZero()) {
      throw TypeErrors.divisionByZero();
    }
    return of(toBigDecimal().divide(other.toBigDecimal(), 0, RoundingMode.DOWN));
  }

  /// The remainder with the sign of the dividend.
  public Numeric mod(Numeric other) {
    if ((kind | other.kind) != FINITE) {
      if (isNaN() || other.isNaN()) {
        return NAN;
      }
      if (isInfinite()) {
        if (other.isZero()) {
          throw TypeErrors.divisionByZero();
        }
        return NAN;
      }
      return this;
    }
    if (other.isZero()) {
      throw TypeErrors.divisionByZero();
    }
    int newScale = Math.max(scale, other.scale);
    if (big == null && other.big == null && scale == other.scale) {
      return of(unscaled % other.unscaled, newScale);
    }
    return of(toBigDecimal().remainder(other.toBigDecimal()).setScale(newScale));
  }

  /// Rounds half away from zero to `places` decimals, which may be negative; the result shows `max(places, 0)` decimals.
  public Numeric round(int places) {
    return rescale(places, RoundingMode.HALF_UP);
  }

  public Numeric truncate(int places) {
    return rescale(places, RoundingMode.DOWN);
  }

  public Numeric ceil() {
    return rescale(0, RoundingMode.CEILING);
  }

  public Numeric floor() {
    return rescale(0, RoundingMode.FLOOR);
  }

  private Numeric rescale(int places, RoundingMode mode) {
    if (kind != FINITE) {
      return this;
    }
    int target = Math.clamp(places, -MAX_INTEGER_DIGITS - 1, MAX_SCALE);
    if (target == scale) {
      return this;
    }
    if (target > scale && big == null && target - scale < POWERS.length) {
      long factor = POWERS[target - scale];
      long high = Math.multiplyHigh(unscaled, factor);
      long low = unscaled * factor;
      if (high == low >> 63) {
        return of(low, target);
      }
    }
    BigDecimal value = toBigDecimal().setScale(target, mode);
    return of(target < 0 ? value.setScale(0) : value);
  }

  /// The same value shown with `newScale` decimals, at least as many as are needed.
  public Numeric withScale(int newScale) {
    return round(newScale);
  }

  /// The same value with trailing fractional zeros removed.
  public Numeric trimScale() {
    return kind != FINITE ? this : truncate(minScale());
  }

  /// The fewest decimals that show the value exactly.
  public int minScale() {
    if (isZero() || kind != FINITE) {
      return 0;
    }
    int least = scale;
    if (big == null) {
      long rest = unscaled;
      while (least > 0 && rest % 10 == 0) {
        rest /= 10;
        least--;
      }
      return least;
    }
    return Math.max(0, toBigDecimal().stripTrailingZeros().scale());
  }

  /// Whether there is nothing after the point.
  public boolean isIntegral() {
    return kind == FINITE && minScale() == 0;
  }

  // ---------------------------------------------------------------- conversion

  /// The value rounded to a long.
  ///
  /// @param typeName as in "cannot convert NaN to integer" and "integer out of range"
  public long toLongRounded(String typeName, long min, long max) {
    if (kind != FINITE) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
          "cannot convert " + (isNaN() ? "NaN" : "infinity") + " to " + typeName);
    }
    Numeric rounded = round(0);
    if (rounded.big != null || rounded.unscaled < min || rounded.unscaled > max) {
      throw TypeErrors.outOfRange(typeName);
    }
    return rounded.unscaled;
  }

  /// Nearest double; values beyond its range become infinite.
  @Override
  public double doubleValue() {
    return switch (kind) {
      case FINITE -> big == null && scale == 0 && Math.abs(unscaled) < 1L << 53 ? unscaled : toBigDecimal().doubleValue();
      case NEGATIVE -> Double.NEGATIVE_INFINITY;
      case POSITIVE -> Double.POSITIVE_INFINITY;
      default -> Double.NaN;
    };
  }

  @Override
  public float floatValue() {
    return kind == FINITE ? toBigDecimal().floatValue() : (float) doubleValue();
  }

  /// Truncated like a narrowing conversion; SQL casts use [#toLongRounded].
  @Override
  public long longValue() {
    return kind != FINITE ? 0 : scale == 0 && big == null ? unscaled : toBigDecimal().longValue();
  }

  @Override
  public int intValue() {
    return (int) longValue();
  }

  /// The numeric that PostgreSQL makes of a double: 15 significant digits.
  public static Numeric ofDouble(double value) {
    if (Double.isNaN(value)) {
      return NAN;
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
    }
    return of(trimmed(new BigDecimal(value).round(new java.math.MathContext(15, RoundingMode.HALF_EVEN))));
  }

  /// The numeric that PostgreSQL makes of a float: 6 significant digits.
  public static Numeric ofFloat(float value) {
    if (Float.isNaN(value)) {
      return NAN;
    }
    if (Float.isInfinite(value)) {
      return value > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
    }
    return of(trimmed(new BigDecimal(value).round(new java.math.MathContext(6, RoundingMode.HALF_EVEN))));
  }

  private static BigDecimal trimmed(BigDecimal value) {
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    return value.scale() > 0 ? value.stripTrailingZeros() : value;
  }

  /// Reads PostgreSQL's input syntax: sign, digits, point, exponent, or NaN, Infinity, inf in any case.
  ///
  /// @throws SqlException 22P02 or 22003
  public static Numeric parse(String text) {
    return NumericText.parse(text);
  }

  /// Appends the value as PostgreSQL prints it: never with an exponent.
  public void format(ByteSink out) {
    NumericText.format(this, out);
  }

  // ---------------------------------------------------------------- order

  @Override
  public int compareTo(Numeric other) {
    if ((kind | other.kind) != FINITE) {
      return Integer.compare(rank(), other.rank());
    }
    if (big == null && other.big == null) {
      if (scale == other.scale) {
        return Long.compare(unscaled, other.unscaled);
      }
      int sign = Long.signum(unscaled);
      if (sign != Long.signum(other.unscaled)) {
        return Integer.compare(sign, Long.signum(other.unscaled));
      }
      int up = other.scale - scale;
      if (up > 0 && up < POWERS.length) {
        return compareScaled(unscaled, POWERS[up], other.unscaled);
      }
      if (up < 0 && -up < POWERS.length) {
        return -compareScaled(other.unscaled, POWERS[-up], unscaled);
      }
    }
    return toBigDecimal().compareTo(other.toBigDecimal());
  }

  private static int compareScaled(long value, long factor, long other) {
    long high = Math.multiplyHigh(value, factor);
    long low = value * factor;
    if (high != low >> 63) {
      return high < 0 ? -1 : 1;
    }
    return Long.compare(low, other);
  }

  private int rank() {
    return switch (kind) {
      case NEGATIVE -> -1;
      case FINITE -> 0;
      case POSITIVE -> 1;
      default -> 2;
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Numeric n && compareTo(n) == 0;
  }

  @Override
  public int hashCode() {
    if (kind != FINITE) {
      return kind;
    }
    if (big == null) {
      long value = unscaled;
      for (int left = scale; left > 0 && value % 10 == 0; left--) {
        value /= 10;
      }
      // The scale that is left follows from the value unless trailing zeros remain, so the digits alone serve.
      return Long.hashCode(value * 0x9e3779b97f4a7c15L >>> 7);
    }
    BigDecimal stripped = toBigDecimal().stripTrailingZeros();
    if (stripped.scale() < 0) {
      stripped = stripped.setScale(0);
    }
    BigInteger digits = stripped.unscaledValue();
    return digits.bitLength() < 64 ? Long.hashCode(digits.longValue() * 0x9e3779b97f4a7c15L >>> 7) : digits.hashCode();
  }

  @Override
  public String toString() {
    ByteSink out = new ByteSink(24);
    format(out);
    return out.toString();
  }
}
