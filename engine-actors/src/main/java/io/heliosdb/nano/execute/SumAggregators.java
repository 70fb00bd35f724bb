package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.Numeric;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Sums and averages of all groups of a call, in arrays of primitives.
final class SumAggregators {
  private SumAggregators() {}

  /// Sum and average of integers. The sum is a 128-bit number in two longs, so nothing overflows.
  static final class OfLongs extends Aggregators {
    private final boolean average;
    private final boolean narrow;
    private long[] low = {};
    private long[] high = {};
    private long[] counts = {};

    /// @param narrow arguments of 32 bits: the result is a bigint
    OfLongs(boolean average, boolean narrow) {
      this.average = average;
      this.narrow = narrow;
    }

    @Override
    void ensure(int groups) {
      if (low.length < groups) {
        int size = grown(low.length, groups);
        low = Arrays.copyOf(low, size);
        high = Arrays.copyOf(high, size);
        counts = Arrays.copyOf(counts, size);
      }
    }

    @Override
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int @Nullable [] groups) {
      ColumnVector vector = arguments[0];
      boolean[] nulls = vector.nulls;
      if (vector instanceof ColumnVector.Ints ints) {
        if (groups == null) {
          addInts(ints.values, nulls, rows, count);
        } else {
          addInts(ints.values, nulls, rows, count, groups);
        }
        return;
      }
      long[] values = ((ColumnVector.Longs) vector).values;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (nulls == null || !nulls[r]) {
          int g = groups == null ? 0 : groups[i];
          addTo(g, values[r]);
          counts[g]++;
        }
      }
    }

    /// A batch of 32-bit values cannot overflow a long.
    private void addInts(int[] values, boolean @Nullable [] nulls, int @Nullable [] rows, int count) {
      long sum = 0;
      long added = 0;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (nulls == null || !nulls[r]) {
          sum += values[r];
          added++;
        }
      }
      addTo(0, sum);
      counts[0] += added;
    }

    private void addInts(int[] values, boolean @Nullable [] nulls, int @Nullable [] rows, int count, int[] groups) {
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (nulls == null || !nulls[r]) {
          int g = groups[i];
          addTo(g, values[r]);
          counts[g]++;
        }
      }
    }

    private void addTo(int g, long value) {
      long before = low[g];
      long sum = before + value;
      if (((before ^ sum) & (value ^ sum)) < 0) {
        // The low half wrapped: the true sum differs by 2^64.
        high[g] += value < 0 ? -1 : 1;
      }
      low[g] = sum;
    }

    @Override
    void merge(Aggregators other, int from, int count, int[] to) {
      OfLongs o = (OfLongs) other;
      for (int i = 0; i < count; i++) {
        addTo(to[i], o.low[from + i]);
        high[to[i]] += o.high[from + i];
        counts[to[i]] += o.counts[from + i];
      }
    }

    @Override
    @Nullable Object result(int group) {
      if (counts[group] == 0) {
        return null;
      }
      Numeric sum;
      if (high[group] == 0) {
        if (narrow && !average) {
          return low[group];
        }
        sum = Numeric.of(low[group]);
      } else {
        if (narrow && !average) {
          throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range");
        }
        sum = Numeric.of(BigInteger.valueOf(high[group]).shiftLeft(64).add(BigInteger.valueOf(low[group])), 0);
      }
      return average ? sum.divide(Numeric.of(counts[group])) : sum;
    }
  }

  /// Sum and average of floats, added as PostgreSQL adds them.
  static final class OfDoubles extends Aggregators {
    private final boolean average;
    private double[] sums = {};
    private long[] counts = {};
    private boolean[] infiniteSeen = {};

    OfDoubles(boolean average) {
      this.average = average;
    }

    @Override
    void ensure(int groups) {
      if (sums.length < groups) {
        int size = grown(sums.length, groups);
        sums = Arrays.copyOf(sums, size);
        counts = Arrays.copyOf(counts, size);
        infiniteSeen = Arrays.copyOf(infiniteSeen, size);
      }
    }

    @Override
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int @Nullable [] groups) {
      ColumnVector vector = arguments[0];
      boolean[] nulls = vector.nulls;
      if (vector instanceof ColumnVector.Doubles doubles) {
        double[] values = doubles.values;
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          if (nulls == null || !nulls[r]) {
            add(groups == null ? 0 : groups[i], values[r]);
          }
        }
        return;
      }
      float[] values = ((ColumnVector.Floats) vector).values;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (nulls == null || !nulls[r]) {
          add(groups == null ? 0 : groups[i], values[r]);
        }
      }
    }

    private void add(int group, double value) {
      double sum = sums[group] + value;
      sums[group] = sum;
      counts[group]++;
      if (Double.isInfinite(sum)) {
        infiniteSeen[group] |= Double.isInfinite(value);
        check(group);
      }
    }

    private void check(int group) {
      if (Double.isInfinite(sums[group]) && !infiniteSeen[group]) {
        throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
      }
    }

    @Override
    void merge(Aggregators other, int from, int count, int[] to) {
      OfDoubles o = (OfDoubles) other;
      for (int i = 0; i < count; i++) {
        int g = to[i];
        infiniteSeen[g] |= o.infiniteSeen[from + i];
        sums[g] += o.sums[from + i];
        check(g);
        counts[g] += o.counts[from + i];
      }
    }

    @Override
    @Nullable Object result(int group) {
      return counts[group] == 0 ? null : average ? (Object) (sums[group] / counts[group]) : (Object) sums[group];
    }
  }

  /// Sum and average of numeric: unscaled values of one scale in 128 bits; others, and NaN and infinities, in a sum beside it.
  static final class OfNumerics extends Aggregators {
    private final boolean average;
    private long[] low = {};
    private long[] high = {};
    private int[] scales = {};
    private long[] counts = {};
    private @Nullable Numeric[] others = {};

    OfNumerics(boolean average) {
      this.average = average;
    }

    @Override
    void ensure(int groups) {
      if (low.length < groups) {
        int size = grown(low.length, groups);
        low = Arrays.copyOf(low, size);
        high = Arrays.copyOf(high, size);
        scales = Arrays.copyOf(scales, size);
        counts = Arrays.copyOf(counts, size);
        others = Arrays.copyOf(others, size);
      }
    }

    @Override
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int @Nullable [] groups) {
      Object[] values = ((ColumnVector.Objects) arguments[0]).values;
      boolean[] nulls = arguments[0].nulls;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (nulls != null && nulls[r]) {
          continue;
        }
        Numeric value = (Numeric) values[r];
        int g = groups == null ? 0 : groups[i];
        if (counts[g]++ == 0) {
          scales[g] = value.scale();
        }
        if (value.isCompact() && scales[g] == value.scale()) {
          long number = value.unscaledLong();
          long sum = low[g] + number;
          // The carry out of the unsigned low half, and the number's sign.
          high[g] += (number >> 63) + (Long.compareUnsigned(sum, number) < 0 ? 1 : 0);
          low[g] = sum;
        } else {
          addOther(g, value);
        }
      }
    }

    @Override
    @Nullable Object result(int group) {
      if (counts[group] == 0) {
        return null;
      }
      Numeric sum = compactSum(group);
      sum = others[group] == null ? sum : sum.add(others[group]);
      return average ? sum.divide(Numeric.of(counts[group])) : sum;
    }

    private Numeric compactSum(int group) {
      return high[group] == low[group] >> 63 ? Numeric.of(low[group], scales[group])
          : Numeric.of(BigInteger.valueOf(high[group]).shiftLeft(64)
              .add(new BigInteger(1, java.nio.ByteBuffer.allocate(8).putLong(low[group]).array())), scales[group]);
    }

    private void addOther(int group, Numeric value) {
      others[group] = others[group] == null ? value : others[group].add(value);
    }

    @Override
    void merge(Aggregators other, int from, int count, int[] to) {
      OfNumerics o = (OfNumerics) other;
      for (int i = 0; i < count; i++) {
        int f = from + i;
        int g = to[i];
        if (o.counts[f] == 0) {
          continue;
        }
        if (counts[g] == 0) {
          scales[g] = o.scales[f];
        }
        if (scales[g] == o.scales[f]) {
          long sum = low[g] + o.low[f];
          high[g] += o.high[f] + (Long.compareUnsigned(sum, low[g]) < 0 ? 1 : 0);
          low[g] = sum;
        } else {
          addOther(g, o.compactSum(f));
        }
        if (o.others[f] != null) {
          addOther(g, o.others[f]);
        }
        counts[g] += o.counts[f];
      }
    }
  }
}
