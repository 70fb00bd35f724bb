package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.ternary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TimeTz;
import io.heliosdb.nano.type.TimeZones;
import io.heliosdb.nano.type.Typmods;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// extract, date_part, date_trunc and date_bin. Source: PostgreSQL 15 manual, section 9.9.
public final class DateTimeParts implements Builtins.Family {
  enum Field {
    MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR, DECADE, CENTURY, MILLENNIUM, JULIAN, ISOYEAR,
    DOW, ISODOW, DOY, EPOCH, TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE
  }

  private static final Map<String, Field> FIELDS = fields();

  private static Map<String, Field> fields() {
    Map<String, Field> map = new java.util.HashMap<>();
    String[][] names = {
      {"microsecon", "us", "usec", "usecond", "useconds", "usecs"}, {"millisecon", "ms", "msec", "msecond", "mseconds", "msecs"},
      {"second", "s", "sec", "seconds", "secs"}, {"minute", "m", "min", "mins", "minutes"}, {"hour", "h", "hours", "hr", "hrs"},
      {"day", "d", "days"}, {"week", "w", "weeks"}, {"month", "mon", "mons", "months"}, {"quarter", "qtr"},
      {"year", "y", "years", "yr", "yrs"}, {"decade", "dec", "decades", "decs"}, {"century", "c", "cent", "centuries"},
      {"millennium", "mil", "mils", "millennia"}, {"julian", "j", "jd"}, {"isoyear"}, {"dow"}, {"isodow"}, {"doy"}, {"epoch"},
      {"timezone"}, {"timezone_h"}, {"timezone_m"}};
    for (int i = 0; i < names.length; i++) {
      for (String name : names[i]) {
        map.put(name, Field.values()[i]);
      }
    }
    return map;
  }

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "extract_date" -> binary((f, v) -> ofDate((String) f, (Integer) v));
      case "extract_timestamp" -> binary((f, v) -> ofTimestamp((String) f, (Long) v, PgTypes.TIMESTAMP, null));
      case "extract_timestamptz" -> contextual((c, s, a) -> ofTimestamp((String) a[0], (Long) a[1], PgTypes.TIMESTAMPTZ, c.io().zone()));
      case "extract_time" -> binary((f, v) -> ofTime((String) f, (Long) v, PgTypes.TIME, 0));
      case "extract_timetz" -> binary((f, v) -> ofTime((String) f, ((TimeTz) v).micros(), PgTypes.TIMETZ, ((TimeTz) v).zoneSecondsWest()));
      case "extract_interval" -> binary((f, v) -> ofInterval((String) f, (Interval) v));
      case "sql:date_part" -> binary((f, v) -> real(ofTimestamp((String) f, DateTimeMath.dateToTimestamp((Integer) v), PgTypes.TIMESTAMP, null)));
      case "timestamp_part" -> binary((f, v) -> real(ofTimestamp((String) f, (Long) v, PgTypes.TIMESTAMP, null)));
      case "timestamptz_part" ->
          contextual((c, s, a) -> real(ofTimestamp((String) a[0], (Long) a[1], PgTypes.TIMESTAMPTZ, c.io().zone())));
      case "time_part" -> binary((f, v) -> real(ofTime((String) f, (Long) v, PgTypes.TIME, 0)));
      case "timetz_part" ->
          binary((f, v) -> real(ofTime((String) f, ((TimeTz) v).micros(), PgTypes.TIMETZ, ((TimeTz) v).zoneSecondsWest())));
      case "interval_part" -> binary((f, v) -> real(ofInterval((String) f, (Interval) v)));
      case "timestamp_trunc" -> binary((f, v) -> DateTimes.isFinite((Long) v) ? truncate((String) f, (Long) v, PgTypes.TIMESTAMP) : v);
      case "timestamptz_trunc" -> contextual((c, s, a) -> truncate((String) a[0], (Long) a[1], c.io().zone()));
      case "timestamptz_trunc_zone" -> ternary((f, v, zone) -> truncate((String) f, (Long) v, zone((String) zone)));
      case "interval_trunc" -> binary((f, v) -> truncate((String) f, (Interval) v));
      case "timestamp_bin", "timestamptz_bin" -> ternary((stride, v, origin) -> bin((Interval) stride, (Long) v, (Long) origin));
      default -> null;
    };
  }

  private static ZoneId zone(String name) {
    TimeZones.Abbreviation abbreviation = TimeZones.abbreviation(name);
    if (abbreviation != null) {
      return abbreviation.zone() != null ? abbreviation.zone() : java.time.ZoneOffset.ofTotalSeconds(abbreviation.offsetSeconds());
    }
    return DateTimeMath.zoneByName(name);
  }

  private static Field field(String name, PgType type) {
    String word = StringFunctions.asciiLower(name);
    Field field = FIELDS.get(word.length() > 10 ? word.substring(0, 10) : word);
    if (field == null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, message(word, "recognized", type));
    }
    return field;
  }

  private static String message(String field, String what, PgType type) {
    return "unit \"" + field + "\" not " + what + " for type " + Typmods.formatType(type, -1, PgTypes.BUILTIN);
  }

  private static SqlException unsupported(String field, PgType type) {
    return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, message(StringFunctions.asciiLower(field), "supported", type));
  }

  private static @Nullable Double real(@Nullable Numeric value) {
    return value == null ? null : value.doubleValue();
  }

  private static @Nullable Numeric infinite(Field field, boolean positive) {
    return switch (field) {
      case YEAR, DECADE, CENTURY, MILLENNIUM, JULIAN, ISOYEAR, EPOCH -> positive ? Numeric.POSITIVE_INFINITY : Numeric.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  private static @Nullable Numeric ofDate(String name, int date) {
    Field field = field(name, PgTypes.DATE);
    switch (field) {
      case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR, TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE ->
          throw unsupported(name, PgTypes.DATE);
      default -> { }
    }
    if (!DateTimes.isFiniteDate(date)) {
      return infinite(field, date > 0);
    }
    return switch (field) {
      case JULIAN -> Numeric.of(date + (long) DateTimes.POSTGRES_EPOCH_JULIAN);
      case EPOCH -> Numeric.of((date + (long) DateTimes.UNIX_EPOCH_DAYS) * 86400);
      default -> Numeric.of(calendar(field, date));
    };
  }

  private static @Nullable Numeric ofTimestamp(String name, long value, PgType type, @Nullable ZoneId zone) {
    Field field = field(name, type);
    if (!DateTimes.isFinite(value)) {
      return infinite(field, value > 0);
    }
    boolean zoneField = field == Field.TIMEZONE || field == Field.TIMEZONE_HOUR || field == Field.TIMEZONE_MINUTE;
    if (zoneField && zone == null) {
      throw unsupported(name, type);
    }
    if (field == Field.EPOCH) {
      return epoch(value);
    }
    int offset = zone == null ? 0 : TimeZones.offsetAt(zone, value);
    if (zoneField) {
      return ofZone(field, offset);
    }
    long local = value + offset * 1_000_000L;
    long days = Math.floorDiv(local, DateTimes.MICROS_PER_DAY);
    long time = local - days * DateTimes.MICROS_PER_DAY;
    if (field == Field.JULIAN) {
      return Numeric.of(days + DateTimes.POSTGRES_EPOCH_JULIAN).add(Numeric.of(time).divide(Numeric.of(DateTimes.MICROS_PER_DAY)));
    }
    Numeric part = clock(field, time);
    return part != null ? part : Numeric.of(calendar(field, days));
  }

  private static Numeric epoch(long value) {
    return Numeric.of(value, 6).add(Numeric.of(DateTimes.UNIX_EPOCH_SECONDS)).withScale(6);
  }

  private static Numeric ofZone(Field field, int offsetEast) {
    return Numeric.of(switch (field) {
      case TIMEZONE_HOUR -> offsetEast / 3600;
      case TIMEZONE_MINUTE -> offsetEast / 60 % 60;
      default -> offsetEast;
    });
  }

  /// A part of the time of day, null for a field of the calendar.
  private static @Nullable Numeric clock(Field field, long time) {
    return switch (field) {
      case MICROSECONDS -> Numeric.of(time % DateTimes.MICROS_PER_MINUTE);
      case MILLISECONDS -> Numeric.of(time % DateTimes.MICROS_PER_MINUTE, 3);
      case SECOND -> Numeric.of(time % DateTimes.MICROS_PER_MINUTE, 6);
      case MINUTE -> Numeric.of(time / DateTimes.MICROS_PER_MINUTE % 60);
      case HOUR -> Numeric.of(time / DateTimes.MICROS_PER_HOUR);
      default -> null;
    };
  }

  private static int calendar(Field field, long days) {
    long civil = DateTimes.civil(days);
    int year = (int) (civil >> 16);
    int month = (int) (civil >> 8) & 0xff;
    return switch (field) {
      case DAY -> (int) civil & 0xff;
      case MONTH -> month;
      case QUARTER -> (month - 1) / 3 + 1;
      case YEAR -> year > 0 ? year : year - 1;
      case DECADE -> year >= 0 ? year / 10 : -((8 - (year - 1)) / 10);
      case CENTURY -> year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
      case MILLENNIUM -> year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000);
      case WEEK -> (int) ((days - isoYearStart(isoYear(days))) / 7) + 1;
      case ISOYEAR -> isoYear(days) > 0 ? isoYear(days) : isoYear(days) - 1;
      case DOW -> DateTimes.dayOfWeek(days);
      case ISODOW -> (DateTimes.dayOfWeek(days) + 6) % 7 + 1;
      case DOY -> (int) (days - DateTimes.toDays(year, 1, 1)) + 1;
      default -> throw new IllegalStateException("not a field of the calendar: " + field);
    };
  }

  /// Monday of the week that has January 4th.
  private static long isoYearStart(int year) {
    long fourth = DateTimes.toDays(year, 1, 4);
    return fourth - (DateTimes.dayOfWeek(fourth) + 6) % 7;
  }

  private static int isoYear(long days) {
    int year = DateTimes.yearOf(days);
    return days < isoYearStart(year) ? year - 1 : days >= isoYearStart(year + 1) ? year + 1 : year;
  }

  private static Numeric ofTime(String name, long time, PgType type, int zoneSecondsWest) {
    Field field = field(name, type);
    if (type == PgTypes.TIMETZ && (field == Field.TIMEZONE || field == Field.TIMEZONE_HOUR || field == Field.TIMEZONE_MINUTE)) {
      return ofZone(field, -zoneSecondsWest);
    }
    if (field == Field.EPOCH) {
      return Numeric.of(time + zoneSecondsWest * 1_000_000L, 6);
    }
    Numeric part = clock(field, time);
    if (part == null) {
      throw unsupported(name, type);
    }
    return part;
  }

  private static Numeric ofInterval(String name, Interval value) {
    Field field = field(name, PgTypes.INTERVAL);
    int years = value.months() / 12;
    return switch (field) {
      case DAY -> Numeric.of(value.days());
      case MONTH -> Numeric.of(value.months() % 12);
      case QUARTER -> Numeric.of(value.months() % 12 / 3 + 1);
      case YEAR -> Numeric.of(years);
      case DECADE -> Numeric.of(years / 10);
      case CENTURY -> Numeric.of(years / 100);
      case MILLENNIUM -> Numeric.of(years / 1000);
      case EPOCH -> {
        long seconds = (1461L * years + 120L * (value.months() % 12) + 4L * value.days()) * 21600;
        yield Numeric.of(seconds).add(Numeric.of(value.micros(), 6));
      }
      case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> clock(field, value.micros());
      default -> throw unsupported(name, PgTypes.INTERVAL);
    };
  }

  // ---------------------------------------------------------------- truncation

  private static boolean isTruncatable(Field field) {
    return field.compareTo(Field.MILLENNIUM) <= 0;
  }

  private static long truncate(String name, long local, PgType type) {
    Field field = field(name, type);
    if (!isTruncatable(field)) {
      // date_trunc does not know the fields that only extract has.
      throw notTruncatable(name, field, type);
    }
    long unit = switch (field) {
      case MICROSECONDS -> 1;
      case MILLISECONDS -> 1000;
      case SECOND -> DateTimes.MICROS_PER_SECOND;
      case MINUTE -> DateTimes.MICROS_PER_MINUTE;
      case HOUR -> DateTimes.MICROS_PER_HOUR;
      default -> DateTimes.MICROS_PER_DAY;
    };
    long start = local - Math.floorMod(local, unit);
    if (field.compareTo(Field.DAY) <= 0) {
      return start;
    }
    long days = Math.floorDiv(start, DateTimes.MICROS_PER_DAY);
    long civil = DateTimes.civil(days);
    int year = (int) (civil >> 16);
    int month = (int) (civil >> 8) & 0xff;
    long first = switch (field) {
      case WEEK -> days - (DateTimes.dayOfWeek(days) + 6) % 7;
      case MONTH -> DateTimes.toDays(year, month, 1);
      case QUARTER -> DateTimes.toDays(year, (month - 1) / 3 * 3 + 1, 1);
      case YEAR -> DateTimes.toDays(year, 1, 1);
      case DECADE -> DateTimes.toDays(year > 0 ? year / 10 * 10 : -((8 - (year - 1)) / 10) * 10, 1, 1);
      case CENTURY -> DateTimes.toDays(year > 0 ? (year + 99) / 100 * 100 - 99 : -((99 - (year - 1)) / 100) * 100 + 1, 1, 1);
      default -> DateTimes.toDays(year > 0 ? (year + 999) / 1000 * 1000 - 999 : -((999 - (year - 1)) / 1000) * 1000 + 1, 1, 1);
    };
    return DateTimeMath.checked(first * DateTimes.MICROS_PER_DAY);
  }

  private static SqlException notTruncatable(String name, Field field, PgType type) {
    return field.compareTo(Field.EPOCH) <= 0
        ? new SqlException(SqlState.INVALID_PARAMETER_VALUE, message(name.toLowerCase(Locale.ROOT), "recognized", type))
        : unsupported(name, type);
  }

  private static long truncate(String name, long instant, ZoneId zone) {
    if (!DateTimes.isFinite(instant)) {
      return instant;
    }
    int offset = TimeZones.offsetAt(zone, instant);
    long local = truncate(name, instant + offset * 1_000_000L, PgTypes.TIMESTAMPTZ);
    boolean sameOffset = field(name, PgTypes.TIMESTAMPTZ).compareTo(Field.HOUR) <= 0;
    return DateTimeMath.checked(local - (sameOffset ? offset : TimeZones.offsetOfLocal(zone, local)) * 1_000_000L);
  }

  private static Interval truncate(String name, Interval value) {
    Field field = field(name, PgTypes.INTERVAL);
    int months = value.months();
    return switch (field) {
      case MILLENNIUM -> Interval.of(months / 12000 * 12000, 0, 0);
      case CENTURY -> Interval.of(months / 1200 * 1200, 0, 0);
      case DECADE -> Interval.of(months / 120 * 120, 0, 0);
      case YEAR -> Interval.of(months / 12 * 12, 0, 0);
      case QUARTER -> Interval.of(months / 3 * 3, 0, 0);
      case MONTH -> Interval.of(months, 0, 0);
      case DAY -> Interval.of(months, value.days(), 0);
      case HOUR -> cut(value, DateTimes.MICROS_PER_HOUR);
      case MINUTE -> cut(value, DateTimes.MICROS_PER_MINUTE);
      case SECOND -> cut(value, DateTimes.MICROS_PER_SECOND);
      case MILLISECONDS -> cut(value, 1000);
      case MICROSECONDS -> value;
      case WEEK -> throw unsupported(name, PgTypes.INTERVAL).withDetail("Months usually have fractional weeks.");
      default -> throw notTruncatable(name, field, PgTypes.INTERVAL);
    };
  }

  private static Interval cut(Interval value, long unit) {
    return Interval.of(value.months(), value.days(), value.micros() / unit * unit);
  }

  private static long bin(Interval stride, long value, long origin) {
    if (!DateTimes.isFinite(value)) {
      return value;
    }
    if (!DateTimes.isFinite(origin)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "origin out of range");
    }
    if (stride.months() != 0) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "timestamps cannot be binned into intervals containing months or years");
    }
    try {
      long micros = Math.addExact(Math.multiplyExact((long) stride.days(), DateTimes.MICROS_PER_DAY), stride.micros());
      if (micros <= 0) {
        throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "stride must be greater than zero");
      }
      return DateTimeMath.checked(value - Math.floorMod(Math.subtractExact(value, origin), micros));
    } catch (ArithmeticException e) {
      throw DateTimeMath.intervalOutOfRange();
    }
  }
}
