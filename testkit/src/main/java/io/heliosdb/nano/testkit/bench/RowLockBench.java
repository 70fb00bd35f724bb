package io.heliosdb.nano.testkit.bench;

import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.txn.EngineOptions;
import io.heliosdb.nano.txn.EngineSystem;
import io.heliosdb.nano.txn.SessionEnvironment;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.txn.TransactionOptions;
import io.heliosdb.nano.txn.TxnSession;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/// Taking and letting go of a row lock that nobody else wants, in transactions of 64 of them; alone and beside three others.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RowLockBench {
  private static final int LOCKS = 64;

  /// The database that all threads share.
  @State(Scope.Benchmark)
  public static class Database {
    private EngineSystem engine;
    private final AtomicInteger sessions = new AtomicInteger();

    @Setup
    public void open() {
      engine = EngineSystem.open(new EngineOptions(StoreOptions.inMemory()));
    }

    @TearDown
    public void close() {
      engine.close();
    }
  }

  /// A thread's session and the rows it locks.
  @State(Scope.Thread)
  public static class Rows {
    private TxnSession session;
    private long next;
    private final long[] scns = {-1};

    @Setup
    public void open(Database database) {
      int number = database.sessions.incrementAndGet();
      session = database.engine.openSession(number, 5, SessionEnvironment.DEFAULT, new CancelToken());
      next = (long) number << 32;
    }

    @TearDown
    public void close() {
      session.close();
    }
  }

  @Benchmark
  @OperationsPerInvocation(LOCKS)
  public void uncontended(Rows rows) {
    Transaction transaction = rows.session.begin(TransactionOptions.DEFAULT);
    try (StatementAccess access = transaction.beginCommand()) {
      for (int i = 0; i < LOCKS; i++) {
        byte[][] key = {ByteBuffer.allocate(8).putLong(rows.next++).array()};
        access.lockRowsNewest(5000, key, rows.scns, RowLockMode.NO_KEY_UPDATE, WaitPolicy.WAIT, "t");
      }
    }
    transaction.rollback();
  }

  @Benchmark
  @Threads(4)
  @OperationsPerInvocation(LOCKS)
  public void uncontendedBesideOthers(Rows rows) {
    uncontended(rows);
  }
}
