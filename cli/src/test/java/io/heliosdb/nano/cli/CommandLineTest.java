package io.heliosdb.nano.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Exit codes and messages that a script relies on: 0 success, 1 a statement failed, 2 wrong usage, 3 unreachable.
@Timeout(120)
class CommandLineTest {
  @Test
  void version_and_help() {
    Outcome version = Outcome.of("--version");
    assertEquals(0, version.code());
    assertTrue(version.out().matches("heliosdb-nano \\d+\\.\\d+\\.\\d+\\R"), version.out());
    Outcome help = Outcome.of("--help");
    assertEquals(0, help.code());
    for (String word : new String[] {"start", "server", "repl", "status", "--version", "--help"}) {
      assertTrue(help.out().contains(word), word);
    }
    assertEquals("", help.err());
    for (String command : new String[] {"start", "server", "repl", "status"}) {
      Outcome one = Outcome.of(command, "--help");
      assertEquals(0, one.code());
      assertTrue(one.out().startsWith("Usage: heliosdb-nano " + command.replace("server", "start")), one.out());
    }
  }

  @Test
  void wrong_usage_is_two_and_says_where_help_is() {
    String[][] commands = {
      {},
      {"frobnicate"},
      {"--frobnicate"},
      {"start", "--frobnicate"},
      {"repl", "--execute"},
      {"repl", "--format", "fancy"},
      {"repl", "--memory", "--data-dir", "x"},
      {"start", "--port", "many"},
      {"start", "--memory", "--port", "70000"},
      {"start", "--memory", "--port", "-1"},
      {"start", "--memory", "--auth", "handshake"},
      {"start", "--memory", "--tls-cert", "only.crt"},
      {"status", "--format", "xml"},
      {"status", "--connection", "nonsense"},
      {"status", "--port", "99999"},
      {"start", "--memory", "--config", "no-such-file.toml"},
    };
    for (String[] command : commands) {
      Outcome outcome = Outcome.of(command);
      String context = String.join(" ", command) + "\n" + outcome.err();
      assertEquals(2, outcome.code(), context);
      assertTrue(outcome.err().contains("heliosdb-nano: "), context);
      assertFalse(outcome.err().contains("\tat "), context);
      assertEquals("", outcome.out(), context);
    }
    assertTrue(Outcome.of("start", "--frobnicate").err().contains("Unknown option: '--frobnicate'"));
    assertTrue(Outcome.of("start", "--frobnicate").err().contains("Try 'heliosdb-nano start --help'."));
    assertTrue(Outcome.of("repl", "--memory", "--data-dir", "x").err().contains("--memory and --data-dir exclude each other"));
  }

