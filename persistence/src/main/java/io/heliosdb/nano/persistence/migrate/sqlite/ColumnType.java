package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.persistence.migrate.sqlite.SqliteTable.Column;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The type that a column gets: what was declared, as far as all values that are really stored fit it. Source: sqlite.org, "Datatypes In SQLite",
/// section 3.1 (affinity).
///
/// @param sql the type here
/// @param widened why it is not the declared one, null when it is
record ColumnType(String sql, Kind kind, @Nullable String widened) {
  /// How values are read.
  enum Kind {
    /// 0 and 1, or `true` and `false`.
    BOOLEAN,
    /// By storage class.
    NATURAL,
    /// As SQLite casts them to text.
    TEXT,
    /// Text as its UTF-8 bytes.
    BYTES
  }

  /// What a column holds; counts of rows by storage class.
  ///
  /// @param integerMin and `integerMax`: 0 without integers
  /// @param withNul texts with a NUL character, which has no place in a text here
  record Survey(long integers, long reals, long texts, long blobs, long integerMin, long integerMax, long charsMax, long withNul) {
    long values() {
      return integers + reals + texts + blobs;
    }
  }

  /// Asks whether every text (or every number, as text) of the column passes a test.
  interface Texts {
    boolean all(Predicate<String> test);
  }

