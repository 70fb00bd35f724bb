package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeFamily;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Aggregate states of all groups of one call, side by side in arrays, so that common aggregates run in primitive loops.
abstract class Aggregators {
  /// Makes room for groups `0 … groups-1`.
  abstract void ensure(int groups);

  /// Adds rows: `groups[i]` is the group of the `i`-th row; without groups (null) all are group 0's.
  abstract void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int @Nullable [] groups);

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

  /// Gives back the memory it has counted.
  void clear() {}

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
        case INT2, INT4 -> new SumAggregators.OfLongs(false, true);
        case INT8 -> new SumAggregators.OfLongs(false, false);
        case FLOAT8 -> new SumAggregators.OfDoubles(false);
        case NUMERIC -> new SumAggregators.OfNumerics(false);
        case null, default -> null;
      };
      case "avg" -> switch (family) {
        case INT2, INT4, INT8 -> new SumAggregators.OfLongs(true, false);
        case FLOAT8, FLOAT4 -> new SumAggregators.OfDoubles(true);
        case NUMERIC -> new SumAggregators.OfNumerics(true);
        case null, default -> null;
      };
      case "min", "max" -> argument == null || family == TypeFamily.ARRAY ? null : ExtremeAggregators.of(site, name.equals("max"));
      default -> null;
    };
  }

  static int grown(int have, int wanted) {
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
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int @Nullable [] groups) {
      boolean[] nulls = arguments.length == 0 ? null : arguments[0].nulls;
      if (groups == null) {
        counts[0] += count;
        for (int i = 0; nulls != null && i < count; i++) {
          counts[0] -= nulls[rows == null ? i : rows[i]] ? 1 : 0;
        }
      } else if (nulls == null) {
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

  /// Any other aggregate, one accumulator per group.
  private static final class Boxed extends Aggregators {
    private final Implementation.Aggregate aggregate;
    private final CallSite site;
    private final ExecutionContext context;
    private Implementation.@Nullable Accumulator[] states = {};
    private int prepared;

    private static final long ACCOUNT_STEP_BYTES = 64 << 10;

    /// A place in a growing list, and one in the array that the result is.
    private static final int SLOT_BYTES = 12;

    private long collectedBytes;
    private long accountedBytes;

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
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int @Nullable [] groups) {
      next:
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        Implementation.Accumulator state = states[groups == null ? 0 : groups[i]];
        Object[] values = new Object[arguments.length];
        for (int a = 0; a < values.length; a++) {
          values[a] = arguments[a].get(r);
          if (values[a] == null && state.skipsNulls()) {
            continue next;
          }
        }
        if (state.collects()) {
          long before = state.heldBytes();
          state.add(values);
          collected(before < 0 ? ObjectSizes.ofAll(values) + SLOT_BYTES : state.heldBytes() - before);
        } else {
          state.add(values);
        }
      }
    }

    @Override
    @Nullable Object result(int group) {
      return states[group].result();
    }

    @Override
    long heldBytes() {
      return collectedBytes;
    }

    @Override
    void clear() {
      context.memory().release(accountedBytes);
      accountedBytes = 0;
      collectedBytes = 0;
    }

    private void collected(long bytes) {
      collectedBytes += bytes;
      if (collectedBytes - accountedBytes >= ACCOUNT_STEP_BYTES) {
        context.memory().reserve(collectedBytes - accountedBytes);
        accountedBytes = collectedBytes;
      }
    }
  }
}
