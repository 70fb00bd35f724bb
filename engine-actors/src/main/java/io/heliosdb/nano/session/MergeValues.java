package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Three-way merges of single values that both sides changed: sums of numbers, unions of arrays, JSON by path. Stateless.
final class MergeValues {
  private MergeValues() {}

  /// The target's value with the source's change added to it; null when the values are no numbers.
  static @Nullable Object sum(@Nullable Object base, @Nullable Object source, @Nullable Object target) {
    try {
      return switch (target) {
        case Integer t when source instanceof Integer s && (base == null || base instanceof Integer) ->
            Math.toIntExact((long) t + s - (base == null ? 0 : (Integer) base));
        case Long t when source instanceof Long s && (base == null || base instanceof Long) ->
            Math.addExact(t, Math.subtractExact(s, base == null ? 0L : (Long) base));
        case Double t when source instanceof Double s -> t + s - (base == null ? 0 : (Double) base);
        case Float t when source instanceof Float s -> t + s - (base == null ? 0 : (Float) base);
        case Numeric t when source instanceof Numeric s -> base == null ? t.add(s) : t.add(s).subtract((Numeric) base);
        case null, default -> null;
      };
    } catch (ArithmeticException e) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "merge_policy \"sum\" is out of range");
    }
  }

  /// The elements of both sides without those that either removed; null when the values are no one-dimensional arrays.
  static @Nullable Object union(@Nullable Object base, @Nullable Object source, @Nullable Object target, PgType elementType) {
    if (source instanceof PgArray s && target instanceof PgArray t && isList(s) && isList(t) && (base == null || base instanceof PgArray b && isList(b))) {
      List<Object> before = base == null ? List.of() : elements((PgArray) base);
      return PgArray.of(elementType, union(before, elements(s), elements(t)).toArray());
    }
    if (source instanceof Jsonb s && target instanceof Jsonb t && s.isArray() && t.isArray() && (base == null || ((Jsonb) base).isArray())) {
      List<Jsonb> merged = union(base == null ? List.of() : elements((Jsonb) base), elements(s), elements(t));
      return Jsonb.array(merged);
    }
    return null;
  }

  private static boolean isList(PgArray array) {
    return array.dimensions() <= 1;
  }

  private static List<Object> elements(PgArray array) {
    return java.util.Arrays.asList(array.elements());
  }

  private static List<Jsonb> elements(Jsonb array) {
    List<Jsonb> result = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      result.add(array.get(i));
    }
    return result;
  }

  private static <T> List<T> union(List<T> base, List<T> source, List<T> target) {
    Set<T> result = new LinkedHashSet<>(target);
    result.addAll(source);
    for (T element : base) {
      if (!source.contains(element) || !target.contains(element)) {
        result.remove(element);
      }
    }
    return new ArrayList<>(result);
  }

  /// The merged document; null when both sides changed the same path in different ways.
  static @Nullable Jsonb json(@Nullable Jsonb base, @Nullable Jsonb source, @Nullable Jsonb target) {
    if (base == null || source == null || target == null || !base.isObject() || !source.isObject() || !target.isObject()) {
      return null;
    }
    Set<String> keys = new LinkedHashSet<>(target.keys());
    keys.addAll(source.keys());
    List<String> names = new ArrayList<>();
    List<Jsonb> values = new ArrayList<>();
    for (String key : keys) {
      Jsonb b = base.get(key);
      Jsonb s = source.get(key);
      Jsonb t = target.get(key);
      Jsonb merged;
      if (Objects.equals(s, b) || Objects.equals(s, t)) {
        merged = t;
      } else if (Objects.equals(t, b)) {
        merged = s;
      } else {
        merged = json(b, s, t);
        if (merged == null) {
          return null;
        }
      }
      if (merged != null) {
        names.add(key);
        values.add(merged);
      }
    }
    return Jsonb.object(names, values);
  }
}
