package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.ternary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgTypes;
import org.jspecify.annotations.Nullable;

/// Transition and final functions of PostgreSQL's aggregates that work on arrays and plain values, for CREATE AGGREGATE. The built-in
/// aggregates do not use them.
public final class TransitionFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "booland_statefunc" -> binary((a, b) -> (Boolean) a && (Boolean) b);
      case "boolor_statefunc" -> binary((a, b) -> (Boolean) a || (Boolean) b);
      case "int2_sum", "int4_sum" -> binary((a, b) -> a == null ? b == null ? null : (Object) (long) (Integer) b
          : b == null ? a : IntegerArithmetic.add8((Long) a, (Integer) b));
      case "int8_sum" -> binary((a, b) -> a == null ? b == null ? null : Numeric.of((Long) b)
          : b == null ? a : ((Numeric) a).add(Numeric.of((Long) b)));
      case "int2_avg_accum", "int4_avg_accum" -> binary((state, value) -> counted(state, 1, (Integer) value));
      case "int2_avg_accum_inv", "int4_avg_accum_inv" -> binary((state, value) -> counted(state, -1, -(long) (Integer) value));
      case "int4_avg_combine" -> binary((a, b) -> counted(a, number(b, 0), number(b, 1)));
      case "int8_avg" -> unary(state -> number(state, 0) == 0 ? null : Numeric.of(number(state, 1)).divide(Numeric.of(number(state, 0))));
      case "int2int4_sum" -> unary(state -> number(state, 0) == 0 ? null : (Object) number(state, 1));
      case "int8inc_float8_float8" -> ternary((count, y, x) -> IntegerArithmetic.add8((Long) count, 1));
      case "float8_accum", "float4_accum" -> binary((state, value) -> accumulate(state, ((Number) value).doubleValue()));
      case "float8_avg" -> moments(3, 1, s -> s[1] / s[0]);
      case "float8_var_pop" -> moments(3, 1, s -> s[2] / s[0]);
      case "float8_var_samp" -> moments(3, 2, s -> s[2] / (s[0] - 1));
      case "float8_stddev_pop" -> moments(3, 1, s -> Math.sqrt(s[2] / s[0]));
      case "float8_stddev_samp" -> moments(3, 2, s -> Math.sqrt(s[2] / (s[0] - 1)));
      case "float8_combine" -> binary(TransitionFunctions::combine);
      case "float8_regr_accum" -> ternary(TransitionFunctions::regression);
      case "float8_regr_combine" -> binary(TransitionFunctions::combineRegression);
      case "float8_regr_sxx" -> moments(6, 1, s -> s[2]);
      case "float8_regr_syy" -> moments(6, 1, s -> s[4]);
      case "float8_regr_sxy" -> moments(6, 1, s -> s[5]);
      case "float8_regr_avgx" -> moments(6, 1, s -> s[1] / s[0]);
      case "float8_regr_avgy" -> moments(6, 1, s -> s[3] / s[0]);
      case "float8_covar_pop" -> moments(6, 1, s -> s[5] / s[0]);
      case "float8_covar_samp" -> moments(6, 2, s -> s[5] / (s[0] - 1));
      case "float8_corr" -> moments(6, 1, s -> s[2] == 0 || s[4] == 0 ? null : (Double) (s[5] / Math.sqrt(s[2] * s[4])));
      case "float8_regr_r2" -> moments(6, 1, s -> s[2] == 0 ? null : s[4] == 0 ? (Double) 1.0 : (Double) (s[5] * s[5] / (s[2] * s[4])));
      case "float8_regr_slope" -> moments(6, 1, s -> s[2] == 0 ? null : (Double) (s[5] / s[2]));
      case "float8_regr_intercept" -> moments(6, 1, s -> s[2] == 0 ? null : (Double) ((s[3] - s[1] * s[5] / s[2]) / s[0]));
      default -> null;
    };
  }

  private static long number(@Nullable Object state, int index) {
    PgArray array = (PgArray) state;
    if (array.size() != 2 || array.containsNull()) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "expected 2-element int8 array");
    }
    return (Long) array.element(index);
  }

  private static PgArray counted(@Nullable Object state, long count, long sum) {
    return PgArray.of(PgTypes.INT8, number(state, 0) + count, IntegerArithmetic.add8(number(state, 1), sum));
  }

  @FunctionalInterface
  private interface Final {
    @Nullable Double of(double[] state);
  }

  /// NULL with fewer rows than `least`.
  private static Implementation moments(int size, int least, Final body) {
    return unary(state -> {
      double[] s = doubles(state, size);
      return s[0] < least ? null : body.of(s);
    });
  }

  private static double[] doubles(@Nullable Object state, int size) {
    PgArray array = (PgArray) state;
    if (array.dimensions() != 1 || array.size() != size || array.containsNull()) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "float8_accum: expected " + size + "-element float8 array");
    }
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = (Double) array.element(i);
    }
    return values;
  }

  private static PgArray array(double... values) {
    Object[] boxed = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      boxed[i] = values[i];
    }
    return PgArray.of(PgTypes.FLOAT8, boxed);
  }

  private static PgArray accumulate(@Nullable Object state, double value) {
    double[] s = doubles(state, 3);
    double n = s[0] + 1;
    double sum = s[1] + value;
    double squares = s[2];
    if (s[0] > 0) {
      double deviation = value * n - sum;
      squares += deviation * deviation / (n * s[0]);
      if (Double.isInfinite(sum) || Double.isInfinite(squares)) {
        if (!Double.isInfinite(s[1]) && !Double.isInfinite(value)) {
          throw FloatArithmetic.overflow();
        }
        squares = Double.NaN;
      }
    } else if (Double.isNaN(value) || Double.isInfinite(value)) {
      squares = Double.NaN;
    }
    return array(n, sum, squares);
  }

  private static PgArray combine(@Nullable Object a, @Nullable Object b) {
    double[] x = doubles(a, 3);
    double[] y = doubles(b, 3);
    if (x[0] == 0 || y[0] == 0) {
      return x[0] == 0 ? (PgArray) b : (PgArray) a;
    }
    double n = x[0] + y[0];
    double difference = x[1] / x[0] - y[1] / y[0];
    return array(n, FloatArithmetic.add(x[1], y[1]), x[2] + y[2] + x[0] * y[0] * difference * difference / n);
  }

  private static PgArray regression(@Nullable Object state, @Nullable Object yValue, @Nullable Object xValue) {
    double[] s = doubles(state, 6);
    double y = (Double) yValue;
    double x = (Double) xValue;
    double n = s[0] + 1;
    double sx = s[1] + x;
    double sy = s[3] + y;
    double sxx = s[2];
    double syy = s[4];
    double sxy = s[5];
    if (s[0] > 0) {
      double dx = x * n - sx;
      double dy = y * n - sy;
      double scale = 1.0 / (n * s[0]);
      sxx += dx * dx * scale;
      syy += dy * dy * scale;
      sxy += dx * dy * scale;
    } else {
      boolean badX = Double.isNaN(x) || Double.isInfinite(x);
      boolean badY = Double.isNaN(y) || Double.isInfinite(y);
      sxx = badX ? Double.NaN : sxx;
      syy = badY ? Double.NaN : syy;
      sxy = badX || badY ? Double.NaN : sxy;
    }
    return array(n, sx, sxx, sy, syy, sxy);
  }

  private static PgArray combineRegression(@Nullable Object a, @Nullable Object b) {
    double[] x = doubles(a, 6);
    double[] y = doubles(b, 6);
    if (x[0] == 0 || y[0] == 0) {
      return x[0] == 0 ? (PgArray) b : (PgArray) a;
    }
    double n = x[0] + y[0];
    double dx = x[1] / x[0] - y[1] / y[0];
    double dy = x[3] / x[0] - y[3] / y[0];
    double weight = x[0] * y[0] / n;
    return array(n, x[1] + y[1], x[2] + y[2] + weight * dx * dx, x[3] + y[3], x[4] + y[4] + weight * dy * dy,
        x[5] + y[5] + weight * dx * dy);
  }
}
