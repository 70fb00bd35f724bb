package io.heliosdb.nano.testkit.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// PostgreSQL's pgbench against a server.
///
/// @param postgresBin where the program is
record Pgbench(Path postgresBin) {
  private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+) \\(without initial");
  private static final Pattern COUNT = Pattern.compile("transactions actually processed: (\\d+)");

  /// What a run came to.
  ///
  /// @param cpuMicros of the server, per transaction
  record Result(double tps, double cpuMicros) {}

  /// Makes the tables.
  void initialize(BenchServer server, int scale) throws IOException, InterruptedException {
    run(server, List.of("-i", "-q", "-s", Integer.toString(scale)));
  }

  Result measure(BenchServer server, List<String> workload, int seconds) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(workload);
    arguments.addAll(List.of("-n", "-T", Integer.toString(seconds)));
    long before = server.cpuMicros();
    String output = run(server, arguments);
    double cpuMicros = server.cpuMicros() - before;
    return new Result(number(TPS, output), cpuMicros / Math.max(1, number(COUNT, output)));
  }

  private static double number(Pattern pattern, String output) throws IOException {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IOException("pgbench printed no figures:\n" + output);
    }
    return Double.parseDouble(matcher.group(1));
  }

  private String run(BenchServer server, List<String> arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(postgresBin.resolve("pgbench").toString(), "-h", "127.0.0.1", "-p", Integer.toString(server.port()), "-U", "postgres"));
    command.addAll(arguments);
    command.add("postgres");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("pgbench " + arguments + " failed:\n" + output);
    }
    return output;
  }
}
