package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The options of COPY, checked as PostgreSQL 15 checks them (manual page COPY); ON_ERROR and LOG_VERBOSITY as PostgreSQL 17. Immutable.
///
/// @param forceQuote columns always quoted on output, null for `*`
/// @param encoding of the data; PostgreSQL's name stands in `encodingName`
/// @param ignoreErrors leave rows out whose values do not fit their columns
/// @param compression of formats that compress their parts, null for the format's own choice
public record CopyOptions(
    CopyFormat format, byte delimiter, String nullText, Header header, byte quote, byte escape, @Nullable List<String> forceQuote, List<String> forceNotNull,
    List<String> forceNull, boolean freeze, Charset encoding, String encodingName, boolean ignoreErrors, LogVerbosity logVerbosity,
    @Nullable String compression) {
  public enum Header { NONE, WRITE_OR_SKIP, MATCH }

  /// How much ON_ERROR ignore says: nothing, a count at the end, or each row too.
  public enum LogVerbosity { SILENT, DEFAULT, VERBOSE }

  /// The options of a COPY statement.
  ///
  /// @param file name of the server's file, whose extension stands for the format when there is no option FORMAT; null for the client
  /// @param clientEncoding what the data is encoded in when there is no option ENCODING
  public static CopyOptions of(List<Option> options, boolean from, @Nullable String file, String clientEncoding) {
    return new Reader(from, file, clientEncoding).read(options);
  }

  /// The defaults of a format, for programs.
  public static CopyOptions of(String format, boolean from) {
    return of(List.of(Option.of("format", new Option.StringValue(format), 0)), from, null, "UTF8");
  }

  /// The same with a header line, for text and csv.
  public static CopyOptions withHeader(String format, boolean from) {
    return of(
        List.of(Option.of("format", new Option.StringValue(format), 0), Option.of("header", new Option.BooleanValue(true), 0)), from, null, "UTF8");
  }

  /// A reader of this format that takes bytes in the encoding of the options.
  public RowReader reader(RowBuilder rows) {
    RowReader reader = format.reader(this, rows);
    return format.binary() || encoding.equals(StandardCharsets.UTF_8) ? reader : new Transcoder(reader, encoding, encodingName);
  }

  private static final class Reader {
    private final boolean from;
    private CopyFormat format;
    private @Nullable String delimiter;
    private @Nullable String nullText;
    private Header header = Header.NONE;
    private @Nullable String quote;
    private @Nullable String escape;
    private @Nullable List<String> forceQuote = List.of();
    private List<String> forceNotNull = List.of();
    private List<String> forceNull = List.of();
    private boolean freeze;
    private String encodingName;
    private Charset encoding;
    private boolean ignoreErrors;
    private LogVerbosity logVerbosity = LogVerbosity.DEFAULT;
    private @Nullable String compression;
    private final Set<String> seen = new HashSet<>();

    Reader(boolean from, @Nullable String file, String clientEncoding) {
      this.from = from;
      CopyFormat byExtension = file == null ? null : CopyFormats.ofFile(file);
      format = byExtension == null ? DelimitedFormat.TEXT : byExtension;
      encodingName = clientEncoding;
      encoding = Objects.requireNonNullElse(Encodings.find(clientEncoding), StandardCharsets.UTF_8);
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
        case "freeze" -> freeze = bool(option, "a Boolean value");
        case "encoding" -> {
          encodingName = required(option);
          Charset charset = Encodings.find(encodingName);
          if (charset == null) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "argument to option \"encoding\" must be a valid encoding name").at(option.position());
          }
          encoding = charset;
        }
        case "on_error" -> ignoreErrors = ignoreErrors(option);
        case "log_verbosity" -> logVerbosity = logVerbosity(option);
        case "compression" -> compression = required(option).toLowerCase(Locale.ROOT);
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized").at(option.position());
      }
    }

    private static CopyFormat format(Option option) {
      CopyFormat format = CopyFormats.named(required(option));
      if (format == null) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY format \"" + option.text() + "\" not recognized").at(option.position());
      }
      return format;
    }

    private boolean ignoreErrors(Option option) {
      if (!from) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY ON_ERROR cannot be used with COPY TO").at(option.position());
      }
      return switch (option.text() == null ? "stop" : option.text().toLowerCase(Locale.ROOT)) {
        case "stop" -> false;
        case "ignore" -> true;
        default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY ON_ERROR \"" + option.text() + "\" not recognized").at(option.position());
      };
    }

    private static LogVerbosity logVerbosity(Option option) {
      return switch (option.text() == null ? "default" : option.text().toLowerCase(Locale.ROOT)) {
        case "silent" -> LogVerbosity.SILENT;
        case "default" -> LogVerbosity.DEFAULT;
        case "verbose" -> LogVerbosity.VERBOSE;
        default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY LOG_VERBOSITY \"" + option.text() + "\" not recognized").at(option.position());
      };
    }

    private Header header(Option option) {
      if ("match".equalsIgnoreCase(option.text())) {
        if (!from) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot use \"match\" with HEADER in COPY TO");
        }
        return Header.MATCH;
      }
      return bool(option, "a Boolean value or \"match\"") ? Header.WRITE_OR_SKIP : Header.NONE;
    }

    private static String required(Option option) {
      String text = option.text();
      if (text == null) {
        throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a parameter");
      }
      return text;
    }

    private static boolean bool(Option option, String wanted) {
      String text = option.text();
      if (text == null) {
        return true;
      }
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true", "on", "1" -> true;
        case "false", "off", "0" -> false;
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires " + wanted);
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
      boolean csv = format == DelimitedFormat.CSV;
      Set<CopyOption> allowed = format.options();
      String mode = " in " + format.name().toUpperCase(Locale.ROOT) + " mode";
      refuseIf(delimiter != null && !allowed.contains(CopyOption.DELIMITER), "cannot specify DELIMITER" + mode);
      refuseIf(nullText != null && !allowed.contains(CopyOption.NULL), "cannot specify NULL" + mode);
      String d = delimiter != null ? delimiter : csv ? "," : "\t";
      refuseIfUnsupported(d.length() != 1 || d.charAt(0) > 127, "COPY delimiter must be a single one-byte character");
      refuse(d.equals("\r") || d.equals("\n"), "COPY delimiter cannot be newline or carriage return");
      String n = nullText != null ? nullText : csv ? "" : "\\N";
      refuse(n.indexOf('\r') >= 0 || n.indexOf('\n') >= 0, "COPY null representation cannot use newline or carriage return");
      refuse(!csv && "\\.abcdefghijklmnopqrstuvwxyz0123456789".contains(d), "COPY delimiter cannot be \"" + d + "\"");
      refuseIfUnsupported(header != Header.NONE && !allowed.contains(CopyOption.HEADER), "cannot specify HEADER" + mode);
      refuseIfUnsupported(quote != null && !allowed.contains(CopyOption.QUOTE), "COPY quote available only in CSV mode");
      String q = quote != null ? quote : "\"";
      refuseIfUnsupported(csv && (q.length() != 1 || q.charAt(0) > 127), "COPY quote must be a single one-byte character");
      refuse(csv && q.equals(d), "COPY delimiter and quote must be different");
      refuseIfUnsupported(escape != null && !allowed.contains(CopyOption.ESCAPE), "COPY escape available only in CSV mode");
      String e = escape != null ? escape : q;
      refuseIfUnsupported(csv && (e.length() != 1 || e.charAt(0) > 127), "COPY escape must be a single one-byte character");
      boolean quoting = forceQuote == null || !forceQuote.isEmpty();
      refuseIfUnsupported(quoting && !allowed.contains(CopyOption.FORCE_QUOTE), "COPY force quote available only in CSV mode");
      refuseIfUnsupported(quoting && from, "COPY force quote only available using COPY TO");
      refuseIfUnsupported(!forceNotNull.isEmpty() && !allowed.contains(CopyOption.FORCE_NOT_NULL), "COPY force not null available only in CSV mode");
      refuseIfUnsupported(!forceNotNull.isEmpty() && !from, "COPY force not null only available using COPY FROM");
      refuseIfUnsupported(!forceNull.isEmpty() && !allowed.contains(CopyOption.FORCE_NULL), "COPY force null available only in CSV mode");
      refuseIfUnsupported(!forceNull.isEmpty() && !from, "COPY force null only available using COPY FROM");
      refuseIfUnsupported(n.contains(d), "COPY delimiter must not appear in the NULL specification");
      refuseIfUnsupported(csv && n.contains(q), "CSV quote character must not appear in the NULL specification");
      refuseIf(seen.contains("encoding") && !allowed.contains(CopyOption.ENCODING), "cannot specify ENCODING" + mode);
      refuseIf(compression != null && !allowed.contains(CopyOption.COMPRESSION), "cannot specify COMPRESSION" + mode);
      refuseIf(ignoreErrors && format.binary(), "only ON_ERROR STOP is allowed" + mode);
      return new CopyOptions(
          format, (byte) d.charAt(0), n, header, (byte) q.charAt(0), (byte) e.charAt(0), forceQuote, forceNotNull, forceNull, freeze, encoding, encodingName,
          ignoreErrors, logVerbosity, compression);
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
