package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.nullary;
import static io.heliosdb.nano.function.impl.Forms.ternary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TimeZones;
import io.heliosdb.nano.type.TypeIo;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// The clock (now and its kin), age, and the functions that make dates and times of numbers.
/// Source: PostgreSQL 15 manual, section 9.9.
public final class DateTimeFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "now" -> nullary(CallContext::transactionTimestampMicros);
      case "statement_timestamp" -> nullary(CallContext::statementTimestampMicros);
      case "clock_timestamp" -> nullary(CallContext::clockTimestampMicros);
      case "timeofday" -> nullary(DateTimeFunctions::timeOfDay);
      case "timestamp_age" -> binary((a, b) -> DateTimeMath.age((Long) a, (Long) b));
      case "timestamptz_age" -> contextual((c, s, a) -> DateTimeMath.age(local((Long) a[0], c), local((Long) a[1], c)));
      case "sql:age" -> function.argumentTypes().getFirst() == 1184
          ? contextual((c, s, a) -> DateTimeMath.age(today(c), local((Long) a[0], c)))
          : contextual((c, s, a) -> DateTimeMath.age(today(c), (Long) a[0]));
      case "make_date" -> ternary((y, m, d) -> date((Integer) y, (Integer) m, (Integer) d));
      case "make_time" -> ternary((h, m, s) -> time((Integer) h, (Integer) m, (Double) s));
      case "make_timestamp" -> contextual((c, s, a) -> timestamp(a));
      case "make_timestamptz" -> contextual((c, s, a) -> DateTimeMath.toInstant(timestamp(a), c.io().zone()));
      case "make_timestamptz_at_timezone" -> contextual((c, s, a) -> atZone(timestamp(a), (String) a[6]));
      case "make_interval" -> contextual((c, s, a) -> interval(a));
      case "float8_timestamptz" -> unary(a -> ofUnixSeconds((Double) a));
      default -> null;
    };
  }

  private static long local(long instant, CallContext context) {
    return DateTimeMath.toLocal(instant, context.io().zone());
  }

  private static long today(CallContext context) {
    long now = local(context.transactionTimestampMicros(), context);
    return now - Math.floorMod(now, DateTimes.MICROS_PER_DAY);
  }

  private static String timeOfDay(CallContext context) {
    long now = context.clockTimestampMicros();
    ZoneId zone = context.io().zone();
    long local = DateTimeMath.toLocal(now, zone);
    // The Postgres style has the same fields; only the microseconds are always shown here.
    String style = TypeIo.toText(PgTypes.TIMESTAMP, local - Math.floorMod(local, 1_000_000L),
        IoContext.builder().dateStyle(IoContext.DateStyle.POSTGRES, IoContext.DateOrder.MDY).build());
    int year = style.lastIndexOf(' ');
    ByteSink out = new ByteSink();
    out.putAscii(style.substring(0, year)).put('.').putPadded(Math.floorMod(local, 1_000_000L), 6).putAscii(style.substring(year)).put(' ');
    String abbreviation = TimeZones.abbreviationAt(zone, now);
    if (abbreviation != null) {
      out.putAscii(abbreviation);
    } else {
      TimeZones.formatOffset(TimeZones.offsetAt(zone, now), out);
    }
    return out.toString();
  }

  private static SqlException outOfRange(String what, String shown) {
    return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, what + " out of range: " + shown);
  }

  private static int date(int year, int month, int day) {
    int astronomical = year < 0 ? year + 1 : year;
    if (year == 0 || month < 1 || month > 12 || day < 1 || day > DateTimes.daysInMonth(astronomical, month)) {
      throw outOfRange("date field value", String.format("%d-%02d-%02d", year, month, day));
    }
    long days = DateTimes.toDays(astronomical, month, day);
    if (days < DateTimes.DATE_MIN || days >= DateTimes.DATE_END) {
      throw outOfRange("date", String.format("%d-%02d-%02d", year, month, day));
    }
    return (int) days;
  }

  private static long time(int hour, int minute, double second) {
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || !(second >= 0 && second <= 60)
        || hour == 24 && (minute > 0 || second > 0)) {
      throw outOfRange("time field value", clock(hour, minute, second));
    }
    return (hour * 60L + minute) * DateTimes.MICROS_PER_MINUTE + (long) Math.rint(second * 1_000_000);
  }

  private static String clock(int hour, int minute, double second) {
    String seconds = TypeIo.toText(PgTypes.FLOAT8, second, IoContext.builder().extraFloatDigits(-9).build());
    return String.format("%d:%02d:%s", hour, minute, seconds.length() < 2 ? "0" + seconds : seconds);
  }

  private static long timestamp(@Nullable Object[] a) {
    int year = (Integer) a[0];
    int day = date(year, (Integer) a[1], (Integer) a[2]);
    long time = time((Integer) a[3], (Integer) a[4], (Double) a[5]);
    long result = day > 106_751_991 ? Long.MAX_VALUE : day * DateTimes.MICROS_PER_DAY + time;
    if (!DateTimes.isValidTimestamp(result)) {
      throw outOfRange("timestamp", String.format("%d-%02d-%02d ", year, a[1], a[2]) + clock((Integer) a[3], (Integer) a[4], (Double) a[5]));
    }
    return result;
  }

  /// The zone argument of make_timestamptz: a signed offset counts east here, unlike in POSIX zone names.
  private static long atZone(long local, String zone) {
    if (!zone.isEmpty() && Character.isDigit(zone.charAt(0))) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid input syntax for type numeric time zone: \"" + zone + "\"")
          .withHint("Numeric time zones must have \"-\" or \"+\" as first character.");
    }
    if (zone.startsWith("+") || zone.startsWith("-")) {
      String[] parts = zone.substring(1).split(":", -1);
      try {
        int hours = Integer.parseInt(parts[0]);
        int minutes = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        int seconds = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
        if (parts.length == 1 && parts[0].length() > 2) {
          minutes = hours % 100;
          hours /= 100;
        }
        if (hours > TimeZones.MAX_DISPLACEMENT_HOURS || minutes > 59 || seconds > 59) {
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "numeric time zone \"" + zone + "\" out of range");
        }
        int total = (hours * 60 + minutes) * 60 + seconds;
        return DateTimeMath.checked(local - (zone.startsWith("-") ? -total : total) * 1_000_000L);
      } catch (NumberFormatException e) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "time zone \"" + zone + "\" not recognized");
      }
    }
    return DateTimeMath.checked(local - DateTimeMath.offsetByName(zone, local, true) * 1_000_000L);
  }

  private static Interval interval(@Nullable Object[] a) {
    double seconds = (Double) a[6];
    double micros = Math.rint(seconds * 1_000_000);
    if (Double.isNaN(seconds) || Double.isInfinite(seconds) || Math.abs(micros) >= 0x1p63) {
      throw DateTimeMath.intervalOutOfRange();
    }
    try {
      long time = Math.addExact(
          Math.addExact((Integer) a[4] * DateTimes.MICROS_PER_HOUR, (Integer) a[5] * DateTimes.MICROS_PER_MINUTE), (long) micros);
      return DateTimeMath.interval((Integer) a[0] * 12L + (Integer) a[1], (Integer) a[2] * 7L + (Integer) a[3], time);
    } catch (ArithmeticException e) {
      throw DateTimeMath.intervalOutOfRange();
    }
  }

  private static long ofUnixSeconds(double seconds) {
    if (Double.isNaN(seconds)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp cannot be NaN");
    }
    if (Double.isInfinite(seconds)) {
      return seconds > 0 ? DateTimes.TIMESTAMP_INFINITY : DateTimes.TIMESTAMP_MINUS_INFINITY;
    }
    double micros = Math.rint((seconds - DateTimes.UNIX_EPOCH_SECONDS) * 1_000_000);
    if (!(micros >= DateTimes.TIMESTAMP_MIN && micros < DateTimes.TIMESTAMP_END)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range: \""
          + TypeIo.toText(PgTypes.FLOAT8, seconds, IoContext.builder().extraFloatDigits(-9).build()) + "\"");
    }
    return (long) micros;
  }
}
