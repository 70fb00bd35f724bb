package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.session.VerificationReport;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowCursor;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.StoreReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `verify` finds nothing wrong with what the engine wrote, and finds what was damaged behind its back.
class VerifyTest {
  @TempDir Path directory;

  private static void fill(EmbeddedDatabase db) {
    db.execute("CREATE TABLE parent (id int PRIMARY KEY, name text UNIQUE, n int NOT NULL CHECK (n > 0))");
    db.execute("CREATE TABLE child (id serial, parent int REFERENCES parent, words text)");
    db.execute("CREATE INDEX child_words ON child (lower(words)) WHERE words <> 'x'");
    db.execute("INSERT INTO parent SELECT i, 'name ' || i, i FROM generate_series(1, 200) i");
    db.execute("INSERT INTO child (parent, words) SELECT i, repeat('word ', i * 20) FROM generate_series(1, 200) i");
    for (int i = 0; i < 10; i++) {
      db.execute("UPDATE parent SET n = n + 1, name = name || '.' WHERE id % 10 = 0");
    }
    db.execute("DELETE FROM child WHERE parent % 3 = 0");
    db.execute("DELETE FROM parent WHERE id % 3 = 0");
    db.execute("CREATE TABLE gone (a int)");
    db.execute("INSERT INTO gone VALUES (1)");
    db.execute("DROP TABLE gone");
  }

  private VerificationReport verify() {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
      return db.verify();
    }
  }

  /// Ids below 1000 are the catalog's.
  private static long firstWithRows(StoreReader reader) {
    for (long id = 1000; id < 1100; id++) {
      try (RowCursor cursor = reader.scan(ReadView.MAIN_NEWEST, id, KeyRange.ALL, false)) {
        if (cursor.next()) {
          return id;
        }
      }
    }
    throw new AssertionError("no rows");
  }

  @Test
  void what_the_engine_wrote_is_sound() {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
      fill(db);
      db.execute("CREATE DATABASE BRANCH side AS OF NOW");
      try (var session = db.createSession()) {
        session.execute("USE BRANCH side");
        session.execute("UPDATE parent SET n = 7 WHERE id < 50");
        session.execute("DELETE FROM child WHERE parent < 20");
      }
    }
    VerificationReport report = verify();
    assertEquals(List.of(), report.problems());
    assertEquals(4, report.tables());
    assertTrue(report.versions() > 200, () -> "versions " + report.versions());
    assertTrue(report.retained() > 0, "the dropped table's row is history");
  }

  @Test
  void damage_is_found() {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
      fill(db);
    }
    try (Store store = Store.open(StoreOptions.onDisk(directory))) {
      long parent;
      byte[] rowKey;
      try (StoreReader reader = store.acquireReader()) {
        parent = firstWithRows(reader);
        try (RowCursor cursor = reader.scan(ReadView.MAIN_NEWEST, parent, KeyRange.ALL, false)) {
          assertTrue(cursor.next());
          rowKey = cursor.key();
        }
      }
      // A parent goes without its index entry, and without its child being asked.
      store.commit(
          List.of(
              new CommitUnit(Branches.MAIN, 0, 10, 0, List.of(RowWrite.delete(parent, rowKey)), List.of(), List.of(), List.of(), List.of())),
          true);
    }
    VerificationReport report = verify();
    assertFalse(report.isSound());
    String all = String.join("\n", report.problems());
    assertTrue(all.contains("the row does not exist"), all);
    assertTrue(all.contains("entries for"), all);
    assertTrue(all.contains("violates foreign key constraint"), all);
  }
}
