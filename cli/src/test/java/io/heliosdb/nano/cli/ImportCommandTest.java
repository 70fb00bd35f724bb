package io.heliosdb.nano.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The import commands of `docs/migration.md` work as they are written there, and refuse with their exit codes.
final class ImportCommandTest {
  @TempDir Path directory;

  /// The lines of the page that begin with a command's words, with the page's names replaced by those of this test.
  private List<String> line(String words, String... replacements) throws IOException {
    Path page = Path.of("docs/migration.md");
    String text = Files.readString(Files.exists(page) ? page : Path.of("..").resolve(page));
    String line = text.lines().filter(candidate -> candidate.startsWith("heliosdb-nano " + words)).findFirst().orElseThrow();
    for (int i = 0; i < replacements.length; i += 2) {
      assertTrue(line.contains(replacements[i]), line);
      line = line.replace(replacements[i], replacements[i + 1]);
    }
    List<String> parts = new ArrayList<>(List.of(line.split(" ")));
    parts.removeFirst();
    return parts;
  }

  private void sqlite(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file); Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE Users (id INTEGER PRIMARY KEY, Name TEXT NOT NULL)");
      statement.executeUpdate("INSERT INTO Users (Name) VALUES ('ann'), ('bob')");
    }
  }

  private static int run(List<String> arguments) {
    return Main.execute(arguments.toArray(String[]::new));
  }

  @Test
  void the_commands_of_the_migration_page() throws Exception {
    Path file = directory.resolve("legacy_app.sqlite");
    sqlite(file);
    String data = directory.resolve("data").toString();
    assertEquals(0, run(line("import sqlite", "./legacy_app.sqlite", file.toString(), "./heliosdb-data", data)));
    Path events = Files.writeString(directory.resolve("events.jsonl"), "{\"at\": \"2024-01-01\", \"what\": {\"k\": 1}}\n");
    assertEquals(0, run(line("import jsonl", "./events.jsonl", events.toString(), "./heliosdb-data", data)));
    Path people = Files.writeString(directory.resolve("people.csv"), "name,age\nann,31\nbob,\n");
    assertEquals(0, run(line("import csv", "./people.csv", people.toString(), "./heliosdb-data", directory.resolve("people").toString())));
    try (EmbeddedDatabase database = EmbeddedDatabase.open(Path.of(data))) {
      String url = "postgresql://heliosdb@127.0.0.1:" + database.startServer(0).port() + "/heliosdb";
      Path parquet = directory.resolve("facts.parquet");
      database.execute("COPY users TO '" + parquet + "' WITH (FORMAT parquet)");
      assertEquals(0, run(line("import parquet", "./facts.parquet", parquet.toString(), "postgresql://heliosdb@localhost/heliosdb", url)));
      assertEquals("ann 2024-01-01 1 2", database.queryOne("SELECT concat_ws(' ', (SELECT name FROM users WHERE id = 1), (SELECT at FROM events), (SELECT what->'k' FROM events), (SELECT count(*) FROM facts))", String.class));
      // A directory that is open is reached through its server; a table that is there is not touched.
      assertEquals(Main.FAILED, run(List.of("import", "sqlite", "--sqlite", file.toString(), "--into", url)));
      String copy = directory.resolve("copy").toString();
      assertEquals(0, run(line("import pg", "postgresql://app:secret@db.example/app", url, "./heliosdb-data", copy)));
      try (EmbeddedDatabase second = EmbeddedDatabase.open(Path.of(copy))) {
        assertEquals("bob 2 31", second.queryOne("SELECT concat_ws(' ', (SELECT name FROM users WHERE id = 2), (SELECT count(*) FROM facts), 31)", String.class));
        second.execute("INSERT INTO users (name) VALUES ('carl')");
        assertEquals(3L, second.queryOne("SELECT max(id) FROM users", Long.class));
      }
    }
  }

  @Test
  void refusals_have_exit_codes_and_make_nothing() throws Exception {
    Path file = directory.resolve("source.sqlite");
    sqlite(file);
    String target = directory.resolve("target").toString();
    assertEquals(Main.FAILED, run(List.of("import", "sqlite", "--sqlite", directory.resolve("none").toString(), "--output", target)));
    assertEquals(Main.USAGE, run(List.of("import", "sqlite", "--sqlite", file.toString())));
    assertEquals(Main.USAGE, run(List.of("import", "sqlite", "--sqlite", file.toString(), "--output", target, "--data-dir", target)));
    assertEquals(Main.USAGE, run(List.of("import")));
    assertEquals(Main.UNREACHABLE, run(List.of("import", "pg", "--connection", "postgresql://x@127.0.0.1:1/x", "--output", target)));
    assertEquals(Main.FAILED, run(List.of("import", "csv", directory.resolve("none.csv").toString(), "--output", target)));
    assertFalse(Files.exists(Path.of(target)));
    assertEquals(0, run(List.of("convert", "sqlite", "--sqlite", file.toString(), "--output", target, "--identifiers", "keep")));
    assertEquals(Main.FAILED, run(List.of("import", "sqlite", "--sqlite", file.toString(), "--output", target)));
    try (EmbeddedDatabase database = EmbeddedDatabase.open(Path.of(target))) {
      assertEquals("bob", database.queryOne("SELECT \"Name\" FROM \"Users\" WHERE id = 2", String.class));
    }
  }
}
