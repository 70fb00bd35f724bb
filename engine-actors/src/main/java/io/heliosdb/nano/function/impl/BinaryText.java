package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.TypeErrors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/// `encode` and `decode`: hex, base64 (lines of 76) and escape.
final class BinaryText {
  private static final Base64.Encoder MIME = Base64.getMimeEncoder(76, new byte[] {'\n'});

  private BinaryText() {}

  private static SqlException unknown(String format) {
    return TypeErrors.invalidParameter("unrecognized encoding: \"" + format + "\"");
  }

  static String encode(byte[] bytes, String format) {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "hex" -> HexFormat.of().formatHex(bytes);
      case "base64" -> base64(bytes);
      case "escape" -> escape(bytes);
      default -> throw unknown(format);
    };
  }

  /// PostgreSQL ends a full line with a newline even when nothing follows in it.
  private static String base64(byte[] bytes) {
    String text = new String(MIME.encode(bytes), StandardCharsets.ISO_8859_1);
    return bytes.length > 0 && bytes.length % 57 == 0 ? text + "\n" : text;
  }


  private static String escape(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b == 0 || b < 0) {
        out.append('\\').append((char) ('0' + (b >> 6 & 3))).append((char) ('0' + (b >> 3 & 7))).append((char) ('0' + (b & 7)));
      } else if (b == '\\') {
        out.append("\\\\");
      } else {
        out.append((char) b);
      }
    }
    return out.toString();
  }

  static byte[] decode(String text, String format) {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "hex" -> fromHex(text);
      case "base64" -> fromBase64(text);
      case "escape" -> fromEscape(text);
      default -> throw unknown(format);
    };
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }

  private static byte[] fromHex(String text) {
    ByteSink out = new ByteSink(text.length() / 2 + 1);
    int at = 0;
    while (at < text.length()) {
      if (isSpace(text.charAt(at))) {
        at++;
        continue;
      }
      int high = hexDigit(text, at++);
      if (at >= text.length()) {
        throw TypeErrors.invalidParameter("invalid hexadecimal data: odd number of digits");
      }
      out.put(high << 4 | hexDigit(text, at++));
    }
    return out.toByteArray();
  }

  private static int hexDigit(String text, int at) {
    char c = text.charAt(at);
    int digit = c < 0x80 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      throw TypeErrors.invalidParameter("invalid hexadecimal digit: \"" + Character.toString(text.codePointAt(at)) + "\"");
    }
    return digit;
  }

  private static byte[] fromBase64(String text) {
    ByteSink out = new ByteSink(text.length() * 3 / 4 + 3);
    int buffer = 0;
    int position = 0;
    int end = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isSpace(c)) {
        continue;
      }
      int value = 0;
      if (c == '=') {
        if (end == 0) {
          if (position < 2) {
            throw TypeErrors.invalidParameter("unexpected \"=\" while decoding base64 sequence");
          }
          end = position - 1;
        }
      } else {
        value = sixBits(c);
        if (value < 0) {
          throw TypeErrors.invalidParameter(
              "invalid symbol \"" + Character.toString(text.codePointAt(i)) + "\" found while decoding base64 sequence");
        }
      }
      buffer = buffer << 6 | value;
      if (++position == 4) {
        out.put(buffer >> 16);
        if (end == 0 || end > 1) {
          out.put(buffer >> 8);
        }
        if (end == 0 || end > 2) {
          out.put(buffer);
        }
        buffer = 0;
        position = 0;
      }
    }
    if (position != 0) {
      throw TypeErrors.invalidParameter("invalid base64 end sequence")
          .withHint("Input data is missing padding, is truncated, or is otherwise corrupted.");
    }
    return out.toByteArray();
  }

  private static int sixBits(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
  }

  private static byte[] fromEscape(String text) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteSink out = new ByteSink(in.length);
    int at = 0;
    while (at < in.length) {
      if (in[at] != '\\') {
        out.put(in[at++]);
      } else if (at + 3 < in.length && in[at + 1] >= '0' && in[at + 1] <= '3' && isOctal(in[at + 2]) && isOctal(in[at + 3])) {
        out.put((in[at + 1] - '0') << 6 | (in[at + 2] - '0') << 3 | (in[at + 3] - '0'));
        at += 4;
      } else if (at + 1 < in.length && in[at + 1] == '\\') {
        out.put('\\');
        at += 2;
      } else {
        throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
      }
    }
    return out.toByteArray();
  }

  private static boolean isOctal(byte b) {
    return b >= '0' && b <= '7';
  }
}
