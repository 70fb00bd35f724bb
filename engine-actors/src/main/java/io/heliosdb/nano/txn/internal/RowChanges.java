package io.heliosdb.nano.txn.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a transaction wrote to one storage id: per key its newest version, in key order.
///
/// Rows that come in key order, as loads bring them, are appended to a list and not sorted in one by one: a tree would compare each with
/// everything on its right edge. The list goes into the tree when a key comes between its own, or when somebody wants the tree.
final class RowChanges {
  final long storageId;
  private final TreeMap<byte[], RowChange> tree = new TreeMap<>(Arrays::compareUnsigned);

  /// Keys ascend, and all are greater than those of the tree.
  private final List<RowChange> appended = new ArrayList<>();

  /// No key is greater; keys that went away again may have been.
  private byte @Nullable [] greatest;

  /// Changes when a key comes or goes, so that a cursor knows its iterator is stale.
  int structureVersion;

  /// Whether a row was ever deleted here.
  boolean hasDeletes;

  /// What is not in memory any more; null when nothing was spilled.
  @Nullable SpilledChanges spilled;

  RowChanges(long storageId) {
    this.storageId = storageId;
  }

  boolean isEmpty() {
    return tree.isEmpty() && appended.isEmpty() && (spilled == null || spilled.isEmpty());
  }

  @Nullable RowChange newest(byte[] key) {
    return visible(key, Integer.MAX_VALUE);
  }

  /// The newest version made before `commandId`, null when there is none.
  @Nullable RowChange visible(byte[] key, int commandId) {
    RowChange found = RowChange.visible(inMemory(key), commandId);
    if (found == null && spilled != null && Arrays.compareUnsigned(key, greatest) <= 0) {
      SpilledChanges.Version version = spilled.newest(key, SpilledChanges.NO_SECOND, commandId);
      return version == null ? null : RowChange.spilled(this, key, version);
    }
    return found;
  }

  /// The newest version if that is in memory.
  @Nullable RowChange inMemory(byte[] key) {
    if (greatest == null || Arrays.compareUnsigned(key, greatest) > 0) {
      return null;
    }
    if (isAmongAppended(key)) {
      int index = appendedIndex(key);
      return index < 0 ? null : appended.get(index);
    }
    return tree.get(key);
  }

  private boolean isAmongAppended(byte[] key) {
    return !appended.isEmpty() && Arrays.compareUnsigned(key, appended.getFirst().key) >= 0;
  }

  /// As of a binary search: negative when the key is not there.
  private int appendedIndex(byte[] key) {
    int low = 0;
    int high = appended.size() - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      int order = Arrays.compareUnsigned(appended.get(middle).key, key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /// The newest versions in memory by key.
  NavigableMap<byte[], RowChange> sorted() {
    for (RowChange change : appended) {
      tree.put(change.key, change);
    }
    appended.clear();
    return tree;
  }

  /// Shows the newest versions in memory in key order.
  void forEach(Consumer<RowChange> action) {
    tree.values().forEach(action);
    appended.forEach(action);
  }

  void put(RowChange change) {
    hasDeletes |= change.isDelete();
    if (greatest == null || Arrays.compareUnsigned(change.key, greatest) > 0) {
      greatest = change.key;
      appended.add(change);
      structureVersion++;
      return;
    }
    if (isAmongAppended(change.key)) {
      int index = appendedIndex(change.key);
      if (index >= 0) {
        appended.set(index, change);
        return;
      }
      sorted();
    }
    if (tree.put(change.key, change) == null) {
      structureVersion++;
    }
  }

  /// Moves all changes out of memory.
  void spill(WriteSpill spill) {
    if (tree.isEmpty() && appended.isEmpty()) {
      return;
    }
    if (spilled == null) {
      spilled = spill.newPart();
    }
    SpilledChanges.Batch batch = spilled.new Batch();
    forEach(newest -> {
      for (RowChange version = newest; version != null; version = version.older) {
        batch.add(version.key, SpilledChanges.NO_SECOND, version, version.image());
      }
    });
    batch.finish();
    tree.clear();
    appended.clear();
    structureVersion++;
  }

  void undo(RowChange change) {
    if (change.older != null) {
      int index = isAmongAppended(change.key) ? appendedIndex(change.key) : -1;
      if (index >= 0) {
        appended.set(index, change.older);
      } else {
        tree.put(change.key, change.older);
      }
      return;
    }
    structureVersion++;
    if (!appended.isEmpty() && Arrays.equals(appended.getLast().key, change.key)) {
      appended.removeLast();
    } else {
      sorted().remove(change.key);
    }
  }
}
