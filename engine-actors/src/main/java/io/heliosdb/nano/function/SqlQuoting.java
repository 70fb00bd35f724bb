package io.heliosdb.nano.function;

import io.heliosdb.nano.type.Identifiers;

/// Quotes names and strings so that they can stand in a statement, as `quote_ident` and `quote_literal` do.
public final class SqlQuoting {
  private SqlQuoting() {}

  /// The name, in double quotes unless it reads back as itself without: a plain lower-case word that is no keyword, or only an
  /// unreserved one.
  public static String identifier(String name) {
    String quoted = Identifiers.quoteIfNeeded(name);
    return quoted.length() == name.length() && isReserved(name) ? Identifiers.quote(name) : quoted;
  }

  private static boolean isReserved(String name) {
    for (FactTable.Row row : BuiltinCatalog.facts("pg_keywords").rowsOf(name)) {
      return !"U".equals(row.get(1));
    }
    return false;
  }

  /// A string constant that reads back as `text`; with backslashes it takes the `E''` form.
  public static String literal(String text) {
    String doubled = text.replace("'", "''");
    return doubled.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
  }
}
