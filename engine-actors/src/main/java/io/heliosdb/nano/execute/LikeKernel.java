package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.PgTypes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// `text LIKE pattern` for patterns that are the same for all rows and have no wildcard but `%` at their ends: comparison of bytes.
/// Other patterns go to the function itself.
final class LikeKernel extends Kernel {
  private final Kernel value;
  private final Kernel pattern;
  private final Kernel general;
  private final boolean negated;

  LikeKernel(Kernel value, Kernel pattern, Kernel general, boolean negated) {
    super(PgTypes.BOOL);
    this.value = value;
    this.pattern = pattern;
    this.general = general;
    this.negated = negated;
  }

  /// @param literal the characters between the wildcards
  private record Simple(String pattern, byte @Nullable [] literal, boolean openStart, boolean openEnd) {
    static Simple of(String pattern) {
      int from = 0;
      int to = pattern.length();
      boolean openStart = to > 0 && pattern.charAt(0) == '%';
      if (openStart) {
        from++;
      }
      boolean openEnd = to > from && pattern.charAt(to - 1) == '%';
      if (openEnd) {
        to--;
      }
      String literal = pattern.substring(from, to);
      boolean simple = literal.indexOf('%') < 0 && literal.indexOf('_') < 0 && literal.indexOf('\\') < 0;
      return new Simple(pattern, simple ? literal.getBytes(StandardCharsets.UTF_8) : null, openStart, openEnd);
    }

    boolean matches(byte[] text, int start, int length) {
      int n = literal.length;
      if (length < n) {
        return false;
      }
      if (!openStart) {
        return (openEnd || length == n) && Arrays.equals(text, start, start + n, literal, 0, n);
      }
      if (!openEnd) {
        return Arrays.equals(text, start + length - n, start + length, literal, 0, n);
      }
      if (n == 0) {
        return true;
      }
      byte first = literal[0];
      for (int at = start, last = start + length - n; at <= last; at++) {
        if (text[at] == first && Arrays.equals(text, at, at + n, literal, 0, n)) {
          return true;
        }
      }
      return false;
    }
  }

  private @Nullable Simple simple(EvalState s) {
    String text = (String) pattern.eval(RowAccess.EMPTY, s);
    if (text == null) {
      return null;
    }
    Simple known = (Simple) s.slot(slot + 1);
    if (known == null || !known.pattern.equals(text)) {
      known = Simple.of(text);
      s.setSlot(slot + 1, known);
    }
    return known.literal == null ? null : known;
  }

  @Override
  @Nullable Object eval(RowAccess row, EvalState s) {
    Simple simple = simple(s);
    if (simple == null) {
      return general.eval(row, s);
    }
    Object text = value.eval(row, s);
    if (text == null) {
      return null;
    }
    byte[] bytes = ((String) text).getBytes(StandardCharsets.UTF_8);
    return simple.matches(bytes, 0, bytes.length) != negated;
  }

  @Override
  ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
    Simple simple = simple(s);
    if (simple == null) {
      return general.eval(batch, rows, count, s);
    }
    TextVector in = (TextVector) value.eval(batch, rows, count, s);
    ColumnVector.Bools out = (ColumnVector.Bools) output(batch, rows, count, s);
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      if (in.isNull(r)) {
        out.setNull(r);
      } else {
        in.needBytes(r);
        out.values[r] = simple.matches(in.buffer(), in.start(r), in.length(r)) != negated;
      }
    }
    return out;
  }
}
