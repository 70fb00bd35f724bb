package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import org.jspecify.annotations.Nullable;

/// `+ - * / %` of integers, floats and numeric with PostgreSQL's overflow and division errors, in primitive loops.
final class ArithmeticKernels {
  private ArithmeticKernels() {}

  private enum Op { ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO }

  /// The kernel of a built-in operator function, or null if the symbol is not one of these.
  static @Nullable Kernel find(String symbol, PgType result, Kernel left, Kernel right, KernelCompiler compiler) {
    return switch (symbol) {
      case "int4pl", "int24pl", "int42pl", "int2pl" -> new Integral(result, Op.ADD, left, right, compiler);
      case "int4mi", "int24mi", "int42mi", "int2mi" -> new Integral(result, Op.SUBTRACT, left, right, compiler);
      case "int4mul", "int24mul", "int42mul", "int2mul" -> new Integral(result, Op.MULTIPLY, left, right, compiler);
      case "int4div", "int24div", "int42div", "int2div" -> new Integral(result, Op.DIVIDE, left, right, compiler);
      case "int4mod", "int2mod", "int8mod" -> new Integral(result, Op.MODULO, left, right, compiler);
      case "int8pl", "int84pl", "int48pl", "int82pl", "int28pl" -> new Integral(result, Op.ADD, left, right, compiler);
      case "int8mi", "int84mi", "int48mi", "int82mi", "int28mi" -> new Integral(result, Op.SUBTRACT, left, right, compiler);
      case "int8mul", "int84mul", "int48mul", "int82mul", "int28mul" -> new Integral(result, Op.MULTIPLY, left, right, compiler);
      case "int8div", "int84div", "int48div", "int82div", "int28div" -> new Integral(result, Op.DIVIDE, left, right, compiler);
      case "float8pl", "float84pl", "float48pl" -> new Floating(Op.ADD, left, right, compiler);
      case "float8mi", "float84mi", "float48mi" -> new Floating(Op.SUBTRACT, left, right, compiler);
      case "float8mul", "float84mul", "float48mul" -> new Floating(Op.MULTIPLY, left, right, compiler);
      case "float8div", "float84div", "float48div" -> new Floating(Op.DIVIDE, left, right, compiler);
      case "numeric_add" -> new Decimal(Op.ADD, left, right);
      case "numeric_sub" -> new Decimal(Op.SUBTRACT, left, right);
      case "numeric_mul" -> new Decimal(Op.MULTIPLY, left, right);
      case "numeric_div" -> new Decimal(Op.DIVIDE, left, right);
      default -> null;
    };
  }

  private static SqlException divisionByZero() {
    return new SqlException(SqlState.DIVISION_BY_ZERO, "division by zero");
  }

  /// int2, int4 and int8; computed in long, checked against the result type's range.
  private static final class Integral extends Kernel {
    private final Op op;
    private final Kernel left;
    private final Kernel right;
    private final long min;
    private final long max;
    private final int widenSlot;

    Integral(PgType result, Op op, Kernel left, Kernel right, KernelCompiler compiler) {
      super(result);
      this.op = op;
      this.left = left;
      this.right = right;
      switch (result.family()) {
        case INT2 -> {
          min = Short.MIN_VALUE;
          max = Short.MAX_VALUE;
        }
        case INT4 -> {
          min = Integer.MIN_VALUE;
          max = Integer.MAX_VALUE;
        }
        default -> {
          min = Long.MIN_VALUE;
          max = Long.MAX_VALUE;
        }
      }
      widenSlot = compiler.newSlot();
    }

    private SqlException outOfRange() {
      String name = max == Short.MAX_VALUE ? "smallint" : max == Integer.MAX_VALUE ? "integer" : "bigint";
      return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, name + " out of range");
    }

