package io.heliosdb.nano.type;

import java.util.List;

/// Modifiers as text.
final class TypmodText {
  private TypmodText() {}

  static int typmodIn(PgType type, List<String> modifiers) {
    throw new UnsupportedOperationException();
  }

  static String typmodOut(PgType type, int typmod) {
    throw new UnsupportedOperationException();
  }

  static String formatType(PgType type, int typmod, TypeCatalog catalog) {
    throw new UnsupportedOperationException();
  }
}
