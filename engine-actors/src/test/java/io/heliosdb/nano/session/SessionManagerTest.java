package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.IsolationLevel;
import io.heliosdb.nano.SessionConfig;
import io.heliosdb.nano.SessionManager;
import io.heliosdb.nano.error.SqlException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/// Sessions of users inside one program: rights, transactions, limits, ends.
@Timeout(60)
class SessionManagerTest {
  private EmbeddedDatabase db;
  private SessionManager sessions;

  @BeforeEach
  void open() {
    db = EmbeddedDatabase.newInMemory(
        DatabaseConfig.DEFAULT.withSetting("heliosdb.max_sessions_per_user", "3").withSetting("heliosdb.memory_limit_per_user", "4MB"));
    db.execute("CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE ROLE nobody NOLOGIN");
    db.execute("CREATE TABLE accounts (id int PRIMARY KEY, balance int); INSERT INTO accounts VALUES (1, 1000), (2, 1000); GRANT ALL ON accounts TO alice");
    sessions = db.sessionManager();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static void assertState(String state, Executable call) {
    assertEquals(state, assertThrows(SqlException.class, call).state().code());
  }

  @Test
  void a_transaction_is_its_session_s_own() {
    long a = sessions.createSession("alice", IsolationLevel.READ_COMMITTED);
    long b = sessions.createSession("alice", IsolationLevel.REPEATABLE_READ);
    assertEquals("repeatable read", sessions.queryOne(b, "SHOW transaction_isolation", String.class));
    sessions.beginTransaction(b);
    assertEquals(1000, sessions.queryOne(b, "SELECT balance FROM accounts WHERE id = 1", Integer.class));
    sessions.beginTransaction(a);
    assertEquals(1, sessions.execute(a, "UPDATE accounts SET balance = balance - $1 WHERE id = 1", 100));
    assertState("25001", () -> sessions.beginTransaction(a));
    sessions.commitTransaction(a);
    assertEquals(900, sessions.queryOne(a, "SELECT balance FROM accounts WHERE id = 1", Integer.class));
    assertEquals(1000, sessions.queryOne(b, "SELECT balance FROM accounts WHERE id = 1", Integer.class));
    assertState("40001", () -> sessions.execute(b, "UPDATE accounts SET balance = 0 WHERE id = 1"));
    assertState("25P02", () -> sessions.commitTransaction(b));
    assertState("25P01", () -> sessions.commitTransaction(b));
    assertState("25P01", () -> sessions.rollbackTransaction(b));
    sessions.destroySession(a);
    assertState("08003", () -> sessions.execute(a, "SELECT 1"));
    assertEquals(List.of(b), sessions.sessions());
  }

  @Test
  void a_session_has_the_rights_of_its_user() {
    long bob = sessions.createSession("bob");
    assertEquals("bob", sessions.queryOne(bob, "SELECT current_user", String.class));
    assertState("42501", () -> sessions.query(bob, "SELECT * FROM accounts"));
    assertState("28000", () -> sessions.createSession("mallory"));
    assertState("28000", () -> sessions.createSession("nobody"));
  }

  @Test
  void limits_of_a_user_are_kept_and_others_go_on() {
    for (int i = 0; i < 3; i++) {
      sessions.createSession("alice");
    }
    assertState("53300", () -> sessions.createSession("alice"));
    long bob = sessions.createSession("bob");
    sessions.destroySession(sessions.sessions().getFirst());
    long alice = sessions.createSession("alice");

    sessions.beginTransaction(alice);
    SqlException error =
        assertThrows(SqlException.class, () -> sessions.execute(alice, "INSERT INTO accounts SELECT i, 0 FROM generate_series(10, 1000000) i"));
    assertEquals("53200", error.state().code());
    assertEquals("memory limit exceeded for user 'alice'", error.getMessage());
    sessions.rollbackTransaction(alice);
    assertEquals(1, sessions.execute(alice, "INSERT INTO accounts VALUES (10, 0)"), "the session lives on");
    assertEquals(7, sessions.queryOne(bob, "SELECT 7", Integer.class));

    SessionManager own = db.sessionManager(SessionConfig.DEFAULT.withSessionsPerUserMax(1));
    own.createSession("bob");
    assertState("53300", () -> own.createSession("bob"));
  }

  @Test
  void an_idle_session_is_cleaned_up_and_says_why() {
    SessionManager impatient = db.sessionManager(SessionConfig.DEFAULT.withIdleTimeout(Duration.ofMillis(30)));
    long idle = impatient.createSession("alice");
    impatient.execute(idle, "BEGIN; UPDATE accounts SET balance = 5 WHERE id = 2");
    impatient.execute(idle, "COMMIT; SELECT pg_advisory_lock(1)");
    long waiter = sessions.createSession("alice");
    sessions.execute(waiter, "SELECT pg_advisory_lock(1)");
    assertState("57P05", () -> impatient.execute(idle, "SELECT 1"));
    assertTrue(impatient.sessions().isEmpty());
  }

  @Test
  void calls_of_several_threads_for_one_session_take_turns() throws Exception {
    long id = sessions.createSession("alice");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> calls =
          java.util.stream.IntStream.range(0, 50).mapToObj(i -> threads.submit(() -> sessions.execute(id, "UPDATE accounts SET balance = balance + 1 WHERE id = 1"))).toList();
      for (Future<Long> call : calls) {
        assertEquals(1, call.get());
      }
    }
    assertEquals(1050, sessions.queryOne(id, "SELECT balance FROM accounts WHERE id = 1", Integer.class));
  }
}
