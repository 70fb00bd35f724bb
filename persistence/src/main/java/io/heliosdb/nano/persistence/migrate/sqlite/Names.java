package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.function.SqlQuoting;

/// How names carry over. SQLite compares names without regard to ASCII case but keeps how they were written.
///
/// @param keepCase whether names stay as they were written (and need quotes where they have capitals); else they become lower case, which
/// is what
///     unquoted names in statements mean here
record Names(boolean keepCase) {
  String of(String name) {
    if (keepCase) {
      return name;
    }
    StringBuilder result = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      result.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
    }
    return result.toString();
  }

  String quoted(String name) {
    return SqlQuoting.identifier(of(name));
  }
}
