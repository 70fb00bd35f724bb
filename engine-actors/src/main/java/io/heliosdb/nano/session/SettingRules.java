package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.TimeZones;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Set;

/// What single settings need beyond their type: DateStyle's two parts, zone names, encodings; and how they become an [IoContext].
final class SettingRules {
  /// Sent as ParameterStatus at start and on change (PostgreSQL 15 manual, "Asynchronous Operations").
  static final Set<String> REPORTED =
      Set.of("application_name", "client_encoding", "datestyle", "default_transaction_read_only", "in_hot_standby", "integer_datetimes", "intervalstyle",
          "is_superuser", "server_encoding", "server_version", "session_authorization", "standard_conforming_strings", "timezone");

  private static final Set<String> NOT_RESET_BY_ALL =
      Set.of("role", "session_authorization", "transaction_isolation", "transaction_read_only", "transaction_deferrable", "seed", "is_superuser",
          "heliosdb.branch");

  private SettingRules() {}

  static boolean isReported(String key) {
    return REPORTED.contains(key);
  }

  /// Settings that SHOW knows and the lists leave out.
  static boolean isHidden(String name) {
    return Set.of("role", "session_authorization", "is_superuser", "seed").contains(name);
  }

  static boolean resetByResetAll(String key) {
    return !NOT_RESET_BY_ALL.contains(key);
  }

  static String check(SettingDefinition definition, String value) {
    return switch (definition.name()) {
      case "DateStyle" -> dateStyle(value);
      case "TimeZone", "log_timezone" -> zoneName(definition, value);
      case "client_encoding" -> encoding(value);
      case "plpgsql.extra_warnings", "plpgsql.extra_errors" -> extraChecks(definition, value);
      case "array_nulls" -> {
        if (value.equals("off")) {
          throw SqlException.notSupported("array_nulls = off");
        }
        yield value;
      }
      case "application_name", "cluster_name" -> ascii(value);
      case "default_tablespace", "temp_tablespaces" -> tablespace(definition, value);
      case "default_table_access_method" -> tableAccessMethod(definition, value);
      case "default_transaction_isolation", "transaction_isolation" -> value.equals("read uncommitted") ? value : value;
      default -> value;
    };
  }

