package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.DateTimes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The writing half of date templates: to_char of timestamps and intervals.
final class DateFormat {
  static final String[] KEYWORDS = {
    "A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "CC", "DAY", "DDD", "DD", "DY", "Day", "Dy", "D", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6",
    "FX", "HH24", "HH12", "HH", "IDDD", "ID", "IW", "IYYY", "IYY", "IY", "I", "J", "MI", "MM", "MONTH", "MON", "MS", "Month", "Mon", "OF",
    "P.M.", "PM", "Q", "RM", "SSSSS", "SSSS", "SS", "TZH", "TZM", "TZ", "US", "WW", "W", "Y,YYY", "YYYY", "YYY", "YY", "Y",
    "a.d.", "a.m.", "ad", "am", "b.c.", "bc", "cc", "day", "ddd", "dd", "dy", "d", "ff1", "ff2", "ff3", "ff4", "ff5", "ff6", "fx", "hh24",
    "hh12", "hh", "iddd", "id", "iw", "iyyy", "iyy", "iy", "i", "j", "mi", "mm", "month", "mon", "ms", "of", "p.m.", "pm", "q", "rm",
    "sssss", "ssss", "ss", "tzh", "tzm", "tz", "us", "ww", "w", "y,yyy", "yyyy", "yyy", "yy", "y"};

