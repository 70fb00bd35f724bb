package io.heliosdb.nano.persistence.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.compress.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes into a dump comes out of it.
final class DumpRestoreTest {
  @TempDir Path directory;

  @Test
  void every_object_and_value_survives_a_full_dump_and_three_increments() throws IOException {
    Path file = directory.resolve("chain.heliodump");
    Path target = directory.resolve("restored");
    try (EmbeddedDatabase database = DumpFixture.rich()) {
      DumpManager manager = new DumpManager(database);
      assertFalse(manager.dump(DumpOptions.to(file).withAppend(true).withDigest(true)).incremental());
      database.execute("UPDATE app.nokey SET b = 'changed ' || a WHERE a % 100 = 0");
      database.execute("UPDATE app.nokey SET b = 'changed twice ' || a WHERE a % 200 = 0");
      database.execute("DELETE FROM app.nokey WHERE a > 2900");
      database.execute("UPDATE everything SET id = 30, t = 'short' WHERE id = 3");
      DumpReport first = manager.dump(DumpOptions.to(file).withAppend(true));
      assertTrue(first.incremental());
      assertEquals(30, first.rowsDumped(), "29 rows of nokey, each once, and the one with a new key");
      assertEquals(101, first.rowsDeleted());
      database.execute("TRUNCATE app.base");
      database.execute("INSERT INTO app.base VALUES (9)");
      database.execute("ALTER TABLE app.part ADD COLUMN w integer DEFAULT 5");
      database.execute("CREATE TABLE app.newer (x integer PRIMARY KEY, y jsonb)");
      database.execute("INSERT INTO app.newer VALUES (1, '{\"a\": 1}'), (2, NULL)");
      database.execute("DROP TABLE app.fast");
      assertTrue(manager.dump(DumpOptions.to(file).withAppend(true).withCompression(Compression.LZ4, null)).incremental());
      DumpReport nothing = manager.dump(DumpOptions.to(file).withAppend(true));
      assertEquals(0, nothing.rowsDumped() + nothing.rowsDeleted());
      RestoreReport report = DumpManager.restoreTo(target, RestoreOptions.from(file));
      assertEquals(4, report.segments());
      try (EmbeddedDatabase restored = EmbeddedDatabase.open(target)) {
        assertEquals(DumpFixture.statements(database, directory.resolve("a.sql")), DumpFixture.statements(restored, directory.resolve("b.sql")));
        restored.execute("INSERT INTO app.nokey VALUES (1, 'new row ids do not hit old ones')");
        assertEquals(2901L, restored.queryOne("SELECT count(*) FROM app.nokey", Long.class));
        assertEquals(3, restored.queryOne("INSERT INTO app.people (name) VALUES ('next') RETURNING id", Integer.class));
      }
    }
  }

  @Test
  void each_compression_gives_the_same_database() throws IOException {
    try (EmbeddedDatabase database = DumpFixture.rich()) {
      var expected = DumpFixture.statements(database, directory.resolve("a.sql"));
      for (Compression compression : Compression.values()) {
        Path file = directory.resolve(compression + ".heliodump");
        new DumpManager(database).dump(DumpOptions.to(file).withCompression(compression, null));
        Path target = directory.resolve("restored-" + compression);
        DumpManager.restoreTo(target, RestoreOptions.from(file));
        try (EmbeddedDatabase restored = EmbeddedDatabase.open(target)) {
          assertEquals(expected, DumpFixture.statements(restored, directory.resolve("b.sql")), compression.name());
        }
      }
    }
  }

  @Test
  void a_table_is_dumped_and_restored_with_what_it_needs() {
    Path file = directory.resolve("one.heliodump");
    try (EmbeddedDatabase database = DumpFixture.rich(); EmbeddedDatabase other = EmbeddedDatabase.newInMemory()) {
      DumpReport report = new DumpManager(database).dump(DumpOptions.to(file).withTables(List.of("app.people", "part")));
      assertEquals(3, report.tablesDumped(), "people and two partitions");
      RestoreReport restored = new DumpManager(other).restore(RestoreOptions.from(file).withTables(List.of("people")));
      assertEquals(2, restored.rowsRestored());
      assertEquals("happy", other.queryOne("SELECT mood::text FROM app.people WHERE name = 'ann'", String.class));
      assertThrows(SqlException.class, () -> other.query("SELECT * FROM app.part"));
      assertEquals("42P01", assertThrows(SqlException.class, () -> new DumpManager(database).dump(DumpOptions.to(file).withTables(List.of("nope")))).state().code());
    }
  }

