package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.PgType;
import org.jspecify.annotations.Nullable;

/// One node of a compiled expression. Immutable; everything that changes is in the [EvalState]. A kernel implements at least the
/// row form; the batch form defaults to a loop over it. Rows are given as physical positions: `rows[0 … count-1]`, or `0 … count-1`
/// when `rows` is null.
abstract class Kernel {
  final PgType type;

  /// Slot of the scratch vector; set by the compiler.
  int slot;

  /// Whether the value is the same for all rows of a scan: nothing in it reads the input row or is volatile.
  boolean rowIndependent;

  Kernel(PgType type) {
    this.type = type;
  }

  abstract @Nullable Object eval(RowAccess row, EvalState s);

  ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
    ColumnVector out = output(batch, rows, count, s);
    RowAccess.OfBatch row = new RowAccess.OfBatch(batch.columns(), 0);
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      row.row = r;
      out.set(r, eval(row, s));
    }
    return out;
  }

  /// Writes the rows for which the (boolean) value is true to `out`, ascending; `out` may be `rows`.
  int select(Batch batch, int @Nullable [] rows, int count, int[] out, EvalState s) {
    ColumnVector.Bools values = (ColumnVector.Bools) eval(batch, rows, count, s);
    boolean[] flags = values.values;
    boolean[] nulls = values.nulls;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      if (flags[r] && (nulls == null || !nulls[r])) {
        out[kept++] = r;
      }
    }
    return kept;
  }

  final ColumnVector output(Batch batch, int @Nullable [] rows, int count, EvalState s) {
    return s.vector(slot, type.representation(), end(rows, count));
  }

  static int end(int @Nullable [] rows, int count) {
    return rows == null ? count : count == 0 ? 0 : rows[count - 1] + 1;
  }

  /// A column of the input row.
  static final class Input extends Kernel {
    final int index;

    Input(PgType type, int index) {
      super(type);
      this.index = index;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      return row.get(index);
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      return batch.column(index);
    }
  }

  /// A value that is the same for every row: the vector is filled once.
  abstract static class RowIndependent extends Kernel {
    RowIndependent(PgType type) {
      super(type);
      rowIndependent = true;
    }

    abstract @Nullable Object value(EvalState s);

    @Override
    final @Nullable Object eval(RowAccess row, EvalState s) {
      return value(s);
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      int end = end(rows, count);
      Filled filled = (Filled) s.slot(slot);
      Object value = value(s);
      if (filled == null || filled.vector.capacity < end || filled.value != value) {
        ColumnVector vector = ColumnVector.of(type.representation(), end <= 16 ? 16 : Math.max(end, Batch.ROWS_MAX));
        for (int i = 0; i < vector.capacity; i++) {
          vector.set(i, value);
        }
        filled = new Filled(vector, value);
        s.setSlot(slot, filled);
      }
      return filled.vector;
    }

    private record Filled(ColumnVector vector, @Nullable Object value) {}
  }

  static final class Constant extends RowIndependent {
    final @Nullable Object value;

    Constant(PgType type, @Nullable Object value) {
      super(type);
      this.value = value;
    }

    @Override
    @Nullable Object value(EvalState s) {
      return value;
    }
  }

  static final class Parameter extends RowIndependent {
    private final int index;

    Parameter(PgType type, int index) {
      super(type);
      this.index = index;
    }

    @Override
    @Nullable Object value(EvalState s) {
      return s.context.parameter(index);
    }
  }

  static final class Lifted extends RowIndependent {
    private final int index;

    Lifted(PgType type, int index) {
      super(type);
      this.index = index;
    }

    @Override
    @Nullable Object value(EvalState s) {
      return s.context.lifted(index);
    }
  }

  /// A column of an enclosing query's row; constant between rescans.
  static final class Outer extends RowIndependent {
    private final int level;
    private final int index;

    Outer(PgType type, int level, int index) {
      super(type);
      this.level = level;
      this.index = index;
    }

    @Override
    @Nullable Object value(EvalState s) {
      OuterRow outer = s.context.outer();
      if (outer == null) {
        throw new IllegalStateException("outer column without outer row");
      }
      return outer.at(level).get(index);
    }
  }

  /// The value handed in by an array cast or domain check.
  static final class CaseValue extends Kernel {
    CaseValue(PgType type) {
      super(type);
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      return s.caseValue;
    }
  }
}
