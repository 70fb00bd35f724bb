package io.heliosdb.nano.type;

/// Calendar arithmetic on PostgreSQL's terms: days and microseconds since 2000-01-01, proleptic Gregorian, year 0 is 1 BC.
/// Source: PostgreSQL's `src/backend/utils/adt/datetime.c` for ranges; the day arithmetic is the usual civil-date algorithm.
public final class DateTimes {
  public static final long MICROS_PER_SECOND = 1_000_000L;
  public static final long MICROS_PER_MINUTE = 60_000_000L;
  public static final long MICROS_PER_HOUR = 3_600_000_000L;
  public static final long MICROS_PER_DAY = 86_400_000_000L;
  /// Days from 1970-01-01 to 2000-01-01.
  public static final int UNIX_EPOCH_DAYS = 10957;
  /// Seconds from 1970-01-01 to 2000-01-01.
  public static final long UNIX_EPOCH_SECONDS = UNIX_EPOCH_DAYS * 86400L;
  /// Julian day of 2000-01-01.
  public static final int POSTGRES_EPOCH_JULIAN = 2451545;

  public static final int DATE_INFINITY = Integer.MAX_VALUE;
  public static final int DATE_MINUS_INFINITY = Integer.MIN_VALUE;
  public static final long TIMESTAMP_INFINITY = Long.MAX_VALUE;
  public static final long TIMESTAMP_MINUS_INFINITY = Long.MIN_VALUE;

  /// 4714-11-24 BC, Julian day 0: the first date and timestamp.
  public static final int DATE_MIN = -POSTGRES_EPOCH_JULIAN;
  /// First day past the last date (5874898-01-01).
  public static final int DATE_END = 2147483494 - POSTGRES_EPOCH_JULIAN;
  public static final long TIMESTAMP_MIN = -211813488000000000L;
  /// First instant past the last timestamp (294277-01-01).
  public static final long TIMESTAMP_END = 9223371331200000000L;

  private DateTimes() {}

  /// Days since 2000-01-01 of a date; `year` counts 0 as 1 BC.
  public static long toDays(int year, int month, int day) {
    long y = month <= 2 ? year - 1L : year;
    long era = Math.floorDiv(y, 400L);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146097 + dayOfEra - 730425;
  }

  /// Year (0 is 1 BC) of a day.
  public static int yearOf(long days) {
    return (int) (civil(days) >> 16);
  }

  public static int monthOf(long days) {
    return (int) (civil(days) >> 8) & 0xff;
  }

  public static int dayOf(long days) {
    return (int) civil(days) & 0xff;
  }

  /// Year, month and day packed as `year << 16 | month << 8 | day`.
  public static long civil(long days) {
    long z = days + 730425;
    long era = Math.floorDiv(z, 146097L);
    long dayOfEra = z - era * 146097;
    long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long mp = (5 * dayOfYear + 2) / 153;
    long day = dayOfYear - (153 * mp + 2) / 5 + 1;
    long month = mp < 10 ? mp + 3 : mp - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    return year << 16 | month << 8 | day;
  }

  /// 0 is Sunday.
  public static int dayOfWeek(long days) {
    return (int) Math.floorMod(days + 6, 7L);
  }

  public static boolean isLeap(int year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  public static int daysInMonth(int year, int month) {
    return switch (month) {
      case 2 -> isLeap(year) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  public static boolean isFinite(long timestamp) {
    return timestamp != TIMESTAMP_INFINITY && timestamp != TIMESTAMP_MINUS_INFINITY;
  }

  public static boolean isFiniteDate(int date) {
    return date != DATE_INFINITY && date != DATE_MINUS_INFINITY;
  }

  public static boolean isValidTimestamp(long micros) {
    return micros >= TIMESTAMP_MIN && micros < TIMESTAMP_END;
  }
}
