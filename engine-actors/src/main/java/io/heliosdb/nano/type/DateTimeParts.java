package io.heliosdb.nano.type;

import static io.heliosdb.nano.type.DateTimeFields.at;
import static io.heliosdb.nano.type.DateTimeFields.digits;
import static io.heliosdb.nano.type.DateTimeFields.isAlpha;
import static io.heliosdb.nano.type.DateTimeFields.isDigit;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.DateTimeFields.Token;
import io.heliosdb.nano.type.DateTimeFields.Word;
import io.heliosdb.nano.type.IoContext.DateOrder;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What has been read of a date and time so far, and how one more field adds to it: date parts in the order of `DateStyle`, times, numbers
/// run together, zones, words. Each method gives the mask of the parts that its field has set.
///
/// Errors: as of [DateTimeInput].
abstract sealed class DateTimeParts permits DateTimeInput {
  static final int YEAR = 1;
  static final int MONTH = 2;
  static final int DAY = 4;
  static final int DATE = YEAR | MONTH | DAY;
  static final int TIME = 8;
  static final int ZONE = 16;
  static final int DAY_OF_YEAR = 32;
  static final int ERA = 64;
  static final int AM_PM = 128;
  static final int WEEKDAY = 256;
  static final int DST = 512;
  static final int HOUR = 1024;
  static final int MINUTE = 2048;
  static final int SECOND = 4096;
  static final int PTYPE_TIME = 100;

  final String text;
  final String typeName;
  final IoContext context;
  /// Whether the session's zone counts where the text names none.
  final boolean usesZone;

  int year;
  int month = 0;
  int day = 0;
  int dayOfYear;
  int hour;
  int minute;
  int second;
  int micros;
  boolean twoDigitYear;
  boolean textMonth;
  boolean bc;
  boolean julian;
  int meridiem = -1;
  int seen;
  int zoneEast;
  @Nullable ZoneId namedZone;
  TimeZones.@Nullable Abbreviation namedAbbreviation;
  @Nullable Token special;

  DateTimeParts(String text, String typeName, boolean usesZone, IoContext context) {
    this.text = text;
    this.typeName = typeName;
    this.usesZone = usesZone;
    this.context = context;
  }

  long localMicros() {
    return DateTimes.toDays(year, month, day) * DateTimes.MICROS_PER_DAY + timeMicros();
  }

  long timeMicros() {
    return ((hour * 60L + minute) * 60 + second) * 1_000_000L + micros;
  }

  SqlException bad() {
    return new SqlException(SqlState.INVALID_DATETIME_FORMAT, "invalid input syntax for type " + typeName + ": \"" + text + "\"");
  }

