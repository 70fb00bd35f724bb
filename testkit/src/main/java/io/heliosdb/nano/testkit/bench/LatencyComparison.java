package io.heliosdb.nano.testkit.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The 99th percentile of select-only latency with 8 clients, a minute in all, beside PostgreSQL: pgbench's log of every transaction, in
/// interleaved rounds on warm servers.
///
/// `java … LatencyComparison [--short] [--seconds N] [--rounds N] [--scale N] [--postgres-bin DIR] [--launcher FILE]`.
public final class LatencyComparison {
  private final Path postgresBin;
  private final Path launcher;
  private final int seconds;
  private final int rounds;
  private final int scale;

  private LatencyComparison(Options options) {
    boolean isShort = options.isOn("short");
    postgresBin = Path.of(options.text("postgres-bin", "/usr/lib/postgresql/15/bin"));
    launcher = Path.of(options.text("launcher", "heliosdb-nano")).toAbsolutePath();
    seconds = options.number("seconds", isShort ? 5 : 20);
    rounds = options.number("rounds", isShort ? 2 : 3);
    scale = options.number("scale", 10);
  }

  public static void main(String[] arguments) throws Exception {
    new LatencyComparison(new Options(arguments)).run();
  }

  private void run() throws Exception {
    Path work = Files.createTempDirectory("heliosdb-latency");
    try (BenchServer postgres = BenchServer.postgres(postgresBin, work.resolve("pg"), false);
        BenchServer helios = BenchServer.helios(launcher, work.resolve("helios"), false)) {
      for (BenchServer server : List.of(postgres, helios)) {
        pgbench(work, server, List.of("-i", "-q", "-s", Integer.toString(scale)));
        select(work, server);
      }
      List<long[]> theirs = new ArrayList<>();
      List<long[]> ours = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        theirs.add(select(work, postgres));
        ours.add(select(work, helios));
      }
      Report report = new Report("HeliosDB", "PostgreSQL");
      for (int percent : new int[] {50, 99}) {
        double a = percentile(theirs, percent);
        double b = percentile(ours, percent);
        report.line("select-prepared-8, p" + percent, "PostgreSQL", String.format(Locale.ROOT, "%.0f µs", b), String.format(Locale.ROOT, "%.0f µs", a), a / b,
            percent == 99 ? 1 : 0);
      }
    } finally {
      PgbenchComparison.deleteTree(work);
    }
  }

  private static double percentile(List<long[]> runs, int percent) {
    long[] all = runs.stream().flatMapToLong(LongStream::of).sorted().toArray();
    return all[(int) ((all.length - 1L) * percent / 100)];
  }

  /// Latencies in microseconds of every transaction of a run.
  private long[] select(Path work, BenchServer server) throws IOException, InterruptedException {
    Path logs = Files.createTempDirectory(work, "log");
    pgbench(logs, server, List.of("-S", "-n", "-M", "prepared", "-c", "8", "-j", "2", "-T", Integer.toString(seconds), "-l"));
    long[] latencies = {};
    try (Stream<Path> files = Files.list(logs)) {
      for (Path file : files.toList()) {
        // Client, number of the transaction, microseconds, …
        long[] part;
        try (Stream<String> lines = Files.lines(file)) {
          part = lines.mapToLong(line -> Long.parseLong(line.split(" ", 4)[2])).toArray();
        }
        int before = latencies.length;
        latencies = Arrays.copyOf(latencies, before + part.length);
        System.arraycopy(part, 0, latencies, before, part.length);
      }
    }
    PgbenchComparison.deleteTree(logs);
    return latencies;
  }

  private void pgbench(Path directory, BenchServer server, List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        postgresBin.resolve("pgbench").toString(), "-h", "127.0.0.1", "-p", Integer.toString(server.port()), "-U", "postgres"));
    command.addAll(arguments);
    command.add("postgres");
    Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("pgbench " + arguments + " failed:\n" + output);
    }
  }
}
