package io.heliosdb.nano.testkit.load;

import io.heliosdb.nano.testkit.bench.BenchServer;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Sessions that each try to take all of a small heap, in every way a statement can, beside some that do short work. The greedy ones may
/// be refused (53200 and the like) but keep their session; the others must notice nothing but the load.
///
/// ```
/// java -cp … io.heliosdb.nano.testkit.load.MemoryHogs 100 120 512m
/// ```
///
/// Arguments: greedy sessions, seconds, heap of the server. Exit code 1 when the server did not survive or a short statement failed.
public final class MemoryHogs {
  /// What a refused statement may say: out of memory or temporary space, too large a value, cancelled by the time limit.
  private static final List<String> REFUSALS = List.of("53200", "53400", "53100", "54000", "54001", "57014", "22023", "2202E", "22001");

  private static final int SHORT_SESSIONS = 5;

  private static final List<String> GREEDY = List.of(
      "SELECT count(*) FROM (SELECT i, md5(i::text) m FROM generate_series(1, 1000000) i ORDER BY m OFFSET 1) x",
      "SELECT count(*) FROM generate_series(1, 1000000) a JOIN generate_series(1, 1000000) b ON a = b",
      "SELECT count(*) FROM (SELECT md5(i::text) m, count(*) FROM generate_series(1, 1000000) i GROUP BY 1) x",
      "SELECT max(r) FROM (SELECT row_number() OVER (ORDER BY md5(i::text)) r, lag(i) OVER (ORDER BY i) FROM generate_series(1, 500000) i) x",
      "SELECT length(repeat('x', 300000000))",
      "SELECT length(repeat('x', 100000000) || repeat('y', 100000000))",
      "SELECT max(length(repeat(i::text, 1000000))) FROM generate_series(1, 5000) i",
      "SELECT array_length(array_fill(0, ARRAY[50000000]), 1)",
      "SELECT array_length(array_agg(repeat('x', 1000)), 1) FROM generate_series(1, 1000000)",
      "SELECT length(string_agg(repeat('x', 1000), ',')) FROM generate_series(1, 1000000)",
      "SELECT length(jsonb_agg(jsonb_build_object('k', i, 'v', repeat('z', 100)))::text) FROM generate_series(1, 1000000) i",
      "WITH RECURSIVE t(s) AS (SELECT 'x'::text UNION ALL SELECT s || s FROM t WHERE length(s) < 1000000000) SELECT max(length(s)) FROM t",
      "DO $$ DECLARE s text := 'x'; BEGIN FOR i IN 1 .. 40 LOOP s := s || s; END LOOP; END $$",
      "DO $$ DECLARE a int[] := '{}'; BEGIN FOR i IN 1 .. 30 LOOP a := a || a || i; END LOOP; END $$",
      "SELECT array_length(regexp_split_to_array(repeat('a b ', 10000000), ' '), 1)",
      "SELECT count(DISTINCT md5(i::text)) FROM generate_series(1, 1000000) i",
      "WITH a AS MATERIALIZED (SELECT i, repeat('q', 200) q FROM generate_series(1, 500000) i) SELECT count(*) FROM a x JOIN a y USING (i)",
      "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY i) FROM generate_series(1, 2000000) i",
      "INSERT INTO greedy SELECT i, repeat('x', 500) FROM generate_series(1, 1000000) i",
      "BEGIN; UPDATE filled SET note = note || 'x'; ROLLBACK",
      "CREATE TEMP TABLE IF NOT EXISTS mine AS SELECT i, repeat('x', 100) FROM generate_series(1, 200000) i");

  private final int port;
  private final int seconds;
  private final int statementSeconds;
  private long endNanos;
  private final AtomicInteger finished = new AtomicInteger();
  private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Long> shortNanos = new ConcurrentLinkedQueue<>();

  private MemoryHogs(int port, int seconds) {
    this.port = port;
    this.seconds = seconds;
    statementSeconds = Math.min(20, seconds);
  }

