package io.heliosdb.nano.persistence.migrate.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A token of SQLite's SQL. Source: sqlite.org, "SQLite Keywords" and the lexical rules of "Expression".
///
/// @param text the content: names and strings without their quotes, words and symbols as they stand, blobs as hex digits
/// @param start and `end`: where it stands in the text
record Token(Kind kind, String text, int start, int end) {
  enum Kind {
    WORD,
    /// `[x]` or `` `x` ``: always a name.
    NAME,
    /// `"x"`: a name, or a string where no such name is known.
    DOUBLE_QUOTED,
    STRING,
    BLOB,
    NUMBER,
    SYMBOL
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.equalsIgnoreCase(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.NAME || kind == Kind.DOUBLE_QUOTED;
  }

  String upper() {
    return text.toUpperCase(Locale.ROOT);
  }

  static List<Token> of(String sql) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
      } else if (sql.startsWith("/*", at)) {
        int end = sql.indexOf("*/", at + 2);
        at = end < 0 ? sql.length() : end + 2;
      } else {
        Token token = next(sql, at, c);
        tokens.add(token);
        at = token.end();
      }
    }
    return tokens;
  }

  private static Token next(String sql, int at, char c) {
    if (c == '\'' || c == '"' || c == '`') {
      return quoted(sql, at, c, c == '\'' ? Kind.STRING : c == '"' ? Kind.DOUBLE_QUOTED : Kind.NAME);
    }
    if (c == '[') {
      int end = sql.indexOf(']', at);
      end = end < 0 ? sql.length() : end + 1;
      return new Token(Kind.NAME, sql.substring(at + 1, Math.max(at + 1, end - 1)), at, end);
    }
    if ((c == 'x' || c == 'X') && at + 1 < sql.length() && sql.charAt(at + 1) == '\'') {
      Token digits = quoted(sql, at + 1, '\'', Kind.BLOB);
      return new Token(Kind.BLOB, digits.text(), at, digits.end());
    }
    int end = at;
    if (Character.isDigit(c) || c == '.' && at + 1 < sql.length() && Character.isDigit(sql.charAt(at + 1))) {
      while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '.' || sql.charAt(end) == '_'
          || isExponentSign(sql, at, end))) {
        end++;
      }
      return new Token(Kind.NUMBER, sql.substring(at, end), at, end);
    }
    if (Character.isLetter(c) || c == '_' || c > 127) {
      while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_' || sql.charAt(end) == '$'
          || sql.charAt(end) > 127)) {
        end++;
      }
      return new Token(Kind.WORD, sql.substring(at, end), at, end);
    }
    for (String symbol : List.of("->>", "||", "==", "!=", "<>", "<=", ">=", "<<", ">>", "->")) {
      if (sql.startsWith(symbol, at)) {
        return new Token(Kind.SYMBOL, symbol, at, at + symbol.length());
      }
    }
    return new Token(Kind.SYMBOL, String.valueOf(c), at, at + 1);
  }

  private static boolean isExponentSign(String sql, int start, int at) {
    char c = sql.charAt(at);
    return (c == '+' || c == '-') && at > start && (sql.charAt(at - 1) == 'e' || sql.charAt(at - 1) == 'E') && !sql.startsWith("0x", start)
        && !sql.startsWith("0X", start);
  }

  private static Token quoted(String sql, int at, char quote, Kind kind) {
    StringBuilder text = new StringBuilder();
    int i = at + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c == quote) {
        if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          i++;
        } else {
          break;
        }
      }
      text.append(c);
      i++;
    }
    return new Token(kind, text.toString(), at, Math.min(sql.length(), i + 1));
  }

  /// The position behind the parenthesis that closes the one at `open`.
  static int closing(List<Token> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (tokens.get(i).isSymbol("(")) {
        depth++;
      } else if (tokens.get(i).isSymbol(")") && --depth == 0) {
        return i + 1;
      }
    }
    return tokens.size();
  }

  /// Cuts a list at its top-level commas.
  static List<List<Token>> split(List<Token> tokens) {
    List<List<Token>> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < tokens.size(); i++) {
      depth += tokens.get(i).isSymbol("(") ? 1 : tokens.get(i).isSymbol(")") ? -1 : 0;
      if (depth == 0 && tokens.get(i).isSymbol(",")) {
        parts.add(tokens.subList(from, i));
        from = i + 1;
      }
    }
    if (from < tokens.size()) {
      parts.add(tokens.subList(from, tokens.size()));
    }
    return parts;
  }
}
