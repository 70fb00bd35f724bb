package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import org.junit.jupiter.api.Test;

class TableAsSourcesTest {
  @Test
  void select_into_and_execute_make_tables() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE source AS SELECT i AS a FROM generate_series(1, 5) i");
      db.execute("SELECT a, a * 2 AS b INTO copy FROM source WHERE a > 2");
      db.execute("SELECT a INTO both_parts FROM source UNION ALL SELECT b FROM copy");
      db.execute("PREPARE evens AS SELECT a FROM source WHERE a % 2 = 0");
      db.execute("CREATE TABLE executed AS EXECUTE evens");
      assertEquals(24L, number(db, "SELECT sum(b) FROM copy"));
      assertEquals(8L, number(db, "SELECT count(*) FROM both_parts"));
      assertEquals(2L, number(db, "SELECT count(*) FROM executed"));
      db.execute("PREPARE above AS SELECT a FROM source WHERE a > $1");
      db.execute("CREATE TABLE chosen AS EXECUTE above(3)");
      assertEquals(2L, number(db, "SELECT count(*) FROM chosen"));
      assertEquals("42601", assertThrows(SqlException.class, () -> db.execute("CREATE TABLE x AS EXECUTE above(1, 2)")).state().code());
      assertEquals("42P07", assertThrows(SqlException.class, () -> db.execute("SELECT 1 AS a INTO copy")).state().code());
    }
  }

  private static long number(EmbeddedDatabase db, String sql) {
    return db.queryOne(sql, Long.class);
  }
}
