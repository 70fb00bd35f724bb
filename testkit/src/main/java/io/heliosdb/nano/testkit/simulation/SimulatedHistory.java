package io.heliosdb.nano.testkit.simulation;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.Row;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.testkit.isolation.ListAppendChecker;
import io.heliosdb.nano.testkit.isolation.ListAppendChecker.Level;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Append;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Read;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Random transactions of several sessions over a few lists, with time-outs, cancels, terminations, savepoints and all kinds of locks, in a
/// database of their own on a [SimulatedHost]: the seed decides every statement, every turn of every thread and the time.
///
/// Each session's program is drawn from the seed alone; what it meets depends on the turns. `main` runs many and names the seeds that fail.
public final class SimulatedHistory {
  private static final int SESSIONS = 5;
  private static final int KEYS = 4;
  private static final int TRANSACTIONS = 7;
  private static final int STATEMENTS_MAX = 5;
  private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(2);

  /// Serialization failure, deadlock, lock time-out, cancel and statement time-out, a read-only transaction that writes, and what ends a session: by time-out or by another one.
  private static final Set<String> EXPECTED_FAILURES = Set.of("40001", "40P01", "55P03", "57014", "25006", "25P03", "25P04", "57P01", "57P05");

  private static final DatabaseConfig CONFIG = DatabaseConfig.DEFAULT.withSetting("autovacuum", "off").withSetting("max_parallel_workers_per_gather", "0");

  /// What happened.
  ///
  /// @param transcript every statement with its simulated time and its answer
  /// @param failures how often each SQLSTATE came
  public record Outcome(ListAppendHistory history, String transcript, Map<String, Integer> failures) {}

  private final long seed;
  private final Level level;
  private final SimulatedHost host;
  private final StringBuilder transcript = new StringBuilder();
  private final List<Transaction> transactions = new ArrayList<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private final int[] pids = new int[SESSIONS];
  private int nextValue = 1;
  private EmbeddedDatabase db;

  private SimulatedHistory(long seed, Level level) {
    this.seed = seed;
    this.level = level;
    host = new SimulatedHost(seed);
  }

  /// Runs the history of a seed.
  ///
  /// @throws SimulatedHost.StuckException when it does not come to its end
  /// @throws IllegalStateException when a statement fails that may not, or locks are left over
  public static Outcome run(long seed, Level level) {
    return new SimulatedHistory(seed, level).run();
  }

