package io.heliosdb.nano.testkit.isolation;

import io.heliosdb.nano.testkit.isolation.ListAppendChecker.Level;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Append;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Read;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Transaction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Random transactions of several sessions over a few lists, in an order that a seed decides.
///
/// One statement is begun at a time, and the next only when it has been answered or its session waits for another; so the seed decides
/// everything that happens, and a failing one can be replayed. Works on any server of the protocol.
/// `ListAppendSimulation [--host H] [--port N] [--database D] [--level L] [--seed S] [--histories N]` runs many and names the seeds that fail.
public final class ListAppendSimulation implements AutoCloseable {
  private static final int SESSIONS = 4;
  private static final int KEYS = 4;
  private static final int STEPS = 70;
  private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
  private static final Set<String> EXPECTED_FAILURES = Set.of("40001", "40P01", "25P02");

  private static final class Client {
    final SessionConnection connection;
    @Nullable Transaction transaction;
    @Nullable Runnable onDone;
    List<SessionConnection.Outcome> answer = List.of();

    Client(SessionConnection connection) {
      this.connection = connection;
    }
  }

  private final SessionConnection control;
  private final List<Client> clients = new ArrayList<>();
  private final String pids;
  private List<Transaction> transactions = new ArrayList<>();
  private int nextValue;
  private int refused;

