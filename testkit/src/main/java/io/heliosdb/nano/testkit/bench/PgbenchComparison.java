package io.heliosdb.nano.testkit.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs pgbench against a HeliosDB Nano server and a PostgreSQL 15 server that it starts itself, interleaved, and prints the ratios of the
/// median throughputs. Both keep commits on disk (`fsync`), except in the rounds named "memory", where PostgreSQL runs with
/// `synchronous_commit=off` and HeliosDB in memory.
///
/// `java … PgbenchComparison [--seconds N] [--rounds N] [--scale N] [--only NAME,…]`. Needs PostgreSQL 15's server and pgbench.
public final class PgbenchComparison {
  private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+) \\(without initial");

  /// @param memory both sides without waiting for the disk
  private record Workload(String name, boolean memory, List<String> arguments) {}

  private static final List<Workload> WORKLOADS =
      List.of(
          new Workload("select-prepared-1", false, List.of("-S", "-M", "prepared", "-c", "1", "-j", "1")),
          new Workload("select-prepared-8", false, List.of("-S", "-M", "prepared", "-c", "8", "-j", "2")),
          new Workload("select-prepared-50", false, List.of("-S", "-M", "prepared", "-c", "50", "-j", "2")),
          new Workload("select-simple-8", false, List.of("-S", "-M", "simple", "-c", "8", "-j", "2")),
          new Workload("tpcb-prepared-8", false, List.of("-M", "prepared", "-c", "8", "-j", "2")),
          new Workload("tpcb-simple-8", false, List.of("-M", "simple", "-c", "8", "-j", "2")),
          new Workload("tpcb-prepared-50", false, List.of("-M", "prepared", "-c", "50", "-j", "2")),
          new Workload("tpcb-memory-8", true, List.of("-M", "prepared", "-c", "8", "-j", "2")));

  private final Path postgresBin;
  private final Path launcher;
  private final int seconds;
  private final int rounds;
  private final int scale;
  private final List<String> only;

  private PgbenchComparison(Map<String, String> options) {
    postgresBin = Path.of(options.getOrDefault("postgres-bin", "/usr/lib/postgresql/15/bin"));
    launcher = Path.of(options.getOrDefault("launcher", "heliosdb-nano")).toAbsolutePath();
    seconds = Integer.parseInt(options.getOrDefault("seconds", "10"));
    rounds = Integer.parseInt(options.getOrDefault("rounds", "3"));
    scale = Integer.parseInt(options.getOrDefault("scale", "10"));
    only = options.containsKey("only") ? Arrays.asList(options.get("only").split(",")) : List.of();
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i].replaceFirst("^--", ""), arguments[i + 1]);
    }
    new PgbenchComparison(options).run();
  }

  private void run() throws Exception {
    Path work = Files.createTempDirectory("heliosdb-bench");
    try (BenchServer postgres = BenchServer.postgres(postgresBin, work.resolve("pg"), false);
        BenchServer postgresMemory = BenchServer.postgres(postgresBin, work.resolve("pgmem"), true);
        BenchServer helios = BenchServer.helios(launcher, work.resolve("helios"), false);
        BenchServer heliosMemory = BenchServer.helios(launcher, work.resolve("heliosmem"), true)) {
      for (BenchServer server : List.of(postgres, postgresMemory, helios, heliosMemory)) {
        pgbench(server, List.of("-i", "-q", "-s", Integer.toString(scale)));
      }
      System.out.printf(Locale.ROOT, "%-22s %14s %14s %8s%n", "workload", "PostgreSQL tps", "HeliosDB tps", "ratio");
      for (Workload workload : WORKLOADS) {
        if (only.isEmpty() || only.contains(workload.name())) {
          compare(workload, workload.memory() ? postgresMemory : postgres, workload.memory() ? heliosMemory : helios);
        }
      }
    } finally {
      deleteTree(work);
    }
  }

  private void compare(Workload workload, BenchServer postgres, BenchServer helios) throws IOException, InterruptedException {
    measure(workload, helios);
    measure(workload, postgres);
    List<Double> theirs = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      theirs.add(measure(workload, postgres));
      ours.add(measure(workload, helios));
    }
    double a = median(theirs);
    double b = median(ours);
    System.out.printf(Locale.ROOT, "%-22s %14.0f %14.0f %8.2f%n", workload.name(), a, b, b / a);
  }

  private double measure(Workload workload, BenchServer server) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(workload.arguments());
    arguments.addAll(List.of("-n", "-T", Integer.toString(seconds)));
    String output = pgbench(server, arguments);
    Matcher matcher = TPS.matcher(output);
    if (!matcher.find()) {
      throw new IOException("pgbench printed no tps:\n" + output);
    }
    return Double.parseDouble(matcher.group(1));
  }

  private String pgbench(BenchServer server, List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(postgresBin.resolve("pgbench").toString(), "-h", "127.0.0.1", "-p", Integer.toString(server.port()), "-U", "postgres"));
    command.addAll(arguments);
    command.add("postgres");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("pgbench " + arguments + " failed:\n" + output);
    }
    return output;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  static void deleteTree(Path root) throws IOException {
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
