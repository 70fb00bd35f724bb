package io.heliosdb.nano.txn.internal;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a transaction wrote to one index: per entry its newest change, in entry order. Changes serve as their own keys.
final class EntryChanges {
  final long indexId;

  /// Those in memory.
  final TreeMap<EntryChange, EntryChange> newest = new TreeMap<>();

  /// The others; null when none were spilled.
  @Nullable SpilledChanges spilled;

  /// Changes when an entry in memory comes or goes.
  int structureVersion;

  EntryChanges(long indexId) {
    this.indexId = indexId;
  }

  boolean isEmpty() {
    return newest.isEmpty() && (spilled == null || spilled.isEmpty());
  }

  EntryChange add(int commandId, long sequence, byte[] indexKey, byte[] rowKey, boolean isInsert) {
    EntryChange older = newest.get(probe(indexKey, rowKey));
    boolean existed = older == null ? existed(indexKey, rowKey, isInsert) : older.existed;
    EntryChange change = new EntryChange(commandId, sequence, this, indexKey, rowKey, isInsert, older, existed);
    if (newest.put(change, change) == null) {
      structureVersion++;
    }
    return change;
  }

  private boolean existed(byte[] indexKey, byte[] rowKey, boolean isInsert) {
    SpilledChanges.Version older = spilled == null ? null : spilled.newest(indexKey, rowKey, Integer.MAX_VALUE);
    return older == null ? !isInsert : EntryChange.spilled(this, indexKey, rowKey, older).existed;
  }

  void undo(EntryChange change) {
    if (change.older == null) {
      newest.remove(change);
      structureVersion++;
    } else {
      newest.put(change.older, change.older);
    }
  }

  /// Moves all changes out of memory.
  void spill(WriteSpill spill) {
    if (newest.isEmpty()) {
      return;
    }
    if (spilled == null) {
      spilled = spill.newPart();
    }
    SpilledChanges.Batch batch = spilled.new Batch();
    for (EntryChange entry : newest.values()) {
      for (EntryChange version = entry; version != null; version = version.older) {
        batch.add(version.indexKey, version.rowKey, version, version.image());
      }
    }
    batch.finish();
    newest.clear();
    structureVersion++;
  }

  /// A search key that stands for an entry.
  static EntryChange probe(byte[] indexKey, byte[] rowKey) {
    return new EntryChange(0, 0, null, indexKey, rowKey, true, null, false);
  }
}
