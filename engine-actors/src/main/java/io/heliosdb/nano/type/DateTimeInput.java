package io.heliosdb.nano.type;

import static io.heliosdb.nano.type.DateTimeFields.isDigit;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.DateTimeFields.Kind;
import io.heliosdb.nano.type.DateTimeFields.Token;
import io.heliosdb.nano.type.DateTimeFields.Word;

/// Reads dates, times and timestamps in every form PostgreSQL takes: which fields may follow one another, and what they come to. How one
/// field is read is in [DateTimeParts]. One instance reads one text.
///
/// Errors: 22007 bad syntax, 22008 field out of range (with the hint about DateStyle where month and day may be swapped),
/// 22009 zone displacement out of range, 22023 unknown zone. Source: PostgreSQL 15 manual, "Date/Time Support".
final class DateTimeInput extends DateTimeParts {
  private DateTimeInput(String text, String typeName, boolean usesZone, IoContext context) {
    super(text, typeName, usesZone, context);
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
      zoneEast = namedOffset();
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
        zoneEast = namedOffset();
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
