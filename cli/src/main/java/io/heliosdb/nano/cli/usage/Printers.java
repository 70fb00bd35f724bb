package io.heliosdb.nano.cli.usage;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// Where a command prints: results to `out`, everything else to `err`. Lines are flushed as they end.
public record Printers(PrintWriter out, PrintWriter err) {
  /// The standard streams of the process as they are now.
  public static Printers standard() {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    return new Printers(out, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
  }
}
