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

  /// The parts of a name as written in text, `a."B c".d`: bare parts are folded to lower case, and keywords are names like others.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 42602 when it is no name
  public static java.util.List<String> parts(String text) {
    java.util.List<String> parts = new java.util.ArrayList<>();
    int at = 0;
    while (true) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      StringBuilder part = new StringBuilder();
      boolean quoted = at < text.length() && text.charAt(at) == '"';
      if (quoted) {
        for (at++; at < text.length(); at++) {
          if (text.charAt(at) == '"') {
            if (at + 1 >= text.length() || text.charAt(at + 1) != '"') {
              break;
            }
            at++;
          }
          part.append(text.charAt(at));
        }
        if (at >= text.length()) {
          throw invalidName();
        }
        at++;
      } else {
        while (at < text.length() && text.charAt(at) != '.' && !Character.isWhitespace(text.charAt(at))) {
          part.append(text.charAt(at++));
        }
      }
      if (part.isEmpty()) {
        throw invalidName();
      }
      parts.add(quoted ? part.toString() : part.toString().toLowerCase(java.util.Locale.ROOT));
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      if (at >= text.length()) {
        return parts;
      }
      if (text.charAt(at++) != '.') {
        throw invalidName();
      }
    }
  }

  private static io.heliosdb.nano.error.SqlException invalidName() {
    return new io.heliosdb.nano.error.SqlException(io.heliosdb.nano.error.SqlState.INVALID_NAME, "invalid name syntax");
  }
}
