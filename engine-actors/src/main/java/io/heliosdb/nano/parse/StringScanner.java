package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Tokens.IDENT;
import static io.heliosdb.nano.parse.Tokens.SCONST;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ParseSettings.Notice;
import io.heliosdb.nano.parse.ParseSettings.Severity;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Quoted strings: doubled quotes, continuation over line ends, backslash escapes, Unicode escapes.
///
/// A plain string without doubled quotes leaves no value: the token's slice is the value. Byte escapes (`\377`, `\xff`) are bytes of
/// UTF-8 that must fit together. Source: PostgreSQL 15 manual, "String Constants with C-Style Escapes", "… with Unicode Escapes".
final class StringScanner {
  private final Tokens tokens;
  private final String text;
  private final int start;

  StringScanner(Tokens tokens, int start) {
    this.tokens = tokens;
    this.text = tokens.text;
    this.start = start;
  }

  /// Offset of the closing quote from `offset` on, skipping doubled ones, or -1.
  static int closingQuote(String text, int offset, char quote) {
    int close = text.indexOf(quote, offset);
    while (close >= 0 && close + 1 < text.length() && text.charAt(close + 1) == quote) {
      close = text.indexOf(quote, close + 2);
    }
    return close;
  }

  /// If blanks with at least one line end and then a quote follow, the offset after that quote; else -1.
  static int continuation(String text, int offset) {
    boolean newline = false;
    int at = offset;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n' || c == '\r') {
        newline = true;
        at++;
      } else if (Lexer.isSpace(c)) {
        at++;
      } else if (c == '-' && at + 1 < text.length() && text.charAt(at + 1) == '-') {
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
          at++;
        }
      } else {
        return c == '\'' && newline ? at + 1 : -1;
      }
    }
    return -1;
  }

  // ------------------------------------------------------------------------------------------ '…'

  void scanPlainString() {
    if (!tokens.settings.standardConformingStrings()) {
      scanEscapes(start + 1, true);
      return;
    }
    int close = closingQuote(text, start + 1, '\'');
    if (close < 0) {
      throw Lexer.unterminated(tokens, "unterminated quoted string", start);
    }
    int continued = continuation(text, close + 1);
    if (continued < 0) {
      int doubled = text.indexOf('\'', start + 1);
      if (doubled == close) {
        tokens.add(SCONST, start, close + 1);
      } else {
        tokens.add(SCONST, start, close + 1, text.substring(start + 1, close).replace("''", "'"));
      }
      return;
    }
    StringBuilder value = new StringBuilder(text.substring(start + 1, close));
    while (continued >= 0) {
      close = closingQuote(text, continued, '\'');
      if (close < 0) {
        throw Lexer.unterminated(tokens, "unterminated quoted string", start);
      }
      value.append(text, continued, close);
      continued = continuation(text, close + 1);
    }
    tokens.add(SCONST, start, close + 1, value.toString().replace("''", "'"));
  }

  // ------------------------------------------------------------------------------------------ E'…'

  void scanEscapeString() {
    scanEscapes(start + 2, false);
  }

  /// A string with backslash escapes whose content begins at `from`; `plain` tells that it had no E in front.
  private void scanEscapes(int from, boolean plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean highByte = false;
    boolean warned = !plain || !tokens.settings.escapeStringWarning();
    int at = from;
    while (true) {
      if (at >= text.length()) {
        throw Lexer.unterminated(tokens, "unterminated quoted string", start);
      }
      char c = text.charAt(at);
      if (c == '\'') {
        if (at + 1 < text.length() && text.charAt(at + 1) == '\'') {
          bytes.write('\'');
          at += 2;
          continue;
        }
        int continued = continuation(text, at + 1);
        if (continued < 0) {
          tokens.add(SCONST, start, at + 1, decode(bytes, highByte));
          return;
        }
        at = continued;
      } else if (c == '\\') {
        if (at + 1 >= text.length()) {
          throw Lexer.unterminated(tokens, "unterminated quoted string", start);
        }
        if (!warned) {
          warned = true;
          warnBackslash(text.charAt(at + 1));
        }
        char escape = text.charAt(at + 1);
        if (escape >= '0' && escape <= '7') {
          int value = 0;
          int end = at + 1;
          while (end < text.length() && end < at + 4 && text.charAt(end) >= '0' && text.charAt(end) <= '7') {
            value = value * 8 + (text.charAt(end++) - '0');
          }
          highByte |= writeByte(bytes, value & 0xff);
          at = end;
        } else if (escape == 'x' && at + 2 < text.length() && Character.digit(text.charAt(at + 2), 16) >= 0) {
          int value = 0;
          int end = at + 2;
          while (end < text.length() && end < at + 4 && Character.digit(text.charAt(end), 16) >= 0) {
            value = value * 16 + Character.digit(text.charAt(end++), 16);
          }
          highByte |= writeByte(bytes, value);
          at = end;
        } else if (escape == 'u' || escape == 'U') {
          at = unicodeEscape(bytes, at);
        } else {
          int codePoint = text.codePointAt(at + 1);
          writeCodePoint(bytes, simpleEscape(codePoint));
          at += 1 + Character.charCount(codePoint);
        }
      } else {
        int codePoint = text.codePointAt(at);
        writeCodePoint(bytes, codePoint);
        at += Character.charCount(codePoint);
      }
    }
  }

  private void warnBackslash(char next) {
    String what = next == '\'' ? "\\'" : next == '\\' ? "\\\\" : "escape";
    String message = "nonstandard use of " + what + " in a string literal";
    String hint =
        next == '\''
            ? "Use '' to write quotes in strings, or use the escape string syntax (E'...')."
            : next == '\\'
                ? "Use the escape string syntax for backslashes, e.g., E'\\\\'."
                : "Use the escape string syntax for escapes, e.g., E'\\r\\n'.";
    tokens.settings.notices()
        .accept(new Notice(Severity.WARNING, SqlState.NONSTANDARD_USE_OF_ESCAPE_CHARACTER, message, hint, tokens.positionOf(start)));
  }

  private static int simpleEscape(int c) {
    return switch (c) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> c;
    };
  }

  /// Writes one byte of an octal or hexadecimal escape; true if it is part of a multi-byte character.
  private boolean writeByte(ByteArrayOutputStream bytes, int value) {
    if (value == 0) {
      throw new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\": 0x00");
    }
    bytes.write(value);
    return value >= 128;
  }

  private static void writeCodePoint(ByteArrayOutputStream bytes, int codePoint) {
    if (codePoint < 128) {
      bytes.write(codePoint);
    } else {
      bytes.writeBytes(Lexer.utf8(Character.toString(codePoint)));
    }
  }

  private int unicodeEscape(ByteArrayOutputStream bytes, int at) {
    int digits = text.charAt(at + 1) == 'u' ? 4 : 8;
    int value = hex(at + 2, digits);
    if (value < 0) {
      throw new SqlException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid Unicode escape")
          .withHint("Unicode escapes must be \\uXXXX or \\UXXXXXXXX.")
          .at(tokens.positionOf(at));
    }
    int end = at + 2 + digits;
    if (isHighSurrogate(value)) {
      boolean follows = end + 1 < text.length() && text.charAt(end) == '\\' && (text.charAt(end + 1) == 'u' || text.charAt(end + 1) == 'U');
      int lowDigits = follows && text.charAt(end + 1) == 'U' ? 8 : 4;
      int low = follows ? hex(end + 2, lowDigits) : -1;
      if (!isLowSurrogate(low)) {
        throw surrogateError(end);
      }
      writeCodePoint(bytes, Character.toCodePoint((char) value, (char) low));
      return end + 2 + lowDigits;
    }
    checkCodePoint(value, at);
    writeCodePoint(bytes, value);
    return end;
  }

  private SqlException surrogateError(int at) {
    return escapeError("invalid Unicode surrogate pair", at);
  }

  /// An error at an escape, or at the character where one should be.
  private SqlException escapeError(String message, int at) {
    String near = " at end of input";
    if (at < text.length()) {
      int end = at + 1;
      if (text.charAt(at) == '\\' && end < text.length()) {
        int digits = text.charAt(end) == 'u' ? 4 : text.charAt(end) == 'U' ? 8 : 0;
        end = digits > 0 && hex(at + 2, digits) >= 0 ? at + 2 + digits : end;
      }
      near = " at or near \"" + text.substring(at, end) + "\"";
    }
    return new SqlException(SqlState.SYNTAX_ERROR, message + near).at(tokens.positionOf(Math.min(at, text.length())));
  }

  private void checkCodePoint(int value, int at) {
    if (isLowSurrogate(value)) {
      throw surrogateError(at);
    }
    if (value == 0 || value > Character.MAX_CODE_POINT) {
      throw escapeError("invalid Unicode escape value", at);
    }
  }

  private static boolean isHighSurrogate(int value) {
    return value >= 0xd800 && value <= 0xdbff;
  }

  private static boolean isLowSurrogate(int value) {
    return value >= 0xdc00 && value <= 0xdfff;
  }

  /// The value of exactly `digits` hexadecimal digits, or -1; values beyond an int are reported as Integer.MAX_VALUE.
  private int hex(int offset, int digits) {
    return hex(text, offset, digits);
  }

  private static int hex(String source, int offset, int digits) {
    if (offset + digits > source.length()) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(source.charAt(offset + i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return (int) Math.min(value, Integer.MAX_VALUE);
  }

  private static String decode(ByteArrayOutputStream bytes, boolean highByte) {
    if (!highByte) {
      return bytes.toString(StandardCharsets.UTF_8);
    }
    byte[] array = bytes.toByteArray();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(array)).toString();
    } catch (CharacterCodingException e) {
      throw invalidUtf8(array);
    }
  }

  private static SqlException invalidUtf8(byte[] array) {
    int at = 0;
    while (at < array.length) {
      int lead = array[at] & 0xff;
      int size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      String decoded = new String(array, at, Math.min(size, array.length - at), StandardCharsets.UTF_8);
      if (decoded.indexOf('\ufffd') >= 0) {
        StringBuilder shown = new StringBuilder();
        for (int i = at; i < Math.min(at + size, array.length); i++) {
          shown.append(i > at ? " " : "").append(String.format("0x%02x", array[i]));
        }
        return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\": " + shown);
      }
      at += size;
    }
    return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\"");
  }

  // ------------------------------------------------------------------------------------------ U&'…' and U&"…"

  void scanUnicode(char quote) {
    if (quote == '\'' && !tokens.settings.standardConformingStrings()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "unsafe use of string constant with Unicode escapes")
          .withDetail("String constants with Unicode escapes cannot be used when standard_conforming_strings is off.")
          .at(tokens.positionOf(start));
    }
    StringBuilder raw = new StringBuilder();
    int from = start + 3;
    int close;
    while (true) {
      close = closingQuote(text, from, quote);
      if (close < 0) {
        throw Lexer.unterminated(tokens, quote == '"' ? "unterminated quoted identifier" : "unterminated quoted string", start);
      }
      raw.append(text, from, close);
      from = quote == '"' ? -1 : continuation(text, close + 1);
      if (from < 0) {
        break;
      }
    }
    String doubled = quote == '"' ? "\"\"" : "''";
    String content = raw.toString().replace(doubled, String.valueOf(quote));
    if (quote == '"' && content.isEmpty()) {
      String message = "zero-length delimited identifier at or near \"" + text.substring(start, close + 1) + "\"";
      throw new SqlException(SqlState.SYNTAX_ERROR, message).at(tokens.positionOf(start));
    }
    int end = close + 1;
    char escape = '\\';
    int uescape = skipBlanks(end);
    if (text.regionMatches(true, uescape, "uescape", 0, 7)
        && (uescape + 7 >= text.length() || !Lexer.isIdentifierPart(text.charAt(uescape + 7)))) {
      int at = skipBlanks(uescape + 7);
      if (at >= text.length() || text.charAt(at) != '\'') {
        String near = at >= text.length() ? " at end of input" : " at or near \"" + word(at) + "\"";
        throw new SqlException(SqlState.SYNTAX_ERROR, "UESCAPE must be followed by a simple string literal" + near)
            .at(tokens.positionOf(at));
      }
      int stop = closingQuote(text, at + 1, '\'');
      if (stop < 0) {
        throw Lexer.unterminated(tokens, "unterminated quoted string", at);
      }
      String value = text.substring(at + 1, stop).replace("''", "'");
      if (value.length() != 1 || !isEscapeCharacter(value.charAt(0))) {
        String message = "invalid Unicode escape character at or near \"" + text.substring(at, stop + 1) + "\"";
        throw new SqlException(SqlState.SYNTAX_ERROR, message).at(tokens.positionOf(at));
      }
      escape = value.charAt(0);
      end = stop + 1;
    }
    String value = unescape(content, escape);
    tokens.add(quote == '"' ? IDENT : SCONST, start, end, quote == '"' ? Lexer.truncate(tokens, value, start) : value);
  }

  private String word(int at) {
    int end = at + 1;
    while (end < text.length() && Lexer.isIdentifierPart(text.charAt(end))) {
      end++;
    }
    return text.substring(at, end);
  }

  private static boolean isEscapeCharacter(char c) {
    return Character.digit(c, 16) < 0 && c != '+' && c != '\'' && c != '"' && !Lexer.isSpace(c);
  }

  private int skipBlanks(int offset) {
    int at = offset;
    while (at < text.length()) {
      if (Lexer.isSpace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("--", at)) {
        while (at < text.length() && text.charAt(at) != '\n') {
          at++;
        }
      } else {
        break;
      }
    }
    return at;
  }

  private String unescape(String content, char escape) {
    if (content.indexOf(escape) < 0) {
      return content;
    }
    StringBuilder value = new StringBuilder(content.length());
    int at = 0;
    int high = -1;
    while (at < content.length()) {
      char c = content.charAt(at);
      int codePoint;
      int next;
      if (c != escape) {
        codePoint = -1;
        next = at + 1;
      } else if (at + 1 < content.length() && content.charAt(at + 1) == escape) {
        codePoint = -1;
        next = at + 2;
      } else {
        boolean longForm = at + 1 < content.length() && content.charAt(at + 1) == '+';
        int from = longForm ? at + 2 : at + 1;
        int digits = longForm ? 6 : 4;
        codePoint = hex(content, from, digits);
        next = from + digits;
        if (codePoint < 0) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode escape")
              .withHint("Unicode escapes must be \\XXXX or \\+XXXXXX.")
              .at(tokens.positionOf(start + 3 + at));
        }
      }
      if (high >= 0) {
        if (codePoint < 0 || !isLowSurrogate(codePoint)) {
          throw plainSurrogateError(start + 3 + at);
        }
        value.appendCodePoint(Character.toCodePoint((char) high, (char) codePoint));
        high = -1;
      } else if (codePoint < 0) {
        value.append(c);
      } else if (isHighSurrogate(codePoint)) {
        high = codePoint;
      } else {
        checkCodePoint(codePoint, start + 3 + at);
        value.appendCodePoint(codePoint);
      }
      at = next;
    }
    if (high >= 0) {
      throw plainSurrogateError(start + 3 + content.length());
    }
    return value.toString();
  }

  private SqlException plainSurrogateError(int at) {
    return new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode surrogate pair").at(tokens.positionOf(Math.min(at, text.length())));
  }
}
