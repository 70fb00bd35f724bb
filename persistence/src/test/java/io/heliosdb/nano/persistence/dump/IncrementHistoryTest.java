package io.heliosdb.nano.persistence.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random histories, dumped in increments, restore to the database they led to.
final class IncrementHistoryTest {
  @TempDir Path directory;

  @Test
  void a_chain_of_increments_restores_the_last_state() throws IOException {
    long seed = Long.getLong("heliosdb.test.seed", 42L);
    int histories = Integer.getInteger("heliosdb.test.histories", 3);
    for (int h = 0; h < histories; h++) {
      history(seed + h);
    }
  }

  private void history(long seed) throws IOException {
    Random random = new Random(seed);
    Path file = directory.resolve("history-" + seed + ".heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory(); EmbeddedDatabase restored = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE keyed (id integer, part text, v text, UNIQUE (v), PRIMARY KEY (part, id))");
      database.execute("CREATE TABLE plain (a integer, b text)");
      DumpManager manager = new DumpManager(database);
      int rounds = 4 + random.nextInt(4);
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 40; i++) {
          change(database, random);
        }
        manager.dump(DumpOptions.to(file).withAppend(true));
      }
      new DumpManager(restored).restore(RestoreOptions.from(file));
      assertEquals(DumpFixture.statements(database, directory.resolve("a.sql")), DumpFixture.statements(restored, directory.resolve("b.sql")), "seed " + seed);
    }
  }

  private static void change(EmbeddedDatabase database, Random random) {
    int id = random.nextInt(60);
    String part = random.nextBoolean() ? "x" : "yy";
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> database.execute("INSERT INTO keyed (id, part, v) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", id, part, "v" + random.nextInt(200));
      case 3, 4 -> database.execute("DELETE FROM keyed WHERE id = $1", id);
      case 5 -> database.execute("UPDATE keyed SET v = v || $2 WHERE id = $1", id, "u" + random.nextLong());
      case 6 -> database.execute("UPDATE keyed SET id = id + $2 WHERE id = $1", id, 1000 + random.nextInt(1_000_000));
      // A unique value changes hands, which no order of single rows could replay.
      case 7 -> database.execute("UPDATE keyed SET v = NULL WHERE id < 5");
      case 8, 9 -> database.execute("INSERT INTO plain VALUES ($1, $2), ($1, NULL)", id, "t".repeat(random.nextInt(3000)));
      case 10 -> database.execute("DELETE FROM plain WHERE a = $1", id);
      case 11 -> database.execute("UPDATE plain SET b = repeat('w', $1) WHERE a > $1", id);
      case 12 -> {
        if (random.nextInt(8) == 0) {
          database.execute("TRUNCATE plain");
        }
      }
      default -> {
        if (random.nextInt(8) == 0) {
          database.execute("ALTER TABLE keyed ADD COLUMN IF NOT EXISTS extra_" + random.nextInt(3) + " integer DEFAULT " + id);
        }
      }
    }
  }

  @Test
  void an_increment_is_small_and_only_for_its_own_database() throws IOException {
    Path file = directory.resolve("own.heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory(); EmbeddedDatabase other = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE t (id integer PRIMARY KEY, v text)");
      database.execute("INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 20000) i");
      DumpManager manager = new DumpManager(database);
      manager.dump(DumpOptions.to(file));
      long full = Files.size(file);
      database.execute("UPDATE t SET v = 'x' WHERE id = 9");
      DumpReport report = manager.dump(DumpOptions.to(file).withAppend(true));
      assertEquals(1, report.rowsDumped());
      assertTrue(report.storedBytes() < full / 50, report.storedBytes() + " of " + full);
      SqlException e = assertThrows(SqlException.class, () -> new DumpManager(other).dump(DumpOptions.to(file).withAppend(true)));
      assertEquals("55000", e.state().code());
      assertEquals("SELECT 1", database.query("SELECT path FROM heliosdb_dumps WHERE incremental AND rows = 1 AND error IS NULL").commandTag());
    }
  }

  @Test
  void a_dump_as_of_a_commit_shows_that_commit() {
    Path file = directory.resolve("then.heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory(); EmbeddedDatabase restored = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE t (id integer PRIMARY KEY)");
      database.execute("INSERT INTO t VALUES (1), (2)");
      long then = database.engine().system().store().visibleScn();
      database.execute("DELETE FROM t WHERE id = 1");
      database.execute("CREATE TABLE later (id integer)");
      new DumpManager(database).dump(DumpOptions.to(file).withAsOf("SCN " + then));
      new DumpManager(restored).restore(RestoreOptions.from(file));
      assertEquals(2L, restored.queryOne("SELECT count(*) FROM t", Long.class));
      assertThrows(SqlException.class, () -> restored.query("SELECT * FROM later"));
    }
  }
}