    private long apply(long a, long b) {
      long value;
      switch (op) {
        case ADD -> {
          value = a + b;
          if (((a ^ value) & (b ^ value)) < 0) {
            throw outOfRange();
          }
        }
        case SUBTRACT -> {
          value = a - b;
          if (((a ^ b) & (a ^ value)) < 0) {
            throw outOfRange();
          }
        }
        case MULTIPLY -> {
          value = a * b;
          if (Math.multiplyHigh(a, b) != value >> 63) {
            throw outOfRange();
          }
        }
        case DIVIDE -> {
          if (b == 0) {
            throw divisionByZero();
          }
          if (b == -1 && a == Long.MIN_VALUE) {
            throw outOfRange();
          }
          value = a / b;
        }
        case MODULO -> {
          if (b == 0) {
            throw divisionByZero();
          }
          value = b == -1 ? 0 : a % b;
        }
        default -> throw new IllegalStateException();
      }
      if (value < min || value > max) {
        throw outOfRange();
      }
      return value;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object a = left.eval(row, s);
      Object b = a == null ? null : right.eval(row, s);
      if (b == null) {
        return null;
      }
      long value = apply(((Number) a).longValue(), ((Number) b).longValue());
      return max == Long.MAX_VALUE ? (Object) value : (Object) (int) value;
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      ColumnVector a = left.eval(batch, rows, count, s);
      ColumnVector b = right.eval(batch, rows, count, s);
      ColumnVector out = output(batch, rows, count, s);
      Nulls.either(a, b, rows, count, out);
      long[] x = Widening.longs(a, rows, count, s, widenSlot, 0);
      long[] y = Widening.longs(b, rows, count, s, widenSlot, 1);
      if (out instanceof ColumnVector.Ints ints && out.nulls == null && (op == Op.ADD || op == Op.SUBTRACT || op == Op.MULTIPLY)) {
        narrowLoop(x, y, rows, count, ints.values);
        return out;
      }
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (out.isNull(r)) {
          continue;
        }
        long value = apply(x[r], y[r]);
        if (out instanceof ColumnVector.Ints ints) {
          ints.values[r] = (int) value;
        } else {
          ((ColumnVector.Longs) out).values[r] = value;
        }
      }
      return out;
    }

    /// Operands of 32 bits cannot overflow a long: one check of all results at the end.
    private void narrowLoop(long[] x, long[] y, int @Nullable [] rows, int count, int[] out) {
      long outside = 0;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        long value = op == Op.ADD ? x[r] + y[r] : op == Op.SUBTRACT ? x[r] - y[r] : x[r] * y[r];
        outside |= (value - min) | (max - value);
        out[r] = (int) value;
      }
      if (outside < 0) {
        throw outOfRange();
      }
    }
  }

  private static final class Floating extends Kernel {
    private final Op op;
    private final Kernel left;
    private final Kernel right;
    private final int widenSlot;

    Floating(Op op, Kernel left, Kernel right, KernelCompiler compiler) {
      super(PgTypes.FLOAT8);
      this.op = op;
      this.left = left;
      this.right = right;
      widenSlot = compiler.newSlot();
    }

    private double apply(double a, double b) {
      double value = switch (op) {
        case ADD -> a + b;
        case SUBTRACT -> a - b;
        case MULTIPLY -> a * b;
        case DIVIDE -> {
          if (b == 0 && !Double.isNaN(a)) {
            throw divisionByZero();
          }
          yield a / b;
        }
        case MODULO -> throw new IllegalStateException();
      };
      if (Double.isInfinite(value) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
        throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
      }
      if (value == 0 && a != 0 && (op == Op.MULTIPLY && b != 0 || op == Op.DIVIDE && !Double.isInfinite(b))) {
        throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
      }
      return value;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object a = left.eval(row, s);
      Object b = a == null ? null : right.eval(row, s);
      return b == null ? null : (Object) apply(((Number) a).doubleValue(), ((Number) b).doubleValue());
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      ColumnVector a = left.eval(batch, rows, count, s);
      ColumnVector b = right.eval(batch, rows, count, s);
      ColumnVector.Doubles out = (ColumnVector.Doubles) output(batch, rows, count, s);
      Nulls.either(a, b, rows, count, out);
      double[] x = Widening.doubles(a, rows, count, s, widenSlot, 0);
      double[] y = Widening.doubles(b, rows, count, s, widenSlot, 1);
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (!out.isNull(r)) {
          out.values[r] = apply(x[r], y[r]);
        }
      }
      return out;
    }
  }

  private static final class Decimal extends Kernel {
    private final Op op;
    private final Kernel left;
    private final Kernel right;

    Decimal(Op op, Kernel left, Kernel right) {
      super(PgTypes.NUMERIC);
      this.op = op;
      this.left = left;
      this.right = right;
    }

    private Numeric apply(Numeric a, Numeric b) {
      return switch (op) {
        case ADD -> a.add(b);
        case SUBTRACT -> a.subtract(b);
        case MULTIPLY -> a.multiply(b);
        case DIVIDE -> a.divide(b);
        case MODULO -> a.mod(b);
      };
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object a = left.eval(row, s);
      Object b = a == null ? null : right.eval(row, s);
      return b == null ? null : apply((Numeric) a, (Numeric) b);
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      ColumnVector.Objects a = (ColumnVector.Objects) left.eval(batch, rows, count, s);
      ColumnVector.Objects b = (ColumnVector.Objects) right.eval(batch, rows, count, s);
      ColumnVector.Objects out = (ColumnVector.Objects) output(batch, rows, count, s);
      Nulls.either(a, b, rows, count, out);
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (!out.isNull(r)) {
          out.values[r] = apply((Numeric) a.values[r], (Numeric) b.values[r]);
        }
      }
      return out;
    }
  }

  /// Conversions between numbers: integers, floats, numeric.
  static @Nullable Kernel cast(String symbol, PgType result, Kernel argument) {
    return switch (symbol) {
      case "i2toi4", "int24", "int48", "int28", "i4toi2", "int42", "int84", "int82", "i4tod", "i2tod", "i8tod", "ftod", "int4_numeric",
          "int2_numeric", "int8_numeric", "dtoi4", "dtoi8", "dtoi2", "numeric_int4", "numeric_int8", "numeric_int2", "numeric_float8",
          "float8_numeric" -> NumberCast.of(symbol, result, argument);
      default -> null;
    };
  }

  private static final class NumberCast extends Kernel {
    private final Kernel argument;
    private final String target;

    private NumberCast(PgType result, Kernel argument, String target) {
      super(result);
      this.argument = argument;
      this.target = target;
    }

    /// Null when the types are not what the symbol promises.
    static @Nullable Kernel of(String symbol, PgType result, Kernel argument) {
      boolean sourceIsNumber = switch (argument.type.family()) {
        case INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC -> true;
        default -> false;
      };
      String target = switch (result.family()) {
        case INT2 -> "smallint";
        case INT4 -> "integer";
        case INT8 -> "bigint";
        case FLOAT8 -> "double";
        case NUMERIC -> "numeric";
        default -> "";
      };
      return sourceIsNumber && !target.isEmpty() ? new NumberCast(result, argument, target) : null;
    }

    private Object convert(Object value) {
      switch (target) {
        case "double" -> {
          return ((Number) value).doubleValue();
        }
        case "numeric" -> {
          return switch (value) {
            case Integer i -> Numeric.of(i);
            case Long l -> Numeric.of(l);
            case Double d -> Numeric.ofDouble(d);
            case Float f -> Numeric.ofFloat(f);
            default -> value;
          };
        }
        default -> {
          long min = target.equals("smallint") ? Short.MIN_VALUE : target.equals("integer") ? Integer.MIN_VALUE : Long.MIN_VALUE;
          long max = -1 - min;
          long result = switch (value) {
            case Numeric n -> n.toLongRounded(target, min, max);
            case Double d -> rounded(d, min, max);
            case Float f -> rounded(f, min, max);
            default -> ((Number) value).longValue();
          };
          if (result < min || result > max) {
            throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, target + " out of range");
          }
          return target.equals("bigint") ? (Object) result : (Object) (int) result;
        }
      }
    }

    private long rounded(double value, long min, long max) {
      double whole = Math.rint(value);
      // The upper bound of bigint is not a double: it rounds up to 2^63, which is out of range.
      if (Double.isNaN(whole) || whole < min || (max == Long.MAX_VALUE ? whole >= 0x1p63 : whole > max)) {
        throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, target + " out of range");
      }
      return (long) whole;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = argument.eval(row, s);
      return value == null ? null : convert(value);
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      ColumnVector in = argument.eval(batch, rows, count, s);
      ColumnVector out = output(batch, rows, count, s);
      Nulls.copy(in, rows, count, out);
      if (in instanceof ColumnVector.Ints ints && out instanceof ColumnVector.Longs longs) {
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          longs.values[r] = ints.values[r];
        }
      } else if (in instanceof ColumnVector.Ints ints && out instanceof ColumnVector.Doubles doubles) {
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          doubles.values[r] = ints.values[r];
        }
      } else {
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          if (!out.isNull(r)) {
            out.setBoxed(r, convert(in.boxed(r)));
          }
        }
      }
      return out;
    }
  }
}
