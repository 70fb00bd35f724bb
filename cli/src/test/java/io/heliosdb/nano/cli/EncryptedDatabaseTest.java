package io.heliosdb.nano.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.crypto.TransientFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Encrypted databases as their users see them: command line, server, embedded.
class EncryptedDatabaseTest {
  @TempDir Path directory;
  private Path data;
  private Path keyFile;

  @BeforeEach
  void makeKey() throws IOException {
    data = directory.resolve("data");
    keyFile = newKeyFile("key");
  }

  private Path newKeyFile(String name) throws IOException {
    Outcome made = Outcome.of("generate-key");
    assertEquals(0, made.code());
    return Files.writeString(directory.resolve(name), made.out());
  }

  private EmbeddedDatabase open(Path file) {
    return EmbeddedDatabase.open(data, DatabaseConfig.DEFAULT.withEncryptionKey(file == null ? null : EncryptionKey.fromFile(file)));
  }

  /// Names, keys, values, index entries, definitions: all with the planted word.
  private static final List<String> PLANT =
      List.of(
          "CREATE TABLE planted_table (id text PRIMARY KEY, planted_column text, n int DEFAULT length('plantedvalue'))",
          "CREATE INDEX planted_index ON planted_table (planted_column)",
          "CREATE VIEW planted_view AS SELECT * FROM planted_table WHERE planted_column <> 'plantedvalue'",
          "INSERT INTO planted_table SELECT 'plantedkey' || i, 'plantedvalue' || i FROM generate_series(1, 2000) i",
          "INSERT INTO planted_table VALUES ('large', repeat('plantedvalue', 20000))",
          "CREATE TABLE planted_copy AS SELECT * FROM planted_table",
          "UPDATE planted_table SET planted_column = 'plantedvalue2' WHERE id = 'plantedkey7'",
          "DELETE FROM planted_table WHERE id = 'plantedkey8'",
          "COMMENT ON TABLE planted_table IS 'plantedvalue'",
          "CREATE ROLE planted_role PASSWORD 'plantedvalue'");

