package io.heliosdb.nano.type;

import static io.heliosdb.nano.type.DateTimeFields.at;
import static io.heliosdb.nano.type.DateTimeFields.digits;
import static io.heliosdb.nano.type.DateTimeFields.isDigit;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the text of intervals: PostgreSQL's own forms, SQL standard and ISO 8601. What writes it is [IntervalOutput].
/// Errors: 22007 bad syntax, 22015 field out of range. Source: PostgreSQL 15 manual, "Interval Input".
final class IntervalText {
  /// Bits of the fields in an interval's modifier.
  static final int MONTH_BIT = 1 << 1;
  static final int YEAR_BIT = 1 << 2;
  static final int DAY_BIT = 1 << 3;
  static final int HOUR_BIT = 1 << 10;
  static final int MINUTE_BIT = 1 << 11;
  static final int SECOND_BIT = 1 << 12;
  static final int FULL_RANGE = 0x7fff;

  enum Unit {
    MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, YEAR, DECADE, CENTURY, MILLENNIUM, QUARTER, TIMEZONE, AGO, IGNORE
  }

  private static final Map<String, Unit> UNITS = units();

  private final String text;
  private final IoContext context;
  private final int range;
  private long months;
  private long days;
  private long micros;

  private IntervalText(String text, int range, IoContext context) {
    this.text = text;
    this.range = range;
    this.context = context;
  }

  private static Map<String, Unit> units() {
    Map<String, Unit> map = new HashMap<>();
    put(map, Unit.IGNORE, "@");
    put(map, Unit.AGO, "ago");
    put(map, Unit.CENTURY, "c cent centuries century");
    put(map, Unit.DAY, "d day days");
    put(map, Unit.DECADE, "dec decade decades decs");
    put(map, Unit.HOUR, "h hour hours hr hrs");
    put(map, Unit.MINUTE, "m min mins minute minutes");
    put(map, Unit.MICROSECOND, "microsecon us usec usecond useconds usecs");
    put(map, Unit.MILLENNIUM, "mil millennia millennium mils");
    put(map, Unit.MILLISECOND, "millisecon ms msec msecond mseconds msecs");
    put(map, Unit.MONTH, "mon mons month months");
    put(map, Unit.QUARTER, "qtr quarter");
    put(map, Unit.SECOND, "s sec second seconds secs");
    put(map, Unit.TIMEZONE, "timezone timezone_h timezone_m");
    put(map, Unit.WEEK, "w week weeks");
    put(map, Unit.YEAR, "y year years yr yrs");
    return map;
  }

  private static void put(Map<String, Unit> map, Unit unit, String words) {
    for (String word : words.split(" ")) {
      map.put(word, unit);
    }
  }

  /// The unit of a lower-case word, by its first ten characters; null when there is none.
  static @Nullable Unit unit(String word) {
    return UNITS.get(word.length() > DateTimeFields.WORD_MAX ? word.substring(0, DateTimeFields.WORD_MAX) : word);
  }

  /// @param range the field bits of the modifier, [#FULL_RANGE] for none
  static Interval parse(String text, int range, IoContext context) {
    IntervalText in = new IntervalText(text, range, context);
    try {
      if (!in.traditional()) {
        in.months = 0;
        in.days = 0;
        in.micros = 0;
        if (!in.iso8601()) {
          throw new SqlException(SqlState.INVALID_DATETIME_FORMAT, "invalid input syntax for type interval: \"" + text + "\"");
        }
      }
    } catch (ArithmeticException e) {
      throw in.overflow();
    }
    if (in.months != (int) in.months || in.days != (int) in.days) {
      throw in.overflow();
    }
    return Interval.of((int) in.months, (int) in.days, in.micros);
  }

