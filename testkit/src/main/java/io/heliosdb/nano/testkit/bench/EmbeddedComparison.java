package io.heliosdb.nano.testkit.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Measures the embedded path beside H2, SQLite and DuckDB (JMH, every engine in a JVM of its own, all in memory), and the heap that a million rows
/// leave behind; prints ratios against the project's goals.
///
/// `java … EmbeddedComparison [--short] [--rounds N] [--only NAME,…] [--engines NAME,…] [--allocations]`. One round measures every engine once, one after the other;
/// ratios are those of the medians over the rounds. `--short` takes one round of short runs.
public final class EmbeddedComparison {
  /// @param ours the engine that stands for this product
  /// @param peers whose fastest is to be beaten by `goal`
  private record Goal(String benchmark, String label, String ours, double goal, List<String> peers) {}

  private static final List<String> PEERS = List.of("H2", "SQLITE", "DUCKDB");

  private static final List<Goal> STATEMENT_GOALS =
      List.of(
          new Goal("pointSelectPrepared", "point select, prepared", "NATIVE", 1.0, List.of("H2", "SQLITE")),
          new Goal("pointSelectPrepared", "point select, prepared, JDBC", "HELIOS", 0.7, List.of("H2")),
          new Goal("pointSelectAdHoc", "point select, distinct literals", "NATIVE", 1.4, List.of("H2", "SQLITE")),
          new Goal("insertRow", "insert of a row", "NATIVE", 1.0, List.of("H2", "SQLITE")),
          new Goal("updateByKey", "update by key", "NATIVE", 1.0, List.of("H2", "SQLITE")));

  private final Options options;
  private final boolean isShort;
  private final List<String> only;
  private final Map<String, List<Double>> times = new HashMap<>();
  private int failed;

  private EmbeddedComparison(Options options) {
    this.options = options;
    isShort = options.isOn("short");
    only = options.names("only");
  }

  public static void main(String[] arguments) throws Exception {
    new EmbeddedComparison(new Options(arguments)).run();
  }

  private void run() throws Exception {
    for (int round = options.number("rounds", isShort ? 1 : 3); round > 0; round--) {
      for (String benchmark : List.of("pointSelectPrepared", "pointSelectAdHoc", "insertRow", "updateByKey")) {
        if (isWanted(benchmark)) {
          measure(StatementBench.class.getName() + "." + benchmark, isShort ? 8 : 10, isShort ? 3 : 5);
        }
      }
      if (isWanted("analytic")) {
        measure(AnalyticBench.class.getName() + ".run", 2, isShort ? 2 : 4);
      }
    }
    reportStatements();
    if (isWanted("analytic")) {
      reportAnalytics();
    }
    failed += isWanted("heap") ? ProcessProbes.heap() : 0;
    System.out.println(failed == 0 ? "\nAll goals met." : "\nGoals missed: " + failed);
  }

  private boolean isWanted(String name) {
    return only.isEmpty() || only.contains(name);
  }

  /// Statements run on one thread and are compared by its CPU time, queries by the clock, since some engines use several threads for one.
  private void measure(String benchmark, int warmUpSeconds, int seconds) throws RunnerException {
    ChainedOptionsBuilder builder =
        new OptionsBuilder()
            .include("^" + benchmark.replace(".", "\\.") + "$")
            .forks(1)
            .warmupIterations(warmUpSeconds)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(seconds)
            .measurementTime(TimeValue.seconds(1))
            .jvmArgs("-Xmx2g", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
            .addProfiler(CpuTimeProfiler.class)
            .verbosity(VerboseMode.SILENT);
    if (!options.names("engines").isEmpty()) {
      builder.param("engine", options.names("engines").toArray(String[]::new));
    }
    if (options.isOn("allocations")) {
      builder.addProfiler(GCProfiler.class);
    }
    Collection<RunResult> results = new Runner(builder.build()).run();
    for (RunResult result : results) {
      String name = benchmark.substring(benchmark.lastIndexOf('.') + 1);
      String query = result.getParams().getParam("query");
      String engine = result.getParams().getParam("engine");
      double clock = result.getPrimaryResult().getScore();
      double nanos = query == null ? result.getSecondaryResults().get(CpuTimeProfiler.RESULT).getScore() : clock;
      times.computeIfAbsent((query == null ? name : query) + "/" + engine, key -> new ArrayList<>()).add(nanos);
      var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
      System.out.printf(
          Locale.ROOT, "%-22s %-8s %s (by the clock %s)%s%n", query == null ? name : query, engine, Report.time(nanos), Report.time(clock),
          allocated == null ? "" : String.format(Locale.ROOT, ", %.0f bytes allocated", allocated.getScore()));
    }
  }

  private double median(String benchmark, String engine) {
    List<Double> measured = times.get(benchmark + "/" + engine);
    return measured == null ? Double.NaN : Report.median(measured);
  }

  private void reportStatements() {
    Report report = new Report("HeliosDB", "peer");
    for (Goal goal : STATEMENT_GOALS) {
      if (!times.containsKey(goal.benchmark() + "/" + goal.ours())) {
        continue;
      }
      double ours = median(goal.benchmark(), goal.ours());
      double best = goal.peers().stream().mapToDouble(peer -> median(goal.benchmark(), peer)).min().orElseThrow();
      for (String peer : PEERS) {
        if (!times.containsKey(goal.benchmark() + "/" + peer)) {
          continue;
        }
        double theirs = median(goal.benchmark(), peer);
        // The goal stands against the fastest of its peers; the others are printed for comparison.
        report.line(goal.label(), peer, Report.time(ours), Report.time(theirs), theirs / ours, theirs == best ? goal.goal() : 0);
      }
    }
    failed += report.failed();
  }

  private void reportAnalytics() {
    Report report = new Report("HeliosDB", "peer");
    for (AnalyticData.Query query : AnalyticData.Query.values()) {
      double ours = median(query.name(), "HELIOS");
      for (String peer : PEERS) {
        double theirs = median(query.name(), peer);
        if (!Double.isNaN(theirs) && !Double.isNaN(ours)) {
          report.line(query.label(), peer, Report.time(ours), Report.time(theirs), theirs / ours, 0);
        }
      }
    }
  }
}
