package io.heliosdb.nano.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.EmbeddedDatabase;
import org.junit.jupiter.api.Test;

/// Scans by pages end where keys begin that the pages do not have whole, and go on by keys from there.
class LongKeysScanTest {
  @Test
  void no_row_is_left_out_around_long_keys() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      for (int every : new int[] {1, 2, 11, 40, 300}) {
        db.execute("CREATE TABLE t (l bigint, s text, PRIMARY KEY (l, s))");
        db.execute("INSERT INTO t SELECT g, CASE WHEN g % " + every + " = 0 THEN repeat('k', 600) ELSE 'short' END FROM generate_series(1, 3000) g");
        assertEquals(3000L * 3001 / 2, db.queryOne("SELECT sum(l)::bigint FROM t WHERE s <> ''", Long.class), "every " + every);
        assertEquals(0L, db.queryOne("SELECT count(*) FROM generate_series(1, 3000) g WHERE NOT EXISTS (SELECT FROM t WHERE l = g)", Long.class));
        assertEquals(
            3000 / every, db.queryOne("SELECT count(*) FROM (SELECT l, s FROM t ORDER BY l, s) x WHERE length(s) = 600", Long.class), "every " + every);
        db.execute("DROP TABLE t");
      }
    }
  }
}
