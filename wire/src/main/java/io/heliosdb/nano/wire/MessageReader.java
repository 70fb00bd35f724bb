package io.heliosdb.nano.wire;

import io.heliosdb.nano.type.Utf8;

/// Reads the fields of one message body. Every read is checked against the message's end: a short message is a
/// [MalformedMessage].
final class MessageReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  MessageReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  int remaining() {
    return end - position;
  }

  int position() {
    return position;
  }

  byte[] array() {
    return bytes;
  }

  /// Makes sure that `count` bytes are left.
  void need(int count) {
    if (count < 0 || end - position < count) {
      throw new MalformedMessage("insufficient data left in message");
    }
  }

  /// Makes sure that the message ends here.
  void expectEnd() {
    if (position != end) {
      throw new MalformedMessage("invalid message format");
    }
  }

  int byteValue() {
    need(1);
    return bytes[position++] & 0xff;
  }

  int shortValue() {
    need(2);
    int value = (bytes[position] & 0xff) << 8 | bytes[position + 1] & 0xff;
    position += 2;
    return value;
  }

  int intValue() {
    need(4);
    int value =
        (bytes[position] & 0xff) << 24 | (bytes[position + 1] & 0xff) << 16 | (bytes[position + 2] & 0xff) << 8 | bytes[position + 3] & 0xff;
    position += 4;
    return value;
  }

  void skip(int count) {
    need(count);
    position += count;
  }

  byte[] take(int count) {
    need(count);
    byte[] result = java.util.Arrays.copyOfRange(bytes, position, position + count);
    position += count;
    return result;
  }

  /// A zero-terminated UTF-8 string.
  String string() {
    int zero = position;
    while (zero < end && bytes[zero] != 0) {
      zero++;
    }
    if (zero == end) {
      throw new MalformedMessage("invalid string in message");
    }
    String result = Utf8.decode(bytes, position, zero - position);
    position = zero + 1;
    return result;
  }
}
