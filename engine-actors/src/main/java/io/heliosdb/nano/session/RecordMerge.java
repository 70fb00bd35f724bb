package io.heliosdb.nano.session;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Merges three states of a definition part by part: what only one side changed is taken from that side. Lists of numbers are merged as sets,
/// lists of parts with a number of their own (columns, constraints) part by part, maps key by key.
final class RecordMerge {
  /// Parts that the stored rows depend on: taking one side's whole would misread the rows of the other.
  private static final Set<String> STRUCTURAL =
      Set.of("columns", "attnum", "typeOid", "storageId", "layoutId", "sinceLayoutId", "dropped", "primaryKey", "kind", "partitionScheme", "partitionOf",
          "partitionBound", "indexStorageId", "keys", "tableOid");

  /// Who is taken where both changed something that is not structural.
  enum Winner { NOBODY, SOURCE, TARGET }

  /// Both sides changed the same part.
  static final class Conflict extends Exception {
    Conflict(String part) {
      super(part, null, false, false);
    }
  }

  private final Winner winner;

  RecordMerge(Winner winner) {
    this.winner = winner;
  }

  private @Nullable Object choose(String part, @Nullable Object source, @Nullable Object target) throws Conflict {
    if (winner == Winner.NOBODY || STRUCTURAL.contains(part)) {
      throw new Conflict(part);
    }
    return winner == Winner.SOURCE ? source : target;
  }

  /// @throws Conflict naming the part
  @Nullable Object merge(@Nullable Object base, @Nullable Object source, @Nullable Object target, String part) throws Conflict {
    if (Objects.equals(source, base) || Objects.equals(source, target)) {
      return target;
    }
    if (Objects.equals(target, base)) {
      return source;
    }
    if (base == null || source == null || target == null || base.getClass() != source.getClass() && !(base instanceof List) && !(base instanceof Map)) {
      return choose(part, source, target);
    }
    if (base instanceof Record && target.getClass() == source.getClass()) {
      return records(base, source, target);
    }
    if (base instanceof List<?> b && source instanceof List<?> s && target instanceof List<?> t) {
      return lists(b, s, t, part);
    }
    if (base instanceof Map<?, ?> b && source instanceof Map<?, ?> s && target instanceof Map<?, ?> t) {
      return maps(b, s, t, part);
    }
    return choose(part, source, target);
  }

  private Object records(Object base, Object source, Object target) throws Conflict {
    RecordComponent[] components = base.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        components[i].getAccessor().setAccessible(true);
        types[i] = components[i].getType();
        values[i] = merge(
            components[i].getAccessor().invoke(base), components[i].getAccessor().invoke(source), components[i].getAccessor().invoke(target),
            components[i].getName());
      }
      Constructor<?> constructor = base.getClass().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<?> lists(List<?> base, List<?> source, List<?> target, String part) throws Conflict {
    Map<Object, Object> b = keyed(base, part);
    Map<Object, Object> s = keyed(source, part);
    Map<Object, Object> t = keyed(target, part);
    return new ArrayList<>(maps(b, s, t, part).values());
  }

  /// Elements by what identifies them.
  private static Map<Object, Object> keyed(List<?> list, String part) throws Conflict {
    Map<Object, Object> result = new LinkedHashMap<>();
    for (Object element : list) {
      if (result.put(identity(element, part), element) != null) {
        throw new Conflict(part);
      }
    }
    return result;
  }

  private static Object identity(Object element, String part) throws Conflict {
    if (element instanceof Number) {
      return element;
    }
    if (element instanceof Record) {
      for (RecordComponent component : element.getClass().getRecordComponents()) {
        if (Set.of("oid", "attnum", "grantee").contains(component.getName())) {
          try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(element);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    }
    throw new Conflict(part);
  }

  private Map<Object, Object> maps(Map<?, ?> base, Map<?, ?> source, Map<?, ?> target, String part) throws Conflict {
    Set<Object> keys = new LinkedHashSet<>(target.keySet());
    keys.addAll(source.keySet());
    Map<Object, Object> result = new LinkedHashMap<>();
    for (Object key : keys) {
      Object merged = merge(base.get(key), source.get(key), target.get(key), part);
      if (merged != null) {
        result.put(key, merged);
      }
    }
    return result;
  }
}
