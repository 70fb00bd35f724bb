package io.heliosdb.nano.cli.repl;

import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.error.SqlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the Tab key offers for a word: SQL key words, backslash commands, names of relations. In the letter case the word begins with.
final class Completion {
  private static final List<String> WORDS =
      List.of("SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "OFFSET", "INSERT INTO", "VALUES", "UPDATE", "SET", "DELETE FROM",
          "CREATE TABLE", "CREATE INDEX", "CREATE VIEW", "CREATE DATABASE BRANCH", "DROP TABLE", "DROP INDEX", "ALTER TABLE", "BEGIN", "COMMIT", "ROLLBACK",
          "SAVEPOINT", "EXPLAIN", "EXPLAIN ANALYZE", "JOIN", "LEFT JOIN", "INNER JOIN", "ON", "AND", "OR", "NOT", "NULL", "AS", "AS OF TIMESTAMP", "DISTINCT",
          "UNION", "WITH", "RETURNING", "PRIMARY KEY", "REFERENCES", "SHOW", "TRUNCATE", "COPY");

  private static final List<String> COMMANDS =
      List.of("\\?", "\\a", "\\c", "\\conninfo", "\\d", "\\df", "\\di", "\\dm", "\\dn", "\\ds", "\\dS", "\\dt", "\\du", "\\dv", "\\echo", "\\h", "\\i", "\\l", "\\pset", "\\q",
          "\\t", "\\timing", "\\x");

  private Completion() {}

  static List<String> of(EmbeddedSession session, String word) {
    if (word.startsWith("\\")) {
      return COMMANDS.stream().filter(command -> command.startsWith(word)).toList();
    }
    String upper = word.toUpperCase(Locale.ROOT);
    boolean lower = !word.isEmpty() && Character.isLowerCase(word.charAt(0));
    List<String> names = new ArrayList<>();
    for (String key : WORDS) {
      if (key.startsWith(upper)) {
        names.add(lower ? key.toLowerCase(Locale.ROOT) : key);
      }
    }
    if (!word.isEmpty()) {
      addRelations(session, word, names);
    }
    return names;
  }

  private static void addRelations(EmbeddedSession session, String word, List<String> names) {
    String pattern = word.toLowerCase(Locale.ROOT).replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%") + "%";
    try {
      session
          .query("SELECT relname FROM pg_catalog.pg_class WHERE relkind IN ('r', 'v', 'm', 'p', 'S') AND relname LIKE $1 ORDER BY 1 LIMIT 50", pattern)
          .forEach(row -> names.add(row.getString(0)));
    } catch (SqlException e) {
      // A failed transaction answers nothing; the key words are still of use, and an error here would end the line being typed.
    }
  }
}
