package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.error.SqlException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// ERASE: after it nothing shows the rows, at no time and on no branch, and in the end not even the files hold them.
class EraseTest {
  private static String rows(EmbeddedSession session, String sql) {
    StringBuilder text = new StringBuilder();
    session.query(sql).forEach(row -> text.append(row));
    return text.toString();
  }

  private static EmbeddedSession on(EmbeddedDatabase db, String branch) {
    EmbeddedSession session = db.createSession();
    session.execute("USE BRANCH " + branch);
    return session;
  }

  private static long scn(EmbeddedDatabase db) {
    return db.queryOne("SELECT pg_current_scn()", Long.class);
  }

  private static String error(EmbeddedSession session, String sql) {
    return assertThrows(SqlException.class, () -> session.execute(sql)).state().code();
  }

  private static boolean filesHold(Path directory, String text) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void a_row_goes_from_every_time_branch_and_index_and_the_rest_stays(@TempDir Path directory) throws IOException {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
      EmbeddedSession main = db.createSession();
      db.execute("CREATE TABLE person (id int PRIMARY KEY, mail text UNIQUE, note text)");
      db.execute("CREATE TABLE other (id int PRIMARY KEY, v text)");
      db.execute("INSERT INTO other VALUES (1, 'kept')");
      db.execute("INSERT INTO person SELECT g, 'mail' || g || '@example.org', 'note ' || g FROM generate_series(1, 300) g");
      db.execute("INSERT INTO person VALUES (1000, 'hedwig.secret@example.org', repeat('privatesecret', 400))");
      long first = scn(db);
      db.execute("UPDATE person SET note = 'privatesecret two' WHERE id = 1000");
      db.execute("ANALYZE person");
      db.execute("CREATE DATABASE BRANCH dev");
      db.execute("CREATE DATABASE BRANCH quiet");
      EmbeddedSession dev = on(db, "dev");
      dev.execute("UPDATE person SET mail = 'other.secret@example.org' WHERE id = 1000");
      dev.execute("UPDATE person SET note = 'changed' WHERE id = 5");
      dev.execute("DELETE FROM person WHERE id = 1000");
      db.execute("UPDATE person SET id = 1001, note = 'privatesecret three' WHERE id = 1000");
      long second = scn(db);
      db.execute("DELETE FROM person WHERE id = 1001");
      String before = rows(main, "SELECT count(*), sum(id) FROM person AS OF SCN " + first + " WHERE id < 1000");

      String report = rows(main, "ERASE FROM person p WHERE p.mail LIKE '%secret%'");
      assertTrue(report.startsWith("(rows=2, versions="), report);
      assertTrue(report.contains("branches=3") && report.contains("VACUUM FULL"), report);
      for (EmbeddedSession session : List.of(main, dev, on(db, "quiet"))) {
        for (String when : List.of("", " AS OF SCN " + first, " AS OF SCN " + second, " VERSIONS BETWEEN SCN 0 AND " + scn(db))) {
          assertEquals("", rows(session, "SELECT id FROM person" + when + " WHERE id >= 1000 OR mail LIKE '%secret%' OR note LIKE '%secret%'"), when);
        }
        assertEquals("", rows(session, "SELECT id FROM person AS OF SCN " + first + " WHERE mail = 'hedwig.secret@example.org'"));
        assertEquals("(count=300)", rows(session, "SELECT count(*) FROM person"));
      }
      assertEquals(before, rows(main, "SELECT count(*), sum(id) FROM person AS OF SCN " + first));
      assertEquals("(note=changed)", rows(dev, "SELECT note FROM person WHERE id = 5"));
      assertEquals("(v=kept)", rows(main, "SELECT v FROM other AS OF SCN " + first));
      assertEquals(List.of(), db.verify().problems());
      db.execute("INSERT INTO person VALUES (1000, 'new@example.org', 'new')");
      assertEquals("(rows=0, versions=0, index_entries=0, branches=0, bytes=0)",
          rows(main, "ERASE FROM person WHERE mail LIKE '%secret%'").replaceAll(", not_reached=.*\\)", ")"));

      main.execute("VACUUM FULL");
      assertFalse(filesHold(directory, "privatesecret") || filesHold(directory, "secret@"));
      assertTrue(filesHold(directory, "new@example.org"));
      assertEquals("(count=301)", rows(main, "SELECT count(*) FROM person"));
      assertEquals("(count=300)", rows(dev, "SELECT count(*) FROM person"));
      dev.execute("INSERT INTO person VALUES (1002, 'late@example.org', 'late')");
      assertEquals(List.of(), db.verify().problems());
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
      assertEquals("(count=301)", rows(on(db, "dev"), "SELECT count(*) FROM person"));
      assertEquals(List.of(), db.verify().problems());
      assertFalse(filesHold(directory, "secret@"));
    }
  }

  @Test
  void rows_from_before_a_rewrite_and_from_partitions_go_too() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      EmbeddedSession main = db.createSession();
      db.execute("CREATE TABLE t (id int PRIMARY KEY, name text, amount int)");
      db.execute("INSERT INTO t VALUES (1, 'anna', 5), (2, 'bert', 6)");
      long first = scn(db);
      db.execute("UPDATE t SET name = 'dora' WHERE id = 1");
      db.execute("ALTER TABLE t ALTER COLUMN amount TYPE numeric");
      db.execute("TRUNCATE t");
      db.execute("INSERT INTO t VALUES (3, 'carl', 7)");
      assertTrue(rows(main, "ERASE FROM t WHERE name = 'anna'").startsWith("(rows=1,"));
      assertEquals("(id=2)", rows(main, "SELECT id FROM t AS OF SCN " + first));
      assertEquals("", rows(main, "SELECT id FROM t AS OF SCN " + (first + 1) + " WHERE name = 'dora'"));
      assertEquals("(id=3)", rows(main, "SELECT id FROM t"));
      db.execute("CREATE TABLE p (k int, v text) PARTITION BY RANGE (k)");
      db.execute("CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)");
      db.execute("CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)");
      db.execute("INSERT INTO p VALUES (1, 'x'), (11, 'x'), (12, 'y')");
      assertTrue(rows(main, "ERASE FROM p WHERE v = 'x'").startsWith("(rows=2,"));
      assertEquals("(k=12)", rows(main, "SELECT k FROM p"));
      assertEquals(List.of(), db.verify().problems());
    }
  }

  @Test
  void conditions_may_have_sub_queries() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      EmbeddedSession main = db.createSession();
      db.execute("CREATE DOMAIN positive AS int CHECK (VALUE > 0)");
      db.execute("CREATE TABLE person (id int PRIMARY KEY, mail text, tags text[], size positive, at timestamptz, gone numeric(6,2))");
      db.execute("CREATE TABLE request (person int REFERENCES person ON DELETE CASCADE, mail text)");
      db.execute("INSERT INTO person SELECT g, 'm' || g, ARRAY['a', 'b' || g], g, now(), g FROM generate_series(1, 5000) g");
      long first = scn(db);
      db.execute("UPDATE person SET mail = 'changed' || id WHERE id < 10");
      db.execute("ALTER TABLE person DROP COLUMN gone");
      db.execute("ALTER TABLE person ADD COLUMN later int DEFAULT 3");
      db.execute("INSERT INTO request VALUES (3, 'm3'), (4000, NULL)");
      db.execute("CREATE DATABASE BRANCH dev");
      on(db, "dev").execute("INSERT INTO person VALUES (9000, 'm4')");
      // The rows of request go with those of person; what they said counts all the same.
      assertTrue(rows(main, "ERASE FROM person WHERE id IN (SELECT person FROM request)").startsWith("(rows=2,"));
      assertEquals("(count=4998)", rows(main, "SELECT count(*) FROM person AS OF SCN " + first));
      assertEquals("(count=0)", rows(main, "SELECT count(*) FROM request"));
      // By a version of the past, on a branch, with the table itself in the sub-query.
      assertTrue(rows(main, "ERASE FROM person p WHERE EXISTS (SELECT FROM person o WHERE o.id = 4 AND p.mail = 'm' || o.id)").startsWith("(rows=2,"));
      assertEquals("", rows(on(db, "dev"), "SELECT id FROM person WHERE id IN (4, 9000)"));
      // A temporary table of the session; arrays and domains.
      main.execute("CREATE TEMP TABLE wanted AS SELECT ARRAY['a', 'b77'] AS tags");
      assertTrue(rows(main, "ERASE FROM person WHERE tags = (SELECT tags FROM wanted) AND size > 0 AND later = 3").startsWith("(rows=1,"));
      assertEquals("(count=4996)", rows(main, "SELECT count(*) FROM person AS OF SCN " + first));
      assertEquals("42P01", error(main, "ERASE FROM person WHERE id IN (SELECT id FROM nowhere)"));
      assertEquals("21000", error(main, "ERASE FROM person WHERE id = (SELECT g FROM generate_series(1, 2) g)"));
      db.execute("CREATE ROLE keeper");
      db.execute("ALTER TABLE person OWNER TO keeper");
      on(db, "dev").execute("ALTER TABLE person OWNER TO keeper");
      main.execute("SET ROLE keeper");
      assertEquals("42501", error(main, "ERASE FROM person WHERE id IN (SELECT person FROM request)"));
      main.execute("RESET ROLE");
      assertEquals(List.of(), db.verify().problems());
    }
  }

  @Test
  void compaction_says_when_there_is_nothing_it_can_do() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      List<String> notices = new java.util.ArrayList<>();
      EmbeddedSession main = db.createSession();
      main.onNotice(notice -> notices.add(notice.message()));
      main.execute("VACUUM");
      assertEquals(List.of(), notices);
      main.execute("VACUUM FULL");
      assertTrue(notices.toString().contains("it is in memory"), notices.toString());
    }
  }

  @Test
  void constraints_hold_and_only_owners_erase() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory(DatabaseConfig.DEFAULT.withSetting("heliosdb.audit", "ddl"))) {
      EmbeddedSession main = db.createSession();
      db.execute("CREATE TABLE parent (id int PRIMARY KEY, v text)");
      db.execute("CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent)");
      db.execute("INSERT INTO parent VALUES (1, 'a'), (2, 'b')");
      db.execute("CREATE DATABASE BRANCH dev");
      on(db, "dev").execute("INSERT INTO child VALUES (1, 2)");
      assertEquals("23503", error(main, "ERASE FROM parent WHERE id = 2"));
      assertEquals("(v=b)", rows(on(db, "dev"), "SELECT v FROM parent WHERE id = 2"));
      main.execute("ERASE FROM parent WHERE id = 1");
      assertEquals("42703", error(main, "ERASE FROM parent WHERE nothing = 1"));
      assertEquals("42P01", error(main, "ERASE FROM nowhere"));
      main.execute("BEGIN");
      assertEquals("25001", error(main, "ERASE FROM parent WHERE id = 2"));
      main.execute("ROLLBACK");
      db.execute("CREATE ROLE reader");
      db.execute("GRANT ALL ON parent TO reader");
      main.execute("SET ROLE reader");
      assertEquals("42501", error(main, "ERASE FROM parent WHERE id = 2"));
      main.execute("RESET ROLE");
      assertTrue(rows(main, "SELECT statement FROM heliosdb_audit_log WHERE action = 'ddl'").contains("ERASE FROM parent WHERE id = 1"));
    }
  }
}
