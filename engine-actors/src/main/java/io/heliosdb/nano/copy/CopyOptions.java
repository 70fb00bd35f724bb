package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The options of COPY, checked as PostgreSQL checks them (manual page COPY). Immutable.
///
/// @param forceQuote columns always quoted on output, null for `*`
public record CopyOptions(
    Format format, byte delimiter, String nullText, Header header, byte quote, byte escape, @Nullable List<String> forceQuote, List<String> forceNotNull,
    List<String> forceNull, boolean freeze) {
  public enum Format { TEXT, CSV, BINARY }

  public enum Header { NONE, WRITE_OR_SKIP, MATCH }

  public static CopyOptions of(List<Option> options, boolean from) {
    return new Reader(from).read(options);
  }

  private static final class Reader {
    private final boolean from;
    private Format format = Format.TEXT;
    private @Nullable String delimiter;
    private @Nullable String nullText;
    private Header header = Header.NONE;
    private @Nullable String quote;
    private @Nullable String escape;
    private @Nullable List<String> forceQuote = List.of();
    private List<String> forceNotNull = List.of();
    private List<String> forceNull = List.of();
    private boolean freeze;
    private final Set<String> seen = new HashSet<>();

    Reader(boolean from) {
      this.from = from;
    }

    CopyOptions read(List<Option> options) {
      for (Option option : options) {
        if (!seen.add(option.name())) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting or redundant options").at(option.position());
        }
        take(option);
      }
      return checked();
    }

    private void take(Option option) {
      switch (option.name()) {
        case "format" -> format = format(option);
        case "delimiter" -> delimiter = required(option);
        case "null" -> nullText = required(option);
        case "header" -> header = header(option);
        case "quote" -> quote = required(option);
        case "escape" -> escape = required(option);
        case "force_quote" -> forceQuote = option.value() instanceof Option.StarValue ? null : columns(option);
        case "force_not_null" -> forceNotNull = columns(option);
        case "force_null" -> forceNull = columns(option);
        case "freeze" -> freeze = bool(option);
        case "encoding" -> {
          String encoding = required(option).toUpperCase(Locale.ROOT).replace("-", "");
          if (!encoding.equals("UTF8") && !encoding.equals("UNICODE") && !encoding.equals("SQL_ASCII")) {
            throw SqlException.notSupported("COPY in encoding " + required(option));
          }
        }
        case "oids" -> throw SqlException.notSupported("COPY with OIDS");
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized").at(option.position());
      }
    }

    private static Format format(Option option) {
      return switch (required(option)) {
        case "text" -> Format.TEXT;
        case "csv" -> Format.CSV;
        case "binary" -> Format.BINARY;
        default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY format \"" + option.text() + "\" not recognized").at(option.position());
      };
    }

    private Header header(Option option) {
      if ("match".equalsIgnoreCase(option.text())) {
        if (!from) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "cannot use \"match\" with HEADER in COPY TO");
        }
        return Header.MATCH;
      }
      return bool(option) ? Header.WRITE_OR_SKIP : Header.NONE;
    }

    private static String required(Option option) {
      String text = option.text();
      if (text == null) {
        throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a parameter").at(option.position());
      }
      return text;
    }

    private static boolean bool(Option option) {
      String text = option.text();
      if (text == null) {
        return true;
      }
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true", "on", "1" -> true;
        case "false", "off", "0" -> false;
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a Boolean value").at(option.position());
      };
    }

    private static List<String> columns(Option option) {
      if (option.value() instanceof Option.ListValue list) {
        List<String> names = new ArrayList<>();
        list.values().forEach(value -> names.add(value.text()));
        return names;
      }
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "argument to option \"" + option.name() + "\" must be a list of column names").at(option.position());
    }

    private CopyOptions checked() {
      boolean csv = format == Format.CSV;
      if (format == Format.BINARY) {
        refuseIf(delimiter != null, "cannot specify DELIMITER in BINARY mode");
        refuseIf(nullText != null, "cannot specify NULL in BINARY mode");
        refuseIfUnsupported(header != Header.NONE, "cannot specify HEADER in BINARY mode");
      }
      String d = delimiter != null ? delimiter : csv ? "," : "\t";
      refuseIfUnsupported(d.length() != 1 || d.charAt(0) > 127, "COPY delimiter must be a single one-byte character");
      refuse(d.equals("\r") || d.equals("\n"), "COPY delimiter cannot be newline or carriage return");
      String n = nullText != null ? nullText : csv ? "" : "\\N";
      refuse(n.indexOf('\r') >= 0 || n.indexOf('\n') >= 0, "COPY null representation cannot use newline or carriage return");
      if (!csv) {
        refuse("\\.abcdefghijklmnopqrstuvwxyz0123456789".contains(d), "COPY delimiter cannot be \"" + d + "\"");
        refuseIfUnsupported(quote != null, "COPY quote available only in CSV mode");
        refuseIfUnsupported(escape != null, "COPY escape available only in CSV mode");
        refuseIfUnsupported(forceQuote == null || !forceQuote.isEmpty(), "COPY force quote available only in CSV mode");
        refuseIfUnsupported(!forceNotNull.isEmpty(), "COPY force not null available only in CSV mode");
        refuseIfUnsupported(!forceNull.isEmpty(), "COPY force null available only in CSV mode");
      }
      String q = quote != null ? quote : "\"";
      String e = escape != null ? escape : q;
      refuseIfUnsupported(csv && (q.length() != 1 || q.charAt(0) > 127), "COPY quote must be a single one-byte character");
      refuse(csv && q.equals(d), "COPY delimiter and quote must be different");
      refuseIfUnsupported(csv && (e.length() != 1 || e.charAt(0) > 127), "COPY escape must be a single one-byte character");
      refuseIfUnsupported(from && (forceQuote == null || !forceQuote.isEmpty()), "COPY force quote only available using COPY TO");
      refuseIfUnsupported(!from && !forceNotNull.isEmpty(), "COPY force not null only available using COPY FROM");
      refuseIfUnsupported(!from && !forceNull.isEmpty(), "COPY force null only available using COPY FROM");
      refuseIfUnsupported(n.contains(d), "COPY delimiter must not appear in the NULL specification");
      refuseIfUnsupported(csv && n.contains(q), "CSV quote character must not appear in the NULL specification");
      return new CopyOptions(format, (byte) d.charAt(0), n, header, (byte) q.charAt(0), (byte) e.charAt(0), forceQuote, forceNotNull, forceNull, freeze);
    }

    private static void refuse(boolean condition, String message) {
      if (condition) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
      }
    }

    private static void refuseIf(boolean condition, String message) {
      if (condition) {
        throw new SqlException(SqlState.SYNTAX_ERROR, message);
      }
    }

    private static void refuseIfUnsupported(boolean condition, String message) {
      if (condition) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, message);
      }
    }
  }
}
