package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server killed while it merges branches, trims history and compacts its file keeps every acknowledged merge as a whole, nothing of others,
/// and a store whose invariants hold.
///
/// One client changes the branch `dev` (transfers between accounts, each with its ledger rows) and merges it into `main`, another makes and
/// drops branches, a third runs VACUUM and VACUUM FULL. Properties: `crash.cycles` (1), `crash.seed` (random).
class MergeCrashTest {
  private static final int ACCOUNTS = 30;

  @TempDir Path directory;
  private final AtomicLong mergedUpTo = new AtomicLong();
  private final AtomicLong next = new AtomicLong();
  private final List<Throwable> surprises = Collections.synchronizedList(new ArrayList<>());

  @FunctionalInterface
  private interface Work {
    void run(Statement statement) throws SQLException;
  }

  @Test
  @Timeout(600)
  void merges_and_compactions_survive_kill() throws Exception {
    int cycles = Integer.getInteger("crash.cycles", 1);
    long seed = Long.getLong("crash.seed", System.nanoTime());
    System.out.println("crash.seed=" + seed);
    Random random = new Random(seed);
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory.resolve("db"))) {
      db.execute("CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL) WITH (retention_days = 0)");
      db.execute("CREATE TABLE ledger (txn bigint, side int, account int, amount int NOT NULL, PRIMARY KEY (txn, side))");
      db.execute("CREATE INDEX ledger_account ON ledger (account)");
      db.execute("INSERT INTO account SELECT i, 1000 FROM generate_series(1, " + ACCOUNTS + ") i");
      db.execute("CREATE DATABASE BRANCH dev");
    }
    for (int cycle = 0; cycle < cycles; cycle++) {
      runUntilKilled(random);
      ServerProcess.verify(directory.resolve("db"), "crash.seed=" + seed + " cycle " + cycle);
      check("crash.seed=" + seed + " cycle " + cycle);
    }
  }

  private void runUntilKilled(Random random) throws Exception {
    ServerProcess server = ServerProcess.start(directory.resolve("db"), Map.of());
    Semaphore merges = new Semaphore(0);
    Random transfers = new Random(random.nextLong());
    List<Thread> clients = new ArrayList<>();
    clients.add(client(server, "dev", s -> transferAndMerge(s, transfers, merges)));
    clients.add(client(server, "main", s -> {
      s.execute("VACUUM");
      s.execute("VACUUM FULL");
    }));
    clients.add(client(server, "main", s -> {
      s.execute("CREATE DATABASE BRANCH scratch");
      s.execute("DROP DATABASE BRANCH scratch");
    }));
    int wanted = 8 + random.nextInt(30);
    boolean reached = merges.tryAcquire(wanted, 60, TimeUnit.SECONDS);
    server.kill();
    for (Thread client : clients) {
      client.join();
    }
    assertTrue(surprises.isEmpty(), () -> "clients failed: " + surprises);
    assertTrue(reached, "fewer than " + wanted + " merges in a minute");
  }

  private Thread client(ServerProcess server, String branch, Work work) {
    return Thread.ofPlatform().start(() -> {
      try (Connection c = server.connect(branch); Statement s = c.createStatement()) {
        while (true) {
          try {
            work.run(s);
          } catch (SQLException e) {
            // 55006: the file cannot be compacted, or the branch not dropped, just now; 42P04: it is there from before the kill.
            if (!"55006".equals(e.getSQLState()) && !"42P04".equals(e.getSQLState())) {
              throw e;
            }
            if ("42P04".equals(e.getSQLState())) {
              s.execute("DROP DATABASE BRANCH scratch");
            }
          }
        }
      } catch (SQLException e) {
        // The kill shows as a broken connection (class 08); anything else is the server's fault.
        if (e.getSQLState() == null || !e.getSQLState().startsWith("08")) {
          surprises.add(e);
        }
      }
    });
  }

  private void transferAndMerge(Statement s, Random random, Semaphore merges) throws SQLException {
    long last = 0;
    for (int i = 0; i < 5; i++) {
      last = next.incrementAndGet();
      int from = 1 + random.nextInt(ACCOUNTS);
      int to = 1 + random.nextInt(ACCOUNTS);
      int amount = 1 + random.nextInt(50);
      s.execute("BEGIN");
      s.execute("UPDATE account SET balance = balance - " + amount + " WHERE id = " + from);
      s.execute("UPDATE account SET balance = balance + " + amount + " WHERE id = " + to);
      s.execute("INSERT INTO ledger VALUES (" + last + ", 0, " + from + ", -" + amount + "), (" + last + ", 1, " + to + ", " + amount + ")");
      s.execute("COMMIT");
    }
    s.execute("MERGE DATABASE BRANCH dev INTO main");
    mergedUpTo.set(last);
    merges.release();
  }

  private void check(String context) {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory.resolve("db"))) {
      assertEquals(List.of(), db.verify().problems(), context);
      for (String branch : List.of("main", "dev")) {
        try (EmbeddedSession session = db.createSession()) {
          session.execute("USE BRANCH " + branch);
          String where = context + " branch " + branch;
          assertEquals(ACCOUNTS * 1000L, session.queryOne("SELECT sum(balance) FROM account", Long.class), where);
          assertEquals(0L, session.queryOne(
              "SELECT count(*) FROM account a WHERE balance <> 1000 + (SELECT coalesce(sum(amount), 0) FROM ledger l WHERE l.account = a.id)", Long.class), where);
          assertEquals(0L, session.queryOne("SELECT count(*) FROM (SELECT 1 FROM ledger GROUP BY txn HAVING count(*) <> 2) odd", Long.class), where);
          assertTrue(session.queryOne("SELECT coalesce(max(txn), 0) FROM ledger", Long.class) >= mergedUpTo.get(), where + ": an acknowledged merge is lost");
        }
      }
      // A merge brings whole batches of five transfers.
      assertEquals(0L, db.queryOne("SELECT max(txn) % 5 FROM ledger", Long.class), context);
      try (EmbeddedSession dev = db.createSession()) {
        dev.execute("USE BRANCH dev");
        long last = dev.queryOne("SELECT max(txn) FROM ledger", Long.class);
        // The unfinished batch is finished, so that the next merge is of whole ones.
        while (last % 5 != 0) {
          dev.execute("INSERT INTO ledger VALUES (" + ++last + ", 0, 1, 0), (" + last + ", 1, 1, 0)");
        }
        next.set(last);
      }
    }
  }
}
