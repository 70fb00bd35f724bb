package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.IsolationLevel;
import io.heliosdb.nano.SessionManager;
import io.heliosdb.nano.error.SqlException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What spills runs within a user's memory limit however much it is; what cannot is refused when the limit is reached, not before.
@Timeout(60)
class StatementMemoryTest {
  private EmbeddedDatabase db;
  private SessionManager sessions;
  private long alice;

  @BeforeEach
  void open() {
    db = EmbeddedDatabase.newInMemory(DatabaseConfig.DEFAULT.withSetting("heliosdb.memory_limit_per_user", "4MB").withSetting("work_mem", "64kB"));
    db.execute("CREATE ROLE alice LOGIN");
    sessions = db.sessionManager();
    alice = sessions.createSession("alice", IsolationLevel.READ_COMMITTED);
  }

  @AfterEach
  void close() {
    db.close();
  }

  /// Walks a graph of 20,011 nodes, each reached several times.
  @ParameterizedTest
  @ValueSource(strings = {"m", "m::text", "(m / 7.0)::numeric(12, 4)", "lpad(m::text, 90, 'x') COLLATE \"C\"", "ROW(m, 'a')::text", "m::float4", "ARRAY[m, -m]"})
  void keys_of_a_recursive_union_spill(String key) {
    String result = sessions.queryOne(alice, """
        WITH RECURSIVE r(n, k) AS (
          SELECT 1, %s FROM (VALUES (1)) s(m)
          UNION SELECT m, %s FROM r, LATERAL (VALUES (n * 2 %% 20011), ((n * 2 + 1) %% 20011), ((n + 17) %% 20011)) v(m))
        SELECT count(*) || ' ' || count(DISTINCT n) || ' ' || sum(n) FROM r""".formatted(key, key), String.class);
    assertEquals("20011 20011 200210055", result);
  }

  @Test
  void rows_with_nulls_are_seen_once() {
    assertEquals(20_001L, sessions.queryOne(alice, """
        WITH RECURSIVE r(n, x) AS (
          VALUES (0, NULL::text)
          UNION SELECT m, NULL FROM r, LATERAL (SELECT g FROM generate_series(1, 20000) g WHERE n < 3) v(m))
        SELECT count(*) FROM r""", Long.class));
  }

  /// The first count of elements that is refused is that which fills the limit, within a third.
  @ParameterizedTest
  @ValueSource(strings = {
    "string_agg('0123456789', ',')|22", "json_agg(1000000 + g)|36", "array_agg(lpad(g::text, 20, '0'))|80", "string_agg('☃☃☃☃☃', '')|20",
    "jsonb_agg(g)|150", "array_agg(g)|36"})
  void what_an_aggregate_collects_is_counted(String test) {
    String aggregate = test.substring(0, test.indexOf('|'));
    double bytesPerRow = Double.parseDouble(test.substring(test.indexOf('|') + 1));
    long limit = 4L << 20;
    String query = "SELECT length((" + aggregate + ")::text) FROM generate_series(1, %d) g";
    long fits = (long) (limit / bytesPerRow / 3);
    assertTrue(sessions.queryOne(alice, query.formatted(fits), Integer.class) > 0);
    SqlException refused =
        assertThrows(SqlException.class, () -> sessions.queryOne(alice, query.formatted((long) (limit / bytesPerRow * 3)), Integer.class), test);
    assertEquals("53200", refused.state().code());
    assertEquals(1, sessions.queryOne(alice, "SELECT 1", Integer.class));
  }
}
