package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.impl.JsonRecords;
import io.heliosdb.nano.type.JsonParser;
import io.heliosdb.nano.type.TypeFamily;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Makes a row of one JSON object: members go to the columns of their names in any order, columns without a member are NULL.
///
/// Errors: 22P02 for bad JSON with PostgreSQL's detail, 22P04 for a member that is no column, else those of the column types.
final class JsonRowParser {
  private final RowBuilder rows;
  private final byte[][] names;
  private final Map<String, Integer> byName = new HashMap<>();
  private final TypeFamily[] families;
  private final boolean[] nullIsValue;
  private final boolean[] given;

  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private int start;

  JsonRowParser(CopyOptions options, RowBuilder rows) {
    this.rows = rows;
    int columns = rows.columnCount();
    names = new byte[columns][];
    families = new TypeFamily[columns];
    nullIsValue = new boolean[columns];
    given = new boolean[columns];
    for (int i = 0; i < columns; i++) {
      CopyColumn column = rows.column(i);
      names[i] = column.name().getBytes(StandardCharsets.UTF_8);
      byName.put(column.name(), i);
      families[i] = column.type().family();
      nullIsValue[i] = JsonWriter.isJson(column.type()) && !options.forceNull().contains(column.name());
    }
  }

  /// The object is `bytes[from, to)`, whose braces and brackets are known to balance in number.
  void row(byte[] rowBytes, int from, int to) {
    bytes = rowBytes;
    start = from;
    end = to;
    at = from + 1;
    Arrays.fill(given, false);
    skipSpace();
    if (peek() == '}') {
      at++;
    } else {
      int expected = 0;
      while (true) {
        expected = member(expected) + 1;
        skipSpace();
        byte b = peek();
        at++;
        if (b == '}') {
          break;
        }
        if (b != ',') {
          throw malformed();
        }
        skipSpace();
      }
    }
    if (at != end) {
      throw malformed();
    }
    for (int i = 0; i < given.length; i++) {
      if (!given[i]) {
        rows.text(i, null);
      }
    }
    rows.end();
  }

  private byte peek() {
    if (at >= end) {
      throw malformed();
    }
    return bytes[at];
  }

  private void skipSpace() {
    while (at < end) {
      byte b = bytes[at];
      if (b != ' ' && b != '\n' && b != '\t' && b != '\r') {
        return;
      }
      at++;
    }
  }

  /// Reads `"key": value` and gives the column it went to.
  private int member(int expected) {
    int column = key(expected);
    skipSpace();
    if (peek() != ':') {
      throw malformed();
    }
    at++;
    skipSpace();
    value(column);
    given[column] = true;
    return column;
  }

  private int key(int expected) {
    if (peek() != '"') {
      throw malformed();
    }
    int keyStart = at + 1;
    boolean hasEscapes = string();
    int keyEnd = at - 1;
    if (!hasEscapes && expected < names.length && Arrays.equals(bytes, keyStart, keyEnd, names[expected], 0, names[expected].length)) {
      return expected;
    }
    String key = hasEscapes ? unescaped(keyStart, keyEnd) : Encodings.utf8(bytes, keyStart, keyEnd);
    Integer column = byName.get(key);
    if (column == null) {
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "extra data after last expected column").withDetail("JSON member \"" + key + "\" is no column of the COPY.");
    }
    return column;
  }

  private void value(int column) {
    byte b = peek();
    int from = at;
    boolean json = families[column] == TypeFamily.JSON || families[column] == TypeFamily.JSONB;
    switch (b) {
      case '"' -> {
        boolean hasEscapes = string();
        if (json) {
          rows.utf8(column, bytes, from, at);
        } else if (hasEscapes) {
          rows.text(column, unescaped(from + 1, at - 1));
        } else {
          rows.utf8(column, bytes, from + 1, at - 1);
        }
      }
      case '{', '[' -> {
        nested();
        boolean converts = b == '[' && families[column] == TypeFamily.ARRAY || b == '{' && families[column] == TypeFamily.RECORD;
        if (json) {
          rows.utf8(column, bytes, from, at);
          return;
        }
        String text = Encodings.utf8(bytes, from, at);
        if (!converts) {
          JsonParser.validate(text);
          rows.text(column, text);
          return;
        }
        CopyColumn target = rows.column(column);
        rows.converted(column, () -> JsonRecords.fromJson(target.type(), target.typmod(), text, target.name(), rows.io()), () -> text);
      }
      case 't' -> word(column, "true");
      case 'f' -> word(column, "false");
      case 'n' -> {
        word("null");
        if (nullIsValue[column]) {
          rows.utf8(column, bytes, from, at);
        } else {
          rows.text(column, null);
        }
      }
      default -> {
        number();
        rows.utf8(column, bytes, from, at);
      }
    }
  }

  private void word(int column, String word) {
    int from = at;
    word(word);
    rows.utf8(column, bytes, from, at);
  }

  private void word(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (peek() != word.charAt(i)) {
        throw malformed();
      }
      at++;
    }
  }

  /// Passes over a string; true when it has escapes.
  private boolean string() {
    boolean hasEscapes = false;
    at++;
    while (true) {
      byte b = peek();
      if (b == '"') {
        at++;
        return hasEscapes;
      }
      if (b >= 0 && b < ' ') {
        throw malformed();
      }
      if (b == '\\') {
        hasEscapes = true;
        at++;
        peek();
      }
      at++;
    }
  }

  /// Passes over an array or object; whoever reads its text checks it.
  private void nested() {
    int depth = 0;
    do {
      byte b = peek();
      if (b == '"') {
        string();
        continue;
      }
      if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
      }
      at++;
    } while (depth > 0);
  }

  private void number() {
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (peek() == '.') {
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
  }

  private void digits() {
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == from) {
      throw malformed();
    }
  }

  private String unescaped(int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b != '\\') {
        out.write(b);
        continue;
      }
      byte c = bytes[++i];
      switch (c) {
        case '"', '\\', '/' -> out.write(c);
        case 'b' -> out.write('\b');
        case 'f' -> out.write('\f');
        case 'n' -> out.write('\n');
        case 'r' -> out.write('\r');
        case 't' -> out.write('\t');
        case 'u' -> {
          int unit = hex(i + 1, to);
          i += 4;
          int character = unit;
          if (Character.isHighSurrogate((char) unit) && i + 2 < to && bytes[i + 1] == '\\' && bytes[i + 2] == 'u') {
            character = Character.toCodePoint((char) unit, (char) hex(i + 3, to));
            if (!Character.isLowSurrogate((char) hex(i + 3, to))) {
              throw malformed();
            }
            i += 6;
          } else if (Character.isSurrogate((char) unit)) {
            throw malformed();
          }
          if (character == 0) {
            throw new SqlException(SqlState.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence").withDetail("\\u0000 cannot be converted to text.");
          }
          out.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
        }
        default -> throw malformed();
      }
    }
    byte[] text = out.toByteArray();
    return Encodings.utf8(text, 0, text.length);
  }

  private int hex(int from, int to) {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = i < to ? Character.digit(bytes[i], 16) : -1;
      if (digit < 0) {
        throw malformed();
      }
      value = value * 16 + digit;
    }
    return value;
  }

  /// The error with the detail that PostgreSQL's JSON parser gives for the whole object.
  private SqlException malformed() {
    String text = Encodings.utf8(bytes, start, end);
    JsonParser.parse(text, new JsonParser.Handler() {});
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json");
  }
}
