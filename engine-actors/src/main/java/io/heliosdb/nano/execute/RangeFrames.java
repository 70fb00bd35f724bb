package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TimeTz;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.Values;
import java.util.List;

/// `RANGE … offset PRECEDING/FOLLOWING`: whether a value lies within base ± offset. Numbers are computed here, dates and times by
/// the functions behind their `+` and `-`. Source: PostgreSQL 15 manual, "B-Tree Support Functions".
final class RangeFrames {
  private RangeFrames() {}

  /// `value <= base ± offset` if `less`, else `value >= base ± offset`.
  static boolean inRange(PgType type, Object value, Object base, Object offset, boolean subtract, boolean less, ExecutionContext context) {
    int order;
    switch (type.family()) {
      case INT2, INT4, INT8 -> {
        long distance = ((Number) offset).longValue();
        checkSign(distance < 0);
        long b = ((Number) base).longValue();
        long limit = subtract ? b - distance : b + distance;
        boolean overflow = subtract ? limit > b : limit < b;
        if (overflow) {
          // The limit lies beyond all values.
          return less != subtract;
        }
        order = Long.compare(((Number) value).longValue(), limit);
      }
      case FLOAT4, FLOAT8 -> {
        double distance = ((Number) offset).doubleValue();
        checkSign(!(distance >= 0));
        double b = ((Number) base).doubleValue();
        double v = ((Number) value).doubleValue();
        if (Double.isNaN(b) || Double.isNaN(v)) {
          order = Values.compareDouble(v, b);
        } else if (Double.isInfinite(distance) && Double.isInfinite(b) && b > 0 == subtract) {
          // Infinity minus infinity has no value: every row is near enough.
          return true;
        } else {
          order = Values.compareDouble(v, subtract ? b - distance : b + distance);
        }
      }
      case NUMERIC -> {
        Numeric distance = (Numeric) offset;
        checkSign(distance.isNaN() || distance.signum() < 0);
        Numeric b = (Numeric) base;
        Numeric v = (Numeric) value;
        if (b.isNaN() || v.isNaN()) {
          order = v.compareTo(b);
        } else if (distance.isInfinite() && b.isInfinite() && b.signum() > 0 == subtract) {
          return true;
        } else {
          order = v.compareTo(subtract ? b.subtract(distance) : b.add(distance));
        }
      }
      case TIME -> {
        long distance = timeDistance(offset);
        order = Long.compare((Long) value, limit((Long) base, distance, subtract));
      }
      case TIMETZ -> {
        long distance = timeDistance(offset);
        TimeTz b = (TimeTz) base;
        order = ((TimeTz) value).compareTo(new TimeTz(limit(b.micros(), distance, subtract), b.zoneSecondsWest()));
      }
      default -> {
        return bySupportFunction(type, value, base, offset, subtract, less, context);
      }
    }
    return less ? order <= 0 : order >= 0;
  }

  /// Of an interval only the hours and below count, as in `time + interval`.
  private static long timeDistance(Object offset) {
    long micros = ((Interval) offset).micros();
    checkSign(micros < 0);
    return micros;
  }

  /// Times beyond the day's ends count as such: unlike `time + interval` nothing wraps. A day has far fewer microseconds than a long,
  /// so bounding the distance changes no answer.
  private static long limit(long base, long distance, boolean subtract) {
    long bounded = Math.min(distance, Long.MAX_VALUE / 4);
    return subtract ? base - bounded : base + bounded;
  }

  private static void checkSign(boolean negative) {
    if (negative) {
      throw new SqlException(SqlState.INVALID_PRECEDING_OR_FOLLOWING_SIZE, "invalid preceding or following size in window function");
    }
  }

  private static boolean bySupportFunction(PgType type, Object value, Object base, Object offset, boolean subtract, boolean less, ExecutionContext context) {
    String symbol = switch (type.family()) {
      case DATE -> subtract ? "date_mi_interval" : "date_pl_interval";
      case TIMESTAMP -> subtract ? "timestamp_mi_interval" : "timestamp_pl_interval";
      case TIMESTAMPTZ -> subtract ? "timestamptz_mi_interval" : "timestamptz_pl_interval";
      case INTERVAL -> subtract ? "interval_mi" : "interval_pl";
      default -> "";
    };
    if (!symbol.isEmpty() && offset instanceof Interval distance) {
      checkSign(distance.compareTo(Interval.ZERO) < 0);
      for (FunctionDef function : BuiltinCatalog.functions(symbol)) {
        // A date moved by an interval is a timestamp.
        PgType moved = type.family() == TypeFamily.DATE ? PgTypes.TIMESTAMP : type;
        CallSite site = new CallSite(function, List.of(type, PgTypes.INTERVAL), moved, -1, 0, false);
        Object limit = FunctionKernel.call(FunctionKernel.implementation(site, context), site, new Object[] {base, offset}, context.call());
        Object compared = moved == type ? value : timestampOf((Integer) value);
        int order = Values.compare(moved, compared, limit, 0);
        return less ? order <= 0 : order >= 0;
      }
    }
    throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
        "RANGE with offset PRECEDING/FOLLOWING is not supported for column type " + type.name());
  }

  private static Long timestampOf(int date) {
    return date == Integer.MAX_VALUE ? Long.MAX_VALUE : date == Integer.MIN_VALUE ? Long.MIN_VALUE : date * 86_400_000_000L;
  }
}
