package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// The escapes of `unistr`: four, six or eight hexadecimal digits after a backslash and its letter; surrogates come in pairs.
final class UnicodeEscapes {
  private UnicodeEscapes() {}

  static String decode(String text) {
    int escape = text.indexOf('\\');
    if (escape < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length()).append(text, 0, escape);
    int pendingHigh = 0;
    int at = escape;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != '\\') {
        rejectPending(pendingHigh);
        out.append(c);
        at++;
        continue;
      }
      if (at + 1 < text.length() && text.charAt(at + 1) == '\\') {
        rejectPending(pendingHigh);
        out.append('\\');
        at += 2;
        continue;
      }
      int digitsFrom = at + 1;
      int digits = 4;
      if (digitsFrom < text.length()) {
        char kind = text.charAt(digitsFrom);
        if (kind == '+' || kind == 'u' || kind == 'U') {
          digits = kind == '+' ? 6 : kind == 'u' ? 4 : 8;
          digitsFrom++;
        }
      }
      long code = hex(text, digitsFrom, digits);
      at = digitsFrom + digits;
      if (code <= 0 || code > Character.MAX_CODE_POINT) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid Unicode code point: " + String.format(java.util.Locale.ROOT, "%04X", code));
      }
      boolean high = code >= 0xd800 && code <= 0xdbff;
      boolean low = code >= 0xdc00 && code <= 0xdfff;
      if (pendingHigh != 0) {
        if (!low) {
          throw invalidPair();
        }
        out.appendCodePoint(Character.toCodePoint((char) pendingHigh, (char) code));
        pendingHigh = 0;
      } else if (high) {
        pendingHigh = (int) code;
      } else if (low) {
        throw invalidPair();
      } else {
        out.appendCodePoint((int) code);
      }
    }
    rejectPending(pendingHigh);
    return out.toString();
  }

  private static void rejectPending(int pendingHigh) {
    if (pendingHigh != 0) {
      throw invalidPair();
    }
  }

  private static SqlException invalidPair() {
    return new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode surrogate pair");
  }

  private static long hex(String text, int from, int digits) {
    long code = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < text.length() && text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode escape")
            .withHint("Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.");
      }
      code = code << 4 | digit;
    }
    return code;
  }
}
