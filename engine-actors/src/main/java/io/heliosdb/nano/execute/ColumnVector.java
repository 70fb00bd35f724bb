package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.Representation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The values of one column of a [Batch]: a primitive or object array and the NULL flags. Position = physical row of the batch.
///
/// Owned by the operator that fills it and overwritten by its next batch; consumers copy what they keep. `nulls` is null while no
/// value is NULL. Subclasses expose their arrays for primitive loops; what an array holds where the flag is set is undefined.
public abstract sealed class ColumnVector
    permits ColumnVector.Bools, ColumnVector.Ints, ColumnVector.Longs, ColumnVector.Floats, ColumnVector.Doubles, TextVector, ColumnVector.Objects {
  final int capacity;
  boolean @Nullable [] nulls;

  ColumnVector(int capacity) {
    this.capacity = capacity;
  }

  public static ColumnVector of(Representation representation, int capacity) {
    return switch (representation) {
      case BOOL -> new Bools(capacity);
      case INT32 -> new Ints(capacity);
      case INT64 -> new Longs(capacity);
      case FLOAT32 -> new Floats(capacity);
      case FLOAT64 -> new Doubles(capacity);
      case TEXT -> new TextVector(capacity);
      case OBJECT -> new Objects(capacity);
    };
  }

  public final int capacity() {
    return capacity;
  }

  public final boolean isNull(int row) {
    return nulls != null && nulls[row];
  }

  public final boolean hasNulls() {
    return nulls != null;
  }

  /// The NULL flags, null when there are none.
  public final boolean @Nullable [] nulls() {
    return nulls;
  }

  public final void setNull(int row) {
    if (nulls == null) {
      nulls = new boolean[capacity];
    }
    nulls[row] = true;
  }

  final void setNotNull(int row) {
    if (nulls != null) {
      nulls[row] = false;
    }
  }

  /// Forgets all values, so that the vector can be filled again.
  public void reset() {
    nulls = null;
  }

  /// The boxed value; null for NULL.
  public final @Nullable Object get(int row) {
    return isNull(row) ? null : boxed(row);
  }

  /// Stores a boxed value; null for NULL.
  public final void set(int row, @Nullable Object value) {
    if (value == null) {
      setNull(row);
    } else {
      setNotNull(row);
      setBoxed(row, value);
    }
  }

  abstract Object boxed(int row);

  abstract void setBoxed(int row, Object value);

  /// Copies one value of a vector of the same class.
  public final void copyFrom(ColumnVector source, int sourceRow, int row) {
    if (source.isNull(sourceRow)) {
      setNull(row);
    } else {
      setNotNull(row);
      copyValue(source, sourceRow, row);
    }
  }

  abstract void copyValue(ColumnVector source, int sourceRow, int row);

  /// Copies rows `rows[from … from+count-1]` of `source` (all rows from `from` on when `rows` is null) to `row`, `row + 1`, ….
  public void gather(ColumnVector source, int @Nullable [] rows, int from, int count, int row) {
    gatherNulls(source, rows, from, count, row);
    for (int i = 0; i < count; i++) {
      int s = rows == null ? from + i : rows[from + i];
      if (!source.isNull(s)) {
        copyValue(source, s, row + i);
      }
    }
  }

  final void gatherNulls(ColumnVector source, int @Nullable [] rows, int from, int count, int row) {
    if (source.nulls == null) {
      if (nulls != null) {
        Arrays.fill(nulls, row, row + count, false);
      }
      return;
    }
    if (nulls == null) {
      nulls = new boolean[capacity];
    }
    for (int i = 0; i < count; i++) {
      nulls[row + i] = source.nulls[rows == null ? from + i : rows[from + i]];
    }
  }

  /// Bytes on the heap, roughly, of one value.
  public long valueBytes(int row) {
    return 8;
  }

  public static final class Bools extends ColumnVector {
    public final boolean[] values;

    public Bools(int capacity) {
      super(capacity);
      values = new boolean[capacity];
    }

    @Override
    Object boxed(int row) {
      return values[row];
    }

    @Override
    void setBoxed(int row, Object value) {
      values[row] = (Boolean) value;
    }

    @Override
    void copyValue(ColumnVector source, int sourceRow, int row) {
      values[row] = ((Bools) source).values[sourceRow];
    }
  }

  public static final class Ints extends ColumnVector {
    public final int[] values;

    public Ints(int capacity) {
      super(capacity);
      values = new int[capacity];
    }

    @Override
    Object boxed(int row) {
      return values[row];
    }

    @Override
    void setBoxed(int row, Object value) {
      values[row] = (Integer) value;
    }

    @Override
    void copyValue(ColumnVector source, int sourceRow, int row) {
      values[row] = ((Ints) source).values[sourceRow];
    }

    @Override
    public void gather(ColumnVector source, int @Nullable [] rows, int from, int count, int row) {
      gatherNulls(source, rows, from, count, row);
      int[] in = ((Ints) source).values;
      if (rows == null) {
        System.arraycopy(in, from, values, row, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        values[row + i] = in[rows[from + i]];
      }
    }
  }

  public static final class Longs extends ColumnVector {
    public final long[] values;

    public Longs(int capacity) {
      super(capacity);
      values = new long[capacity];
    }

    @Override
    Object boxed(int row) {
      return values[row];
    }

    @Override
    void setBoxed(int row, Object value) {
      values[row] = (Long) value;
    }

    @Override
    void copyValue(ColumnVector source, int sourceRow, int row) {
      values[row] = ((Longs) source).values[sourceRow];
    }

    @Override
    public void gather(ColumnVector source, int @Nullable [] rows, int from, int count, int row) {
      gatherNulls(source, rows, from, count, row);
      long[] in = ((Longs) source).values;
      if (rows == null) {
        System.arraycopy(in, from, values, row, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        values[row + i] = in[rows[from + i]];
      }
    }
  }

  public static final class Floats extends ColumnVector {
    public final float[] values;

    public Floats(int capacity) {
      super(capacity);
      values = new float[capacity];
    }

    @Override
    Object boxed(int row) {
      return values[row];
    }

    @Override
    void setBoxed(int row, Object value) {
      values[row] = (Float) value;
    }

    @Override
    void copyValue(ColumnVector source, int sourceRow, int row) {
      values[row] = ((Floats) source).values[sourceRow];
    }
  }

  public static final class Doubles extends ColumnVector {
    public final double[] values;

    public Doubles(int capacity) {
      super(capacity);
      values = new double[capacity];
    }

    @Override
    Object boxed(int row) {
      return values[row];
    }

    @Override
    void setBoxed(int row, Object value) {
      values[row] = (Double) value;
    }

    @Override
    void copyValue(ColumnVector source, int sourceRow, int row) {
      values[row] = ((Doubles) source).values[sourceRow];
    }

    @Override
    public void gather(ColumnVector source, int @Nullable [] rows, int from, int count, int row) {
      gatherNulls(source, rows, from, count, row);
      double[] in = ((Doubles) source).values;
      if (rows == null) {
        System.arraycopy(in, from, values, row, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        values[row + i] = in[rows[from + i]];
      }
    }
  }

  public static final class Objects extends ColumnVector {
    public final @Nullable Object[] values;

    public Objects(int capacity) {
      super(capacity);
      values = new Object[capacity];
    }

    @Override
    public void reset() {
      super.reset();
      Arrays.fill(values, null);
    }

    @Override
    Object boxed(int row) {
      return values[row];
    }

    @Override
    void setBoxed(int row, Object value) {
      values[row] = value;
    }

    @Override
    void copyValue(ColumnVector source, int sourceRow, int row) {
      values[row] = ((Objects) source).values[sourceRow];
    }

    @Override
    public long valueBytes(int row) {
      return values[row] == null ? 8 : ObjectSizes.bytes(values[row]);
    }
  }
}
