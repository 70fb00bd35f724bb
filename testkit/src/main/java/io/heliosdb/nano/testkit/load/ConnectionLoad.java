package io.heliosdb.nano.testkit.load;

import io.heliosdb.nano.testkit.bench.BenchServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/// Many connections: most idle, some busy with short transactions. Tells latency, throughput and whether memory stays flat.
///
/// ```
/// java -cp … io.heliosdb.nano.testkit.load.ConnectionLoad 1000 200 600            # a server of its own, in memory
/// java -cp … io.heliosdb.nano.testkit.load.ConnectionLoad 1000 200 600 5432 bench # any server, PostgreSQL for one (max_connections!)
/// ```
public final class ConnectionLoad {
  private static final int ROWS = 10_000;
  private static final int WARM_PART = 5;

  private final int port;
  private final String database;
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<long[]> latencies = new ConcurrentLinkedQueue<>();
  private volatile long endNanos;

  private ConnectionLoad(int port, String database) {
    this.port = port;
    this.database = database;
  }

  /// @param residentBytesEarly, residentBytesLate of the server process after a fifth of the time and at the end, 0 when it is another's
  public record Outcome(long transactions, double perSecond, double p50Millis, double p99Millis, double idleProbeMillisMax, long residentBytesEarly,
      long residentBytesLate, List<String> failures) {
    @Override
    public String toString() {
      return String.format("%d transactions, %.0f/s, p50 %.2f ms, p99 %.2f ms; slowest look at pg_stat_activity and pg_locks %.1f ms; resident %d MB -> %d MB; "
          + "failures: %s", transactions, perSecond, p50Millis, p99Millis, idleProbeMillisMax, residentBytesEarly >> 20, residentBytesLate >> 20,
          failures.isEmpty() ? "none" : failures.subList(0, Math.min(5, failures.size())));
    }
  }

  public static void main(String[] args) throws Exception {
    int idle = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    int busy = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 600;
    Outcome outcome = args.length > 4
        ? new ConnectionLoad(Integer.parseInt(args[3]), args[4]).run(idle, busy, seconds, 0)
        : run(idle, busy, seconds, Files.createTempDirectory("connections"));
    System.out.println(outcome);
    System.exit(outcome.failures.isEmpty() ? 0 : 1);
  }

  /// Starts a server and loads it.
  public static Outcome run(int idle, int busy, int seconds, Path directory) throws Exception {
    Files.createDirectories(directory);
    Path configuration = directory.resolve("config.toml");
    Files.writeString(configuration, "[server]\nmax_connections = " + (idle + busy + 10) + "\n");
    try (BenchServer server = BenchServer.java(directory, List.of(), List.of("--config", configuration.toString()))) {
      return new ConnectionLoad(server.port(), "heliosdb").run(idle, busy, seconds, server.process().pid());
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?sslmode=disable", "postgres", "");
  }

  private Outcome run(int idle, int busy, int seconds, long pid) throws Exception {
    try (Connection c = connect(); Statement s = c.createStatement()) {
      s.execute("DROP TABLE IF EXISTS connection_load");
      s.execute("CREATE TABLE connection_load (id int PRIMARY KEY, n int)");
      s.execute("INSERT INTO connection_load SELECT i, 0 FROM generate_series(1, " + ROWS + ") i");
    }
    List<Connection> idlers = new ArrayList<>();
    try {
      for (int i = 0; i < idle; i++) {
        idlers.add(connect());
      }
      return loaded(busy, seconds, pid);
    } finally {
      for (Connection idler : idlers) {
        idler.close();
      }
    }
  }

  private Outcome loaded(int busy, int seconds, long pid) throws Exception {
    CountDownLatch connected = new CountDownLatch(busy);
    List<Thread> threads = new ArrayList<>();
    endNanos = Long.MAX_VALUE;
    for (int i = 0; i < busy; i++) {
      int number = i;
      threads.add(Thread.ofPlatform().start(() -> busy(number, connected)));
    }
    connected.await();
    long start = System.nanoTime();
    endNanos = start + seconds * 1_000_000_000L;
    long early = 0;
    long slowest = 0;
    try (Connection c = connect(); Statement s = c.createStatement()) {
      while (System.nanoTime() < endNanos) {
        long before = System.nanoTime();
        s.executeQuery("SELECT count(*) FROM pg_stat_activity").close();
        s.executeQuery("SELECT count(*) FROM pg_locks").close();
        slowest = Math.max(slowest, System.nanoTime() - before);
        if (early == 0 && System.nanoTime() - start > seconds * 1_000_000_000L / WARM_PART) {
          early = residentBytes(pid);
        }
        Thread.sleep(100);
      }
    }
    long late = residentBytes(pid);
    for (Thread thread : threads) {
      thread.join();
    }
    long[] all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return new Outcome(all.length, (double) all.length / seconds, at(all, 0.5), at(all, 0.99), slowest / 1e6, early, late, List.copyOf(failures));
  }

  private static double at(long[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * part)] / 1e6;
  }

  private void busy(int number, CountDownLatch connected) {
    long[] nanos = new long[1 << 12];
    int count = 0;
    try (Connection c = connect();
        PreparedStatement read = c.prepareStatement("SELECT n FROM connection_load WHERE id = ?");
        PreparedStatement write = c.prepareStatement("UPDATE connection_load SET n = n + 1 WHERE id = ?")) {
      connected.countDown();
      for (int i = 0; System.nanoTime() < endNanos; i++) {
        int id = 1 + (number * 7919 + i * 31) % ROWS;
        long before = System.nanoTime();
        if (i % 5 == 0) {
          write.setInt(1, id);
          write.executeUpdate();
        } else {
          read.setInt(1, id);
          try (ResultSet row = read.executeQuery()) {
            row.next();
          }
        }
        nanos = count == nanos.length ? Arrays.copyOf(nanos, 2 * count) : nanos;
        nanos[count++] = System.nanoTime() - before;
      }
    } catch (SQLException e) {
      connected.countDown();
      failures.add(e.getSQLState() + " " + e.getMessage());
    }
    latencies.add(Arrays.copyOf(nanos, count));
  }

  private static long residentBytes(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (pid == 0 || !Files.exists(status)) {
      return 0;
    }
    try (var lines = Files.lines(status)) {
      return lines.filter(line -> line.startsWith("VmRSS")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElse(0);
    }
  }
}