  SqlException overflow() {
    return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + text + "\"");
  }

  SqlException monthDayOverflow() {
    return overflow().withHint("Perhaps you need a different \"datestyle\" setting.");
  }

  SqlException displacementOverflow() {
    return new SqlException(SqlState.INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range: \"" + text + "\"");
  }

  int sessionOffset() {
    return TimeZones.offsetAt(context.zone(), context.transactionMicros());
  }

  void setDate(long days) {
    long civil = DateTimes.civil(days);
    year = (int) (civil >> 16);
    month = (int) (civil >> 8) & 0xff;
    day = (int) civil & 0xff;
    julian = true;
  }

  void setDateTime(long localMicros) {
    long days = Math.floorDiv(localMicros, DateTimes.MICROS_PER_DAY);
    setDate(days);
    setTime(localMicros - days * DateTimes.MICROS_PER_DAY);
  }

  void setTime(long dayMicros) {
    hour = (int) (dayMicros / DateTimes.MICROS_PER_HOUR);
    minute = (int) (dayMicros / DateTimes.MICROS_PER_MINUTE % 60);
    second = (int) (dayMicros / DateTimes.MICROS_PER_SECOND % 60);
    micros = (int) (dayMicros % DateTimes.MICROS_PER_SECOND);
  }

  int abbreviation(TimeZones.Abbreviation abbreviation) {
    if (abbreviation.zone() != null) {
      namedZone = abbreviation.zone();
      namedAbbreviation = abbreviation;
    } else {
      zoneEast = abbreviation.offsetSeconds() + ((seen & DST) != 0 ? zoneEast : 0);
    }
    return ZONE;
  }

  /// The offset of the zone, or of the abbreviation, that the text names.
  int namedOffset() {
    return namedAbbreviation != null ? namedAbbreviation.offsetOfLocal(localMicros()) : TimeZones.offsetOfLocal(namedZone, localMicros());
  }

  ZoneId zoneByName(String name) {
    ZoneId zone = TimeZones.find(name);
    if (zone == null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "time zone \"" + name + "\" not recognized");
    }
    return zone;
  }

  /// A number after one of the labels y m d h mm s j t.
  int labelled(int label, String field) {
    if (label == PTYPE_TIME) {
      int mask = concatenated(field, seen | DATE);
      if (mask != TIME) {
        throw bad();
      }
      return mask;
    }
    if (label == DateTimeFields.UNIT_JULIAN) {
      return julianDay(field);
    }
    int end = digits(field, 0);
    int value = integer(field, 0, end);
    if (end < field.length() && (field.charAt(end) != '.' || label != DateTimeFields.UNIT_SECOND)) {
      throw bad();
    }
    switch (label) {
      case DateTimeFields.UNIT_YEAR -> {
        year = value;
        return YEAR;
      }
      case DateTimeFields.UNIT_MONTH -> {
        // After an hour, "m" means minutes.
        if ((seen & MONTH) != 0 && (seen & HOUR) != 0) {
          minute = value;
          return MINUTE;
        }
        month = value;
        return MONTH;
      }
      case DateTimeFields.UNIT_DAY -> {
        day = value;
        return DAY;
      }
      case DateTimeFields.UNIT_HOUR -> {
        hour = value;
        return HOUR;
      }
      case DateTimeFields.UNIT_MINUTE -> {
        minute = value;
        return MINUTE;
      }
      default -> {
        second = value;
        if (end < field.length()) {
          micros = fractionMicros(field.substring(end));
        }
        return SECOND;
      }
    }
  }

  int julianDay(String field) {
    int end = digits(field, 0);
    if (end == 0) {
      throw bad();
    }
    int value = integer(field, 0, end);
    setDate((long) value - DateTimes.POSTGRES_EPOCH_JULIAN);
    if (end == field.length()) {
      return DATE;
    }
    if (field.charAt(end) == '.') {
      double part = fraction(field.substring(end));
      setTime(Math.round(part * DateTimes.MICROS_PER_DAY));
      return DATE | TIME;
    }
    if (field.charAt(end) == '-' || field.charAt(end) == '+') {
      zoneEast = zone(field.substring(end));
      return DATE | ZONE;
    }
    throw bad();
  }

  int plainNumber(String field) {
    int point = field.indexOf('.');
    if (point >= 0 && (seen & DATE) == 0) {
      return dateParts(field);
    }
    if (point > 2 || field.length() >= 6 && ((seen & DATE) == 0 || (seen & TIME) == 0)) {
      return concatenated(field, seen);
    }
    return number(field, seen);
  }

  /// A date in one field: numbers and perhaps a month's name between delimiters.
  int dateParts(String field) {
    String[] parts = new String[DateTimeFields.WORD_MAX];
    int count = 0;
    int i = 0;
    while (i < field.length() && count < parts.length) {
      while (i < field.length() && !DateTimeFields.isAlphanumeric(field.charAt(i))) {
        i++;
      }
      if (i == field.length()) {
        throw bad();
      }
      int start = i;
      if (isDigit(field.charAt(i))) {
        i = digits(field, i);
      } else {
        while (i < field.length() && isAlpha(field.charAt(i))) {
          i++;
        }
      }
      parts[count++] = field.substring(start, i);
      if (i < field.length()) {
        i++;
      }
    }
    int own = 0;
    for (int p = 0; p < count; p++) {
      if (isAlpha(parts[p].charAt(0))) {
        Word word = DateTimeFields.word(parts[p].toLowerCase(Locale.ROOT));
        if (word == null || word.token() != Token.MONTH || ((seen | own) & MONTH) != 0) {
          throw bad();
        }
        month = word.value();
        textMonth = true;
        own |= MONTH;
        parts[p] = "";
      }
    }
    for (int p = 0; p < count; p++) {
      if (!parts[p].isEmpty()) {
        int mask = number(parts[p], seen | own);
        if ((mask & (seen | own)) != 0) {
          throw bad();
        }
        own |= mask;
      }
    }
    if (((seen | own) & ~(DAY_OF_YEAR | ZONE)) != DATE) {
      throw bad();
    }
    return own;
  }

  /// One number whose place in the date follows from what is known and from the DateStyle.
  int number(String field, int known) {
    int end = digits(field, 0);
    if (end == 0) {
      throw bad();
    }
    int value = integer(field, 0, end);
    if (end < field.length()) {
      if (field.charAt(end) != '.') {
        throw bad();
      }
      if (end > 2) {
        return concatenated(field, known | DATE);
      }
      micros = fractionMicros(field.substring(end));
    }
    int length = field.length();
    if (length == 3 && (known & DATE) == YEAR && value >= 1 && value <= 366) {
      dayOfYear = value;
      return DAY_OF_YEAR | MONTH | DAY;
    }
    int mask = switch (known & DATE) {
      case 0 -> length >= 3 || context.dateOrder() == DateOrder.YMD ? YEAR : context.dateOrder() == DateOrder.DMY ? DAY : MONTH;
      case YEAR -> MONTH;
      case MONTH -> textMonth && (length >= 3 || context.dateOrder() == DateOrder.YMD) ? YEAR : DAY;
      case YEAR | MONTH -> {
        if (textMonth && length >= 3 && twoDigitYear) {
          // The number taken for the year was the day: DD-MON-YYYY under DateStyle YMD.
          day = year;
          year = value;
          twoDigitYear = false;
          yield -1;
        }
        yield DAY;
      }
      case DAY -> MONTH;
      case MONTH | DAY -> YEAR;
      case DATE -> concatenated(field, known);
      default -> throw bad();
    };
    if ((known & DATE) == DATE) {
      return mask;
    }
    switch (mask) {
      case -1 -> {
        return DAY;
      }
      case YEAR -> {
        year = value;
        twoDigitYear = length <= 2;
      }
      case MONTH -> month = value;
      default -> day = value;
    }
    return mask;
  }

  /// Digits run together: YYMMDD or YYYYMMDD, then HHMM or HHMMSS.
  int concatenated(String field, int known) {
    String number = field;
    int point = field.indexOf('.');
    if (point >= 0) {
      micros = fractionMicros(field.substring(point));
      number = field.substring(0, point);
    } else if ((known & DATE) != DATE && number.length() >= 6) {
      int length = number.length();
      day = integer(number, length - 2, length);
      month = integer(number, length - 4, length - 2);
      year = integer(number, 0, length - 4);
      twoDigitYear = length == 6;
      return DATE;
    }
    if ((known & TIME) == 0 && (number.length() == 6 || number.length() == 4)) {
      hour = integer(number, 0, 2);
      minute = integer(number, 2, 4);
      second = number.length() == 6 ? integer(number, 4, 6) : 0;
      return TIME;
    }
    throw bad();
  }

  /// HH:MM, HH:MM:SS or HH:MM:SS.F; MM:SS.F too.
  void timeParts(String field) {
    int end = digits(field, 0);
    hour = integer(field, 0, end);
    if (at(field, end) != ':') {
      throw bad();
    }
    int minuteEnd = digits(field, end + 1);
    minute = integer(field, end + 1, minuteEnd);
    second = 0;
    micros = 0;
    char next = at(field, minuteEnd);
    if (next == '.') {
      micros = fractionMicros(field.substring(minuteEnd));
      second = minute;
      minute = hour;
      hour = 0;
    } else if (next == ':') {
      int secondEnd = digits(field, minuteEnd + 1);
      second = integer(field, minuteEnd + 1, secondEnd);
      if (at(field, secondEnd) == '.') {
        micros = fractionMicros(field.substring(secondEnd));
      } else if (secondEnd < field.length()) {
        throw bad();
      }
    } else if (next != '\0') {
      throw bad();
    }
    if (minute > 59 || second > 60) {
      throw overflow();
    }
  }

  void checkTime() {
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60 || micros < 0 || micros > 1_000_000
        || timeMicros() > DateTimes.MICROS_PER_DAY) {
      throw overflow();
    }
  }

  /// An offset such as +02, +0230, -8:30 or +05:30:15, in seconds east.
  int zone(String field) {
    char sign = field.charAt(0);
    if (sign != '+' && sign != '-') {
      throw bad();
    }
    int end = digits(field, 1);
    if (end - 1 > 9) {
      throw displacementOverflow();
    }
    int hours = end == 1 ? 0 : Integer.parseInt(field, 1, end, 10);
    int minutes = 0;
    int seconds = 0;
    if (at(field, end) == ':') {
      int from = end + 1;
      end = digits(field, from);
      minutes = end == from ? 0 : Integer.parseInt(field, from, Math.min(end, from + 9), 10);
      if (at(field, end) == ':') {
        from = end + 1;
        end = digits(field, from);
        seconds = end == from ? 0 : Integer.parseInt(field, from, Math.min(end, from + 9), 10);
      }
    } else if (end == field.length() && field.length() > 3) {
      minutes = hours % 100;
      hours /= 100;
    }
    if (hours > TimeZones.MAX_DISPLACEMENT_HOURS || minutes > 59 || seconds > 59) {
      throw displacementOverflow();
    }
    if (end < field.length()) {
      throw bad();
    }
    int total = (hours * 60 + minutes) * 60 + seconds;
    return sign == '-' ? -total : total;
  }

  int integer(String field, int from, int to) {
    if (from == to) {
      return 0;
    }
    if (to - from > 9) {
      long value = to - from > 18 ? Long.MAX_VALUE : Long.parseLong(field, from, to, 10);
      if (value > Integer.MAX_VALUE) {
        throw overflow();
      }
      return (int) value;
    }
    return Integer.parseInt(field, from, to, 10);
  }

  int fractionMicros(String fraction) {
    return (int) Math.rint(fraction(fraction) * 1_000_000);
  }

  double fraction(String fraction) {
    if (digits(fraction, 1) != fraction.length()) {
      throw bad();
    }
    return fraction.length() == 1 ? 0 : Double.parseDouble("0" + fraction);
  }

  void validateDate() {
    if ((seen & YEAR) != 0 && !julian) {
      if (bc) {
        if (year <= 0) {
          throw overflow();
        }
        year = 1 - year;
      } else if (twoDigitYear) {
        if (year < 70) {
          year += 2000;
        } else if (year < 100) {
          year += 1900;
        }
      } else if (year <= 0) {
        throw overflow();
      }
    }
    if ((seen & DAY_OF_YEAR) != 0) {
      long civil = DateTimes.civil(DateTimes.toDays(year, 1, 1) + dayOfYear - 1);
      year = (int) (civil >> 16);
      month = (int) (civil >> 8) & 0xff;
      day = (int) civil & 0xff;
    }
    if ((seen & MONTH) != 0 && (month < 1 || month > 12) || (seen & DAY) != 0 && (day < 1 || day > 31)) {
      throw monthDayOverflow();
    }
    if ((seen & DATE) == DATE && day > DateTimes.daysInMonth(year, month)) {
      throw overflow();
    }
  }

  void meridiem() {
    if (meridiem < 0) {
      return;
    }
    if (hour > 12) {
      throw overflow();
    }
    if (meridiem == 0 && hour == 12) {
      hour = 0;
    } else if (meridiem == 1 && hour != 12) {
      hour += 12;
    }
  }
}
