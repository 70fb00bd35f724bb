package io.heliosdb.nano.testkit.bench;

import java.util.List;
import java.util.Locale;

/// A table of measurements against goals, printed line by line in Markdown.
final class Report {
  private int failed;

  Report(String ours, String theirs) {
    System.out.printf(Locale.ROOT, "%n| %-34s | %-16s | %14s | %14s | %6s | %6s | %s |%n", "workload", "peer", ours, theirs, "ratio", "goal", "");
    System.out.println("|---|---|---:|---:|---:|---:|---|");
  }

  /// A line; a goal of 0 is none.
  ///
  /// @param ratio how many times faster than the peer
  void line(String workload, String peer, String ours, String theirs, double ratio, double goal) {
    boolean passed = ratio >= goal;
    if (!passed) {
      failed++;
    }
    System.out.printf(
        Locale.ROOT, "| %-34s | %-16s | %14s | %14s | %6.2f | %6s | %s |%n", workload, peer, ours, theirs, ratio,
        goal == 0 ? "" : String.format(Locale.ROOT, "%.1f", goal), goal == 0 ? "" : passed ? "pass" : "MISSED");
  }

  /// How many goals were missed.
  int failed() {
    return failed;
  }

  static double median(List<Double> values) {
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
