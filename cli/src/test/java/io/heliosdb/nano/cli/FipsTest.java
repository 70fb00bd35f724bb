package io.heliosdb.nano.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.wire.PasswordVerifiers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--fips`, in a process of its own: it is for the whole process and for good.
class FipsTest {
  @TempDir Path directory;

  private static Connection connect(ServerProcess server, String user, String password) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/heliosdb", user, password);
  }

  @Test
  void only_approved_algorithms_are_used() throws Exception {
    Path data = directory.resolve("data");
    String argon2id = PasswordVerifiers.makeArgon2id("secret");
    try (EmbeddedDatabase before = EmbeddedDatabase.open(data)) {
      before.execute("CREATE ROLE owner SUPERUSER LOGIN PASSWORD 'secret'");
      before.execute("CREATE ROLE old LOGIN PASSWORD '" + argon2id + "'");
    }
    try (ServerProcess server = ServerProcess.start("--data-dir", data.toString(), "--fips", "--auth", "password")) {
      try (Connection client = connect(server, "owner", "secret"); Statement statement = client.createStatement()) {
        assertEquals("0A000", assertThrows(SQLException.class, () -> statement.execute("SELECT md5('a' || current_user)")).getSQLState());
        SQLException refused = assertThrows(SQLException.class, () -> statement.execute("CREATE ROLE fresh PASSWORD '" + argon2id + "'"));
        assertEquals("0A000", refused.getSQLState());
        assertTrue(refused.getMessage().contains("argon2id is not an approved algorithm"), refused.getMessage());
        assertEquals("28P01", assertThrows(SQLException.class, () -> connect(server, "old", "secret")).getSQLState());
        statement.execute("CREATE TABLE t AS SELECT generate_series(1, 100) i");
        statement.execute("INSERT INTO t VALUES (101)");
      }
      ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
    }
    assertEquals(3, Files.readAllBytes(data.resolve("checkpoint"))[7], "the checkpoint has a SHA-256");
    // Who does not ask for approved algorithms reads the log all the same.
    Outcome outcome = Outcome.of("repl", "--data-dir", data.toString(), "-t", "-A", "--execute", "SELECT count(*) FROM t");
    assertTrue(outcome.out().contains("101"), outcome.out() + outcome.err());
  }
}
