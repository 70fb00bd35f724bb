package io.heliosdb.nano.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.LockView;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.StoreOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many threads lock rows at once, one of them so many that its locks become fingerprints: what they hold together is always compatible, every
/// wait ends, and nothing is left. (`-Dlocks.transactions=N` for more.)
@Timeout(120)
final class RowLockStressTest {
  private static final long TABLE = 5000;
  private static final int THREADS = 5;
  private static final int TRANSACTIONS = Integer.getInteger("locks.transactions", 2_000);
  private static final int ROWS = 40;
  private static final int MANY = 70_000;
  private static final RowLockMode[] MODES = RowLockMode.values();

  /// Holders per row and mode.
  private final AtomicIntegerArray holders = new AtomicIntegerArray(ROWS * MODES.length);

  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean isOver;

  private record Held(int row, int mode) {}

  @Test
  void locks_held_together_are_compatible() throws Exception {
    try (EngineSystem engine = EngineSystem.open(new EngineOptions(StoreOptions.inMemory()))) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        threads.add(builder.start(() -> work(engine, number, TRANSACTIONS, ROWS)));
      }
      Thread many = Thread.ofPlatform().start(() -> work(engine, THREADS, 12, MANY));
      Thread reader = Thread.ofPlatform().start(() -> read(engine));
      for (Thread thread : threads) {
        thread.join();
      }
      many.join();
      isOver = true;
      reader.join();
      failures.forEach(Throwable::printStackTrace);
      assertTrue(failures.isEmpty(), () -> failures.toString());
      assertEquals(List.of(), engine.locks().entries());
      assertEquals(List.of(), engine.locks().waits());
    }
  }

  /// Reads the lock table all the time; what it says makes sense.
  private void read(EngineSystem engine) {
    try {
      while (!isOver) {
        LockView view = engine.locks();
        for (LockView.WaitEdge wait : view.waits()) {
          assertTrue(wait.waiterPid() != wait.blockerPid());
        }
      }
    } catch (Throwable t) {
      failures.add(t);
    }
  }

  /// @param rows locked from all of these; those behind [#ROWS] nobody else wants
  private void work(EngineSystem engine, int number, int transactions, int rows) {
    Random random = new Random(number);
    try (TxnSession session = engine.openSession(number + 1, 5, SessionEnvironment.DEFAULT, new CancelToken())) {
      for (int i = 0; i < transactions; i++) {
        transact(session, random, rows);
      }
    } catch (Throwable t) {
      failures.add(t);
    }
  }

  private void transact(TxnSession session, Random random, int rows) {
    Transaction transaction = session.begin(TransactionOptions.DEFAULT);
    List<Held> held = new ArrayList<>();
    Transaction.Savepoint savepoint = null;
    int heldAtSavepoint = 0;
    try (StatementAccess access = transaction.beginCommand()) {
      for (int i = 0; i < 5; i++) {
        if (rows > ROWS) {
          lockMany(access, random, held, rows);
        }
        int count = 1 + random.nextInt(3);
        int[] wanted = random.ints(0, ROWS).distinct().limit(count).sorted().toArray();
        lock(access, wanted, random, held);
        if (savepoint == null && random.nextInt(3) == 0) {
          savepoint = transaction.savepoint();
          heldAtSavepoint = held.size();
        } else if (savepoint != null && random.nextInt(3) == 0) {
          letGo(held, heldAtSavepoint);
          transaction.rollbackTo(savepoint);
        }
      }
    } catch (SqlException e) {
      if (!e.state().code().equals("40P01") && !e.state().code().equals("55P03")) {
        throw e;
      }
    } finally {
      letGo(held, 0);
      if (random.nextBoolean()) {
        transaction.rollback();
      } else {
        transaction.commit();
      }
    }
  }

  private void lock(StatementAccess access, int[] rows, Random random, List<Held> held) {
    int mode = random.nextInt(MODES.length);
    WaitPolicy policy = WaitPolicy.values()[random.nextInt(3)];
    byte[][] keys = Arrays.stream(rows).mapToObj(row -> key(row)).toArray(byte[][]::new);
    LockOutcome outcome = access.lockRowsNewest(TABLE, keys, new long[keys.length], MODES[mode], policy, "t");
    for (int i = 0; i < rows.length; i++) {
      if (outcome.state(i) != LockOutcome.State.SKIPPED) {
        check(held, rows[i], mode);
      }
    }
  }

  private void lockMany(StatementAccess access, Random random, List<Held> held, int rows) {
    int mode = random.nextInt(MODES.length);
    int row = random.nextInt(ROWS);
    byte[][] keys = new byte[1_000][];
    long[] scns = new long[keys.length];
    for (int at = row; at + keys.length < rows; at += keys.length) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = key(at + i);
      }
      LockOutcome outcome = access.lockRowsNewest(TABLE, keys, scns, MODES[mode], WaitPolicy.SKIP_LOCKED, "t");
      for (int i = 0; i < keys.length; i++) {
        if (at + i < ROWS && outcome.state(i) != LockOutcome.State.SKIPPED) {
          check(held, at + i, mode);
        }
      }
    }
  }

  private static byte[] key(int row) {
    return ByteBuffer.allocate(8).putLong(row).array();
  }

  private void check(List<Held> held, int row, int mode) {
    holders.incrementAndGet(row * MODES.length + mode);
    held.add(new Held(row, mode));
    for (int other = 0; other < MODES.length; other++) {
      Held one = new Held(row, other);
      long own = held.stream().filter(one::equals).count();
      // Others count down before they release, so a count seen now was held now.
      int all = holders.get(row * MODES.length + other);
      TableLockMode a = MODES[mode].mode();
      if (a.conflictsWith(MODES[other].mode()) && all > own) {
        failures.add(new AssertionError(MODES[mode] + " granted while " + MODES[other] + " is held of row " + row));
      }
    }
  }

  private void letGo(List<Held> held, int size) {
    while (held.size() > size) {
      Held one = held.removeLast();
      holders.decrementAndGet(one.row * MODES.length + one.mode);
    }
  }
}
