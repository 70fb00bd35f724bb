package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.TimeTz;
import io.heliosdb.nano.type.Values;
import org.jspecify.annotations.Nullable;

/// The `in_range` functions: whether a value lies up to `base` plus or minus `offset`; what RANGE frames of window functions ask.
/// Arguments: value, base, offset, subtract, less. Source: PostgreSQL 15 manual, "B-Tree Support Functions".
public final class RangeSupport implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    if (!symbol.startsWith("in_range_")) {
      return null;
    }
    return switch (symbol) {
      case "in_range_date_interval" -> contextual((context, site, args) -> holds(args, Long.compare(
          DateTimeMath.dateToTimestamp((Integer) args[0]), moved(DateTimeMath.dateToTimestamp((Integer) args[1]), args, null))));
      case "in_range_timestamp_interval" -> contextual((context, site, args) ->
          holds(args, Long.compare((Long) args[0], moved((Long) args[1], args, null))));
      case "in_range_timestamptz_interval" -> contextual((context, site, args) ->
          holds(args, Long.compare((Long) args[0], moved((Long) args[1], args, context))));
      case "in_range_interval_interval" -> contextual((context, site, args) -> {
        checkSign(((Interval) args[2]).compareTo(Interval.ZERO) < 0);
        Interval base = (Interval) args[1];
        Interval offset = signed(args);
        Interval sum = Interval.of(Math.addExact(base.months(), offset.months()), Math.addExact(base.days(), offset.days()),
            Math.addExact(base.micros(), offset.micros()));
        return holds(args, ((Interval) args[0]).compareTo(sum));
      });
      case "in_range_time_interval" -> contextual((context, site, args) -> {
        checkSign(((Interval) args[2]).micros() < 0);
        return holds(args, Long.compare((Long) args[0], saturated((Long) args[1], signed(args).micros())));
      });
      case "in_range_timetz_interval" -> contextual((context, site, args) -> {
        checkSign(((Interval) args[2]).micros() < 0);
        TimeTz base = (TimeTz) args[1];
        TimeTz sum = new TimeTz(saturated(base.micros(), signed(args).micros()), base.zoneSecondsWest());
        return holds(args, ((TimeTz) args[0]).compareTo(sum));
      });
      case "in_range_numeric_numeric" -> contextual((context, site, args) -> {
        Numeric offset = (Numeric) args[2];
        checkSign(offset.isNaN() || offset.signum() < 0);
        Numeric base = (Numeric) args[1];
        return holds(args, ((Numeric) args[0]).compareTo((Boolean) args[3] ? base.subtract(offset) : base.add(offset)));
      });
      case "in_range_float8_float8", "in_range_float4_float8" -> contextual((context, site, args) -> {
        double offset = (Double) args[2];
        checkSign(Double.isNaN(offset) || offset < 0);
        double value = ((Number) args[0]).doubleValue();
        double base = ((Number) args[1]).doubleValue();
        double sum = Double.isNaN(base) || Double.isNaN(value) ? base : (Boolean) args[3] ? base - offset : base + offset;
        return holds(args, Values.compareDouble(value, sum));
      });
      default -> contextual((context, site, args) -> {
        long offset = ((Number) args[2]).longValue();
        checkSign(offset < 0);
        long sum = saturated(((Number) args[1]).longValue(), (Boolean) args[3] ? -offset : offset);
        return holds(args, Long.compare(((Number) args[0]).longValue(), sum));
      });
    };
  }

  private static void checkSign(boolean negative) {
    if (negative) {
      throw new SqlException(SqlState.INVALID_PRECEDING_OR_FOLLOWING_SIZE, "invalid preceding or following size in window function");
    }
  }

  private static boolean holds(@Nullable Object[] args, int order) {
    return (Boolean) args[4] ? order <= 0 : order >= 0;
  }

  private static Interval signed(@Nullable Object[] args) {
    Interval offset = (Interval) args[2];
    return (Boolean) args[3] ? Interval.of(-offset.months(), -offset.days(), -offset.micros()) : offset;
  }

  private static long moved(long base, @Nullable Object[] args, @Nullable CallContext context) {
    checkSign(((Interval) args[2]).compareTo(Interval.ZERO) < 0);
    return context == null ? DateTimeMath.plus(base, signed(args)) : DateTimeMath.plus(base, signed(args), context.io().zone());
  }

  private static long saturated(long base, long offset) {
    long sum = base + offset;
    return ((base ^ sum) & (offset ^ sum)) < 0 ? offset < 0 ? Long.MIN_VALUE : Long.MAX_VALUE : sum;
  }
}
