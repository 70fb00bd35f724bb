package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server killed without warning keeps every acknowledged commit, no part of an unfinished one, and an index that agrees with its table.
///
/// Each transaction moves money between two accounts and writes two ledger rows that cancel out. The server is killed after a seeded
/// number of acknowledged commits while other transactions are under way, and while one client makes and drops tables, indexes and branches.
/// After each kill the data file is verified. Properties: `crash.cycles` (10, encrypted 3), `crash.seed` (random).
class CrashRecoveryTest {
  private static final int CLIENTS = 4;
  private static final int ACCOUNTS = 20;
  private static final int START_BALANCE = 1000;

  @TempDir Path directory;
  private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> made = ConcurrentHashMap.newKeySet();
  private final Set<String> dropped = ConcurrentHashMap.newKeySet();
  private final Map<String, String> branched = new ConcurrentHashMap<>();
  private final List<Throwable> surprises = java.util.Collections.synchronizedList(new ArrayList<>());

  private @Nullable EncryptionKey key;

  private ServerProcess start() throws Exception {
    return ServerProcess.start(directory.resolve("db"), key == null ? Map.of() : Map.of("HELIOSDB_KEY", key.toText()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(600)
  void acknowledged_commits_survive_kill(boolean encrypted) throws Exception {
    key = encrypted ? EncryptionKey.generate() : null;
    int cycles = Integer.getInteger("crash.cycles", encrypted ? 3 : 10);
    long seed = Long.getLong("crash.seed", System.nanoTime());
    System.out.println("crash.seed=" + seed);
    Random random = new Random(seed);
    ServerProcess server = start();
    try {
      try (Connection c = server.connect(); Statement s = c.createStatement()) {
        s.execute("CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL)");
        s.execute("CREATE TABLE ledger (txn bigint, side int, account int, amount int NOT NULL, PRIMARY KEY (txn, side))");
        s.execute("CREATE INDEX ledger_account ON ledger (account)");
        s.execute("INSERT INTO account SELECT i, " + START_BALANCE + " FROM generate_series(1, " + ACCOUNTS + ") i");
      }
      for (int cycle = 0; cycle < cycles; cycle++) {
        runUntilKilled(server, cycle, random);
        if (!encrypted) {
          try (EmbeddedDatabase db = EmbeddedDatabase.open(directory.resolve("db"))) {
            assertEquals(List.of(), db.verify().problems(), "crash.seed=" + seed + " cycle " + cycle);
          }
        }
        server = start();
        check(server, "crash.seed=" + seed + " cycle " + cycle);
      }
    } finally {
      server.kill();
    }
  }

  private void runUntilKilled(ServerProcess server, int cycle, Random random) throws Exception {
    Semaphore commits = new Semaphore(0);
    List<Thread> clients = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      long firstTxn = (cycle * (long) CLIENTS + client) * 1_000_000L;
      Random clientRandom = new Random(random.nextLong());
      clients.add(Thread.ofPlatform().start(() -> client(server, firstTxn, clientRandom, commits)));
    }
    if (key != null) {
      clients.add(Thread.ofPlatform().start(() -> rotateKeys(server)));
    }
    clients.add(Thread.ofPlatform().start(() -> definitions(server, cycle)));
    int wanted = 50 + random.nextInt(300);
    boolean reached = commits.tryAcquire(wanted, 60, TimeUnit.SECONDS);
    server.kill();
    for (Thread client : clients) {
      client.join();
    }
    assertTrue(surprises.isEmpty(), () -> "clients failed: " + surprises);
    assertTrue(reached, "fewer than " + wanted + " commits in a minute");
  }

  /// Has the server killed at any step of a change of keys.
  private void rotateKeys(ServerProcess server) {
    try (Connection c = server.connect(); Statement s = c.createStatement()) {
      while (true) {
        s.execute("SELECT heliosdb_rotate_encryption_key()");
      }
    } catch (SQLException e) {
      if (e.getSQLState() == null || !e.getSQLState().startsWith("08")) {
        surprises.add(e);
      }
    }
  }

  /// Tables with their rows and index in one transaction, branches with a row of their own; every third table is dropped again.
  private void definitions(ServerProcess server, int cycle) {
    try (Connection c = server.connect(); Statement s = c.createStatement()) {
      for (int n = 0; ; n++) {
        String table = "made_" + cycle + "_" + n;
        s.execute("BEGIN");
        s.execute("CREATE TABLE " + table + " (id int PRIMARY KEY, t text)");
        s.execute("INSERT INTO " + table + " SELECT i, 'row ' || i FROM generate_series(1, 3) i");
        s.execute("CREATE INDEX ON " + table + " (t)");
        s.execute("ALTER TABLE " + table + " ADD COLUMN more int DEFAULT 7");
        s.execute("COMMIT");
        made.add(table);
        if (n % 3 == 0) {
          made.remove(table);
          s.execute("DROP TABLE " + table);
          dropped.add(table);
        } else {
          String branch = "branch_" + cycle + "_" + n;
          s.execute("CREATE DATABASE BRANCH " + branch + " AS OF NOW");
          s.execute("USE BRANCH " + branch);
          s.execute("INSERT INTO " + table + " VALUES (100, 'of the branch')");
          branched.put(branch, table);
          s.execute("USE BRANCH main");
        }
      }
    } catch (SQLException e) {
      if (e.getSQLState() == null || !e.getSQLState().startsWith("08")) {
        surprises.add(e);
      }
    }
  }

  private void checkDefinitions(Statement s, String context) throws SQLException {
    for (String table : made) {
      assertEquals(3, number(s, "SELECT count(*) FROM " + table + " WHERE t LIKE 'row %' AND more = 7"), context + ": rows of " + table);
    }
    for (String table : dropped) {
      assertEquals(0, number(s, "SELECT count(*) FROM pg_class WHERE relname = '" + table + "'"), context + ": " + table + " was dropped");
    }
    for (Map.Entry<String, String> branch : branched.entrySet()) {
      s.execute("USE BRANCH " + branch.getKey());
      assertEquals(4, number(s, "SELECT count(*) FROM " + branch.getValue()), context + ": rows of " + branch);
      s.execute("USE BRANCH main");
    }
  }

  private void client(ServerProcess server, long firstTxn, Random random, Semaphore commits) {
    try (Connection c = server.connect(); Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      for (long txn = firstTxn; ; txn++) {
        int from = 1 + random.nextInt(ACCOUNTS);
        int to = 1 + random.nextInt(ACCOUNTS);
        int amount = 1 + random.nextInt(50);
        try {
          s.executeUpdate("UPDATE account SET balance = balance - " + amount + " WHERE id = " + from);
          s.executeUpdate("INSERT INTO ledger VALUES (" + txn + ", 0, " + from + ", " + -amount + ")");
          s.executeUpdate("UPDATE account SET balance = balance + " + amount + " WHERE id = " + to);
          s.executeUpdate("INSERT INTO ledger VALUES (" + txn + ", 1, " + to + ", " + amount + ")");
          c.commit();
          acknowledged.add(txn);
          commits.release();
        } catch (SQLException e) {
          if (!"40P01".equals(e.getSQLState())) {
            throw e;
          }
          c.rollback();
        }
      }
    } catch (SQLException e) {
      // The kill shows as a broken connection (class 08); anything else is the server's fault.
      if (e.getSQLState() == null || !e.getSQLState().startsWith("08")) {
        surprises.add(e);
      }
    }
  }

  private void check(ServerProcess server, String context) throws SQLException {
    try (Connection c = server.connect(); Statement s = c.createStatement()) {
      checkDefinitions(s, context);
      Set<Long> present = new java.util.HashSet<>();
      try (ResultSet rows = s.executeQuery("SELECT txn, count(*), sum(amount) FROM ledger GROUP BY txn")) {
        while (rows.next()) {
          present.add(rows.getLong(1));
          assertEquals(2, rows.getInt(2), context + ": half a transaction, " + rows.getLong(1));
          assertEquals(0, rows.getInt(3), context + ": unbalanced transaction " + rows.getLong(1));
        }
      }
      Set<Long> lost = new java.util.HashSet<>(acknowledged);
      lost.removeAll(present);
      assertTrue(lost.isEmpty(), context + ": lost acknowledged commits " + lost);
      // Commits that were made but not acknowledged belong to the state later cycles build on.
      acknowledged.addAll(present);
      assertEquals(ACCOUNTS * START_BALANCE, number(s, "SELECT sum(balance) FROM account"), context);
      // Else the comparison below would compare the table with itself.
      assertTrue(plan(s, "SELECT sum(amount) FROM ledger WHERE account = 1").contains("ledger_account"), context + ": the look-up does not use the index");
      assertTrue(plan(s, "SELECT sum(amount) FROM ledger WHERE account + 0 = 1").contains("Seq Scan"), context + ": the scan is not one");
      for (int account = 1; account <= ACCOUNTS; account++) {
        String byIndex = "SELECT coalesce(sum(amount), 0) + 1000000 * count(*) FROM ledger WHERE account = " + account;
        String byScan = "SELECT coalesce(sum(amount), 0) + 1000000 * count(*) FROM ledger WHERE account + 0 = " + account;
        assertEquals(number(s, byScan), number(s, byIndex), context + ": index and table differ for account " + account);
        assertEquals(
            number(s, "SELECT coalesce(sum(amount), 0) + " + START_BALANCE + " FROM ledger WHERE account = " + account),
            number(s, "SELECT balance FROM account WHERE id = " + account),
            context + ": ledger and balance differ for account " + account);
      }
    }
  }

  private static String plan(Statement s, String query) throws SQLException {
    StringBuilder lines = new StringBuilder();
    try (ResultSet rows = s.executeQuery("EXPLAIN " + query)) {
      while (rows.next()) {
        lines.append(rows.getString(1)).append('\n');
      }
    }
    return lines.toString();
  }

  private static long number(Statement s, String query) throws SQLException {
    try (ResultSet rows = s.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