  private static SqlException invalid(SettingDefinition definition, String value) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"" + definition.name() + "\": \"" + value + "\"");
  }

  /// Bytes that are not printable ASCII become question marks.
  private static String ascii(String value) {
    StringBuilder text = new StringBuilder();
    for (byte b : value.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      text.append(b >= 32 && b < 127 ? (char) b : '?');
    }
    return text.toString();
  }

  private static String tablespace(SettingDefinition definition, String value) {
    if (!value.isEmpty() && !value.equals("pg_default") && !value.equals("\"\"")) {
      if (definition.name().equals("temp_tablespaces")) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "tablespace \"" + value + "\" does not exist");
      }
      throw invalid(definition, value).withDetail("Tablespace \"" + value + "\" does not exist.");
    }
    return value;
  }

  private static String extraChecks(SettingDefinition definition, String value) {
    String[] words = value.strip().isEmpty() ? new String[0] : value.split(",");
    for (String word : words) {
      String key = word.strip().toLowerCase(Locale.ROOT);
      if (key.equals("all") || key.equals("none")) {
        if (words.length > 1) {
          throw invalid(definition, value).withDetail("Key word \"" + key + "\" cannot be combined with other key words.");
        }
      } else if (!Set.of("shadowed_variables", "too_many_rows", "strict_multi_assignment").contains(key)) {
        throw invalid(definition, value).withDetail("Unrecognized key word: \"" + key + "\".");
      }
    }
    return value;
  }

  private static String tableAccessMethod(SettingDefinition definition, String value) {
    if (value.isEmpty()) {
      throw invalid(definition, value).withDetail("default_table_access_method cannot be empty.");
    }
    return value;
  }

  private static String encoding(String value) {
    String plain = value.toUpperCase(Locale.ROOT).replace("-", "").replace("_", "");
    return switch (plain) {
      case "UTF8", "UNICODE" -> "UTF8";
      case "SQLASCII", "LATIN1", "ISO88591", "WIN1252", "LATIN9" -> plain.equals("SQLASCII") ? "SQL_ASCII" : plain.equals("ISO88591") ? "LATIN1" : plain;
      default ->
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"client_encoding\": \"" + value + "\"");
    };
  }

  private static String same(@org.jspecify.annotations.Nullable String before, String now, String value) {
    if (before != null && !before.equals(now)) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"DateStyle\": \"" + value + "\"")
          .withDetail("Conflicting \"datestyle\" specifications.");
    }
    return now;
  }

  private static String dateStyle(String value) {
    String style = null;
    String order = null;
    for (String part : value.split(",")) {
      String p = part.strip().toUpperCase(Locale.ROOT);
      switch (p) {
        case "ISO" -> style = same(style, "ISO", value);
        case "SQL" -> style = same(style, "SQL", value);
        case "GERMAN" -> {
          style = same(style, "German", value);
          order = order == null ? "DMY" : order;
        }
        case "YMD" -> order = same(order, "YMD", value);
        case "DMY", "EURO", "EUROPE", "EUROPEAN" -> order = same(order, "DMY", value);
        case "MDY", "US", "NONEURO", "NONEUROPEAN" -> order = same(order, "MDY", value);
        case "DEFAULT" -> {
          style = style == null ? "ISO" : style;
          order = order == null ? "MDY" : order;
        }
        default -> {
          if (p.startsWith("POSTGRES")) {
            style = "Postgres";
          } else {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"DateStyle\": \"" + value + "\"")
                .withDetail("Unrecognized key word: \"" + part.strip().toLowerCase(Locale.ROOT) + "\".");
          }
        }
      }
    }
    return (style == null ? "" : style) + ", " + (order == null ? "" : order);
  }

  /// DateStyle parts that were left out keep their present value.
  static String mergeDateStyle(String present, String change) {
    String[] now = present.split(", ");
    String[] next = change.split(", ", -1);
    return (next[0].isEmpty() ? now[0] : next[0]) + ", " + (next[1].isEmpty() ? now[1] : next[1]);
  }

  private static String zoneName(SettingDefinition definition, String value) {
    String name = isNumber(value) ? ZoneNames.ofHoursEast(value) : TimeZones.canonicalName(value);
    if (zone(name) == null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"" + definition.name() + "\": \"" + value + "\"");
    }
    return name;
  }

  private static boolean isNumber(String value) {
    return !value.isEmpty() && "+-.0123456789".indexOf(value.charAt(0)) >= 0 && value.matches("[+-]?[0-9]*\\.?[0-9]+");
  }

  static @org.jspecify.annotations.Nullable ZoneId zone(String name) {
    return TimeZones.find(name);
  }

  static IoContext.Builder apply(Settings settings, IoContext.Builder builder) {
    String[] dateStyle = settings.get("datestyle").split(", ");
    IoContext.DateStyle style =
        switch (dateStyle[0]) {
          case "SQL" -> IoContext.DateStyle.SQL;
          case "German" -> IoContext.DateStyle.GERMAN;
          case "Postgres" -> IoContext.DateStyle.POSTGRES;
          default -> IoContext.DateStyle.ISO;
        };
    String zoneName = settings.get("timezone");
    return builder
        .dateStyle(style, IoContext.DateOrder.valueOf(dateStyle[1]))
        .intervalStyle(IoContext.IntervalStyle.valueOf(settings.get("intervalstyle").toUpperCase(Locale.ROOT)))
        .zone(zone(zoneName), zoneName)
        .extraFloatDigits(settings.integer("extra_float_digits"))
        .byteaOutput(settings.get("bytea_output").equals("escape") ? IoContext.ByteaOutput.ESCAPE : IoContext.ByteaOutput.HEX)
        .xmlDocument(settings.get("xmloption").equals("document"))
        .xmlBinary(settings.get("xmlbinary").equals("hex") ? IoContext.XmlBinary.HEX : IoContext.XmlBinary.BASE64);
  }
}