  static final String[] MONTHS = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December"};
  static final String[] DAYS = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  static final String[] ROMAN_MONTHS = {"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};

  private static final int CACHE_ENTRIES = 256;
  private static final Map<String, List<FormatPattern.Element>> CACHE = new ConcurrentHashMap<>();

  private DateFormat() {}

  static List<FormatPattern.Element> elements(String pattern) {
    List<FormatPattern.Element> known = CACHE.get(pattern);
    if (known == null) {
      known = List.copyOf(FormatPattern.parse(pattern, KEYWORDS, true));
      if (CACHE.size() >= CACHE_ENTRIES) {
        CACHE.clear();
      }
      CACHE.put(pattern, known);
    }
    return known;
  }

  /// What is written: the fields of a timestamp (`year` 0 is 1 BC) or of an interval.
  ///
  /// @param zoneSeconds offset east of UTC
  record Fields(boolean interval, int year, int month, int day, long hour, int minute, int second, int micros, int dayOfYear,
      @Nullable String zone, int zoneSeconds) {
    long days() {
      return DateTimes.toDays(year, month, day);
    }

    long shownYear() {
      return interval || year > 0 ? year : -(year - 1L);
    }
  }

  static String write(String pattern, Fields f) {
    StringBuilder out = new StringBuilder();
    for (FormatPattern.Element element : elements(pattern)) {
      if (element.kind() != FormatPattern.Kind.KEYWORD) {
        out.append(element.text());
        continue;
      }
      int from = out.length();
      boolean numeric = keyword(element, f, out);
      if (numeric && element.ordinal()) {
        out.append(FormatPattern.ordinalEnding(out.substring(from), element.ordinalUpper()));
      }
    }
    return out.toString();
  }

  private static void number(StringBuilder out, FormatPattern.Element element, long value, int width) {
    String digits = Long.toString(Math.abs(value));
    // A width counts the sign, as C's %0*d does; callers widen it for negative values.
    int padding = element.fillMode() ? 0 : width - digits.length() - (value < 0 ? 1 : 0);
    out.append(value < 0 ? "-" : "").repeat('0', Math.max(0, padding)).append(digits);
  }

  private static void signedNumber(StringBuilder out, FormatPattern.Element element, long value, int width) {
    number(out, element, value, value >= 0 ? width : width + 1);
  }

  private static void padded(StringBuilder out, FormatPattern.Element element, String text, int width) {
    out.append(text);
    if (!element.fillMode() && !element.translated()) {
      out.repeat(' ', Math.max(0, width - text.length()));
    }
  }

  private static void notForInterval(Fields f) {
    if (f.interval()) {
      throw new SqlException(SqlState.INVALID_DATETIME_FORMAT, "invalid format specification for an interval value")
          .withHint("Intervals are not tied to specific calendar dates.");
    }
  }

  /// Writes one keyword; tells whether an ordinal ending applies.
  private static boolean keyword(FormatPattern.Element element, Fields f, StringBuilder out) {
    String keyword = element.text();
    boolean lower = Character.isLowerCase(keyword.charAt(0));
    switch (keyword.toUpperCase(Locale.ROOT)) {
      case "A.M.", "P.M." -> out.append(lower ? f.hour() % 24 >= 12 ? "p.m." : "a.m." : f.hour() % 24 >= 12 ? "P.M." : "A.M.");
      case "AM", "PM" -> out.append(lower ? f.hour() % 24 >= 12 ? "pm" : "am" : f.hour() % 24 >= 12 ? "PM" : "AM");
      case "HH", "HH12" -> {
        signedNumber(out, element, f.hour() % 12 == 0 ? 12 : f.hour() % 12, 2);
        return true;
      }
      case "HH24" -> {
        signedNumber(out, element, f.hour(), 2);
        return true;
      }
      case "MI" -> {
        signedNumber(out, element, f.minute(), 2);
        return true;
      }
      case "SS" -> {
        signedNumber(out, element, f.second(), 2);
        return true;
      }
      case "MS", "FF3" -> {
        number(out, element(element), f.micros() / 1000, 3);
        return true;
      }
      case "FF1" -> {
        number(out, element(element), f.micros() / 100_000, 1);
        return true;
      }
      case "FF2" -> {
        number(out, element(element), f.micros() / 10_000, 2);
        return true;
      }
      case "FF4" -> {
        number(out, element(element), f.micros() / 100, 4);
        return true;
      }
      case "FF5" -> {
        number(out, element(element), f.micros() / 10, 5);
        return true;
      }
      case "US", "FF6" -> {
        number(out, element(element), f.micros(), 6);
        return true;
      }
      case "SSSS", "SSSSS" -> {
        out.append(f.hour() * 3600 + f.minute() * 60L + f.second());
        return true;
      }
      case "TZ" -> {
        notForInterval(f);
        if (f.zone() != null) {
          out.append(lower ? f.zone().toLowerCase(Locale.ROOT) : f.zone());
        }
      }
      case "TZH" -> {
        notForInterval(f);
        out.append(f.zoneSeconds() >= 0 ? '+' : '-').append(two(Math.abs(f.zoneSeconds()) / 3600));
      }
      case "TZM" -> {
        notForInterval(f);
        out.append(two(Math.abs(f.zoneSeconds()) % 3600 / 60));
      }
      case "OF" -> {
        notForInterval(f);
        int seconds = Math.abs(f.zoneSeconds());
        out.append(f.zoneSeconds() >= 0 ? '+' : '-');
        number(out, element, seconds / 3600, 2);
        if (seconds % 3600 != 0) {
          out.append(':').append(two(seconds % 3600 / 60));
        }
      }
      case "A.D.", "B.C." -> {
        notForInterval(f);
        out.append(lower ? f.year() <= 0 ? "b.c." : "a.d." : f.year() <= 0 ? "B.C." : "A.D.");
      }
      case "AD", "BC" -> {
        notForInterval(f);
        out.append(lower ? f.year() <= 0 ? "bc" : "ad" : f.year() <= 0 ? "BC" : "AD");
      }
      case "MONTH", "MON" -> {
        notForInterval(f);
        if (f.month() != 0) {
          boolean full = keyword.length() == 5;
          String name = MONTHS[f.month() - 1];
          padded(out, element, cased(full ? name : name.substring(0, 3), keyword), full ? 9 : 3);
        }
      }
      case "MM" -> {
        signedNumber(out, element, f.month(), 2);
        return true;
      }
      case "DAY" -> {
        notForInterval(f);
        padded(out, element, cased(DAYS[DateTimes.dayOfWeek(f.days())], keyword), 9);
      }
      case "DY" -> {
        notForInterval(f);
        out.append(cased(DAYS[DateTimes.dayOfWeek(f.days())].substring(0, 3), keyword));
      }
      case "DDD" -> {
        number(out, element, f.dayOfYear(), 3);
        return true;
      }
      case "IDDD" -> {
        notForInterval(f);
        number(out, element, IsoWeeks.dayOfYear(f.days()), 3);
        return true;
      }
      case "DD" -> {
        number(out, element, f.day(), 2);
        return true;
      }
      case "D" -> {
        notForInterval(f);
        out.append(DateTimes.dayOfWeek(f.days()) + 1);
        return true;
      }
      case "ID" -> {
        notForInterval(f);
        int day = DateTimes.dayOfWeek(f.days());
        out.append(day == 0 ? 7 : day);
        return true;
      }
      case "WW" -> {
        number(out, element, (f.dayOfYear() - 1) / 7 + 1, 2);
        return true;
      }
      case "IW" -> {
        notForInterval(f);
        number(out, element, IsoWeeks.week(f.days()), 2);
        return true;
      }
      case "Q" -> {
        if (f.month() != 0) {
          out.append((f.month() - 1) / 3 + 1);
          return true;
        }
      }
      case "CC" -> {
        long century = f.interval() ? f.year() / 100 : f.year() > 0 ? (f.year() - 1) / 100 + 1 : f.year() / 100 - 1;
        if (century <= 99 && century >= -99) {
          signedNumber(out, element, century, 2);
        } else {
          out.append(century);
        }
        return true;
      }
      case "Y,YYY" -> {
        long year = f.shownYear();
        out.append(year / 1000).append(',');
        String rest = Long.toString(year - year / 1000 * 1000);
        out.repeat('0', Math.max(0, 3 - rest.length())).append(rest);
        return true;
      }
      case "YYYY", "IYYY" -> {
        signedNumber(out, element, year(keyword, f), 4);
        return true;
      }
      case "YYY", "IYY" -> {
        signedNumber(out, element, year(keyword, f) % 1000, 3);
        return true;
      }
      case "YY", "IY" -> {
        signedNumber(out, element, year(keyword, f) % 100, 2);
        return true;
      }
      case "Y", "I" -> {
        out.append(year(keyword, f) % 10);
        return true;
      }
      case "RM" -> {
        if (f.month() != 0 || f.year() != 0) {
          String roman = ROMAN_MONTHS[romanMonth(f)];
          padded(out, element, lower ? roman.toLowerCase(Locale.ROOT) : roman, 4);
        }
      }
      case "W" -> {
        out.append((f.day() - 1) / 7 + 1);
        return true;
      }
      case "J" -> {
        out.append(f.interval() ? intervalJulian(f) : f.days() + DateTimes.POSTGRES_EPOCH_JULIAN);
        return true;
      }
      default -> { }
    }
    return false;
  }

  /// Fractions keep their zeros in fill mode.
  private static FormatPattern.Element element(FormatPattern.Element element) {
    return element.fillMode() ? new FormatPattern.Element(element.kind(), element.text(), false, false, false, false) : element;
  }

  private static long intervalJulian(Fields f) {
    return DateTimes.toDays(f.year(), Math.floorMod(f.month() - 1, 12) + 1, 1) + f.day() - 1 + DateTimes.POSTGRES_EPOCH_JULIAN;
  }

  private static int romanMonth(Fields f) {
    if (f.month() == 0) {
      return f.year() >= 0 ? 11 : 0;
    }
    return f.month() < 0 ? 12 + f.month() : f.month() - 1;
  }

  private static long year(String keyword, Fields f) {
    if (keyword.charAt(0) == 'I' || keyword.charAt(0) == 'i') {
      notForInterval(f);
      int year = IsoWeeks.year(f.days());
      return year <= 0 ? -(year - 1L) : year;
    }
    return f.shownYear();
  }

  /// The name in the letter case in which the keyword is written.
  private static String cased(String name, String keyword) {
    if (Character.isLowerCase(keyword.charAt(0))) {
      return name.toLowerCase(Locale.ROOT);
    }
    return Character.isUpperCase(keyword.charAt(1)) ? name.toUpperCase(Locale.ROOT) : name;
  }

  private static String two(int value) {
    return value < 10 ? "0" + value : Integer.toString(value);
  }
}
