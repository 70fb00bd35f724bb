package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.TimeZones;
import io.heliosdb.nano.type.TypeErrors;
import java.time.ZoneId;
import java.util.Locale;

/// Arithmetic on dates, timestamps and intervals as PostgreSQL does it: months first with the day cut to the month's length,
/// then days, then microseconds. Errors: 22008 out of range.
public final class DateTimeMath {
  private static final double DAYS_PER_MONTH = 30;
  private static final double SECONDS_PER_DAY = 86400;

  private DateTimeMath() {}

  static SqlException timestampOutOfRange() {
    return new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range");
  }

  static SqlException dateOutOfRange() {
    return new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "date out of range");
  }

  static SqlException intervalOutOfRange() {
    return new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "interval out of range");
  }

  static long checked(long timestamp) {
    if (!DateTimes.isValidTimestamp(timestamp)) {
      throw timestampOutOfRange();
    }
    return timestamp;
  }

  static long dateToTimestamp(int date) {
    if (!DateTimes.isFiniteDate(date)) {
      return date > 0 ? DateTimes.TIMESTAMP_INFINITY : DateTimes.TIMESTAMP_MINUS_INFINITY;
    }
    long micros = date * DateTimes.MICROS_PER_DAY;
    if (date > 106_751_991 || !DateTimes.isValidTimestamp(micros)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "date out of range for timestamp");
    }
    return micros;
  }

  static int timestampToDate(long timestamp) {
    if (!DateTimes.isFinite(timestamp)) {
      return timestamp > 0 ? DateTimes.DATE_INFINITY : DateTimes.DATE_MINUS_INFINITY;
    }
    return (int) Math.floorDiv(timestamp, DateTimes.MICROS_PER_DAY);
  }

  /// Local time of an instant in a zone.
  static long toLocal(long instant, ZoneId zone) {
    return DateTimes.isFinite(instant) ? checked(instant + TimeZones.offsetAt(zone, instant) * 1_000_000L) : instant;
  }

  /// The instant of a local time in a zone.
  static long toInstant(long local, ZoneId zone) {
    return DateTimes.isFinite(local) ? checked(local - TimeZones.offsetOfLocal(zone, local) * 1_000_000L) : local;
  }

  static long plusMonths(long timestamp, int months) {
    long days = Math.floorDiv(timestamp, DateTimes.MICROS_PER_DAY);
    long time = timestamp - days * DateTimes.MICROS_PER_DAY;
    long civil = DateTimes.civil(days);
    long month = (civil >> 16) * 12 + ((civil >> 8) & 0xff) - 1 + months;
    long year = Math.floorDiv(month, 12L);
    if (year > 300_000 || year < -5000) {
      throw timestampOutOfRange();
    }
    int newMonth = (int) (month - year * 12) + 1;
    int day = Math.min((int) civil & 0xff, DateTimes.daysInMonth((int) year, newMonth));
    return DateTimes.toDays((int) year, newMonth, day) * DateTimes.MICROS_PER_DAY + time;
  }

  static long plus(long timestamp, Interval span) {
    if (!DateTimes.isFinite(timestamp)) {
      return timestamp;
    }
    try {
      long result = timestamp;
      if (span.months() != 0) {
        result = checked(plusMonths(result, span.months()));
      }
      if (span.days() != 0) {
        result = checked(Math.addExact(result, span.days() * DateTimes.MICROS_PER_DAY));
      }
      return checked(Math.addExact(result, span.micros()));
    } catch (ArithmeticException e) {
      throw timestampOutOfRange();
    }
  }

  /// As [#plus], with months and days counted in the zone's local time.
  static long plus(long instant, Interval span, ZoneId zone) {
    if (!DateTimes.isFinite(instant)) {
      return instant;
    }
    try {
      long result = instant;
      if (span.months() != 0) {
        result = toInstant(plusMonths(toLocal(result, zone), span.months()), zone);
      }
      if (span.days() != 0) {
        result = toInstant(Math.addExact(toLocal(result, zone), span.days() * DateTimes.MICROS_PER_DAY), zone);
      }
      return checked(Math.addExact(result, span.micros()));
    } catch (ArithmeticException e) {
      throw timestampOutOfRange();
    }
  }

  static Interval negate(Interval span) {
    try {
      return Interval.of(Math.negateExact(span.months()), Math.negateExact(span.days()), Math.negateExact(span.micros()));
    } catch (ArithmeticException e) {
      throw intervalOutOfRange();
    }
  }

  static Interval add(Interval a, Interval b) {
    try {
      return Interval.of(Math.addExact(a.months(), b.months()), Math.addExact(a.days(), b.days()), Math.addExact(a.micros(), b.micros()));
    } catch (ArithmeticException e) {
      throw intervalOutOfRange();
    }
  }

  static Interval subtract(Interval a, Interval b) {
    try {
      return Interval.of(Math.subtractExact(a.months(), b.months()), Math.subtractExact(a.days(), b.days()),
          Math.subtractExact(a.micros(), b.micros()));
    } catch (ArithmeticException e) {
      throw intervalOutOfRange();
    }
  }

  static Interval multiply(Interval span, double factor) {
    return scaled(span, span.months() * factor, span.days() * factor, span.micros() * factor);
  }

  static Interval divide(Interval span, double divisor) {
    if (divisor == 0) {
      throw TypeErrors.divisionByZero();
    }
    return scaled(span, span.months() / divisor, span.days() / divisor, span.micros() / divisor);
  }

  /// Fractions of months go to days, fractions of days to the time.
  private static Interval scaled(Interval span, double months, double days, double micros) {
    if (!fitsInt(months) || !fitsInt(days)) {
      throw intervalOutOfRange();
    }
    int wholeMonths = (int) months;
    long wholeDays = (int) days;
    double monthDays = roundToMicros((months - wholeMonths) * DAYS_PER_MONTH);
    double seconds = roundToMicros((days - wholeDays + monthDays - (int) monthDays) * SECONDS_PER_DAY);
    if (Math.abs(seconds) >= SECONDS_PER_DAY) {
      wholeDays += (int) (seconds / SECONDS_PER_DAY);
      seconds -= (int) (seconds / SECONDS_PER_DAY) * SECONDS_PER_DAY;
    }
    wholeDays += (int) monthDays;
    double time = Math.rint(micros + seconds * 1_000_000);
    if (!(time >= -0x1p63 && time < 0x1p63) || wholeDays != (int) wholeDays) {
      throw intervalOutOfRange();
    }
    return Interval.of(wholeMonths, (int) wholeDays, (long) time);
  }

  private static boolean fitsInt(double value) {
    return value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE;
  }

  private static double roundToMicros(double value) {
    return Math.rint(value * 1_000_000) / 1_000_000;
  }

  static Interval justifyHours(Interval span) {
    long days = span.days() + span.micros() / DateTimes.MICROS_PER_DAY;
    long micros = span.micros() % DateTimes.MICROS_PER_DAY;
    if (days > 0 && micros < 0) {
      micros += DateTimes.MICROS_PER_DAY;
      days--;
    } else if (days < 0 && micros > 0) {
      micros -= DateTimes.MICROS_PER_DAY;
      days++;
    }
    return interval(span.months(), days, micros);
  }

  static Interval justifyDays(Interval span) {
    long months = span.months() + span.days() / 30;
    long days = span.days() % 30;
    if (months > 0 && days < 0) {
      days += 30;
      months--;
    } else if (months < 0 && days > 0) {
      days -= 30;
      months++;
    }
    return interval(months, days, span.micros());
  }

  static Interval justify(Interval span) {
    long micros = span.micros() % DateTimes.MICROS_PER_DAY;
    long days = span.days() + span.micros() / DateTimes.MICROS_PER_DAY;
    long months = span.months() + days / 30;
    days %= 30;
    if (months > 0 && (days < 0 || days == 0 && micros < 0)) {
      days += 30;
      months--;
    } else if (months < 0 && (days > 0 || days == 0 && micros > 0)) {
      days -= 30;
      months++;
    }
    if (days > 0 && micros < 0) {
      micros += DateTimes.MICROS_PER_DAY;
      days--;
    } else if (days < 0 && micros > 0) {
      micros -= DateTimes.MICROS_PER_DAY;
      days++;
    }
    return interval(months, days, micros);
  }

  static Interval interval(long months, long days, long micros) {
    if (months != (int) months || days != (int) days) {
      throw intervalOutOfRange();
    }
    return Interval.of((int) months, (int) days, micros);
  }

  /// The difference of two timestamps in days and time.
  static Interval difference(long a, long b) {
    if (!DateTimes.isFinite(a) || !DateTimes.isFinite(b)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "cannot subtract infinite timestamps");
    }
    try {
      return justifyHours(Interval.of(0, 0, Math.subtractExact(a, b)));
    } catch (ArithmeticException e) {
      throw intervalOutOfRange();
    }
  }

  /// The difference of two local times in years, months, days and time, field by field.
  static Interval age(long a, long b) {
    if (!DateTimes.isFinite(a) || !DateTimes.isFinite(b)) {
      throw timestampOutOfRange();
    }
    boolean negative = a < b;
    long later = negative ? b : a;
    long earlier = negative ? a : b;
    long laterDay = Math.floorDiv(later, DateTimes.MICROS_PER_DAY);
    long earlierDay = Math.floorDiv(earlier, DateTimes.MICROS_PER_DAY);
    long x = DateTimes.civil(laterDay);
    long y = DateTimes.civil(earlierDay);
    long time = Math.floorMod(later, DateTimes.MICROS_PER_DAY) - Math.floorMod(earlier, DateTimes.MICROS_PER_DAY);
    int days = (int) ((x & 0xff) - (y & 0xff));
    int months = (int) ((x >> 8 & 0xff) - (y >> 8 & 0xff));
    int years = (int) ((x >> 16) - (y >> 16));
    if (time < 0) {
      time += DateTimes.MICROS_PER_DAY;
      days--;
    }
    // A month borrowed is the earlier date's.
    if (days < 0) {
      days += DateTimes.daysInMonth((int) (y >> 16), (int) (y >> 8) & 0xff);
      months--;
    }
    if (months < 0) {
      months += 12;
      years--;
    }
    int total = years * 12 + months;
    return negative ? Interval.of(-total, -days, -time) : Interval.of(total, days, time);
  }

  /// The zone an SQL text names: an abbreviation or a zone's name.
  ///
  /// @throws SqlException 22023 when there is none
  static int offsetByName(String name, long micros, boolean local) {
    TimeZones.Abbreviation abbreviation = TimeZones.abbreviation(name.toLowerCase(Locale.ROOT));
    if (abbreviation != null) {
      return local ? abbreviation.offsetOfLocal(micros) : abbreviation.offsetAt(micros);
    }
    ZoneId zone = zoneByName(name);
    return local ? TimeZones.offsetOfLocal(zone, micros) : TimeZones.offsetAt(zone, micros);
  }

  static ZoneId zoneByName(String name) {
    ZoneId zone = TimeZones.find(name);
    if (zone == null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "time zone \"" + name + "\" not recognized");
    }
    return zone;
  }

  /// Offset east in seconds that an interval used as a time zone means.
  static int offsetOf(Interval zone) {
    if (zone.months() != 0 || zone.days() != 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "interval time zone \"" + zone + "\" must not include months or days");
    }
    return (int) (zone.micros() / 1_000_000);
  }
}
