package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// Reads JSON text (RFC 8259) and tells a handler what it finds. Confined to its caller.
///
/// Errors: 22P02 with PostgreSQL's detail and context, 22P05 for an escaped zero character when strings are wanted, 54001
/// past [#DEPTH_MAX] levels.
public final class JsonParser {
  /// Deeper nesting is refused, so that no text can exhaust the stack.
  public static final int DEPTH_MAX = 2000;

  private static final int CONTEXT_CHARS = 50;

  /// Receives the parts of a JSON text in order. Offsets are of chars in the text; `end` is exclusive.
  public interface Handler {
    default void beginObject(int start) {}

    default void endObject(int end) {}

    default void key(String key) {}

    default void beginArray(int start) {}

    default void endArray(int end) {}

    default void string(String value, int start, int end) {}

    default void number(String lexeme, int start, int end) {}

    default void bool(boolean value, int start, int end) {}

    default void nullValue(int start, int end) {}
  }

  private static final Handler NOTHING = new Handler() {};

  private final String text;
  private final Handler handler;
  private final boolean needStrings;
  private int at;
  private int tokenStart;
  private int depth;
  private String string = "";

  private JsonParser(String text, Handler handler, boolean needStrings) {
    this.text = text;
    this.handler = handler;
    this.needStrings = needStrings;
  }

  /// Reads the whole text as one JSON value.
  public static void parse(String text, Handler handler) {
    new JsonParser(text, handler, true).document();
  }

  /// Checks syntax only: an escaped zero character passes, as in the type json.
  public static void validate(String text) {
    new JsonParser(text, NOTHING, false).document();
  }

  private void document() {
    skipSpace();
    value("Expected JSON value, but found ");
    skipSpace();
    if (at < text.length()) {
      throw unexpected("Expected end of input, but found ");
    }
  }

