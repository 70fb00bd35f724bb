package io.heliosdb.nano.txn;

import static io.heliosdb.nano.txn.TestSession.TABLE;
import static io.heliosdb.nano.txn.TestSession.key;
import static io.heliosdb.nano.txn.TestSession.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.storage.StoreOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The engine below SQL: actors on callers' threads, durability of commits, counters and sequences, failure, closing.
@Timeout(60)
final class EngineSystemTest {
  /// A message to a test actor.
  private record Work(Runnable body, ReplySlot<Thread> replyTo) {}

  private static EngineSystem inMemory() {
    return EngineSystem.open(new EngineOptions(StoreOptions.inMemory()));
  }

  private static EngineSystem onDisk(Path directory) {
    return EngineSystem.open(new EngineOptions(StoreOptions.onDisk(directory)));
  }

  /// An actor that has started: while it starts, on a virtual thread, it is not idle.
  private static InlineActor<Work> worker(EngineSystem engine, String name) {
    InlineActor<Work> actor = spawn(engine, name);
    awaitIdle(actor);
    return actor;
  }

  /// Returns once the actor runs on the asking thread again: it answers before the turn in which it did so has ended.
  private static void awaitIdle(InlineActor<Work> actor) {
    while (ask(actor, () -> {}) != Thread.currentThread()) {
      Thread.onSpinWait();
    }
  }

  private static InlineActor<Work> spawn(EngineSystem engine, String name) {
    return engine.spawnInline(
        Behaviors.receiveMessage(
            work -> {
              work.body.run();
              work.replyTo.complete(Thread.currentThread());
              return Behaviors.same();
            }),
        name);
  }

  private static Thread ask(InlineActor<Work> actor, Runnable body) {
    return actor.<Thread>ask(slot -> new Work(body, slot));
  }

  @Test
  void an_idle_actor_runs_on_the_asking_thread_and_another_session_never_does() {
    try (EngineSystem engine = inMemory()) {
      InlineActor<Work> own = worker(engine, "own");
      InlineActor<Work> other = worker(engine, "other");
      assertSame(Thread.currentThread(), ask(own, () -> {}));
      Thread[] nested = new Thread[1];
      ask(own, () -> nested[0] = ask(other, () -> {}));
      assertNotSame(Thread.currentThread(), nested[0]);
      awaitIdle(other);
    }
  }

  @Test
  void a_busy_actor_serves_others_on_a_virtual_thread_and_lets_its_caller_go() throws Exception {
    try (EngineSystem engine = inMemory()) {
      InlineActor<Work> actor = worker(engine, "busy");
      CountDownLatch entered = new CountDownLatch(1);
      CountDownLatch queued = new CountDownLatch(1);
      CompletableFuture<Thread> second = new CompletableFuture<>();
      Thread asker =
          Thread.ofPlatform().start(
              () -> {
                try {
                  entered.await();
                  second.complete(actor.ask(slot -> {
                    queued.countDown();
                    return new Work(() -> {}, slot);
                  }));
                } catch (InterruptedException e) {
                  second.completeExceptionally(e);
                }
              });
      Thread first =
          actor.ask(
              slot ->
                  new Work(
                      () -> {
                        entered.countDown();
                        try {
                          queued.await();
                        } catch (InterruptedException e) {
                          throw new AssertionError(e);
                        }
                      },
                      slot));
      assertSame(Thread.currentThread(), first);
      assertNotSame(Thread.currentThread(), second.get());
      asker.join();
    }
  }

  @Test
  void an_interrupt_during_inline_work_is_given_back() {
    try (EngineSystem engine = inMemory()) {
      InlineActor<Work> actor = worker(engine, "interrupted");
      ask(actor, () -> Thread.currentThread().interrupt());
      assertTrue(Thread.interrupted());
      assertSame(Thread.currentThread(), ask(actor, () -> {}));
      assertFalse(Thread.interrupted());
    }
  }

