package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.DateTimes;
import java.util.List;
import java.util.Locale;

/// The reading half of date templates: to_date and to_timestamp. One use per value.
///
/// Errors: 22007 for text that does not follow the template, 22008 for fields out of range.
/// Source: PostgreSQL 15 manual, "Data Type Formatting Functions", usage notes.
final class DateReader {
  /// What was read: a day since 2000-01-01 and microseconds of the day; the offset if the text had one.
  record Result(long days, long micros, boolean hasZone, int zoneSeconds) {}

  private static final String[] AD_BC = {"AD", "BC"};
  private static final String[] AD_BC_DOTS = {"A.D.", "B.C."};
  private static final String[] AM_PM = {"AM", "PM"};
  private static final String[] AM_PM_DOTS = {"A.M.", "P.M."};
  private static final String FIXED_WIDTH_HINT = "If your source string is not fixed-width, try using the \"FM\" modifier.";

  private final List<FormatPattern.Element> elements;
  private final String input;
  private int at;
  private boolean fixed;
  private int extraSkipped;

  private boolean isoWeeks;
  private boolean gregorian;
  private boolean twelveHours;
  private int hh;
  private int mi;
  private int ss;
  private int ssss;
  private int ms;
  private int us;
  private int pm;
  private int bc;
  private int year;
  private int yearDigits;
  private int cc;
  private int mm;
  private int dd;
  private int ddd;
  private int d;
  private int ww;
  private int w;
  private int julian;
  private int zoneSign;
  private int zoneHours;
  private int zoneMinutes;
  /// Characters of the integer read last, spaces before it included.
  private int lastLength;

  private DateReader(String pattern, String input) {
    this.elements = DateFormat.elements(pattern);
    this.input = input;
  }

  static Result read(String input, String pattern) {
    DateReader reader = new DateReader(pattern, input);
    reader.scan();
    return reader.result();
  }

  private static SqlException bad(String message) {
    return new SqlException(SqlState.INVALID_DATETIME_FORMAT, message);
  }

  private boolean atEnd() {
    return at >= input.length();
  }

  private void skipSpaces() {
    while (!atEnd() && FormatPattern.isSpace(input.charAt(at))) {
      at++;
      extraSkipped++;
    }
  }

  private void scan() {
    for (int i = 0; i < elements.size() && !atEnd(); i++) {
      FormatPattern.Element element = elements.get(i);
      boolean keyword = element.kind() == FormatPattern.Kind.KEYWORD;
      if (!fixed && !element.is("FX") && !element.is("fx") && (keyword || i == 0)) {
        skipSpaces();
      }
      switch (element.kind()) {
        case SPACE, SEPARATOR -> {
          if (fixed) {
            advance();
          } else {
            extraSkipped--;
            if (!atEnd() && (FormatPattern.isSpace(input.charAt(at)) || FormatPattern.isSeparator(input.charAt(at)))) {
              at++;
              extraSkipped++;
            }
          }
        }
        case TEXT -> {
          if (!fixed && extraSkipped > 0) {
            extraSkipped--;
          } else {
            advance();
          }
        }
        case KEYWORD -> {
          setMode(element.text().toUpperCase(Locale.ROOT));
          field(element, i);
          if (!fixed) {
            extraSkipped = 0;
            skipSpaces();
          }
        }
      }
    }
  }

  private void advance() {
    if (!atEnd()) {
      at += Character.charCount(input.codePointAt(at));
    }
  }

  private void setMode(String keyword) {
    switch (keyword) {
      case "IDDD", "ID", "IW", "IYYY", "IYY", "IY", "I" -> isoWeeks = true;
      case "DDD", "DD", "D", "MM", "MONTH", "MON", "RM", "WW", "W", "Y,YYY", "YYYY", "YYY", "YY", "Y" -> gregorian = true;
      default -> { }
    }
    if (isoWeeks && gregorian) {
      throw bad("invalid combination of date conventions")
          .withHint("Do not mix Gregorian and ISO week date conventions in a formatting template.");
    }
  }

