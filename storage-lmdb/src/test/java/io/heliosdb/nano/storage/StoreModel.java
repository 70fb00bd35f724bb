package io.heliosdb.nano.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A store that keeps every version in memory and answers by looking through all of them: the yardstick for the real one.
final class StoreModel {
  /// Bytes ordered as unsigned.
  record Bytes(byte[] value) implements Comparable<Bytes> {
    @Override
    public int compareTo(Bytes other) {
      return Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes(byte[] bytes) && Arrays.equals(value, bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }
  }

  record EntryKey(Bytes indexKey, Bytes rowKey) implements Comparable<EntryKey> {
    @Override
    public int compareTo(EntryKey other) {
      int order = indexKey.compareTo(other.indexKey);
      return order != 0 ? order : rowKey.compareTo(other.rowKey);
    }
  }

  /// A row's contents; `number` identifies it, `large` is a value that goes to `large`.
  record Row(int number, byte[] large) {}

  /// `content` is null where the key was deleted.
  record Version<T>(long scn, T content) {}

  private record Place(int branch, long id) {}

  private final Map<Place, TreeMap<Bytes, List<Version<Row>>>> rows = new HashMap<>();
  private final Map<Place, TreeMap<EntryKey, List<Version<Boolean>>>> entries = new HashMap<>();

  private TreeMap<Bytes, List<Version<Row>>> rowsOf(int branch, long storageId) {
    return rows.computeIfAbsent(new Place(branch, storageId), place -> new TreeMap<>());
  }

  private TreeMap<EntryKey, List<Version<Boolean>>> entriesOf(int branch, long indexId) {
    return entries.computeIfAbsent(new Place(branch, indexId), place -> new TreeMap<>());
  }

  void putRow(int branch, long storageId, byte[] key, long scn, Row row) {
    rowsOf(branch, storageId).computeIfAbsent(new Bytes(key), k -> new ArrayList<>()).add(new Version<>(scn, row));
  }

  void putEntry(int branch, long indexId, byte[] indexKey, byte[] rowKey, long scn, boolean present) {
    entriesOf(branch, indexId)
        .computeIfAbsent(new EntryKey(new Bytes(indexKey), new Bytes(rowKey)), k -> new ArrayList<>())
        .add(new Version<>(scn, present ? Boolean.TRUE : null));
  }

  TreeMap<Bytes, Version<Row>> scan(ReadView view, long storageId) {
    TreeMap<Bytes, Version<Row>> result = new TreeMap<>();
    for (int i = view.layerCount() - 1; i >= 0; i--) {
      Layer layer = view.layer(i);
      rowsOf(layer.branch(), storageId).forEach((key, versions) -> overlay(result, key, versions, layer.scn()));
    }
    return result;
  }

  TreeMap<EntryKey, Version<Boolean>> scanIndex(ReadView view, long indexId) {
    TreeMap<EntryKey, Version<Boolean>> result = new TreeMap<>();
    for (int i = view.layerCount() - 1; i >= 0; i--) {
      Layer layer = view.layer(i);
      entriesOf(layer.branch(), indexId).forEach((key, versions) -> overlay(result, key, versions, layer.scn()));
    }
    return result;
  }

  private static <K, T> void overlay(TreeMap<K, Version<T>> result, K key, List<Version<T>> versions, long scn) {
    Version<T> newest = null;
    for (Version<T> version : versions) {
      if (version.scn() <= scn) {
        newest = version;
      }
    }
    if (newest == null) {
      return;
    }
    if (newest.content() == null) {
      result.remove(key);
    } else {
      result.put(key, newest);
    }
  }
}
