package io.heliosdb.nano.txn.internal;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a transaction wrote to one index: per entry its newest change, in entry order. Changes serve as their own keys.
final class EntryChanges {
  final long indexId;
  final TreeMap<EntryChange, EntryChange> newest = new TreeMap<>();

  /// Changes when an entry comes or goes.
  int structureVersion;

  EntryChanges(long indexId) {
    this.indexId = indexId;
  }

  void add(int commandId, byte[] indexKey, byte[] rowKey, boolean isInsert, java.util.function.Consumer<Change> history) {
    EntryChange probe = new EntryChange(commandId, this, indexKey, rowKey, isInsert, null);
    EntryChange older = newest.get(probe);
    EntryChange change = older == null ? probe : new EntryChange(commandId, this, indexKey, rowKey, isInsert, older);
    if (newest.put(change, change) == null) {
      structureVersion++;
    }
    history.accept(change);
  }

  void undo(EntryChange change) {
    if (change.older == null) {
      newest.remove(change);
      structureVersion++;
    } else {
      newest.put(change.older, change.older);
    }
  }

  /// A search key that stands for an entry.
  static EntryChange probe(byte[] indexKey, byte[] rowKey) {
    return new EntryChange(0, null, indexKey, rowKey, true, null);
  }

  @Nullable EntryChange newest(byte[] indexKey, byte[] rowKey) {
    return newest.get(probe(indexKey, rowKey));
  }
}