  private Outcome run() {
    try {
      db = EmbeddedDatabase.newInMemory(CONFIG, host);
      db.execute("CREATE TABLE list_append (k int PRIMARY KEY, v int[] NOT NULL)");
      fillLists();
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        clients.add(new Client(i));
      }
      host.run(List.copyOf(clients));
      Map<Integer, List<Integer>> lists = lists(db.query("SELECT k, v FROM list_append ORDER BY k").rows());
      long locks = db.queryOne("SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid()", Long.class);
      if (locks > 0) {
        throw new IllegalStateException(locks + " locks are left over");
      }
      db.close();
      return new Outcome(new ListAppendHistory(transactions, lists), transcript.append(lists).append('\n').toString(), failures);
    } finally {
      host.close();
    }
  }

  /// All lists but the last one begin with an element.
  private void fillLists() {
    Transaction first = new Transaction(1);
    transactions.add(first);
    for (int key = 0; key < KEYS - 1; key++) {
      db.execute("INSERT INTO list_append VALUES ($1, ARRAY[$2::int])", key, nextValue);
      first.add(new Append(key, nextValue++));
    }
    first.committed();
  }

  private static Map<Integer, List<Integer>> lists(List<Row> rows) {
    Map<Integer, List<Integer>> lists = new TreeMap<>();
    for (Row row : rows) {
      String text = row.get(1, String.class);
      lists.put(row.get(0, Integer.class), Arrays.stream(text.substring(1, text.length() - 1).split(",")).map(Integer::valueOf).toList());
    }
    return lists;
  }

  /// One session's program.
  private final class Client implements Runnable {
    private final int number;
    private final Random random;
    private EmbeddedSession session;

    Client(int number) {
      this.number = number;
      random = new Random(seed * SESSIONS + number);
      session = open();
    }

    private EmbeddedSession open() {
      EmbeddedSession opened = db.createSession();
      pids[number] = opened.queryOne("SELECT pg_backend_pid()", Integer.class);
      return opened;
    }

    @Override
    public void run() {
      setTimeouts();
      for (int i = 0; i < TRANSACTIONS; i++) {
        host.sleep(random.nextLong(PAUSE_NANOS_MAX));
        transaction();
      }
    }

    /// Settings by which a history may end otherwise than by commit and rollback; most sessions have few.
    private void setTimeouts() {
      for (String setting : List.of("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout", "idle_session_timeout")) {
        if (random.nextInt(5) == 0) {
          send("SET " + setting + " = " + (1 + random.nextInt(8)), rows -> {});
        }
      }
      send("SET synchronous_commit = " + (random.nextInt(4) == 0 ? "off" : "on"), rows -> {});
    }

    private void transaction() {
      Transaction transaction = newTransaction();
      boolean isOpen = send("BEGIN ISOLATION LEVEL " + level.sql() + (random.nextInt(16) == 0 ? " READ ONLY" : ""), rows -> {});
      for (int i = random.nextInt(STATEMENTS_MAX); i >= 0; i--) {
        if (random.nextInt(3) == 0) {
          host.sleep(random.nextLong(PAUSE_NANOS_MAX));
        }
        // Numbers are drawn whether they are used or not, so that the program does not depend on what it meets.
        int choice = random.nextInt(24);
        int key = random.nextInt(KEYS);
        isOpen = isOpen && statement(transaction, choice, key);
      }
      boolean commits = random.nextInt(6) > 0;
      if (isOpen) {
        send(commits ? "COMMIT" : "ROLLBACK", rows -> {
          if (commits) {
            transaction.committed();
          }
        });
      }
    }

    private Transaction newTransaction() {
      Transaction transaction = new Transaction(transactions.size() + 1);
      transactions.add(transaction);
      return transaction;
    }

    /// @return whether the transaction goes on
    private boolean statement(Transaction transaction, int choice, int key) {
      String one = "SELECT k, v FROM list_append WHERE k = " + key;
      return switch (choice) {
        case 0, 1, 2 -> read(transaction, one, key, key);
        case 3 -> read(transaction, "SELECT k, v FROM list_append", 0, KEYS - 1);
        case 4, 5 -> read(transaction, "SELECT k, v FROM list_append WHERE k BETWEEN 0 AND " + key, 0, key);
        case 6 -> read(transaction, one + " FOR SHARE", key, key);
        case 7 -> read(transaction, one + " FOR UPDATE", key, key);
        case 8 -> send("SELECT k FROM list_append WHERE k = " + key + " FOR UPDATE NOWAIT", rows -> {});
        case 9 -> send("SELECT k FROM list_append FOR NO KEY UPDATE SKIP LOCKED", rows -> {});
        case 10, 11, 12 -> append(transaction, key,
            "INSERT INTO list_append VALUES (" + key + ", ARRAY[%1$d]) ON CONFLICT (k) DO UPDATE SET v = list_append.v || %1$d");
        case 13, 14, 15, 16, 17 -> append(transaction, key, "UPDATE list_append SET v = v || %d WHERE k = " + key);
        case 18, 19 -> appendInVain(transaction, key);
        case 20 -> send("SELECT pg_advisory_xact_lock" + (key % 2 == 0 ? "" : "_shared") + "(" + key / 2 + ")", rows -> {});
        case 21 -> send("LOCK TABLE list_append IN " + List.of("SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE").get(key) + " MODE", rows -> {});
        case 22 -> send("SELECT pg_cancel_backend(" + pids[key] + ")", rows -> {});
        default -> key > 0 || send("SELECT pg_terminate_backend(" + pids[(number + 1) % SESSIONS] + ")", rows -> {});
      };
    }

    private boolean read(Transaction transaction, String sql, int low, int high) {
      return send(sql, rows -> {
        Map<Integer, List<Integer>> seen = lists(rows);
        for (int k = low; k <= high; k++) {
          transaction.add(new Read(k, seen.getOrDefault(k, List.of())));
        }
      });
    }

    private boolean append(Transaction transaction, int key, String sql) {
      int value = nextValue++;
      return send(String.format(sql, value) + " RETURNING k, v", rows -> {
        if (!rows.isEmpty()) {
          transaction.add(new Append(key, value));
        }
      });
    }

    /// An append that a savepoint takes back: of a transaction that did not commit, as far as anybody may see.
    private boolean appendInVain(Transaction transaction, int key) {
      return send("SAVEPOINT s", rows -> {}) && append(newTransaction(), key, "UPDATE list_append SET v = v || %d WHERE k = " + key)
          && send("ROLLBACK TO SAVEPOINT s", rows -> {});
    }

    private interface OnRows {
      void accept(List<Row> rows);
    }

    /// Runs a statement and writes what came of it. After an error the transaction is rolled back, after the end of the session there is a new one.
    private boolean send(String sql, OnRows then) {
      note(sql);
      try {
        List<Row> rows = session.query(sql).rows();
        note("-> " + rows);
        then.accept(rows);
        return true;
      } catch (SqlException e) {
        failed(e);
        if (e.state().endsSession()) {
          reopen();
        } else {
          rollBack();
        }
        return false;
      }
    }

    private void failed(SqlException e) {
      String state = e.state().code();
      note("-> " + state + " " + e.getMessage() + " " + e.detail());
      failures.merge(state, 1, Integer::sum);
      if (!EXPECTED_FAILURES.contains(state)) {
        throw new IllegalStateException("unexpected failure " + state + ": " + e.getMessage(), e);
      }
    }

    private void rollBack() {
      try {
        session.execute("ROLLBACK");
      } catch (SqlException e) {
        failed(e);
        if (e.state().endsSession()) {
          reopen();
        } else {
          rollBack();
        }
      }
    }

    private void reopen() {
      session.close();
      session = open();
      note("is " + pids[number]);
    }

    private void note(String text) {
      transcript.append(host.nanoTime() / 1000).append(" s").append(number).append(' ').append(text).append('\n');
    }
  }

  /// `SimulatedHistory [--level L] [--seed S] [--histories N] [--transcript true]`
  public static void main(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    long first = Long.parseLong(options.getOrDefault("--seed", "1"));
    long count = Long.parseLong(options.getOrDefault("--histories", options.containsKey("--seed") ? "1" : "1000"));
    boolean failed = false;
    for (Level level : options.containsKey("--level") ? new Level[] {Level.valueOf(options.get("--level"))} : Level.values()) {
      Map<String, Integer> failures = new TreeMap<>();
      for (long seed = first; seed < first + count; seed++) {
        String problem = problem(seed, level, options.containsKey("--transcript"), failures);
        if (problem != null) {
          failed = true;
          System.out.println("seed " + seed + " at " + level + ": " + problem);
        }
      }
      System.out.println(level + ": " + count + " histories from seed " + first + ", failures " + failures);
    }
    System.exit(failed ? 1 : 0);
  }

  private static @Nullable String problem(long seed, Level level, boolean prints, Map<String, Integer> failures) {
    try {
      Outcome outcome = run(seed, level);
      if (prints) {
        System.out.print(outcome.transcript());
      }
      outcome.failures().forEach((state, n) -> failures.merge(state, n, Integer::sum));
      var violations = ListAppendChecker.violations(outcome.history(), level);
      return violations.isEmpty() ? null : violations.toString();
    } catch (IllegalStateException | SimulatedHost.StuckException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return e + (cause == e ? "" : ": " + cause + " at " + Arrays.toString(cause.getStackTrace()));
    }
  }
}
