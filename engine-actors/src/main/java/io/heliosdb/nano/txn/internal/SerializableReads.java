package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.KeyRange;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a serializable transaction has read: per storage or index id the key intervals, or all of it.
///
/// Intervals [from, to) are merged as they come. Bound: past [#INTERVAL_COUNT_MAX] intervals an id widens to all keys, so
/// the transaction may be refused for a write it did not read, never the other way round.
final class SerializableReads {
  static final int INTERVAL_COUNT_MAX = 16_384;
  private static final byte[] LOWEST = new byte[0];

  /// Sorted, disjoint intervals; a null upper bound is unbounded. A null map in `reads` means everything.
  private final Map<Long, TreeMap<byte[], byte @Nullable []>> reads = new HashMap<>();

  boolean isEmpty() {
    return reads.isEmpty();
  }

  void addKey(long id, byte[] key) {
    add(id, key, Arrays.copyOf(key, key.length + 1));
  }

  void addRange(long id, KeyRange range) {
    if (!range.isEmpty()) {
      add(id, range.from() == null ? LOWEST : range.from(), range.to());
    }
  }

  /// Adds the interval [from, to).
  void add(long id, byte @Nullable [] from, byte @Nullable [] to) {
    if (!reads.containsKey(id)) {
      reads.put(id, new TreeMap<>(Arrays::compareUnsigned));
    }
    TreeMap<byte[], byte[]> intervals = reads.get(id);
    if (intervals == null) {
      return;
    }
    byte[] low = from == null ? LOWEST : from;
    byte[] high = to;
    Map.Entry<byte[], byte[]> before = intervals.floorEntry(low);
    if (before != null && reaches(before.getValue(), low)) {
      if (before.getValue() == null || (high != null && Arrays.compareUnsigned(before.getValue(), high) >= 0)) {
        return;
      }
      low = before.getKey();
    }
    Map.Entry<byte[], byte[]> behind;
    while ((behind = intervals.ceilingEntry(low)) != null && reaches(high, behind.getKey())) {
      if (high != null && (behind.getValue() == null || Arrays.compareUnsigned(behind.getValue(), high) > 0)) {
        high = behind.getValue();
      }
      intervals.remove(behind.getKey());
    }
    intervals.put(low, high);
    if (intervals.size() > INTERVAL_COUNT_MAX) {
      reads.put(id, null);
    }
  }

  /// Whether an interval with this upper bound touches one that starts at `key`.
  private static boolean reaches(byte @Nullable [] to, byte[] key) {
    return to == null || Arrays.compareUnsigned(to, key) >= 0;
  }

  /// Whether anything was read there.
  boolean containsSome(long id) {
    return reads.containsKey(id);
  }

  boolean contains(long id, byte[] key) {
    if (!reads.containsKey(id)) {
      return false;
    }
    TreeMap<byte[], byte[]> intervals = reads.get(id);
    if (intervals == null) {
      return true;
    }
    Map.Entry<byte[], byte[]> interval = intervals.floorEntry(key);
    return interval != null && (interval.getValue() == null || Arrays.compareUnsigned(key, interval.getValue()) < 0);
  }
}
