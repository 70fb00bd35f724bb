package io.heliosdb.nano.txn;

import static io.heliosdb.nano.txn.TestSession.TABLE;
import static io.heliosdb.nano.txn.TestSession.key;
import static io.heliosdb.nano.txn.TestSession.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.LockView;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Scripts of named sessions, one step at a time: visibility, anomalies per level, row locks, savepoints, deadlocks.
final class TransactionTest {
  private EngineSystem engine;
  private final List<TestSession> sessions = new ArrayList<>();
  private TestSession a;
  private TestSession b;
  private TestSession c;

  @BeforeEach
  void open() {
    engine = EngineSystem.open(new EngineOptions(StoreOptions.inMemory()));
    use(IsolationLevel.READ_COMMITTED);
    a.run(() -> a.insert(1, 10));
    a.run(() -> a.insert(2, 20));
    a.run(a::commit);
  }

  private void use(IsolationLevel isolation) {
    sessions.forEach(TestSession::close);
    sessions.clear();
    a = session(1, isolation);
    b = session(2, isolation);
    c = session(3, isolation);
  }

  private TestSession session(int pid, IsolationLevel isolation) {
    TestSession session = new TestSession(engine, pid, isolation);
    sessions.add(session);
    return session;
  }

  @AfterEach
  void close() {
    sessions.forEach(TestSession::close);
    assertEquals(List.of(), engine.locks().entries(), "locks are left");
    engine.close();
  }

  private static String state(Runnable step) {
    return assertThrows(SqlException.class, step::run).state().code();
  }

  @Test
  void uncommitted_writes_are_seen_by_their_own_later_commands_only() {
    a.run(() -> a.update(1, v -> 11));
    a.run(() -> a.insert(3, 30));
    a.run(() -> a.delete(2));
    assertEquals(Map.of(1L, 11, 3L, 30), a.run(() -> a.scan()));
    assertEquals(Map.of(1L, 10, 2L, 20), b.run(() -> b.scan()));
    assertEquals(List.of(1L), a.run(() -> a.scanIndex(11)));
    assertEquals(List.of(), a.run(() -> a.scanIndex(10)));
    assertEquals(List.of(1L), b.run(() -> b.scanIndex(10)));
    a.run(a::commit);
    assertEquals(Map.of(1L, 11, 3L, 30), b.run(() -> b.scan()));
    assertEquals(List.of(3L), b.run(() -> b.scanIndex(30)));
  }

