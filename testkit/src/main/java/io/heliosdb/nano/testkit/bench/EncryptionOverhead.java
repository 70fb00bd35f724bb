package io.heliosdb.nano.testkit.bench;

import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What encryption at rest costs: pgbench against a plain and an encrypted server on disk, in turn, by throughput and by the server's CPU
/// time per transaction (which other work on the machine disturbs less).
///
/// `java … EncryptionOverhead [--launcher PATH] [--warm-up SECONDS] [--seconds N] [--rounds N] [--scale N]`. Needs PostgreSQL's pgbench.
public final class EncryptionOverhead {
  private record Workload(String name, double goal, List<String> arguments) {}

  private static final List<Workload> WORKLOADS =
      List.of(
          new Workload("select-prepared-8", 0.9, List.of("-S", "-M", "prepared", "-c", "8", "-j", "2")),
          new Workload("tpcb-prepared-8", 0.85, List.of("-M", "prepared", "-c", "8", "-j", "2")));

  private EncryptionOverhead() {}

  public static void main(String[] arguments) throws Exception {
    Options options = new Options(arguments);
    Pgbench pgbench = new Pgbench(Path.of(options.text("postgres-bin", "/usr/lib/postgresql/15/bin")));
    Path launcher = Path.of(options.text("launcher", "heliosdb-nano")).toAbsolutePath();
    int warmUpSeconds = options.number("warm-up", 15);
    int seconds = options.number("seconds", 5);
    int rounds = options.number("rounds", 5);
    Path work = Files.createTempDirectory("heliosdb-encryption");
    Path key = Files.writeString(work.resolve("key"), EncryptionKey.generate().toText());
    try (BenchServer plain = BenchServer.helios(launcher, work.resolve("plain"), false);
        BenchServer encrypted = BenchServer.helios(launcher, work.resolve("encrypted"), false, "--encryption-key-file", key.toString())) {
      for (BenchServer server : List.of(plain, encrypted)) {
        pgbench.initialize(server, options.number("scale", 10));
      }
      Report report = new Report("encrypted", "plain");
      for (Workload workload : WORKLOADS) {
        pgbench.measure(plain, workload.arguments(), warmUpSeconds);
        pgbench.measure(encrypted, workload.arguments(), warmUpSeconds);
        List<Pgbench.Result> without = new ArrayList<>();
        List<Pgbench.Result> with = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          without.add(pgbench.measure(plain, workload.arguments(), seconds));
          with.add(pgbench.measure(encrypted, workload.arguments(), seconds));
        }
        double a = Report.median(without.stream().map(Pgbench.Result::tps).toList());
        double b = Report.median(with.stream().map(Pgbench.Result::tps).toList());
        report.line(workload.name() + " tps", "plain", String.format(Locale.ROOT, "%.0f", b), String.format(Locale.ROOT, "%.0f", a), b / a, workload.goal());
        double cpuPlain = Report.median(without.stream().map(Pgbench.Result::cpuMicros).toList());
        double cpuEncrypted = Report.median(with.stream().map(Pgbench.Result::cpuMicros).toList());
        report.line(
            workload.name() + " CPU", "plain", String.format(Locale.ROOT, "%.1f µs", cpuEncrypted), String.format(Locale.ROOT, "%.1f µs", cpuPlain),
            cpuPlain / cpuEncrypted, workload.goal());
      }
    } finally {
      PgbenchComparison.deleteTree(work);
    }
  }
}
