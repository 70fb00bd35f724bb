package io.heliosdb.nano.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.storage.lmdb.Environment;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Data directories that cannot be opened: a clear error through the API, and through the command a message and exit code 3; what is
/// there is left as it was.
@Timeout(120)
class OpenErrorsTest {
  @TempDir private static Path template;
  @TempDir Path directory;

  /// The error of the API, after the command has said the same with exit code 3.
  private SqlException refused(Path path) {
    SqlException e = assertThrows(SqlException.class, () -> EmbeddedDatabase.open(path).close());
    for (String[] command : new String[][] {{"repl", "--execute", "SELECT 1", "--data-dir"}, {"start", "--port", "0", "--data-dir"}}) {
      String[] arguments = java.util.Arrays.copyOf(command, command.length + 1);
      arguments[command.length] = path.toString();
      Outcome outcome = Outcome.of(arguments);
      assertEquals(3, outcome.code(), outcome.err());
      assertTrue(outcome.err().startsWith("heliosdb-nano: " + e.getMessage()), outcome.err());
      if (e.hint() != null) {
        assertTrue(outcome.err().contains("HINT:  " + e.hint()), outcome.err());
      }
      assertEquals(1, outcome.err().lines().filter(line -> line.startsWith("heliosdb-nano")).count(), outcome.err());
      assertTrue(!outcome.err().contains("\tat "), outcome.err());
    }
    return e;
  }

