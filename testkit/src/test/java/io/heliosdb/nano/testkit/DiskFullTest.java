package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// A disk that fills up under a server: the commit that finds no room fails with 53100 and leaves nothing behind, everything acknowledged
/// before is there and can be read, and with room again, or after a kill, work goes on. Needs to mount a small file system; skipped for whom
/// that is not allowed.
@Timeout(180)
class DiskFullTest {
  private static final int FILLER_BYTES = 12 << 20;
  private static final int VALUE_CHARS = 100_000;

  @TempDir Path parent;
  private Path disk;

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
  }

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(parent.resolve("disk"));
    boolean mounted = Files.isExecutable(Path.of("/bin/mount")) && run("/bin/mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk.toString()) == 0;
    if (!mounted) {
      disk = null;
    }
    assumeTrue(mounted, "no small file system can be mounted here");
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      assertEquals(0, run("/bin/umount", "-l", disk.toString()));
    }
  }

  @Test
  void full_disk_fails_the_commit_and_nothing_else() throws Exception {
    Path filler = disk.resolve("filler");
    int acknowledged = 0;
    try (ServerProcess server = ServerProcess.start(disk.resolve("db"), Map.of())) {
      Files.write(filler, new byte[FILLER_BYTES]);
      try (Connection c = server.connect(); Statement s = c.createStatement()) {
        s.execute("CREATE TABLE load (id int PRIMARY KEY, v text)");
        SQLException full = null;
        try (PreparedStatement insert = c.prepareStatement("INSERT INTO load VALUES (?, ?)")) {
          while (full == null) {
            assertTrue(acknowledged < 5000, "the disk does not fill up");
            insert.setInt(1, acknowledged);
            insert.setString(2, Integer.toString(acknowledged % 10).repeat(VALUE_CHARS));
            try {
              insert.executeUpdate();
              acknowledged++;
            } catch (SQLException e) {
              full = e;
            }
          }
        }
        assertNotNull(full.getSQLState());
        assertEquals("53100", full.getSQLState(), full.getMessage());
        // Reading goes on, in the same session; a small commit fails in the same way or finds some room.
        assertEquals(acknowledged, count(s));
        assertEquals(0, longest(s, "WHERE length(v) <> " + VALUE_CHARS));
        Files.delete(filler);
        assertEquals(1, s.executeUpdate("INSERT INTO load SELECT " + acknowledged + ", repeat('x', " + VALUE_CHARS + ")"));
        acknowledged++;
        assertEquals(acknowledged, count(s));
      }
    }
    // The server was killed.
    try (ServerProcess server = ServerProcess.start(disk.resolve("db"), Map.of()); Connection c = server.connect(); Statement s = c.createStatement()) {
      assertEquals(acknowledged, count(s));
      assertEquals(acknowledged - 1, longest(s, ""));
      assertEquals(1, s.executeUpdate("DELETE FROM load WHERE id = 0"));
    }
  }

  /// Leaves no room at all.
  private static void fill(Path filler) throws IOException {
    try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (int bytes = 1 << 20; bytes > 0; bytes /= 4) {
        try {
          while (true) {
            channel.write(ByteBuffer.allocate(bytes));
          }
        } catch (IOException full) {
          // Smaller pieces may still fit.
        }
      }
    }
  }

  private static @Nullable String state(Statement s, String sql) {
    try {
      s.execute(sql);
      return null;
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }

  @Test
  void full_disk_at_a_checkpoint_or_a_load_is_an_error_of_the_statement() throws Exception {
    Path filler = disk.resolve("filler");
    try (ServerProcess server = ServerProcess.start(disk.resolve("db"), Map.of()); Connection c = server.connect(); Statement s = c.createStatement()) {
      s.execute("CREATE TABLE load (id int PRIMARY KEY, v text)");
      s.execute("INSERT INTO load SELECT i, 'before' FROM generate_series(1, 100) i");
      fill(filler);
      assertEquals("53100", state(s, "CHECKPOINT"));
      assertEquals(100, count(s));
      Files.delete(filler);
      assertNull(state(s, "CHECKPOINT"));
      // Room for what a checkpoint itself writes is kept; when that is used up too, the next one says so before it begins.
      s.execute("UPDATE load SET v = 'changed' WHERE id = 1");
      fill(filler);
      assertNull(state(s, "CHECKPOINT"));
      fill(filler);
      assertEquals("53100", state(s, "CHECKPOINT"));
      Files.delete(filler);
      assertNull(state(s, "CHECKPOINT"));
      assertEquals(1, s.executeUpdate("INSERT INTO load VALUES (101, 'after')"));
      // A load larger than the disk: one that goes past the write set, and one that does not.
      CopyManager copy = c.unwrap(PGConnection.class).getCopyAPI();
      byte[] rows = rows();
      s.execute("BEGIN; CREATE TABLE fresh (id int PRIMARY KEY, v text)");
      assertEquals("53100", assertThrows(SQLException.class, () -> copy.copyIn("COPY fresh FROM STDIN", new ByteArrayInputStream(rows))).getSQLState());
      s.execute("ROLLBACK");
      assertEquals("53100", assertThrows(SQLException.class, () -> copy.copyIn("COPY load FROM STDIN", new ByteArrayInputStream(rows))).getSQLState());
      assertEquals(101, count(s));
      assertEquals(1, s.executeUpdate("INSERT INTO load VALUES (102, 'after')"));
    }
    try (ServerProcess server = ServerProcess.start(disk.resolve("db"), Map.of()); Connection c = server.connect(); Statement s = c.createStatement()) {
      assertEquals(102, count(s));
      assertEquals(1, s.executeUpdate("INSERT INTO load VALUES (103, 'after')"));
    }
  }

  private static byte[] rows() {
    StringBuilder text = new StringBuilder();
    String value = "a long value ".repeat(100);
    for (int i = 1_000; i < 41_000; i++) {
      text.append(i).append('\t').append(value).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static long count(Statement s) throws SQLException {
    return number(s, "SELECT count(*) FROM load");
  }

  private static long longest(Statement s, String where) throws SQLException {
    return number(s, "SELECT coalesce(max(id), 0) FROM load " + where);
  }

  private static long number(Statement s, String query) throws SQLException {
    try (ResultSet row = s.executeQuery(query)) {
      assertTrue(row.next());
      return row.getLong(1);
    }
  }
}
