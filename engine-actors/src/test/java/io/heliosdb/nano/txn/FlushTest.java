package io.heliosdb.nano.txn;

import static io.heliosdb.nano.txn.TestSession.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.internal.StoreHandle;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commits that are applied but not on the device yet: who sees them, who waits for them.
final class FlushTest {
  @TempDir private Path directory;
  private final SlowDevice device = new SlowDevice();
  private StoreHandle store;
  private EngineSystem engine;
  private TestSession a;
  private TestSession b;
  private TestSession c;

  @BeforeEach
  void open() {
    StoreOptions options = StoreOptions.onDisk(directory.resolve("db"));
    store = StoreHandle.open(options, device);
    engine = EngineSystem.open(new EngineOptions(options));
    // Before the actors have started, commits are written one by one.
    engine.actorSystem();
    a = new TestSession(engine, 1, IsolationLevel.READ_COMMITTED);
    b = new TestSession(engine, 2, IsolationLevel.READ_COMMITTED);
    c = new TestSession(engine, 3, IsolationLevel.READ_COMMITTED);
    a.run(() -> a.insert(1, 10));
    a.run(() -> a.insert(2, 20));
    a.run(a::commit);
    // Commits before the actors have started are flushed one by one.
    engine.actorSystem();
    device.slowDown();
  }

  @AfterEach
  void close() {
    device.free();
    a.close();
    b.close();
    c.close();
    engine.close();
    store.close();
  }

  /// `a` has changed both rows and its commit waits for the device.
  private CompletableFuture<Long> commitOnItsWay() {
    a.run(() -> a.update(1, v -> 11));
    a.run(() -> a.update(2, v -> 21));
    CompletableFuture<Long> commit = a.start(a::commit);
    device.awaitFlush();
    return commit;
  }

  @Test
  void a_commit_is_neither_answered_nor_seen_before_its_flush() {
    CompletableFuture<Long> commit = commitOnItsWay();
    assertEquals(Map.of(1L, 10, 2L, 20), b.run(() -> b.scan()));
    assertFalse(commit.isDone());
    device.endFlush();
    get(commit);
    assertEquals(Map.of(1L, 11, 2L, 21), b.run(() -> b.scan()));
  }

  @Test
  void who_waits_for_a_row_goes_on_before_the_flush_with_all_of_the_commit() {
    a.run(() -> a.update(1, v -> 11));
    a.run(() -> a.update(2, v -> 21));
    CompletableFuture<Integer> waiting = b.start(() -> b.update(1, v -> v + 100));
    b.awaitWaiting(waiting);
    CompletableFuture<Long> first = a.start(a::commit);
    assertEquals(111, get(waiting));
    assertEquals(Map.of(1L, 111, 2L, 21), b.run(() -> b.scan()), "not a part of what was committed");
    assertEquals(Map.of(1L, 10, 2L, 20), c.run(() -> c.scan()));
    device.awaitFlush();
    CompletableFuture<Long> second = b.start(b::commit);
    device.endFlush();
    long firstScn = get(first);
    assertEquals(Map.of(1L, 11, 2L, 21), c.run(() -> c.scan()));
    device.awaitFlush();
    assertFalse(second.isDone());
    device.endFlush();
    assertTrue(get(second) > firstScn);
    assertEquals(Map.of(1L, 111, 2L, 21), c.run(() -> c.scan()));
  }

  @Test
  void commits_queue_while_the_device_is_busy_and_share_the_next_flush() {
    CompletableFuture<Long> first = commitOnItsWay();
    b.run(() -> b.insert(3, 30));
    CompletableFuture<Long> second = b.start(b::commit);
    c.run(() -> c.insert(4, 40));
    CompletableFuture<Long> third = c.start(c::commit);
    while (!b.isParked() || !c.isParked()) {
      Thread.onSpinWait();
    }
    device.endFlush();
    long firstScn = get(first);
    device.awaitFlush();
    assertEquals(firstScn + 2, store.appliedScn());
    assertFalse(second.isDone() || third.isDone());
    device.endFlush();
    get(second);
    get(third);
    assertFalse(device.isWaitedFor());
  }

  @Test
  void nobody_is_told_of_what_is_not_flushed_by_a_transaction_that_only_locked() {
    CompletableFuture<Long> commit = commitOnItsWay();
    assertEquals(
        io.heliosdb.nano.txn.LockOutcome.State.CHANGED, b.run(() -> b.lock(1, RowLockMode.UPDATE, WaitPolicy.WAIT)));
    assertEquals(11, b.run(() -> b.get(1)));
    CompletableFuture<Long> empty = b.start(b::commit);
    c.run(() -> c.update(2, v -> v + 1));
    CompletableFuture<Void> rollback = c.start(c::rollback);
    assertFalse(empty.isDone());
    device.endFlush();
    get(commit);
    get(empty);
    get(rollback);
    assertEquals(Map.of(1L, 11, 2L, 21), c.run(() -> c.scan()));
  }

  @Test
  void a_kept_snapshot_is_behind_what_is_not_flushed() {
    try (TestSession r = new TestSession(engine, 4, IsolationLevel.REPEATABLE_READ)) {
      CompletableFuture<Long> commit = commitOnItsWay();
      assertEquals(Map.of(1L, 10, 2L, 20), r.run(() -> r.scan()));
      SqlException refused = assertThrows(SqlException.class, () -> r.run(() -> r.update(1, v -> v + 1)));
      assertEquals("40001", refused.state().code());
      CompletableFuture<Void> rollback = r.start(r::rollback);
      device.endFlush();
      get(rollback);
      get(commit);
    }
  }

  @Test
  void a_failed_flush_fails_all_that_wait_for_it() {
    CompletableFuture<Long> commit = commitOnItsWay();
    b.run(() -> b.update(1, v -> v + 100));
    CompletableFuture<Long> next = b.start(b::commit);
    CompletableFuture<Integer> seen = c.start(() -> c.update(2, v -> v + 1));
    get(seen);
    CompletableFuture<Long> empty = c.start(() -> {
      c.rollback();
      return 0L;
    });
    device.fail();
    assertEquals("58030", assertThrows(SqlException.class, () -> get(commit)).state().code());
    assertEquals("58030", assertThrows(SqlException.class, () -> get(next)).state().code());
    get(empty);
    assertEquals("58030", assertThrows(SqlException.class, () -> c.run(() -> c.scan())).state().code());
  }
}
