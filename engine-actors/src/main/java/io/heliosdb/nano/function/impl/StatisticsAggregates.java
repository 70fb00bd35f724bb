package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.aggregate;

import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.Implementation.Accumulator;
import io.heliosdb.nano.type.Numeric;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Variance, standard deviation, avg of floats, correlation and regression.
///
/// Floats follow Youngs and Cramer (as PostgreSQL does, so that results agree to the last digit); integers and numerics are exact
/// up to the final division. Source: Youngs, Cramer, "Some results relevant to choice of sum and sum-of-product algorithms", 1971.
public final class StatisticsAggregates implements Builtins.Family {
  private enum Kind { AVG, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP }

  private enum Regression { COUNT, AVGX, AVGY, SXX, SYY, SXY, COVAR_POP, COVAR_SAMP, CORR, SLOPE, INTERCEPT, R2 }

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "agg:avg" -> function.argumentTypes().getFirst() == 700 || function.argumentTypes().getFirst() == 701
          ? aggregate((context, site) -> new DoubleMoments(Kind.AVG)) : null;
      case "agg:variance", "agg:var_samp" -> moments(function, Kind.VAR_SAMP);
      case "agg:var_pop" -> moments(function, Kind.VAR_POP);
      case "agg:stddev", "agg:stddev_samp" -> moments(function, Kind.STDDEV_SAMP);
      case "agg:stddev_pop" -> moments(function, Kind.STDDEV_POP);
      case "agg:corr", "agg:covar_pop", "agg:covar_samp", "agg:regr_count", "agg:regr_avgx", "agg:regr_avgy", "agg:regr_sxx",
          "agg:regr_syy", "agg:regr_sxy", "agg:regr_slope", "agg:regr_intercept", "agg:regr_r2" -> {
        Regression kind = Regression.valueOf(symbol.substring(symbol.startsWith("agg:regr_") ? 9 : 4).toUpperCase(Locale.ROOT));
        yield aggregate((context, site) -> new RegressionMoments(kind));
      }
      default -> null;
    };
  }

  private static Implementation moments(FunctionDef function, Kind kind) {
    return switch (function.argumentTypes().getFirst()) {
      case 700, 701 -> aggregate((context, site) -> new DoubleMoments(kind));
      case 1700 -> aggregate((context, site) -> new NumericMoments(kind));
      default -> aggregate((context, site) -> new IntegerMoments(kind));
    };
  }

  private static final class DoubleMoments implements Accumulator {
    private final Kind kind;
    private double n;
    private double sx;
    private double sxx;

    DoubleMoments(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      double value = ((Number) arguments[0]).doubleValue();
      double before = n;
      double sxBefore = sx;
      n += 1;
      sx += value;
      if (before > 0) {
        double deviation = value * n - sx;
        sxx += deviation * deviation / (n * before);
        if (Double.isInfinite(sx) || Double.isInfinite(sxx)) {
          if (!Double.isInfinite(sxBefore) && !Double.isInfinite(value)) {
            throw FloatArithmetic.overflow();
          }
          sxx = Double.NaN;
        }
      } else if (Double.isNaN(value) || Double.isInfinite(value)) {
        sxx = Double.NaN;
      }
    }

    @Override
    public @Nullable Object result() {
      return switch (kind) {
        case AVG -> n == 0 ? null : sx / n;
        case VAR_POP -> n == 0 ? null : sxx / n;
        case VAR_SAMP -> n <= 1 ? null : sxx / (n - 1);
        case STDDEV_POP -> n == 0 ? null : Math.sqrt(sxx / n);
        case STDDEV_SAMP -> n <= 1 ? null : Math.sqrt(sxx / (n - 1));
      };
    }
  }

  /// The formula shared by integers and numerics, from the count, the sum and the sum of squares.
  private static @Nullable Object exactResult(Kind kind, long count, Numeric sum, Numeric squares) {
    boolean sample = kind == Kind.VAR_SAMP || kind == Kind.STDDEV_SAMP;
    if (count == 0 || sample && count == 1) {
      return null;
    }
    if (!sum.isFinite() || !squares.isFinite()) {
      return Numeric.NAN;
    }
    Numeric n = Numeric.of(count);
    Numeric numerator = n.multiply(squares).subtract(sum.multiply(sum));
    if (numerator.signum() <= 0) {
      return Numeric.ZERO;
    }
    Numeric variance = numerator.divide(sample ? n.multiply(Numeric.of(count - 1)) : n.multiply(n));
    return kind == Kind.STDDEV_SAMP || kind == Kind.STDDEV_POP ? squareRoot(variance) : variance;
  }

  /// The square root with the scale of its argument, rounded half up.
  private static Numeric squareRoot(Numeric value) {
    int scale = value.scale();
    BigInteger scaled = value.unscaledBig().multiply(BigInteger.TEN.pow(scale + 2));
    return Numeric.of(new BigDecimal(scaled.sqrt(), scale + 1).setScale(scale, RoundingMode.HALF_UP));
  }

  private static final class NumericMoments implements Accumulator {
    private final Kind kind;
    private long count;
    private Numeric sum = Numeric.ZERO;
    private Numeric squares = Numeric.ZERO;

    NumericMoments(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      Numeric value = (Numeric) arguments[0];
      count++;
      sum = sum.add(value);
      squares = squares.add(value.multiply(value));
    }

    @Override
    public @Nullable Object result() {
      return exactResult(kind, count, sum, squares);
    }
  }

  private static final class IntegerMoments implements Accumulator {
    private final Kind kind;
    private final SumAggregates.IntegerSum sum = new SumAggregates.IntegerSum(SumAggregates.IntegerSum.Result.NUMERIC);
    private long count;
    private long squaresLow;
    private BigInteger squaresRest = BigInteger.ZERO;

    IntegerMoments(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      count++;
      sum.add(arguments);
      square(((Number) arguments[0]).longValue(), 1);
    }

    @Override
    public void remove(@Nullable Object[] arguments) {
      count--;
      sum.remove(arguments);
      square(((Number) arguments[0]).longValue(), -1);
    }

    private void square(long value, int sign) {
      long square = value * value;
      long next = squaresLow + sign * square;
      if (Math.multiplyHigh(value, value) == 0 && square >= 0 && (sign > 0 ? next >= squaresLow : next <= squaresLow && next >= 0)) {
        squaresLow = next;
      } else {
        BigInteger big = BigInteger.valueOf(value);
        squaresRest = sign > 0 ? squaresRest.add(big.multiply(big)) : squaresRest.subtract(big.multiply(big));
      }
    }

    @Override
    public boolean invertible() {
      return true;
    }

    @Override
    public @Nullable Object result() {
      Object total = sum.result();
      return total == null ? null : exactResult(kind, count, (Numeric) total, Numeric.of(squaresRest.add(BigInteger.valueOf(squaresLow)), 0));
    }
  }

  /// Sums over pairs (y, x).
  private static final class RegressionMoments implements Accumulator {
    private final Regression kind;
    private double n;
    private double sx;
    private double sxx;
    private double sy;
    private double syy;
    private double sxy;

    RegressionMoments(Regression kind) {
      this.kind = kind;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      double y = (Double) arguments[0];
      double x = (Double) arguments[1];
      double before = n;
      double sxBefore = sx;
      double syBefore = sy;
      n += 1;
      sx += x;
      sy += y;
      if (before > 0) {
        double dx = x * n - sx;
        double dy = y * n - sy;
        double scale = 1.0 / (n * before);
        sxx += dx * dx * scale;
        syy += dy * dy * scale;
        sxy += dx * dy * scale;
        checkOverflow(x, y, sxBefore, syBefore);
        return;
      }
      if (Double.isNaN(x) || Double.isInfinite(x)) {
        sxx = sxy = Double.NaN;
      }
      if (Double.isNaN(y) || Double.isInfinite(y)) {
        syy = sxy = Double.NaN;
      }
    }

    private void checkOverflow(double x, double y, double sxBefore, double syBefore) {
      boolean finiteX = !Double.isInfinite(sxBefore) && !Double.isInfinite(x);
      boolean finiteY = !Double.isInfinite(syBefore) && !Double.isInfinite(y);
      if ((Double.isInfinite(sx) || Double.isInfinite(sxx)) && finiteX
          || (Double.isInfinite(sy) || Double.isInfinite(syy)) && finiteY || Double.isInfinite(sxy) && finiteX && finiteY) {
        throw FloatArithmetic.overflow();
      }
      sxx = Double.isInfinite(sxx) ? Double.NaN : sxx;
      syy = Double.isInfinite(syy) ? Double.NaN : syy;
      sxy = Double.isInfinite(sxy) ? Double.NaN : sxy;
    }

    @Override
    public @Nullable Object result() {
      if (kind == Regression.COUNT) {
        return (long) n;
      }
      if (n < 1) {
        return null;
      }
      return switch (kind) {
        case COUNT -> (long) n;
        case AVGX -> sx / n;
        case AVGY -> sy / n;
        case SXX -> sxx;
        case SYY -> syy;
        case SXY -> sxy;
        case COVAR_POP -> sxy / n;
        case COVAR_SAMP -> n < 2 ? null : sxy / (n - 1);
        case CORR -> sxx == 0 || syy == 0 ? null : sxy / Math.sqrt(sxx * syy);
        case SLOPE -> sxx == 0 ? null : sxy / sxx;
        case INTERCEPT -> sxx == 0 ? null : (sy - sx * sxy / sxx) / n;
        case R2 -> sxx == 0 ? null : syy == 0 ? 1.0 : sxy * sxy / (sxx * syy);
      };
    }
  }
}
