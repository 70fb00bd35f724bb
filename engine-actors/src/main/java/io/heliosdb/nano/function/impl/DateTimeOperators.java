package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.setReturning;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.Implementation.RowSource;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TimeTz;
import io.heliosdb.nano.type.TimeZones;
import io.heliosdb.nano.type.Typmods;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// Operators of dates, times and intervals, conversions between them, time zones, OVERLAPS, and their generate_series.
/// Source: PostgreSQL 15 manual, section 9.9.
public final class DateTimeOperators implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "date_pli" -> binary((a, b) -> plusDays((Integer) a, (Integer) b));
      case "date_mii" -> binary((a, b) -> plusDays((Integer) a, -(long) (Integer) b));
      case "sql:integer_pl_date" -> binary((a, b) -> plusDays((Integer) b, (Integer) a));
      case "date_mi" -> binary((a, b) -> daysBetween((Integer) a, (Integer) b));
      case "date_pl_interval" -> binary((a, b) -> DateTimeMath.plus(DateTimeMath.dateToTimestamp((Integer) a), (Interval) b));
      case "date_mi_interval" -> binary((a, b) ->
          DateTimeMath.plus(DateTimeMath.dateToTimestamp((Integer) a), DateTimeMath.negate((Interval) b)));
      case "timestamp_pl_interval" -> binary((a, b) -> DateTimeMath.plus((Long) a, (Interval) b));
      case "timestamp_mi_interval" -> binary((a, b) -> DateTimeMath.plus((Long) a, DateTimeMath.negate((Interval) b)));
      case "timestamptz_pl_interval" -> contextual((c, s, a) -> DateTimeMath.plus((Long) a[0], (Interval) a[1], c.io().zone()));
      case "timestamptz_mi_interval" -> contextual((c, s, a) ->
          DateTimeMath.plus((Long) a[0], DateTimeMath.negate((Interval) a[1]), c.io().zone()));
      case "sql:interval_pl_date" -> binary((a, b) -> DateTimeMath.plus(DateTimeMath.dateToTimestamp((Integer) b), (Interval) a));
      case "sql:interval_pl_timestamp" -> binary((a, b) -> DateTimeMath.plus((Long) b, (Interval) a));
      case "sql:interval_pl_timestamptz" -> contextual((c, s, a) -> DateTimeMath.plus((Long) a[1], (Interval) a[0], c.io().zone()));
      case "sql:interval_pl_time" -> binary((a, b) -> wrap((Long) b + ((Interval) a).micros()));
      case "sql:interval_pl_timetz" -> binary((a, b) -> shift((TimeTz) b, ((Interval) a).micros()));
      case "time_pl_interval" -> binary((a, b) -> wrap((Long) a + ((Interval) b).micros()));
      case "time_mi_interval" -> binary((a, b) -> wrap((Long) a - ((Interval) b).micros()));
      case "timetz_pl_interval" -> binary((a, b) -> shift((TimeTz) a, ((Interval) b).micros()));
      case "timetz_mi_interval" -> binary((a, b) -> shift((TimeTz) a, -((Interval) b).micros()));
      case "time_mi_time" -> binary((a, b) -> Interval.of(0, 0, (Long) a - (Long) b));
      case "timestamp_mi" -> binary((a, b) -> DateTimeMath.difference((Long) a, (Long) b));
      case "interval_pl" -> binary((a, b) -> DateTimeMath.add((Interval) a, (Interval) b));
      case "interval_mi" -> binary((a, b) -> DateTimeMath.subtract((Interval) a, (Interval) b));
      case "interval_um" -> unary(a -> DateTimeMath.negate((Interval) a));
      case "interval_mul" -> binary((a, b) -> DateTimeMath.multiply((Interval) a, (Double) b));
      case "mul_d_interval" -> binary((a, b) -> DateTimeMath.multiply((Interval) b, (Double) a));
      case "interval_div" -> binary((a, b) -> DateTimeMath.divide((Interval) a, (Double) b));
      case "interval_justify_hours" -> unary(a -> DateTimeMath.justifyHours((Interval) a));
      case "interval_justify_days" -> unary(a -> DateTimeMath.justifyDays((Interval) a));
      case "interval_justify_interval" -> unary(a -> DateTimeMath.justify((Interval) a));
      case "date_finite" -> unary(a -> DateTimes.isFiniteDate((Integer) a));
      case "timestamp_finite" -> unary(a -> DateTimes.isFinite((Long) a));
      case "interval_finite" -> unary(a -> true);
      default -> conversion(symbol, function);
    };
  }

  private static @Nullable Implementation conversion(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "date_timestamp" -> unary(a -> DateTimeMath.dateToTimestamp((Integer) a));
      case "date_timestamptz" -> contextual((c, s, a) ->
          DateTimeMath.toInstant(DateTimeMath.dateToTimestamp((Integer) a[0]), c.io().zone()));
      case "timestamp_date" -> unary(a -> DateTimeMath.timestampToDate((Long) a));
      case "timestamptz_date" -> contextual((c, s, a) -> DateTimeMath.timestampToDate(DateTimeMath.toLocal((Long) a[0], c.io().zone())));
      case "timestamp_timestamptz" -> contextual((c, s, a) -> DateTimeMath.toInstant((Long) a[0], c.io().zone()));
      case "timestamptz_timestamp" -> contextual((c, s, a) -> DateTimeMath.toLocal((Long) a[0], c.io().zone()));
      case "timestamp_time" -> unary(a -> DateTimes.isFinite((Long) a) ? Math.floorMod((Long) a, DateTimes.MICROS_PER_DAY) : null);
      case "timestamptz_time" -> contextual((c, s, a) -> DateTimes.isFinite((Long) a[0])
          ? Math.floorMod(DateTimeMath.toLocal((Long) a[0], c.io().zone()), DateTimes.MICROS_PER_DAY) : null);
      case "timestamptz_timetz" -> contextual((c, s, a) -> toTimeTz((Long) a[0], c.io().zone()));
      case "time_timetz" -> contextual((c, s, a) -> withSessionZone((Long) a[0], c));
      case "timetz_time" -> unary(a -> ((TimeTz) a).micros());
      case "time_interval" -> unary(a -> Interval.of(0, 0, (Long) a));
      case "interval_time" -> unary(a -> wrap(((Interval) a).micros()));
      case "datetime_timestamp" -> binary((a, b) -> plusTime((Integer) a, (Long) b));
      case "sql:timedate_pl" -> binary((a, b) -> plusTime((Integer) b, (Long) a));
      case "datetimetz_timestamptz" -> binary((a, b) -> plusTimeTz((Integer) a, (TimeTz) b));
      case "sql:timetzdate_pl" -> binary((a, b) -> plusTimeTz((Integer) b, (TimeTz) a));
      case "sql:timestamptz" -> contextual((c, s, a) -> DateTimeMath.toInstant(plusTime((Integer) a[0], (Long) a[1]), c.io().zone()));
      case "timestamp_scale" -> binary((a, b) -> Typmods.apply(PgTypes.TIMESTAMP, a, (Integer) b, true));
      case "timestamptz_scale" -> binary((a, b) -> Typmods.apply(PgTypes.TIMESTAMPTZ, a, (Integer) b, true));
      case "time_scale" -> binary((a, b) -> Typmods.apply(PgTypes.TIME, a, (Integer) b, true));
      case "timetz_scale" -> binary((a, b) -> Typmods.apply(PgTypes.TIMETZ, a, (Integer) b, true));
      case "interval_scale" -> binary((a, b) -> Typmods.apply(PgTypes.INTERVAL, a, (Integer) b, true));
      case "timestamp_zone" -> binary((zone, t) -> !DateTimes.isFinite((Long) t) ? t
          : DateTimeMath.checked((Long) t - DateTimeMath.offsetByName((String) zone, (Long) t, true) * 1_000_000L));
      case "timestamptz_zone" -> binary((zone, t) -> !DateTimes.isFinite((Long) t) ? t
          : DateTimeMath.checked((Long) t + DateTimeMath.offsetByName((String) zone, (Long) t, false) * 1_000_000L));
      case "timestamp_izone" -> binary((zone, t) -> !DateTimes.isFinite((Long) t) ? t
          : DateTimeMath.checked((Long) t - DateTimeMath.offsetOf((Interval) zone) * 1_000_000L));
      case "timestamptz_izone" -> binary((zone, t) -> !DateTimes.isFinite((Long) t) ? t
          : DateTimeMath.checked((Long) t + DateTimeMath.offsetOf((Interval) zone) * 1_000_000L));
      case "timetz_zone" -> contextual((c, s, a) ->
          inZone((TimeTz) a[1], DateTimeMath.offsetByName((String) a[0], c.transactionTimestampMicros(), false)));
      case "timetz_izone" -> binary((zone, t) -> inZone((TimeTz) t, DateTimeMath.offsetOf((Interval) zone)));
      case "overlaps_timestamp", "overlaps_time", "overlaps_timetz" -> contextual((c, s, a) -> overlaps(a[0], a[1], a[2], a[3]));
      case "sql:overlaps" -> contextual((c, s, a) -> overlaps(
          a[0], end(a[0], a[1], function.argumentTypes().get(0), c), a[2], end(a[2], a[3], function.argumentTypes().get(2), c)));
      case "generate_series_timestamp" -> setReturning((c, s, a) -> series((Long) a[0], (Long) a[1], (Interval) a[2], null));
      case "generate_series_timestamptz" -> setReturning((c, s, a) ->
          series((Long) a[0], (Long) a[1], (Interval) a[2], c.io().zone()));
      default -> null;
    };
  }

  private static int plusDays(int date, long days) {
    if (!DateTimes.isFiniteDate(date)) {
      return date;
    }
    long result = date + days;
    if (result < DateTimes.DATE_MIN || result >= DateTimes.DATE_END) {
      throw DateTimeMath.dateOutOfRange();
    }
    return (int) result;
  }

  private static int daysBetween(int a, int b) {
    if (!DateTimes.isFiniteDate(a) || !DateTimes.isFiniteDate(b)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "cannot subtract infinite dates");
    }
    return a - b;
  }

  private static long wrap(long micros) {
    return Math.floorMod(micros, DateTimes.MICROS_PER_DAY);
  }

  private static TimeTz shift(TimeTz time, long micros) {
    return new TimeTz(wrap(time.micros() + micros), time.zoneSecondsWest());
  }

  private static TimeTz inZone(TimeTz time, int offsetEast) {
    return new TimeTz(wrap(time.utcMicros() + offsetEast * 1_000_000L), -offsetEast);
  }

  private static @Nullable TimeTz toTimeTz(long instant, ZoneId zone) {
    if (!DateTimes.isFinite(instant)) {
      return null;
    }
    int offset = TimeZones.offsetAt(zone, instant);
    return new TimeTz(wrap(instant + offset * 1_000_000L), -offset);
  }

  private static TimeTz withSessionZone(long time, CallContext context) {
    ZoneId zone = context.io().zone();
    long today = Math.floorDiv(DateTimeMath.toLocal(context.transactionTimestampMicros(), zone), DateTimes.MICROS_PER_DAY);
    return new TimeTz(time, -TimeZones.offsetOfLocal(zone, today * DateTimes.MICROS_PER_DAY + time));
  }

  private static long plusTime(int date, long time) {
    long start = DateTimeMath.dateToTimestamp(date);
    return DateTimes.isFinite(start) ? DateTimeMath.checked(start + time) : start;
  }

  private static long plusTimeTz(int date, TimeTz time) {
    long start = DateTimeMath.dateToTimestamp(date);
    return DateTimes.isFinite(start) ? DateTimeMath.checked(start + time.utcMicros()) : start;
  }

  /// The end of a period given as its start and either an end or a length.
  private static @Nullable Object end(@Nullable Object start, @Nullable Object second, int startType, CallContext context) {
    if (!(second instanceof Interval length)) {
      return second;
    }
    if (start == null) {
      return null;
    }
    return switch (startType) {
      case 1083 -> wrap((Long) start + length.micros());
      case 1184 -> DateTimeMath.plus((Long) start, length, context.io().zone());
      default -> DateTimeMath.plus((Long) start, length);
    };
  }

  /// SQL's OVERLAPS with its rules for NULL ends.
  @SuppressWarnings("unchecked")
  private static @Nullable Boolean overlaps(@Nullable Object s1, @Nullable Object e1, @Nullable Object s2, @Nullable Object e2) {
    Comparable<Object> start1 = (Comparable<Object>) (s1 == null ? e1 : s1);
    Comparable<Object> end1 = (Comparable<Object>) (s1 == null ? null : e1);
    Comparable<Object> start2 = (Comparable<Object>) (s2 == null ? e2 : s2);
    Comparable<Object> end2 = (Comparable<Object>) (s2 == null ? null : e2);
    if (start1 == null || start2 == null) {
      return null;
    }
    if (end1 != null && start1.compareTo(end1) > 0) {
      Comparable<Object> swap = start1;
      start1 = end1;
      end1 = swap;
    }
    if (end2 != null && start2.compareTo(end2) > 0) {
      Comparable<Object> swap = start2;
      start2 = end2;
      end2 = swap;
    }
    int order = start1.compareTo(start2);
    if (order == 0) {
      return end1 == null || end2 == null ? null : Boolean.TRUE;
    }
    Comparable<Object> later = order > 0 ? start1 : start2;
    Comparable<Object> otherEnd = order > 0 ? end2 : end1;
    Comparable<Object> ownEnd = order > 0 ? end1 : end2;
    if (otherEnd == null) {
      return null;
    }
    if (later.compareTo(otherEnd) < 0) {
      return true;
    }
    return ownEnd == null ? null : Boolean.FALSE;
  }

  private static RowSource series(long start, long stop, Interval step, @Nullable ZoneId zone) {
    int direction = step.compareTo(Interval.ZERO);
    if (direction == 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "step size cannot equal zero");
    }
    return new RowSource() {
      private long next = start;

      @Override
      public Object next() {
        if (direction > 0 ? next > stop : next < stop) {
          return END;
        }
        long value = next;
        next = zone == null ? DateTimeMath.plus(value, step) : DateTimeMath.plus(value, step, zone);
        return value;
      }
    };
  }
}
