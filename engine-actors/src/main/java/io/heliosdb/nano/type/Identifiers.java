package io.heliosdb.nano.type;

/// Quoting of SQL identifiers, as `quote_ident` does it.
public final class Identifiers {
  private Identifiers() {}

  /// The identifier as it must be written in a statement: quoted unless it is a plain lower-case word.
  /// Keywords are not consulted here; callers that print statements decide about them.
  public static String quoteIfNeeded(String name) {
    return isPlain(name) ? name : quote(name);
  }

  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static boolean isPlain(String name) {
    if (name.isEmpty()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c == '_';
      if (!letter && !(i > 0 && c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }
}
