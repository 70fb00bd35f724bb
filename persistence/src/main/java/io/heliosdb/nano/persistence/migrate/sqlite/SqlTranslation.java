package io.heliosdb.nano.persistence.migrate.sqlite;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// SQLite expressions and queries in PostgreSQL's dialect, token by token: names, literals, operators and functions that mean something
/// else here
/// are replaced. What has no equivalent is refused ([Untranslatable]); what is merely unknown stays as it is, and the engine's analyzer
/// decides.
/// Source: sqlite.org, "SQL Language Expressions", "Date And Time Functions".
final class SqlTranslation {
  static final class Untranslatable extends Exception {
    private static final long serialVersionUID = 1;

    Untranslatable(String what) {
      super(what);
    }
  }

  private static final Map<String, String> RENAMED = Map.of("ifnull", "coalesce", "instr", "strpos", "char", "chr", "unicode", "ascii");
  private static final Map<String, String> DATE_FORMATS =
      Map.ofEntries(Map.entry("%Y", "YYYY"), Map.entry("%m", "MM"), Map.entry("%d", "DD"), Map.entry("%H", "HH24"), Map.entry("%M", "MI"),
          Map.entry("%S", "SS"), Map.entry("%j", "DDD"),
          Map.entry("%f", "SS.MS"));
  private static final Set<String> REFUSED = Set.of("glob", "regexp", "match", "random", "randomblob", "typeof", "julianday", "printf",
      "likelihood", "total_changes", "changes", "last_insert_rowid");
  private static final Set<String> COMPARISONS = Set.of("=", "==", "!=", "<>");

  private final Names names;

  /// Names of the database by their lower case.
  private final Map<String, String> known;

  /// Columns that became boolean, in lower case.
  private final Set<String> booleans;

  SqlTranslation(Names names, Map<String, String> known, Set<String> booleans) {
    this.names = names;
    this.known = known;
    this.booleans = booleans;
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  String translate(String sql) throws Untranslatable {
    return translate(Token.of(sql));
  }

  String translate(List<Token> tokens) throws Untranslatable {
    List<String> out = new ArrayList<>();
    // Whether numbers stand against a boolean column: `active = 1`, `active IN (0, 1)`.
    boolean againstBoolean = false;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      Token previous = i == 0 ? null : tokens.get(i - 1);
      Token next = i + 1 < tokens.size() ? tokens.get(i + 1) : null;
      switch (token.kind()) {
        case NUMBER -> {
          if (againstBoolean && (token.text().equals("0") || token.text().equals("1"))) {
            out.add(token.text().equals("1") ? "true" : "false");
          } else {
            out.add(number(token.text()));
          }
        }
        case STRING -> out.add(previous != null && previous.isWord("AS") ? names.quoted(token.text()) : literal(token.text()));
        case BLOB -> out.add("'\\x" + HexFormat.of().formatHex(HexFormat.of().parseHex(token.text())) + "'::bytea");
        case SYMBOL -> {
          out.add(token.text().equals("==") ? "=" : token.text());
          againstBoolean &= COMPARISONS.contains(token.text()) || token.isSymbol("(") && previous.isWord("IN") || token.isSymbol(",");
        }
        case NAME -> {
          out.add(names.quoted(actual(token.text())));
          againstBoolean = isBoolean(token);
        }
        case DOUBLE_QUOTED -> {
          boolean name = isKnown(token.text()) || previous != null && (previous.isWord("AS") || previous.isSymbol(".")) || next != null
              && next.isSymbol(".");
          out.add(name ? names.quoted(actual(token.text())) : literal(token.text()));
          againstBoolean = name && isBoolean(token);
        }
        case WORD -> {
          if (next != null && next.isSymbol("(") && !isWordBeforeParenthesis(token) && (previous == null || !previous.isSymbol("."))) {
            int close = Token.closing(tokens, i + 1);
            out.add(function(token.text().toLowerCase(Locale.ROOT), tokens.subList(i + 2, Math.max(i + 2, close - 1))));
            i = close - 1;
            againstBoolean = false;
          } else if (token.isWord("COLLATE")) {
            String collation = next == null ? "" : next.upper();
            if (!collation.equals("BINARY")) {
              throw new Untranslatable("COLLATE " + collation);
            }
            i++;
          } else if (token.isWord("IS") && next != null) {
            i += is(tokens, i, out);
            againstBoolean &= !out.getLast().equals("IS");
          } else {
            againstBoolean = word(token, previous, out) || againstBoolean && (token.isWord("IN") || token.isWord("NOT"));
          }
        }
      }
    }
    return String.join(" ", out).replace("( ", "(").replace(" )", ")").replace(" ,", ",").replace(" . ", ".");
  }

  private static boolean isWordBeforeParenthesis(Token token) {
    return switch (token.upper()) {
      case "IN", "AND", "OR", "NOT", "AS", "ON", "WHEN", "THEN", "ELSE", "WHERE", "FROM", "SELECT", "BETWEEN", "LIKE", "IS", "EXISTS",
          "VALUES", "HAVING", "BY", "JOIN", "UNION", "ALL", "USING", "OVER",
          "EXCEPT", "INTERSECT", "CASE", "DISTINCT", "FILTER", "LIMIT", "OFFSET", "MATERIALIZED", "PARTITION" -> true;
      default -> false;
    };
  }

