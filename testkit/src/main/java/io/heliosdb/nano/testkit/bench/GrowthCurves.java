package io.heliosdb.nano.testkit.bench;

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
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How costs grow with rows, clients, tables, the length of a statement and the number of columns, beside PostgreSQL. A step is marked where the cost of
/// HeliosDB grows by more than the size does, and by more than PostgreSQL's: both with a margin for noise.
///
/// `java … GrowthCurves [--short] [--only rows,clients,tables,length,columns] [--postgres-bin DIR] [--launcher FILE]`; `--short` leaves out the largest steps.
public final class GrowthCurves {
  /// Growth of the cost per growth of the size that counts as linear.
  private static final double LINEAR = 1.5;

  private static final long WARM_UP_NANOS = 1_000_000_000L;

  private final Options options;
  private final boolean isShort;
  private BenchServer postgres;
  private BenchServer helios;
  private int marked;

  private GrowthCurves(Options options) {
    this.options = options;
    isShort = options.isOn("short");
  }

  public static void main(String[] arguments) throws Exception {
    new GrowthCurves(new Options(arguments)).run();
  }

  private void run() throws Exception {
    Path work = Files.createTempDirectory("heliosdb-curves");
    try (BenchServer theirs = BenchServer.postgres(Path.of(options.text("postgres-bin", "/usr/lib/postgresql/15/bin")), work.resolve("pg"), true);
        BenchServer ours = BenchServer.helios(Path.of(options.text("launcher", "heliosdb-nano")).toAbsolutePath(), work.resolve("helios"), true)) {
      postgres = theirs;
      helios = ours;
      System.out.printf(Locale.ROOT, "| %-28s | %9s | %12s | %12s | %8s | %8s | %s |%n", "curve", "size", "PostgreSQL", "HeliosDB", "growth", "growth", "");
      System.out.println("|---|---:|---:|---:|---:|---:|---|");
      if (isWanted("rows")) {
        rows();
      }
      if (isWanted("clients")) {
        clients();
      }
      if (isWanted("tables")) {
        tables();
      }
      if (isWanted("length")) {
        length();
      }
      if (isWanted("columns")) {
        columns();
      }
      System.out.println(marked == 0 ? "\nNo step is worse than linear where PostgreSQL's is not." : "\nSteps marked: " + marked);
    } finally {
      PgbenchComparison.deleteTree(work);
    }
  }

  private boolean isWanted(String curve) {
    return options.names("only").isEmpty() || options.names("only").contains(curve);
  }

