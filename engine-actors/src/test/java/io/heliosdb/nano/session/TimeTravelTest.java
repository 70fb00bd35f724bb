package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.error.SqlException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// AS OF: rows, schema and indexes of another time, under present privileges.
class TimeTravelTest {
  private EmbeddedDatabase db;
  private EmbeddedSession session;

  @BeforeEach
  void open() {
    db = EmbeddedDatabase.newInMemory();
    session = db.createSession();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private long scn() {
    return session.queryOne("SELECT pg_current_scn()", Long.class);
  }

  private String rows(String sql, Object... arguments) {
    StringBuilder text = new StringBuilder();
    session.query(sql, arguments).forEach(text::append);
    return text.toString();
  }

  private String error(String sql, Object... arguments) {
    return assertThrows(SqlException.class, () -> session.query(sql, arguments)).state().code();
  }

  @Test
  void rows_schema_and_indexes_of_the_time() {
    session.execute("CREATE TABLE t (id int PRIMARY KEY, v text, n int)");
    session.execute("CREATE VIEW w AS SELECT id, v FROM t WHERE n > 0");
    session.execute("INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2)");
    long first = scn();
    session.execute("UPDATE t SET v = 'A' WHERE id = 1");
    session.execute("CREATE INDEX ti ON t (v)");
    long indexed = scn();
    session.execute("ALTER TABLE t ADD COLUMN z int DEFAULT 5");
    session.execute("DELETE FROM t WHERE id = 2");
    session.execute("ALTER TABLE t DROP COLUMN n CASCADE");
    String then = "(id=1, v=a, n=1)(id=2, v=b, n=2)";
    assertEquals("(id=1, v=A, z=5)", rows("SELECT * FROM t"));
    assertEquals(then, rows("SELECT * FROM t AS OF SCN " + first + " ORDER BY id"));
    assertEquals(then, rows("SELECT * FROM t AS OF SCN $1 ORDER BY id", first));
    assertEquals(then, rows("SELECT * FROM t AS OF SCN (SELECT " + first + ") x ORDER BY id"));
    assertEquals(then, rows("SELECT * FROM t AS OF TIMESTAMP (SELECT commit_time FROM heliosdb_commits WHERE scn = $1) ORDER BY id", first));
    assertEquals("(id=1, v=a)(id=2, v=b)", rows("SELECT * FROM w AS OF SCN " + first + " ORDER BY id"));
    assertEquals("(was=a, is=A)", rows("SELECT p.v AS was, c.v AS is FROM t AS OF SCN " + first + " p JOIN t c USING (id)"));
    assertEquals("(id=2)", rows("SELECT id FROM t AS OF SCN $1 WHERE v = 'b'", indexed));
    assertTrue(rows("EXPLAIN SELECT id FROM t AS OF SCN " + indexed + " WHERE v = 'b'").contains("Index Scan using ti"));
    assertTrue(rows("EXPLAIN SELECT id FROM t AS OF SCN " + first + " WHERE v = 'b'").contains("Seq Scan"));
    session.execute("CREATE TABLE copy AS SELECT * FROM t AS OF SCN " + first);
    session.execute("INSERT INTO copy SELECT * FROM t AS OF SCN " + indexed + " WHERE id = 1");
    assertEquals("(count=3)", rows("SELECT count(*) FROM copy"));
    session.execute("DROP TABLE t CASCADE");
    assertEquals(then, rows("SELECT * FROM t AS OF SCN " + first + " ORDER BY id"), "a dropped table");
    assertEquals("42P01", error("SELECT * FROM t AS OF SCN 1"));
    assertEquals("22023", error("SELECT * FROM copy AS OF SCN 999999999"));
    assertEquals("22023", error("SELECT * FROM copy AS OF TIMESTAMP '1999-01-01'"));
    assertEquals("0A000", error("SELECT * FROM copy AS OF SCN " + scn() + " FOR UPDATE"));
  }

  @Test
  void a_session_in_the_past_reads_only() {
    session.execute("CREATE TABLE t (id int)");
    session.execute("INSERT INTO t VALUES (1)");
    long first = scn();
    session.execute("INSERT INTO t VALUES (2)");
    session.execute("SET heliosdb.as_of = 'SCN " + first + "'");
    assertEquals("(id=1)", rows("SELECT * FROM t"));
    assertEquals("(id=1)(id=2)", rows("SELECT * FROM t AS OF NOW ORDER BY id"));
    assertEquals("25006", error("INSERT INTO t VALUES (3)"));
    assertEquals("25006", error("DROP TABLE t"));
    assertEquals("22023", error("SET heliosdb.as_of = '2999-01-01'"));
    session.execute("RESET heliosdb.as_of");
    assertEquals("(id=1)(id=2)", rows("SELECT * FROM t ORDER BY id"));
  }

  @Test
  void privileges_and_policies_of_now_apply_to_then() {
    session.execute("CREATE ROLE reader");
    session.execute("CREATE TABLE t (id int, owner text)");
    session.execute("GRANT SELECT ON t TO reader");
    session.execute("INSERT INTO t VALUES (1, 'reader'), (2, 'other')");
    session.execute("CREATE DATABASE BRANCH b");
    long first = scn();
    session.execute("SET heliosdb.auto_enable_rls = on");
    session.execute("CREATE POLICY own ON t USING (owner = current_user)");
    session.execute("ALTER TABLE t ENABLE ROW LEVEL SECURITY");
    session.execute("SET ROLE reader");
    assertEquals("(id=1)", rows("SELECT id FROM t AS OF SCN " + first));
    session.execute("USE BRANCH b");
    assertEquals("(id=1)", rows("SELECT id FROM t"), "a policy that main got after the fork");
    session.execute("USE BRANCH main");
    session.execute("RESET ROLE");
    session.execute("REVOKE SELECT ON t FROM reader");
    session.execute("SET ROLE reader");
    assertEquals("42501", error("SELECT id FROM t AS OF SCN " + first));
    session.execute("USE BRANCH b");
    assertEquals("42501", error("SELECT id FROM t"), "a privilege that main revoked after the fork");
    session.execute("RESET ROLE");
    session.execute("CREATE TABLE own_of_b (id int)");
    session.execute("GRANT SELECT ON own_of_b TO reader");
    session.execute("SET ROLE reader");
    assertEquals("", rows("SELECT id FROM own_of_b"));
  }
}