  private void skipSpace() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
        return;
      }
      at++;
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void value(String expectation) {
    char c = peek();
    int start = at;
    switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> {
        string();
        handler.string(string, start, at);
      }
      case 't' -> {
        word("true", expectation);
        handler.bool(true, start, at);
      }
      case 'f' -> {
        word("false", expectation);
        handler.bool(false, start, at);
      }
      case 'n' -> {
        word("null", expectation);
        handler.nullValue(start, at);
      }
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        number();
        handler.number(text.substring(start, at), start, at);
      }
      default -> throw unexpected(expectation);
    }
  }

  private void enter() {
    if (++depth > DEPTH_MAX) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
          .withHint("JSON text may be nested " + DEPTH_MAX + " levels deep.");
    }
  }

  private void object() {
    enter();
    handler.beginObject(at);
    at++;
    skipSpace();
    if (peek() == '}') {
      at++;
    } else {
      String expectation = "Expected string or \"}\", but found ";
      while (true) {
        if (peek() != '"') {
          throw unexpected(expectation);
        }
        string();
        handler.key(string);
        skipSpace();
        if (peek() != ':') {
          throw unexpected("Expected \":\", but found ");
        }
        at++;
        skipSpace();
        value("Expected JSON value, but found ");
        skipSpace();
        char c = peek();
        if (c == '}') {
          at++;
          break;
        }
        if (c != ',') {
          throw unexpected("Expected \",\" or \"}\", but found ");
        }
        at++;
        skipSpace();
        expectation = "Expected string, but found ";
      }
    }
    handler.endObject(at);
    depth--;
  }

  private void array() {
    enter();
    handler.beginArray(at);
    at++;
    skipSpace();
    if (peek() == ']') {
      at++;
    } else {
      String expectation = "Expected array element or \"]\", but found ";
      while (true) {
        value(expectation);
        skipSpace();
        char c = peek();
        if (c == ']') {
          at++;
          break;
        }
        if (c != ',') {
          throw unexpected("Expected \",\" or \"]\", but found ");
        }
        at++;
        skipSpace();
        expectation = "Expected JSON value, but found ";
      }
    }
    handler.endArray(at);
    depth--;
  }

  private void word(String word, String expectation) {
    int end = wordEnd(at);
    if (end - at != word.length() || !text.startsWith(word, at)) {
      throw unexpected(expectation);
    }
    at = end;
  }

  private int wordEnd(int from) {
    int end = from;
    while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_' || text.charAt(end) >= 0x80)) {
      end++;
    }
    return end;
  }

  private void number() {
    tokenStart = at;
    if (peek() == '-') {
      at++;
    }
    boolean ok = true;
    if (peek() == '0') {
      at++;
    } else if (peek() >= '1' && peek() <= '9') {
      skipDigits();
    } else {
      ok = false;
    }
    if (ok && peek() == '.') {
      at++;
      ok = skipDigits();
    }
    if (ok && (peek() == 'e' || peek() == 'E')) {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      ok = skipDigits();
    }
    int end = wordEnd(at);
    if (!ok || end > at) {
      at = Math.max(end, at);
      throw error("Token \"" + text.substring(tokenStart, at) + "\" is invalid.", at);
    }
  }

  private boolean skipDigits() {
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    return at > from;
  }

  private void string() {
    tokenStart = at;
    at++;
    int start = at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        string = text.substring(start, at);
        at++;
        return;
      }
      if (c == '\\' || c < ' ') {
        escapedString(start);
        return;
      }
      at++;
    }
    throw invalidToken(at);
  }

  private void escapedString(int start) {
    StringBuilder out = new StringBuilder(text.length() - start > 64 ? 64 : 16).append(text, start, at);
    char high = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (high != 0 && !(c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == 'u')) {
        throw error("Unicode low surrogate must follow a high surrogate.", at);
      }
      if (c == '"') {
        string = out.toString();
        at++;
        return;
      }
      if (c < ' ') {
        throw error("Character with value 0x" + String.format("%02x", (int) c) + " must be escaped.", at);
      }
      at++;
      if (c != '\\') {
        out.append(c);
        continue;
      }
      if (at >= text.length()) {
        throw invalidToken(at);
      }
      char e = text.charAt(at++);
      switch (e) {
        case '"', '\\', '/' -> out.append(e);
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> {
          int code = 0;
          for (int i = 0; i < 4; i++) {
            int digit = at < text.length() && text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
              throw error("\"\\u\" must be followed by four hexadecimal digits.", Math.min(at + 1, text.length()));
            }
            code = code * 16 + digit;
            at++;
          }
          if (code == 0 && needStrings) {
            throw new SqlException(SqlState.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence")
                .withDetail("\\u0000 cannot be converted to text.").withContext(context(at));
          }
          if (!needStrings) {
            continue;
          }
          if (Character.isHighSurrogate((char) code)) {
            if (high != 0) {
              throw error("Unicode high surrogate must not follow a high surrogate.", at);
            }
            high = (char) code;
            continue;
          }
          if (Character.isLowSurrogate((char) code)) {
            if (high == 0) {
              throw error("Unicode low surrogate must follow a high surrogate.", at);
            }
            out.append(high).append((char) code);
            high = 0;
            continue;
          }
          if (high != 0) {
            throw error("Unicode low surrogate must follow a high surrogate.", at);
          }
          out.append((char) code);
        }
        default -> throw error("Escape sequence \"\\" + e + "\" is invalid.", at);
      }
    }
    throw invalidToken(at);
  }

  // ---------------------------------------------------------------- errors

  private SqlException unexpected(String expectation) {
    if (at >= text.length()) {
      return error("The input string ended unexpectedly.", at);
    }
    tokenStart = at;
    char c = text.charAt(at);
    if ("{}[],:".indexOf(c) >= 0) {
      at++;
      return error(expectation + "\"" + c + "\".", at);
    }
    if (c == '"') {
      string();
      return error(expectation + text.substring(tokenStart, at).transform(JsonParser::quoted) + ".", at);
    }
    if (c == '-' || c >= '0' && c <= '9') {
      number();
      return error(expectation + "\"" + text.substring(tokenStart, at) + "\".", at);
    }
    int end = Math.max(wordEnd(at), at + 1);
    String word = text.substring(at, end);
    at = end;
    if (word.equals("true") || word.equals("false") || word.equals("null")) {
      return error(expectation + "\"" + word + "\".", end);
    }
    return invalidToken(end);
  }

  private static String quoted(String token) {
    return "\"" + token + "\"";
  }

  private SqlException invalidToken(int end) {
    return error("Token \"" + text.substring(tokenStart, Math.min(end, text.length())) + "\" is invalid.", end);
  }

  private SqlException error(String detail, int end) {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json")
        .withDetail(detail).withContext(context(end));
  }

  /// Names the line of the error and shows what stands before it.
  private String context(int end) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < Math.min(end, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    int start = Math.max(lineStart, end - CONTEXT_CHARS + 1);
    if (start - lineStart <= 3) {
      start = lineStart;
    }
    boolean more = end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r';
    return "JSON data, line " + line + ": " + (start > lineStart ? "..." : "") + text.substring(start, Math.min(end, text.length()))
        + (more ? "..." : "");
  }
}