  @Test
  void port_in_use() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Outcome outcome = Outcome.of("start", "--memory", "--port", Integer.toString(taken.getLocalPort()));
      assertEquals(3, outcome.code());
      assertTrue(outcome.err().startsWith("heliosdb-nano: could not listen on 127.0.0.1:" + taken.getLocalPort() + ": Address already in use"), outcome.err());
      assertTrue(outcome.err().contains("HINT:  Is another server already running on port " + taken.getLocalPort()), outcome.err());
    }
    Outcome elsewhere = Outcome.of("start", "--memory", "--port", "0", "--listen", "no-such-host.invalid");
    assertEquals(3, elsewhere.code());
    assertTrue(elsewhere.err().startsWith("heliosdb-nano: could not listen on no-such-host.invalid"), elsewhere.err());
  }

  @Test
  void tls_files_that_cannot_be_used() {
    Outcome outcome = Outcome.of("start", "--memory", "--port", "0", "--tls-cert", "missing.crt", "--tls-key", "missing.key");
    assertEquals(3, outcome.code());
    assertTrue(outcome.err().startsWith("heliosdb-nano: could not load TLS certificate missing.crt and key missing.key"), outcome.err());
  }

  @Test
  void server_from_start_to_sigterm(@TempDir Path directory) throws Exception {
    Path pidFile = directory.resolve("pid");
    try (ServerProcess server = ServerProcess.start("--data-dir", directory.resolve("db").toString(), "--pid-file", pidFile.toString())) {
      String port = Integer.toString(server.port());
      assertEquals(server.pid() + "", Files.readString(pidFile).strip());
      Outcome status = Outcome.of("status", "--port", port);
      assertEquals(0, status.code(), status.err());
      assertTrue(status.out().contains("Running: true"), status.out());
      JsonNode json = new ObjectMapper().readTree(Outcome.of("status", "--port", port, "--format", "json").out());
      assertTrue(json.get("running").asBoolean());
      assertEquals("heliosdb", json.get("database").asText());
      assertTrue(json.get("server_version").asText().startsWith("15"), json.toString());
      assertEquals(0, Outcome.of("status", "--connection", "postgresql://postgres@127.0.0.1:" + port + "/heliosdb").code());
      Outcome stranger = Outcome.of("status", "--connection", "postgresql://nobody@127.0.0.1:" + port + "/heliosdb");
      assertEquals(3, stranger.code());
      assertTrue(stranger.out().contains("role \"nobody\" does not exist"), stranger.out());

      String url = "jdbc:postgresql://127.0.0.1:" + port + "/heliosdb?user=postgres&sslmode=disable";
      try (Connection idle = DriverManager.getConnection(url); Connection busy = DriverManager.getConnection(url); Connection open = DriverManager.getConnection(url)) {
        idle.createStatement().execute("CREATE TABLE t (v int); INSERT INTO t VALUES (1)");
        open.setAutoCommit(false);
        open.createStatement().execute("INSERT INTO t VALUES (2)");
        CompletableFuture<SQLException> running =
            CompletableFuture.supplyAsync(() -> assertThrows(SQLException.class, () -> busy.createStatement().execute("SELECT pg_sleep(60)")));
        try (var watch = idle.prepareStatement("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()")) {
          boolean active = false;
          while (!active) {
            try (var row = watch.executeQuery()) {
              row.next();
              active = row.getInt(1) == 1;
            }
          }
        }
        assertTrue(server.terminate().contains("shutting down"));
        // The driver may meet the end of the stream before it has read the reason.
        String busyState = running.get().getSQLState();
        assertTrue(busyState.equals("57P01") || busyState.equals("08006"), busyState);
        assertEquals("57P01", assertThrows(SQLException.class, () -> idle.createStatement().execute("SELECT 1")).getSQLState());
        assertEquals("57P01", assertThrows(SQLException.class, () -> open.createStatement().execute("SELECT 1")).getSQLState());
      }
      assertEquals(143, server.exitCode(), "ended by SIGTERM, in the shell's counting");
      assertFalse(Files.exists(pidFile));
      Outcome gone = Outcome.of("status", "--port", port, "--format", "json");
      assertEquals(3, gone.code());
      assertFalse(new ObjectMapper().readTree(gone.out()).get("running").asBoolean());
    }
    // What was open at the end is rolled back, the rest is there.
    assertEquals("1\n", Outcome.of("repl", "-t", "-A", "--data-dir", directory.resolve("db").toString(), "-e", "SELECT count(*) FROM t").out());
  }

  @Test
  void execute_runs_all_and_tells_of_a_failure() {
    Outcome good = Outcome.of("repl", "--memory", "--execute", "SELECT 1 AS one; SELECT 'x' AS letter", "--execute", "SELECT 2 AS two");
    assertEquals(0, good.code());
    assertEquals("", good.err());
    assertEquals(
        """
        +-----+
        | one |
        +-----+
        |   1 |
        +-----+
        (1 row)
        +--------+
        | letter |
        +--------+
        | x      |
        +--------+
        (1 row)
        +-----+
        | two |
        +-----+
        |   2 |
        +-----+
        (1 row)
        """,
        good.out());
    Outcome bad = Outcome.of("repl", "--memory", "-t", "-A", "--execute", "SELECT 1;\nSELECT nix\n  FROM pg_class;\nSELECT 2");
    assertEquals(1, bad.code());
    assertEquals("1\n2\n", bad.out());
    assertEquals("ERROR:  column \"nix\" does not exist\nLINE 1: SELECT nix\n               ^\n", bad.err());
    assertEquals(1, Outcome.of("repl", "--memory", "-e", "\\nonsense").code());
    Outcome duplicate = Outcome.of("repl", "--memory", "-e", "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (1)");
    assertEquals(1, duplicate.code());
    assertEquals("ERROR:  duplicate key value violates unique constraint \"t_pkey\"\nDETAIL:  Key (id)=(1) already exists.\n", duplicate.err());
  }

  @Test
  void files_and_pipes(@TempDir Path directory) throws IOException {
    Path inner = Files.writeString(directory.resolve("inner.sql"), "INSERT INTO t\nVALUES (1),\n  (2);\n");
    Path outer = Files.writeString(directory.resolve("outer.sql"), "CREATE TABLE t (v int);\n\\i " + inner + "\n-- a comment; with a semicolon\nSELECT sum(v) FROM t;\n");
    Outcome run = Outcome.of("repl", "--memory", "-t", "-A", "--file", outer.toString());
    assertEquals(0, run.code(), run.err());
    assertEquals("3\n", run.out());
    Outcome missing = Outcome.of("repl", "--memory", "--file", directory.resolve("missing.sql").toString());
    assertEquals(1, missing.code());
    assertEquals(directory.resolve("missing.sql") + ": No such file or directory\n", missing.err());
    Outcome missingInside = Outcome.of("repl", "--memory", "-e", "\\i " + directory.resolve("missing.sql"));
    assertEquals(1, missingInside.code(), "a file that cannot be read is a failure like a statement's");
    Outcome piped =
        Outcome.withInput("CREATE TABLE t (v text);\nINSERT INTO t VALUES ('two\nlines; one value'),\n ($$it's$$);\nSELECT count(*),\n max(length(v))\nFROM t", "repl", "--memory", "-t", "-A");
    assertEquals(0, piped.code(), piped.err());
    assertEquals("2|20\n", piped.out());
    assertEquals(1, Outcome.withInput("SELECT 1/0;\nSELECT 1;\n", "repl", "--memory", "-t").code());
    Outcome quit = Outcome.withInput("SELECT 1;\n\\q\nSELECT 2;\n", "repl", "--memory", "-t", "-A");
    assertEquals("1\n", quit.out());
    Path latin = Files.write(directory.resolve("latin1.sql"), new byte[] {'S', 'E', 'L', 'E', 'C', 'T', ' ', '\'', (byte) 0xe4, '\'', ';'});
    Outcome notUtf8 = Outcome.of("repl", "--memory", "--file", latin.toString());
    assertEquals(1, notUtf8.code());
    assertFalse(notUtf8.err().contains("\tat "), notUtf8.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"heliosdb-data", "custom"})
  void data_directory_given_or_announced(String name, @TempDir Path directory) throws IOException {
    if (name.equals("custom")) {
      Outcome first = Outcome.of("repl", "--data", directory.resolve(name).toString(), "-e", "CREATE TABLE t AS SELECT 7 AS v");
      assertEquals(0, first.code(), first.err());
      assertEquals("7\n", Outcome.of("repl", "-D", directory.resolve(name).toString(), "-tA", "-e", "SELECT v FROM t").out());
    } else {
      Path config = Files.writeString(directory.resolve("config.toml"), "[storage]\ndata_dir = \"" + directory.resolve(name) + "\"\n");
      Outcome first = Outcome.of("repl", "--config", config.toString(), "-e", "CREATE TABLE t AS SELECT 7 AS v");
      assertEquals(0, first.code(), first.err());
    }
    assertTrue(Files.exists(directory.resolve(name).resolve("data.mdb")));
  }
}