  @Test
  void an_interrupt_is_seen_by_the_statement_although_it_asks_the_lock_table() {
    try (EngineSystem engine = inMemory();
        TxnSession session = engine.openSession(1, 5, SessionEnvironment.DEFAULT, new CancelToken())) {
      InlineActor<Work> actor = worker(engine, "polling");
      boolean[] seen = new boolean[1];
      ask(
          actor,
          () -> {
            Thread.currentThread().interrupt();
            session.advisoryLock(1, false, false, true);
            seen[0] = Thread.currentThread().isInterrupted();
          });
      assertTrue(seen[0]);
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void a_handler_serves_one_message_at_a_time_before_and_after_the_actor_system_starts() throws Exception {
    try (EngineSystem engine = inMemory()) {
      int[] count = new int[1];
      InlineActor<Work> actor =
          engine.spawnInline(
              (Work work) -> {
                work.body.run();
                work.replyTo.complete(Thread.currentThread());
              },
              "early");
      List<Thread> askers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        askers.add(
            Thread.ofPlatform().start(
                () -> {
                  for (int k = 0; k < 5_000; k++) {
                    ask(actor, () -> count[0]++);
                  }
                }));
      }
      for (Thread asker : askers) {
        asker.join();
      }
      assertEquals(20_000, count[0]);
      engine.actorSystem();
      assertNotNull(actor.ref());
      ask(actor, () -> count[0]++);
      assertEquals(20_001, count[0]);
    }
  }

  @Test
  void an_ask_to_an_idle_actor_costs_no_thread_hand_over() {
    try (EngineSystem engine = inMemory()) {
      InlineActor<Work> actor = worker(engine, "fast");
      Thread caller = Thread.currentThread();
      int[] elsewhere = new int[1];
      for (int i = 0; i < 10_000; i++) {
        ask(actor, () -> elsewhere[0] += Thread.currentThread() == caller ? 0 : 1);
      }
      assertEquals(0, elsewhere[0]);
    }
  }

  @Test
  void commits_sequences_and_counters_survive_a_restart(@TempDir Path directory) {
    Sequences.Definition sequence = new Sequences.Definition(0, 900, 1, 1, 1, Long.MAX_VALUE, false, 1, 0, "s");
    long oid;
    try (EngineSystem engine = onDisk(directory);
        TestSession session = new TestSession(engine, 1, IsolationLevel.READ_COMMITTED)) {
      session.run(() -> session.insert(1, 10));
      session.run(session::commit);
      oid = engine.counters().nextOid();
      assertEquals(new Sequences.State(1, false), engine.sequences().state(sequence));
      assertEquals(1, engine.sequences().next(sequence, 1).first());
      assertEquals(new Sequences.Range(2, 3), engine.sequences().next(sequence, 3));
    }
    try (EngineSystem engine = onDisk(directory);
        TestSession session = new TestSession(engine, 1, IsolationLevel.READ_COMMITTED)) {
      assertEquals(10, session.run(() -> session.get(1)));
      assertTrue(engine.counters().nextOid() > oid);
      assertEquals(5, engine.sequences().next(sequence, 1).first());
      engine.sequences().set(sequence, 100, true);
      assertEquals(101, engine.sequences().next(sequence, 1).first());
      engine.sequences().set(sequence, 1, false);
      assertEquals(1, engine.sequences().next(sequence, 1).first());
    }
  }

  @Test
  void sequences_end_cycle_and_descend() {
    try (EngineSystem engine = inMemory()) {
      Sequences sequences = engine.sequences();
      Sequences.Definition small = new Sequences.Definition(0, 901, 1, 2, 1, 4, false, 1, 0, "small");
      assertEquals(new Sequences.Range(1, 2), sequences.next(small, 10));
      SqlException error = assertThrows(SqlException.class, () -> sequences.next(small, 1));
      assertEquals("2200H", error.state().code());
      assertEquals("nextval: reached maximum value of sequence \"small\" (4)", error.getMessage());
      assertThrows(SqlException.class, () -> sequences.set(small, 5, true));
      Sequences.Definition cycle = new Sequences.Definition(0, 902, 3, 1, 2, 4, true, 1, 0, "cycle");
      List<Long> values = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        values.add(sequences.next(cycle, 1).first());
      }
      assertEquals(List.of(3L, 4L, 2L, 3L, 4L), values);
      Sequences.Definition down = new Sequences.Definition(0, 903, -1, -1, Long.MIN_VALUE, -1, false, 1, 0, "down");
      assertEquals(new Sequences.Range(-1, 3), sequences.next(down, 3));
      assertEquals(-4, sequences.next(down, 1).first());
      Sequences.Definition top =
          new Sequences.Definition(0, 904, Long.MAX_VALUE, 1, 1, Long.MAX_VALUE, false, 1, 0, "top");
      assertEquals(Long.MAX_VALUE, sequences.next(top, 1).first());
      assertEquals("2200H", assertThrows(SqlException.class, () -> sequences.next(top, 1)).state().code());
    }
  }