  @Test
  void clean_replaces_tables_and_append_keeps_rows_by_the_conflict_rule() {
    Path file = directory.resolve("live.heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      DumpManager manager = new DumpManager(database);
      database.execute("CREATE TABLE parent (id integer PRIMARY KEY, v text)");
      database.execute("CREATE TABLE child (id serial PRIMARY KEY, parent integer REFERENCES parent)");
      database.execute("INSERT INTO parent VALUES (1, 'one'), (2, 'two')");
      database.execute("INSERT INTO child (parent) VALUES (1), (2)");
      manager.dump(DumpOptions.to(file));
      database.execute("UPDATE parent SET v = 'changed' WHERE id = 1");
      database.execute("INSERT INTO parent VALUES (3, 'three')");
      RestoreOptions append = RestoreOptions.from(file).withMode(RestoreMode.APPEND);
      assertEquals("23505", assertThrows(SqlException.class, () -> manager.restore(append)).state().code());
      assertEquals(2L, database.queryOne("SELECT count(*) FROM child", Long.class));
      manager.restore(append.withOnConflict(OnConflict.SKIP));
      assertEquals("changed", database.queryOne("SELECT v FROM parent WHERE id = 1", String.class));
      manager.restore(append.withOnConflict(OnConflict.UPDATE));
      assertEquals("one", database.queryOne("SELECT v FROM parent WHERE id = 1", String.class));
      assertEquals(3L, database.queryOne("SELECT count(*) FROM parent", Long.class));
      manager.restore(RestoreOptions.from(file));
      assertEquals(2L, database.queryOne("SELECT count(*) FROM parent", Long.class));
      assertEquals("23503", assertThrows(SqlException.class, () -> database.execute("INSERT INTO child (parent) VALUES (9)")).state().code());
    }
  }

  @Test
  void a_script_makes_the_same_database() throws IOException {
    Path script = directory.resolve("script.sql");
    try (EmbeddedDatabase database = DumpFixture.rich(); EmbeddedDatabase other = EmbeddedDatabase.newInMemory()) {
      new DumpManager(database).dump(DumpOptions.to(script));
      other.execute(Files.readString(script));
      assertEquals(DumpFixture.statements(database, directory.resolve("a.sql")), DumpFixture.statements(other, directory.resolve("b.sql")));
      assertEquals(4L, other.queryOne("SELECT count(*) FROM everything", Long.class), "the script leaves the search path as it was");
    }
  }

  @Test
  void many_rows_fill_many_blocks() {
    Path file = directory.resolve("many.heliodump");
    String digest = "SELECT md5(string_agg(m::text, '' ORDER BY m::text)) FROM many m";
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory(); EmbeddedDatabase other = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE many (g bool, s smallint, i integer, l bigint, r real, d float8, u uuid, t text, x bytea, n numeric, dt date)");
      database.execute(
          "INSERT INTO many SELECT i % 3 = 0, i % 1000, i, i, i / 3.0, i / 7.0, md5(i::text)::uuid, md5(i::text), decode(md5(i::text), 'hex'), i / 10.0,"
              + " '2020-01-01'::date + i % 999 FROM generate_series(1, 40000) i");
      database.execute("INSERT INTO many SELECT FROM generate_series(1, 5000) i");
      assertEquals(45_000, new DumpManager(database).dump(DumpOptions.to(file)).rowsDumped());
      new DumpManager(other).restore(RestoreOptions.from(file));
      assertEquals(database.queryOne(digest, String.class), other.queryOne(digest, String.class));
    }
  }

  @Test
  void writers_go_on_and_the_dump_shows_one_moment() {
    Path file = directory.resolve("moment.heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory(); EmbeddedDatabase other = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE accounts (id integer PRIMARY KEY, balance integer)");
      database.execute("INSERT INTO accounts SELECT i, 100 FROM generate_series(1, 100000) i");
      int[] transfers = new int[1];
      DumpProgress transfer = state -> {
        // On the thread that writes the file: rows not read yet change under the dump.
        database.execute("UPDATE accounts SET balance = balance + CASE WHEN id = 1 THEN -1 ELSE 1 END WHERE id IN (1, " + (100000 - transfers[0]++) + ")");
      };
      new DumpManager(database).dump(DumpOptions.to(file).withProgress(transfer));
      assertTrue(transfers[0] > 1);
      new DumpManager(other).restore(RestoreOptions.from(file));
      assertEquals(10_000_000L, other.queryOne("SELECT sum(balance) FROM accounts", Long.class));
      assertEquals(100L, other.queryOne("SELECT max(balance) FROM accounts", Long.class));
    }
  }

  @Test
  void a_restore_never_overwrites_a_directory_and_leaves_none_behind() throws IOException {
    Path file = directory.resolve("x.heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE t (a integer PRIMARY KEY)");
      new DumpManager(database).dump(DumpOptions.to(file));
    }
    Path occupied = Files.createDirectory(directory.resolve("occupied"));
    Files.writeString(occupied.resolve("precious"), "x");
    assertEquals("58P02", assertThrows(SqlException.class, () -> DumpManager.restoreTo(occupied, RestoreOptions.from(file))).state().code());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    SqlException damaged = assertThrows(SqlException.class, () -> DumpManager.restoreTo(directory.resolve("new"), RestoreOptions.from(file)));
    assertEquals("XX001", damaged.state().code());
    try (var files = Files.list(directory)) {
      assertEquals(List.of("occupied", "x.heliodump"), files.map(p -> p.getFileName().toString()).sorted().toList());
    }
  }
}
