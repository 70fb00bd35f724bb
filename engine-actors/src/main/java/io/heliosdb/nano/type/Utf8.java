package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.charset.StandardCharsets;

/// Strict UTF-8 for text that comes from outside: no overlong forms, no surrogates, no zero byte.
public final class Utf8 {
  private Utf8() {}

  /// The longest prefix of whole characters that takes at most `bytesMax` bytes.
  public static String truncate(String text, int bytesMax) {
    if (text.length() * 3 <= bytesMax) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= bytesMax) {
      return text;
    }
    int end = bytesMax;
    while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /// The text of these bytes.
  ///
  /// @throws SqlException 22021 naming the bytes that are not UTF-8
  public static String decode(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int at = offset;
    while (at < end && bytes[at] > 0) {
      at++;
    }
    if (at < end) {
      check(bytes, at, end);
    }
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  private static void check(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end) {
      int length = sequenceLength(bytes, at, end);
      if (length == 0) {
        throw invalid(bytes, at, end);
      }
      at += length;
    }
  }

  private static int sequenceLength(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return first == 0 ? 0 : 1;
    }
    int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || at + length > end) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    int second = bytes[at + 1] & 0xff;
    boolean bad = first == 0xe0 && second < 0xa0 || first == 0xed && second > 0x9f || first == 0xf0 && second < 0x90
        || first == 0xf4 && second > 0x8f;
    return bad ? 0 : length;
  }

  private static SqlException invalid(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    int length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
    StringBuilder hex = new StringBuilder();
    for (int i = at; i < Math.min(at + length, end); i++) {
      hex.append(i > at ? " " : "").append(String.format("0x%02x", bytes[i] & 0xff));
    }
    return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\": " + hex);
  }
}
