package io.heliosdb.nano.cli;

import io.heliosdb.nano.persistence.dump.DumpProgress;
import java.io.PrintWriter;
import java.util.Locale;

/// Shows how far a dump, restore or import is: a bar that is drawn over itself on a terminal, a line every few seconds elsewhere if asked for.
final class ProgressPrinter implements DumpProgress, AutoCloseable {
  private static final long BAR_NANOS = 200_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;
  private static final int BAR_WIDTH = 24;

  private final PrintWriter out;
  private final boolean terminal;
  private final boolean lines;
  private final long start = System.nanoTime();
  private long next = start + BAR_NANOS;
  private boolean drawn;

  /// @param verbose whether lines are wanted where there is no terminal
  ProgressPrinter(PrintWriter out, boolean verbose) {
    this(out, System.console() != null && System.console().isTerminal(), verbose);
  }

  ProgressPrinter(PrintWriter out, boolean terminal, boolean verbose) {
    this.out = out;
    this.terminal = terminal;
    lines = verbose && !terminal;
  }

  @Override
  public synchronized void report(State state) {
    long now = System.nanoTime();
    if (!terminal && !lines || now < next) {
      return;
    }
    next = now + (terminal ? BAR_NANOS : LINE_NANOS);
    String text = text(state, (now - start) / 1e9);
    if (terminal) {
      out.print("\r\u001b[K" + text);
      drawn = true;
    } else {
      out.println(text);
    }
    out.flush();
  }

  static String text(State s, double seconds) {
    StringBuilder line = new StringBuilder();
    if (s.rowsTotal() > 0) {
      double part = Math.min(1, (double) s.rows() / s.rowsTotal());
      int full = (int) (part * BAR_WIDTH);
      line.append('[').append("#".repeat(full)).append(".".repeat(BAR_WIDTH - full)).append("] ").append((int) (part * 100)).append(" % ");
    }
    line.append(s.phase());
    if (!s.table().isEmpty()) {
      line.append(' ').append(s.table());
      if (s.tablesTotal() > 0) {
        line.append(" (").append(s.tablesDone() + 1).append('/').append(s.tablesTotal()).append(')');
      }
    }
    double megabytes = s.bytes() / 1e6;
    double elapsed = Math.max(seconds, 1e-3);
    line.append(String.format(Locale.ROOT, ", %,d rows", s.rows()));
    line.append(s.bytes() > 0 ? String.format(Locale.ROOT, ", %.1f MB, %.1f MB/s", megabytes, megabytes / elapsed) : String.format(Locale.ROOT, ", %,.0f rows/s", s.rows() / elapsed));
    if (s.rowsTotal() > s.rows() && s.rows() > 0) {
      long left = Math.round(seconds * (s.rowsTotal() - s.rows()) / s.rows());
      line.append(String.format(Locale.ROOT, ", ETA %d:%02d", left / 60, left % 60));
    }
    return line.toString();
  }

  @Override
  public synchronized void close() {
    if (drawn) {
      out.print("\r\u001b[K");
      out.flush();
      drawn = false;
    }
  }
}
