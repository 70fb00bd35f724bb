package io.heliosdb.nano.type;

/// Input functions.
final class TextInput {
  private TextInput() {}

  static Object parse(PgType type, int typmod, String text, IoContext context) {
    throw new UnsupportedOperationException();
  }
}
