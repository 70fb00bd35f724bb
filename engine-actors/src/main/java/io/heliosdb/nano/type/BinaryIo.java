package io.heliosdb.nano.type;

/// Receive and send functions.
final class BinaryIo {
  private BinaryIo() {}

  static Object receive(PgType type, int typmod, byte[] bytes, int offset, int length, IoContext context) {
    throw new UnsupportedOperationException();
  }

  static void send(PgType type, Object value, IoContext context, ByteSink out) {
    throw new UnsupportedOperationException();
  }
}