  /// @return whether the word is a boolean column
  private boolean word(Token token, @Nullable Token previous, List<String> out) throws Untranslatable {
    boolean qualified = previous != null && previous.isSymbol(".");
    switch (qualified ? "" : token.upper()) {
      case "GLOB", "REGEXP", "MATCH", "INDEXED", "RAISE" -> throw new Untranslatable(token.upper());
      case "LIKE" -> out.add("ILIKE");
      case "CURRENT_TIMESTAMP" -> out.add("(now() AT TIME ZONE 'UTC')");
      case "CURRENT_DATE" -> out.add("(now() AT TIME ZONE 'UTC')::date");
      case "CURRENT_TIME" -> out.add("(now() AT TIME ZONE 'UTC')::time");
      case "ROWID", "OID", "_ROWID_" -> {
        if (!isKnown(token.text())) {
          throw new Untranslatable(token.text());
        }
        out.add(names.quoted(actual(token.text())));
      }
      case "DESC", "ASC", "NULL", "TRUE", "FALSE", "AND", "OR", "NOT", "IN", "CASE", "END", "SELECT", "FROM", "WHERE" ->
          out.add(token.text());
      default -> {
        out.add(isKnown(token.text()) ? names.quoted(actual(token.text())) : qualified ? names.quoted(token.text()) : names.keepCase()
            ? token.text() : names.of(token.text()));
        return isBoolean(token);
      }
    }
    return false;
  }

  /// `IS` between values is IS NOT DISTINCT FROM.
  ///
  /// @return how many further tokens were used
  private static int is(List<Token> tokens, int i, List<String> out) {
    boolean negated = tokens.get(i + 1).isWord("NOT");
    int operand = i + (negated ? 2 : 1);
    Token value = operand < tokens.size() ? tokens.get(operand) : null;
    if (value == null || value.isWord("NULL") || value.isWord("TRUE") || value.isWord("FALSE") || value.isWord("DISTINCT")) {
      out.add(negated ? "IS NOT" : "IS");
    } else {
      out.add(negated ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM");
    }
    return negated ? 1 : 0;
  }

  private boolean isKnown(String name) {
    return known.containsKey(name.toLowerCase(Locale.ROOT));
  }

  private String actual(String name) {
    return known.getOrDefault(name.toLowerCase(Locale.ROOT), name);
  }

  private boolean isBoolean(Token token) {
    return booleans.contains(token.text().toLowerCase(Locale.ROOT));
  }

  private static String number(String text) {
    return text.startsWith("0x") || text.startsWith("0X") ? Long.toString(Long.parseUnsignedLong(text.substring(2), 16))
        : text.replace("_", "");
  }

  private String function(String name, List<Token> inner) throws Untranslatable {
    if (REFUSED.contains(name)) {
      throw new Untranslatable("function " + name + "()");
    }
    if (name.equals("cast")) {
      return "CAST(" + translate(inner).replaceAll("(?i) AS REAL$", " AS double precision").replaceAll("(?i) AS INTEGER$",
          " AS bigint").replaceAll("(?i) AS BLOB$", " AS bytea") + ")";
    }
    List<String> arguments = new ArrayList<>();
    for (List<Token> argument : Token.split(inner)) {
      arguments.add(translate(argument));
    }
    return switch (name) {
      case "iif", "if" -> "CASE WHEN " + arguments.get(0) + " THEN " + arguments.get(1)
          + (arguments.size() > 2 ? " ELSE " + arguments.get(2) : "") + " END";
      case "min", "max" -> (arguments.size() > 1 ? name.equals("min") ? "least" : "greatest" : name) + "(" + String.join(", ", arguments)
          + ")";
      case "group_concat" -> "string_agg(CAST(" + arguments.get(0) + " AS text), " + (arguments.size() > 1 ? arguments.get(1) : "','")
          + ")";
      case "total" -> "CAST(coalesce(sum(" + arguments.get(0) + "), 0) AS double precision)";
      case "hex" -> "upper(encode(CAST(" + arguments.get(0) + " AS bytea), 'hex'))";
      case "date", "time", "datetime", "strftime", "unixepoch" -> date(name, inner, arguments);
      default -> (RENAMED.getOrDefault(name, name.matches("[a-z_][a-z0-9_]*") ? name : names.quoted(name))) + "("
          + String.join(", ", arguments) + ")";
    };
  }

  private static String date(String name, List<Token> inner, List<String> arguments) throws Untranslatable {
    List<List<Token>> parts = Token.split(inner);
    int value = name.equals("strftime") ? 1 : 0;
    if (parts.size() > value + 1) {
      boolean local = parts.size() == value + 2 && parts.get(value + 1).getFirst().text().equals("localtime");
      if (!local) {
        throw new Untranslatable("modifiers of " + name + "()");
      }
    }
    boolean now = parts.size() <= value || parts.get(value).size() == 1 && parts.get(value).getFirst().text().equalsIgnoreCase("now");
    String moment = now ? parts.size() > value + 1 ? "localtimestamp" : "(now() AT TIME ZONE 'UTC')" : "CAST(" + arguments.get(value)
        + " AS timestamp)";
    return switch (name) {
      case "date" -> "CAST(" + moment + " AS date)";
      case "time" -> "CAST(" + moment + " AS time(0))";
      case "datetime" -> "CAST(" + moment + " AS timestamp(0))";
      case "unixepoch" -> "CAST(extract(epoch FROM " + moment + ") AS bigint)";
      default -> "to_char(" + moment + ", " + literal(format(parts.getFirst().getFirst().text())) + ")";
    };
  }

  private static String format(String format) throws Untranslatable {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      if (format.charAt(i) == '%' && i + 1 < format.length()) {
        String code = DATE_FORMATS.get(format.substring(i, i + 2));
        if (code == null) {
          throw new Untranslatable("strftime format " + format);
        }
        out.append(code);
        i++;
      } else {
        char c = format.charAt(i);
        out.append(Character.isLetter(c) ? "\"" + c + "\"" : String.valueOf(c));
      }
    }
    return out.toString();
  }
}
