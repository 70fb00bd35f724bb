package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.setReturning;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.Implementation.RowSource;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// generate_series over numbers, generate_subscripts, unnest of arrays.
public final class SeriesFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "generate_series_int4", "generate_series_step_int4" -> setReturning((context, site, args) ->
          integers((Integer) args[0], (Integer) args[1], args.length > 2 ? (Integer) args[2] : 1));
      case "generate_series_int8", "generate_series_step_int8" -> setReturning((context, site, args) ->
          bigints((Long) args[0], (Long) args[1], args.length > 2 ? (Long) args[2] : 1L));
      case "generate_series_numeric", "generate_series_step_numeric" -> setReturning((context, site, args) ->
          numerics((Numeric) args[0], (Numeric) args[1], args.length > 2 ? (Numeric) args[2] : Numeric.ONE));
      case "generate_subscripts", "generate_subscripts_nodir" -> setReturning((context, site, args) ->
          subscripts((PgArray) args[0], (Integer) args[1], args.length > 2 && (Boolean) args[2]));
      case "array_unnest" -> setReturning((context, site, args) -> elements(((PgArray) args[0]).elements()));
      default -> null;
    };
  }

  private static SqlException zeroStep() {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "step size cannot equal zero");
  }

  private static RowSource integers(int start, int stop, int step) {
    RowSource source = bigints(start, stop, step);
    return () -> source.next() instanceof Long value ? (Object) (int) (long) value : RowSource.END;
  }

  private static RowSource bigints(long start, long stop, long step) {
    if (step == 0) {
      throw zeroStep();
    }
    return new RowSource() {
      private long next = start;
      private boolean done;

      @Override
      public Object next() {
        if (done || (step > 0 ? next > stop : next < stop)) {
          return END;
        }
        long value = next;
        next = value + step;
        // A step past the end of the type ends the series.
        done = step > 0 ? next < value : next > value;
        return value;
      }
    };
  }

  private static RowSource numerics(Numeric start, Numeric stop, Numeric step) {
    checkBound(start, "start value");
    checkBound(stop, "stop value");
    checkBound(step, "step size");
    if (step.isZero()) {
      throw zeroStep();
    }
    return new RowSource() {
      private @Nullable Numeric next = start;

      @Override
      public Object next() {
        if (next == null) {
          return END;
        }
        int order = next.compareTo(stop);
        if (step.signum() > 0 ? order > 0 : order < 0) {
          return END;
        }
        Numeric value = next;
        try {
          next = value.add(step);
        } catch (SqlException e) {
          // No number lies beyond: this was the last one.
          next = null;
        }
        return value;
      }
    };
  }

  private static void checkBound(Numeric value, String what) {
    if (!value.isFinite()) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, what + " cannot be " + (value.isNaN() ? "NaN" : "infinity"));
    }
  }

  private static RowSource subscripts(PgArray array, int dimension, boolean reverse) {
    if (dimension <= 0 || dimension > array.dimensions()) {
      return () -> RowSource.END;
    }
    int lower = array.lowerBound(dimension - 1);
    int upper = array.upperBound(dimension - 1);
    return reverse ? integers(upper, lower, -1) : integers(lower, upper, 1);
  }

  /// Rows from an array of values.
  static RowSource elements(@Nullable Object[] values) {
    return new RowSource() {
      private int at;

      @Override
      public @Nullable Object next() {
        return at < values.length ? values[at++] : END;
      }
    };
  }

  static RowSource rows(Iterator<? extends @Nullable Object> rows) {
    return () -> rows.hasNext() ? rows.next() : RowSource.END;
  }
}
