package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.error.SqlException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A transaction that inserts very many keys keeps them locked like one that inserts few.
class ManyKeysTest {
  private EmbeddedDatabase db;
  private EmbeddedSession loader;
  private EmbeddedSession other;

  @BeforeEach
  void open() {
    db = EmbeddedDatabase.newInMemory();
    db.execute("CREATE TABLE t (id int PRIMARY KEY, u text UNIQUE)");
    loader = db.createSession();
    other = db.createSession();
  }

  @AfterEach
  void close() {
    loader.close();
    other.close();
    db.close();
  }

  private static String state(EmbeddedSession session, String sql) {
    return assertThrows(SqlException.class, () -> session.execute(sql)).state().code();
  }

  private static void insert(EmbeddedSession session, int from, int to) {
    session.execute("INSERT INTO t SELECT i, 'u' || i FROM generate_series(" + from + ", " + to + ") i");
  }

  private CompletableFuture<Long> waiting(String sql) {
    CompletableFuture<Long> result = CompletableFuture.supplyAsync(() -> other.execute(sql));
    while (db.queryOne("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'", Long.class) == 0) {
      Thread.onSpinWait();
    }
    return result;
  }

  @Test
  void whoever_wants_one_of_the_keys_waits_for_the_end_of_the_transaction() {
    loader.execute("BEGIN");
    insert(loader, 1, 20_000);
    other.execute("SET lock_timeout = '50ms'");
    for (String taken : new String[] {"(17, 'x')", "(19999, 'x')", "(-1, 'u19998')", "(20000, 'u3')"}) {
      assertEquals("55P03", state(other, "INSERT INTO t VALUES " + taken));
    }
    assertEquals(1, other.execute("INSERT INTO t VALUES (-7, 'free')"));
    other.execute("RESET lock_timeout");
    CompletableFuture<Long> afterRollback = waiting("INSERT INTO t VALUES (15000, 'mine')");
    loader.execute("ROLLBACK");
    assertEquals(1, afterRollback.join());
    loader.execute("BEGIN");
    insert(loader, 30_000, 50_000);
    CompletableFuture<Long> afterCommit = waiting("INSERT INTO t VALUES (50000, 'mine too')");
    loader.execute("COMMIT");
    assertTrue(assertThrows(Exception.class, afterCommit::join).getCause() instanceof SqlException e && e.state().code().equals("23505"));
    assertEquals(0L, db.queryOne("SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid()", Long.class));
  }

  @Test
  void a_savepoint_gives_its_keys_back_and_no_others() {
    loader.execute("BEGIN");
    insert(loader, 1, 5_000);
    loader.execute("SAVEPOINT a");
    insert(loader, 5_001, 10_000);
    other.execute("SET lock_timeout = '50ms'");
    assertEquals("55P03", state(other, "INSERT INTO t VALUES (9000, 'x')"));
    loader.execute("ROLLBACK TO a");
    assertEquals(1, other.execute("INSERT INTO t VALUES (9000, 'x')"));
    assertEquals("55P03", state(other, "INSERT INTO t VALUES (4000, 'y')"));
    assertEquals("23505", state(loader, "INSERT INTO t VALUES (4000, 'y')"));
  }

  @Test
  void a_deadlock_over_them_is_found() {
    loader.execute("BEGIN");
    insert(loader, 1, 10_000);
    other.execute("BEGIN");
    other.execute("INSERT INTO t VALUES (20000, 'x')");
    CompletableFuture<Long> waits = waiting("INSERT INTO t VALUES (9999, 'y')");
    String failed = "none";
    try {
      loader.execute("INSERT INTO t VALUES (20000, 'z')");
    } catch (SqlException e) {
      failed = e.state().code();
    }
    if (failed.equals("40P01")) {
      loader.execute("ROLLBACK");
      assertEquals(1, waits.join());
    } else {
      assertTrue(assertThrows(Exception.class, waits::join).getCause() instanceof SqlException e && e.state().code().equals("40P01"));
    }
  }
}
