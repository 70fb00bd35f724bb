package io.heliosdb.nano.execute;

import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.key.ColumnOrder;
import io.heliosdb.nano.storage.key.KeyWriter;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Conditions on the leading columns of a key, turned into ranges of keys when a scan starts: equalities (a value, one of an array, or
/// IS NULL) on a prefix, then at most one column with bounds. Immutable.
public final class KeyBounds {
  /// @param value of the column, or an array of values of which any may match; null for IS NULL
  public record Equality(@Nullable Evaluator value, boolean array) {}

  public record Bound(Evaluator value, boolean inclusive) {}

  private final PgType[] types;
  private final int[] collations;
  private final ColumnOrder[] orders;
  private final List<Equality> equalities;
  private final @Nullable Bound lower;
  private final @Nullable Bound upper;

  /// @param types, collations, orders of all columns of the key
  /// @param lower, upper by value (not by key order) of the column behind the equalities
  public KeyBounds(PgType[] types, int[] collations, ColumnOrder[] orders, List<Equality> equalities, @Nullable Bound lower, @Nullable Bound upper) {
    this.types = types;
    this.collations = collations;
    this.orders = orders;
    this.equalities = List.copyOf(equalities);
    this.lower = lower;
    this.upper = upper;
  }

  /// Whether each range is one whole key.
  public boolean isFullKey() {
    if (equalities.size() != types.length) {
      return false;
    }
    for (Equality e : equalities) {
      if (e.value() == null) {
        return false;
      }
    }
    return true;
  }

  /// Whether threads other than the session's may compute the ranges.
  boolean isParallelSafe() {
    return equalities.stream().allMatch(e -> e.value() == null || e.value().isParallelSafe()) && (lower == null || lower.value().isParallelSafe())
        && (upper == null || upper.value().isParallelSafe());
  }

  /// Whether there is one range at most (so that its rows come in key order).
  public boolean isSingleRange() {
    for (Equality e : equalities) {
      if (e.array()) {
        return false;
      }
    }
    return true;
  }

  /// A value of another width than the column's: exact, or beyond what the column can hold.
  private static final Object BELOW = new Object();
  private static final Object ABOVE = new Object();

  private static Object fit(PgType type, Object value) {
    switch (type.family()) {
      case INT2 -> {
        long v = ((Number) value).longValue();
        return v < Short.MIN_VALUE ? BELOW : v > Short.MAX_VALUE ? ABOVE : (Object) (int) v;
      }
      case INT4 -> {
        long v = ((Number) value).longValue();
        return v < Integer.MIN_VALUE ? BELOW : v > Integer.MAX_VALUE ? ABOVE : (Object) (int) v;
      }
      case INT8 -> {
        return ((Number) value).longValue();
      }
      case FLOAT8 -> {
        return ((Number) value).doubleValue();
      }
      default -> {
        return value;
      }
    }
  }

  /// The full keys, ascending and distinct; only if [#isFullKey].
  List<byte[]> keys(ExecutionContext context) {
    return prefixes(context);
  }

  /// The encodings of the equal columns, ascending and distinct.
  private List<byte[]> prefixes(ExecutionContext context) {
    if (isSingleRange()) {
      KeyWriter writer = new KeyWriter();
      for (int i = 0; i < equalities.size(); i++) {
        Object value = null;
        if (equalities.get(i).value() != null) {
          value = equalities.get(i).value().evaluate(context);
          value = value == null ? null : fit(types[i], value);
          if (value == null || value == BELOW || value == ABOVE) {
            return List.of();
          }
        }
        writer.order(orders[i]);
        KeyCodec.put(writer, types[i], value, collations[i]);
      }
      return List.of(writer.toKey());
    }
    TreeMap<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
    List<List<Object>> choices = new ArrayList<>();
    for (int i = 0; i < equalities.size(); i++) {
      Equality e = equalities.get(i);
      List<Object> values = new ArrayList<>();
      if (e.value() == null) {
        values.add(null);
      } else {
        Object value = e.value().evaluate(context);
        Object[] candidates = value == null ? new Object[0] : e.array() ? ((PgArray) value).elements() : new Object[] {value};
        for (Object candidate : candidates) {
          Object fitted = candidate == null ? null : fit(types[i], candidate);
          if (fitted != null && fitted != BELOW && fitted != ABOVE) {
            values.add(fitted);
          }
        }
      }
      choices.add(values);
    }
    combine(choices, 0, new KeyWriter(), sorted);
    return new ArrayList<>(sorted.keySet());
  }

  private void combine(List<List<Object>> choices, int column, KeyWriter writer, TreeMap<byte[], byte[]> into) {
    if (column == choices.size()) {
      byte[] key = writer.toKey();
      into.put(key, key);
      return;
    }
    int length = writer.length();
    for (Object value : choices.get(column)) {
      writer.truncate(length);
      writer.order(orders[column]);
      KeyCodec.put(writer, types[column], value, collations[column]);
      combine(choices, column + 1, writer, into);
    }
    writer.truncate(length);
  }

  /// The ranges in key order; none when no key can match.
  List<KeyRange> ranges(ExecutionContext context) {
    List<byte[]> prefixes = prefixes(context);
    List<KeyRange> ranges = new ArrayList<>(prefixes.size());
    if (lower == null && upper == null) {
      for (byte[] prefix : prefixes) {
        ranges.add(prefix.length == 0 ? KeyRange.ALL : KeyRange.prefix(prefix));
      }
      return ranges;
    }
    int column = equalities.size();
    Object low = null;
    Object high = null;
    boolean lowInclusive = lower != null && lower.inclusive();
    boolean highInclusive = upper != null && upper.inclusive();
    if (lower != null) {
      low = lower.value().evaluate(context);
      low = low == null ? null : fit(types[column], low);
      if (low == null || low == ABOVE) {
        return List.of();
      }
      low = low == BELOW ? null : low;
    }
    if (upper != null) {
      high = upper.value().evaluate(context);
      high = high == null ? null : fit(types[column], high);
      if (high == null || high == BELOW) {
        return List.of();
      }
      high = high == ABOVE ? null : high;
    }
    ColumnOrder order = orders[column];
    Object first = order.descending() ? high : low;
    Object last = order.descending() ? low : high;
    boolean firstInclusive = order.descending() ? highInclusive : lowInclusive;
    boolean lastInclusive = order.descending() ? lowInclusive : highInclusive;
    for (byte[] prefix : prefixes) {
      // Without a bound on a side the values still end where the NULLs begin.
      byte[] from = first != null ? extend(prefix, column, first) : order.nullsFirst() ? extend(prefix, column, null) : prefix;
      byte[] to = last != null ? extend(prefix, column, last) : order.nullsFirst() ? prefix : extend(prefix, column, null);
      boolean fromInclusive = first != null ? firstInclusive : !order.nullsFirst();
      boolean toInclusive = last != null ? lastInclusive : order.nullsFirst();
      KeyRange range = KeyRange.of(from.length == 0 ? null : from, fromInclusive, to.length == 0 ? null : to, toInclusive);
      if (!range.isEmpty()) {
        ranges.add(range);
      }
    }
    return ranges;
  }

  private byte[] extend(byte[] prefix, int column, @Nullable Object value) {
    KeyWriter writer = new KeyWriter();
    writer.order(orders[column]);
    KeyCodec.put(writer, types[column], value, collations[column]);
    byte[] key = Arrays.copyOf(prefix, prefix.length + writer.length());
    System.arraycopy(writer.buffer(), 0, key, prefix.length, writer.length());
    return key;
  }
}
