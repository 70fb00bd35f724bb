package io.heliosdb.nano.persistence.dump.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads what [PayloadWriter] wrote; every length is checked against what is left. Confined to one thread.
final class PayloadReader {
  final byte[] bytes;
  private int at;

  PayloadReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int remaining() {
    return bytes.length - at;
  }

  /// Skips `count` bytes and gives where they begin.
  int skip(long count) throws MalformedDumpException {
    if (count < 0 || count > remaining()) {
      throw new MalformedDumpException("a length of " + count + " bytes where " + remaining() + " are left");
    }
    int start = at;
    at += (int) count;
    return start;
  }

  int u8() throws MalformedDumpException {
    return bytes[skip(1)] & 0xff;
  }

  int u16() throws MalformedDumpException {
    return u8() | u8() << 8;
  }

  int u32() throws MalformedDumpException {
    return LittleEndian.getInt(bytes, skip(4));
  }

  /// A count of items that take at least `itemBytes` each.
  int count(int itemBytes) throws MalformedDumpException {
    int count = u32();
    if (count < 0 || (long) count * itemBytes > remaining()) {
      throw new MalformedDumpException("a count of " + Integer.toUnsignedString(count) + " where " + remaining() + " bytes are left");
    }
    return count;
  }

  long u64() throws MalformedDumpException {
    return LittleEndian.getLong(bytes, skip(8));
  }

  String text() throws MalformedDumpException {
    int length = u32();
    int start = skip(Integer.toUnsignedLong(length));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, length)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedDumpException("text that is not UTF-8");
    }
  }

  void end() throws MalformedDumpException {
    if (remaining() != 0) {
      throw new MalformedDumpException(remaining() + " bytes too many in a block");
    }
  }
}
