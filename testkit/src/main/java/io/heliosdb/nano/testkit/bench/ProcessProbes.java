package io.heliosdb.nano.testkit.bench;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What only a fresh JVM can tell: the heap after many inserts, the time to the first answer.
public final class ProcessProbes {
  private static final int HEAP_ROWS = 1_000_000;
  private static final double HEAP_BYTES_MAX = 64 << 20;
  private static final double START_SECONDS_MAX = 1.2;

  private static final List<String> NOT_EMBEDDED =
      List.of("cli-", "wire-", "persistence-", "h2-", "sqlite-", "duckdb", "postgresql-", "jmh-", "jopt-", "commons-math", "junit-", "opentest4j", "apiguardian",
          "jline", "jackson-", "scram-", "saslprep", "stringprep", "bcprov", "bcpkix", "bcutil", "zstd", "lz4", "brotli4j", "service-", "native-linux",
          "flatbuffers", "pekko-stream", "pekko-protobuf", "reactive-streams", "ssl-config", "checker-qual");

  private ProcessProbes() {}

  /// Runs in the probed JVM: `heap` or `start`.
  public static void main(String[] arguments) throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      if (arguments[0].equals("start")) {
        System.out.println(database.queryOne("SELECT 1", Integer.class));
      } else {
        insertRows(database);
        System.out.println(usedHeapBytes());
      }
    }
  }

  private static void insertRows(EmbeddedDatabase database) {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, name TEXT, amount NUMERIC(12, 2), made TIMESTAMPTZ DEFAULT now())");
    try (var transaction = database.beginTransaction()) {
      for (int i = 0; i < HEAP_ROWS; i++) {
        if (i % 10_000 == 0 && i > 0) {
          transaction.execute("COMMIT AND CHAIN");
        }
        transaction.execute("INSERT INTO t (id, name, amount) VALUES ($1, $2, $3)", i, "row number " + i, i);
      }
      transaction.commit();
    }
    if (database.queryOne("SELECT count(*) FROM t", Long.class) != HEAP_ROWS) {
      throw new IllegalStateException("rows are missing");
    }
  }

  private static long usedHeapBytes() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }

  /// Prints the heap after a full collection; returns the number of missed goals.
  static int heap() throws IOException, InterruptedException {
    double bytes = Double.parseDouble(run(List.of("-Xmx1g"), "heap").output());
    Report report = new Report("HeliosDB", "at most");
    report.line("heap after 1 M rows in memory", "", String.format(Locale.ROOT, "%.1f MB", bytes / (1 << 20)), "64 MB", HEAP_BYTES_MAX / bytes, 1);
    return report.failed();
  }

  /// Prints the time of whole processes; returns the number of missed goals.
  static int start(int runs) throws IOException, InterruptedException {
    List<Double> plain = new ArrayList<>();
    List<Double> cached = new ArrayList<>();
    Path cache = Files.createTempFile("embedded", ".aot");
    try {
      run(List.of("-XX:AOTCacheOutput=" + cache), "start");
      for (int i = 0; i < runs; i++) {
        plain.add(run(List.of(), "start").seconds());
        cached.add(run(List.of("-XX:AOTCache=" + cache), "start").seconds());
      }
    } finally {
      Files.deleteIfExists(cache);
    }
    Report report = new Report("HeliosDB", "at most");
    line(report, "JVM start to first answer", plain, START_SECONDS_MAX);
    line(report, "the same with an AOT cache", cached, START_SECONDS_MAX / 2);
    return report.failed();
  }

  private static void line(Report report, String label, List<Double> seconds, double secondsMax) {
    double median = Report.median(seconds);
    report.line(label, "", String.format(Locale.ROOT, "%.2f s", median), String.format(Locale.ROOT, "%.1f s", secondsMax), secondsMax / median, 1);
  }

  /// What a program has on its class path that embeds the engine: not the other databases, JMH, the shell and the server.
  private static String embeddersClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> NOT_EMBEDDED.stream().noneMatch(Path.of(entry).getFileName().toString()::startsWith))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private record Outcome(String output, double seconds) {}

  private static Outcome run(List<String> flags, String probe) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(flags);
    command.addAll(List.of("-cp", embeddersClassPath(), ProcessProbes.class.getName(), probe));
    long before = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int code = process.waitFor();
    double seconds = (System.nanoTime() - before) / 1e9;
    if (code != 0) {
      throw new IOException("the process for " + probe + " ended with " + code);
    }
    return new Outcome(output.lines().reduce((a, b) -> b).orElse(""), seconds);
  }
}
