package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import org.jspecify.annotations.Nullable;

/// The functions of any number of arguments of any type: concat, concat_ws, format, num_nulls, num_nonnulls.
public final class FormatFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "text_concat" -> contextual((context, site, args) -> {
        Arguments values = Arguments.of(site, args, 0);
        return values == null ? null : join(values, "", context);
      });
      case "text_concat_ws" -> contextual((context, site, args) -> {
        Arguments values = args[0] == null ? null : Arguments.of(site, args, 1);
        return values == null ? null : join(values, (String) args[0], context);
      });
      case "text_format", "text_format_nv" -> contextual((context, site, args) -> {
        if (args[0] == null) {
          return null;
        }
        Arguments values = Arguments.of(site, args, 1);
        return format((String) args[0], values == null ? Arguments.NONE : values, context);
      });
      case "pg_num_nulls" -> contextual((context, site, args) -> countNulls(site, args, true));
      case "pg_num_nonnulls" -> contextual((context, site, args) -> countNulls(site, args, false));
      default -> null;
    };
  }

  /// The values after the fixed ones, whether they were written one by one or as a VARIADIC array.
  private record Arguments(@Nullable Object[] values, int from, CallSite site, @Nullable PgType elementType) {
    static final Arguments NONE = new Arguments(new Object[0], 0, null, PgTypes.TEXT);

    /// Null when the array is NULL.
    static @Nullable Arguments of(CallSite site, @Nullable Object[] args, int from) {
      if (!site.variadicCall()) {
        return new Arguments(args, from, site, null);
      }
      PgArray array = (PgArray) args[from];
      return array == null ? null : new Arguments(array.elements(), 0, site, array.elementType());
    }

    int count() {
      return values.length - from;
    }

    @Nullable Object get(int index) {
      return values[from + index];
    }

    PgType type(int index) {
      return elementType != null ? elementType : site.argumentTypes().get(from + index);
    }

    @Nullable String text(int index, CallContext context) {
      Object value = get(index);
      return value == null ? null : TypeIo.toText(type(index), value, context.io());
    }
  }

  private static String join(Arguments values, String separator, CallContext context) {
    StringBuilder out = new StringBuilder();
    boolean any = false;
    for (int i = 0; i < values.count(); i++) {
      String text = values.text(i, context);
      if (text != null) {
        if (any) {
          out.append(separator);
        }
        out.append(text);
        any = true;
      }
    }
    return out.toString();
  }

  private static @Nullable Object countNulls(CallSite site, @Nullable Object[] args, boolean nulls) {
    Arguments values = Arguments.of(site, args, 0);
    if (values == null) {
      return null;
    }
    int count = 0;
    for (int i = 0; i < values.count(); i++) {
      count += values.get(i) == null ? 1 : 0;
    }
    return nulls ? count : values.count() - count;
  }

  private static SqlException unterminated() {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unterminated format() type specifier").withHint("For a single \"%\" use \"%%\".");
  }

  private static String format(String pattern, Arguments values, CallContext context) {
    return new Formatter(pattern, values, context).run();
  }

  /// One run of format(): `%[position$][flags][width]type`.
  private static final class Formatter {
    private final String pattern;
    private final Arguments values;
    private final CallContext context;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int nextArgument;

    Formatter(String pattern, Arguments values, CallContext context) {
      this.pattern = pattern;
      this.values = values;
      this.context = context;
    }

    String run() {
      while (at < pattern.length()) {
        int percent = pattern.indexOf('%', at);
        if (percent < 0) {
          break;
        }
        out.append(pattern, at, percent);
        at = percent + 1;
        if (peek() == '%') {
          out.append('%');
          at++;
          continue;
        }
        specifier();
      }
      return out.append(pattern, at, pattern.length()).toString();
    }

    private char peek() {
      if (at >= pattern.length()) {
        throw unterminated();
      }
      return pattern.charAt(at);
    }

    private void specifier() {
      int position = -1;
      int width = 0;
      boolean leftAligned = false;
      int digits = number();
      boolean widthDone = false;
      if (digits >= 0) {
        if (peek() == '$') {
          position = digits;
          if (position == 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "format specifies argument 0, but arguments are numbered from 1");
          }
          at++;
        } else {
          width = digits;
          widthDone = true;
        }
      }
      if (!widthDone) {
        while (peek() == '-') {
          leftAligned = true;
          at++;
        }
        if (peek() == '*') {
          at++;
          int widthPosition = number();
          if (widthPosition >= 0) {
            if (peek() != '$') {
              throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "width argument position must be ended by \"$\"");
            }
            if (widthPosition == 0) {
              throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "format specifies argument 0, but arguments are numbered from 1");
            }
            at++;
          }
          width = widthArgument(widthPosition);
        } else {
          int literal = number();
          width = Math.max(literal, 0);
        }
      }
      if (width < 0) {
        leftAligned = true;
        width = -width;
      }
      conversion(peek(), position, width, leftAligned);
      at++;
    }

    private void conversion(char type, int position, int width, boolean leftAligned) {
      if (type != 's' && type != 'I' && type != 'L') {
        String shown = Character.toString(pattern.codePointAt(at));
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized format() type specifier \"" + shown + "\"")
            .withHint("For a single \"%\" use \"%%\".");
      }
      String text = values.text(argument(position), context);
      String shown = switch (type) {
        case 's' -> text == null ? "" : text;
        case 'L' -> text == null ? "NULL" : SqlQuoting.literal(text);
        default -> {
          if (text == null) {
            throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "null values cannot be formatted as an SQL identifier");
          }
          yield SqlQuoting.identifier(text);
        }
      };
      int padding = width - TextConversions.length(shown);
      if (padding > 0 && !leftAligned) {
        out.repeat(' ', padding);
      }
      out.append(shown);
      if (padding > 0 && leftAligned) {
        out.repeat(' ', padding);
      }
    }

    private int argument(int position) {
      int index = position < 0 ? nextArgument : position - 1;
      if (index >= values.count()) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "too few arguments for format()");
      }
      nextArgument = index + 1;
      return index;
    }

    private int widthArgument(int position) {
      int index = argument(position);
      Object value = values.get(index);
      if (value == null) {
        return 0;
      }
      return value instanceof Integer i ? i
          : (Integer) TypeIo.parse(PgTypes.INT4, -1, values.text(index, context), context.io());
    }

    /// Digits at the current place, -1 when there are none.
    private int number() {
      long value = -1;
      while (at < pattern.length() && pattern.charAt(at) >= '0' && pattern.charAt(at) <= '9') {
        value = Math.max(value, 0) * 10 + (pattern.charAt(at) - '0');
        if (value > Integer.MAX_VALUE) {
          throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "number is out of range");
        }
        at++;
      }
      if (value >= 0) {
        peek();
      }
      return (int) value;
    }
  }
}
