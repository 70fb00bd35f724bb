package io.heliosdb.nano.session;

import java.util.List;

/// Which notices `client_min_messages` lets through.
final class NoticeLevel {
  private static final List<String> ORDER = List.of("debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error");

  private NoticeLevel() {}

  static boolean isWanted(String minimum, String severity) {
    return switch (severity) {
      case "INFO" -> true;
      case "DEBUG", "DEBUG1" -> ORDER.indexOf("debug1") >= ORDER.indexOf(minimum);
      case "LOG" -> ORDER.indexOf("log") >= ORDER.indexOf(minimum);
      case "NOTICE" -> ORDER.indexOf("notice") >= ORDER.indexOf(minimum);
      default -> ORDER.indexOf("warning") >= ORDER.indexOf(minimum);
    };
  }
}
