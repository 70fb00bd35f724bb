package io.heliosdb.nano.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// First step of reading a date, time or interval: cuts the text into fields and says what each looks like, as
/// PostgreSQL's manual describes in "Date/Time Input Interpretation".
final class DateTimeFields {
  enum Kind {NUMBER, STRING, DATE, TIME, ZONE, SPECIAL}

  /// What a word means.
  enum Token {
    MONTH, WEEKDAY, AM_PM, ERA, NOW, TODAY, TOMORROW, YESTERDAY, EPOCH, INFINITY, MINUS_INFINITY, ZULU, DST_MODIFIER, IGNORE, ISO_TIME, UNIT
  }

  record Word(Token token, int value) {}

  static final int UNIT_YEAR = 1;
  static final int UNIT_MONTH = 2;
  static final int UNIT_DAY = 3;
  static final int UNIT_HOUR = 4;
  static final int UNIT_MINUTE = 5;
  static final int UNIT_SECOND = 6;
  static final int UNIT_JULIAN = 7;

  private static final int FIELDS_MAX = 25;
  private static final int TEXT_MAX = 128;
  /// PostgreSQL compares words by their first ten characters.
  static final int WORD_MAX = 10;

  private static final Map<String, Word> WORDS = words();

  final List<String> texts = new ArrayList<>(6);
  final List<Kind> kinds = new ArrayList<>(6);

  private DateTimeFields() {}

  int count() {
    return texts.size();
  }

  private static Map<String, Word> words() {
    Map<String, Word> map = new java.util.HashMap<>();
    String[] months = {"january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december"};
    for (int i = 0; i < 12; i++) {
      map.put(months[i], new Word(Token.MONTH, i + 1));
      map.put(months[i].substring(0, 3), new Word(Token.MONTH, i + 1));
    }
    map.put("sept", new Word(Token.MONTH, 9));
    String[] days = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
    for (int i = 0; i < 7; i++) {
      map.put(days[i], new Word(Token.WEEKDAY, i));
      map.put(days[i].substring(0, 3), new Word(Token.WEEKDAY, i));
    }
    for (String extra : new String[] {"tues:2", "thur:4", "thurs:4", "weds:3"}) {
      map.put(extra.substring(0, extra.indexOf(':')), new Word(Token.WEEKDAY, extra.charAt(extra.length() - 1) - '0'));
    }
    map.put("am", new Word(Token.AM_PM, 0));
    map.put("pm", new Word(Token.AM_PM, 1));
    map.put("ad", new Word(Token.ERA, 0));
    map.put("bc", new Word(Token.ERA, 1));
    map.put("now", new Word(Token.NOW, 0));
    map.put("today", new Word(Token.TODAY, 0));
    map.put("tomorrow", new Word(Token.TOMORROW, 0));
    map.put("yesterday", new Word(Token.YESTERDAY, 0));
    map.put("epoch", new Word(Token.EPOCH, 0));
    map.put("infinity", new Word(Token.INFINITY, 0));
    map.put("-infinity", new Word(Token.MINUS_INFINITY, 0));
    map.put("allballs", new Word(Token.ZULU, 0));
    map.put("dst", new Word(Token.DST_MODIFIER, 3600));
    map.put("at", new Word(Token.IGNORE, 0));
    map.put("on", new Word(Token.IGNORE, 0));
    map.put("t", new Word(Token.ISO_TIME, 0));
    map.put("y", new Word(Token.UNIT, UNIT_YEAR));
    map.put("m", new Word(Token.UNIT, UNIT_MONTH));
    map.put("d", new Word(Token.UNIT, UNIT_DAY));
    map.put("h", new Word(Token.UNIT, UNIT_HOUR));
    map.put("mm", new Word(Token.UNIT, UNIT_MINUTE));
    map.put("s", new Word(Token.UNIT, UNIT_SECOND));
    map.put("j", new Word(Token.UNIT, UNIT_JULIAN));
    map.put("jd", new Word(Token.UNIT, UNIT_JULIAN));
    map.put("julian", new Word(Token.UNIT, UNIT_JULIAN));
    Map<String, Word> cut = new java.util.HashMap<>();
    map.forEach((word, meaning) -> cut.put(word.length() > WORD_MAX ? word.substring(0, WORD_MAX) : word, meaning));
    return cut;
  }

