package io.heliosdb.nano.type;

import static io.heliosdb.nano.type.DateTimeFields.at;
import static io.heliosdb.nano.type.DateTimeFields.digits;
import static io.heliosdb.nano.type.DateTimeFields.isAlpha;
import static io.heliosdb.nano.type.DateTimeFields.isDigit;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.DateTimeFields.Kind;
import io.heliosdb.nano.type.DateTimeFields.Token;
import io.heliosdb.nano.type.DateTimeFields.Word;
import io.heliosdb.nano.type.IoContext.DateOrder;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads dates, times and timestamps in every form PostgreSQL takes. One instance reads one text.
///
/// Errors: 22007 bad syntax, 22008 field out of range (with the hint about DateStyle where month and day may be swapped),
/// 22009 zone displacement out of range, 22023 unknown zone. Source: PostgreSQL 15 manual, "Date/Time Support".
final class DateTimeInput {
  private static final int YEAR = 1;
  private static final int MONTH = 2;
  private static final int DAY = 4;
  private static final int DATE = YEAR | MONTH | DAY;
  private static final int TIME = 8;
  private static final int ZONE = 16;
  private static final int DAY_OF_YEAR = 32;
  private static final int ERA = 64;
  private static final int AM_PM = 128;
  private static final int WEEKDAY = 256;
  private static final int DST = 512;
  private static final int HOUR = 1024;
  private static final int MINUTE = 2048;
  private static final int SECOND = 4096;
  private static final int PTYPE_TIME = 100;

  private final String text;
  private final String typeName;
  private final IoContext context;
  /// Whether the session's zone counts where the text names none.
  private final boolean usesZone;

  private int year;
  private int month = 0;
  private int day = 0;
  private int dayOfYear;
  private int hour;
  private int minute;
  private int second;
  private int micros;
  private boolean twoDigitYear;
  private boolean textMonth;
  private boolean bc;
  private boolean julian;
  private int meridiem = -1;
  private int seen;
  private int zoneEast;
  private @Nullable ZoneId namedZone;
  private @Nullable Token special;

  private DateTimeInput(String text, String typeName, boolean usesZone, IoContext context) {
    this.usesZone = usesZone;
    this.text = text;
    this.typeName = typeName;
    this.context = context;
  }

  // ---------------------------------------------------------------- entry points

