package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

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
    String result = utf8(bytes, position, zero - position);
    position = zero + 1;
    return result;
  }

  /// Decodes text of a client; 22021 names the first bad bytes.
  static String utf8(byte[] bytes, int offset, int length) {
    boolean ascii = true;
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] <= 0) {
        ascii = false;
        break;
      }
    }
    if (ascii) {
      return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes, offset, length))
              .toString();
      if (text.indexOf(0) >= 0) {
        throw invalid("0x00");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw invalid(firstBadSequence(bytes, offset, length));
    }
  }

  private static SqlException invalid(String sequence) {
    return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\": " + sequence);
  }

  private static String firstBadSequence(byte[] bytes, int offset, int length) {
    int i = offset;
    int stop = offset + length;
    while (i < stop) {
      int size = sequenceLength(bytes, i, stop);
      if (size < 0) {
        int lead = bytes[i] & 0xff;
        int declared = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 1;
        StringBuilder hex = new StringBuilder();
        for (int k = i; k < Math.min(stop, i + declared); k++) {
          hex.append(k > i ? " " : "").append(String.format("0x%02x", bytes[k] & 0xff));
        }
        return hex.toString();
      }
      i += size;
    }
    return "0x00";
  }

  private static int sequenceLength(byte[] bytes, int at, int stop) {
    int lead = bytes[at] & 0xff;
    int size = lead == 0 ? -1 : lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : -1;
    if (size < 0 || at + size > stop) {
      return -1;
    }
    for (int k = 1; k < size; k++) {
      if ((bytes[at + k] & 0xc0) != 0x80) {
        return -1;
      }
    }
    if (size == 3) {
      int code = (lead & 0xf) << 12 | (bytes[at + 1] & 0x3f) << 6;
      return code < 0x800 || code >= 0xd800 && code < 0xe000 ? -1 : 3;
    }
    if (size == 4) {
      int code = (lead & 7) << 18 | (bytes[at + 1] & 0x3f) << 12;
      return code < 0x10000 || code > 0x10ffff ? -1 : 4;
    }
    return size;
  }
}
