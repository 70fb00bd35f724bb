package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzedStatement;

/// Command tags of queries and data changes; those of few rows are kept.
final class CommandTags {
  private static final int KEPT = 16;
  private static final String[][] SHORT = shortTags();

  private CommandTags() {}

  /// @param rows that were sent
  /// @param affected that were changed
  static String of(AnalyzedStatement.Kind kind, long rows, long affected) {
    long count = kind == AnalyzedStatement.Kind.SELECT ? rows : affected;
    return count < KEPT ? SHORT[kind.ordinal()][(int) count] : text(kind, count);
  }

  private static String text(AnalyzedStatement.Kind kind, long count) {
    return switch (kind) {
      case SELECT -> "SELECT " + count;
      case INSERT -> "INSERT 0 " + count;
      case UPDATE -> "UPDATE " + count;
      case DELETE -> "DELETE " + count;
      case MERGE -> "MERGE " + count;
    };
  }

  private static String[][] shortTags() {
    AnalyzedStatement.Kind[] kinds = AnalyzedStatement.Kind.values();
    String[][] tags = new String[kinds.length][KEPT];
    for (AnalyzedStatement.Kind kind : kinds) {
      for (int count = 0; count < KEPT; count++) {
        tags[kind.ordinal()][count] = text(kind, count);
      }
    }
    return tags;
  }
}
