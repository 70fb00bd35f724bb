package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.function.SqlQuoting;

/// Pieces of SQL text.
final class Sql {
  private Sql() {}

  static String quote(String name) {
    return SqlQuoting.identifier(name);
  }
}
