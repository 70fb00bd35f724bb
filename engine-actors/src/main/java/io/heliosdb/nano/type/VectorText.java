package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.Arrays;

/// Text of vectors: `[1,2.5,3]`.
final class VectorText {
  private VectorText() {}

  static Vector parse(String text) {
    String body = text.strip();
    if (!body.startsWith("[")) {
      throw malformed(text, "Vector contents must start with \"[\".");
    }
    int close = body.indexOf(']');
    if (close < 0) {
      throw malformed(text, "Unexpected end of input.");
    }
    if (close != body.length() - 1) {
      throw malformed(text, "Junk after closing right brace.");
    }
    if (body.substring(1, close).isBlank()) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "vector must have at least 1 dimension");
    }
    float[] elements = new float[16];
    int count = 0;
    int start = 1;
    while (start <= close) {
      int end = body.indexOf(',', start);
      if (end < 0) {
        end = close;
      }
      if (count == elements.length) {
        if (count >= Vector.MAX_DIMENSIONS) {
          throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED,
              "vector cannot have more than " + Vector.MAX_DIMENSIONS + " dimensions");
        }
        elements = Arrays.copyOf(elements, Math.min(2 * count, Vector.MAX_DIMENSIONS));
      }
      String number = body.substring(start, end).strip();
      try {
        elements[count++] = Float.parseFloat(number);
      } catch (NumberFormatException e) {
        throw TypeErrors.invalidSyntax("vector", text);
      }
      if (Float.isInfinite(elements[count - 1]) && !number.toLowerCase(java.util.Locale.ROOT).contains("inf")) {
        throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"" + number + "\" is out of range for type vector");
      }
      start = end + 1;
    }
    return Vector.of(Arrays.copyOf(elements, count));
  }

  private static SqlException malformed(String text, String detail) {
    return TypeErrors.invalidSyntax("vector", text).withDetail(detail);
  }

  static void format(Vector value, ByteSink out) {
    out.put('[');
    for (int i = 0; i < value.dimensions(); i++) {
      if (i > 0) {
        out.put(',');
      }
      FloatText.format(value.get(i), 1, out);
    }
    out.put(']');
  }
}
