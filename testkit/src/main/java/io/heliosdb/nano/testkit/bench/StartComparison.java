package io.heliosdb.nano.testkit.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The whole process of `heliosdb-nano repl --memory --execute "SELECT 1"` (the launcher with its cache) beside H2's shell doing the same on a plain
/// JVM, and of programs that open a database and ask one thing ([FirstQuery]): without any flag, and with the launcher's AOT cache.
///
/// `java … StartComparison [--short] [--rounds N] [--launcher FILE]`.
public final class StartComparison {
  private static final double SECONDS_MAX = 0.8;
  private static final double RATIO_MAX = 1.5;
  private static final double EMBEDDED_SECONDS_MAX = 1.2;
  private static final double EMBEDDED_CACHED_SECONDS_MAX = 0.6;

  /// The cache holds the module graph of a start with it.
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  private StartComparison() {}

  public static void main(String[] arguments) throws Exception {
    Options options = new Options(arguments);
    Path launcher = Path.of(options.text("launcher", "heliosdb-nano")).toAbsolutePath();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path distribution = launcher.resolveSibling("cli/target/dist");
    String classPath = classPath(distribution);
    String query = FirstQuery.class.getName();
    Path cache = distribution.resolve("heliosdb-nano.aot");
    List<List<String>> commands = List.of(
        List.of(launcher.toString(), "repl", "--memory", "--execute", "SELECT 1"),
        List.of(java, "-cp", System.getProperty("java.class.path"), "org.h2.tools.Shell", "-url", "jdbc:h2:mem:", "-user", "sa", "-sql", "SELECT 1"),
        List.of(java, "-cp", classPath, query),
        List.of(java, "-cp", classPath, query, "table"),
        List.of(java, "-XX:AOTCache=" + cache, NATIVE_ACCESS, "-cp", classPath, query),
        List.of(java, "-XX:AOTCache=" + cache, NATIVE_ACCESS, "-cp", classPath, query, "table"));
    List<List<Double>> seconds = new ArrayList<>();
    for (List<String> command : commands) {
      seconds(command);
      seconds.add(new ArrayList<>());
    }
    for (int i = options.number("rounds", options.isOn("short") ? 5 : 11); i > 0; i--) {
      for (int k = 0; k < commands.size(); k++) {
        seconds.get(k).add(seconds(commands.get(k)));
      }
    }
    double[] medians = seconds.stream().mapToDouble(Report::median).toArray();
    Report report = new Report("HeliosDB", "peer or limit");
    report.line("shell start to end", "H2's shell, × 1.5", text(medians[0]), text(medians[1]), medians[1] * RATIO_MAX / medians[0], 1);
    limit(report, "shell start to end", medians[0], SECONDS_MAX);
    limit(report, "embedded, SELECT 1", medians[2], EMBEDDED_SECONDS_MAX);
    limit(report, "embedded, new table", medians[3], EMBEDDED_SECONDS_MAX);
    limit(report, "embedded, SELECT 1, AOT cache", medians[4], EMBEDDED_CACHED_SECONDS_MAX);
    limit(report, "embedded, new table, AOT cache", medians[5], EMBEDDED_CACHED_SECONDS_MAX);
  }

  private static void limit(Report report, String what, double seconds, double secondsMax) {
    report.line(what, "limit", text(seconds), text(secondsMax), secondsMax / seconds, 1);
  }

  /// The jars of the distribution in the launcher's order, which the cache was made with, and this program behind them.
  private static String classPath(Path distribution) throws IOException {
    try (Stream<Path> jars = Files.list(distribution.resolve("lib"))) {
      String own = StartComparison.class.getProtectionDomain().getCodeSource().getLocation().getPath();
      return jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator)) + File.pathSeparator + own;
    }
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
