package io.heliosdb.nano.persistence.migrate.sqlite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a CREATE TABLE text says beyond what SQLite's pragmas tell: CHECK constraints, expressions of generated columns, collations,
/// AUTOINCREMENT, deferred foreign keys. Source: sqlite.org, "CREATE TABLE".
final class TableText {
  /// @param name of the constraint, null when it has none
  record Check(@Nullable String name, List<Token> expression) {}

  final List<Check> checks = new ArrayList<>();

  /// By column name in lower case.
  final Map<String, List<Token>> generated = new HashMap<>();
  final Map<String, String> collations = new HashMap<>();
  boolean autoincrement;

  /// Per foreign key in the order of the text, whether it is checked at the end of the transaction.
  final List<Boolean> deferred = new ArrayList<>();

  private TableText() {}

  static TableText parse(String sql) {
    TableText result = new TableText();
    List<Token> tokens = Token.of(sql);
    int open = 0;
    while (open < tokens.size() && !tokens.get(open).isSymbol("(")) {
      open++;
    }
    int close = Token.closing(tokens, open);
    if (open < tokens.size()) {
      for (List<Token> part : Token.split(tokens.subList(open + 1, Math.max(open + 1, close - 1)))) {
        if (!part.isEmpty()) {
          result.part(part);
        }
      }
    }
    return result;
  }

  private void part(List<Token> part) {
    Token first = part.getFirst();
    boolean constraint = first.isWord("CONSTRAINT") || first.isWord("CHECK") || first.isWord("UNIQUE") || first.isWord("PRIMARY")
        || first.isWord("FOREIGN");
    String column = constraint ? null : first.text().toLowerCase(Locale.ROOT);
    @Nullable String name = null;
    boolean reference = false;
    boolean isDeferred = false;
    for (int i = constraint ? 0 : 1; i < part.size(); i++) {
      Token token = part.get(i);
      if (token.isSymbol("(")) {
        i = Token.closing(part, i) - 1;
      } else if (token.isWord("CONSTRAINT") && i + 1 < part.size()) {
        name = part.get(++i).text();
      } else if (token.isWord("CHECK") && followedByParenthesis(part, i)) {
        checks.add(new Check(name, inner(part, i + 1)));
        name = null;
      } else if (token.isWord("AS") && column != null && followedByParenthesis(part, i)) {
        generated.put(column, inner(part, i + 1));
      } else if (token.isWord("COLLATE") && column != null && i + 1 < part.size()) {
        collations.put(column, part.get(++i).text().toUpperCase(Locale.ROOT));
      } else if (token.isWord("AUTOINCREMENT")) {
        autoincrement = true;
      } else if (token.isWord("REFERENCES")) {
        if (reference) {
          deferred.add(isDeferred);
        }
        reference = true;
        isDeferred = false;
      } else if (token.isWord("INITIALLY") && i + 1 < part.size() && part.get(i + 1).isWord("DEFERRED")) {
        isDeferred = true;
      }
    }
    if (reference) {
      deferred.add(isDeferred);
    }
  }

  private static boolean followedByParenthesis(List<Token> part, int i) {
    return i + 1 < part.size() && part.get(i + 1).isSymbol("(");
  }

  private static List<Token> inner(List<Token> part, int open) {
    return part.subList(open + 1, Math.max(open + 1, Token.closing(part, open) - 1));
  }
}
