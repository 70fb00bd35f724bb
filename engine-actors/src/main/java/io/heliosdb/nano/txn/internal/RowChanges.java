package io.heliosdb.nano.txn.internal;

import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a transaction wrote to one storage id: per key its newest version, in key order.
final class RowChanges {
  final long storageId;
  final TreeMap<byte[], RowChange> newest = new TreeMap<>(Arrays::compareUnsigned);

  /// Changes when a key comes or goes, so that a cursor knows its iterator is stale.
  int structureVersion;

  /// Whether a row was ever deleted here.
  boolean hasDeletes;

  RowChanges(long storageId) {
    this.storageId = storageId;
  }

  /// No key is greater; keys that went away again may have been.
  private byte @Nullable [] greatest;

  @Nullable RowChange newest(byte[] key) {
    // Rows that come in key order, as loads do, are found to be new by one comparison.
    return greatest == null || Arrays.compareUnsigned(key, greatest) > 0 ? null : newest.get(key);
  }

  void put(RowChange change) {
    hasDeletes |= change.isDelete();
    if (newest.put(change.key, change) == null) {
      structureVersion++;
      if (greatest == null || Arrays.compareUnsigned(change.key, greatest) > 0) {
        greatest = change.key;
      }
    }
  }

  void undo(RowChange change) {
    if (change.older == null) {
      newest.remove(change.key);
      structureVersion++;
    } else {
      newest.put(change.key, change.older);
    }
  }
}
