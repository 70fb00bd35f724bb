package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Assignment to an element or slice of an array, and to a place inside a jsonb value: what `UPDATE t SET a[i] = …` computes.
///
/// Arguments: (container, new value, then per subscript: lower, upper, lower given, upper given).
/// Errors: 2202E bad subscripts, 22004 NULL subscript. Source: PostgreSQL 15 manual, "Arrays", "Modifying Arrays", and "jsonb Subscripting".
public final class SubscriptAssignment implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "assign_element" -> contextual((site, a) -> element(site.argumentTypes().get(1), (PgArray) a[0], a[1], bounds(a, 3)));
      case "assign_slice" -> contextual((site, a) -> slice((PgArray) a[0], (PgArray) a[1], a));
      case "assign_jsonb" -> contextual((site, a) -> json((Jsonb) a[0], (Jsonb) a[1], a));
      default -> null;
    };
  }

  @FunctionalInterface
  private interface Body {
    @Nullable Object call(io.heliosdb.nano.function.CallSite site, @Nullable Object[] arguments);
  }

  private static Implementation contextual(Body body) {
    return (Implementation.Contextual) (context, site, arguments) -> body.call(site, arguments);
  }

  private static SqlException subscript(String message) {
    return new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, message);
  }

  private static int[] bounds(@Nullable Object[] a, int first) {
    int[] result = new int[(a.length - 2) / 4];
    for (int i = 0; i < result.length; i++) {
      Object bound = a[first + 4 * i];
      if (bound == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "array subscript in assignment must not be null");
      }
      result[i] = (Integer) bound;
    }
    return result;
  }

  private static PgArray element(PgType elementType, @Nullable PgArray array, @Nullable Object value, int[] subscripts) {
    if (array == null || array.isEmpty()) {
      int[] lengths = new int[subscripts.length];
      java.util.Arrays.fill(lengths, 1);
      return PgArray.of(array == null ? elementType : array.elementType(), lengths, subscripts, new Object[] {value});
    }
    if (array.dimensions() != subscripts.length) {
      throw subscript("wrong number of array subscripts");
    }
    if (subscripts.length == 1) {
      PgArray wide = extend(array, subscripts[0], subscripts[0]);
      Object[] elements = wide.elements().clone();
      elements[subscripts[0] - wide.lowerBound(0)] = value;
      return PgArray.of(array.elementType(), wide.lengths(), wide.lowerBounds(), elements);
    }
    int at = 0;
    for (int i = 0; i < subscripts.length; i++) {
      int offset = subscripts[i] - array.lowerBound(i);
      if (offset < 0 || offset >= array.length(i)) {
        throw subscript("array subscript out of range");
      }
      at = at * array.length(i) + offset;
    }
    Object[] elements = array.elements().clone();
    elements[at] = value;
    return PgArray.of(array.elementType(), array.lengths(), array.lowerBounds(), elements);
  }

  /// A one-dimensional array widened with NULLs so that it covers [lower, upper].
  private static PgArray extend(PgArray array, int lower, int upper) {
    int first = Math.min(array.lowerBound(0), lower);
    long last = Math.max((long) array.lowerBound(0) + array.length(0) - 1, upper);
    long length = last - first + 1;
    if (length > PgArray.MAX_ELEMENTS) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (" + PgArray.MAX_ELEMENTS + ")");
    }
    if (length == array.length(0)) {
      return array;
    }
    Object[] elements = new Object[(int) length];
    System.arraycopy(array.elements(), 0, elements, array.lowerBound(0) - first, array.length(0));
    return PgArray.of(array.elementType(), new int[] {(int) length}, new int[] {first}, elements);
  }

  private static @Nullable Object slice(@Nullable PgArray array, @Nullable PgArray source, @Nullable Object[] a) {
    if (source == null) {
      return array;
    }
    int count = (a.length - 2) / 4;
    boolean empty = array == null || array.isEmpty();
    if (!empty && array.dimensions() < count) {
      throw subscript("wrong number of array subscripts");
    }
    int dimensions = empty ? count : array.dimensions();
    int[] lower = new int[dimensions];
    int[] upper = new int[dimensions];
    for (int i = 0; i < dimensions; i++) {
      lower[i] = empty ? 1 : array.lowerBound(i);
      upper[i] = empty ? 0 : array.upperBound(i);
      if (i >= count) {
        continue;
      }
      boolean lowerGiven = (Boolean) a[4 + 4 * i];
      boolean upperGiven = (Boolean) a[5 + 4 * i];
      if (empty && (!lowerGiven || !upperGiven)) {
        throw subscript("array slice subscript must provide both boundaries")
            .withDetail("When assigning to a slice of an empty array value, slice boundaries must be fully specified.");
      }
      if (lowerGiven) {
        lower[i] = bound(a[2 + 4 * i]);
      }
      if (upperGiven) {
        upper[i] = bound(a[3 + 4 * i]);
      }
      if (upper[i] < lower[i]) {
        throw subscript("upper bound cannot be less than lower bound");
      }
    }
    return store(array, source, lower, upper, empty);
  }

  private static int bound(@Nullable Object value) {
    if (value == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "array subscript in assignment must not be null");
    }
    return (Integer) value;
  }

  private static PgArray store(@Nullable PgArray array, PgArray source, int[] lower, int[] upper, boolean empty) {
    int dimensions = lower.length;
    int[] lengths = new int[dimensions];
    for (int i = 0; i < dimensions; i++) {
      lengths[i] = Math.subtractExact(upper[i], lower[i]) + 1;
    }
    int needed = PgArray.elementCount(lengths);
    if (source.size() < needed) {
      throw subscript("source array too small");
    }
    if (empty) {
      return PgArray.of(source.elementType(), lengths, lower, java.util.Arrays.copyOf(source.elements(), needed));
    }
    PgArray target = array;
    if (dimensions == 1) {
      target = extend(array, lower[0], upper[0]);
    } else {
      for (int i = 0; i < dimensions; i++) {
        if (lower[i] < array.lowerBound(i) || upper[i] > array.upperBound(i)) {
          throw subscript("array subscript out of range");
        }
      }
    }
    Object[] elements = target.elements().clone();
    int[] position = lower.clone();
    for (int n = 0; n < needed; n++) {
      int at = 0;
      for (int i = 0; i < dimensions; i++) {
        at = at * target.length(i) + position[i] - target.lowerBound(i);
      }
      elements[at] = source.element(n);
      for (int i = dimensions - 1; i >= 0 && ++position[i] > upper[i]; i--) {
        position[i] = lower[i];
      }
    }
    return PgArray.of(target.elementType(), target.lengths(), target.lowerBounds(), elements);
  }

  // ------------------------------------------------------------------------------------------ jsonb

  private static Jsonb json(@Nullable Jsonb container, @Nullable Jsonb value, @Nullable Object[] a) {
    Object[] path = new Object[(a.length - 2) / 4];
    for (int i = 0; i < path.length; i++) {
      path[i] = a[3 + 4 * i];
      if (path[i] == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "jsonb subscript in assignment must not be null");
      }
    }
    return set(container, path, 0, value == null ? Jsonb.NULL : value);
  }

  private static Jsonb set(@Nullable Jsonb container, Object[] path, int depth, Jsonb value) {
    if (depth == path.length) {
      return value;
    }
    Object step = path[depth];
    if (container == null || container.kind() == Jsonb.Kind.NULL && depth > 0) {
      container = step instanceof Integer ? Jsonb.EMPTY_ARRAY : Jsonb.EMPTY_OBJECT;
    }
    return switch (container.kind()) {
      case OBJECT -> {
        List<String> keys = new ArrayList<>(container.keys());
        List<Jsonb> values = new ArrayList<>(container.values());
        int at = keys.indexOf(step.toString());
        if (at < 0) {
          keys.add(step.toString());
          values.add(set(null, path, depth + 1, value));
        } else {
          values.set(at, set(values.get(at), path, depth + 1, value));
        }
        yield Jsonb.object(keys, values);
      }
      case ARRAY -> {
        List<Jsonb> values = new ArrayList<>(container.values());
        int at = index(step, depth);
        int wanted = at < 0 ? at + values.size() : at;
        if (wanted < 0) {
          throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE, "path element at position " + (depth + 1) + " is out of range: " + at);
        }
        if ((long) wanted > PgArray.MAX_ELEMENTS) {
          throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "number of jsonb array elements exceeds the maximum allowed");
        }
        while (values.size() <= wanted) {
          values.add(Jsonb.NULL);
        }
        Jsonb old = values.get(wanted);
        values.set(wanted, set(old, path, depth + 1, value));
        yield Jsonb.array(values);
      }
      default ->
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "cannot replace existing key")
              .withDetail("The path assumes key is a composite object, but it is a scalar value.");
    };
  }

  private static int index(Object step, int depth) {
    if (step instanceof Integer i) {
      return i;
    }
    try {
      return Integer.parseInt(step.toString());
    } catch (NumberFormatException e) {
      throw new SqlException(
          SqlState.INVALID_TEXT_REPRESENTATION, "path element at position " + (depth + 1) + " is not an integer: \"" + step + "\"");
    }
  }
}