  public ListAppendSimulation(ServerTarget target) throws IOException {
    control = new SessionConnection(target, "simulation/control", notice -> {});
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < SESSIONS; i++) {
      SessionConnection connection = new SessionConnection(target, "simulation/" + i, notice -> {});
      // PostgreSQL looks for deadlocks by a timer; this database finds them as they form.
      connection.run("SET deadlock_timeout = '5ms'");
      clients.add(new Client(connection));
      list.append(i == 0 ? "" : ",").append(connection.pid());
    }
    pids = "{" + list + "}";
    control.run("SET client_min_messages = warning; DROP TABLE IF EXISTS list_append; CREATE TABLE list_append (k int PRIMARY KEY, v int[] NOT NULL)");
  }

  /// How many transactions were refused with 40001 or 40P01 so far.
  public int refused() {
    return refused;
  }

  /// Runs the history of a seed.
  public ListAppendHistory run(long seed, Level level) throws IOException {
    Random random = new Random(seed);
    transactions = new ArrayList<>();
    nextValue = 1;
    control.run("TRUNCATE list_append");
    for (int step = 0; step < STEPS; step++) {
      Client client = clients.get(random.nextInt(SESSIONS));
      // Numbers are drawn whether the session can use them or not, so that the rest of the history does not depend on it.
      int choice = random.nextInt(12);
      int key = random.nextInt(KEYS);
      if (client.onDone == null) {
        begin(client, level, choice, key);
        settle();
      }
    }
    for (int round = 0; clients.stream().anyMatch(c -> c.transaction != null); round++) {
      Client client = clients.get(round % SESSIONS);
      if (client.onDone == null && client.transaction != null) {
        finish(client, true);
        settle();
      }
    }
    return new ListAppendHistory(transactions, lists(control.run("SELECT k, v FROM list_append ORDER BY k")));
  }

  private void begin(Client client, Level level, int choice, int key) throws IOException {
    if (client.transaction == null) {
      client.transaction = new Transaction(transactions.size() + 1);
      transactions.add(client.transaction);
      send(client, "BEGIN ISOLATION LEVEL " + level.sql(), () -> {});
      settle();
    }
    Transaction transaction = client.transaction;
    switch (choice) {
      case 0, 1 -> read(client, transaction, key, "SELECT k, v FROM list_append WHERE k = " + key, key);
      case 2 -> read(client, transaction, -1, "SELECT k, v FROM list_append", KEYS - 1);
      case 3 -> read(client, transaction, -1, "SELECT k, v FROM list_append WHERE k BETWEEN 0 AND " + key, key);
      case 4 -> read(client, transaction, key, "SELECT k, v FROM list_append WHERE k = " + key + " FOR SHARE", key);
      case 5, 6 -> append(client, transaction, key,
          "INSERT INTO list_append VALUES (" + key + ", ARRAY[%1$d]) ON CONFLICT (k) DO UPDATE SET v = list_append.v || %1$d");
      case 7, 8, 9 -> append(client, transaction, key, "UPDATE list_append SET v = v || %d WHERE k = " + key);
      default -> finish(client, choice == 10);
    }
  }

  /// @param key the key read, or -1 for all keys up to `high`
  private void read(Client client, Transaction transaction, int key, String sql, int high) throws IOException {
    send(client, sql, () -> {
      Map<Integer, List<Integer>> seen = lists(client.answer);
      for (int k = Math.max(key, 0); k <= high; k++) {
        transaction.add(new Read(k, seen.getOrDefault(k, List.of())));
      }
    });
  }

  private void append(Client client, Transaction transaction, int key, String sql) throws IOException {
    int value = nextValue++;
    send(client, String.format(sql, value), () -> {
      if (client.answer.getLast() instanceof SessionConnection.Done done && !done.tag().endsWith(" 0")) {
        transaction.add(new Append(key, value));
      }
    });
  }

  private void finish(Client client, boolean commit) throws IOException {
    Transaction transaction = client.transaction;
    send(client, commit ? "COMMIT" : "ROLLBACK", () -> {
      if (client.answer.getLast() instanceof SessionConnection.Done done && done.tag().equals("COMMIT")) {
        transaction.committed();
      }
      client.transaction = null;
    });
  }

  private static void send(Client client, String sql, Runnable onDone) throws IOException {
    client.onDone = onDone;
    client.connection.send(sql);
  }

  /// Observes until every session has its answer or waits for another.
  private void settle() throws IOException {
    boolean hasChanged = true;
    while (hasChanged) {
      hasChanged = false;
      for (Client client : clients) {
        if (client.onDone != null && !isWaiting(client)) {
          take(client);
          hasChanged = true;
        }
      }
    }
  }

  private boolean isWaiting(Client client) throws IOException {
    long deadline = System.nanoTime() + WAIT_NANOS_MAX;
    for (long look = 50_000; client.connection.isBusy(); look = Math.min(2 * look, 5_000_000)) {
      client.connection.poll(look);
      if (client.connection.isBusy() && isBlocked(client)) {
        client.connection.poll(0);
        return client.connection.isBusy();
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("a statement neither ends nor waits for a session");
      }
    }
    return false;
  }

  private boolean isBlocked(Client client) throws IOException {
    List<SessionConnection.Outcome> answer =
        control.run("SELECT pg_catalog.pg_isolation_test_session_is_blocked(" + client.connection.pid() + ", '" + pids + "')");
    return answer.getFirst() instanceof SessionConnection.Rows rows && "t".equals(rows.table().rows().getFirst()[0]);
  }

  private void take(Client client) throws IOException {
    Runnable then = client.onDone;
    client.onDone = null;
    client.answer = client.connection.takeOutcomes();
    if (client.answer.getLast() instanceof SessionConnection.Failure failure) {
      if (!EXPECTED_FAILURES.contains(failure.sqlState())) {
        throw new IOException("unexpected failure " + failure);
      }
      refused++;
      client.connection.run("ROLLBACK");
      client.transaction = null;
      return;
    }
    then.run();
  }

  private static Map<Integer, List<Integer>> lists(List<SessionConnection.Outcome> answer) {
    Map<Integer, List<Integer>> lists = new HashMap<>();
    if (answer.getLast() instanceof SessionConnection.Rows rows) {
      for (String[] row : rows.table().rows()) {
        String elements = row[1].substring(1, row[1].length() - 1);
        lists.put(Integer.valueOf(row[0]), Arrays.stream(elements.split(",")).map(Integer::valueOf).toList());
      }
    }
    return lists;
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.connection.close();
    }
    control.run("DROP TABLE IF EXISTS list_append");
    control.close();
  }

  public static void main(String[] args) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    ServerTarget target =
        new ServerTarget(
            options.getOrDefault("--host", "127.0.0.1"), Integer.parseInt(options.getOrDefault("--port", "5432")), "postgres",
            options.getOrDefault("--database", "heliosdb"));
    long first = Long.parseLong(options.getOrDefault("--seed", "1"));
    long count = Long.parseLong(options.getOrDefault("--histories", "1000"));
    boolean failed = false;
    for (Level level : options.containsKey("--level") ? new Level[] {Level.valueOf(options.get("--level"))} : Level.values()) {
      Map<ListAppendChecker.Anomaly, Integer> seen = new java.util.TreeMap<>();
      int refusals;
      try (ListAppendSimulation simulation = new ListAppendSimulation(target)) {
        for (long seed = first; seed < first + count; seed++) {
          ListAppendHistory history = simulation.run(seed, level);
          ListAppendChecker.anomalies(history, level).keySet().forEach(a -> seen.merge(a, 1, Integer::sum));
          Map<ListAppendChecker.Anomaly, String> violations = ListAppendChecker.violations(history, level);
          if (!violations.isEmpty()) {
            failed = true;
            System.out.println("seed " + seed + " at " + level + ": " + violations);
          }
        }
        refusals = simulation.refused();
      }
      System.out.println(level + ": " + count + " histories from seed " + first + ", " + refusals + " refusals, anomalies " + seen);
    }
    System.exit(failed ? 1 : 0);
  }
}
