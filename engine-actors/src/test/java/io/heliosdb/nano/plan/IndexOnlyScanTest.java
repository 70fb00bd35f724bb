package io.heliosdb.nano.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.IsolationLevel;
import io.heliosdb.nano.QueryResult;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scans that take their columns from the entries of an index give what the rows would.
class IndexOnlyScanTest {
  private EmbeddedDatabase db;

  @BeforeEach
  void open() {
    db = EmbeddedDatabase.newInMemory();
    db.execute(
        "CREATE TABLE t (i int, s text, d date, u uuid, b bool, z timestamptz, k int2, l bigint, n numeric, filler text, PRIMARY KEY (l, s))");
    // The copy has no index, so its rows are always read themselves.
    db.execute("CREATE TABLE copy AS SELECT * FROM t");
    db.execute(
        """
        INSERT INTO t SELECT CASE WHEN g % 7 = 0 THEN NULL ELSE g % 50 - 20 END,
          CASE WHEN g % 11 = 0 THEN repeat(chr(97 + g % 26), 600) || g ELSE 'text' || g || E'\\\\' || chr(228) END,
          CASE WHEN g % 5 = 0 THEN 'infinity' ELSE date '2020-01-01' + g END, md5(g::text)::uuid, g % 3 = 0,
          timestamptz '2020-01-01 00:00:00+00' - g * interval '1 hour', g % 9 - 4, g - 1000, g / 10.0, repeat('x', 300)
        FROM generate_series(1, 3000) g
        """);
    db.execute("INSERT INTO copy SELECT * FROM t");
    db.execute("CREATE INDEX ON t (i, s DESC, d NULLS FIRST)");
    db.execute("CREATE INDEX ON t (u, b DESC, z)");
    db.execute("CREATE INDEX ON t (k, n)");
    db.execute("ANALYZE");
  }

  @AfterEach
  void close() {
    db.close();
  }

  private String plan(String sql) {
    return rows(db.query("EXPLAIN " + sql)).toString();
  }

  private static List<String> rows(QueryResult result) {
    return result.rows().stream().map(Object::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "SELECT i, s, d FROM t WHERE i = 5 ORDER BY 1, 2, 3",
    "SELECT s, l FROM t WHERE i BETWEEN -20 AND -17 ORDER BY 1, 2",
    "SELECT d, l, s FROM t WHERE i = 3 AND s LIKE 'text%' ORDER BY 1, 2, 3",
    "SELECT count(*) FROM t WHERE i = 3",
    "SELECT count(*), max(l) FROM t WHERE i IS NULL",
    "SELECT i, s FROM t WHERE i IN (1, 2, 29) ORDER BY i DESC, s",
    "SELECT z, b, u FROM t WHERE u < '10000000-0000-0000-0000-000000000000' ORDER BY u",
    "SELECT b, count(*) FROM t WHERE u > 'f0000000-0000-0000-0000-000000000000' GROUP BY b ORDER BY b",
    "SELECT k, l FROM t WHERE k = -4 AND n < 100 AND l > -950 ORDER BY l",
  })
  void entries_give_what_rows_give(String sql) {
    if (!sql.contains("AND n <")) {
      assertTrue(plan(sql).contains("Index Only Scan using t_"), plan(sql));
    }
    List<String> expected = rows(db.query(sql.replace("FROM t", "FROM copy")));
    assertFalse(expected.isEmpty());
    assertEquals(expected, rows(db.query(sql)));
  }

  @Test
  void rows_are_read_for_anything_else() {
    assertFalse(plan("SELECT filler FROM t WHERE i = 5").contains("Only"));
    assertFalse(plan("SELECT n FROM t WHERE k = 1 AND n = 10").contains("Only"), "numerics keep their scale in the row alone");
    assertFalse(plan("SELECT i, xmin FROM t WHERE i = 5").contains("Only"));
    assertFalse(plan("SELECT i FROM t WHERE i = 5 FOR UPDATE").contains("Only"));
    assertFalse(plan("UPDATE t SET i = 6 WHERE i = 5").contains("Only"));
  }

  @Test
  void own_writes_and_older_snapshots() {
    String count = "SELECT count(*) || ' ' || max(l) FROM t WHERE i = 5";
    assertTrue(plan(count).contains("Index Only Scan"), plan(count));
    String before = db.queryOne(count, String.class);
    try (var reader = db.beginTransaction(IsolationLevel.REPEATABLE_READ); EmbeddedSession writer = db.createSession()) {
      assertEquals(before, reader.queryOne(count, String.class));
      writer.execute("BEGIN");
      writer.execute("DELETE FROM t WHERE i = 5 AND l > -900");
      writer.execute("UPDATE t SET i = 5, l = 77777 WHERE i = 6 AND s = (SELECT min(s) FROM t WHERE i = 6)");
      String inside = writer.queryOne(count, String.class);
      assertEquals(writer.queryOne("SELECT count(*) || ' ' || max(l) FROM t WHERE i + 0 = 5", String.class), inside);
      assertTrue(inside.endsWith(" 77777"), inside);
      assertEquals(before, db.queryOne(count, String.class));
      writer.execute("COMMIT");
      assertEquals(inside, db.queryOne(count, String.class));
      assertEquals(before, reader.queryOne(count, String.class));
    }
  }

  @Test
  void a_cursor_stands_on_its_row() {
    try (EmbeddedSession session = db.createSession()) {
      session.execute("BEGIN");
      session.execute("DECLARE c CURSOR FOR SELECT l FROM t WHERE i = 5");
      Long l = session.queryOne("FETCH 1 FROM c", Long.class);
      assertEquals(1, session.execute("UPDATE t SET filler = 'here' WHERE CURRENT OF c"));
      assertEquals(l, session.queryOne("SELECT l FROM t WHERE filler = 'here'", Long.class));
      session.execute("ROLLBACK");
    }
  }
}
