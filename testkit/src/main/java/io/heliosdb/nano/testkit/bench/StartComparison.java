package io.heliosdb.nano.testkit.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The whole process of `heliosdb-nano repl --memory --execute "SELECT 1"` (the launcher with its cache) beside H2's shell doing the same on a plain JVM,
/// and of programs that open a database and ask one thing ([ProcessProbes#start]).
///
/// `java … StartComparison [--short] [--rounds N] [--launcher FILE]`.
public final class StartComparison {
  private static final double SECONDS_MAX = 0.8;
  private static final double RATIO_MAX = 1.5;

  private StartComparison() {}

  public static void main(String[] arguments) throws Exception {
    Options options = new Options(arguments);
    String launcher = Path.of(options.text("launcher", "heliosdb-nano")).toAbsolutePath().toString();
    List<String> ours = List.of(launcher, "repl", "--memory", "--execute", "SELECT 1");
    List<String> theirs = List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"), "org.h2.tools.Shell", "-url",
        "jdbc:h2:mem:", "-user", "sa", "-sql", "SELECT 1");
    List<Double> ourSeconds = new ArrayList<>();
    List<Double> theirSeconds = new ArrayList<>();
    seconds(ours);
    seconds(theirs);
    int rounds = options.number("rounds", options.isOn("short") ? 5 : 11);
    for (int i = 0; i < rounds; i++) {
      theirSeconds.add(seconds(theirs));
      ourSeconds.add(seconds(ours));
    }
    double a = Report.median(theirSeconds);
    double b = Report.median(ourSeconds);
    Report report = new Report("HeliosDB", "peer or limit");
    report.line("shell start to end", "H2's shell, × 1.5", text(b), text(a), a * RATIO_MAX / b, 1);
    report.line("shell start to end", "limit", text(b), text(SECONDS_MAX), SECONDS_MAX / b, 1);
    ProcessProbes.start(rounds);
  }

  private static String text(double seconds) {
    return String.format(Locale.ROOT, "%.2f s", seconds);
  }

  private static double seconds(List<String> command) throws IOException, InterruptedException {
    long before = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    double seconds = (System.nanoTime() - before) / 1e9;
    if (code != 0 || !output.contains("1")) {
      throw new IOException(command + " ended with " + code + ":\n" + output);
    }
    return seconds;
  }
}