  private void checkNothingPlanted() throws IOException {
    int files = 0;
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        files++;
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(content.contains("planted"), () -> file + " can be read");
      }
    }
    assertTrue(files > 3);
  }

  @Test
  void nothing_can_be_read_without_the_key_while_a_server_works_and_when_it_has_stopped() throws Exception {
    try (ServerProcess server = ServerProcess.start("--data-dir", data.toString(), "--encryption-key-file", keyFile.toString());
        Connection client = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/heliosdb", "heliosdb", "");
        Statement statement = client.createStatement()) {
      for (String sql : PLANT) {
        statement.execute(sql);
      }
      checkNothingPlanted();
      assertEquals(0, Outcome.of("rotate-key", "--data-dir", data.toString()).code());
      checkNothingPlanted();
      assertEquals(2000, count(statement));
      server.terminate();
    }
    checkNothingPlanted();
    Outcome missing = Outcome.of("verify", "--data-dir", data.toString());
    assertEquals(Main.UNREACHABLE, missing.code());
    assertTrue(missing.err().contains("encrypted"), missing.err());
    Outcome sound = Outcome.of("verify", "--data-dir", data.toString(), "--encryption-key-file", keyFile.toString());
    assertEquals(0, sound.code(), sound.out() + sound.err());
    checkNothingPlanted();
  }

  private static long count(Statement statement) throws Exception {
    try (var rows = statement.executeQuery("SELECT count(*) FROM planted_table")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void keys_are_refused_with_a_reason() {
    try (EmbeddedDatabase db = open(keyFile)) {
      db.execute("CREATE TABLE t (a int)");
      assertEquals("on", db.queryOne("SHOW heliosdb.encryption", String.class));
      assertEquals("28000", assertThrows(SqlException.class, () -> open(null)).state().code());
      Outcome withoutKey = Outcome.of("repl", "--data-dir", data.toString(), "--execute", "SELECT 1");
      assertTrue(withoutKey.err().contains("is encrypted and needs its key"), withoutKey.err());
    }
    Outcome wrong = Outcome.of("repl", "--data-dir", data.toString(), "--encryption-key-command", "echo " + "ab".repeat(32), "--execute", "SELECT 1");
    assertEquals(Main.UNREACHABLE, wrong.code());
    assertTrue(wrong.err().contains("the encryption key is not the one of this database"), wrong.err());
    assertTrue(wrong.err().contains("DETAIL:") && wrong.err().contains("HINT:"), wrong.err());
    Path plain = directory.resolve("plain");
    EmbeddedDatabase.open(plain).close();
    Outcome notEncrypted = Outcome.of("repl", "--data-dir", plain.toString(), "--encryption-key-file", keyFile.toString(), "--execute", "SELECT 1");
    assertTrue(notEncrypted.err().contains("is not encrypted"), notEncrypted.err());
    assertEquals(Main.USAGE, Outcome.of("repl", "--memory", "--encryption-key-file", keyFile.toString(), "--execute", "SELECT 1").code());
  }

  @Test
  void the_key_comes_from_flag_environment_or_file_in_this_order() throws Exception {
    EncryptionKey flag = EncryptionKey.generate();
    EncryptionKey environment = EncryptionKey.generate();
    EncryptionKey file = EncryptionKey.fromFile(keyFile);
    Path toml = Files.writeString(directory.resolve("c.toml"), "[storage]\nencryption_key_file = \"" + keyFile + "\"\n");
    assertNull(Configuration.of(ConfigFile.EMPTY, Map.of()).encryptionKey());
    assertEquals(file, Configuration.of(ConfigFile.read(toml), Map.of()).encryptionKey());
    Configuration config = Configuration.of(ConfigFile.read(toml), Map.of("HELIOSDB_KEY", environment.toText()));
    assertEquals(environment, config.encryptionKey());
    config.flag("storage.encryption_key_command", "echo " + flag.toText());
    assertEquals(flag, config.encryptionKey());
    config.flag("storage.encryption_key_file", keyFile);
    assertThrows(ConfigException.class, config::encryptionKey);
    assertFalse(config.databaseConfig().toString().contains(environment.toText()));
  }

  @Test
  void keys_change_while_sessions_work() throws Exception {
    Path newKey = newKeyFile("new-key");
    AtomicBoolean ends = new AtomicBoolean();
    long[] inserted = new long[1];
    try (EmbeddedDatabase db = open(keyFile)) {
      db.execute("CREATE TABLE t (a bigint PRIMARY KEY)");
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (var session = db.createSession()) {
                      while (!ends.get()) {
                        session.execute("INSERT INTO t VALUES ($1)", inserted[0]++);
                      }
                    }
                  });
      for (int i = 0; i < 3; i++) {
        db.execute("SELECT heliosdb_rotate_encryption_key()");
      }
      db.execute("SELECT heliosdb_rotate_encryption_key($1)", newKey.toString());
      ends.set(true);
      writer.join();
      db.execute("CREATE ROLE u LOGIN");
      db.execute("SET ROLE u");
      assertEquals("42501", assertThrows(SqlException.class, () -> db.execute("SELECT heliosdb_rotate_encryption_key()")).state().code());
    }
    assertEquals("28000", assertThrows(SqlException.class, () -> open(keyFile)).state().code());
    try (EmbeddedDatabase db = open(newKey)) {
      assertEquals(inserted[0], db.queryOne("SELECT count(*) FROM t", Long.class));
    }
    assertEquals(0, Outcome.of("rotate-key", "--data-dir", data.toString(), "--encryption-key-file", newKey.toString(), "--new-key-file", keyFile.toString()).code());
    open(keyFile).close();
    try (EmbeddedDatabase plain = EmbeddedDatabase.newInMemory()) {
      assertEquals("55000", assertThrows(SqlException.class, () -> plain.execute("SELECT heliosdb_rotate_encryption_key()")).state().code());
    }
  }

  @Test
  void a_server_dumps_and_restores_for_clients_with_and_without_the_key() throws Exception {
    Path dump = directory.resolve("d.heliodump");
    Path plainDump = directory.resolve("p.heliodump");
    try (EmbeddedDatabase plain = EmbeddedDatabase.newInMemory()) {
      plain.execute("CREATE TABLE other (a text)");
      plain.execute("INSERT INTO other VALUES ('x')");
      new io.heliosdb.nano.persistence.dump.DumpManager(plain).dump(io.heliosdb.nano.persistence.dump.DumpOptions.to(plainDump));
    }
    try (ServerProcess server = ServerProcess.start("--data-dir", data.toString(), "--encryption-key-file", keyFile.toString())) {
      String url = "postgresql://heliosdb@127.0.0.1:" + server.port() + "/heliosdb";
      try (Connection client = DriverManager.getConnection("jdbc:" + url.replace("heliosdb@", ""), "heliosdb", "");
          Statement statement = client.createStatement()) {
        for (String sql : PLANT) {
          statement.execute(sql);
        }
      }
      Outcome without = Outcome.of("dump", "--connection", url, "--output", dump.toString());
      assertEquals(0, without.code(), without.err());
      Outcome appended = Outcome.of("dump", "--connection", url, "--output", dump.toString(), "--append", "--encryption-key-file", keyFile.toString());
      assertTrue(appended.out().startsWith("Appended"), appended.out() + appended.err());
      assertEquals(0, Outcome.of("restore", "--connection", url, "--input", plainDump.toString(), "--mode", "append").code());
      Outcome again = Outcome.of("restore", "--connection", url, "--input", dump.toString(), "--encryption-key-file", keyFile.toString());
      assertEquals(0, again.code(), again.err());
    }
    checkNothingPlanted();
    Path restored = directory.resolve("restored");
    Outcome refused = Outcome.of("restore", "--input", dump.toString(), "--target", restored.toString());
    assertTrue(refused.code() != 0 && refused.err().contains("is encrypted and needs its key"), refused.err());
    String newKey = newKeyFile("other-key").toString();
    Outcome done =
        Outcome.of("restore", "--input", dump.toString(), "--target", restored.toString(), "--dump-key-file", keyFile.toString(), "--encryption-key-file", newKey);
    assertEquals(0, done.code(), done.err());
    checkNothingPlanted();
    String jdbc = "jdbc:heliosdb:file:" + restored;
    assertEquals("28000", assertThrows(java.sql.SQLException.class, () -> DriverManager.getConnection(jdbc)).getSQLState());
    try (Connection client = DriverManager.getConnection(jdbc + "?encryptionKeyFile=" + newKey); Statement statement = client.createStatement()) {
      assertEquals(2000, count(statement));
      assertEquals("28000", assertThrows(java.sql.SQLException.class, () -> DriverManager.getConnection(jdbc)).getSQLState());
    }
  }

  @Test
  void files_on_their_way_in_are_kept_in_memory() throws Exception {
    open(keyFile).close();
    try (TransientFile file = new TransientFile("the test", "heliosdb-test", ".tmp")) {
      file.write("plantedvalue".getBytes(StandardCharsets.UTF_8), 0, 12);
      file.finish();
      assertTrue(file.path().startsWith("/proc/self/fd"), file.path().toString());
      assertEquals("plantedvalue", Files.readString(file.path()));
    }
  }

  /// The file has no name any more when the first block is written, but the process still has it open.
  @Test
  void what_is_spilled_cannot_be_read() throws Exception {
    DatabaseConfig config = DatabaseConfig.DEFAULT.withEncryptionKey(EncryptionKey.fromFile(keyFile)).withSetting("work_mem", "64");
    try (EmbeddedDatabase db = EmbeddedDatabase.open(data, config)) {
      db.execute("CREATE TABLE t AS SELECT i, 'plantedvalue' || i AS v FROM generate_series(1, 60000) i");
      try (var rows = db.stream("SELECT v FROM t ORDER BY md5(v)")) {
        assertTrue(rows.hasNext());
        int spills = 0;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
          for (Path descriptor : descriptors.toList()) {
            if (Files.isSymbolicLink(descriptor) && Files.readSymbolicLink(descriptor).toString().contains("heliosdb-spill")) {
              byte[] content = Files.readAllBytes(descriptor);
              spills += content.length > 0 ? 1 : 0;
              assertFalse(new String(content, StandardCharsets.ISO_8859_1).contains("planted"));
            }
          }
        }
        assertTrue(spills > 0, "the sort spills");
      }
      assertEquals(60000, db.queryOne("SELECT count(*) FROM (SELECT v FROM t ORDER BY md5(v)) x", Long.class));
    }
  }
}