  /// What came of it.
  ///
  /// @param refused greedy statements refused, by SQLSTATE
  /// @param failures what must not happen
  public record Outcome(int finished, Map<String, Integer> refused, int shortStatements, double shortP99Millis, List<String> failures) {
    @Override
    public String toString() {
      return String.format("greedy: %d finished, refused %s; short: %d, p99 %.1f ms; failures: %s", finished, refused, shortStatements,
          shortP99Millis, failures.isEmpty() ? "none" : failures);
    }
  }

  public static void main(String[] args) throws Exception {
    int sessions = args.length > 0 ? Integer.parseInt(args[0]) : 100;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 120;
    Outcome outcome = run(sessions, seconds, args.length > 2 ? args[2] : "512m", Files.createTempDirectory("hogs"));
    System.out.println(outcome);
    System.exit(outcome.failures.isEmpty() ? 0 : 1);
  }

  /// Starts a server with that heap and runs the load on it.
  public static Outcome run(int sessions, int seconds, String heap, Path directory) throws Exception {
    // Each greedy session may open another connection; see slowReader.
    Path config = Files.writeString(directory.resolve("hogs.toml"), "[server]\nmax_connections = " + (2 * sessions + SHORT_SESSIONS + 5) + "\n");
    try (BenchServer server = BenchServer.java(directory, List.of("-Xmx" + heap), List.of("--config", config.toString()))) {
      MemoryHogs hogs = new MemoryHogs(server.port(), seconds);
      hogs.prepare();
      hogs.load(sessions);
      hogs.survived(server);
      return hogs.outcome();
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/heliosdb?sslmode=disable", "postgres", "");
  }

  private void prepare() throws SQLException {
    try (Connection c = connect(); Statement s = c.createStatement()) {
      s.execute("CREATE TABLE greedy (i int, note text)");
      s.execute("CREATE TABLE filled (i int PRIMARY KEY, note text)");
      s.execute("INSERT INTO filled SELECT i, repeat('n', 100) FROM generate_series(1, 50000) i");
      s.execute("CREATE TABLE short (id int PRIMARY KEY, n int)");
      s.execute("INSERT INTO short SELECT i, 0 FROM generate_series(1, 100) i");
    }
  }

  private void load(int sessions) throws InterruptedException {
    endNanos = System.nanoTime() + seconds * 1_000_000_000L;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      int number = i;
      threads.add(Thread.ofPlatform().name("greedy-" + i).start(() -> guarded("greedy " + number, () -> greedy(number))));
    }
    for (int i = 0; i < SHORT_SESSIONS; i++) {
      int number = i;
      threads.add(Thread.ofPlatform().name("short-" + i).start(() -> guarded("short " + number, () -> shortWork(number))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private void guarded(String who, Work work) {
    try {
      work.run();
    } catch (Exception e) {
      failures.add(who + ": " + (e instanceof SQLException s ? s.getSQLState() + " " : "") + e.getMessage());
    }
  }

  private void greedy(int number) throws Exception {
    // The first numbers of generators with neighbouring seeds are nearly the same.
    Random random = new Random(number * 0x9E3779B97F4A7C15L);
    try (Connection c = connect(); Statement s = c.createStatement()) {
      s.execute("SET statement_timeout = '" + statementSeconds + "s'");
      while (System.nanoTime() < endNanos) {
        int kind = random.nextInt(GREEDY.size() + 5);
        try {
          switch (kind - GREEDY.size()) {
            case 0 -> hugeInList(s, random);
            case 1 -> manyStatements(c, random);
            case 2 -> manyCursors(c);
            case 3 -> slowReader();
            case 4 -> largeValues(c);
            default -> s.execute(GREEDY.get(kind));
          }
          finished.incrementAndGet();
        } catch (SQLException e) {
          if (!REFUSALS.contains(String.valueOf(e.getSQLState()))) {
            throw new SQLException(e.getMessage() + " in kind " + (kind < GREEDY.size() ? GREEDY.get(kind) : kind - GREEDY.size()), e.getSQLState());
          }
          refused.computeIfAbsent(e.getSQLState(), k -> new AtomicInteger()).incrementAndGet();
          s.execute("ROLLBACK");
        }
        s.execute("SELECT 1");
      }
    }
  }

  private static void hugeInList(Statement s, Random random) throws SQLException {
    StringBuilder sql = new StringBuilder("SELECT count(*) FROM filled WHERE i IN (0");
    for (int i = 0; i < 300_000; i++) {
      sql.append(',').append(random.nextInt());
    }
    s.execute(sql.append(')').toString());
  }

  private static void manyStatements(Connection c, Random random) throws SQLException {
    try (Statement s = c.createStatement()) {
      String filler = "'" + "f".repeat(5_000) + "'";
      try {
        for (int i = 0; i < 2_000; i++) {
          s.execute("PREPARE p" + i + " AS SELECT " + random.nextInt() + ", " + filler + ", $1::int");
        }
      } finally {
        s.execute("DEALLOCATE ALL");
      }
    }
  }

  private static void manyCursors(Connection c) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute("BEGIN");
      for (int i = 0; i < 300; i++) {
        s.execute("DECLARE c" + i + " CURSOR FOR SELECT * FROM generate_series(1, 20000) g ORDER BY md5(g::text)");
        s.execute("FETCH 1 FROM c" + i);
      }
      s.execute("ROLLBACK");
    }
  }

  /// Asks for a large result and reads little of it.
  private void slowReader() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] parameters = "user\0postgres\0database\0heliosdb\0\0".getBytes(StandardCharsets.UTF_8);
      out.writeInt(8 + parameters.length);
      out.writeInt(3 << 16);
      out.write(parameters);
      byte[] query = "SELECT repeat('x', 10000) FROM generate_series(1, 1000000)\0".getBytes(StandardCharsets.UTF_8);
      out.writeByte('Q');
      out.writeInt(4 + query.length);
      out.write(query);
      out.flush();
      InputStream in = socket.getInputStream();
      byte[] some = new byte[1000];
      for (int i = 0; i < 20 && System.nanoTime() < endNanos; i++) {
        if (in.read(some) < 0) {
          return;
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void largeValues(Connection c) throws SQLException {
    try (PreparedStatement p = c.prepareStatement("SELECT length(?::text) + length(?::text)")) {
      String large = "v".repeat(20_000_000);
      p.setString(1, large);
      p.setString(2, large);
      p.execute();
    }
  }

  private void shortWork(int number) throws SQLException {
    try (Connection c = connect();
        PreparedStatement read = c.prepareStatement("SELECT n FROM short WHERE id = ?");
        PreparedStatement write = c.prepareStatement("UPDATE short SET n = n + 1 WHERE id = ?");
        PreparedStatement sort = c.prepareStatement("SELECT id FROM short ORDER BY n, id LIMIT 10")) {
      for (int i = 0; System.nanoTime() < endNanos; i++) {
        long start = System.nanoTime();
        PreparedStatement statement = i % 3 == 0 ? read : i % 3 == 1 ? write : sort;
        if (statement != sort) {
          statement.setInt(1, number + 1);
        }
        statement.execute();
        shortNanos.add(System.nanoTime() - start);
      }
    }
  }

  private void survived(BenchServer server) {
    guarded("server", () -> {
      if (!server.process().isAlive()) {
        throw new IOException("the server has ended");
      }
      try (Connection c = connect(); Statement s = c.createStatement(); ResultSet r = s.executeQuery("SELECT sum(n) FROM short")) {
        r.next();
      }
    });
  }

  private Outcome outcome() {
    Map<String, Integer> states = new TreeMap<>();
    refused.forEach((state, count) -> states.put(state, count.get()));
    long[] sorted = shortNanos.stream().mapToLong(Long::longValue).sorted().toArray();
    double p99 = sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)] / 1e6;
    return new Outcome(finished.get(), states, sorted.length, p99, List.copyOf(failures));
  }
}
