package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.lock.Host;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Time limits end what they are for, and nothing else. Whether a session has been ended is seen by what it held: another session that
/// waits for it goes on.
@Timeout(60)
class SessionTimeoutsTest {
  private static EmbeddedDatabase db;

  @BeforeAll
  static void open() {
    db = EmbeddedDatabase.newInMemory();
    db.execute("CREATE TABLE held (id int PRIMARY KEY, n int); INSERT INTO held VALUES (1, 0)");
  }

  @AfterAll
  static void close() {
    db.close();
  }

  private static SqlException failure(EmbeddedSession session, String sql) {
    return assertThrows(SqlException.class, () -> session.execute(sql));
  }

  private static void assertEnded(EmbeddedSession session, String state, String message) {
    SqlException error = failure(session, "SELECT 1");
    assertEquals(state, error.state().code());
    assertEquals(message, error.getMessage());
  }

  @Test
  void statement_timeout_cancels_the_statement_and_the_session_goes_on() {
    try (EmbeddedSession session = db.createSession()) {
      session.execute("SET statement_timeout = 20");
      long start = System.nanoTime();
      SqlException error = failure(session, "SELECT pg_sleep(30)");
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertEquals("57014", error.state().code());
      assertEquals("canceling statement due to statement timeout", error.getMessage());
      assertTrue(millis >= 20 && millis < 10_000, "after " + millis + " ms");
      assertEquals(7, session.queryOne("SELECT 7", Integer.class));
      assertEquals("57014", failure(session, "SELECT count(*) FROM generate_series(1, 100000000000)").state().code());
    }
  }

  @Test
  void a_time_out_never_hits_the_next_statement() {
    try (EmbeddedSession session = db.createSession()) {
      for (int i = 0; i < 150; i++) {
        session.execute("SET statement_timeout = 1");
        try {
          session.execute("SELECT pg_sleep(0.001)");
        } catch (SqlException e) {
          assertEquals("57014", e.state().code());
        }
        session.execute("RESET statement_timeout");
        session.execute("SELECT pg_sleep(0)");
      }
    }
  }

  @Test
  void statement_timeout_ends_a_wait_for_a_lock() {
    try (EmbeddedSession holder = db.createSession();
        EmbeddedSession waiter = db.createSession()) {
      holder.execute("BEGIN; UPDATE held SET n = n + 1");
      waiter.execute("SET statement_timeout = 20");
      assertEquals("57014", failure(waiter, "UPDATE held SET n = n + 1").state().code());
      waiter.execute("SET statement_timeout = 0; SET lock_timeout = 20");
      SqlException error = failure(waiter, "UPDATE held SET n = n + 1");
      assertEquals("55P03", error.state().code());
      assertEquals("canceling statement due to lock timeout", error.getMessage());
      holder.execute("ROLLBACK");
      assertEquals(1, waiter.execute("UPDATE held SET n = n + 1"));
    }
  }

  @Test
  void an_idle_transaction_is_ended_and_lets_go_of_its_locks() {
    try (EmbeddedSession idle = db.createSession();
        EmbeddedSession waiter = db.createSession()) {
      idle.execute("SET idle_in_transaction_session_timeout = 30");
      idle.execute("BEGIN");
      idle.execute("UPDATE held SET n = 1000");
      assertEquals(1, waiter.execute("UPDATE held SET n = n + 1"));
      assertTrue(waiter.queryOne("SELECT n FROM held", Integer.class) < 1000, "the idle transaction was rolled back");
      assertEnded(idle, "25P03", "terminating connection due to idle-in-transaction timeout");
    }
  }

  @Test
  void a_failed_transaction_that_idles_is_ended_too() {
    try (EmbeddedSession idle = db.createSession();
        EmbeddedSession waiter = db.createSession()) {
      idle.execute("SELECT pg_advisory_lock(41)");
      idle.execute("SET idle_in_transaction_session_timeout = 30");
      idle.execute("BEGIN");
      failure(idle, "SELECT 1/0");
      waiter.execute("SELECT pg_advisory_lock(41)");
      assertEnded(idle, "25P03", "terminating connection due to idle-in-transaction timeout");
    }
  }

