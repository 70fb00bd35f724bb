package io.heliosdb.nano.execute;

import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Representation;
import io.heliosdb.nano.type.Values;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// min and max of all groups of a call. Each class keeps the best values in the form in which it compares them.
abstract class ExtremeAggregators extends Aggregators {
  final PgType type;
  final boolean max;
  boolean[] present = {};

  ExtremeAggregators(PgType type, boolean max) {
    this.type = type;
    this.max = max;
  }

  static ExtremeAggregators of(CallSite site, boolean max) {
    PgType type = site.argumentTypes().getFirst();
    return switch (type.family()) {
      case INT2, INT4, INT8, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, MONEY, OID -> new OfLongs(type, max);
      case FLOAT8 -> new OfDoubles(type, max);
      case TEXT -> Collations.isBytewise(site.collationOid()) ? new OfTexts(type, max) : new OfObjects(type, max, site.collationOid());
      default -> new OfObjects(type, max, site.collationOid());
    };
  }

  @Override
  final void ensure(int groups) {
    if (present.length < groups) {
      int size = grown(present.length, groups);
      present = Arrays.copyOf(present, size);
      resize(size);
    }
  }

  abstract void resize(int size);

  /// Offers the best value of another's group.
  abstract void offer(int group, ExtremeAggregators other, int otherGroup);

  @Override
  final void merge(Aggregators other, int from, int count, int[] to) {
    ExtremeAggregators o = (ExtremeAggregators) other;
    for (int i = 0; i < count; i++) {
      if (o.present[from + i]) {
        offer(to[i], o, from + i);
        present[to[i]] = true;
      }
    }
  }

  @Override
  final @Nullable Object result(int group) {
    return present[group] ? best(group) : null;
  }

  abstract Object best(int group);

  private static final class OfLongs extends ExtremeAggregators {
    private long[] values = {};

    OfLongs(PgType type, boolean max) {
      super(type, max);
    }

    @Override
    void resize(int size) {
      values = Arrays.copyOf(values, size);
    }

    @Override
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int @Nullable [] groups) {
      boolean[] nulls = arguments[0].nulls;
      if (arguments[0] instanceof ColumnVector.Ints ints) {
        int[] in = ints.values;
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          if (nulls == null || !nulls[r]) {
            offer(groups == null ? 0 : groups[i], in[r]);
          }
        }
        return;
      }
      long[] in = ((ColumnVector.Longs) arguments[0]).values;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (nulls == null || !nulls[r]) {
          offer(groups == null ? 0 : groups[i], in[r]);
        }
      }
    }

    private void offer(int g, long value) {
      if (!present[g] || (max ? value > values[g] : value < values[g])) {
        values[g] = value;
        present[g] = true;
      }
    }

    @Override
    void offer(int group, ExtremeAggregators other, int otherGroup) {
      offer(group, ((OfLongs) other).values[otherGroup]);
    }

    @Override
    Object best(int group) {
      return type.representation() == Representation.INT32 ? (Object) (int) values[group] : (Object) values[group];
    }
  }

  private static final class OfDoubles extends ExtremeAggregators {
    private double[] values = {};

    OfDoubles(PgType type, boolean max) {
      super(type, max);
    }

    @Override
    void resize(int size) {
      values = Arrays.copyOf(values, size);
    }

    @Override
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int @Nullable [] groups) {
      boolean[] nulls = arguments[0].nulls;
      double[] in = ((ColumnVector.Doubles) arguments[0]).values;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (nulls == null || !nulls[r]) {
          offer(groups == null ? 0 : groups[i], in[r]);
        }
      }
    }

    private void offer(int g, double value) {
      if (!present[g] || (max ? Values.compareDouble(value, values[g]) > 0 : Values.compareDouble(value, values[g]) < 0)) {
        values[g] = value;
        present[g] = true;
      }
    }

    @Override
    void offer(int group, ExtremeAggregators other, int otherGroup) {
      offer(group, ((OfDoubles) other).values[otherGroup]);
    }

    @Override
    Object best(int group) {
      return values[group];
    }
  }

  /// Text in bytewise order: the best value of a group is kept as its UTF-8 bytes.
  private static final class OfTexts extends ExtremeAggregators {
    private byte[][] values = {};

    OfTexts(PgType type, boolean max) {
      super(type, max);
    }

    @Override
    void resize(int size) {
      values = Arrays.copyOf(values, size);
    }

    @Override
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int @Nullable [] groups) {
      TextVector vector = (TextVector) arguments[0];
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (!vector.isNull(r)) {
          vector.needBytes(r);
          offer(groups == null ? 0 : groups[i], vector.buffer(), vector.start(r), vector.length(r));
        }
      }
    }

    private void offer(int g, byte[] bytes, int start, int length) {
      byte[] best = values[g];
      int order = best == null ? 0 : Arrays.compareUnsigned(bytes, start, start + length, best, 0, best.length);
      if (best == null || (max ? order > 0 : order < 0)) {
        values[g] = Arrays.copyOfRange(bytes, start, start + length);
        present[g] = true;
      }
    }

    @Override
    void offer(int group, ExtremeAggregators other, int otherGroup) {
      byte[] bytes = ((OfTexts) other).values[otherGroup];
      offer(group, bytes, 0, bytes.length);
    }

    @Override
    Object best(int group) {
      return new String(values[group], StandardCharsets.UTF_8);
    }
  }

  private static final class OfObjects extends ExtremeAggregators {
    private final int collation;
    private @Nullable Object[] values = {};

    OfObjects(PgType type, boolean max, int collation) {
      super(type, max);
      this.collation = collation;
    }

    @Override
    void resize(int size) {
      values = Arrays.copyOf(values, size);
    }

    @Override
    void add(ColumnVector[] arguments, int @Nullable [] rows, int count, int @Nullable [] groups) {
      ColumnVector vector = arguments[0];
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (!vector.isNull(r)) {
          offer(groups == null ? 0 : groups[i], vector.boxed(r));
        }
      }
    }

    private void offer(int g, Object value) {
      if (present[g]) {
        int order = Values.compare(type, value, values[g], collation);
        if (max ? order <= 0 : order >= 0) {
          return;
        }
      }
      values[g] = value;
      present[g] = true;
    }

    @Override
    void offer(int group, ExtremeAggregators other, int otherGroup) {
      offer(group, ((OfObjects) other).values[otherGroup]);
    }

    @Override
    Object best(int group) {
      return values[group];
    }
  }
}
