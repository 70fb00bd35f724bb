package io.heliosdb.nano.testkit.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Many sessions with different shares of writes, in memory, beside a PostgreSQL that does not wait for its disk (`synchronous_commit=off`):
/// 100 sessions that read, 50 that write in one of five statements, 20 that write in four of five, 10 that read one row and change another
/// in a serializable transaction and try again when refused. Each workload has a floor in statements (transactions, for the last) a second
/// on two processors, and is to be ahead of PostgreSQL.
///
/// Runs are interleaved and medians compared, as in [PgbenchComparison]; the client takes a share of the processors on both sides.
/// `java … MixedComparison [--short] [--warm-up SECONDS] [--seconds N] [--rounds N] [--scale N] [--only NAME,…]`.
public final class MixedComparison {
  private static final String READ = "\\set a random(1, 100000 * :scale)\nSELECT abalance FROM pgbench_accounts WHERE aid = :a;\n";
  private static final String UPDATE =
      "\\set a random(1, 100000 * :scale)\n\\set d random(-5000, 5000)\nUPDATE pgbench_accounts SET abalance = abalance + :d WHERE aid = :a;\n";
  private static final String INSERT =
      "\\set a random(1, 100000 * :scale)\n\\set d random(-5000, 5000)\n"
          + "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, :a, :d, CURRENT_TIMESTAMP);\n";
  private static final String SERIALIZABLE =
      "\\set a random(1, 100000 * :scale)\n\\set b random(1, 100000 * :scale)\n\\set d random(-5000, 5000)\n"
          + "BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT abalance FROM pgbench_accounts WHERE aid = :a;\n"
          + "UPDATE pgbench_accounts SET abalance = abalance + :d WHERE aid = :b;\nEND;\n";

  /// One of the statements that a workload is mixed of.
  private record Part(String name, String text, int weight) {}

  /// @param floor statements or transactions a second
  private record Workload(String name, int sessions, int floor, List<Part> parts) {
    List<String> arguments(Path scripts, int scale) {
      List<String> arguments =
          new ArrayList<>(List.of("-M", "prepared", "-c", Integer.toString(sessions), "-j", "2", "-D", "scale=" + scale, "--max-tries=1000"));
      parts.forEach(part -> arguments.addAll(List.of("-f", scripts.resolve(part.name()) + "@" + part.weight())));
      return arguments;
    }
  }

  private static final List<Workload> WORKLOADS =
      List.of(
          new Workload("read-only-100", 100, 50_000, List.of(new Part("read", READ, 1))),
          new Workload("mixed-80-20-50", 50, 20_000, List.of(new Part("read", READ, 80), new Part("update", UPDATE, 15), new Part("insert", INSERT, 5))),
          new Workload("write-heavy-20", 20, 8_000, List.of(new Part("read", READ, 20), new Part("update", UPDATE, 60), new Part("insert", INSERT, 20))),
          new Workload("serializable-10", 10, 3_000, List.of(new Part("serializable", SERIALIZABLE, 1))));

  private final Path postgresBin;
  private final Pgbench pgbench;
  private final Path launcher;
  private final int warmUpSeconds;
  private final int seconds;
  private final int rounds;
  private final int scale;
  private final List<String> only;

  private MixedComparison(Options options) {
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
    new MixedComparison(new Options(arguments)).run();
  }

  private void run() throws Exception {
    Path work = Files.createTempDirectory("heliosdb-mixed");
    try (BenchServer postgres = BenchServer.postgres(postgresBin, work.resolve("pg"), true);
        BenchServer helios = BenchServer.helios(launcher, work.resolve("helios"), true)) {
      pgbench.initialize(postgres, scale);
      pgbench.initialize(helios, scale);
      Report report = new Report("HeliosDB /s", "peer /s");
      for (Workload workload : WORKLOADS) {
        if (only.isEmpty() || only.contains(workload.name())) {
          for (Part part : workload.parts()) {
            Files.writeString(work.resolve(part.name()), part.text());
          }
          compare(workload, workload.arguments(work, scale), postgres, helios, report);
        }
      }
      System.out.println(report.failed() == 0 ? "\nAll goals met." : "\nGoals missed: " + report.failed());
    } finally {
      PgbenchComparison.deleteTree(work);
    }
  }

  private void compare(Workload workload, List<String> arguments, BenchServer postgres, BenchServer helios, Report report)
      throws IOException, InterruptedException {
    pgbench.measure(helios, arguments, warmUpSeconds);
    pgbench.measure(postgres, arguments, warmUpSeconds);
    List<Pgbench.Result> theirs = new ArrayList<>();
    List<Pgbench.Result> ours = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      theirs.add(pgbench.measure(postgres, arguments, seconds));
      ours.add(pgbench.measure(helios, arguments, seconds));
    }
    double a = Report.median(theirs.stream().map(Pgbench.Result::tps).toList());
    double b = Report.median(ours.stream().map(Pgbench.Result::tps).toList());
    report.line(workload.name(), "PostgreSQL", perSecond(b), perSecond(a), b / a, 1);
    report.line(workload.name(), "the floor", perSecond(b), perSecond(workload.floor()), b / workload.floor(), 1);
    System.out.printf(Locale.ROOT, "  processor time of HeliosDB for each: %.1f µs%n", Report.median(ours.stream().map(Pgbench.Result::cpuMicros).toList()));
  }

  private static String perSecond(double count) {
    return String.format(Locale.ROOT, "%.0f", count);
  }
}
