package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A plain dump that pg_dump 15 made of a PostgreSQL database (a small pgbench one with foreign keys, and a schema with most kinds of objects)
/// goes in through `psql -f` without an error, and questions about it get PostgreSQL's answers.
/// `pgdump/check.expected` is what `psql -XAtq -f check.sql` printed on PostgreSQL 15 with the same dump loaded.
@Timeout(120)
class PgDumpLoadTest {
  private static Path copy(String name, Path directory) throws IOException {
    try (var in = PgDumpLoadTest.class.getResourceAsStream("/pgdump/" + name)) {
      return Files.write(directory.resolve(name), in.readAllBytes());
    }
  }

  @Test
  void dump_loads_and_answers_like_postgresql(@TempDir Path directory) throws Exception {
    Path psql = PostgresPrograms.require("psql");
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory.resolve("db"));
        var server = db.startServer(0)) {
      String loaded = PostgresPrograms.run(psql, server.port(), "-Xq", "-v", "ON_ERROR_STOP=1", "-d", "heliosdb", "-f", copy("dump.sql", directory).toString());
      assertFalse(loaded.contains("ERROR"), loaded);
      Path check = copy("check.sql", directory);
      String answers = PostgresPrograms.run(psql, server.port(), "-XAtq", "-d", "heliosdb", "-f", check.toString());
      Path expected = copy("check.expected", directory);
      assertEquals(Files.readString(expected, StandardCharsets.UTF_8), answers.replace(check.toString(), "check.sql"));
    }
  }
}
