package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.aggregate;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.Implementation.Accumulator;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.Vector;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// count, sum and avg. sum of smallint and integer is bigint, of bigint numeric; avg of integers and numeric is numeric with the
/// scale of a division. NULL of no rows, except count.
public final class SumAggregates implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "agg:count" -> aggregate(function.argumentTypes().isEmpty()
          ? (context, site) -> new Count(false) : (context, site) -> new Count(true));
      case "agg:sum" -> switch (function.argumentTypes().getFirst()) {
        case 21, 23 -> aggregate((context, site) -> new IntegerSum(IntegerSum.Result.BIGINT));
        case 20 -> aggregate((context, site) -> new IntegerSum(IntegerSum.Result.NUMERIC));
        case 1700 -> aggregate((context, site) -> new NumericSum(false));
        case 700 -> aggregate((context, site) -> new RealSum());
        case 701 -> aggregate((context, site) -> new DoubleSum());
        case 790 -> aggregate((context, site) -> new MoneySum());
        case 1186 -> aggregate((context, site) -> new IntervalSum(false));
        case 8000 -> aggregate((context, site) -> new VectorSum(false));
        default -> null;
      };
      case "agg:avg" -> switch (function.argumentTypes().getFirst()) {
        case 21, 23, 20 -> aggregate((context, site) -> new IntegerSum(IntegerSum.Result.AVERAGE));
        case 1700 -> aggregate((context, site) -> new NumericSum(true));
        case 1186 -> aggregate((context, site) -> new IntervalSum(true));
        case 8000 -> aggregate((context, site) -> new VectorSum(true));
        default -> null;
      };
      default -> null;
    };
  }

  private static final class Count implements Accumulator {
    private final boolean ofArgument;
    private long count;

    Count(boolean ofArgument) {
      this.ofArgument = ofArgument;
    }

    @Override
    public boolean skipsNulls() {
      return ofArgument;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      count++;
    }

    @Override
    public Object result() {
      return count;
    }

    @Override
    public void remove(@Nullable Object[] arguments) {
      count--;
    }

    @Override
    public boolean invertible() {
      return true;
    }

    @Override
    public void combine(Accumulator other) {
      count += ((Count) other).count;
    }

    @Override
    public boolean combinable() {
      return true;
    }
  }

  /// Exact sum of integers in 128 bits.
  static final class IntegerSum implements Accumulator {
    enum Result { BIGINT, NUMERIC, AVERAGE }

    private final Result kind;
    private long count;
    private long low;
    private long high;

    IntegerSum(Result kind) {
      this.kind = kind;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      count++;
      accumulate(((Number) arguments[0]).longValue());
    }

    private void accumulate(long value) {
      long sum = low + value;
      high += (value >> 63) + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
      low = sum;
    }

    @Override
    public @Nullable Object result() {
      if (count == 0) {
        return null;
      }
      if (kind == Result.BIGINT) {
        if (high != low >> 63) {
          throw io.heliosdb.nano.type.TypeErrors.outOfRange("bigint");
        }
        return low;
      }
      Numeric sum = high == low >> 63 ? Numeric.of(low) : Numeric.of(big(), 0);
      return kind == Result.NUMERIC ? sum : sum.divide(Numeric.of(count));
    }

    private BigInteger big() {
      BigInteger unsignedLow = BigInteger.valueOf(low >>> 1).shiftLeft(1).add(BigInteger.valueOf(low & 1));
      return BigInteger.valueOf(high).shiftLeft(64).add(unsignedLow);
    }

    @Override
    public void remove(@Nullable Object[] arguments) {
      count--;
      long value = ((Number) arguments[0]).longValue();
      long difference = low - value;
      high -= (value >> 63) + (Long.compareUnsigned(low, value) < 0 ? 1 : 0);
      low = difference;
    }

    @Override
    public boolean invertible() {
      return true;
    }

    @Override
    public void combine(Accumulator other) {
      IntegerSum that = (IntegerSum) other;
      count += that.count;
      long sum = low + that.low;
      high += that.high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
      low = sum;
    }

    @Override
    public boolean combinable() {
      return true;
    }
  }

  /// Sum or average of numerics: a long while the values share a scale and fit, [Numeric] beyond. The sum shows the largest scale.
  private static final class NumericSum implements Accumulator {
    private final boolean average;
    private long count;
    private long compact;
    private int scale;
    private Numeric rest = Numeric.ZERO;

    NumericSum(boolean average) {
      this.average = average;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      count++;
      accumulate((Numeric) arguments[0]);
    }

    private void accumulate(Numeric value) {
      if (value.isCompact() && value.scale() == scale) {
        long sum = compact + value.unscaledLong();
        if (((compact ^ sum) & (value.unscaledLong() ^ sum)) >= 0) {
          compact = sum;
          return;
        }
      }
      if (value.isCompact() && compact == 0 && value.scale() > scale) {
        scale = value.scale();
        compact = value.unscaledLong();
        return;
      }
      rest = rest.add(value);
    }

    private Numeric sum() {
      return rest.add(Numeric.of(compact, scale));
    }

    @Override
    public @Nullable Object result() {
      if (count == 0) {
        return null;
      }
      return average ? sum().divide(Numeric.of(count)) : sum();
    }

    @Override
    public void combine(Accumulator other) {
      NumericSum that = (NumericSum) other;
      count += that.count;
      rest = rest.add(that.sum());
    }

    @Override
    public boolean combinable() {
      return true;
    }
  }

  private static final class RealSum implements Accumulator {
    private boolean any;
    private float sum;

    @Override
    public void add(@Nullable Object[] arguments) {
      float value = (Float) arguments[0];
      sum = any ? FloatArithmetic.add4(sum, value) : value;
      any = true;
    }

    @Override
    public @Nullable Object result() {
      return any ? sum : null;
    }
  }

  private static final class DoubleSum implements Accumulator {
    private boolean any;
    private double sum;

    @Override
    public void add(@Nullable Object[] arguments) {
      double value = (Double) arguments[0];
      sum = any ? FloatArithmetic.add(sum, value) : value;
      any = true;
    }

    @Override
    public @Nullable Object result() {
      return any ? sum : null;
    }

    @Override
    public void combine(Accumulator other) {
      DoubleSum that = (DoubleSum) other;
      if (that.any) {
        add(new Object[] {that.sum});
      }
    }

    @Override
    public boolean combinable() {
      return true;
    }
  }

  private static final class MoneySum implements Accumulator {
    private boolean any;
    private long sum;

    @Override
    public void add(@Nullable Object[] arguments) {
      long value = (Long) arguments[0];
      sum = IntegerArithmetic.add8(sum, value);
      any = true;
    }

    @Override
    public @Nullable Object result() {
      return any ? sum : null;
    }
  }

  private static final class IntervalSum implements Accumulator {
    private final boolean average;
    private long count;
    private int months;
    private int days;
    private long micros;

    IntervalSum(boolean average) {
      this.average = average;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      count++;
      accumulate((Interval) arguments[0], 1);
    }

    @Override
    public void remove(@Nullable Object[] arguments) {
      count--;
      accumulate((Interval) arguments[0], -1);
    }

    private void accumulate(Interval value, int sign) {
      try {
        months = Math.addExact(months, Math.multiplyExact(sign, value.months()));
        days = Math.addExact(days, Math.multiplyExact(sign, value.days()));
        micros = Math.addExact(micros, Math.multiplyExact(sign, value.micros()));
      } catch (ArithmeticException e) {
        throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "interval out of range");
      }
    }

    @Override
    public boolean invertible() {
      return true;
    }

    @Override
    public @Nullable Object result() {
      if (count == 0) {
        return null;
      }
      Interval sum = Interval.of(months, days, micros);
      return average ? Calls.binary("interval_div", sum, (double) count) : sum;
    }
  }

  private static final class VectorSum implements Accumulator {
    private final boolean average;
    private long count;
    private double @Nullable [] sum;

    VectorSum(boolean average) {
      this.average = average;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      Vector value = (Vector) arguments[0];
      if (sum == null) {
        sum = new double[value.dimensions()];
      }
      VectorFunctions.checkSameDimensions(sum.length, value.dimensions());
      for (int i = 0; i < sum.length; i++) {
        sum[i] += value.get(i);
      }
      count++;
    }

    @Override
    public @Nullable Object result() {
      if (sum == null) {
        return null;
      }
      float[] result = new float[sum.length];
      for (int i = 0; i < result.length; i++) {
        result[i] = (float) (average ? sum[i] / count : sum[i]);
        if (Float.isInfinite(result[i])) {
          throw FloatArithmetic.overflow();
        }
      }
      return Vector.of(result);
    }
  }
}
