package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.error.SqlException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// VERSIONS BETWEEN, heliosdb_diff, RESTORE TABLE; how far history goes back, and what holds it.
class HistoryTest {
  private static final DatabaseConfig KEEP_NOTHING = DatabaseConfig.DEFAULT.withSetting("heliosdb.retention_days", "0");

  private static String rows(EmbeddedSession session, String sql) {
    StringBuilder text = new StringBuilder();
    session.query(sql).forEach(text::append);
    return text.toString();
  }

  private static String error(EmbeddedSession session, String sql) {
    return assertThrows(SqlException.class, () -> session.query(sql)).state().code();
  }

  private static long scn(EmbeddedSession session) {
    return session.queryOne("SELECT pg_current_scn()", Long.class);
  }

  @Test
  void all_versions_differences_and_restoring() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      EmbeddedSession s = db.createSession();
      s.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
      s.execute("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')");
      long first = scn(s);
      s.execute("UPDATE t SET v = 'A' WHERE id = 1");
      s.execute("DELETE FROM t WHERE id = 2");
      s.execute("INSERT INTO t VALUES (2, 'B'), (4, 'd')");
      long last = scn(s);
      assertEquals("(id=1, v=a, f=0, u=1, o=null)(id=1, v=A, f=1, u=null, o=U)(id=2, v=b, f=0, u=2, o=null)(id=2, v=b, f=2, u=null, o=D)"
              + "(id=2, v=B, f=3, u=null, o=I)(id=3, v=c, f=0, u=null, o=null)(id=4, v=d, f=3, u=null, o=I)",
          rows(s, "SELECT id, v, versions_start_scn - " + first + " AS f, versions_end_scn - " + first + " AS u, versions_operation AS o FROM t VERSIONS BETWEEN SCN "
              + first + " AND SCN " + last + " ORDER BY id, versions_start_scn"));
      assertEquals("(n=2)", rows(s, "SELECT count(DISTINCT versions_xid) AS n FROM t VERSIONS BETWEEN SCN " + first + " AND " + last + " WHERE id = 2"));
      assertEquals("(key=1, operation=UPDATE, o=a, n=A)(key=2, operation=UPDATE, o=b, n=B)(key=4, operation=INSERT, o=null, n=d)",
          rows(s, "SELECT key, operation, old_row->>'v' AS o, new_row->>'v' AS n FROM heliosdb_diff('t', 'SCN " + first + "', 'NOW')"));
      s.execute("CREATE DATABASE BRANCH b");
      s.execute("ALTER TABLE t ADD COLUMN extra int DEFAULT 5");
      s.execute("RESTORE TABLE t TO SCN " + first);
      assertEquals("(id=1, v=a, extra=5)(id=2, v=b, extra=5)(id=3, v=c, extra=5)", rows(s, "SELECT * FROM t ORDER BY id"));
      s.execute("BEGIN");
      s.execute("RESTORE TABLE t TO SCN " + last);
      assertEquals("(id=1, v=A)(id=2, v=B)(id=3, v=c)(id=4, v=d)", rows(s, "SELECT id, v FROM t ORDER BY id"));
      s.execute("ROLLBACK");
      assertEquals("(count=3)", rows(s, "SELECT count(*) FROM t"));
      assertEquals("(key=4, operation=DELETE)", rows(s, "SELECT key, operation FROM heliosdb_diff('t', 'b', 'main') WHERE operation <> 'UPDATE'"));
      s.execute("CREATE ROLE other");
      s.execute("SET ROLE other");
      assertEquals("42501", error(s, "RESTORE TABLE t TO SCN " + last));
      assertEquals("42501", error(s, "SELECT * FROM heliosdb_diff('t', 'b', 'main')"));
      assertEquals("42501", error(s, "SELECT * FROM t VERSIONS BETWEEN SCN " + first + " AND " + last));
    }
  }

  @Test
  void trimming_stops_at_what_is_needed(@TempDir Path directory) {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory, KEEP_NOTHING)) {
      EmbeddedSession s = db.createSession();
      EmbeddedSession reader = db.createSession();
      s.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
      s.execute("CREATE INDEX ON t (v)");
      s.execute("CREATE TABLE kept (id int PRIMARY KEY, v int) WITH (retention_days = 30)");
      s.execute("INSERT INTO kept VALUES (1, 0)");
      s.execute("INSERT INTO t SELECT g, 'v' || g FROM generate_series(1, 200) g");
      s.execute("INSERT INTO t VALUES (500, repeat('x', 100000))");
      long old = scn(s);
      s.execute("UPDATE t SET v = v || '!' WHERE id <= 200");
      s.execute("DELETE FROM t WHERE id = 500");
      s.execute("UPDATE kept SET v = 1");
      reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      assertEquals("(count=200)", rows(reader, "SELECT count(*) FROM t WHERE v LIKE '%!'"));
      s.execute("UPDATE t SET v = v || '?' WHERE id <= 200");
      s.execute("VACUUM");
      assertEquals("72000", error(s, "SELECT count(*) FROM t AS OF SCN " + old));
      assertEquals("(v=0)", rows(s, "SELECT v FROM kept AS OF SCN " + old), "its own retention");
      assertEquals("(count=200)", rows(reader, "SELECT count(*) FROM t WHERE v LIKE '%!'"), "a snapshot holds what it sees");
      reader.execute("COMMIT");
      long before = s.queryOne("SELECT heliosdb_history_bytes('t')", Long.class);
      s.execute("CREATE DATABASE BRANCH b");
      s.execute("UPDATE t SET v = 'new' WHERE id <= 200");
      s.execute("VACUUM");
      assertTrue(s.queryOne("SELECT heliosdb_history_bytes('t')", Long.class) > 0);
      EmbeddedSession branch = db.createSession();
      branch.execute("USE BRANCH b");
      assertEquals("(count=200)", rows(branch, "SELECT count(*) FROM t WHERE v LIKE '%?'"), "a fork holds what it sees");
      branch.execute("USE BRANCH main");
      s.execute("DROP DATABASE BRANCH b");
      db.engine().housekeeper().awaitIdle();
      s.execute("VACUUM");
      assertEquals(0L, s.queryOne("SELECT heliosdb_history_bytes('t')", Long.class));
      assertTrue(before > 0);
      for (int i = 0; i < 20; i++) {
        s.execute("UPDATE t SET v = 'round " + i + "' WHERE id = 1");
        if (i % 7 == 3) {
          s.execute("VACUUM");
        }
      }
      long now = scn(s);
      s.execute("UPDATE t SET v = 'last' WHERE id = 1");
      assertEquals("(v=round 19)", rows(s, "SELECT v FROM t AS OF SCN " + now + " WHERE id = 1"), "chains go on over what was trimmed");
      s.execute("TRUNCATE t");
      s.execute("INSERT INTO t VALUES (1, 'after')");
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory, KEEP_NOTHING)) {
      EmbeddedSession s = db.createSession();
      assertEquals("72000", error(s, "SELECT count(*) FROM t AS OF SCN 8"), "the start of history is remembered");
      s.execute("VACUUM");
      assertEquals("(v=after)", rows(s, "SELECT v FROM t WHERE v = 'after'"));
      try (var reader = db.engine().system().store().acquireReader()) {
        assertTrue(reader.branchUsage(0, 1000).rowCount() <= 2, "the rows of the truncated table are gone");
      }
    }
  }
}
