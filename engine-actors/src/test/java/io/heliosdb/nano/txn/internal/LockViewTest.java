package io.heliosdb.nano.txn.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.LockKey;
import io.heliosdb.nano.lock.LockOwner;
import io.heliosdb.nano.lock.LockTable;
import io.heliosdb.nano.lock.LockView;
import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.txn.EngineOptions;
import io.heliosdb.nano.txn.SessionEnvironment;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.txn.TransactionOptions;
import io.heliosdb.nano.txn.TxnSession;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Reading the locks of a thousand sessions neither waits for the lock table nor keeps it.
@Timeout(60)
final class LockViewTest {
  private static final int SESSIONS = 1_000;
  private static final int TABLES = 4;

  /// The lock table is held up in the middle of a command, by a list of keys that gives its key only when the test has looked.
  @Test
  void reading_goes_on_while_the_lock_table_does_not() throws Exception {
    try (Engine engine = Engine.open(new EngineOptions(StoreOptions.inMemory()))) {
      List<TxnSession> sessions = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        TxnSession session = engine.openSession(i + 1, 5, SessionEnvironment.DEFAULT, new CancelToken());
        sessions.add(session);
        Transaction transaction = session.begin(TransactionOptions.DEFAULT);
        for (int table = 0; table < TABLES; table++) {
          transaction.lockTable(100 + table, TableLockMode.ROW_EXCLUSIVE, false);
        }
        lock(transaction, i);
      }
      CountDownLatch isHeld = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      AtomicReference<Throwable> failure = new AtomicReference<>();
      TxnSession waiting = engine.openSession(SESSIONS + 1, 5, SessionEnvironment.DEFAULT, new CancelToken());
      Thread waiter = Thread.ofPlatform().start(() -> {
        try {
          Transaction transaction = waiting.begin(TransactionOptions.DEFAULT);
          lock(transaction, 0);
          transaction.rollback();
        } catch (Throwable t) {
          failure.set(t);
        }
      });
      while (engine.locks().waits().isEmpty()) {
        Thread.onSpinWait();
      }
      Thread holdingUp = Thread.ofPlatform().start(() -> engine.tellLockTable(
          new LockTable.AcquireLocks(
              new LockOwner(SESSIONS + 2, 5), SESSIONS + 2, 0, 0, keysThatWait(isHeld, goOn), TableLockMode.SHARE, true, WaitPolicy.NOWAIT,
              new ReplySlot<>())));
      assertTrue(isHeld.await(20, TimeUnit.SECONDS));
      LockView view = engine.locks();
      for (int i = 0; i < 200; i++) {
        view = engine.locks();
      }
      long start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        view = engine.locks();
      }
      System.out.printf("the locks of %d sessions, %d lines: read in %.2f ms%n", SESSIONS, view.entries().size(), (System.nanoTime() - start) / 20e6);
      assertEquals(SESSIONS * TABLES, view.entries().stream().filter(entry -> entry.lockType().equals("relation")).count());
      assertEquals(
          SESSIONS + 1, view.entries().stream().filter(entry -> entry.lockType().equals("transactionid") && entry.granted()).count());
      assertEquals(List.of(1), view.blockingPids(SESSIONS + 1));
      goOn.countDown();
      holdingUp.join();
      sessions.forEach(TxnSession::close);
      waiter.join();
      waiting.close();
      assertEquals(null, failure.get());
      assertEquals(List.of(), engine.locks().entries().stream().filter(entry -> entry.pid() <= SESSIONS + 1).toList());
    }
  }

  private static List<LockKey> keysThatWait(CountDownLatch isHeld, CountDownLatch goOn) {
    return new AbstractList<>() {
      @Override
      public LockKey get(int index) {
        isHeld.countDown();
        try {
          goOn.await(40, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        return LockKey.advisory(5, 1, false);
      }

      @Override
      public int size() {
        return 1;
      }
    };
  }

  private static void lock(Transaction transaction, long row) {
    try (StatementAccess access = transaction.beginCommand()) {
      byte[][] key = {ByteBuffer.allocate(8).putLong(row).array()};
      access.lockRowsNewest(5000, key, new long[1], RowLockMode.UPDATE, WaitPolicy.WAIT, "t");
    }
  }
}
