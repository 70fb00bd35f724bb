package io.heliosdb.nano.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The level of what the command logs to standard error, by `[log] level`.
final class Logging {
  /// Held so that it is not collected, which would forget its level.
  private static final Logger ROOT = Logger.getLogger("");

  private Logging() {}

  static void level(String name) {
    Level level =
        switch (name) {
          case "error" -> Level.SEVERE;
          case "warn" -> Level.WARNING;
          case "debug" -> Level.FINE;
          case "trace" -> Level.FINEST;
          default -> Level.INFO;
        };
    ROOT.setLevel(level);
    for (Handler handler : ROOT.getHandlers()) {
      handler.setLevel(level);
    }
  }
}
