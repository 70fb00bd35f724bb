package io.heliosdb.nano.type;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Text of bytea in the hex and escape formats. Source: PostgreSQL 15 manual, "Binary Data Types".
final class ByteaText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private ByteaText() {}

  static Bytes parse(String text) {
    return text.startsWith("\\x") ? hex(text, 2) : escape(text);
  }

  /// Reads hexadecimal digits from `from` on, white space between pairs allowed.
  static Bytes hex(String text, int from) {
    ByteSink out = new ByteSink((text.length() - from) / 2 + 1);
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        i++;
        continue;
      }
      int high = digit(text, i);
      if (i + 1 >= text.length()) {
        throw TypeErrors.invalidParameter("invalid hexadecimal data: odd number of digits");
      }
      out.put(high << 4 | digit(text, i + 1));
      i += 2;
    }
    return Bytes.wrap(out.toByteArray());
  }

  private static int digit(String text, int i) {
    char c = text.charAt(i);
    int value = c < 0x80 ? Character.digit(c, 16) : -1;
    if (value < 0) {
      int end = Character.isHighSurrogate(c) ? Math.min(i + 2, text.length()) : i + 1;
      throw TypeErrors.invalidParameter("invalid hexadecimal digit: \"" + text.substring(i, end) + "\"");
    }
    return value;
  }

  private static Bytes escape(String text) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '\\') {
        out.write(in[i]);
      } else if (i + 1 < in.length && in[i + 1] == '\\') {
        out.write('\\');
        i++;
      } else if (i + 3 < in.length && in[i + 1] >= '0' && in[i + 1] <= '3' && octal(in[i + 2]) && octal(in[i + 3])) {
        out.write((in[i + 1] - '0') << 6 | (in[i + 2] - '0') << 3 | in[i + 3] - '0');
        i += 3;
      } else {
        throw new io.heliosdb.nano.error.SqlException(
            io.heliosdb.nano.error.SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
      }
    }
    return Bytes.wrap(out.toByteArray());
  }

  private static boolean octal(byte b) {
    return b >= '0' && b <= '7';
  }

  static void format(Bytes value, IoContext.ByteaOutput style, ByteSink out) {
    byte[] bytes = value.unsafeArray();
    if (style == IoContext.ByteaOutput.HEX) {
      out.putAscii("\\x");
      out.reserve(2 * bytes.length);
      for (byte b : bytes) {
        out.put(HEX[b >> 4 & 15]).put(HEX[b & 15]);
      }
      return;
    }
    for (byte b : bytes) {
      if (b == '\\') {
        out.putAscii("\\\\");
      } else if (b < 0x20 || b > 0x7e) {
        out.put('\\').put('0' + (b >> 6 & 3)).put('0' + (b >> 3 & 7)).put('0' + (b & 7));
      } else {
        out.put(b);
      }
    }
  }
}
