package io.heliosdb.nano.testkit.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.testkit.bench.BenchServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pg_dump` 15 writes of our server what it writes of PostgreSQL 15, and either dump restores into either server: a round trip ends
/// with the same dump. Rows of a COPY block are compared as a set, because the order of a table without ORDER BY is nobody's promise.
class DumpRestoreTest {
  private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");

  @Test
  void dumps_are_postgresqls_and_restore_in_both_directions(@TempDir Path directory) throws IOException, InterruptedException {
    if (!Files.isExecutable(BIN.resolve("postgres"))) {
      String reason = "PostgreSQL 15 is not installed (postgresql-15): " + BIN;
      if ("true".equals(System.getenv("CI"))) {
        fail(reason);
      }
      abort(reason);
    }
    Path schema = ClientTable.root().resolve("clients/dump/schema.sql");
    Path ofOurs = directory.resolve("ours.custom");
    Path ofPostgres = directory.resolve("postgres.custom");
    Path plain = directory.resolve("ours.sql");
    String ours;
    try (BenchServer postgres = BenchServer.postgres(BIN, directory.resolve("postgres"), true)) {
      psql(postgres.port(), "postgres", "-c", "CREATE DATABASE source", "-c", "CREATE DATABASE target");
      psql(postgres.port(), "source", "-f", schema.toString());
      try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
          var server = db.startServer(0)) {
        psql(server.port(), "heliosdb", "-f", schema.toString());
        ours = dump(server.port(), "heliosdb");
        assertEquals(dump(postgres.port(), "source"), ours, "dump of PostgreSQL and ours");
        run("pg_dump", server.port(), "-Fc", "-f", ofOurs.toString(), "heliosdb");
        run("pg_dump", server.port(), "-f", plain.toString(), "heliosdb");
      }
      run("pg_dump", postgres.port(), "-Fc", "-f", ofPostgres.toString(), "source");
      run("pg_restore", postgres.port(), "-e", "-d", "target", ofOurs.toString());
      assertEquals(ours, dump(postgres.port(), "target"), "our custom dump restored into PostgreSQL");
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
        var server = db.startServer(0)) {
      psql(server.port(), "heliosdb", "-c", "CREATE ROLE dump_reader", "-c", "CREATE ROLE dump_owner");
      run("pg_restore", server.port(), "-e", "-d", "heliosdb", ofPostgres.toString());
      assertEquals(ours, dump(server.port(), "heliosdb"), "PostgreSQL's custom dump restored here");
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
        var server = db.startServer(0)) {
      psql(server.port(), "heliosdb", "-c", "CREATE ROLE dump_reader", "-c", "CREATE ROLE dump_owner");
      psql(server.port(), "heliosdb", "-f", plain.toString());
      assertEquals(ours, dump(server.port(), "heliosdb"), "our plain dump restored here");
    }
    String version = run("pg_dump", 0, "--version").replaceAll("(?s).*\\) (\\d+\\.\\d+).*", "$1");
    ClientTable.record("pg_dump, pg_restore", version, "passes");
  }

  private static void psql(int port, String database, String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database));
    all.addAll(Arrays.asList(arguments));
    run("psql", port, all.toArray(String[]::new));
  }

  private static String dump(int port, String database) throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    TreeSet<String> rows = null;
    for (String line : run("pg_dump", port, database).lines().toList()) {
      if (line.matches("\\\\(un)?restrict .*") || line.startsWith("-- Dumped from")) {
        continue;
      }
      if (line.startsWith("COPY ")) {
        rows = new TreeSet<>();
      } else if (line.equals("\\.")) {
        rows.forEach(row -> text.append(row).append('\n'));
        rows = null;
      } else if (rows != null) {
        rows.add(line);
        continue;
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private static String run(String program, int port, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(BIN.resolve(program).toString()));
    command.addAll(Arrays.asList(arguments));
    Path errors = Files.createTempFile("client", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(
        java.util.Map.of("PGHOST", "127.0.0.1", "PGPORT", Integer.toString(port), "PGUSER", "postgres", "PGPASSWORD", "unused", "PGTZ", "UTC", "PGCLIENTENCODING", "UTF8"));
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    String error = Files.readString(errors);
    Files.delete(errors);
    if (code != 0) {
      fail(program + " " + String.join(" ", arguments) + " ended with " + code + ":\n" + error);
    }
    return output;
  }
}