  private static final Pattern DECLARED = Pattern.compile("\\s*([^(]*?)\\s*(?:\\(\\s*([+-]?\\d+)\\s*(?:,\\s*([+-]?\\d+)\\s*)?\\))?\\s*");
  private static final Pattern DATE = Pattern.compile("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])");
  private static final String CLOCK = "([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?";
  private static final Pattern TIME = Pattern.compile(CLOCK);
  private static final Pattern TIMESTAMP = Pattern.compile(DATE.pattern() + "([ T]" + CLOCK + ")?");
  private static final Pattern TIMESTAMP_WITH_ZONE = Pattern.compile(DATE.pattern() + "[ T]" + CLOCK + "\\s?(Z|[+-]\\d{2}(:?\\d{2})?)");
  private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}-?(\\p{XDigit}{4}-?){3}\\p{XDigit}{12}");
  private static final Pattern BOOLEAN = Pattern.compile("(?i)0|1|true|false");
  private static final int LENGTH_MAX = 10_485_760;

  /// @param isRowid INTEGER PRIMARY KEY
  static ColumnType of(Column column, boolean isRowid, Survey survey, Texts texts, Predicate<String> isJson) {
    if (isRowid) {
      return exactly("bigint");
    }
    Matcher parts = DECLARED.matcher(column.declared());
    boolean parsed = parts.matches();
    String name = (parsed ? parts.group(1) : column.declared()).toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
    int first = parsed && parts.group(2) != null ? clamp(parts.group(2)) : -1;
    int second = parsed && parts.group(3) != null ? clamp(parts.group(3)) : 0;
    String declared = column.declared().isBlank() ? "no type" : column.declared();
    ColumnType wanted = wanted(name, first, second, survey, texts, isJson);
    if (wanted != null) {
      return wanted;
    }
    return byValues(declared, survey);
  }

  private static int clamp(String digits) {
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  private static ColumnType exactly(String sql) {
    return new ColumnType(sql, Kind.NATURAL, null);
  }

  /// The declared type if everything fits it, null if not.
  private static @Nullable ColumnType wanted(String name, int first, int second, Survey s, Texts texts, Predicate<String> isJson) {
    boolean onlyIntegers = s.reals() == 0 && s.texts() == 0 && s.blobs() == 0;
    boolean onlyNumbers = s.texts() == 0 && s.blobs() == 0;
    boolean onlyTexts = s.integers() == 0 && s.reals() == 0 && s.blobs() == 0 && s.withNul() == 0;
    switch (name) {
      case "BOOLEAN", "BOOL" -> {
        return s.blobs() == 0 && s.reals() == 0 && texts.all(text -> BOOLEAN.matcher(text).matches()) ? new ColumnType("boolean", Kind.BOOLEAN, null) : null;
      }
      case "SMALLINT", "INT2", "TINYINT" -> {
        return onlyIntegers && s.integerMin() >= Short.MIN_VALUE && s.integerMax() <= Short.MAX_VALUE ? exactly("smallint") : onlyIntegers ? widerInteger(name) : null;
      }
      case "MEDIUMINT", "INT4" -> {
        return onlyIntegers && s.integerMin() >= Integer.MIN_VALUE && s.integerMax() <= Integer.MAX_VALUE ? exactly("integer") : onlyIntegers ? widerInteger(name) : null;
      }
      case "DATE" -> {
        return onlyTexts && texts.all(text -> DATE.matcher(text).matches()) ? exactly("date") : timestamp(onlyTexts, texts);
      }
      case "DATETIME", "TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE" -> {
        return timestamp(onlyTexts, texts);
      }
      case "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE" -> {
        return onlyTexts && texts.all(text -> TIMESTAMP_WITH_ZONE.matcher(text).matches()) ? exactly("timestamp with time zone") : timestamp(onlyTexts, texts);
      }
      case "TIME" -> {
        return onlyTexts && texts.all(text -> TIME.matcher(text).matches()) ? exactly("time") : null;
      }
      case "UUID", "GUID", "UNIQUEIDENTIFIER" -> {
        return onlyTexts && texts.all(text -> UUID.matcher(text).matches()) ? exactly("uuid") : null;
      }
      case "JSON" -> {
        return s.blobs() == 0 && s.withNul() == 0 && texts.all(isJson) ? new ColumnType("json", Kind.TEXT, null) : null;
      }
      case "JSONB" -> {
        return s.blobs() == 0 && s.withNul() == 0 && texts.all(isJson) ? new ColumnType("jsonb", Kind.TEXT, null) : null;
      }
      case "DECIMAL", "NUMERIC", "NUMBER", "DEC" -> {
        if (!onlyNumbers) {
          return null;
        }
        boolean fits = first > 0 && first <= 1000 && second >= 0 && second <= first && texts.all(text -> fits(text, first, second));
        return fits ? exactly("numeric(" + first + "," + second + ")") : new ColumnType("numeric", Kind.NATURAL, first > 0 ? "values do not fit " + name + "(" + first + "," + second + ")" : null);
      }
      default -> {
        return byAffinity(name, first, s, onlyIntegers, onlyNumbers);
      }
    }
  }

  private static @Nullable ColumnType byAffinity(String name, int first, Survey s, boolean onlyIntegers, boolean onlyNumbers) {
    if (name.contains("INT")) {
      return onlyIntegers ? exactly("bigint") : null;
    }
    if (name.contains("CHAR") || name.contains("CLOB") || name.contains("TEXT")) {
      if (s.blobs() > 0 || s.withNul() > 0) {
        return null;
      }
      boolean limited = name.contains("CHAR") && first > 0 && first <= LENGTH_MAX;
      boolean fits = limited && s.charsMax() <= first;
      return new ColumnType(fits ? "varchar(" + first + ")" : "text", Kind.TEXT, limited && !fits ? "values of up to " + s.charsMax() + " characters do not fit " + name + "(" + first + ")" : null);
    }
    if (name.contains("BLOB")) {
      return s.integers() == 0 && s.reals() == 0 && s.texts() == 0 ? exactly("bytea") : null;
    }
    if (name.contains("REAL") || name.contains("FLOA") || name.contains("DOUB")) {
      return onlyNumbers ? exactly("double precision") : null;
    }
    return null;
  }

  private static ColumnType widerInteger(String name) {
    return new ColumnType("bigint", Kind.NATURAL, "values do not fit " + name);
  }

  private static @Nullable ColumnType timestamp(boolean onlyTexts, Texts texts) {
    if (!onlyTexts) {
      return null;
    }
    if (texts.all(text -> TIMESTAMP.matcher(text).matches())) {
      return exactly("timestamp");
    }
    return texts.all(text -> TIMESTAMP_WITH_ZONE.matcher(text).matches()) ? exactly("timestamp with time zone") : null;
  }

  private static boolean fits(String text, int precision, int scale) {
    try {
      BigDecimal number = new BigDecimal(text).stripTrailingZeros();
      return number.scale() <= scale && number.precision() - number.scale() <= precision - scale;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /// The narrowest type that keeps every value as it is.
  private static ColumnType byValues(String declared, Survey s) {
    String holds = holds(s);
    String reason = declared.equals("no type") && List.of("", "integers", "reals", "texts", "blobs").contains(holds) ? null : "declared " + declared + (holds.isEmpty() ? "" : ", holds " + holds);
    if (s.blobs() > 0 || s.withNul() > 0) {
      return new ColumnType("bytea", Kind.BYTES, reason);
    }
    if (s.texts() > 0 || s.values() == 0) {
      return new ColumnType("text", Kind.TEXT, s.values() == 0 ? null : reason);
    }
    if (s.reals() == 0) {
      return new ColumnType("bigint", Kind.NATURAL, reason);
    }
    boolean exact = s.integers() == 0 || s.integerMin() >= -(1L << 53) && s.integerMax() <= 1L << 53;
    return new ColumnType(exact ? "double precision" : "numeric", Kind.NATURAL, reason);
  }

  private static String holds(Survey s) {
    StringBuilder text = new StringBuilder();
    String[] names = {"integers", "reals", s.withNul() > 0 ? "texts with NUL characters" : "texts", "blobs"};
    long[] counts = {s.integers(), s.reals(), s.texts(), s.blobs()};
    boolean single = java.util.Arrays.stream(counts).filter(count -> count > 0).count() == 1;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        text.append(text.isEmpty() ? "" : ", ").append(single ? "" : counts[i] + " ").append(names[i]);
      }
    }
    return text.toString();
  }
}
