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

  static boolean resetByResetAll(String key) {
    return !NOT_RESET_BY_ALL.contains(key);
  }

  static String check(SettingDefinition definition, String value) {
    return switch (definition.name()) {
      case "DateStyle" -> dateStyle(value);
      case "TimeZone", "log_timezone" -> zoneName(definition, value);
      case "client_encoding" -> encoding(value);
      case "plpgsql.extra_warnings", "plpgsql.extra_errors" -> extraChecks(definition, value);
      case "default_table_access_method" -> tableAccessMethod(definition, value);
      case "default_transaction_isolation", "transaction_isolation" -> value.equals("read uncommitted") ? value : value;
      default -> value;
    };
  }

  private static SqlException invalid(SettingDefinition definition, String value) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"" + definition.name() + "\": \"" + value + "\"");
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

  private static String dateStyle(String value) {
    String style = null;
    String order = null;
    for (String part : value.split(",")) {
      String p = part.strip().toUpperCase(Locale.ROOT);
      switch (p) {
        case "ISO" -> style = "ISO";
        case "SQL" -> style = "SQL";
        case "GERMAN" -> {
          style = "German";
          order = order == null ? "DMY" : order;
        }
        case "YMD" -> order = "YMD";
        case "DMY", "EURO", "EUROPE", "EUROPEAN" -> order = "DMY";
        case "MDY", "US", "NONEURO", "NONEUROPEAN" -> order = "MDY";
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