  private void field(FormatPattern.Element element, int index) {
    String keyword = element.text();
    switch (keyword.toUpperCase(Locale.ROOT)) {
      case "FX" -> fixed = true;
      case "A.M.", "P.M." -> {
        pm = set(pm, word(AM_PM_DOTS, element) % 2, element);
        twelveHours = true;
      }
      case "AM", "PM" -> {
        pm = set(pm, word(AM_PM, element) % 2, element);
        twelveHours = true;
      }
      case "HH", "HH12" -> {
        hh = set(hh, integer(element, index, 2), element);
        twelveHours = true;
        skipOrdinal(element);
      }
      case "HH24" -> hh = set(hh, ordinalInteger(element, index, 2), element);
      case "MI" -> mi = set(mi, ordinalInteger(element, index, 2), element);
      case "SS" -> ss = set(ss, ordinalInteger(element, index, 2), element);
      case "MS" -> ms = fraction(element, index, 3, ms);
      case "US" -> us = fraction(element, index, 6, us);
      case "FF1", "FF2", "FF3", "FF4", "FF5", "FF6" -> us = fractionOf(element, index, keyword.charAt(2) - '0');
      case "SSSS", "SSSSS" -> ssss = set(ssss, ordinalInteger(element, index, keyword.length()), element);
      case "TZ", "OF" -> throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
          "formatting field \"" + keyword + "\" is only supported in to_char");
      case "TZH" -> {
        char c = input.charAt(Math.min(at, input.length() - 1));
        if (!atEnd() && (c == '+' || c == '-' || c == ' ')) {
          zoneSign = c == '-' ? -1 : 1;
          at++;
        } else {
          zoneSign = extraSkipped > 0 && at > 0 && input.charAt(at - 1) == '-' ? -1 : 1;
        }
        zoneHours = set(zoneHours, integer(element, index, 2), element);
      }
      case "TZM" -> {
        zoneSign = zoneSign == 0 ? 1 : zoneSign;
        zoneMinutes = set(zoneMinutes, integer(element, index, 2), element);
      }
      case "A.D.", "B.C." -> bc = set(bc, word(AD_BC_DOTS, element) % 2, element);
      case "AD", "BC" -> bc = set(bc, word(AD_BC, element) % 2, element);
      case "MONTH" -> mm = set(mm, word(DateFormat.MONTHS, element) + 1, element);
      case "MON" -> mm = set(mm, word(shortened(DateFormat.MONTHS), element) + 1, element);
      case "MM" -> mm = set(mm, ordinalInteger(element, index, 2), element);
      case "DAY" -> d = set(d, word(DateFormat.DAYS, element), element) + 1;
      case "DY" -> d = set(d, word(shortened(DateFormat.DAYS), element), element) + 1;
      case "DDD", "IDDD" -> ddd = set(ddd, ordinalInteger(element, index, 3), element);
      case "DD" -> dd = set(dd, ordinalInteger(element, index, 2), element);
      case "D" -> d = set(d, ordinalInteger(element, index, 1), element);
      case "ID" -> {
        d = set(d, ordinalInteger(element, index, 1), element);
        d = d + 1 > 7 ? 1 : d + 1;
      }
      case "WW", "IW" -> ww = set(ww, ordinalInteger(element, index, 2), element);
      case "Q" -> ordinalInteger(element, index, 1);
      case "CC" -> cc = set(cc, ordinalInteger(element, index, 2), element);
      case "Y,YYY" -> yearWithComma(element);
      case "YYYY", "IYYY" -> {
        year = set(year, ordinalInteger(element, index, 4), element);
        yearDigits = 4;
      }
      case "YYY", "IYY" -> partialYear(element, index, 3);
      case "YY", "IY" -> partialYear(element, index, 2);
      case "Y", "I" -> partialYear(element, index, 1);
      case "RM" -> mm = set(mm, 12 - word(reversed(DateFormat.ROMAN_MONTHS), element), element);
      case "W" -> w = set(w, ordinalInteger(element, index, 1), element);
      case "J" -> julian = set(julian, ordinalInteger(element, index, 1), element);
      default -> { }
    }
  }

  private static int set(int old, int value, FormatPattern.Element element) {
    if (old != 0 && old != value) {
      throw bad("conflicting values for \"" + element.text() + "\" field in formatting string")
          .withDetail("This value contradicts a previous setting for the same field type.");
    }
    return value;
  }

  private static String[] shortened(String[] names) {
    String[] out = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      out[i] = names[i].substring(0, 3);
    }
    return out;
  }

  /// Longest first for names of which one starts another: December is first in PostgreSQL's table of Roman numerals.
  private static String[] reversed(String[] names) {
    String[] out = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      out[i] = names[names.length - 1 - i];
    }
    return out;
  }

  private int word(String[] words, FormatPattern.Element element) {
    for (int i = 0; i < words.length; i++) {
      if (input.regionMatches(true, at, words[i], 0, words[i].length())) {
        at += words[i].length();
        return i;
      }
    }
    int end = at;
    while (end < input.length() && !FormatPattern.isSpace(input.charAt(end))) {
      end++;
    }
    throw bad("invalid value \"" + input.substring(at, end) + "\" for \"" + element.text() + "\"")
        .withDetail("The given value did not match any of the allowed values for this field.");
  }

  private void skipOrdinal(FormatPattern.Element element) {
    if (element.ordinal()) {
      advance();
      advance();
    }
  }

  private int ordinalInteger(FormatPattern.Element element, int index, int digits) {
    int value = integer(element, index, digits);
    skipOrdinal(element);
    return value;
  }

    /// Reads at most `digits` characters as an integer, or all digits when what follows is no digit.
  private int integer(FormatPattern.Element element, int index, int digits) {
    int start = at;
    while (!atEnd() && FormatPattern.isSpace(input.charAt(at))) {
      at++;
    }
    long value;
    if (element.fillMode() || nextIsSeparator(element, index)) {
      int end = integerEnd(at, input.length());
      value = parse(at, end, element);
      if (end == at) {
        at = start;
      } else {
        at = end;
      }
    } else {
      int available = Math.min(digits, input.length() - at);
      if (available < digits) {
        throw bad("source string too short for \"" + element.text() + "\" formatting field")
            .withDetail("Field requires " + digits + " characters, but only " + (input.length() - at) + " remain.").withHint(FIXED_WIDTH_HINT);
      }
      int end = integerEnd(at, at + digits);
      value = parse(at, end, element);
      if (end > at && end - at < digits) {
        throw bad("invalid value \"" + input.substring(at, at + digits) + "\" for \"" + element.text() + "\"")
            .withDetail("Field requires " + digits + " characters, but only " + (end - at) + " could be parsed.").withHint(FIXED_WIDTH_HINT);
      }
      if (end == at) {
        int shownFrom = at;
        at = start;
        throw notInteger(shownFrom, digits, element);
      }
      at = end;
    }
    if (at == start) {
      throw notInteger(at, digits, element);
    }
    lastLength = at - start;
    return (int) value;
  }

  private SqlException notInteger(int from, int digits, FormatPattern.Element element) {
    int end = Math.min(input.length(), from + digits);
    return bad("invalid value \"" + input.substring(Math.min(from, end), end) + "\" for \"" + element.text() + "\"")
        .withDetail("Value must be an integer.");
  }

  private int integerEnd(int from, int limit) {
    int end = from;
    if (end < limit && (input.charAt(end) == '+' || input.charAt(end) == '-')) {
      end++;
    }
    int digitsFrom = end;
    while (end < limit && input.charAt(end) >= '0' && input.charAt(end) <= '9') {
      end++;
    }
    return end == digitsFrom ? from : end;
  }

  private long parse(int from, int to, FormatPattern.Element element) {
    long value = 0;
    boolean negative = from < to && input.charAt(from) == '-';
    for (int i = from; i < to; i++) {
      char c = input.charAt(i);
      if (c >= '0') {
        value = Math.min(value * 10 + (c - '0'), Long.MAX_VALUE / 20);
      }
    }
    value = negative ? -value : value;
    if ((int) value != value) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "value for \"" + element.text() + "\" in source string is out of range")
          .withDetail("Value must be in the range -2147483648 to 2147483647.");
    }
    return value;
  }

  /// Whether the element after `index` cannot start with a digit.
  private boolean nextIsSeparator(FormatPattern.Element element, int index) {
    if (element.ordinal() || index + 1 >= elements.size()) {
      return true;
    }
    FormatPattern.Element next = elements.get(index + 1);
    if (next.kind() == FormatPattern.Kind.KEYWORD) {
      return switch (next.text().toUpperCase(Locale.ROOT)) {
        case "A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "DAY", "DY", "FX", "MONTH", "MON", "OF", "P.M.", "PM", "RM", "TZ", "TZH" -> true;
        default -> false;
      };
    }
    char c = next.text().charAt(0);
    return next.text().length() > 1 || c < '0' || c > '9';
  }

  private int fraction(FormatPattern.Element element, int index, int digits, int old) {
    int value = integer(element, index, digits);
    for (int i = lastLength; i < digits; i++) {
      value *= 10;
    }
    skipOrdinal(element);
    return set(old == 0 ? 0 : old, value, element);
  }

  private int fractionOf(FormatPattern.Element element, int index, int digits) {
    int value = integer(element, index, digits);
    for (int i = lastLength; i < 6; i++) {
      value *= 10;
    }
    skipOrdinal(element);
    return value;
  }

  private void partialYear(FormatPattern.Element element, int index, int digits) {
    int value = integer(element, index, digits);
    if (lastLength < 4) {
      value = near2020(value);
    }
    year = set(year, value, element);
    yearDigits = digits;
    skipOrdinal(element);
  }

  /// Two-digit years are taken to be nearest to 2020.
  private static int near2020(int value) {
    if (value < 70) {
      return value + 2000;
    }
    if (value < 100) {
      return value + 1900;
    }
    return value < 520 ? value + 2000 : value < 1000 ? value + 1000 : value;
  }

  private void yearWithComma(FormatPattern.Element element) {
    int first = integerEnd(at, input.length());
    int comma = first;
    if (first == at || comma >= input.length() || input.charAt(comma) != ',') {
      throw bad("invalid input string for \"Y,YYY\"");
    }
    int end = integerEnd(comma + 1, Math.min(input.length(), comma + 4));
    if (end == comma + 1) {
      throw bad("invalid input string for \"Y,YYY\"");
    }
    year = set(year, (int) (parse(at, first, element) * 1000 + parse(comma + 1, end, element)), element);
    yearDigits = 4;
    at = end;
    skipOrdinal(element);
  }

  // From fields to a point in time

  private SqlException outOfRange() {
    return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + input + "\"");
  }

  private Result result() {
    long micros = timeOfDay();
    int y = 0;
    int m = 1;
    int day = 1;
    boolean dateSet = false;
    if (year != 0) {
      y = calendarYear();
      dateSet = true;
    } else if (cc != 0) {
      int century = bc != 0 ? -cc : cc;
      y = century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
      dateSet = true;
    }
    if (julian != 0) {
      long days = julian - (long) DateTimes.POSTGRES_EPOCH_JULIAN;
      y = DateTimes.yearOf(days);
      m = DateTimes.monthOf(days);
      day = DateTimes.dayOf(days);
      dateSet = true;
    }
    if (ww != 0) {
      if (isoWeeks) {
        long days = IsoWeeks.firstMonday(y) + (ww - 1) * 7L + (d == 0 ? 0 : d == 1 ? 6 : d - 2);
        y = DateTimes.yearOf(days);
        m = DateTimes.monthOf(days);
        day = DateTimes.dayOf(days);
        dateSet = true;
      } else {
        ddd = (ww - 1) * 7 + 1;
      }
    }
    if (w != 0) {
      dd = (w - 1) * 7 + 1;
    }
    if (dd != 0) {
      day = dd;
      dateSet = true;
    }
    if (mm != 0) {
      m = mm;
      dateSet = true;
    }
    if (ddd != 0 && (m <= 1 || day <= 1)) {
      if (y == 0 && bc == 0) {
        throw bad("cannot calculate day of year without year information");
      }
      dateSet = true;
      if (isoWeeks) {
        long days = IsoWeeks.firstMonday(y) - 1 + ddd;
        y = DateTimes.yearOf(days);
        m = DateTimes.monthOf(days);
        day = DateTimes.dayOf(days);
      } else {
        int before = 0;
        int i = 1;
        while (i < 12 && ddd > before + DateTimes.daysInMonth(y, i)) {
          before += DateTimes.daysInMonth(y, i++);
        }
        if (i == 12 && ddd > before + 31) {
          throw outOfRange();
        }
        m = m <= 1 ? i : m;
        day = day <= 1 ? ddd - before : day;
      }
    }
    if (dateSet && (m < 1 || m > 12 || day < 1 || day > 31 || day > DateTimes.daysInMonth(y, m))) {
      throw outOfRange();
    }
    if (zoneSign != 0 && (zoneHours < 0 || zoneHours > 15 || zoneMinutes < 0 || zoneMinutes >= 60)) {
      throw new SqlException(SqlState.INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range: \"" + input + "\"");
    }
    return new Result(DateTimes.toDays(y, m, day), micros, zoneSign != 0, zoneSign * (zoneHours * 3600 + zoneMinutes * 60));
  }

  private long timeOfDay() {
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (ssss != 0) {
      hour = ssss / 3600;
      minute = ssss % 3600 / 60;
      second = ssss % 60;
    }
    second = ss != 0 ? ss : second;
    minute = mi != 0 ? mi : minute;
    hour = hh != 0 ? hh : hour;
    if (twelveHours) {
      if (hour < 1 || hour > 12) {
        throw bad("hour \"" + hour + "\" is invalid for the 12-hour clock")
            .withHint("Use the 24-hour clock, or give an hour between 1 and 12.");
      }
      if (pm != 0 && hour < 12) {
        hour += 12;
      } else if (pm == 0 && hour == 12) {
        hour = 0;
      }
    }
    long fraction = ms * 1000L + us;
    if (hour < 0 || hour >= 24 || minute < 0 || minute >= 60 || second < 0 || second >= 60 || fraction < 0 || fraction >= 1_000_000) {
      throw outOfRange();
    }
    return ((hour * 60L + minute) * 60 + second) * 1_000_000 + fraction;
  }

  private int calendarYear() {
    if (cc != 0 && yearDigits <= 2) {
      int century = bc != 0 ? -cc : cc;
      int rest = year % 100;
      if (rest != 0) {
        return century >= 0 ? rest + (century - 1) * 100 : (century + 1) * 100 - rest + 1;
      }
      return century * 100 + (century >= 0 ? 0 : 1);
    }
    int signed = bc != 0 ? -year : year;
    return signed < 0 ? signed + 1 : signed;
  }
}
