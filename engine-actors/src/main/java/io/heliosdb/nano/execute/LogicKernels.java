package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Values;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Three-valued logic and conditional expressions. Later arguments are evaluated only for the rows that need them, in batches too, so
/// that an error in a branch shows only where PostgreSQL would show it.
final class LogicKernels {
  private LogicKernels() {}

  /// AND (`decisive` false) and OR (`decisive` true): the first decisive argument ends a row.
  static final class Junction extends Kernel {
    private final Kernel[] arguments;
    private final boolean decisive;

    Junction(PgType type, List<Kernel> arguments, boolean decisive) {
      super(type);
      this.arguments = arguments.toArray(Kernel[]::new);
      this.decisive = decisive;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      boolean sawNull = false;
      for (Kernel argument : arguments) {
        Object value = argument.eval(row, s);
        if (value == null) {
          sawNull = true;
        } else if ((Boolean) value == decisive) {
          return decisive;
        }
      }
      return sawNull ? null : (Object) !decisive;
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      ColumnVector.Bools out = (ColumnVector.Bools) output(batch, rows, count, s);
      int[] open = rows == null ? null : Arrays.copyOf(rows, count);
      int openCount = count;
      for (int i = 0; i < count; i++) {
        out.values[rows == null ? i : rows[i]] = !decisive;
      }
      for (Kernel argument : arguments) {
        if (openCount == 0) {
          break;
        }
        ColumnVector.Bools values = (ColumnVector.Bools) argument.eval(batch, open, openCount, s);
        int[] next = open == null ? new int[openCount] : open;
        int kept = 0;
        for (int i = 0; i < openCount; i++) {
          int r = open == null ? i : open[i];
          if (values.isNull(r)) {
            out.setNull(r);
            next[kept++] = r;
          } else if (values.values[r] == decisive) {
            out.setNotNull(r);
            out.values[r] = decisive;
          } else {
            next[kept++] = r;
          }
        }
        open = next;
        openCount = kept;
      }
      return out;
    }

    @Override
    int select(Batch batch, int @Nullable [] rows, int count, int[] out, EvalState s) {
      if (decisive) {
        return super.select(batch, rows, count, out, s);
      }
      int[] current = rows;
      int left = count;
      for (Kernel argument : arguments) {
        if (left == 0) {
          return 0;
        }
        left = argument.select(batch, current, left, out, s);
        current = out;
      }
      return left;
    }
  }

  static final class Not extends Kernel {
    private final Kernel argument;