  @Test
  void concurrent_durable_commits_are_all_there(@TempDir Path directory) throws Exception {
    int threads = 8;
    int each = 25;
    try (EngineSystem engine = onDisk(directory)) {
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        writers.add(builder.start(() -> insertAll(engine, number, each)));
      }
      for (Thread writer : writers) {
        writer.join();
      }
    }
    try (EngineSystem engine = onDisk(directory);
        TestSession session = new TestSession(engine, 1, IsolationLevel.READ_COMMITTED)) {
      assertEquals(threads * each, session.run(() -> session.scan()).size());
    }
  }

  private static void insertAll(EngineSystem engine, int number, int count) {
    try (TxnSession session = engine.openSession(number + 1, 5, SessionEnvironment.DEFAULT, new CancelToken())) {
      for (int i = 0; i < count; i++) {
        Transaction transaction = session.begin(TransactionOptions.DEFAULT);
        try (StatementAccess access = transaction.beginCommand()) {
          access.insert(TABLE, key(number * 1000L + i), row(i), 1);
        }
        assertTrue(transaction.commit() > 0);
      }
    }
  }

  @Test
  void a_failed_engine_refuses_everything_with_58030() {
    EngineSystem engine = inMemory();
    TestSession holder = new TestSession(engine, 1, IsolationLevel.READ_COMMITTED);
    TestSession waiter = new TestSession(engine, 2, IsolationLevel.READ_COMMITTED);
    holder.run(() -> holder.insert(1, 10));
    CompletableFuture<Void> waiting = waiter.start(() -> waiter.insert(1, 11));
    waiter.awaitWaiting(waiting);
    ((io.heliosdb.nano.txn.internal.Engine) engine).fail(new IllegalStateException("broken invariant"));
    assertEquals("58030", assertThrows(SqlException.class, () -> TestSession.get(waiting)).state().code());
    assertEquals("58030", assertThrows(SqlException.class, () -> holder.run(holder::commit)).state().code());
    assertNotNull(engine.failure());
    holder.close();
    waiter.close();
    engine.close();
  }

  @Test
  void closing_wakes_waiters_with_57P01() {
    EngineSystem engine = inMemory();
    TestSession holder = new TestSession(engine, 1, IsolationLevel.READ_COMMITTED);
    TestSession waiter = new TestSession(engine, 2, IsolationLevel.READ_COMMITTED);
    holder.run(() -> holder.insert(1, 10));
    CompletableFuture<Void> waiting = waiter.start(() -> waiter.insert(1, 11));
    waiter.awaitWaiting(waiting);
    engine.close();
    assertEquals("57P01", assertThrows(SqlException.class, () -> TestSession.get(waiting)).state().code());
  }
}
