package io.heliosdb.nano.analyze;

import io.heliosdb.nano.function.SqlQuoting;

/// Which names must be quoted because they are keywords.
final class SqlKeywords {
  private SqlKeywords() {}

  static boolean needsQuotes(String name) {
    return SqlQuoting.identifier(name).startsWith("\"");
  }
}
