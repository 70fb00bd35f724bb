package io.heliosdb.nano.type;

/// Output functions.
final class TextOutput {
  private TextOutput() {}

  static void format(PgType type, Object value, IoContext context, ByteSink out) {
    throw new UnsupportedOperationException();
  }

  static void formatInt32(PgType type, int value, IoContext context, ByteSink out) {
    throw new UnsupportedOperationException();
  }

  static void formatInt64(PgType type, long value, IoContext context, ByteSink out) {
    throw new UnsupportedOperationException();
  }
}