  static @Nullable Word word(String text) {
    return WORDS.get(text.length() > WORD_MAX ? text.substring(0, WORD_MAX) : text);
  }

  /// The fields of a text, or null when it cannot be cut.
  static @Nullable DateTimeFields split(String text) {
    DateTimeFields fields = new DateTimeFields();
    int end = text.length();
    int i = 0;
    while (i < end) {
      char c = text.charAt(i);
      if (isSpace(c)) {
        i++;
        continue;
      }
      if (fields.count() >= FIELDS_MAX) {
        return null;
      }
      int start = i;
      Kind kind;
      if (isDigit(c)) {
        i = digits(text, i);
        char next = at(text, i);
        if (next == ':') {
          kind = Kind.TIME;
          while (i < end && (isDigit(text.charAt(i)) || text.charAt(i) == ':' || text.charAt(i) == '.')) {
            i++;
          }
        } else if (next == '-' || next == '/' || next == '.') {
          char delimiter = next;
          i++;
          if (isDigit(at(text, i))) {
            kind = delimiter == '.' ? Kind.NUMBER : Kind.DATE;
            i = digits(text, i);
            if (at(text, i) == delimiter) {
              kind = Kind.DATE;
              while (i < end && (isDigit(text.charAt(i)) || text.charAt(i) == delimiter)) {
                i++;
              }
            }
          } else {
            kind = Kind.DATE;
            while (i < end && (isAlphanumeric(text.charAt(i)) || text.charAt(i) == delimiter)) {
              i++;
            }
          }
        } else {
          kind = Kind.NUMBER;
        }
      } else if (c == '.') {
        i = digits(text, i + 1);
        kind = Kind.NUMBER;
      } else if (isAlpha(c)) {
        kind = Kind.STRING;
        while (i < end && isAlpha(text.charAt(i))) {
          i++;
        }
        char next = at(text, i);
        boolean date = next == '-' || next == '/' || next == '.';
        if (next == '+' || isDigit(next)) {
          date = word(text.substring(start, i).toLowerCase(Locale.ROOT)) == null;
        }
        if (date) {
          kind = Kind.DATE;
          while (i < end && ("+-/_.:".indexOf(text.charAt(i)) >= 0 || isAlphanumeric(text.charAt(i)))) {
            i++;
          }
        }
      } else if (c == '+' || c == '-') {
        i++;
        while (i < end && isSpace(text.charAt(i))) {
          i++;
        }
        int from = i;
        if (isDigit(at(text, i)) ) {
          kind = Kind.ZONE;
          while (i < end && (isDigit(text.charAt(i)) || ":.-".indexOf(text.charAt(i)) >= 0)) {
            i++;
          }
        } else if (isAlpha(at(text, i))) {
          kind = Kind.SPECIAL;
          while (i < end && isAlpha(text.charAt(i))) {
            i++;
          }
        } else {
          return null;
        }
        fields.add(c + text.substring(from, i).toLowerCase(Locale.ROOT), kind);
        continue;
      } else if (isPunctuation(c)) {
        i++;
        continue;
      } else {
        return null;
      }
      fields.add(text.substring(start, i).toLowerCase(Locale.ROOT), kind);
      if (i - start > TEXT_MAX) {
        return null;
      }
    }
    return fields;
  }

  private void add(String text, Kind kind) {
    texts.add(text);
    kinds.add(kind);
  }

  static char at(String text, int index) {
    return index < text.length() ? text.charAt(index) : '\0';
  }

  static int digits(String text, int i) {
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAlpha(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  static boolean isAlphanumeric(char c) {
    return isDigit(c) || isAlpha(c);
  }

  static boolean isSpace(char c) {
    return c == ' ' || c >= 9 && c <= 13;
  }

  private static boolean isPunctuation(char c) {
    return c > ' ' && c < 0x7f && !isAlphanumeric(c);
  }
}
