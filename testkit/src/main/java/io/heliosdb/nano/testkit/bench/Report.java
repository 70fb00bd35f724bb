package io.heliosdb.nano.testkit.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/// A table of measurements against goals, printed line by line in Markdown. The lines are also added to the file that the system property
/// `heliosdb.bench.summary` names, if it is set: what several comparisons found, in one table.
public final class Report {
  private int failed;

  public Report(String ours, String theirs) {
    System.out.printf(Locale.ROOT, "%n| %-34s | %-16s | %14s | %14s | %6s | %6s | %s |%n", "workload", "peer", ours, theirs, "ratio", "goal", "");
    System.out.println("|---|---|---:|---:|---:|---:|---|");
  }

  /// A line; a goal of 0 is none.
  ///
  /// @param ratio how many times faster than the peer
  public void line(String workload, String peer, String ours, String theirs, double ratio, double goal) {
    boolean passed = ratio >= goal;
    if (!passed) {
      failed++;
    }
    String line = String.format(
        Locale.ROOT, "| %-34s | %-16s | %14s | %14s | %6.2f | %6s | %s |", workload, peer, ours, theirs, ratio,
        goal == 0 ? "" : String.format(Locale.ROOT, "%.2f", goal), goal == 0 ? "" : passed ? "pass" : "MISSED");
    System.out.println(line);
    String summary = System.getProperty("heliosdb.bench.summary");
    if (summary != null) {
      try {
        Files.writeString(Path.of(summary), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// How many goals were missed.
  public int failed() {
    return failed;
  }

  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /// A time per operation, in the unit that suits it.
  static String time(double nanos) {
    if (nanos < 10_000) {
      return String.format(Locale.ROOT, "%.0f ns", nanos);
    }
    return nanos < 10_000_000
        ? String.format(Locale.ROOT, "%.1f µs", nanos / 1_000)
        : String.format(Locale.ROOT, "%.1f ms", nanos / 1_000_000);
  }
}
