package io.heliosdb.nano.type;

/// Floating-point text.
final class FloatText {
  private FloatText() {}

  static void format(double value, int extraFloatDigits, ByteSink out) {
    throw new UnsupportedOperationException();
  }

  static void format(float value, int extraFloatDigits, ByteSink out) {
    throw new UnsupportedOperationException();
  }
}
