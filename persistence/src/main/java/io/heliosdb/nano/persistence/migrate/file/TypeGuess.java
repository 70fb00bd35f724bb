package io.heliosdb.nano.persistence.migrate.file;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.JsonParser;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;
import java.util.regex.Pattern;

/// The narrowest type that all values of a column have. Each value strikes out the types it does not fit; what is left at the end, in
/// order of
/// preference, is the type. Numbers with leading zeros are texts: they are codes, and would lose the zeros.
final class TypeGuess {
  private static final int BOOLEAN = 1;
  private static final int INTEGER = 2;
  private static final int BIGINT = 4;
  private static final int NUMERIC = 8;
  private static final int DOUBLE = 16;
  private static final int DATE = 32;
  private static final int TIMESTAMP = 64;
  private static final int TIMESTAMPTZ = 128;
  private static final int TIME = 256;
  private static final int UUID = 512;
  private static final int JSON = 1024;
  private static final int ALL = 2047;
  private static final int MOMENTS = DATE | TIMESTAMP | TIMESTAMPTZ | TIME;

  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
  private static final Pattern FLOAT = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?[eE][+-]?[0-9]+|NaN|-?Infinity|-?inf");
  private static final Pattern UUID_FORM = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
  private static final Pattern DATE_FORM = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern TIMESTAMP_FORM = Pattern.compile("\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?");
  private static final Pattern TIMESTAMPTZ_FORM = Pattern.compile(TIMESTAMP_FORM.pattern() + " ?(Z|[+-]\\d{2}(:?\\d{2})?)");
  private static final Pattern TIME_FORM = Pattern.compile("\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?");

  private int possible = ALL;
  private boolean any;

  /// A value as text.
  void text(String value) {
    any = true;
    if (possible != 0) {
      possible &= fits(value);
    }
  }

  /// A text that is known to be one (a JSON string): never a number or boolean.
  void string(String value) {
    any = true;
    if (possible != 0) {
      possible &= fits(value) & (MOMENTS | UUID);
    }
  }

  /// A JSON object or array.
  void json() {
    any = true;
    possible &= JSON;
  }

  private int fits(String value) {
    if (value.isEmpty() || value.length() > 64 && (possible & JSON) == 0) {
      return 0;
    }
    char first = value.charAt(0);
    if (first == '{' || first == '[') {
      return (possible & JSON) != 0 && isJson(value) ? JSON : 0;
    }
    if (first == '-' || first >= '0' && first <= '9') {
      return number(value) | moment(value) | (UUID_FORM.matcher(value).matches() ? UUID : 0);
    }
    return switch (value) {
      case "true", "false", "TRUE", "FALSE", "True", "False", "t", "f" -> BOOLEAN;
      case "NaN", "Infinity", "inf" -> DOUBLE;
      default -> (possible & UUID) != 0 && UUID_FORM.matcher(value).matches() ? UUID : 0;
    };
  }

  private static boolean isJson(String value) {
    try {
      JsonParser.validate(value);
      return true;
    } catch (SqlException e) {
      return false;
    }
  }

  private static int number(String value) {
    if (!NUMBER.matcher(value).matches()) {
      return FLOAT.matcher(value).matches() ? DOUBLE : 0;
    }
    if (value.indexOf('.') >= 0) {
      return NUMERIC | DOUBLE;
    }
    if (value.length() <= 9) {
      return INTEGER | BIGINT | NUMERIC | DOUBLE;
    }
    try {
      long number = Long.parseLong(value);
      return (number == (int) number ? INTEGER : 0) | BIGINT | NUMERIC | (Math.abs(number) <= 1L << 53 ? DOUBLE : 0);
    } catch (NumberFormatException e) {
      return NUMERIC;
    }
  }

  private int moment(String value) {
    if ((possible & MOMENTS) == 0) {
      return 0;
    }
    if (DATE_FORM.matcher(value).matches()) {
      return valid(PgTypes.DATE, value) ? DATE | TIMESTAMP : 0;
    }
    if (TIMESTAMP_FORM.matcher(value).matches()) {
      return valid(PgTypes.TIMESTAMP, value) ? TIMESTAMP : 0;
    }
    if (TIMESTAMPTZ_FORM.matcher(value).matches()) {
      return valid(PgTypes.TIMESTAMPTZ, value) ? TIMESTAMPTZ : 0;
    }
    return TIME_FORM.matcher(value).matches() && valid(PgTypes.TIME, value) ? TIME : 0;
  }

  private static boolean valid(PgType type, String value) {
    try {
      TypeIo.parse(type, -1, value, IoContext.DEFAULT);
      return true;
    } catch (SqlException e) {
      return false;
    }
  }

  /// Whether anything but text is possible so far, and something was seen.
  boolean isNarrow() {
    return any && possible != 0;
  }

  /// Whether a text would leave something of what is possible.
  boolean accepts(String value) {
    return (possible & fits(value)) != 0;
  }

  String sqlType() {
    if (!any) {
      return "text";
    }
    record Candidate(int bit, String name) {}
    return List.of(
            new Candidate(BOOLEAN, "boolean"), new Candidate(INTEGER, "integer"), new Candidate(BIGINT, "bigint"),
                new Candidate(NUMERIC, "numeric"), new Candidate(DOUBLE, "double precision"),
            new Candidate(DATE, "date"), new Candidate(TIMESTAMP, "timestamp"), new Candidate(TIMESTAMPTZ, "timestamp with time zone"),
                new Candidate(TIME, "time"), new Candidate(UUID, "uuid"),
            new Candidate(JSON, "jsonb"))
        .stream()
        .filter(candidate -> (possible & candidate.bit()) != 0)
        .map(Candidate::name)
        .findFirst()
        .orElse("text");
  }
}
