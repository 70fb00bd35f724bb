package io.heliosdb.nano.persistence.dump;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.compress.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A device that is really full: a small tmpfs, where the test may mount one (as root on Linux).
final class FullDiskTest {
  @TempDir Path directory;
  private Path small;

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  @BeforeEach
  void mount() throws Exception {
    small = Files.createDirectory(directory.resolve("small"));
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()) == 0;
    if (!mounted) {
      small = null;
    }
    assumeTrue(mounted, "needs the right to mount a tmpfs");
  }

  @AfterEach
  void unmount() throws Exception {
    if (small != null) {
      assertEquals(0, run("umount", "-l", small.toString()));
    }
  }

  @Test
  void a_dump_that_finds_no_room_says_so_and_leaves_the_old_file_whole() throws IOException {
    Path file = small.resolve("backup.heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE t (id integer PRIMARY KEY, v text)");
      database.execute("INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 1000) i");
      DumpManager manager = new DumpManager(database);
      manager.dump(DumpOptions.to(file));
      byte[] before = Files.readAllBytes(file);
      database.execute("INSERT INTO t SELECT i, repeat(md5(i::text), 4) FROM generate_series(1001, 40000) i");
      for (boolean append : new boolean[] {false, true}) {
        SqlException error = assertThrows(SqlException.class, () -> manager.dump(DumpOptions.to(file).withAppend(append).withCompression(Compression.NONE, null)));
        assertEquals("53100", error.state().code(), error.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        try (var files = Files.list(small)) {
          assertEquals(List.of(file), files.toList());
        }
      }
      assertEquals("53100", assertThrows(SqlException.class, () -> manager.dump(DumpOptions.to(small.resolve("script.sql")))).state().code());
      database.execute("INSERT INTO t VALUES (0, 'alive')");
      database.execute("DELETE FROM t WHERE id > 1000");
      assertEquals(1, manager.dump(DumpOptions.to(file).withAppend(true)).rowsDumped());
      try (EmbeddedDatabase restored = EmbeddedDatabase.newInMemory()) {
        new DumpManager(restored).restore(RestoreOptions.from(file));
        assertEquals(1001L, restored.queryOne("SELECT count(*) FROM t", Long.class));
      }
      SqlException error = assertThrows(SqlException.class, () -> DumpManager.restoreTo(small.resolve("data"), RestoreOptions.from(file)));
      assertTrue(error.getMessage().contains("No space left on device"), error.getMessage());
      try (var files = Files.list(small)) {
        assertEquals(List.of(file), files.toList(), "a restore that finds no room leaves nothing");
      }
    }
  }
}
