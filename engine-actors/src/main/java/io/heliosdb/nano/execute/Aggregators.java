package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Aggregate states of all groups of one call, side by side in arrays, so that common aggregates run in primitive loops.
abstract class Aggregators {
  /// Makes room for groups `0 … groups-1`.
  abstract void ensure(int groups);

  /// Adds rows: `groups[i]` is the group of the `i`-th row.
  abstract void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups);

  abstract @Nullable Object result(int group);

  /// Adds states of another thread, of the same class: that of its group `from + i` to group `to[i]`. Only if [#isMergeable].
  void merge(Aggregators other, int from, int count, int[] to) {
    throw new UnsupportedOperationException();
  }

  static boolean isMergeable(CallSite site) {
    return site.function().body() instanceof FunctionDef.BuiltinBody body && body.symbol().startsWith("agg:")
        && fast(body.symbol().substring(4), site.argumentTypes().isEmpty() ? null : site.argumentTypes().getFirst(), site) != null;
  }

  /// Bytes held beyond the arrays.
  long heldBytes() {
    return 0;
  }

  static Aggregators of(CallSite site, ExecutionContext context) {
    FunctionDef function = site.function();
    if (function.body() instanceof FunctionDef.BuiltinBody body && body.symbol().startsWith("agg:")) {
      PgType argument = site.argumentTypes().isEmpty() ? null : site.argumentTypes().getFirst();
      Aggregators fast = fast(body.symbol().substring(4), argument, site);
      if (fast != null) {
        return fast;
      }
    }
    if (!(FunctionKernel.implementation(site, context) instanceof Implementation.Aggregate aggregate)) {
      throw SqlException.notSupported("aggregate " + function.name());
    }
    return new Boxed(aggregate, site, context);
  }

  private static @Nullable Aggregators fast(String name, @Nullable PgType argument, CallSite site) {
    TypeFamily family = argument == null ? null : argument.family();
    return switch (name) {
      case "count" -> new Count();
      case "sum" -> switch (family) {
        case INT2, INT4 -> new LongSum(false, true);
        case INT8 -> new LongSum(false, false);
        case FLOAT8 -> new DoubleSum(false);
        case NUMERIC -> new NumericSum(false);
        case null, default -> null;
      };
      case "avg" -> switch (family) {
        case INT2, INT4, INT8 -> new LongSum(true, false);
        case FLOAT8, FLOAT4 -> new DoubleSum(true);
        case NUMERIC -> new NumericSum(true);
        case null, default -> null;
      };
      case "min", "max" -> argument == null || family == TypeFamily.ARRAY ? null : new Extreme(site, name.equals("max"));
      default -> null;
    };
  }

  private static int grown(int have, int wanted) {
    return Math.max(wanted, Math.max(16, have * 2));
  }

  static final class Count extends Aggregators {
    private long[] counts = {};

    @Override
    void ensure(int groups) {
      if (counts.length < groups) {
        counts = Arrays.copyOf(counts, grown(counts.length, groups));
      }
    }

    @Override
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
      boolean[] nulls = arguments.length == 0 ? null : arguments[0].nulls;
      if (nulls == null) {
        for (int i = 0; i < count; i++) {
          counts[groups[i]]++;
        }
      } else {
        for (int i = 0; i < count; i++) {
          if (!nulls[rows == null ? i : rows[i]]) {
            counts[groups[i]]++;
          }
        }
      }
    }

    /// Adds rows to the only group.
    void addRows(long rows) {
      counts[0] += rows;
    }

    @Override
    Object result(int group) {
      return counts[group];
    }

    @Override
    void merge(Aggregators other, int from, int count, int[] to) {
      Count o = (Count) other;
      for (int i = 0; i < count; i++) {
        counts[to[i]] += o.counts[from + i];
      }
    }
  }

  /// Sum and average of integers. The sum is a 128-bit number in two longs, so nothing overflows.
  private static final class LongSum extends Aggregators {
    private final boolean average;
    private final boolean narrow;
    private long[] low = {};
    private long[] high = {};
    private long[] counts = {};

    /// @param narrow arguments of 32 bits: the result is a bigint
    LongSum(boolean average, boolean narrow) {
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
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
      ColumnVector vector = arguments[0];
      boolean[] nulls = vector.nulls;
      int[] ints = vector instanceof ColumnVector.Ints v ? v.values : null;
      long[] longs = ints == null ? ((ColumnVector.Longs) vector).values : null;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (nulls != null && nulls[r]) {
          continue;
        }
        int g = groups[i];
        addTo(g, ints != null ? ints[r] : longs[r]);
        counts[g]++;
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
      LongSum o = (LongSum) other;
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
        java.math.BigInteger big = java.math.BigInteger.valueOf(high[group]).shiftLeft(64).add(java.math.BigInteger.valueOf(low[group]));
        if (narrow && !average) {
          throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range");
        }
        sum = Numeric.of(big, 0);
      }
      return average ? sum.divide(Numeric.of(counts[group])) : sum;
    }
  }

  /// Sum and average of floats by Youngs and Cramer's updating formula's simple part, as PostgreSQL adds.
  private static final class DoubleSum extends Aggregators {
    private final boolean average;
    private double[] sums = {};
    private long[] counts = {};
    private boolean[] infiniteSeen = {};

    DoubleSum(boolean average) {
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
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
      ColumnVector vector = arguments[0];
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (vector.isNull(r)) {
          continue;
        }
        double value = vector instanceof ColumnVector.Doubles d ? d.values[r] : ((ColumnVector.Floats) vector).values[r];
        int g = groups[i];
        double sum = sums[g] + value;
        infiniteSeen[g] |= Double.isInfinite(value);
        check(g, sum);
        sums[g] = sum;
        counts[g]++;
      }
    }

    private void check(int group, double sum) {
      if (Double.isInfinite(sum) && !infiniteSeen[group]) {
        throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
      }
    }

    @Override
    void merge(Aggregators other, int from, int count, int[] to) {
      DoubleSum o = (DoubleSum) other;
      for (int i = 0; i < count; i++) {
        int g = to[i];
        infiniteSeen[g] |= o.infiniteSeen[from + i];
        sums[g] += o.sums[from + i];
        check(g, sums[g]);
        counts[g] += o.counts[from + i];
      }
    }

    @Override
    @Nullable Object result(int group) {
      return counts[group] == 0 ? null : average ? (Object) (sums[group] / counts[group]) : (Object) sums[group];
    }
  }

  /// Sum and average of numeric: unscaled values of one scale in 128 bits; others, and NaN and infinities, in a sum beside it.
  private static final class NumericSum extends Aggregators {
    private final boolean average;
    private long[] low = {};
    private long[] high = {};
    private int[] scales = {};
    private long[] counts = {};
    private @Nullable Numeric[] others = {};

    NumericSum(boolean average) {
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
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
      Object[] values = ((ColumnVector.Objects) arguments[0]).values;
      boolean[] nulls = arguments[0].nulls;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (nulls != null && nulls[r]) {
          continue;
        }
        Numeric value = (Numeric) values[r];
        int g = groups[i];
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
          : Numeric.of(java.math.BigInteger.valueOf(high[group]).shiftLeft(64)
              .add(new java.math.BigInteger(1, java.nio.ByteBuffer.allocate(8).putLong(low[group]).array())), scales[group]);
    }

    private void addOther(int group, Numeric value) {
      others[group] = others[group] == null ? value : others[group].add(value);
    }

    @Override
    void merge(Aggregators other, int from, int count, int[] to) {
      NumericSum o = (NumericSum) other;
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

  /// min and max of anything ordered.
  private static final class Extreme extends Aggregators {
    private final PgType type;
    private final int collation;
    private final boolean max;
    private long[] longs = {};
    private @Nullable Object[] values = {};
    private boolean[] present = {};
    private final boolean primitive;
    private final boolean bytewise;

    Extreme(CallSite site, boolean max) {
      type = site.argumentTypes().getFirst();
      collation = site.collationOid();
      this.max = max;
      bytewise = type.family() == TypeFamily.TEXT && io.heliosdb.nano.type.Collations.isBytewise(collation);
      primitive = switch (type.family()) {
        case INT2, INT4, INT8, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, MONEY, OID -> true;
        default -> false;
      };
    }

    @Override
    void ensure(int groups) {
      if (present.length < groups) {
        int size = grown(present.length, groups);
        present = Arrays.copyOf(present, size);
        if (primitive) {
          longs = Arrays.copyOf(longs, size);
        } else {
          values = Arrays.copyOf(values, size);
        }
      }
    }

    @Override
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
      ColumnVector vector = arguments[0];
      if (bytewise) {
        addText((TextVector) vector, rows, count, groups);
        return;
      }
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (vector.isNull(r)) {
          continue;
        }
        int g = groups[i];
        if (primitive) {
          long value = vector instanceof ColumnVector.Ints v ? v.values[r] : ((ColumnVector.Longs) vector).values[r];
          offer(g, value);
        } else {
          offer(g, vector.boxed(r));
        }
        present[g] = true;
      }
    }

    private void offer(int g, long value) {
      if (!present[g] || (max ? value > longs[g] : value < longs[g])) {
        longs[g] = value;
      }
    }

    private void offer(int g, Object value) {
      if (present[g]) {
        int order = bytewise ? Arrays.compareUnsigned((byte[]) value, (byte[]) values[g]) : Values.compare(type, value, values[g], collation);
        if (max ? order <= 0 : order >= 0) {
          return;
        }
      }
      values[g] = value;
    }

    @Override
    void merge(Aggregators other, int from, int count, int[] to) {
      Extreme o = (Extreme) other;
      for (int i = 0; i < count; i++) {
        int f = from + i;
        if (o.present[f]) {
          if (primitive) {
            offer(to[i], o.longs[f]);
          } else {
            offer(to[i], o.values[f]);
          }
          present[to[i]] = true;
        }
      }
    }

    /// Text in bytewise order: the best value of a group is kept as its UTF-8 bytes.
    private void addText(TextVector vector, int @Nullable [] rows, int count, int[] groups) {
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (vector.isNull(r)) {
          continue;
        }
        vector.needBytes(r);
        int start = vector.start(r);
        int end = start + vector.length(r);
        int g = groups[i];
        byte[] best = (byte[]) values[g];
        int order = best == null ? 0 : Arrays.compareUnsigned(vector.buffer(), start, end, best, 0, best.length);
        if (best == null || (max ? order > 0 : order < 0)) {
          values[g] = Arrays.copyOfRange(vector.buffer(), start, end);
          present[g] = true;
        }
      }
    }

    @Override
    @Nullable Object result(int group) {
      if (!present[group]) {
        return null;
      }
      if (bytewise) {
        return new String((byte[]) values[group], java.nio.charset.StandardCharsets.UTF_8);
      }
      if (!primitive) {
        return values[group];
      }
      return type.representation() == io.heliosdb.nano.type.Representation.INT32 ? (Object) (int) longs[group] : (Object) longs[group];
    }
  }

  /// Any other aggregate, one accumulator per group.
  private static final class Boxed extends Aggregators {
    private final Implementation.Aggregate aggregate;
    private final CallSite site;
    private final ExecutionContext context;
    private Implementation.@Nullable Accumulator[] states = {};
    private int prepared;

    Boxed(Implementation.Aggregate aggregate, CallSite site, ExecutionContext context) {
      this.aggregate = aggregate;
      this.site = site;
      this.context = context;
    }

    @Override
    void ensure(int groups) {
      if (states.length < groups) {
        states = Arrays.copyOf(states, grown(states.length, groups));
      }
      while (prepared < groups) {
        states[prepared++] = aggregate.create(context.call(), site);
      }
    }

    @Override
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
      next:
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        Implementation.Accumulator state = states[groups[i]];
        Object[] values = new Object[arguments.length];
        for (int a = 0; a < values.length; a++) {
          values[a] = arguments[a].get(r);
          if (values[a] == null && state.skipsNulls()) {
            continue next;
          }
        }
        state.add(values);
      }
    }

    @Override
    @Nullable Object result(int group) {
      return states[group].result();
    }

    @Override
    long heldBytes() {
      long sum = 0;
      for (int i = 0; i < prepared; i++) {
        sum += states[i].heldBytes();
      }
      return sum;
    }
  }
}
