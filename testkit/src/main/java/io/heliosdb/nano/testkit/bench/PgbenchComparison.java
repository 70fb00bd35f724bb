package io.heliosdb.nano.testkit.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Runs pgbench against a HeliosDB Nano server and a PostgreSQL 15 server that it starts itself, interleaved, and prints the ratios of the
/// median throughputs. Both keep commits on disk (`fsync`), except in the rounds named "memory", where PostgreSQL runs with
/// `synchronous_commit=off` and HeliosDB in memory.
///
/// Each workload first runs on both servers unmeasured, so that caches are filled and code is compiled.
///
/// `java … PgbenchComparison [--short] [--warm-up SECONDS] [--seconds N] [--rounds N] [--scale N] [--only NAME,…]`. Needs PostgreSQL 15's server and pgbench.
public final class PgbenchComparison {
  /// @param memory both sides without waiting for the disk
  /// @param goal times PostgreSQL's throughput, 0 for none
  private record Workload(String name, boolean memory, double goal, List<String> arguments) {}

  private static final List<Workload> WORKLOADS =
      List.of(
          new Workload("select-prepared-1", false, 1.2, List.of("-S", "-M", "prepared", "-c", "1", "-j", "1")),
          new Workload("select-prepared-8", false, 1.5, List.of("-S", "-M", "prepared", "-c", "8", "-j", "2")),
          new Workload("select-prepared-50", false, 2.0, List.of("-S", "-M", "prepared", "-c", "50", "-j", "2")),
          new Workload("select-simple-8", false, 2.0, List.of("-S", "-M", "simple", "-c", "8", "-j", "2")),
          new Workload("tpcb-prepared-8", false, 2.0, List.of("-M", "prepared", "-c", "8", "-j", "2")),
          new Workload("tpcb-simple-8", false, 0, List.of("-M", "simple", "-c", "8", "-j", "2")),
          new Workload("tpcb-prepared-50", false, 2.0, List.of("-M", "prepared", "-c", "50", "-j", "2")),
          new Workload("tpcb-memory-8", true, 3.0, List.of("-M", "prepared", "-c", "8", "-j", "2")));

  private final Path postgresBin;
  private final Pgbench pgbench;
  private final Path launcher;
  private final int warmUpSeconds;
  private final int seconds;
  private final int rounds;
  private final int scale;
  private final List<String> only;

  private PgbenchComparison(Options options) {
    boolean isShort = options.isOn("short");
    postgresBin = Path.of(options.text("postgres-bin", "/usr/lib/postgresql/15/bin"));
    pgbench = new Pgbench(postgresBin);
    launcher = Path.of(options.text("launcher", "heliosdb-nano")).toAbsolutePath();
    warmUpSeconds = options.number("warm-up", isShort ? 10 : 30);
    seconds = options.number("seconds", isShort ? 4 : 10);
    rounds = options.number("rounds", isShort ? 1 : 3);
    scale = options.number("scale", 10);
    only = options.names("only");
  }

  public static void main(String[] arguments) throws Exception {
    new PgbenchComparison(new Options(arguments)).run();
  }

  private void run() throws Exception {
    Path work = Files.createTempDirectory("heliosdb-bench");
    try (BenchServer postgres = BenchServer.postgres(postgresBin, work.resolve("pg"), false);
        BenchServer postgresMemory = BenchServer.postgres(postgresBin, work.resolve("pgmem"), true);
        BenchServer helios = BenchServer.helios(launcher, work.resolve("helios"), false);
        BenchServer heliosMemory = BenchServer.helios(launcher, work.resolve("heliosmem"), true)) {
      for (BenchServer server : List.of(postgres, postgresMemory, helios, heliosMemory)) {
        pgbench.initialize(server, scale);
      }
      Report report = new Report("HeliosDB tps", "PostgreSQL tps");
      for (Workload workload : WORKLOADS) {
        if (only.isEmpty() || only.contains(workload.name())) {
          compare(workload, workload.memory() ? postgresMemory : postgres, workload.memory() ? heliosMemory : helios, report);
        }
      }
      System.out.println(report.failed() == 0 ? "\nAll goals met." : "\nGoals missed: " + report.failed());
    } finally {
      deleteTree(work);
    }
  }

  private void compare(Workload workload, BenchServer postgres, BenchServer helios, Report report) throws IOException, InterruptedException {
    measure(workload, helios, warmUpSeconds);
    measure(workload, postgres, warmUpSeconds);
    List<Double> theirs = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      theirs.add(measure(workload, postgres, seconds));
      ours.add(measure(workload, helios, seconds));
    }
    double a = Report.median(theirs);
    double b = Report.median(ours);
    report.line(workload.name(), "PostgreSQL", String.format(Locale.ROOT, "%.0f", b), String.format(Locale.ROOT, "%.0f", a), b / a, workload.goal());
  }

  private double measure(Workload workload, BenchServer server, int runSeconds) throws IOException, InterruptedException {
    return pgbench.measure(server, workload.arguments(), runSeconds).tps();
  }

  public static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (var paths = Files.walk(root)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