  private static Object lockAll(TestSession session, int count) {
    byte[][] keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = key(100 + i);
    }
    Transaction transaction = session.transaction == null || session.transaction.isEnded() ? session.begin() : session.transaction;
    try (StatementAccess access = transaction.beginCommand()) {
      return access.lockRowsNewest(TABLE, keys, new long[count], RowLockMode.UPDATE, WaitPolicy.WAIT, "t");
    }
  }

  /// A batch is locked in order and stops at the first row that somebody else has.
  @Test
  void batches_in_one_order_wait_but_never_in_a_circle() {
    a.run(() -> lockAll(a, 10));
    CompletableFuture<Object> waiting = b.start(() -> lockAll(b, 20));
    b.awaitWaiting(waiting);
    a.run(() -> lockAll(a, 20));
    a.run(a::rollback);
    TestSession.get(waiting);
    b.run(b::rollback);
  }

  @Test
  void rolled_back_writes_leave_no_trace() {
    a.run(() -> a.update(1, v -> 11));
    a.run(() -> a.insert(3, 30));
    a.run(a::rollback);
    assertEquals(Map.of(1L, 10, 2L, 20), a.run(() -> a.scan()));
    assertEquals(List.of(), a.run(() -> a.scanIndex(30)));
  }

  @Test
  void a_command_does_not_see_its_own_writes_but_newest_reads_do() {
    a.run(
        () -> {
          Transaction transaction = a.begin();
          try (StatementAccess access = transaction.beginCommand()) {
            access.insert(TABLE, key(5), row(50), 1);
            assertFalse(access.get(TABLE, key(5), new RowSlot()));
            assertTrue(access.getNewest(TABLE, key(5), new RowSlot()));
            try (StatementAccess nested = transaction.beginCommand()) {
              assertTrue(nested.get(TABLE, key(5), new RowSlot()));
            }
            try (TableCursor cursor = access.scan(TABLE, KeyRange.ALL, false)) {
              assertEquals(Map.of(1L, 10, 2L, 20), TestSession.drain(cursor));
            }
            try (TableCursor cursor = access.scanNewest(TABLE, KeyRange.ALL, true)) {
              assertEquals(Map.of(5L, 50, 2L, 20, 1L, 10), TestSession.drain(cursor));
            }
          }
          return null;
        });
  }

  @Test
  void cursors_continue_behind_a_released_reader_at_their_snapshot() {
    for (boolean reverse : new boolean[] {false, true}) {
      for (boolean ownWrites : new boolean[] {false, true}) {
        a.run(
            () -> {
              Transaction transaction = a.begin();
              if (ownWrites) {
                try (StatementAccess access = transaction.beginCommand()) {
                  access.insert(TABLE, key(0), row(0), 1);
                  access.insert(TABLE, key(9), row(90), 1);
                }
              }
              List<Long> seen = new ArrayList<>();
              try (StatementAccess access = transaction.beginCommand();
                  TableCursor cursor = access.scan(TABLE, KeyRange.ALL, reverse)) {
                access.releaseReader();
                while (cursor.next()) {
                  seen.add(java.nio.ByteBuffer.wrap(cursor.key()).getLong());
                  access.releaseReader();
                  b.run(() -> b.insert(seen.size() * 1000 + (reverse ? 100 : 0) + (ownWrites ? 1 : 0), 7));
                  b.run(b::commit);
                }
              }
              List<Long> expected = new ArrayList<>(ownWrites ? List.of(0L, 1L, 2L, 9L) : List.of(1L, 2L));
              expected = reverse ? expected.reversed() : expected;
              assertEquals(expected, seen.stream().filter(key -> key < 1000).toList());
              assertEquals(0, seen.stream().filter(key -> key >= 1000 && key % 1000 == (reverse ? 100 : 0) + (ownWrites ? 1 : 0)).count());
              transaction.rollback();
              return null;
            });
        c.run(
            () -> {
              for (long key : c.scan().keySet()) {
                if (key >= 1000) {
                  c.delete(key);
                }
              }
              return c.commit();
            });
      }
    }
  }

  @Test
  void second_writer_waits_and_read_committed_sees_the_newest_version() {
    a.run(() -> a.update(1, v -> v + 1));
    CompletableFuture<Integer> second = b.start(() -> b.update(1, v -> v + 1));
    b.awaitWaiting(second);
    a.run(a::commit);
    assertEquals(12, TestSession.get(second));
    b.run(b::commit);
    assertEquals(12, c.run(() -> c.get(1)));
  }

  @ParameterizedTest
  @EnumSource(names = {"REPEATABLE_READ", "SERIALIZABLE"})
  void second_writer_fails_at_higher_levels_but_goes_on_when_the_first_rolls_back(IsolationLevel level) {
    use(level);
    b.run(() -> b.get(2));
    a.run(() -> a.update(1, v -> v + 1));
    CompletableFuture<Integer> second = b.start(() -> b.update(1, v -> v + 1));
    b.awaitWaiting(second);
    a.run(a::commit);
    SqlException error = assertThrows(SqlException.class, () -> TestSession.get(second));
    assertEquals("could not serialize access due to concurrent update", error.getMessage());
    b.run(b::rollback);
    a.run(() -> a.delete(1));
    CompletableFuture<Integer> third = b.start(() -> b.update(1, v -> v + 1));
    b.awaitWaiting(third);
    a.run(a::rollback);
    assertEquals(12, TestSession.get(third));
    c.run(() -> c.get(2));
    b.run(b::commit);
    a.run(() -> a.delete(1));
    a.run(a::commit);
    assertEquals(
        "could not serialize access due to concurrent delete",
        assertThrows(SqlException.class, () -> c.run(() -> c.update(1, v -> 0))).getMessage());
  }

  @Test
  void repeatable_read_keeps_its_snapshot_read_committed_does_not() {
    assertEquals(10, b.run(() -> b.get(1)));
    TestSession repeatable = session(4, IsolationLevel.REPEATABLE_READ);
    assertEquals(10, repeatable.run(() -> repeatable.get(1)));
    a.run(() -> a.update(1, v -> 11));
    a.run(() -> a.delete(2));
    a.run(() -> a.insert(3, 30));
    a.run(a::commit);
    assertEquals(11, b.run(() -> b.get(1)));
    assertEquals(Map.of(1L, 10, 2L, 20), repeatable.run(() -> repeatable.scan()));
    assertEquals(List.of(1L), repeatable.run(() -> repeatable.scanIndex(10)));
    assertEquals(List.of(), repeatable.run(() -> repeatable.scanIndex(30)));
    repeatable.run(repeatable::commit);
    assertEquals(Map.of(1L, 11, 3L, 30), repeatable.run(() -> repeatable.scan()));
  }

  @Test
  void write_skew_is_allowed_below_serializable_and_refused_at_it() {
    for (IsolationLevel level : List.of(IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE)) {
      use(level);
      a.run(() -> a.get(2));
      b.run(() -> b.get(1));
      a.run(() -> a.update(1, v -> v + 1));
      b.run(() -> b.update(2, v -> v + 1));
      a.run(a::commit);
      if (level == IsolationLevel.SERIALIZABLE) {
        SqlException error = assertThrows(SqlException.class, () -> b.run(b::commit));
        assertEquals("40001", error.state().code());
        assertEquals("could not serialize access due to read/write dependencies among transactions", error.getMessage());
      } else {
        b.run(b::commit);
      }
    }
  }

  @Test
  void phantoms_are_refused_in_tables_and_indexes() {
    use(IsolationLevel.SERIALIZABLE);
    a.run(() -> a.scan(KeyRange.of(key(100), true, key(200), true), false));
    b.run(() -> b.insert(150, 1));
    b.run(b::commit);
    a.run(() -> a.insert(300, 1));
    assertEquals("40001", state(() -> a.run(a::commit)));
    a.run(() -> a.scanIndex(77));
    b.run(() -> b.insert(160, 77));
    b.run(b::commit);
    a.run(() -> a.insert(301, 1));
    assertEquals("40001", state(() -> a.run(a::commit)));
    a.run(() -> a.scan(KeyRange.of(key(100), true, key(200), true), false));
    b.run(() -> b.insert(201, 1));
    b.run(b::commit);
    a.run(() -> a.insert(302, 1));
    a.run(a::commit);
  }

  @Test
  void serializable_transactions_that_wrote_nothing_never_fail() {
    use(IsolationLevel.SERIALIZABLE);
    a.run(() -> a.scan());
    b.run(() -> b.update(1, v -> 99));
    b.run(b::commit);
    assertEquals(10, a.run(() -> a.get(1)));
    assertEquals(0, a.run(a::commit));
  }

  @Test
  void row_lock_strengths_conflict_as_in_postgresql() {
    String[] compatible = {"1110", "1100", "1000", "0000"};
    for (RowLockMode held : RowLockMode.values()) {
      for (RowLockMode wanted : RowLockMode.values()) {
        a.run(() -> a.lock(1, held, WaitPolicy.WAIT));
        boolean expected = compatible[held.ordinal()].charAt(wanted.ordinal()) == '1';
        LockOutcome.State state = b.run(() -> b.lock(1, wanted, WaitPolicy.SKIP_LOCKED));
        assertEquals(expected ? LockOutcome.State.UNCHANGED : LockOutcome.State.SKIPPED, state, held + " / " + wanted);
        if (!expected) {
          SqlException error = assertThrows(SqlException.class, () -> b.run(() -> b.lock(1, wanted, WaitPolicy.NOWAIT)));
          assertEquals("could not obtain lock on row in relation \"t\"", error.getMessage());
        }
        b.run(b::rollback);
        a.run(a::rollback);
      }
    }
  }

  @Test
  void queue_is_fair_and_an_upgrading_holder_goes_first() {
    a.run(() -> a.lock(1, RowLockMode.SHARE, WaitPolicy.WAIT));
    CompletableFuture<LockOutcome.State> exclusive = b.start(() -> b.lock(1, RowLockMode.UPDATE, WaitPolicy.WAIT));
    b.awaitWaiting(exclusive);
    CompletableFuture<LockOutcome.State> shared = c.start(() -> c.lock(1, RowLockMode.SHARE, WaitPolicy.WAIT));
    c.awaitWaiting(shared);
    assertEquals(List.of(2), engine.locks().blockingPids(3));
    assertEquals(LockOutcome.State.UNCHANGED, a.run(() -> a.lock(1, RowLockMode.UPDATE, WaitPolicy.WAIT)));
    a.run(a::commit);
    TestSession.get(exclusive);
    assertFalse(shared.isDone());
    b.run(b::commit);
    TestSession.get(shared);
    c.run(c::commit);
  }

  @Test
  void a_deadlock_ends_the_youngest_and_the_other_goes_on() {
    a.run(() -> a.update(1, v -> 1));
    b.run(() -> b.update(2, v -> 2));
    CompletableFuture<Integer> first = a.start(() -> a.update(2, v -> 3));
    a.awaitWaiting(first);
    SqlException error = assertThrows(SqlException.class, () -> b.run(() -> b.update(1, v -> 4)));
    assertEquals("40P01", error.state().code());
    assertTrue(
        error.detail().matches(
            "Process 2 waits for ShareLock on transaction \\d+; blocked by process 1\\.\n"
                + "Process 1 waits for ShareLock on transaction \\d+; blocked by process 2\\."),
        error.detail());
    assertFalse(first.isDone());
    assertEquals(1, engine.statistics().deadlocks());
    b.run(b::rollback);
    assertEquals(3, TestSession.get(first));
    a.run(a::commit);
  }

  @Test
  void a_deadlock_is_found_within_milliseconds() {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      a.run(() -> a.update(1, v -> 1));
      b.run(() -> b.update(2, v -> 2));
      CompletableFuture<Integer> first = a.start(() -> a.update(2, v -> 3));
      a.awaitWaiting(first);
      nanos.add(
          b.run(
              () -> {
                long start = System.nanoTime();
                assertEquals("40P01", state(() -> b.update(1, v -> 4)));
                return System.nanoTime() - start;
              }));
      b.run(b::rollback);
      TestSession.get(first);
      a.run(a::rollback);
    }
    nanos.sort(null);
    assertTrue(nanos.get(7) < 5_000_000, "median " + nanos.get(7) + " ns");
  }

  @Test
  void a_deadlock_of_three_is_found_when_it_closes() {
    a.run(() -> a.insert(3, 30));
    a.run(a::commit);
    a.run(() -> a.update(1, v -> 1));
    b.run(() -> b.update(2, v -> 2));
    c.run(() -> c.update(3, v -> 3));
    CompletableFuture<Integer> first = a.start(() -> a.update(2, v -> 3));
    a.awaitWaiting(first);
    CompletableFuture<Integer> second = b.start(() -> b.update(3, v -> 3));
    b.awaitWaiting(second);
    assertEquals("40P01", state(() -> c.run(() -> c.update(1, v -> 4))));
    c.run(c::rollback);
    TestSession.get(second);
    b.run(b::commit);
    TestSession.get(first);
    a.run(a::commit);
  }

  @Test
  void lock_timeout_and_cancel_end_a_wait() {
    a.run(() -> a.update(1, v -> 1));
    b.lockTimeoutMillis = 20;
    SqlException error = assertThrows(SqlException.class, () -> b.run(() -> b.update(1, v -> 2)));
    assertEquals("canceling statement due to lock timeout", error.getMessage());
    assertEquals("55P03", error.state().code());
    CompletableFuture<Integer> waiting = c.start(() -> c.update(1, v -> 3));
    c.awaitWaiting(waiting);
    c.token.cancel(CancelToken.userRequest());
    assertEquals("57014", state(() -> TestSession.get(waiting)));
    c.token.reset();
    b.run(b::rollback);
    c.run(c::rollback);
    assertEquals(List.of(), engine.locks().waits());
    a.run(a::commit);
  }

  @Test
  void closing_a_session_rolls_back_and_releases_its_locks() {
    a.run(() -> a.update(1, v -> 1));
    a.run(() -> a.session.advisoryLock(7, false, false, true));
    CompletableFuture<Integer> waiting = b.start(() -> b.update(1, v -> v + 5));
    b.awaitWaiting(waiting);
    a.close();
    sessions.remove(a);
    assertEquals(15, TestSession.get(waiting));
    assertTrue(b.run(() -> b.session.advisoryLock(7, false, false, false)));
    b.run(b::commit);
    b.run(
        () -> {
          b.session.advisoryUnlockAll();
          return null;
        });
  }

  @Test
  void savepoints_undo_writes_and_release_locks() {
    a.run(
        () -> {
          a.insert(3, 30);
          Transaction.Savepoint outer = a.transaction.savepoint();
          a.update(1, v -> 11);
          Transaction.Savepoint inner = a.transaction.savepoint();
          a.update(1, v -> 12);
          a.delete(3);
          a.transaction.rollbackTo(inner);
          assertEquals(Map.of(1L, 11, 2L, 20, 3L, 30), a.scan());
          a.update(2, v -> 22);
          a.transaction.rollbackTo(inner);
          a.transaction.rollbackTo(outer);
          assertEquals(Map.of(1L, 10, 2L, 20, 3L, 30), a.scan());
          return null;
        });
    assertEquals(77, b.run(() -> b.update(1, v -> 77)));
    b.run(b::commit);
    a.run(a::commit);
    assertEquals(Map.of(1L, 77, 2L, 20, 3L, 30), c.run(() -> c.scan()));
  }

  @Test
  void rows_inserted_and_deleted_in_one_transaction_are_not_written() {
    a.run(
        () -> {
          a.insert(3, 30);
          a.delete(3);
          return null;
        });
    assertEquals(0, a.run(a::commit));
    a.run(
        () -> {
          a.delete(1);
          a.insert(1, 5);
          return null;
        });
    a.run(a::commit);
    assertEquals(5, b.run(() -> b.get(1)));
  }

  @Test
  void a_unique_key_is_decided_after_the_first_inserter_ends() {
    a.run(() -> a.insert(4, 40));
    CompletableFuture<Void> second = b.start(() -> b.insert(4, 41));
    b.awaitWaiting(second);
    a.run(a::commit);
    assertEquals("23505", state(() -> TestSession.get(second)));
    b.run(b::rollback);
  }

  @Test
  void table_locks_conflict_and_queue() {
    a.run(
        () -> {
          a.begin();
          assertTrue(a.transaction.lockTable(77, TableLockMode.ROW_EXCLUSIVE, false));
          return null;
        });
    b.run(
        () -> {
          b.begin();
          assertTrue(b.transaction.lockTable(77, TableLockMode.ROW_EXCLUSIVE, true));
          assertFalse(b.transaction.lockTable(77, TableLockMode.SHARE, true));
          return null;
        });
    LockView view = engine.locks();
    assertEquals(
        List.of("RowExclusiveLock", "RowExclusiveLock"),
        view.entries().stream().filter(e -> e.lockType().equals("relation")).map(LockView.Entry::mode).toList());
    c.run(c::begin);
    CompletableFuture<Boolean> ddl = c.start(() -> c.transaction.lockTable(77, TableLockMode.ACCESS_EXCLUSIVE, false));
    c.awaitWaiting(ddl);
    assertEquals(List.of(1, 2), engine.locks().blockingPids(3).stream().sorted().toList());
    a.run(a::commit);
    b.run(b::rollback);
    assertTrue(TestSession.get(ddl));
    c.run(c::commit);
  }

  @Test
  void advisory_locks_are_counted_per_session() {
    assertTrue(a.run(() -> a.session.advisoryLock(1, false, false, true)));
    assertTrue(a.run(() -> a.session.advisoryLock(1, false, false, true)));
    assertFalse(b.run(() -> b.session.advisoryLock(1, false, true, false)));
    assertTrue(b.run(() -> b.session.advisoryLock(1, true, true, false)));
    assertTrue(a.run(() -> a.session.advisoryUnlock(1, false, false)));
    assertFalse(b.run(() -> b.session.advisoryLock(1, false, true, false)));
    assertTrue(a.run(() -> a.session.advisoryUnlock(1, false, false)));
    assertFalse(a.run(() -> a.session.advisoryUnlock(1, false, false)));
    assertTrue(b.run(() -> b.session.advisoryLock(1, false, true, false)));
  }

  @Test
  void read_only_transactions_refuse_writes() {
    a.run(
        () -> {
          Transaction transaction = a.session.begin(TransactionOptions.DEFAULT.withReadOnly(true));
          try (StatementAccess access = transaction.beginCommand()) {
            assertEquals("25006", state(() -> access.insert(TABLE, key(8), row(8), 1)));
          }
          transaction.rollback();
          return null;
        });
    assertNull(a.run(() -> a.get(8)));
  }

  @Test
  void an_interrupt_cancels_a_wait_and_stays_set() throws Exception {
    a.run(() -> a.update(1, v -> 1));
    CompletableFuture<Thread> started = new CompletableFuture<>();
    CompletableFuture<Boolean> waiting =
        b.start(
            () -> {
              started.complete(Thread.currentThread());
              assertEquals("57014", state(() -> b.update(1, v -> 2)));
              return Thread.interrupted();
            });
    b.awaitWaiting(waiting);
    started.get().interrupt();
    assertTrue(TestSession.get(waiting));
    b.token.reset();
    b.run(b::rollback);
    a.run(a::commit);
  }
}
