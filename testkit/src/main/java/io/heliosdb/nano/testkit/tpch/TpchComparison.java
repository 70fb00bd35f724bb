package io.heliosdb.nano.testkit.tpch;

import io.heliosdb.nano.testkit.bench.BenchServer;
import io.heliosdb.nano.testkit.bench.PgbenchComparison;
import io.heliosdb.nano.testkit.bench.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Loads the same TPC-H rows into a PostgreSQL 15 that it starts itself and into a HeliosDB Nano server (in memory), compares every answer
/// and prints the median times of interleaved rounds with their ratios.
///
/// `java … TpchComparison [--scale F] [--rounds N] [--warm-ups N] [--only 1,5,…] [--workers N] [--record DIR] [--explain true]`. PostgreSQL runs with
/// `work_mem` 256 MB and the given number of parallel workers (2); `--record` writes PostgreSQL's answers as resources of the test.
/// Ends with status 1 when an answer differs.
public final class TpchComparison {
  private final double scale;
  private final int rounds;
  private final int warmUps;
  private final List<Integer> queries;
  private final Map<String, String> options;

  private TpchComparison(Map<String, String> options) {
    this.options = options;
    scale = Double.parseDouble(options.getOrDefault("scale", "0.1"));
    rounds = Integer.parseInt(options.getOrDefault("rounds", "3"));
    warmUps = Integer.parseInt(options.getOrDefault("warm-ups", "5"));
    queries = new ArrayList<>();
    if (options.containsKey("only")) {
      for (String number : options.get("only").split(",")) {
        queries.add(Integer.parseInt(number));
      }
    } else {
      for (int i = 1; i <= TpchDatabase.QUERIES; i++) {
        queries.add(i);
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i].replaceFirst("^--", ""), arguments[i + 1]);
    }
    if (!new TpchComparison(options).run()) {
      System.exit(1);
    }
  }

  private boolean run() throws Exception {
    Path work = Files.createTempDirectory("heliosdb-tpch");
    Path postgresBin = Path.of(options.getOrDefault("postgres-bin", "/usr/lib/postgresql/15/bin"));
    Path launcher = Path.of(options.getOrDefault("launcher", "heliosdb-nano")).toAbsolutePath();
    try (BenchServer postgres = BenchServer.postgres(postgresBin, work.resolve("pg"), true)) {
      try (Connection theirs = connect(postgres.port(), "postgres")) {
        TpchDatabase reference = new TpchDatabase(theirs);
        reference.execute("SET work_mem = '256MB'");
        reference.execute("SET max_parallel_workers_per_gather = " + options.getOrDefault("workers", "2"));
        load(reference, "PostgreSQL");
        if (options.containsKey("record")) {
          record(reference, Path.of(options.get("record")));
          return true;
        }
        try (BenchServer helios = BenchServer.helios(launcher, work.resolve("helios"), true); Connection ours = connect(helios.port(), "heliosdb")) {
          TpchDatabase tested = new TpchDatabase(ours);
          tested.execute("SET work_mem = '256MB'");
          load(tested, "HeliosDB");
          return compare(reference, tested);
        }
      }
    } finally {
      PgbenchComparison.deleteTree(work);
    }
  }

  private static Connection connect(int port, String database) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", "");
  }

  private void load(TpchDatabase database, String name) throws Exception {
    long start = System.nanoTime();
    database.load(scale);
    System.out.printf(Locale.ROOT, "%s loaded in %.1f s%n", name, (System.nanoTime() - start) / 1e9);
  }

  private void record(TpchDatabase reference, Path directory) throws Exception {
    Files.createDirectories(directory);
    for (int query : queries) {
      Files.writeString(directory.resolve(String.format("q%02d.tsv", query)), String.join("\n", reference.answer(query, scale)) + "\n");
    }
  }

  private boolean compare(TpchDatabase reference, TpchDatabase tested) throws Exception {
    boolean same = true;
    double theirSum = 0;
    double ourSum = 0;
    System.out.printf(Locale.ROOT, "%-5s %8s %14s %14s %8s%n", "query", "rows", "PostgreSQL ms", "HeliosDB ms", "ratio");
    for (int query : queries) {
      List<String> expected = reference.answer(query, scale);
      List<String> actual;
      try {
        actual = tested.answer(query, scale);
      } catch (SQLException e) {
        System.out.printf(Locale.ROOT, "q%-4d FAILED: %s%n", query, e.getMessage());
        same = false;
        continue;
      }
      boolean equal = expected.size() == actual.size() && sorted(expected).equals(sorted(actual));
      same &= equal;
      for (int i = 0; i < warmUps; i++) {
        millis(reference, query);
        millis(tested, query);
      }
      List<Double> theirs = new ArrayList<>();
      List<Double> ours = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        theirs.add(millis(reference, query));
        ours.add(millis(tested, query));
      }
      double a = median(theirs);
      double b = median(ours);
      theirSum += a;
      ourSum += b;
      System.out.printf(Locale.ROOT, "q%-4d %8d %14.1f %14.1f %8.2f%s%n", query, expected.size(), a, b, b / a, equal ? "" : "   ANSWER DIFFERS");
      if (options.containsKey("explain")) {
        System.out.println(tested.plan(query, scale, "ANALYZE "));
      }
    }
    System.out.printf(Locale.ROOT, "%-5s %8s %14.1f %14.1f %8.2f%n", "sum", "", theirSum, ourSum, ourSum / theirSum);
    Report report = new Report("HeliosDB", "PostgreSQL");
    report.line("TPC-H " + scale + ", sum of 22 queries", same ? "PostgreSQL" : "ANSWERS DIFFER", String.format(Locale.ROOT, "%.0f ms", ourSum),
        String.format(Locale.ROOT, "%.0f ms", theirSum), same ? theirSum / ourSum : 0, 1);
    return same;
  }

  /// Rows that a query's order leaves tied may come in any order.
  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }

  private double millis(TpchDatabase database, int query) throws Exception {
    long start = System.nanoTime();
    database.answer(query, scale);
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }}
