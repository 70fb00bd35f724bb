package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteTable.Column;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.JsonParser;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The type that a column gets: what was declared, as far as all values that are really stored fit it. Source: sqlite.org, "Datatypes In
/// SQLite",
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

  /// What the texts of all values of a column may look like.
  enum Form {
    BOOLEAN("(?i)0|1|true|false"),
    DATE("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])"),
    TIME("([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?"),
    TIMESTAMP(DATE.pattern + "([ T]" + TIME.pattern + ")?"),
    TIMESTAMP_WITH_ZONE(DATE.pattern + "[ T]" + TIME.pattern + "\\s?(Z|[+-]\\d{2}(:?\\d{2})?)"),
    UUID("\\p{XDigit}{8}-?(\\p{XDigit}{4}-?){3}\\p{XDigit}{12}"),
    JSON(""),
    /// A number that fits precision and scale.
    DECIMAL("");

    private final String pattern;
    private final Pattern compiled;

    Form(String pattern) {
      this.pattern = pattern;
      compiled = Pattern.compile(pattern);
    }
  }

  /// A declared type in its parts.
  ///
  /// @param first -1 for none
  record Declared(String name, int first, int second) {
    static Declared of(Column column) {
      Matcher parts = DECLARED.matcher(column.declared());
      boolean parsed = parts.matches();
      String name = (parsed ? parts.group(1) : column.declared()).toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
      return new Declared(name, parsed && parts.group(2) != null ? clamp(parts.group(2)) : -1, parsed && parts.group(3) != null
          ? clamp(parts.group(3)) : 0);
    }

    private static int clamp(String digits) {
      return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    /// The forms that the choice of the type depends on.
    Set<Form> forms() {
      return switch (name) {
        case "BOOLEAN", "BOOL" -> EnumSet.of(Form.BOOLEAN);
        case "DATE" -> EnumSet.of(Form.DATE, Form.TIMESTAMP, Form.TIMESTAMP_WITH_ZONE);
        case "DATETIME", "TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE" ->
            EnumSet.of(Form.TIMESTAMP, Form.TIMESTAMP_WITH_ZONE);
        case "TIME" -> EnumSet.of(Form.TIME);
        case "UUID", "GUID", "UNIQUEIDENTIFIER" -> EnumSet.of(Form.UUID);
        case "JSON", "JSONB" -> EnumSet.of(Form.JSON);
        case "DECIMAL", "NUMERIC", "NUMBER", "DEC" -> first > 0 && first <= 1000 && second >= 0 && second <= first
            ? EnumSet.of(Form.DECIMAL) : EnumSet.noneOf(Form.class);
        default -> EnumSet.noneOf(Form.class);
      };
    }

    boolean has(Form form, String text) {
      return switch (form) {
        case JSON -> isJson(text);
        case DECIMAL -> fits(text, first, second);
        case BOOLEAN, UUID -> form.compiled.matcher(text).matches();
        // The form may be right and the day not exist.
        case DATE -> form.compiled.matcher(text).matches() && isValue(PgTypes.DATE, text);
        case TIME -> form.compiled.matcher(text).matches() && isValue(PgTypes.TIME, text);
        case TIMESTAMP -> form.compiled.matcher(text).matches() && isValue(PgTypes.TIMESTAMP, text);
        case TIMESTAMP_WITH_ZONE -> form.compiled.matcher(text).matches() && isValue(PgTypes.TIMESTAMPTZ, text);
      };
    }
  }

  private static final Pattern DECLARED = Pattern.compile("\\s*([^(]*?)\\s*(?:\\(\\s*([+-]?\\d+)\\s*(?:,\\s*([+-]?\\d+)\\s*)?\\))?\\s*");
  private static final int LENGTH_MAX = 10_485_760;

  /// @param isRowid INTEGER PRIMARY KEY
  /// @param forms those of the declared type's that all values have
  static ColumnType of(Column column, boolean isRowid, Survey survey, Set<Form> forms) {
    if (isRowid) {
      return exactly("bigint");
    }
    Declared declared = Declared.of(column);
    ColumnType wanted = wanted(declared.name(), declared.first(), declared.second(), survey, forms);
    return wanted != null ? wanted : byValues(column.declared().isBlank() ? "no type" : column.declared(), survey);
  }

  private static boolean isValue(PgType type, String text) {
    try {
      TypeIo.parse(type, -1, text, IoContext.DEFAULT);
      return true;
    } catch (SqlException e) {
      return false;
    }
  }

  private static boolean isJson(String text) {
    try {
      JsonParser.validate(text);
      return true;
    } catch (SqlException e) {
      return false;
    }
  }

  private static ColumnType exactly(String sql) {
    return new ColumnType(sql, Kind.NATURAL, null);
  }

  /// The declared type if everything fits it, null if not.
  private static @Nullable ColumnType wanted(String name, int first, int second, Survey s, Set<Form> forms) {
    boolean onlyIntegers = s.reals() == 0 && s.texts() == 0 && s.blobs() == 0;
    boolean onlyNumbers = s.texts() == 0 && s.blobs() == 0;
    boolean onlyTexts = s.integers() == 0 && s.reals() == 0 && s.blobs() == 0 && s.withNul() == 0;
    switch (name) {
      case "BOOLEAN", "BOOL" -> {
        return s.blobs() == 0 && s.reals() == 0 && forms.contains(Form.BOOLEAN) ? new ColumnType("boolean", Kind.BOOLEAN, null) : null;
      }
      case "SMALLINT", "INT2", "TINYINT" -> {
        return onlyIntegers && s.integerMin() >= Short.MIN_VALUE && s.integerMax() <= Short.MAX_VALUE ? exactly("smallint") : onlyIntegers
            ? widerInteger(name) : null;
      }
      case "MEDIUMINT", "INT4" -> {
        return onlyIntegers && s.integerMin() >= Integer.MIN_VALUE && s.integerMax() <= Integer.MAX_VALUE ? exactly("integer")
            : onlyIntegers ? widerInteger(name) : null;
      }
      case "DATE" -> {
        return onlyTexts && forms.contains(Form.DATE) ? exactly("date") : timestamp(onlyTexts, forms);
      }
      case "DATETIME", "TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE" -> {
        return timestamp(onlyTexts, forms);
      }
      case "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE" -> {
        return onlyTexts && forms.contains(Form.TIMESTAMP_WITH_ZONE) ? exactly("timestamp with time zone") : timestamp(onlyTexts, forms);
      }
      case "TIME" -> {
        return onlyTexts && forms.contains(Form.TIME) ? exactly("time") : null;
      }
      case "UUID", "GUID", "UNIQUEIDENTIFIER" -> {
        return onlyTexts && forms.contains(Form.UUID) ? exactly("uuid") : null;
      }
      case "JSON" -> {
        return s.blobs() == 0 && s.withNul() == 0 && forms.contains(Form.JSON) ? new ColumnType("json", Kind.TEXT, null) : null;
      }
      case "JSONB" -> {
        return s.blobs() == 0 && s.withNul() == 0 && forms.contains(Form.JSON) ? new ColumnType("jsonb", Kind.TEXT, null) : null;
      }
      case "DECIMAL", "NUMERIC", "NUMBER", "DEC" -> {
        if (!onlyNumbers) {
          return null;
        }
        boolean fits = forms.contains(Form.DECIMAL);
        return fits ? exactly("numeric(" + first + "," + second + ")") : new ColumnType("numeric", Kind.NATURAL, first > 0
            ? "values do not fit " + name + "(" + first + "," + second + ")" : null);
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
      return new ColumnType(fits ? "varchar(" + first + ")" : "text", Kind.TEXT, limited && !fits ? "values of up to " + s.charsMax()
          + " characters do not fit " + name + "(" + first + ")" : null);
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

  private static @Nullable ColumnType timestamp(boolean onlyTexts, Set<Form> forms) {
    if (!onlyTexts) {
      return null;
    }
    if (forms.contains(Form.TIMESTAMP)) {
      return exactly("timestamp");
    }
    return forms.contains(Form.TIMESTAMP_WITH_ZONE) ? exactly("timestamp with time zone") : null;
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
    String reason = declared.equals("no type") && List.of("", "integers", "reals", "texts", "blobs").contains(holds) ? null : "declared "
        + declared + (holds.isEmpty() ? "" : ", holds " + holds);
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
