package io.heliosdb.nano.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.storage.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many threads take weak and strong table locks at once: what they hold together is always compatible, and every wait ends.
final class LockStressTest {
  private static final int THREADS = 6;
  private static final int TRANSACTIONS = 1_500;
  private static final int TABLES = 3;
  private static final int MANY_SESSIONS = 100;

  /// Holders per table and mode.
  private final AtomicIntegerArray holders = new AtomicIntegerArray(TABLES * 8);

  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Test
  void locks_held_together_are_compatible() throws Exception {
    try (EngineSystem engine = EngineSystem.open(new EngineOptions(StoreOptions.inMemory()))) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        threads.add(builder.start(() -> work(engine, number)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      failures.forEach(Throwable::printStackTrace);
      assertTrue(failures.isEmpty(), () -> failures.toString());
      assertEquals(List.of(), engine.locks().entries());
      assertEquals(List.of(), engine.locks().waits());
    }
  }

  @Test
  @Timeout(60)
  void a_hundred_sessions_with_random_locks_come_to_an_end() throws Exception {
    AtomicInteger deadlocks = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    try (EngineSystem engine = EngineSystem.open(new EngineOptions(StoreOptions.inMemory()))) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < MANY_SESSIONS; i++) {
        int number = i;
        threads.add(Thread.ofVirtual().start(() -> lockAtRandom(engine, number, deadlocks, done)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertTrue(failures.isEmpty(), failures::toString);
      assertEquals(List.of(), engine.locks().entries());
      assertEquals(List.of(), engine.locks().waits());
    }
    assertTrue(deadlocks.get() > 0, "nobody got in anybody's way");
    assertTrue(done.get() > MANY_SESSIONS, () -> done + " transactions got all their locks");
  }

  private void lockAtRandom(EngineSystem engine, int number, AtomicInteger deadlocks, AtomicInteger done) {
    Random random = new Random(number);
    try (TxnSession session = engine.openSession(number + 1, 5, SessionEnvironment.DEFAULT, new CancelToken())) {
      for (int i = 0; i < 20; i++) {
        Transaction transaction = session.begin(TransactionOptions.DEFAULT);
        try {
          for (int k = 0; k < 3; k++) {
            transaction.lockTable(100 + random.nextInt(20), random.nextBoolean() ? TableLockMode.SHARE : TableLockMode.ACCESS_EXCLUSIVE, false);
            // Others are to lock in between.
            Thread.yield();
          }
          transaction.commit();
          done.incrementAndGet();
        } catch (SqlException e) {
          transaction.rollback();
          if (!e.state().code().equals("40P01")) {
            throw e;
          }
          deadlocks.incrementAndGet();
        }
      }
    } catch (Throwable t) {
      failures.add(t);
    }
  }

  private void work(EngineSystem engine, int number) {
    Random random = new Random(number);
    try (TxnSession session = engine.openSession(number + 1, 5, SessionEnvironment.DEFAULT, new CancelToken())) {
      for (int i = 0; i < TRANSACTIONS; i++) {
        transact(session, random);
      }
    } catch (Throwable t) {
      failures.add(t);
    }
  }

  private void transact(TxnSession session, Random random) {
    Transaction transaction = session.begin(TransactionOptions.DEFAULT);
    List<int[]> held = new ArrayList<>();
    Transaction.Savepoint savepoint = null;
    int heldAtSavepoint = 0;
    try {
      for (int i = 0; i < 3; i++) {
        int table = random.nextInt(TABLES);
        boolean isWeak = random.nextInt(8) > 0;
        TableLockMode mode = TableLockMode.of(isWeak ? random.nextInt(3) : 3 + random.nextInt(5));
        if (transaction.lockTable(100 + table, mode, random.nextInt(4) == 0)) {
          check(held, table, mode);
        }
        if (savepoint == null && random.nextInt(3) == 0) {
          savepoint = transaction.savepoint();
          heldAtSavepoint = held.size();
        } else if (savepoint != null && random.nextInt(3) == 0) {
          letGo(held, heldAtSavepoint);
          transaction.rollbackTo(savepoint);
        }
      }
    } catch (SqlException e) {
      if (!e.state().code().equals("40P01")) {
        throw e;
      }
    } finally {
      letGo(held, 0);
      transaction.rollback();
    }
  }

  private void check(List<int[]> held, int table, TableLockMode mode) {
    holders.incrementAndGet(table * 8 + mode.ordinal());
    held.add(new int[] {table, mode.ordinal()});
    for (TableLockMode other : TableLockMode.values()) {
      long own = held.stream().filter(lock -> lock[0] == table && lock[1] == other.ordinal()).count();
      // Others count down before they release, so a count seen now was held now.
      int all = holders.get(table * 8 + other.ordinal());
      if (mode.conflictsWith(other) && all > own) {
        failures.add(new AssertionError(mode + " granted while " + other + " is held"));
      }
    }
  }

  private void letGo(List<int[]> held, int size) {
    while (held.size() > size) {
      int[] lock = held.removeLast();
      holders.decrementAndGet(lock[0] * 8 + lock[1]);
    }
  }
}