    Not(PgType type, Kernel argument) {
      super(type);
      this.argument = argument;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = argument.eval(row, s);
      return value == null ? null : !(Boolean) value;
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      ColumnVector.Bools in = (ColumnVector.Bools) argument.eval(batch, rows, count, s);
      ColumnVector.Bools out = (ColumnVector.Bools) output(batch, rows, count, s);
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (in.isNull(r)) {
          out.setNull(r);
        } else {
          out.values[r] = !in.values[r];
        }
      }
      return out;
    }
  }

  static final class IsNull extends Kernel {
    private final Kernel argument;
    private final boolean negated;
    private final boolean rowwise;

    IsNull(PgType type, Kernel argument, boolean negated, boolean rowwise) {
      super(type);
      this.argument = argument;
      this.negated = negated;
      this.rowwise = rowwise;
    }

    @Override
    Object eval(RowAccess row, EvalState s) {
      Object value = argument.eval(row, s);
      if (rowwise && value instanceof PgRecord record) {
        for (Object field : record.fields()) {
          if ((field == null) == negated) {
            return false;
          }
        }
        return true;
      }
      return (value == null) != negated;
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      if (rowwise) {
        return super.eval(batch, rows, count, s);
      }
      ColumnVector in = argument.eval(batch, rows, count, s);
      ColumnVector.Bools out = (ColumnVector.Bools) output(batch, rows, count, s);
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        out.values[r] = in.isNull(r) != negated;
      }
      return out;
    }
  }

  static final class BooleanTest extends Kernel {
    private final Kernel argument;
    private final @Nullable Boolean test;
    private final boolean negated;

    BooleanTest(PgType type, Kernel argument, @Nullable Boolean test, boolean negated) {
      super(type);
      this.argument = argument;
      this.test = test;
      this.negated = negated;
    }

    @Override
    Object eval(RowAccess row, EvalState s) {
      return java.util.Objects.equals(argument.eval(row, s), test) != negated;
    }
  }

  static final class Case extends Kernel {
    private final Kernel[] conditions;
    private final Kernel[] results;
    private final @Nullable Kernel otherwise;

    Case(PgType type, Kernel[] conditions, Kernel[] results, @Nullable Kernel otherwise) {
      super(type);
      this.conditions = conditions;
      this.results = results;
      this.otherwise = otherwise;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      for (int i = 0; i < conditions.length; i++) {
        if (Boolean.TRUE.equals(conditions[i].eval(row, s))) {
          return results[i].eval(row, s);
        }
      }
      return otherwise == null ? null : otherwise.eval(row, s);
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      ColumnVector out = output(batch, rows, count, s);
      int[] open = rows;
      int openCount = count;
      for (int b = 0; b < conditions.length && openCount > 0; b++) {
        int[] hits = new int[openCount];
        int hitCount = conditions[b].select(batch, open, openCount, hits, s);
        if (hitCount > 0) {
          copy(results[b].eval(batch, hits, hitCount, s), hits, hitCount, out);
          open = without(open, openCount, hits, hitCount);
          openCount -= hitCount;
        }
      }
      if (openCount > 0) {
        if (otherwise == null) {
          for (int i = 0; i < openCount; i++) {
            out.setNull(open == null ? i : open[i]);
          }
        } else {
          copy(otherwise.eval(batch, open, openCount, s), open, openCount, out);
        }
      }
      return out;
    }
  }

  static void copy(ColumnVector from, int @Nullable [] rows, int count, ColumnVector to) {
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      to.copyFrom(from, r, r);
    }
  }

  /// The ascending `rows` without the ascending `hits`.
  static int[] without(int @Nullable [] rows, int count, int[] hits, int hitCount) {
    int[] rest = new int[count - hitCount];
    int h = 0;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      if (h < hitCount && hits[h] == r) {
        h++;
      } else {
        rest[kept++] = r;
      }
    }
    return rest;
  }

  static final class Coalesce extends Kernel {
    private final Kernel[] arguments;

    Coalesce(PgType type, List<Kernel> arguments) {
      super(type);
      this.arguments = arguments.toArray(Kernel[]::new);
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      for (Kernel argument : arguments) {
        Object value = argument.eval(row, s);
        if (value != null) {
          return value;
        }
      }
      return null;
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      ColumnVector out = output(batch, rows, count, s);
      int[] open = rows;
      int openCount = count;
      for (Kernel argument : arguments) {
        if (openCount == 0) {
          return out;
        }
        ColumnVector values = argument.eval(batch, open, openCount, s);
        int[] next = new int[openCount];
        int kept = 0;
        for (int i = 0; i < openCount; i++) {
          int r = open == null ? i : open[i];
          if (values.isNull(r)) {
            next[kept++] = r;
          } else {
            out.copyFrom(values, r, r);
          }
        }
        open = next;
        openCount = kept;
      }
      for (int i = 0; i < openCount; i++) {
        out.setNull(open == null ? i : open[i]);
      }
      return out;
    }
  }

  static final class NullIf extends Kernel {
    private final Kernel left;
    private final Kernel right;
    private final Equality equality;

    NullIf(PgType type, Kernel left, Kernel right, Equality equality) {
      super(type);
      this.left = left;
      this.right = right;
      this.equality = equality;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object a = left.eval(row, s);
      if (a == null) {
        return null;
      }
      Object b = right.eval(row, s);
      return b != null && equality.test(a, b, s) ? null : a;
    }
  }

  /// An `=` call over two values that are not NULL.
  interface Equality {
    boolean test(Object a, Object b, EvalState s);
  }

  static final class DistinctFrom extends Kernel {
    private final Kernel left;
    private final Kernel right;
    private final Equality equality;
    private final boolean negated;

    DistinctFrom(PgType type, Kernel left, Kernel right, Equality equality, boolean negated) {
      super(type);
      this.left = left;
      this.right = right;
      this.equality = equality;
      this.negated = negated;
    }

    @Override
    Object eval(RowAccess row, EvalState s) {
      Object a = left.eval(row, s);
      Object b = right.eval(row, s);
      boolean distinct = a == null || b == null ? a != b : !equality.test(a, b, s);
      return distinct != negated;
    }
  }

  /// GREATEST and LEAST.
  static final class MinMax extends Kernel {
    private final Kernel[] arguments;
    private final boolean greatest;
    private final int collation;

    MinMax(PgType type, int collation, boolean greatest, List<Kernel> arguments) {
      super(type);
      this.arguments = arguments.toArray(Kernel[]::new);
      this.greatest = greatest;
      this.collation = collation;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object best = null;
      for (Kernel argument : arguments) {
        Object value = argument.eval(row, s);
        if (value == null) {
          continue;
        }
        if (best == null) {
          best = value;
        } else {
          int order = Values.compare(type, value, best, collation);
          if (greatest ? order > 0 : order < 0) {
            best = value;
          }
        }
      }
      return best;
    }
  }
}
