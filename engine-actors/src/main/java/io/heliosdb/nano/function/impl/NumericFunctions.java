package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.NumericMath;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.Values;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Mathematical functions of numeric, width_bucket and random numbers. Source: PostgreSQL 15 manual, section 9.3.
public final class NumericFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "numeric_ceil" -> unary(a -> ((Numeric) a).ceil());
      case "numeric_floor" -> unary(a -> ((Numeric) a).floor());
      case "numeric_round" -> binary((a, places) -> ((Numeric) a).round(Math.clamp((Integer) places, -131_073, 16_383)));
      case "numeric_trunc" -> binary((a, places) -> ((Numeric) a).truncate(Math.clamp((Integer) places, -131_073, 16_383)));
      case "sql:round" -> unary(a -> ((Numeric) a).round(0));
      case "sql:trunc" -> unary(a -> ((Numeric) a).truncate(0));
      case "numeric_sign" -> unary(a -> ((Numeric) a).isNaN() ? a : Numeric.of(((Numeric) a).signum()));
      case "numeric_sqrt" -> unary(a -> NumericMath.sqrt((Numeric) a));
      case "numeric_exp" -> unary(a -> NumericMath.exp((Numeric) a));
      case "numeric_ln" -> unary(a -> NumericMath.ln((Numeric) a));
      case "numeric_log" -> binary((base, a) -> NumericMath.log((Numeric) base, (Numeric) a));
      case "sql:log", "sql:log10" -> unary(a -> NumericMath.log(Numeric.TEN, (Numeric) a));
      case "numeric_power" -> binary((a, b) -> NumericMath.power((Numeric) a, (Numeric) b));
      case "numeric_div_trunc" -> binary((a, b) -> ((Numeric) a).divideToInteger((Numeric) b));
      case "numeric_fac" -> unary(a -> NumericMath.factorial((Long) a));
      case "numeric_gcd" -> binary((a, b) -> NumericMath.gcd((Numeric) a, (Numeric) b));
      case "numeric_lcm" -> binary((a, b) -> NumericMath.lcm((Numeric) a, (Numeric) b));
      case "numeric_scale" -> unary(a -> ((Numeric) a).isFinite() ? ((Numeric) a).scale() : null);
      case "numeric_min_scale" -> unary(a -> ((Numeric) a).isFinite() ? ((Numeric) a).minScale() : null);
      case "numeric_trim_scale" -> unary(a -> ((Numeric) a).trimScale());
      case "width_bucket_numeric" -> contextual((c, s, a) -> bucket((Numeric) a[0], (Numeric) a[1], (Numeric) a[2], (Integer) a[3]));
      case "width_bucket_float8" -> contextual((c, s, a) -> bucket((Double) a[0], (Double) a[1], (Double) a[2], (Integer) a[3]));
      case "width_bucket_array" -> contextual(NumericFunctions::bucketOfThresholds);
      case "drandom" -> (Implementation.Nullary) context -> context.random().nextDouble();
      case "setseed" -> contextual((c, s, a) -> setSeed(c, (Double) a[0]));
      default -> null;
    };
  }

  private static String setSeed(CallContext context, double seed) {
    if (!(seed >= -1 && seed <= 1)) {
      throw TypeErrors.invalidParameter("setseed parameter " + NumberText.general(seed) + " is out of allowed range [-1,1]");
    }
    context.setSeed(seed);
    return "";
  }

  private static SqlException bucketError(String message) {
    return new SqlException(SqlState.INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, message);
  }

  private static int bucket(Numeric operand, Numeric low, Numeric high, int count) {
    if (count <= 0) {
      throw bucketError("count must be greater than zero");
    }
    if (operand.isNaN() || low.isNaN() || high.isNaN()) {
      throw bucketError("operand, lower bound, and upper bound cannot be NaN");
    }
    if (low.isInfinite() || high.isInfinite()) {
      throw bucketError("lower and upper bounds must be finite");
    }
    int direction = low.compareTo(high);
    if (direction == 0) {
      throw bucketError("lower bound cannot equal upper bound");
    }
    int belowLow = operand.compareTo(low);
    int belowHigh = operand.compareTo(high);
    if (direction < 0 ? belowLow < 0 : belowLow > 0) {
      return 0;
    }
    if (direction < 0 ? belowHigh >= 0 : belowHigh <= 0) {
      return IntegerArithmetic.to4(count + 1L);
    }
    BigDecimal start = low.toBigDecimal();
    BigDecimal scaled = operand.toBigDecimal().subtract(start).multiply(BigDecimal.valueOf(count));
    return scaled.divide(high.toBigDecimal().subtract(start), 0, RoundingMode.FLOOR).intValue() + 1;
  }

  private static int bucket(double operand, double low, double high, int count) {
    if (count <= 0) {
      throw bucketError("count must be greater than zero");
    }
    if (Double.isNaN(operand) || Double.isNaN(low) || Double.isNaN(high)) {
      throw bucketError("operand, lower bound, and upper bound cannot be NaN");
    }
    if (Double.isInfinite(low) || Double.isInfinite(high)) {
      throw bucketError("lower and upper bounds must be finite");
    }
    if (low == high) {
      throw bucketError("lower bound cannot equal upper bound");
    }
    boolean ascending = low < high;
    if (ascending ? operand < low : operand > low) {
      return 0;
    }
    if (ascending ? operand >= high : operand <= high) {
      return IntegerArithmetic.to4(count + 1L);
    }
    // Halved when the distance overflows.
    double half = Double.isInfinite(high - low) ? 0.5 : 1;
    return (int) (count * ((operand * half - low * half) / (high * half - low * half))) + 1;
  }

  private static Integer bucketOfThresholds(CallContext context, CallSite site, @Nullable Object[] a) {
    PgArray thresholds = (PgArray) a[1];
    if (thresholds.dimensions() > 1) {
      throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "thresholds must be one-dimensional array");
    }
    if (thresholds.containsNull()) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "thresholds array must not contain NULLs");
    }
    int low = 0;
    int high = thresholds.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Values.compare(thresholds.elementType(), a[0], thresholds.element(middle), site.collationOid()) < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
