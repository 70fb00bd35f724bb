package io.heliosdb.nano.testkit.bench;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.persistence.compress.Compression;
import io.heliosdb.nano.persistence.dump.DumpManager;
import io.heliosdb.nano.persistence.dump.DumpOptions;
import io.heliosdb.nano.persistence.dump.DumpReport;
import io.heliosdb.nano.persistence.dump.RestoreOptions;
import io.heliosdb.nano.persistence.dump.RestoreReport;
import io.heliosdb.nano.persistence.transfer.NewDirectory;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How fast data goes in and out: COPY of a table of ten columns with a primary key, CSV beside a PostgreSQL 15 server in turn and Parquet against a
/// rate, both with files of the server and durable commits; then dump with zstd 3, restore, and increments, in this process.
///
/// CSV goes into a table that is there and, as `one transaction`, into one that the same transaction has truncated, which both servers can do faster.
/// Times of CSV are by the clock; the lines with `CPU` compare the servers' processor time, which other work on the machine disturbs less.
///
/// `java … TransferComparison [--short] [--rows N] [--rounds N] [--postgres-bin DIR] [--launcher FILE]`.
public final class TransferComparison {
  private static final int WARM_UPS = 2;
  private static final double PARQUET_ROWS_GOAL = 500_000;
  private static final double CSV_ROWS_GOAL = 300_000;
  private static final double DUMP_MEGABYTES_GOAL = 100;
  private static final int CHANGED_ROWS = 1_000;

  private final Options options;
  private final int rows;
  private final int rounds;
  private final Path work;
  private final Report report = new Report("HeliosDB", "peer");

  private TransferComparison(Options options, Path work) {
    this.options = options;
    this.work = work;
    rows = options.number("rows", options.isOn("short") ? 300_000 : 1_000_000);
    rounds = options.number("rounds", options.isOn("short") ? 3 : 7);
  }

  public static void main(String[] arguments) throws Exception {
    Path work = Files.createTempDirectory("heliosdb-transfer");
    try {
      TransferComparison comparison = new TransferComparison(new Options(arguments), work);
      comparison.copies();
      comparison.dumps();
      System.out.println(comparison.report.failed() == 0 ? "\nAll goals met." : "\nGoals missed: " + comparison.report.failed());
    } finally {
      PgbenchComparison.deleteTree(work);
    }
  }

  // ---- COPY ----

