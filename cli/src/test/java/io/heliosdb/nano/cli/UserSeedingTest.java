package io.heliosdb.nano.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.wire.PasswordVerifiers;
import io.heliosdb.nano.wire.PgServer;
import io.heliosdb.nano.wire.ServerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Users of the configuration file: what their roles let them do, how their passwords are kept, that they and others outlive the process.
@Timeout(120)
class UserSeedingTest {
  @TempDir Path directory;

  private static SQLException refusal(Connection client, String sql) {
    return assertThrows(SQLException.class, () -> client.createStatement().execute(sql));
  }

  private static Connection login(PgServer server, String user, String password) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/heliosdb", user, password);
  }

  private Configuration configuration() throws IOException {
    String text =
        "[auth]\nmethod = \"password\"\n"
            + "[[auth.users]]\nusername = \"reader\"\npassword_hash = \"" + PasswordVerifiers.makeArgon2id("r-word") + "\"\nroles = [\"read\"]\n"
            + "[[auth.users]]\nusername = \"writer\"\npassword_hash = \"" + PasswordVerifiers.makeScram("w-word") + "\"\nroles = [\"read\", \"write\"]\n"
            + "[[auth.users]]\nusername = \"chief\"\npassword = \"c-word\"\nroles = [\"admin\"]\n";
    return Configuration.of(ConfigFile.read(Files.writeString(directory.resolve("config.toml"), text)), Map.of());
  }

  @Test
  void roles_are_enforced_and_users_persist() throws Exception {
    Configuration config = configuration();
    Path data = directory.resolve("data");
    StringWriter warnings = new StringWriter();
    try (EmbeddedDatabase db = EmbeddedDatabase.open(data, config.databaseConfig())) {
      UserSeeding.seed(db, config, new PrintWriter(warnings, true));
      db.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE ROLE dave LOGIN PASSWORD 'd-word'");
      assertTrue(db.queryOne("SELECT rolpassword FROM pg_authid WHERE rolname = 'chief'", String.class).startsWith("SCRAM-SHA-256$"));
    }
    assertTrue(warnings.toString().contains("config.toml:11: user \"chief\" has a plain-text password"), warnings.toString());
    assertFalse(warnings.toString().contains("c-word"));

    try (EmbeddedDatabase db = EmbeddedDatabase.open(data, config.databaseConfig());
        PgServer server = PgServer.start(db.engine(), new ServerOptions("127.0.0.1", 0, ServerOptions.Authentication.PASSWORD, 10, null))) {
      StringWriter again = new StringWriter();
      UserSeeding.seed(db, config, new PrintWriter(again, true));
      assertTrue(again.toString().contains("plain-text"), "warned about at every start");
      try (Connection reader = login(server, "reader", "r-word")) {
        reader.createStatement().executeQuery("SELECT * FROM t").close();
        assertEquals("42501", refusal(reader, "INSERT INTO t VALUES (2)").getSQLState());
        assertEquals("42501", refusal(reader, "CREATE TABLE mine (a int)").getSQLState());
      }
      try (Connection writer = login(server, "writer", "w-word")) {
        writer.createStatement().execute("INSERT INTO t VALUES (2)");
        writer.createStatement().execute("UPDATE t SET a = a + 1");
        assertEquals("42501", refusal(writer, "DROP TABLE t").getSQLState());
      }
      try (Connection chief = login(server, "chief", "c-word")) {
        chief.createStatement().execute("CREATE TABLE theirs (a int); DROP TABLE theirs");
      }
      login(server, "dave", "d-word").close();
      assertEquals("28P01", assertThrows(SQLException.class, () -> login(server, "dave", "r-word")).getSQLState());
    }
  }

  @Test
  void limits_of_the_configuration_apply_to_clients() throws Exception {
    Configuration config = Configuration.of(ConfigFile.EMPTY, Map.of("HELIOSDB_RESOURCE_QUOTAS_CONNECTION_LIMIT_PER_USER", "2"));
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory(config.databaseConfig());
        PgServer server = PgServer.start(db.engine(), ServerOptions.localTrust(0))) {
      try (Connection a = login(server, "postgres", "");
          Connection b = login(server, "postgres", "")) {
        SQLException error = assertThrows(SQLException.class, () -> login(server, "postgres", ""));
        assertEquals("53300", error.getSQLState());
        assertTrue(error.getMessage().contains("connection limit exceeded for user 'postgres'"), error.getMessage());
        b.createStatement().execute("SELECT 1");
        a.createStatement().execute("SELECT 1");
      }
    }
    assertThrows(SqlException.class, () -> EmbeddedDatabase.newInMemory(io.heliosdb.nano.DatabaseConfig.DEFAULT.withSetting("max_connections", "many")));
  }
}