  @Test
  void an_idle_session_is_ended() {
    try (EmbeddedSession idle = db.createSession();
        EmbeddedSession waiter = db.createSession()) {
      idle.execute("SELECT pg_advisory_lock(42)");
      idle.execute("SET idle_session_timeout = 30");
      waiter.execute("SELECT pg_advisory_lock(42)");
      assertEnded(idle, "57P05", "terminating connection due to idle-session timeout");
    }
  }

  @Test
  void transaction_timeout_ends_the_session_whatever_it_does() {
    try (EmbeddedSession running = db.createSession();
        EmbeddedSession idle = db.createSession();
        EmbeddedSession waiter = db.createSession()) {
      // A later statement time-out does not come first: the session is ended, not the statement.
      running.execute("SET transaction_timeout = 30; SET statement_timeout = 30000");
      SqlException error = failure(running, "SELECT pg_sleep(30)");
      assertEquals("25P04", error.state().code());
      assertEquals("terminating connection due to transaction timeout", error.getMessage());
      assertEnded(running, "25P04", "terminating connection due to transaction timeout");

      idle.execute("BEGIN");
      idle.execute("UPDATE held SET n = 2000");
      idle.execute("SET transaction_timeout = 30");
      assertEquals(1, waiter.execute("UPDATE held SET n = n + 1"));
      assertEnded(idle, "25P04", "terminating connection due to transaction timeout");
    }
  }

  @Test
  void a_handler_in_plpgsql_does_not_keep_an_ended_session_alive() {
    try (EmbeddedSession session = db.createSession()) {
      session.execute("SET transaction_timeout = 30");
      SqlException error =
          failure(session, "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(10); EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$");
      assertEquals("25P04", error.state().code());
    }
  }

  @Test
  void the_default_session_of_a_database_is_never_idle_and_is_replaced_when_it_was_ended() {
    try (EmbeddedDatabase own = EmbeddedDatabase.newInMemory();
        EmbeddedSession other = own.createSession()) {
      int pid = own.queryOne("SELECT pg_backend_pid()", Integer.class);
      own.execute("SET idle_session_timeout = 1");
      // Time enough for the session to be ended if it were going to be.
      other.execute("SELECT pg_sleep(0.02)");
      assertEquals(pid, own.queryOne("SELECT pg_backend_pid()", Integer.class));
      other.execute("SELECT pg_terminate_backend(" + pid + ")");
      assertTrue(own.queryOne("SELECT pg_backend_pid()", Integer.class) != pid);
    }
  }

  @Test
  void deadlines_fire_once_in_order_and_never_after_they_were_disarmed() throws InterruptedException {
    try (Timeouts timeouts = new Timeouts(Host.SYSTEM)) {
      // Armed one after the other: when that took longer than they are apart, nothing is known about their order.
      while (!fireInOrder(timeouts)) {}

      AtomicBoolean armed = new AtomicBoolean();
      AtomicInteger strayCount = new AtomicInteger();
      Timeouts.Deadline racing = timeouts.deadline(() -> {
        if (!armed.get()) {
          strayCount.incrementAndGet();
        }
      });
      for (int i = 0; i < 2000; i++) {
        armed.set(true);
        racing.arm(i % 4 == 0 ? 1 : 0);
        racing.disarm();
        armed.set(false);
      }
      assertEquals(0, strayCount.get());
      assertFalse(armed.get());
    }
  }

  /// Arms three deadlines that are 20 ms apart and checks their order; false when the arming was held up.
  private static boolean fireInOrder(Timeouts timeouts) throws InterruptedException {
    StringBuffer order = new StringBuffer();
    CountDownLatch all = new CountDownLatch(3);
    Timeouts.Deadline moved = timeouts.deadline(() -> order.append('x'));
    long start = System.nanoTime();
    moved.arm(5);
    moved.arm(30_000);
    boolean isMovedInTime = System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(5);
    int delay = 60;
    for (char name : new char[] {'c', 'b', 'a'}) {
      timeouts.deadline(() -> {
        order.append(name);
        all.countDown();
      }).arm(delay);
      delay -= 20;
    }
    boolean isTold = isMovedInTime && System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(20);
    all.await();
    moved.discard();
    if (isTold) {
      assertEquals("abc", order.toString());
    }
    return isTold;
  }
}