  private void copies() throws Exception {
    // Both servers read it and write beside it, PostgreSQL as another user.
    Path exchange = Files.createDirectory(work.resolve("exchange"));
    Files.setPosixFilePermissions(exchange, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path csv = csv(exchange.resolve("in.csv"));
    Path configuration = Files.writeString(work.resolve("config.toml"), "[copy]\ndirectories = [\"" + exchange + "\"]\n");
    Path postgresBin = Path.of(options.text("postgres-bin", "/usr/lib/postgresql/15/bin"));
    Path launcher = Path.of(options.text("launcher", "heliosdb-nano")).toAbsolutePath();
    try (BenchServer postgres = BenchServer.postgres(postgresBin, work.resolve("pg"), false);
        BenchServer helios = BenchServer.helios(launcher, work.resolve("helios"), false, "--config", configuration.toString());
        Connection theirs = connect(postgres);
        Connection ours = connect(helios)) {
      String create = "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL, b text, c bigint, d double precision, e date, f numeric(10,2), g boolean, h timestamp, i varchar(20))";
      run(theirs, create);
      run(ours, create);
      String in = "COPY t FROM '" + csv + "' (FORMAT csv)";
      Pair into = compare(postgres, theirs, helios, ours, "TRUNCATE t", in);
      line("CSV in", into, 1.2);
      rate("CSV in, rows/s", into.ours, CSV_ROWS_GOAL);
      line("CSV in, one transaction", compare(postgres, theirs, helios, ours, "BEGIN; TRUNCATE t", in + "; COMMIT"), 1.2);
      line("CSV out", compare(postgres, theirs, helios, ours, "SELECT 1", "COPY t TO '" + exchange + "/out-%s.csv' (FORMAT csv)"), 1.5);
      String parquet = exchange + "/out.parquet";
      rate("Parquet out, rows/s", median(ours, "SELECT 1", "COPY t TO '" + parquet + "'"), PARQUET_ROWS_GOAL);
      rate("Parquet in, rows/s", median(ours, "BEGIN; TRUNCATE t", "COPY t FROM '" + parquet + "'; COMMIT"), PARQUET_ROWS_GOAL);
      rate("Parquet into a table in use, rows/s", median(ours, "TRUNCATE t", "COPY t FROM '" + parquet + "'"), 0);
    }
  }

  private Path csv(Path file) throws IOException {
    DateTimeFormatter moment = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int x = 1; x <= rows; x++) {
        out.write(x + ",customer number " + x + ",city " + x % 1000 + "," + x * 7L + "," + x / 3.0 + "," + LocalDate.of(2020, 1, 1).plusDays(x % 1000) + ","
            + x % 100_000 / 100 + "." + x % 10 + "5," + (x % 2 == 1 ? "t" : "f") + "," + LocalDateTime.of(2024, 1, 1, 0, 0).plusSeconds(x).format(moment)
            + ",abc" + x % 77 + "\n");
      }
    }
    return file;
  }

  private static Connection connect(BenchServer server) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres&preferQueryMode=simple");
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Nanoseconds by the clock and microseconds of the servers' processors.
  private record Pair(double ours, double theirs, double ourCpu, double theirCpu) {}

  private Pair compare(BenchServer postgres, Connection theirs, BenchServer helios, Connection ours, String before, String measured) throws SQLException {
    List<Double> a = new ArrayList<>();
    List<Double> b = new ArrayList<>();
    List<Double> aCpu = new ArrayList<>();
    List<Double> bCpu = new ArrayList<>();
    for (int round = -WARM_UPS; round < rounds; round++) {
      run(theirs, before);
      double cpu = treeCpuMicros(postgres);
      double clock = time(theirs, measured.replace("%s", "pg"));
      double theirCpu = treeCpuMicros(postgres) - cpu;
      run(ours, before);
      cpu = helios.cpuMicros();
      double ourClock = time(ours, measured.replace("%s", "helios"));
      if (round >= 0) {
        a.add(clock);
        aCpu.add(theirCpu);
        b.add(ourClock);
        bCpu.add(helios.cpuMicros() - cpu);
      }
    }
    return new Pair(Report.median(b), Report.median(a), Report.median(bCpu), Report.median(aCpu));
  }

  /// PostgreSQL's sessions are processes of their own.
  private static double treeCpuMicros(BenchServer server) {
    return server.cpuMicros()
        + server.process().descendants().mapToLong(process -> process.info().totalCpuDuration().map(d -> d.toNanos() / 1_000).orElse(0L)).sum();
  }

  private double median(Connection connection, String before, String measured) throws SQLException {
    List<Double> times = new ArrayList<>();
    for (int round = -WARM_UPS; round < rounds; round++) {
      run(connection, before);
      double time = time(connection, measured);
      if (round >= 0) {
        times.add(time);
      }
    }
    return Report.median(times);
  }

  private static double time(Connection connection, String sql) throws SQLException {
    long before = System.nanoTime();
    run(connection, sql);
    return System.nanoTime() - before;
  }

  private void line(String name, Pair pair, double goal) {
    report.line(name, "PostgreSQL", Report.time(pair.ours), Report.time(pair.theirs), pair.theirs / pair.ours, goal);
    report.line(name + ", CPU", "PostgreSQL", Report.time(pair.ourCpu * 1_000), Report.time(pair.theirCpu * 1_000), pair.theirCpu / pair.ourCpu, 0);
  }

  private void rate(String name, double nanos, double goal) {
    double rate = rows * 1e9 / nanos;
    report.line(name, goal == 0 ? "" : "goal", number(rate), goal == 0 ? "" : number(goal), goal == 0 ? 1 : rate / goal, goal == 0 ? 0 : 1);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  // ---- dump, restore, increments ----

  private void dumps() throws IOException {
    Path file = work.resolve("all.heliodump");
    double full = dump(rows, file);
    double restore = restore(file);
    report.line("dump, zstd 3, MB/s of rows", "goal", number(full), number(DUMP_MEGABYTES_GOAL), full / DUMP_MEGABYTES_GOAL, 1);
    report.line("restore, MB/s of rows", "dump", number(restore), number(full), restore / full, 0.7);
    double small = increment(rows / 10);
    double large = increment(rows);
    report.line("increment of " + CHANGED_ROWS + " rows", "a tenth the rows", Report.time(large), Report.time(small), small / large, 0.5);
  }

  private EmbeddedDatabase filled(int count, Path directory) {
    EmbeddedDatabase database = EmbeddedDatabase.open(directory);
    database.execute("CREATE TABLE t AS SELECT x AS id, 'customer number ' || x AS a, 'city ' || (x % 1000) AS b, x * 7::bigint AS c, x / 3.0::float8 AS d,"
        + " date '2020-01-01' + x % 1000 AS e, ((x % 100000) / 100.0)::numeric(10,2) AS f, x % 2 = 1 AS g, timestamp '2024-01-01' + x * interval '1 second' AS h,"
        + " ('abc' || (x % 77))::varchar(20) AS i FROM generate_series(1, " + count + ") x");
    database.execute("ALTER TABLE t ADD PRIMARY KEY (id)");
    return database;
  }

  private double dump(int count, Path file) throws IOException {
    Path directory = work.resolve("dumped");
    List<Double> rates = new ArrayList<>();
    try (EmbeddedDatabase database = filled(count, directory)) {
      for (int round = -WARM_UPS; round < rounds; round++) {
        DumpReport dumped = new DumpManager(database).dump(DumpOptions.to(file).withCompression(Compression.ZSTD, 3));
        if (round >= 0) {
          rates.add(dumped.rawBytes() * 1e3 / dumped.duration().toNanos());
        }
      }
    } finally {
      NewDirectory.deleteTree(directory);
    }
    return Report.median(rates);
  }

  private double restore(Path file) throws IOException {
    List<Double> rates = new ArrayList<>();
    for (int round = -WARM_UPS; round < rounds; round++) {
      Path target = work.resolve("restored");
      RestoreReport restored = DumpManager.restoreTo(target, RestoreOptions.from(file));
      if (round >= 0) {
        rates.add(restored.rawBytes() * 1e3 / restored.duration().toNanos());
      }
      NewDirectory.deleteTree(target);
    }
    return Report.median(rates);
  }

  /// Nanoseconds of an increment after a change of [#CHANGED_ROWS] rows.
  private double increment(int count) throws IOException {
    Path directory = work.resolve("increments");
    Path file = work.resolve("increments.heliodump");
    List<Double> times = new ArrayList<>();
    try (EmbeddedDatabase database = filled(count, directory)) {
      new DumpManager(database).dump(DumpOptions.to(file));
      for (int round = -WARM_UPS; round < rounds; round++) {
        database.execute("UPDATE t SET c = c + 1 WHERE id % " + count / CHANGED_ROWS + " = 0");
        DumpReport dumped = new DumpManager(database).dump(DumpOptions.to(file).withAppend(true));
        if (round >= 0) {
          times.add((double) dumped.duration().toNanos());
        }
      }
    } finally {
      NewDirectory.deleteTree(directory);
      Files.deleteIfExists(file);
    }
    return Report.median(times);
  }
}
