package io.heliosdb.nano.cli.repl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.TerminalBuilder;

/// Line editing, history (`~/.heliosdb_history`) and completion of key words and relation names.
final class Terminal implements AutoCloseable {
  sealed interface Input {}

  record Line(String text) implements Input {}

  /// Ctrl-C: what was typed is dropped.
  record Interrupted() implements Input {}

  /// Ctrl-D.
  record End() implements Input {}

  private static final List<String> WORDS =
      List.of("SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "OFFSET", "INSERT INTO", "VALUES", "UPDATE", "SET", "DELETE FROM",
          "CREATE TABLE", "CREATE INDEX", "CREATE VIEW", "CREATE DATABASE BRANCH", "DROP TABLE", "DROP INDEX", "ALTER TABLE", "BEGIN", "COMMIT", "ROLLBACK",
          "SAVEPOINT", "EXPLAIN", "EXPLAIN ANALYZE", "JOIN", "LEFT JOIN", "INNER JOIN", "ON", "AND", "OR", "NOT", "NULL", "AS", "AS OF TIMESTAMP", "DISTINCT",
          "UNION", "WITH", "RETURNING", "PRIMARY KEY", "REFERENCES", "SHOW", "TRUNCATE", "COPY");

  private final org.jline.terminal.Terminal terminal;
  private final LineReader reader;

  Terminal(Repl repl) {
    try {
      terminal = TerminalBuilder.builder().system(true).dumb(true).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("heliosdb-nano")
            .variable(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".heliosdb_history"))
            .variable(LineReader.HISTORY_SIZE, 10_000)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .completer((line, parsed, candidates) -> complete(repl, parsed.word(), candidates))
            .build();
  }

  private static void complete(Repl repl, String word, List<Candidate> candidates) {
    String upper = word.toUpperCase(Locale.ROOT);
    boolean lower = !word.isEmpty() && Character.isLowerCase(word.charAt(0));
    List<String> names = new ArrayList<>();
    for (String key : WORDS) {
      if (key.startsWith(upper)) {
        names.add(lower ? key.toLowerCase(Locale.ROOT) : key);
      }
    }
    if (!word.isEmpty()) {
      repl.session()
          .query("SELECT relname FROM pg_class WHERE relkind IN ('r','v','m','p') AND relname LIKE $1 ORDER BY 1 LIMIT 50", word.toLowerCase(Locale.ROOT).replace("_", "\\_") + "%")
          .forEach(row -> names.add(row.getString(0)));
    }
    names.forEach(name -> candidates.add(new Candidate(name)));
  }

  Input read(String prompt) {
    try {
      return new Line(reader.readLine(prompt));
    } catch (UserInterruptException e) {
      return new Interrupted();
    } catch (EndOfFileException e) {
      return new End();
    }
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
