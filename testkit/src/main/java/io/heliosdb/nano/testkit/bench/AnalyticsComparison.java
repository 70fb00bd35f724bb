package io.heliosdb.nano.testkit.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Runs the analytic queries of [AnalyticData] against a HeliosDB Nano server and a PostgreSQL 15 server that it starts itself, interleaved, each
/// through pgjdbc over a local socket, and prints the ratios of the median times. The answers of both must be equal.
///
/// Both run in their default configuration but for memory: PostgreSQL has `shared_buffers = 1GB`, both have `work_mem = 256MB`; PostgreSQL may
/// use its two parallel workers. Both tables are analyzed, PostgreSQL's are vacuumed too, and everything is warm.
///
/// `java … AnalyticsComparison [--short] [--rounds N] [--only NAME,…] [--postgres-bin DIR] [--launcher FILE]`.
public final class AnalyticsComparison {
  private static final int WARM_UPS = 5;

  private final Options options;
  private final int rounds;

  private AnalyticsComparison(Options options) {
    this.options = options;
    rounds = options.number("rounds", options.isOn("short") ? 5 : 15);
  }

  public static void main(String[] arguments) throws Exception {
    new AnalyticsComparison(new Options(arguments)).run();
  }

  private void run() throws Exception {
    Path work = Files.createTempDirectory("heliosdb-analytics");
    Path postgresBin = Path.of(options.text("postgres-bin", "/usr/lib/postgresql/15/bin"));
    Path launcher = Path.of(options.text("launcher", "heliosdb-nano")).toAbsolutePath();
    try (BenchServer postgres = BenchServer.postgres(postgresBin, work.resolve("pg"), true);
        BenchServer helios = BenchServer.helios(launcher, work.resolve("helios"), true);
        Connection theirs = connect(postgres);
        Connection ours = connect(helios)) {
      load(theirs, "VACUUM ANALYZE");
      load(ours, "ANALYZE");
      Report report = new Report("HeliosDB", "PostgreSQL");
      for (AnalyticData.Query query : AnalyticData.Query.values()) {
        if (options.names("only").isEmpty() || options.names("only").contains(query.label())) {
          compare(query, theirs, ours, report);
        }
      }
      System.out.println(report.failed() == 0 ? "\nAll goals met." : "\nGoals missed: " + report.failed());
    } finally {
      PgbenchComparison.deleteTree(work);
    }
  }

  private static Connection connect(BenchServer server) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres");
  }

  private static void load(Connection connection, String finish) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : AnalyticData.statements(last -> "generate_series(0, " + last + ") AS s(g)")) {
        statement.execute(sql);
      }
      statement.execute(finish);
      statement.execute("SET work_mem = '256MB'");
    }
  }

  private void compare(AnalyticData.Query query, Connection theirs, Connection ours, Report report) throws SQLException {
    if (!answer(theirs, query).equals(answer(ours, query))) {
      throw new IllegalStateException("the answers of " + query.label() + " differ:\n" + answer(theirs, query) + "\n" + answer(ours, query));
    }
    for (int i = 0; i < WARM_UPS; i++) {
      time(theirs, query);
      time(ours, query);
    }
    List<Double> theirTimes = new ArrayList<>();
    List<Double> ourTimes = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      theirTimes.add(time(theirs, query));
      ourTimes.add(time(ours, query));
    }
    double a = Report.median(theirTimes);
    double b = Report.median(ourTimes);
    report.line(query.label(), "PostgreSQL", Report.time(b), Report.time(a), a / b, query.goal());
  }

  private static double time(Connection connection, AnalyticData.Query query) throws SQLException {
    long before = System.nanoTime();
    answer(connection, query);
    return System.nanoTime() - before;
  }

  private static List<List<Object>> answer(Connection connection, AnalyticData.Query query) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(query.sql())) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<Object> row = new ArrayList<>(columns);
        for (int c = 1; c <= columns; c++) {
          row.add(result.getObject(c));
        }
        rows.add(row);
      }
    }
    return rows;
  }
}
