package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.error.SqlException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Branches: their data, schema and sequences go their own way; who may make and drop them, and when.
class BranchTest {
  private static String error(EmbeddedSession session, String sql) {
    return assertThrows(SqlException.class, () -> session.execute(sql)).state().code();
  }

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

  @Test
  void data_schema_indexes_and_sequences_go_their_own_way() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t (id serial PRIMARY KEY, v text UNIQUE)");
      db.execute("INSERT INTO t (v) VALUES ('a'), ('b'), ('c')");
      db.execute("CREATE DATABASE BRANCH dev FROM main AS OF NOW");
      db.execute("INSERT INTO t (v) VALUES ('main only')");
      EmbeddedSession dev = on(db, "dev");
      dev.execute("DELETE FROM t WHERE v = 'a'");
      dev.execute("UPDATE t SET v = 'B' WHERE v = 'b'");
      dev.execute("INSERT INTO t (v) VALUES ('dev only')");
      dev.execute("ALTER TABLE t ADD COLUMN extra int DEFAULT 7");
      assertEquals("(id=2, v=B, extra=7)(id=3, v=c, extra=7)(id=4, v=dev only, extra=7)", rows(dev, "SELECT * FROM t ORDER BY id"));
      assertEquals("(id=4)", rows(dev, "SELECT id FROM t WHERE v = 'dev only'"));
      assertEquals("", rows(dev, "SELECT id FROM t WHERE v = 'a'"));
      assertEquals("(id=1, v=a)(id=2, v=b)(id=3, v=c)(id=4, v=main only)", rows(on(db, "main"), "SELECT * FROM t ORDER BY id"));
      dev.execute("INSERT INTO t (v) VALUES ('a')");
      assertEquals("23505", error(dev, "INSERT INTO t (v) VALUES ('c')"));
      assertEquals("(changed_rows=4)", rows(dev, "SELECT changed_rows FROM pg_database_branches WHERE branch_name = 'dev'"));
    }
  }

  @Test
  void forks_from_the_past_and_from_branches() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t (id int PRIMARY KEY)");
      db.execute("INSERT INTO t VALUES (1)");
      long scn = db.queryOne("SELECT pg_current_scn()", Long.class);
      db.execute("INSERT INTO t VALUES (2)");
      db.execute("CREATE DATABASE BRANCH old FROM main AS OF SCN " + scn);
      EmbeddedSession old = on(db, "old");
      old.execute("INSERT INTO t VALUES (10)");
      old.execute("CREATE DATABASE BRANCH older FROM CURRENT");
      old.execute("INSERT INTO t VALUES (11)");
      assertEquals("(id=1)(id=10)", rows(on(db, "older"), "SELECT id FROM t ORDER BY id"));
      assertEquals("22023", error(old, "CREATE DATABASE BRANCH never FROM main AS OF SCN 99999999"));
      assertEquals("22023", error(old, "CREATE DATABASE BRANCH x WITH (unknown = 1)"));
      assertEquals("42P04", error(old, "CREATE DATABASE BRANCH older"));
      assertEquals("3D000", error(old, "USE BRANCH nowhere"));
    }
  }

  @Test
  void a_branch_in_use_stays_and_children_outlive_their_parent(@TempDir Path directory) {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
      db.execute("CREATE TABLE t (id int PRIMARY KEY)");
      db.execute("INSERT INTO t VALUES (1)");
      db.execute("CREATE DATABASE BRANCH parent");
      EmbeddedSession session = on(db, "parent");
      session.execute("INSERT INTO t VALUES (2)");
      session.execute("CREATE DATABASE BRANCH child");
      assertEquals("55006", error(session, "DROP DATABASE BRANCH parent"));
      assertThrows(SqlException.class, () -> db.execute("DROP DATABASE BRANCH parent"));
      session.execute("USE BRANCH child");
      db.execute("DROP DATABASE BRANCH parent");
      assertEquals("(id=1)(id=2)", rows(session, "SELECT id FROM t ORDER BY id"));
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory, "child")) {
      assertEquals(2L, db.queryOne("SELECT count(*) FROM t", Long.class));
      db.execute("USE BRANCH main");
      db.execute("DROP DATABASE BRANCH child");
      db.engine().housekeeper().awaitIdle();
      db.engine().housekeeper().awaitIdle();
      assertEquals(1, db.engine().branchRegistry().all().size(), "the child is freed, then its nameless parent");
      try (var reader = db.engine().system().store().acquireReader()) {
        assertEquals(0, reader.branchUsage(2, 0).bytes() + reader.branchUsage(3, 0).bytes());
      }
    }
  }

  @Test
  void main_is_replaced_in_one_step(@TempDir Path directory) {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
      db.execute("CREATE TABLE t (id int)");
      db.execute("CREATE DATABASE BRANCH backup_daily FROM main AS OF NOW");
      db.execute("INSERT INTO t VALUES (666)");
      db.execute("CREATE DATABASE BRANCH main_new FROM backup_daily AS OF NOW");
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory, "main_new")) {
      db.execute("INSERT INTO t VALUES (1)");
      db.execute("DROP DATABASE BRANCH main");
      db.execute("ALTER DATABASE BRANCH main_new RENAME TO main");
      assertEquals("main", db.queryOne("SHOW BRANCH", String.class));
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
      assertEquals(1, db.queryOne("SELECT id FROM t", Integer.class));
    }
  }

  @Test
  void branch_statements_roll_back_and_need_ownership() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("BEGIN");
      db.execute("CREATE DATABASE BRANCH b");
      db.execute("ROLLBACK");
      EmbeddedSession session = db.createSession();
      assertEquals("3D000", error(session, "USE BRANCH b"));
      session.execute("CREATE DATABASE BRANCH b");
      session.execute("BEGIN");
      session.execute("DROP DATABASE BRANCH b");
      session.execute("ROLLBACK");
      session.execute("CREATE ROLE guest");
      session.execute("SET ROLE guest");
      assertEquals("42501", error(session, "CREATE DATABASE BRANCH mine FROM main"));
      assertEquals("42501", error(session, "DROP DATABASE BRANCH b"));
      session.execute("RESET ROLE");
      session.execute("USE BRANCH b");
      session.execute("CREATE TABLE t (id int)");
      session.execute("BEGIN");
      session.execute("INSERT INTO t VALUES (1)");
      assertEquals("25001", error(session, "CREATE DATABASE BRANCH c"));
      session.execute("ROLLBACK");
      assertTrue(session.query("SELECT * FROM t").isEmpty());
    }
  }

  @Test
  void a_moment_that_some_table_no_longer_has_cannot_be_forked() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE short (id int PRIMARY KEY, v int) WITH (retention_days = 0)");
      db.execute("INSERT INTO short VALUES (1, 1)");
      long then = db.queryOne("SELECT pg_current_scn()", Long.class);
      db.execute("UPDATE short SET v = 2");
      db.execute("CREATE DATABASE BRANCH holds FROM main AS OF SCN " + then);
      db.execute("VACUUM");
      assertEquals("(v=1)", rows(on(db, "holds"), "SELECT v FROM short"));
      try (EmbeddedSession session = db.createSession()) {
        session.execute("CREATE TABLE other (id int)");
        assertEquals("72000", error(session, "CREATE DATABASE BRANCH early FROM main AS OF SCN " + (then - 1)));
        session.execute("DROP TABLE short");
        session.execute("CREATE DATABASE BRANCH now FROM main");
      }
    }
  }

  @Test
  void verification_goes_past_a_dropped_parent() {
    try (EmbeddedDatabase fresh = EmbeddedDatabase.newInMemory()) {
      fresh.execute("CREATE TABLE t (id int PRIMARY KEY)");
      fresh.execute("CREATE DATABASE BRANCH parent");
      fresh.execute("CREATE DATABASE BRANCH child FROM parent");
      fresh.execute("DROP DATABASE BRANCH parent");
      assertEquals(List.of(), fresh.verify().problems());
    }
  }
}
