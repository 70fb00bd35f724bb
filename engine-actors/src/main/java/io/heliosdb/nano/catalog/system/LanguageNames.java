package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.function.BuiltinCatalog;

/// Names of the languages of functions, by oid.
public final class LanguageNames {
  private LanguageNames() {}

  public static String of(int oid) {
    for (var row : BuiltinCatalog.facts("pg_language").rows()) {
      if (Integer.toString(oid).equals(row.text("oid"))) {
        return String.valueOf(row.text("lanname"));
      }
    }
    return Integer.toUnsignedString(oid);
  }
}