  private SqlException overflow() {
    if (months != (int) months && Math.abs(months / 12) <= Integer.MAX_VALUE / 12) {
      // Each field fits, their sum does not.
      return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "interval out of range");
    }
    return new SqlException(SqlState.INTERVAL_FIELD_OVERFLOW, "interval field value out of range: \"" + text + "\"");
  }

  private boolean traditional() {
    DateTimeFields fields = DateTimeFields.split(text);
    if (fields == null) {
      return false;
    }
    boolean negateAll = false;
    if (context.intervalStyle() == IoContext.IntervalStyle.SQL_STANDARD && fields.count() > 0 && fields.texts.getFirst().startsWith("-")) {
      negateAll = true;
      for (int i = 1; i < fields.count(); i++) {
        if ("+-".indexOf(fields.texts.get(i).charAt(0)) >= 0) {
          negateAll = false;
          break;
        }
      }
    }
    boolean ago = false;
    int seen = 0;
    Unit unit = Unit.IGNORE;
    // From the right, so that a unit is known before its number.
    for (int i = fields.count() - 1; i >= 0; i--) {
      String field = fields.texts.get(i);
      int mask;
      switch (fields.kinds.get(i)) {
        case TIME -> {
          Long value = timeOfDay(field);
          if (value == null) {
            return false;
          }
          micros = Math.addExact(micros, negateAll ? -value : value);
          mask = bit(Unit.HOUR) | bit(Unit.MINUTE) | bit(Unit.SECOND);
          unit = Unit.DAY;
        }
        case ZONE, DATE, NUMBER -> {
          if (fields.kinds.get(i) == DateTimeFields.Kind.ZONE && field.indexOf(':', 1) >= 0) {
            Long value = timeOfDay(field.substring(1));
            if (value != null) {
              micros = Math.addExact(micros, field.charAt(0) == '-' || negateAll ? -value : value);
              mask = bit(Unit.HOUR) | bit(Unit.MINUTE) | bit(Unit.SECOND);
              unit = Unit.DAY;
              break;
            }
          }
          if (unit == Unit.IGNORE) {
            unit = rightmostField();
          }
          int start = field.charAt(0) == '-' || field.charAt(0) == '+' ? 1 : 0;
          boolean negative = field.charAt(0) == '-';
          int end = digits(field, start);
          long value = end == start ? 0 : parseLong(field, start, end);
          double fraction = 0;
          if (negative) {
            value = -value;
          }
          if (at(field, end) == '-') {
            int monthEnd = digits(field, end + 1);
            if (monthEnd < field.length() || monthEnd == end + 1) {
              return false;
            }
            long extra = parseLong(field, end + 1, monthEnd);
            if (extra >= 12) {
              throw overflow();
            }
            unit = Unit.MONTH;
            value = Math.addExact(Math.multiplyExact(value, 12L), negative ? -extra : extra);
          } else if (at(field, end) == '.') {
            if (digits(field, end + 1) != field.length()) {
              return false;
            }
            fraction = field.length() == end + 1 ? 0 : Double.parseDouble("0" + field.substring(end));
            if (negative) {
              fraction = -fraction;
            }
          } else if (end < field.length() || end == start) {
            return false;
          }
          if (negateAll) {
            value = value > 0 ? -value : value;
            fraction = fraction > 0 ? -fraction : fraction;
          }
          if (!add(unit, value, fraction)) {
            return false;
          }
          mask = unit == Unit.SECOND && fraction != 0 ? bit(Unit.SECOND) | bit(Unit.MILLISECOND) | bit(Unit.MICROSECOND) : bit(unit);
          if (unit == Unit.HOUR) {
            unit = Unit.DAY;
          }
        }
        case STRING, SPECIAL -> {
          Unit word = unit(field);
          if (word == null || word == Unit.TIMEZONE) {
            return false;
          }
          if (word == Unit.IGNORE) {
            continue;
          }
          if (word == Unit.AGO) {
            ago = true;
          }
          unit = word;
          mask = 0;
        }
        default -> {
          return false;
        }
      }
      if ((mask & seen) != 0) {
        return false;
      }
      seen |= mask;
    }
    if (seen == 0) {
      return false;
    }
    if (ago) {
      months = Math.negateExact(months);
      days = Math.negateExact(days);
      micros = Math.negateExact(micros);
    }
    return true;
  }

  private static int bit(Unit unit) {
    return 1 << unit.ordinal();
  }

  private long parseLong(String field, int from, int to) {
    try {
      return Long.parseLong(field, from, to, 10);
    } catch (NumberFormatException e) {
      throw overflow();
    }
  }

  private Unit rightmostField() {
    if (range == FULL_RANGE) {
      return Unit.SECOND;
    }
    if ((range & SECOND_BIT) != 0) {
      return Unit.SECOND;
    }
    if ((range & MINUTE_BIT) != 0) {
      return Unit.MINUTE;
    }
    if ((range & HOUR_BIT) != 0) {
      return Unit.HOUR;
    }
    if ((range & DAY_BIT) != 0) {
      return Unit.DAY;
    }
    return (range & MONTH_BIT) != 0 ? Unit.MONTH : Unit.YEAR;
  }

  /// Microseconds of H:M, H:M:S or M:S.F; null for bad syntax.
  private @Nullable Long timeOfDay(String field) {
    int end = digits(field, 0);
    long hour = end == 0 ? 0 : parseLong(field, 0, end);
    if (at(field, end) != ':') {
      return null;
    }
    int minuteEnd = digits(field, end + 1);
    long minute = minuteEnd == end + 1 ? 0 : parseLong(field, end + 1, minuteEnd);
    long second = 0;
    long part = 0;
    char next = at(field, minuteEnd);
    int fractionAt = -1;
    if (next == '\0') {
      if (range == (MINUTE_BIT | SECOND_BIT)) {
        second = minute;
        minute = hour;
        hour = 0;
      }
    } else if (next == '.') {
      fractionAt = minuteEnd;
      second = minute;
      minute = hour;
      hour = 0;
    } else if (next == ':') {
      int secondEnd = digits(field, minuteEnd + 1);
      second = secondEnd == minuteEnd + 1 ? 0 : parseLong(field, minuteEnd + 1, secondEnd);
      if (at(field, secondEnd) == '.') {
        fractionAt = secondEnd;
      } else if (secondEnd < field.length()) {
        return null;
      }
    } else {
      return null;
    }
    if (fractionAt >= 0) {
      if (digits(field, fractionAt + 1) != field.length()) {
        return null;
      }
      part = field.length() == fractionAt + 1 ? 0 : (long) Math.rint(Double.parseDouble("0" + field.substring(fractionAt)) * 1e6);
    }
    if (minute > 59 || second > 60) {
      throw overflow();
    }
    return Math.addExact(Math.multiplyExact(hour, DateTimes.MICROS_PER_HOUR),
        minute * DateTimes.MICROS_PER_MINUTE + second * DateTimes.MICROS_PER_SECOND + part);
  }

  private boolean add(Unit unit, long value, double fraction) {
    switch (unit) {
      case MICROSECOND -> addMicros(value, fraction, 1);
      case MILLISECOND -> addMicros(value, fraction, 1000);
      case SECOND -> addMicros(value, fraction, DateTimes.MICROS_PER_SECOND);
      case MINUTE -> addMicros(value, fraction, DateTimes.MICROS_PER_MINUTE);
      case HOUR -> addMicros(value, fraction, DateTimes.MICROS_PER_HOUR);
      case DAY -> {
        days = Math.addExact(days, value);
        addFraction(fraction, DateTimes.MICROS_PER_DAY);
      }
      case WEEK -> {
        days = Math.addExact(days, Math.multiplyExact(value, 7L));
        addFractionOfDays(fraction, 7);
      }
      case MONTH -> {
        months = Math.addExact(months, value);
        addFractionOfDays(fraction, 30);
      }
      case YEAR -> addYears(value, fraction, 1);
      case DECADE -> addYears(value, fraction, 10);
      case CENTURY -> addYears(value, fraction, 100);
      case MILLENNIUM -> addYears(value, fraction, 1000);
      default -> {
        return false;
      }
    }
    if (days != (int) days || months != (int) months) {
      throw overflow();
    }
    return true;
  }

  private void addMicros(long value, double fraction, long scale) {
    micros = Math.addExact(micros, Math.multiplyExact(value, scale));
    addFraction(fraction, scale);
  }

  private void addFraction(double fraction, long scale) {
    if (fraction != 0) {
      micros = Math.addExact(micros, (long) Math.rint(fraction * scale));
    }
  }

  private void addFractionOfDays(double fraction, int scale) {
    if (fraction == 0) {
      return;
    }
    double scaled = fraction * scale;
    int whole = (int) scaled;
    days = Math.addExact(days, (long) whole);
    addFraction(scaled - whole, DateTimes.MICROS_PER_DAY);
  }

  private void addYears(long value, double fraction, int scale) {
    months = Math.addExact(months, Math.multiplyExact(Math.multiplyExact(value, (long) scale), 12L));
    months = Math.addExact(months, (long) (int) Math.rint(fraction * scale * 12));
  }

  // ---------------------------------------------------------------- ISO 8601

  private boolean iso8601() {
    if (text.length() < 2 || text.charAt(0) != 'P') {
      return false;
    }
    int i = 1;
    boolean datePart = true;
    boolean field = false;
    while (i < text.length()) {
      if (text.charAt(i) == 'T') {
        datePart = false;
        field = false;
        i++;
        continue;
      }
      int start = i;
      int end = numberEnd(i);
      if (end == start) {
        return false;
      }
      double number = Double.parseDouble(text.substring(start, end));
      long value = (long) number;
      double fraction = number - value;
      i = end;
      char letter = at(text, i);
      i++;
      if (datePart) {
        switch (letter) {
          case 'Y' -> add(Unit.YEAR, value, fraction);
          case 'M' -> add(Unit.MONTH, value, fraction);
          case 'W' -> add(Unit.WEEK, value, fraction);
          case 'D' -> add(Unit.DAY, value, fraction);
          case 'T', '\0' -> {
            if (end - start == (text.charAt(start) == '-' ? 9 : 8) && !field && fraction == 0) {
              add(Unit.YEAR, value / 10000, 0);
              add(Unit.MONTH, value / 100 % 100, 0);
              add(Unit.DAY, value % 100, 0);
              if (letter == '\0') {
                return true;
              }
              datePart = false;
              field = false;
              continue;
            }
            if (!field && letter == '\0') {
              // The alternative format, cut off behind the years.
              add(Unit.YEAR, value, fraction);
              return true;
            }
            return false;
          }
          case '-' -> {
            if (field) {
              return false;
            }
            add(Unit.YEAR, value, fraction);
            int monthEnd = numberEnd(i);
            if (monthEnd == i) {
              return false;
            }
            double month = Double.parseDouble(text.substring(i, monthEnd));
            add(Unit.MONTH, (long) month, month - (long) month);
            i = monthEnd;
            if (at(text, i) == '\0') {
              return true;
            }
            if (at(text, i) == 'T') {
              datePart = false;
              field = false;
              i++;
              continue;
            }
            if (at(text, i) != '-') {
              return false;
            }
            int dayEnd = numberEnd(i + 1);
            if (dayEnd == i + 1) {
              return false;
            }
            double day = Double.parseDouble(text.substring(i + 1, dayEnd));
            add(Unit.DAY, (long) day, day - (long) day);
            i = dayEnd;
            if (at(text, i) == '\0') {
              return true;
            }
            if (at(text, i) != 'T') {
              return false;
            }
            datePart = false;
            field = false;
            i++;
            continue;
          }
          default -> {
            return false;
          }
        }
      } else {
        switch (letter) {
          case 'H' -> add(Unit.HOUR, value, fraction);
          case 'M' -> add(Unit.MINUTE, value, fraction);
          case 'S' -> add(Unit.SECOND, value, fraction);
          case '\0' -> {
            if (end - start == (text.charAt(start) == '-' ? 7 : 6) && !field) {
              add(Unit.HOUR, value / 10000, 0);
              add(Unit.MINUTE, value / 100 % 100, 0);
              add(Unit.SECOND, value % 100, fraction);
              return true;
            }
            return false;
          }
          case ':' -> {
            if (field) {
              return false;
            }
            add(Unit.HOUR, value, fraction);
            int minuteEnd = numberEnd(i);
            if (minuteEnd == i) {
              return false;
            }
            double minute = Double.parseDouble(text.substring(i, minuteEnd));
            add(Unit.MINUTE, (long) minute, minute - (long) minute);
            if (at(text, minuteEnd) == '\0') {
              return true;
            }
            if (at(text, minuteEnd) != ':') {
              return false;
            }
            int secondEnd = numberEnd(minuteEnd + 1);
            if (secondEnd == minuteEnd + 1 || secondEnd < text.length()) {
              return false;
            }
            double second = Double.parseDouble(text.substring(minuteEnd + 1, secondEnd));
            add(Unit.SECOND, (long) second, second - (long) second);
            return true;
          }
          default -> {
            return false;
          }
        }
      }
      field = true;
    }
    return true;
  }

  private int numberEnd(int from) {
    int i = from;
    if (at(text, i) == '-' || at(text, i) == '+') {
      i++;
    }
    int start = i;
    i = digits(text, i);
    if (at(text, i) == '.') {
      i = digits(text, i + 1);
    }
    boolean number = i > start && !(i == start + 1 && text.charAt(start) == '.');
    return number && (isDigit(text.charAt(start)) || text.charAt(start) == '.') ? i : from;
  }
}
