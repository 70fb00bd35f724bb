package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Text of arrays: `{1,NULL,"a b"}`, nested braces for more dimensions, `[0:1]=` in front when a lower bound is not 1.
/// Source: PostgreSQL 15 manual, "Array Input and Output Syntax".
final class ArrayText {
  private final String text;
  private final PgType element;
  private final int typmod;
  private final IoContext context;
  private final char delimiter;
  private final List<@Nullable Object> elements = new ArrayList<>();
  private final int[] lengths = new int[PgArray.MAX_DIMENSIONS];
  private int dimensions;
  private int at;

  private ArrayText(PgType element, int typmod, String text, IoContext context) {
    this.element = element;
    this.typmod = typmod;
    this.text = text;
    this.context = context;
    this.delimiter = element.delimiter();
  }

  static PgArray parse(PgType type, int typmod, String text, IoContext context) {
    if (type.isPseudo()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot accept a value of type " + type.name());
    }
    return new ArrayText(context.types().byOid(type.elementOid()), typmod, text, context).array();
  }

  private SqlException malformed(String detail) {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "malformed array literal: \"" + text + "\"").withDetail(detail);
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipSpace() {
    while (at < text.length() && NumericText.isSpace(text.charAt(at))) {
      at++;
    }
  }

  private PgArray array() {
    int[] givenLengths = new int[PgArray.MAX_DIMENSIONS];
    int[] bounds = new int[PgArray.MAX_DIMENSIONS];
    Arrays.fill(bounds, 1);
    int given = 0;
    skipSpace();
    while (peek() == '[') {
      at++;
      if (given >= PgArray.MAX_DIMENSIONS) {
        PgArray.checkDimensions(given + 1);
      }
      int first = bound();
      int upper = first;
      int lower = 1;
      if (peek() == ':') {
        at++;
        lower = first;
        upper = bound();
      }
      if (peek() != ']') {
        throw malformed("Missing \"]\" after array dimensions.");
      }
      at++;
      if (upper < lower) {
        throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "upper bound cannot be less than lower bound");
      }
      givenLengths[given] = upper - lower + 1;
      bounds[given++] = lower;
      skipSpace();
    }
    if (given > 0) {
      if (peek() != '=') {
        throw malformed("Missing \"=\" after array dimensions.");
      }
      at++;
      skipSpace();
      if (peek() != '{') {
        throw malformed("Array contents must start with \"{\".");
      }
    } else if (peek() != '{') {
      throw malformed("Array value must start with \"{\" or dimension information.");
    }
    Arrays.fill(lengths, -1);
    level(0);
    skipSpace();
    if (at < text.length()) {
      throw malformed("Junk after closing right brace.");
    }
    if (elements.isEmpty()) {
      return PgArray.empty(element);
    }
    if (given > 0 && (given != dimensions || !Arrays.equals(givenLengths, 0, given, lengths, 0, given))) {
      throw malformed("Specified array dimensions do not match array contents.");
    }
    for (int i = 0; i < dimensions; i++) {
      if (bounds[i] > Integer.MAX_VALUE - lengths[i]) {
        throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "array lower bound is too large: " + bounds[i]);
      }
    }
    return PgArray.of(element, Arrays.copyOf(lengths, dimensions), Arrays.copyOf(bounds, dimensions), elements.toArray());
  }

  private int bound() {
    int start = at;
    if (peek() == '-' || peek() == '+') {
      at++;
    }
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    try {
      return Integer.parseInt(text, start, at, 10);
    } catch (NumberFormatException e) {
      throw malformed("\"[\" must introduce explicitly-specified array dimensions.");
    }
  }

  /// Reads one brace level; `depth` counts from 0.
  private void level(int depth) {
    PgArray.checkDimensions(depth + 1);
    at++;
    int count = 0;
    boolean nested = false;
    skipSpace();
    if (peek() == '}') {
      if (depth > 0) {
        throw unexpected();
      }
      at++;
    } else {
      while (true) {
        skipSpace();
        if (peek() == '{') {
          if (count > 0 && !nested) {
            throw malformed("Unexpected \"{\" character.");
          }
          nested = true;
          level(depth + 1);
        } else {
          if (nested) {
            throw count > 0 && (peek() == '}' || peek() == delimiter) ? unexpected() : malformed("Unexpected array element.");
          }
          if (dimensions > 0 && dimensions != depth + 1) {
            throw malformed("Multidimensional arrays must have sub-arrays with matching dimensions.");
          }
          element();
          dimensions = depth + 1;
          PgArray.elementCount(new int[] {elements.size()});
        }
        count++;
        skipSpace();
        char c = peek();
        if (c == '}') {
          at++;
          break;
        }
        if (c != delimiter) {
          throw at >= text.length() ? malformed("Unexpected end of input.")
              : c == '{' ? malformed("Unexpected \"{\" character.") : malformed("Unexpected array element.");
        }
        at++;
      }
    }
    if (lengths[depth] < 0) {
      lengths[depth] = count;
    } else if (lengths[depth] != count) {
      throw malformed("Multidimensional arrays must have sub-arrays with matching dimensions.");
    }
  }

  private SqlException unexpected() {
    return at >= text.length() ? malformed("Unexpected end of input.") : malformed("Unexpected \"" + peek() + "\" character.");
  }

  private void element() {
    char c = peek();
    if (at >= text.length() || c == '}' || c == delimiter) {
      throw unexpected();
    }
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    boolean escaped = false;
    int significant = 0;
    while (true) {
      if (at >= text.length()) {
        throw malformed("Unexpected end of input.");
      }
      c = text.charAt(at);
      if (c == '"') {
        if (quoted || !value.isEmpty()) {
          throw malformed("Unexpected array element.");
        }
        quoted = true;
        quotedPart(value);
        significant = value.length();
        skipSpace();
        if (at < text.length() && peek() != '}' && peek() != delimiter) {
          throw peek() == '{' ? malformed("Unexpected \"{\" character.") : malformed("Unexpected array element.");
        }
        continue;
      }
      if (c == '}' || c == delimiter) {
        break;
      }
      if (c == '{') {
        throw malformed("Unexpected \"{\" character.");
      }
      if (c == '\\') {
        at++;
        if (at >= text.length()) {
          throw malformed("Unexpected end of input.");
        }
        escaped = true;
        value.append(text.charAt(at++));
        significant = value.length();
        continue;
      }
      value.append(c);
      at++;
      if (!NumericText.isSpace(c)) {
        significant = value.length();
      }
    }
    value.setLength(significant);
    String item = value.toString();
    boolean isNull = !quoted && !escaped && item.equalsIgnoreCase("null");
    elements.add(isNull ? null : TextInput.parse(element, typmod, item, context));
  }

  private void quotedPart(StringBuilder value) {
    at++;
    while (true) {
      if (at >= text.length()) {
        throw malformed("Unexpected end of input.");
      }
      char c = text.charAt(at++);
      if (c == '"') {
        return;
      }
      if (c == '\\') {
        if (at >= text.length()) {
          throw malformed("Unexpected end of input.");
        }
        c = text.charAt(at++);
      }
      value.append(c);
    }
  }

  // ---------------------------------------------------------------- output

  static void format(PgArray array, IoContext context, ByteSink out) {
    if (array.isEmpty()) {
      out.putAscii("{}");
      return;
    }
    boolean plainBounds = true;
    for (int d = 0; d < array.dimensions(); d++) {
      plainBounds &= array.lowerBound(d) == 1;
    }
    if (!plainBounds) {
      for (int d = 0; d < array.dimensions(); d++) {
        out.put('[').putDecimal(array.lowerBound(d)).put(':').putDecimal(array.upperBound(d)).put(']');
      }
      out.put('=');
    }
    level(array, 0, 0, array.size(), context, new ByteSink(), out);
  }

  private static void level(PgArray array, int depth, int from, int count, IoContext context, ByteSink scratch, ByteSink out) {
    char delimiter = array.elementType().delimiter();
    int parts = array.length(depth);
    int step = count / parts;
    out.put('{');
    for (int i = 0; i < parts; i++) {
      if (i > 0) {
        out.put(delimiter);
      }
      if (depth + 1 < array.dimensions()) {
        level(array, depth + 1, from + i * step, step, context, scratch, out);
        continue;
      }
      Object element = array.element(from + i);
      if (element == null) {
        out.putAscii("NULL");
      } else if (element instanceof Integer && array.elementType().family() != TypeFamily.DATE) {
        out.putDecimal((Integer) element);
      } else {
        scratch.clear();
        TextOutput.format(array.elementType(), element, context, scratch);
        quoted(scratch, delimiter, out);
      }
    }
    out.put('}');
  }

  private static void quoted(ByteSink item, char delimiter, ByteSink out) {
    byte[] bytes = item.array();
    int size = item.size();
    boolean quote = size == 0 || isNullWord(bytes, size);
    for (int i = 0; i < size && !quote; i++) {
      byte b = bytes[i];
      quote = b == '"' || b == '\\' || b == '{' || b == '}' || b == delimiter || b == ' ' || b >= 9 && b <= 13;
    }
    if (!quote) {
      out.put(bytes, 0, size);
      return;
    }
    out.put('"');
    for (int i = 0; i < size; i++) {
      if (bytes[i] == '"' || bytes[i] == '\\') {
        out.put('\\');
      }
      out.put(bytes[i]);
    }
    out.put('"');
  }

  private static boolean isNullWord(byte[] bytes, int size) {
    return size == 4 && (bytes[0] | 32) == 'n' && (bytes[1] | 32) == 'u' && (bytes[2] | 32) == 'l' && (bytes[3] | 32) == 'l';
  }
}
