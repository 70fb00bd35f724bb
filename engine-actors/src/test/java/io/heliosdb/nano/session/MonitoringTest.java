package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.QueryResult;
import io.heliosdb.nano.SessionManager;
import io.heliosdb.nano.error.SqlException;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The views that show what sessions do, and the functions that act on other sessions.
@Timeout(60)
class MonitoringTest {
  private EmbeddedDatabase db;

  @BeforeEach
  void open() {
    db = EmbeddedDatabase.newInMemory();
    db.execute("CREATE TABLE t (id int PRIMARY KEY, n int, s text); CREATE INDEX t_n ON t (n); INSERT INTO t SELECT i, i, 'x' FROM generate_series(1, 100) i");
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static int pid(EmbeddedSession session) {
    return session.queryOne("SELECT pg_backend_pid()", Integer.class);
  }

  private static String text(QueryResult result) {
    StringJoiner lines = new StringJoiner("\n");
    result.forEach(row -> {
      StringJoiner cells = new StringJoiner("|");
      for (int i = 0; i < row.size(); i++) {
        String cell = String.valueOf(row.getString(i));
        cells.add(cell.equals("true") ? "t" : cell);
      }
      lines.add(cells.toString());
    });
    return lines.toString();
  }

  /// Looks again until a condition on the views holds.
  private void await(String condition, Object... arguments) {
    while (!db.queryOne("SELECT " + condition, Boolean.class, arguments)) {
      Thread.onSpinWait();
    }
  }

  private static CompletableFuture<SqlException> running(EmbeddedSession session, String sql) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        session.execute(sql);
        return null;
      } catch (SqlException e) {
        return e;
      }
    });
  }

  /// The blocking-session query of the PostgreSQL wiki ("Lock Monitoring"), which many tools use.
  private static final String BLOCKING =
      """
      SELECT blocked_locks.pid AS blocked_pid, blocking_locks.pid AS blocking_pid, blocked_activity.query, blocking_activity.query
      FROM pg_catalog.pg_locks blocked_locks
      JOIN pg_catalog.pg_stat_activity blocked_activity ON blocked_activity.pid = blocked_locks.pid
      JOIN pg_catalog.pg_locks blocking_locks ON blocking_locks.locktype = blocked_locks.locktype
        AND blocking_locks.database IS NOT DISTINCT FROM blocked_locks.database
        AND blocking_locks.relation IS NOT DISTINCT FROM blocked_locks.relation
        AND blocking_locks.page IS NOT DISTINCT FROM blocked_locks.page
        AND blocking_locks.tuple IS NOT DISTINCT FROM blocked_locks.tuple
        AND blocking_locks.virtualxid IS NOT DISTINCT FROM blocked_locks.virtualxid
        AND blocking_locks.transactionid IS NOT DISTINCT FROM blocked_locks.transactionid
        AND blocking_locks.classid IS NOT DISTINCT FROM blocked_locks.classid
        AND blocking_locks.objid IS NOT DISTINCT FROM blocked_locks.objid
        AND blocking_locks.objsubid IS NOT DISTINCT FROM blocked_locks.objsubid
        AND blocking_locks.pid != blocked_locks.pid
      JOIN pg_catalog.pg_stat_activity blocking_activity ON blocking_activity.pid = blocking_locks.pid
      WHERE NOT blocked_locks.granted AND blocking_locks.granted
      """;

  @Test
  void who_blocks_whom_is_seen_for_rows_tables_and_advisory_locks() {
    String[][] cases = {
      {"UPDATE t SET n = 0 WHERE id = 1", "DELETE FROM t WHERE id = 1", "transactionid"},
      {"LOCK TABLE t IN ACCESS EXCLUSIVE MODE", "SELECT count(*) FROM t", "relation"},
      {"SELECT pg_advisory_xact_lock(5)", "SELECT pg_advisory_lock(5)", "advisory"}
    };
    for (String[] c : cases) {
      try (EmbeddedSession holder = db.createSession();
          EmbeddedSession waiter = db.createSession()) {
        int holderPid = pid(holder);
        int waiterPid = pid(waiter);
        holder.execute("BEGIN");
        holder.execute(c[0]);
        CompletableFuture<SqlException> wait = running(waiter, c[1]);
        await("EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock')", waiterPid);
        assertEquals(waiterPid + "|" + holderPid + "|" + c[1] + "|" + c[0], text(db.query(BLOCKING)));
        assertEquals(c[2] + "|active", text(db.query("SELECT wait_event, state FROM pg_stat_activity WHERE pid = $1", waiterPid)));
        assertEquals("Client|ClientRead|idle in transaction", text(db.query("SELECT wait_event_type, wait_event, state FROM pg_stat_activity WHERE pid = $1", holderPid)));
        assertEquals("{" + holderPid + "}", db.queryOne("SELECT pg_blocking_pids($1)::text", String.class, waiterPid));
        assertEquals("{}", db.queryOne("SELECT pg_blocking_pids($1)::text", String.class, holderPid));
        assertEquals(
            waiterPid + "|" + holderPid + "|f|heliosdb|" + c[1] + "|" + c[0] + "|t",
            text(db.query("SELECT waiter_pid, blocker_pid, blocker_waits_too, waiter_user, waiter_query, blocker_query, waiting_since <= clock_timestamp() FROM heliosdb_wait_for_graph")));
        assertEquals(waiterPid, db.queryOne("SELECT pid FROM pg_locks WHERE waitstart IS NOT NULL", Integer.class));
        holder.execute("COMMIT");
        assertNull(wait.join());
        assertEquals("", text(db.query("SELECT * FROM heliosdb_wait_for_graph")));
      }
    }
  }

  @Test
  void activity_shows_times_and_states_in_order() {
    try (EmbeddedSession other = db.createSession()) {
      int pid = pid(other);
      other.execute("SET application_name = 'reports'");
      other.execute("BEGIN");
      other.execute("INSERT INTO t VALUES (1000, 1)");
      assertEquals(
          "reports|idle in transaction|INSERT INTO t VALUES (1000, 1)|t|t|t|t",
          text(db.query(
              "SELECT application_name, state, query, backend_xid IS NOT NULL, backend_start <= xact_start, xact_start <= query_start, query_start <= state_change"
                  + " FROM pg_stat_activity WHERE pid = $1", pid)));
      assertThrows(SqlException.class, () -> other.execute("SELECT 1/0"));
      assertEquals("idle in transaction (aborted)", db.queryOne("SELECT state FROM pg_stat_activity WHERE pid = $1", String.class, pid));
      other.execute("ROLLBACK");
      assertEquals("idle||", text(db.query("SELECT state, coalesce(xact_start::text, ''), coalesce(backend_xid::text, '') FROM pg_stat_activity WHERE pid = $1", pid)));
      CompletableFuture<SqlException> sleep = running(other, "SELECT pg_sleep(60)");
      await("EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND wait_event = 'PgSleep')", pid);
      db.execute("SELECT pg_cancel_backend($1)", pid);
      assertEquals("57014", sleep.join().state().code());
    }
  }

  @Test
  void signals_need_the_right_role() {
    db.execute("CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE ROLE guard LOGIN IN ROLE pg_signal_backend");
    SessionManager sessions = db.sessionManager();
    long alice = sessions.createSession("alice");
    long alice2 = sessions.createSession("alice");
    long bob = sessions.createSession("bob");
    long guard = sessions.createSession("guard");
    int owner = db.queryOne("SELECT pg_backend_pid()", Integer.class);
    SqlException error = assertThrows(SqlException.class, () -> sessions.query(bob, "SELECT pg_terminate_backend($1)", (int) alice));
    assertEquals("42501", error.state().code());
    assertEquals("must be a member of the role whose process is being terminated or member of pg_signal_backend", error.getMessage());
    error = assertThrows(SqlException.class, () -> sessions.query(guard, "SELECT pg_cancel_backend($1)", owner));
    assertEquals("must be a superuser to cancel superuser query", error.getMessage());
    assertEquals(false, sessions.queryOne(bob, "SELECT pg_terminate_backend(1)", Boolean.class));
    // Others' statements are not for everybody's eyes.
    sessions.execute(alice, "SELECT 'my secret'");
    assertEquals("<insufficient privilege>|null|null", text(sessions.query(bob, "SELECT query, state, xact_start FROM pg_stat_activity WHERE pid = $1", (int) alice)));
    assertEquals("SELECT 'my secret'|idle", text(sessions.query(alice2, "SELECT query, state FROM pg_stat_activity WHERE pid = $1", (int) alice)));

    assertEquals(true, sessions.queryOne(guard, "SELECT pg_terminate_backend($1, 10000)", Boolean.class, (int) bob));
    assertEquals("57P01", assertThrows(SqlException.class, () -> sessions.execute(bob, "SELECT 1")).state().code());
    assertEquals(true, sessions.queryOne(alice, "SELECT pg_terminate_backend($1)", Boolean.class, (int) alice2));
  }

  @Test
  void use_of_tables_indexes_and_statements_is_counted() {
    try (EmbeddedSession other = db.createSession()) {
      for (int i = 1; i <= 5; i++) {
        other.query("SELECT s FROM t WHERE id = " + i);
        other.query("SELECT s FROM t WHERE n = $1", i);
      }
      other.execute("UPDATE t SET s = 'y' WHERE id <= 10");
      other.execute("DELETE FROM t WHERE id > 95");
      other.execute("INSERT INTO t VALUES (200, 1, NULL), (201, 1, NULL)");
      other.query("SELECT sum(length(s)) FROM t");
    }
    String tables = "SELECT seq_scan > 0, seq_tup_read >= 97, idx_scan >= 12, n_tup_ins, n_tup_upd, n_tup_del, n_live_tup FROM pg_stat_user_tables WHERE relname = 't'";
    assertEquals("t|t|t|102|10|5|97", text(db.query(tables)));
    assertEquals(
        "t_n|5|5\nt_pkey|t|t",
        text(db.query("SELECT indexrelname, idx_scan, idx_tup_read FROM pg_stat_user_indexes ORDER BY 1")).replaceAll("pkey\\|[1-9]\\d*\\|[1-9]\\d*", "pkey|t|t"));
    db.execute("ANALYZE t");
    db.execute("INSERT INTO t VALUES (300, 1, NULL)");
    assertEquals("1|97|t", text(db.query("SELECT n_mod_since_analyze, n_live_tup, last_analyze <= now() FROM pg_stat_user_tables WHERE relname = 't'")));
    assertEquals(
        "SELECT s FROM t WHERE id = $1|5|5|t\nSELECT s FROM t WHERE n = $1|5|5|t",
        text(db.query("SELECT query, calls, rows, total_exec_time >= max_exec_time AND max_exec_time >= min_exec_time AND abs(mean_exec_time * calls - total_exec_time) < 0.001"
            + " FROM pg_stat_statements WHERE query LIKE 'SELECT s FROM t%' ORDER BY query")));
    assertEquals("100", db.queryOne("SELECT rows::text FROM pg_stat_statements WHERE query LIKE 'INSERT INTO t SELECT%' AND calls = 1", String.class));
    db.execute("SELECT pg_stat_statements_reset()");
    assertEquals(0L, db.queryOne("SELECT count(*) FROM pg_stat_statements WHERE query LIKE 'SELECT s%'", Long.class));
    assertEquals(
        "t|t|t|t",
        text(db.query("SELECT xact_commit > 10, tup_inserted >= 103, sessions >= 2, numbackends = (SELECT count(*) FROM pg_stat_activity) FROM pg_stat_database WHERE datname = 'heliosdb'"))
            );
  }

  @Test
  void memory_of_a_session_and_unsaved_changes(@TempDir Path directory) {
    assertTrue(db.queryOne("SELECT pg_stat_get_dirty_bytes()", Long.class) > 0);
    assertTrue(db.queryOne("SELECT pg_stat_get_dirty_changes()", Long.class) >= 100);
    db.engine().dirtyState().dumped(db.engine().dirtyState().mark());
    assertEquals(0L, db.queryOne("SELECT pg_stat_get_dirty_bytes()", Long.class));
    db.execute("UPDATE t SET n = 0 WHERE id = 1");
    assertEquals(1L, db.queryOne("SELECT pg_stat_get_dirty_changes()", Long.class));
    try (EmbeddedSession writer = db.createSession()) {
      int pid = pid(writer);
      writer.execute("BEGIN; INSERT INTO t SELECT i, i FROM generate_series(1000, 20000) i");
      assertTrue(db.queryOne("SELECT pg_session_memory_usage($1)", Long.class, pid) > 1_000_000);
      writer.execute("ROLLBACK");
      assertEquals(0L, db.queryOne("SELECT pg_session_memory_usage($1)", Long.class, pid));
      assertEquals(1L, db.queryOne("SELECT pg_stat_get_dirty_changes()", Long.class));
    }
    assertNull(db.queryOne("SELECT pg_session_memory_usage(1)", Long.class));
    try (EmbeddedDatabase onDisk = EmbeddedDatabase.open(directory.resolve("db"))) {
      onDisk.execute("CREATE TABLE x (a int); INSERT INTO x VALUES (1)");
      assertEquals(0L, onDisk.queryOne("SELECT pg_stat_get_dirty_bytes()", Long.class));
    }
  }
}