  static int date(String text, IoContext context) {
    int fast = fastDate(text);
    if (fast != Integer.MIN_VALUE) {
      return fast;
    }
    DateTimeInput in = new DateTimeInput(text, "date", false, context);
    in.decode();
    if (in.special != null) {
      return switch (in.special) {
        case INFINITY -> DateTimes.DATE_INFINITY;
        case MINUS_INFINITY -> DateTimes.DATE_MINUS_INFINITY;
        default -> -DateTimes.UNIX_EPOCH_DAYS;
      };
    }
    long days = DateTimes.toDays(in.year, in.month, in.day);
    if (days < DateTimes.DATE_MIN || days >= DateTimes.DATE_END) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "date out of range: \"" + text + "\"");
    }
    return (int) days;
  }

  /// YYYY-MM-DD without anything else, which is what programs write; `MIN_VALUE` when the text is anything else.
  private static int fastDate(String text) {
    if (text.length() != 10 || text.charAt(4) != '-' || text.charAt(7) != '-') {
      return Integer.MIN_VALUE;
    }
    int y = number(text, 0, 4);
    int m = number(text, 5, 7);
    int d = number(text, 8, 10);
    if (y <= 0 || m < 1 || m > 12 || d < 1 || d > DateTimes.daysInMonth(y, m)) {
      return Integer.MIN_VALUE;
    }
    return (int) DateTimes.toDays(y, m, d);
  }

  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!isDigit(c)) {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  static long timestamp(String text, IoContext context) {
    DateTimeInput in = new DateTimeInput(text, "timestamp", false, context);
    in.decode();
    if (in.special != null) {
      return in.specialTimestamp();
    }
    return in.checked(in.localMicros());
  }

  static long timestampTz(String text, IoContext context) {
    DateTimeInput in = new DateTimeInput(text, "timestamp with time zone", true, context);
    in.decode();
    if (in.special != null) {
      return in.specialTimestamp();
    }
    return in.checked(in.localMicros() - in.zoneEast * 1_000_000L);
  }

  static long time(String text, IoContext context) {
    DateTimeInput in = new DateTimeInput(text, "time", false, context);
    in.decodeTimeOnly();
    return in.timeMicros();
  }

  static TimeTz timeTz(String text, IoContext context) {
    DateTimeInput in = new DateTimeInput(text, "time with time zone", true, context);
    in.decodeTimeOnly();
    return new TimeTz(in.timeMicros(), -in.zoneEast);
  }

  private long specialTimestamp() {
    return switch (special) {
      case INFINITY -> DateTimes.TIMESTAMP_INFINITY;
      case MINUS_INFINITY -> DateTimes.TIMESTAMP_MINUS_INFINITY;
      default -> -DateTimes.UNIX_EPOCH_SECONDS * 1_000_000L;
    };
  }

  private long checked(long value) {
    if (year > 300_000 || year < -5000 || !DateTimes.isValidTimestamp(value)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range: \"" + text + "\"");
    }
    return value;
  }

  private long localMicros() {
    return DateTimes.toDays(year, month, day) * DateTimes.MICROS_PER_DAY + timeMicros();
  }

  private long timeMicros() {
    return ((hour * 60L + minute) * 60 + second) * 1_000_000L + micros;
  }

  // ---------------------------------------------------------------- errors

  private SqlException bad() {
    return new SqlException(SqlState.INVALID_DATETIME_FORMAT, "invalid input syntax for type " + typeName + ": \"" + text + "\"");
  }

  private SqlException overflow() {
    return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + text + "\"");
  }

  private SqlException monthDayOverflow() {
    return overflow().withHint("Perhaps you need a different \"datestyle\" setting.");
  }

  private SqlException displacementOverflow() {
    return new SqlException(SqlState.INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range: \"" + text + "\"");
  }

  // ---------------------------------------------------------------- date and time

  private void decode() {
    DateTimeFields fields = DateTimeFields.split(text);
    if (fields == null || fields.count() == 0) {
      throw bad();
    }
    int pending = 0;
    for (int i = 0; i < fields.count(); i++) {
      String field = fields.texts.get(i);
      int mask;
      switch (fields.kinds.get(i)) {
        case DATE -> {
          if (pending == DateTimeFields.UNIT_JULIAN) {
            mask = julianDay(field);
            pending = 0;
          } else if (pending != 0 || (seen & (MONTH | DAY)) == (MONTH | DAY)) {
            if (isDigit(field.charAt(0)) || pending != 0) {
              if (pending != 0 && pending != PTYPE_TIME) {
                throw bad();
              }
              pending = 0;
              int dash = field.indexOf('-');
              if ((seen & TIME) != 0 || dash < 0) {
                throw bad();
              }
              zoneEast = zone(field.substring(dash));
              mask = concatenated(field.substring(0, dash), seen) | ZONE;
            } else {
              namedZone = zoneByName(field);
              mask = ZONE;
            }
          } else {
            mask = dateParts(field);
          }
        }
        case TIME -> {
          if (pending != 0 && pending != PTYPE_TIME) {
            throw bad();
          }
          pending = 0;
          timeParts(field);
          checkTime();
          mask = TIME;
        }
        case ZONE -> {
          zoneEast = zone(field);
          mask = ZONE;
        }
        case NUMBER -> {
          if (pending != 0) {
            mask = labelled(pending, field);
            pending = 0;
          } else {
            mask = plainNumber(field);
          }
        }
        case STRING, SPECIAL -> {
          TimeZones.Abbreviation abbreviation = TimeZones.abbreviation(field);
          Word word = abbreviation == null ? DateTimeFields.word(field) : null;
          if (abbreviation != null) {
            mask = abbreviation(abbreviation);
          } else if (word == null) {
            namedZone = TimeZones.find(field);
            if (namedZone == null) {
              throw bad();
            }
            mask = ZONE;
          } else if (word.token() == Token.IGNORE) {
            continue;
          } else if (word.token() == Token.UNIT) {
            pending = word.value();
            mask = 0;
          } else if (word.token() == Token.ISO_TIME) {
            Kind next = i + 1 < fields.count() ? fields.kinds.get(i + 1) : null;
            if ((seen & DATE) != DATE || next != Kind.NUMBER && next != Kind.TIME && next != Kind.DATE) {
              throw bad();
            }
            pending = PTYPE_TIME;
            mask = 0;
          } else {
            mask = word(word);
          }
        }
        default -> throw bad();
      }
      if ((mask & seen) != 0) {
        throw bad();
      }
      seen |= mask;
    }
    if (special != null) {
      return;
    }
    validateDate();
    meridiem();
    checkTime();
    if ((seen & DATE) != DATE) {
      throw bad();
    }
    if (namedZone != null) {
      if ((seen & DST) != 0) {
        throw bad();
      }
      zoneEast = TimeZones.offsetOfLocal(namedZone, localMicros());
    } else if ((seen & ZONE) == 0) {
      if ((seen & DST) != 0) {
        throw bad();
      }
      if (usesZone) {
        // Beyond the range of timestamps the offset does not matter: the value is refused.
        zoneEast = year > 300_000 || year < -5000 ? 0 : TimeZones.offsetOfLocal(context.zone(), localMicros());
      }
    }
  }

  /// What a word other than a zone stands for; returns the fields it sets.
  private int word(Word word) {
    switch (word.token()) {
      case NOW -> {
        setDateTime(context.transactionMicros() + sessionOffset() * 1_000_000L);
        zoneEast = sessionOffset();
        return DATE | TIME | ZONE;
      }
      case TODAY, TOMORROW, YESTERDAY -> {
        long today = Math.floorDiv(context.transactionMicros() + sessionOffset() * 1_000_000L, DateTimes.MICROS_PER_DAY);
        setDate(today + (word.token() == Token.TODAY ? 0 : word.token() == Token.TOMORROW ? 1 : -1));
        return DATE;
      }
      case ZULU -> {
        hour = 0;
        minute = 0;
        second = 0;
        zoneEast = 0;
        return TIME | ZONE;
      }
      case EPOCH, INFINITY, MINUS_INFINITY -> {
        special = word.token();
        return DATE | TIME | ZONE;
      }
      case MONTH -> {
        int mask = MONTH;
        if ((seen & MONTH) != 0 && !textMonth && (seen & DAY) == 0 && month >= 1 && month <= 31) {
          day = month;
          mask = DAY;
        }
        textMonth = true;
        month = word.value();
        return mask;
      }
      case DST_MODIFIER -> {
        zoneEast += word.value();
        return DST;
      }
      case AM_PM -> {
        meridiem = word.value();
        return AM_PM;
      }
      case ERA -> {
        bc = word.value() == 1;
        return ERA;
      }
      case WEEKDAY -> {
        return WEEKDAY;
      }
      default -> throw bad();
    }
  }

  private int sessionOffset() {
    return TimeZones.offsetAt(context.zone(), context.transactionMicros());
  }

  private void setDate(long days) {
    long civil = DateTimes.civil(days);
    year = (int) (civil >> 16);
    month = (int) (civil >> 8) & 0xff;
    day = (int) civil & 0xff;
    julian = true;
  }

  private void setDateTime(long localMicros) {
    long days = Math.floorDiv(localMicros, DateTimes.MICROS_PER_DAY);
    setDate(days);
    setTime(localMicros - days * DateTimes.MICROS_PER_DAY);
  }

  private void setTime(long dayMicros) {
    hour = (int) (dayMicros / DateTimes.MICROS_PER_HOUR);
    minute = (int) (dayMicros / DateTimes.MICROS_PER_MINUTE % 60);
    second = (int) (dayMicros / DateTimes.MICROS_PER_SECOND % 60);
    micros = (int) (dayMicros % DateTimes.MICROS_PER_SECOND);
  }

  private int abbreviation(TimeZones.Abbreviation abbreviation) {
    if (abbreviation.zone() != null) {
      namedZone = abbreviation.zone();
    } else {
      zoneEast = abbreviation.offsetSeconds() + ((seen & DST) != 0 ? zoneEast : 0);
    }
    return ZONE;
  }

  private ZoneId zoneByName(String name) {
    ZoneId zone = TimeZones.find(name);
    if (zone == null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "time zone \"" + name + "\" not recognized");
    }
    return zone;
  }

  /// A number after one of the labels y m d h mm s j t.
  private int labelled(int label, String field) {
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

  private int julianDay(String field) {
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

  private int plainNumber(String field) {
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
  private int dateParts(String field) {
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
  private int number(String field, int known) {
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
  private int concatenated(String field, int known) {
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
  private void timeParts(String field) {
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

  private void checkTime() {
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60 || micros < 0 || micros > 1_000_000
        || timeMicros() > DateTimes.MICROS_PER_DAY) {
      throw overflow();
    }
  }

  /// An offset such as +02, +0230, -8:30 or +05:30:15, in seconds east.
  private int zone(String field) {
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

  private int integer(String field, int from, int to) {
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

  private int fractionMicros(String fraction) {
    return (int) Math.rint(fraction(fraction) * 1_000_000);
  }

  private double fraction(String fraction) {
    if (digits(fraction, 1) != fraction.length()) {
      throw bad();
    }
    return fraction.length() == 1 ? 0 : Double.parseDouble("0" + fraction);
  }

  private void validateDate() {
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

  private void meridiem() {
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

  // ---------------------------------------------------------------- time of day

  private void decodeTimeOnly() {
    DateTimeFields fields = DateTimeFields.split(text);
    if (fields == null || fields.count() == 0) {
      throw bad();
    }
    int count = fields.count();
    int pending = 0;
    for (int i = 0; i < count; i++) {
      String field = fields.texts.get(i);
      int mask;
      switch (fields.kinds.get(i)) {
        case DATE -> {
          if (i == 0 && count >= 2 && (fields.kinds.get(count - 1) == Kind.DATE || fields.kinds.get(1) == Kind.TIME)) {
            mask = dateParts(field);
          } else if (isDigit(field.charAt(0))) {
            int dash = field.indexOf('-');
            if ((seen & TIME) != 0 || dash < 0) {
              throw bad();
            }
            zoneEast = zone(field.substring(dash));
            mask = concatenated(field.substring(0, dash), seen | DATE) | ZONE;
          } else {
            namedZone = zoneByName(field);
            mask = ZONE;
          }
        }
        case TIME -> {
          pending = 0;
          timeParts(field);
          mask = TIME;
        }
        case ZONE -> {
          zoneEast = zone(field);
          mask = ZONE;
        }
        case NUMBER -> {
          int point = field.indexOf('.');
          if (pending != 0) {
            mask = labelled(pending, field);
            pending = 0;
          } else if (point >= 0 && i == 0 && count >= 2 && fields.kinds.get(count - 1) == Kind.DATE) {
            mask = dateParts(field);
          } else if (point > 2 || point < 0 && field.length() > 4) {
            mask = concatenated(field, seen | DATE);
          } else if (point >= 0) {
            throw bad();
          } else {
            mask = number(field, seen | DATE);
          }
        }
        case STRING, SPECIAL -> {
          TimeZones.Abbreviation abbreviation = TimeZones.abbreviation(field);
          Word word = abbreviation == null ? DateTimeFields.word(field) : null;
          if (abbreviation != null) {
            mask = abbreviation(abbreviation);
          } else if (word == null) {
            namedZone = TimeZones.find(field);
            if (namedZone == null) {
              throw bad();
            }
            mask = ZONE;
          } else {
            switch (word.token()) {
              case IGNORE -> {
                continue;
              }
              case NOW -> {
                int offset = sessionOffset();
                setTime(Math.floorMod(context.transactionMicros() + offset * 1_000_000L, DateTimes.MICROS_PER_DAY));
                mask = TIME;
              }
              case ZULU, AM_PM, ERA, DST_MODIFIER, MONTH, WEEKDAY -> mask = word(word);
              case UNIT -> {
                pending = word.value();
                mask = 0;
              }
              case ISO_TIME -> {
                pending = PTYPE_TIME;
                mask = 0;
              }
              default -> throw bad();
            }
          }
        }
        default -> throw bad();
      }
      if ((mask & seen) != 0) {
        throw bad();
      }
      seen |= mask;
    }
    validateDate();
    meridiem();
    checkTime();
    if ((seen & TIME) == 0) {
      throw bad();
    }
    if (namedZone != null) {
      if (namedZone.getRules().isFixedOffset()) {
        zoneEast = TimeZones.offsetAt(namedZone, 0);
      } else if ((seen & DATE) != DATE) {
        throw bad();
      } else {
        zoneEast = TimeZones.offsetOfLocal(namedZone, localMicros());
      }
    } else if ((seen & ZONE) == 0) {
      if ((seen & DATE) != 0 && (seen & DATE) != DATE) {
        throw bad();
      }
      long days = (seen & DATE) == DATE ? DateTimes.toDays(year, month, day)
          : Math.floorDiv(context.transactionMicros() + sessionOffset() * 1_000_000L, DateTimes.MICROS_PER_DAY);
      zoneEast = TimeZones.offsetOfLocal(context.zone(), days * DateTimes.MICROS_PER_DAY + timeMicros());
    }
  }
}