  private static Connection connect(BenchServer server) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres");
  }

  // ---- measuring ----

  @FunctionalInterface
  private interface Work {
    void run(Statement statement) throws Exception;
  }

  /// Median time in nanoseconds of some runs, after half as many that do not count, and no fewer than fit into [#WARM_UP_NANOS]: a step that the
  /// compiler has not caught up with would look like one that costs more.
  private static double nanos(Connection connection, int runs, Work work) throws Exception {
    try (Statement statement = connection.createStatement()) {
      long warmUpEnd = System.nanoTime() + WARM_UP_NANOS;
      for (int i = 0; i < runs / 2 || System.nanoTime() < warmUpEnd; i++) {
        work.run(statement);
      }
      List<Double> times = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        long start = System.nanoTime();
        work.run(statement);
        times.add((double) (System.nanoTime() - start));
      }
      return Report.median(times);
    }
  }

  private static void read(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        result.getObject(1);
      }
    }
  }

  /// One curve: cost per size of both, printed as it grows.
  private final class Curve {
    private final String name;
    private long size;
    private double theirs;
    private double ours;

    Curve(String name) {
      this.name = name;
    }

    /// @param theirCost, ourCost nanoseconds, lower is better
    void step(long newSize, double theirCost, double ourCost) {
      double theirGrowth = size == 0 ? 1 : theirCost / theirs;
      double ourGrowth = size == 0 ? 1 : ourCost / ours;
      boolean worse = size > 0 && ourGrowth > LINEAR * newSize / size && ourGrowth > LINEAR * theirGrowth;
      marked += worse ? 1 : 0;
      System.out.printf(
          Locale.ROOT, "| %-28s | %,9d | %12s | %12s | %8.2f | %8.2f | %s |%n", name, newSize, Report.time(theirCost), Report.time(ourCost), theirGrowth, ourGrowth,
          worse ? "WORSE" : "");
      size = newSize;
      theirs = theirCost;
      ours = ourCost;
    }
  }

  // ---- curves ----

  private void rows() throws Exception {
    Curve point = new Curve("point read by rows");
    Curve insert = new Curve("insert of a row by rows");
    Curve scan = new Curve("scan by rows");
    try (Connection theirs = connect(postgres); Connection ours = connect(helios)) {
      for (int n : isShort ? new int[] {10_000, 100_000, 1_000_000} : new int[] {10_000, 100_000, 1_000_000, 10_000_000}) {
        double[][] costs = {rows(theirs, n), rows(ours, n)};
        point.step(n, costs[0][0], costs[1][0]);
        insert.step(n, costs[0][1], costs[1][1]);
        scan.step(n, costs[0][2], costs[1][2]);
      }
    }
  }

  private static double[] rows(Connection connection, int n) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE r (id INT PRIMARY KEY, v INT, t TEXT)");
      statement.execute("INSERT INTO r SELECT g, g % 1000, 'row ' || g FROM generate_series(1, " + n + ") g");
      statement.execute("ANALYZE r");
    }
    int[] key = {0};
    double point;
    double insert;
    try (PreparedStatement select = connection.prepareStatement("SELECT v FROM r WHERE id = ?");
        PreparedStatement add = connection.prepareStatement("INSERT INTO r VALUES (?, 1, 'new')")) {
      point = nanos(connection, 4_000, s -> {
        select.setInt(1, (int) (key[0]++ * 2_654_435_761L % n) + 1);
        select.executeQuery().close();
      });
      insert = nanos(connection, 2_000, s -> {
        add.setInt(1, -++key[0]);
        add.executeUpdate();
      });
    }
    double scan = nanos(connection, n > 1_000_000 ? 3 : 7, s -> read(s, "SELECT sum(v) FROM r WHERE t <> 'x'"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE r");
    }
    return new double[] {point, insert, scan};
  }

  private void clients() throws Exception {
    for (BenchServer server : List.of(postgres, helios)) {
      try (Connection connection = connect(server); Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE c (id INT PRIMARY KEY, v INT)");
        statement.execute("INSERT INTO c SELECT g, g FROM generate_series(1, 100000) g");
      }
    }
    Curve curve = new Curve("time for 1 k reads by clients");
    clients(helios, 8, 5);
    for (int n : isShort ? new int[] {1, 10, 100} : new int[] {1, 10, 50, 200}) {
      curve.step(n, clients(postgres, n, 2), clients(helios, n, 2));
    }
  }

  /// Nanoseconds for a thousand reads by all clients together.
  private static double clients(BenchServer server, int count, int seconds) throws Exception {
    List<Connection> connections = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      for (int i = 0; i < count; i++) {
        connections.add(connect(server));
      }
      long start = System.nanoTime();
      long end = start + seconds * 1_000_000_000L;
      List<Future<Long>> done = new ArrayList<>();
      for (Connection connection : connections) {
        done.add(threads.submit(() -> {
          long reads = 0;
          try (PreparedStatement select = connection.prepareStatement("SELECT v FROM c WHERE id = ?")) {
            while (System.nanoTime() < end) {
              select.setInt(1, (int) (++reads * 7919 % 100_000) + 1);
              select.executeQuery().close();
            }
          }
          return reads;
        }));
      }
      long reads = 0;
      for (Future<Long> one : done) {
        reads += one.get();
      }
      return (System.nanoTime() - start) * 1_000.0 / reads;
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  private void tables() throws Exception {
    Curve create = new Curve("CREATE TABLE by tables");
    Curve point = new Curve("point read by tables");
    Curve list = new Curve("list of all tables");
    try (Connection theirs = connect(postgres); Connection ours = connect(helios)) {
      int made = 0;
      for (int n : isShort ? new int[] {10, 100, 1_000} : new int[] {10, 100, 1_000, 10_000}) {
        double[][] costs = {tables(theirs, made, n), tables(ours, made, n)};
        create.step(n, costs[0][0], costs[1][0]);
        point.step(n, costs[0][1], costs[1][1]);
        list.step(n, costs[0][2], costs[1][2]);
        made = n;
      }
    }
  }

  private static double[] tables(Connection connection, int from, int to) throws Exception {
    List<Double> times = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      for (int i = from; i < to; i++) {
        long start = System.nanoTime();
        statement.execute("CREATE TABLE many_" + i + " (id INT PRIMARY KEY, v INT)");
        times.add((double) (System.nanoTime() - start));
      }
      statement.execute("INSERT INTO many_" + (to - 1) + " VALUES (1, 1)");
    }
    return new double[] {
      Report.median(times),
      nanos(connection, 1_000, s -> read(s, "SELECT v FROM many_" + (to - 1) + " WHERE id = 1")),
      nanos(connection, 5, s -> read(s, "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relname LIKE 'many%'"))};
  }

  private void length() throws Exception {
    Curve list = new Curve("IN list by length");
    Curve insert = new Curve("INSERT of many VALUES");
    Curve and = new Curve("conditions with AND");
    try (Connection theirs = connect(postgres); Connection ours = connect(helios)) {
      for (Connection connection : List.of(theirs, ours)) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("CREATE TABLE l (id INT, v INT)");
          statement.execute("INSERT INTO l SELECT g, g FROM generate_series(1, 100) g");
        }
      }
      for (int n : isShort ? new int[] {10, 100, 1_000} : new int[] {10, 100, 1_000, 10_000}) {
        int runs = n < 1_000 ? 200 : 20;
        String in = "SELECT count(*) FROM l WHERE id IN (" + IntStream.range(0, n).mapToObj(i -> "" + 3 * i).collect(Collectors.joining(",")) + ")";
        String values = "INSERT INTO l VALUES " + IntStream.range(0, n).mapToObj(i -> "(" + -i + "," + i + ")").collect(Collectors.joining(","));
        list.step(n, nanos(theirs, runs, s -> read(s, in)), nanos(ours, runs, s -> read(s, in)));
        insert.step(n, nanos(theirs, runs, s -> insertOnly(s, values)), nanos(ours, runs, s -> insertOnly(s, values)));
        if (n <= 1_000) {
          String conditions = "SELECT count(*) FROM l WHERE " + IntStream.range(0, n).mapToObj(i -> "v <> " + -(i + 1) * 7).collect(Collectors.joining(" AND "));
          and.step(n, nanos(theirs, runs, s -> read(s, conditions)), nanos(ours, runs, s -> read(s, conditions)));
        }
      }
    }
  }

  /// Inserts rows and takes them back.
  private static void insertOnly(Statement statement, String sql) throws SQLException {
    statement.execute("BEGIN");
    statement.executeUpdate(sql);
    statement.execute("ROLLBACK");
  }

  private void columns() throws Exception {
    Curve insert = new Curve("insert of a row by columns");
    Curve all = new Curve("read of a row by columns");
    Curve one = new Curve("sum of the last by columns");
    try (Connection theirs = connect(postgres); Connection ours = connect(helios)) {
      for (int n : new int[] {10, 50, 100, 500}) {
        double[][] costs = {columns(theirs, n), columns(ours, n)};
        insert.step(n, costs[0][0], costs[1][0]);
        all.step(n, costs[0][1], costs[1][1]);
        one.step(n, costs[0][2], costs[1][2]);
      }
    }
  }

  private static double[] columns(Connection connection, int n) throws Exception {
    String table = "wide_" + n;
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (id SERIAL PRIMARY KEY, " + IntStream.range(1, n).mapToObj(i -> "c" + i + " INT").collect(Collectors.joining(", ")) + ")");
    }
    String names = IntStream.range(1, n).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
    String values = IntStream.range(1, n).mapToObj(i -> "" + i).collect(Collectors.joining(", "));
    return new double[] {
      nanos(connection, 1_000, s -> s.executeUpdate("INSERT INTO " + table + " (" + names + ") VALUES (" + values + ")")),
      nanos(connection, 1_000, s -> read(s, "SELECT * FROM " + table + " WHERE id = 7")),
      nanos(connection, 200, s -> read(s, "SELECT sum(c" + (n - 1) + ") FROM " + table))};
  }
}
