package io.heliosdb.nano.type;

/// Fits values to modifiers.
final class TypmodFitting {
  private TypmodFitting() {}

  static Object apply(PgType type, Object value, int typmod, boolean explicitCast) {
    throw new UnsupportedOperationException();
  }
}