  @BeforeAll
  static void fillTemplate() {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(template)) {
      db.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
      db.execute("INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 3000) i");
    }
  }

  /// A copy of a database with a table of 3,000 rows.
  private Path filled(String name) throws IOException {
    Path path = Files.createDirectory(directory.resolve(name));
    try (Stream<Path> files = Files.list(template)) {
      for (Path file : files.toList()) {
        Files.copy(file, path.resolve(file.getFileName()));
      }
    }
    return path;
  }

  private static void assertIntact(Path path) {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(path)) {
      assertEquals(3000L * 500, db.queryOne("SELECT sum(length(v)) FROM t", Long.class));
    }
  }

  @Test
  void a_file_is_no_directory() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    SqlException e = refused(file);
    assertEquals("42809", e.state().code());
    assertEquals("data directory \"" + file + "\" is not a directory", e.getMessage());
    assertEquals("data directory \"" + file + "\" is not a directory", refused(file.resolve("below")).getMessage());
    assertEquals("precious", Files.readString(file));
  }

  @Test
  void missing_parents_are_made() {
    Path deep = directory.resolve("a/b/c");
    Outcome made = Outcome.of("repl", "--data-dir", deep.toString(), "-t", "-A", "--execute", "CREATE TABLE t (v int); INSERT INTO t VALUES (5)");
    assertEquals(0, made.code(), made.err());
    assertEquals("5\n", Outcome.of("repl", "--data-dir", deep.toString(), "-t", "-A", "--execute", "SELECT v FROM t").out());
  }

  @Test
  void a_place_where_nothing_can_be_made() {
    Path kernel = Path.of("/proc/heliosdb-test");
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc on this system");
    SqlException e = refused(kernel);
    assertTrue(e.state().code().equals("58030") || e.state().code().equals("42501"), e.toString());
    assertTrue(e.getMessage().startsWith("could not create data directory \"" + kernel + "\""), e.getMessage());
  }

  @Test
  void a_read_only_directory() throws IOException {
    Path path = filled("sealed");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r-xr-xr-x"));
    Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeTrue(!Files.isWritable(empty), "this user may write everywhere (root)");
      for (Path each : new Path[] {path, empty}) {
        SqlException e = refused(each);
        assertEquals("42501", e.state().code());
        assertEquals("could not access data directory \"" + each + "\": Permission denied", e.getMessage());
      }
      Path below = empty.resolve("new");
      assertEquals("could not create data directory \"" + below + "\": Permission denied", refused(below).getMessage());
    } finally {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    assertIntact(path);
  }

  @Test
  void a_data_file_that_may_not_be_written() throws IOException {
    Path path = filled("protected");
    Path file = path.resolve("data.mdb");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    assumeTrue(!Files.isWritable(file), "this user may write everywhere (root)");
    SqlException e = refused(path);
    assertEquals("42501", e.state().code());
    assertEquals("could not access the data file: Permission denied", e.getMessage());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertIntact(path);
  }

  @Test
  void in_use_by_another_process() throws Exception {
    Path path = filled("busy");
    try (ServerProcess server = ServerProcess.start("--data-dir", path.toString())) {
      SqlException e = refused(path);
      assertEquals("F0001", e.state().code());
      assertEquals("data directory \"" + path.toRealPath() + "\" is in use by another process", e.getMessage());
      assertEquals("Is another process (PID " + server.pid() + ") using the database?", e.hint());
      // The owner has not noticed.
      assertEquals(0, Outcome.of("status", "--port", Integer.toString(server.port())).code());
    }
    assertIntact(path);
  }

  @Test
  void in_use_by_this_process_is_the_same_database() throws IOException {
    Path path = filled("shared");
    Path link = Files.createSymbolicLink(directory.resolve("link"), path);
    Path linkedParent = Files.createSymbolicLink(directory.resolve("parent"), directory);
    try (EmbeddedDatabase a = EmbeddedDatabase.open(path);
        EmbeddedDatabase b = EmbeddedDatabase.open(link);
        EmbeddedDatabase c = EmbeddedDatabase.open(linkedParent.resolve("shared"))) {
      a.execute("CREATE TABLE u AS SELECT 1 AS v");
      b.execute("INSERT INTO u VALUES (2)");
      assertEquals(3L, c.queryOne("SELECT sum(v) FROM u", Long.class));
    }
    // A directory that does not exist yet, first opened through a link.
    try (EmbeddedDatabase a = EmbeddedDatabase.open(linkedParent.resolve("fresh"));
        EmbeddedDatabase b = EmbeddedDatabase.open(directory.resolve("fresh"))) {
      a.execute("CREATE TABLE u AS SELECT 1 AS v");
      b.execute("INSERT INTO u VALUES (2)");
      assertEquals(3L, a.queryOne("SELECT sum(v) FROM u", Long.class));
    }
    // Moved away while open: it is still in use, whatever its name.
    try (EmbeddedDatabase a = EmbeddedDatabase.open(path)) {
      Files.move(path, directory.resolve("moved"));
      SqlException e = assertThrows(SqlException.class, () -> EmbeddedDatabase.open(directory.resolve("moved")).close());
      assertEquals("F0001", e.state().code());
      assertEquals(3000L, a.queryOne("SELECT count(*) FROM t", Long.class));
    }
    assertIntact(directory.resolve("moved"));
  }

  @Test
  void written_by_a_newer_version() throws IOException {
    Path path = filled("newer");
    setFormatVersion(path, 99);
    SqlException e = refused(path);
    assertEquals("database files are incompatible with this version", e.getMessage());
    assertTrue(e.detail().contains("written by a newer version (format 99"), e.detail());
    setFormatVersion(path, 1);
    assertIntact(path);
  }

  private static void setFormatVersion(Path path, int version) {
    Environment environment = Environment.open(path, 1 << 28, 16, 16, 0);
    try (Arena arena = Arena.ofConfined()) {
      long txn = environment.begin(0);
      int meta = environment.openDatabase(txn, "meta", 0);
      long values = arena.allocate(64, 8).address();
      Memory.putByte(values + 32, 'V');
      Memory.putInt(values + 40, version);
      Memory.putWord(values, 1);
      Memory.putWord(values + 8, values + 32);
      Memory.putWord(values + 16, 4);
      Memory.putWord(values + 24, values + 40);
      assertEquals(0, Lmdb.put(txn, meta, values, values + 16, 0));
      assertEquals(0, Lmdb.txnCommit(txn));
    }
    environment.close();
  }

  private static void truncate(Path path, long bytes) throws IOException {
    try (FileChannel file = FileChannel.open(path.resolve("data.mdb"), StandardOpenOption.WRITE)) {
      file.truncate(bytes);
    }
  }

  @Test
  void data_file_cut_short() throws IOException {
    long whole = Files.size(filled("whole").resolve("data.mdb"));
    for (long bytes : new long[] {whole / 2, whole - 4096 * 4, 8192, 4096, 100}) {
      Path path = filled("short-" + bytes);
      truncate(path, bytes);
      SqlException e = refused(path);
      assertEquals("XX001", e.state().code());
      assertTrue(e.getMessage().startsWith("the data file is damaged: "), e.getMessage());
      assertEquals(bytes, Files.size(path.resolve("data.mdb")));
    }
    Path empty = filled("emptied");
    truncate(empty, 0);
    assertEquals("the data file is damaged: \"" + empty.resolve("data.mdb") + "\" is empty", refused(empty).getMessage());
    Files.delete(empty.resolve("data.mdb"));
    assertEquals("the data file is damaged: \"" + empty.resolve("data.mdb") + "\" is missing", refused(empty).getMessage());
    assertTrue(!Files.exists(empty.resolve("data.mdb"), LinkOption.NOFOLLOW_LINKS), "no new database in the lost one's place");
  }

  @Test
  void pages_that_were_never_written_are_no_damage() throws IOException {
    // Room at the end that nothing refers to may be missing: LMDB does not write pages that a transaction gave back.
    Path path = directory.resolve("sparse");
    try (EmbeddedDatabase db = EmbeddedDatabase.open(path)) {
      Random random = new Random(42);
      db.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
      for (int i = 0; i < 60; i++) {
        db.execute("INSERT INTO t SELECT i, repeat('x', $1) FROM generate_series(1, 20) i ON CONFLICT (id) DO UPDATE SET v = excluded.v", random.nextInt(20_000));
        if (i % 5 == 0) {
          db.execute("DELETE FROM t WHERE id > $1", random.nextInt(20));
        }
      }
      db.execute("TRUNCATE t");
      db.execute("INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 3000) i");
    }
    assertIntact(path);
  }

  @Test
  void data_file_of_something_else() throws IOException {
    Path path = Files.createDirectory(directory.resolve("foreign"));
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    Files.write(path.resolve("data.mdb"), noise);
    SqlException e = refused(path);
    assertEquals("XX001", e.state().code());
    assertEquals("the data file is damaged: it is not an LMDB file", e.getMessage());
    Path overwritten = filled("overwritten");
    try (FileChannel file = FileChannel.open(overwritten.resolve("data.mdb"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(noise, 0, 8192), 0);
    }
    assertEquals("XX001", refused(overwritten).state().code());
    assertNotEquals(0, Files.size(overwritten.resolve("data.mdb")));
  }
}
