package io.heliosdb.nano.testkit.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real clients, run for real, each as a process of its own against a fresh server. The scripts in `clients/` hold the checks and pass
/// unchanged on PostgreSQL 15. Where a client is not installed its test is skipped with the reason, or fails when `CI` is `true`.
class ClientsTest {
  private static final long RUN_SECONDS_MAX = 180;
  private static final Pattern ANNOUNCED = Pattern.compile("client (\\S+) (\\S+)");
  private static final Path CLIENTS = ClientTable.root().resolve("clients");

  enum Client {
    PSYCOPG2("python", List.of("/usr/bin/python3", "-B", "psycopg2_client.py"), List.of("/usr/bin/python3", "-c", "import psycopg2"), "python3-psycopg2"),
    SQLALCHEMY("python", List.of("/usr/bin/python3", "-B", "-W", "ignore", "sqlalchemy_client.py"), List.of("/usr/bin/python3", "-c", "import sqlalchemy, psycopg2"), "python3-sqlalchemy"),
    DJANGO("python", List.of("/usr/bin/python3", "-B", "django_run.py"), List.of("/usr/bin/python3", "-c", "import django, psycopg2"), "python3-django"),
    NODE_POSTGRES("node", List.of("node", "pg_client.mjs"), List.of("node", "-e", "require('pg')"), "npm ci"),
    KNEX("node", List.of("node", "knex_client.mjs"), List.of("node", "-e", "require('knex')"), "npm ci"),
    TYPEORM("node", List.of("node", "typeorm_client.mjs"), List.of("node", "-e", "require('typeorm')"), "npm ci"),
    DRIZZLE("node", List.of("node", "drizzle_client.mjs"), List.of("node", "-e", "require('drizzle-kit/api')"), "npm ci");

    final String folder;
    final List<String> command;
    final List<String> probe;
    final String source;

    Client(String folder, List<String> command, List<String> probe, String source) {
      this.folder = folder;
      this.command = command;
      this.probe = probe;
      this.source = source;
    }
  }

  private record Outcome(int code, String output) {}

  @ParameterizedTest
  @EnumSource
  void client_works(Client client, @TempDir Path directory) throws IOException, InterruptedException {
    require(client.name(), client.folder, client.probe, client.source, directory);
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
        var server = db.startServer(0)) {
      Outcome outcome = run(client.folder, client.command, server.port(), directory);
      Matcher announced = ANNOUNCED.matcher(outcome.output);
      boolean passed = outcome.code == 0 && outcome.output.strip().endsWith("ok");
      if (announced.find()) {
        ClientTable.record(announced.group(1), announced.group(2), passed ? "passes" : "fails");
      }
      if (!passed) {
        fail(client + " ended with " + outcome.code + ":\n" + outcome.output);
      }
    }
  }

  /// psql prints for one script, with everything that `\d` can describe, what it prints when connected to PostgreSQL 15.
  @Test
  void psql_prints_the_same_as_with_postgresql(@TempDir Path directory) throws IOException, InterruptedException {
    require("psql 15", "psql", List.of("psql", "--version"), "postgresql-client-15", directory);
    String version = run("psql", List.of("psql", "--version"), 0, directory).output.strip().replaceAll("^psql \\(PostgreSQL\\) (\\S+).*", "$1");
    if (!version.startsWith("15.")) {
      missing("psql 15 is wanted, found " + version);
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
        var server = db.startServer(0)) {
      Outcome outcome = run("psql", List.of("psql", "-X", "-f", "client.sql"), server.port(), directory);
      String expected = Files.readString(CLIENTS.resolve("psql/client.expected"));
      ClientTable.record("psql", version, outcome.output.equals(expected) ? "passes" : "fails");
      assertEquals(expected, outcome.output);
    }
  }

  private static void require(String name, String folder, List<String> probe, String source, Path directory) throws IOException, InterruptedException {
    String reason;
    try {
      Outcome outcome = run(folder, probe, 0, directory);
      if (outcome.code == 0) {
        return;
      }
      reason = outcome.output.lines().reduce((first, last) -> last).orElse("");
    } catch (IOException e) {
      reason = e.getMessage();
    }
    missing(name + " is not installed (" + source + "): " + reason);
  }

  private static void missing(String reason) {
    if ("true".equals(System.getenv("CI"))) {
      fail(reason);
    }
    abort(reason);
  }

  private static Outcome run(String folder, List<String> command, int port, Path directory) throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "client", ".out");
    ProcessBuilder builder = new ProcessBuilder(command).directory(CLIENTS.resolve(folder).toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(
        java.util.Map.of("PGHOST", "127.0.0.1", "PGPORT", Integer.toString(port), "PGUSER", "postgres", "PGDATABASE", "heliosdb", "PGPASSWORD", "unused", "TZ", "UTC", "LC_ALL", "C.UTF-8"));
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      return new Outcome(-1, Files.readString(out) + "\nkilled after " + RUN_SECONDS_MAX + " s");
    }
    return new Outcome(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
  }
}
