package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
