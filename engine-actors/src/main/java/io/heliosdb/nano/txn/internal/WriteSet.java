package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.IndexWrite;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.txn.SessionEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A transaction's own writes: a small multi-version store, per key its versions by command id.
///
/// `history` lists all changes in the order they were made; rolling back to a savepoint undoes its tail. Command ids may
/// run backwards there, since a nested command ends before the one around it writes on.
/// Bound: `bytesMax`, and the session's memory account; 53200 beyond.
final class WriteSet {
  private static final int ACCOUNT_STEP_BYTES = 64 << 10;

  private final SessionEnvironment environment;
  private final long bytesMax;
  private final Map<Long, RowChanges> relations = new HashMap<>(4);
  private final Map<Long, EntryChanges> indexes = new HashMap<>(4);
  private final ArrayList<Change> history = new ArrayList<>();
  private long bytes;
  private long accountedBytes;
  private @Nullable RowChanges lastRelation;

  WriteSet(SessionEnvironment environment, long bytesMax) {
    this.environment = environment;
    this.bytesMax = bytesMax;
  }

  boolean isEmpty() {
    return history.isEmpty();
  }

  int historySize() {
    return history.size();
  }

  /// Whether rows other than those of the shared relations are changed.
  boolean changesBranch() {
    return relations.values().stream()
        .anyMatch(relation -> relation.storageId >= Branches.SHARED_STORAGE_ID_LIMIT && !relation.isEmpty());
  }

  long bytes() {
    return bytes;
  }

  @Nullable RowChanges relation(long storageId) {
    if (history.isEmpty()) {
      return null;
    }
    if (lastRelation != null && lastRelation.storageId == storageId) {
      return lastRelation;
    }
    return relations.get(storageId);
  }

  @Nullable EntryChanges index(long indexId) {
    return history.isEmpty() ? null : indexes.get(indexId);
  }

  void write(int commandId, long storageId, byte[] key, RowWrite.Op op, byte @Nullable [] row, int layoutId) {
    RowChanges relation = lastRelation;
    if (relation == null || relation.storageId != storageId) {
      relation = relations.computeIfAbsent(storageId, RowChanges::new);
      lastRelation = relation;
    }
    RowChange older = relation.newest(key);
    byte[] sharedKey = older == null ? key : older.key;
    RowChange change = new RowChange(commandId, relation, sharedKey, op, row, layoutId, older, history.size());
    account(change.bytes());
    relation.put(change);
    history.add(change);
  }

  /// Deletes a row that goes on under another key.
  void move(int commandId, long storageId, byte[] key, long newStorageId, byte[] newKey) {
    write(commandId, storageId, key, RowWrite.Op.DELETE, null, 0);
    relation(storageId).newest(key).movedTo = new RowFates.Place(newStorageId, newKey);
  }

  /// Shows, per key whose row went away, how.
  void forEachGivenUp(java.util.function.Consumer<RowChange> action) {
    for (RowChanges relation : relations.values()) {
      if (relation.hasDeletes) {
        relation.forEach(change -> {
          RowChange givenUp = RowChange.givenUp(change);
          if (givenUp != null) {
            action.accept(givenUp);
          }
        });
      }
    }
  }

  void writeEntry(int commandId, long indexId, byte[] indexKey, byte[] rowKey, boolean isInsert) {
    account(128 + indexKey.length);
    indexes.computeIfAbsent(indexId, EntryChanges::new).add(commandId, indexKey, rowKey, isInsert, history::add);
  }

  /// Adds to the memory held, lock memory included; 53200 when that is too much.
  void account(long added) {
    long total = bytes + added;
    if (total > bytesMax) {
      throw new SqlException(SqlState.OUT_OF_MEMORY, "out of memory")
          .withDetail("The transaction's uncommitted changes exceed " + bytesMax + " bytes.")
          .withHint("Commit more often.");
    }
    if (total > accountedBytes) {
      long step = Math.max(ACCOUNT_STEP_BYTES, total - accountedBytes);
      environment.accountMemory(step);
      accountedBytes += step;
    }
    bytes = total;
  }

  void rollbackTo(int historySize) {
    for (int i = history.size() - 1; i >= historySize; i--) {
      Change change = history.remove(i);
      change.undo();
      bytes -= change.bytes();
    }
  }

  void clear() {
    relations.clear();
    indexes.clear();
    history.clear();
    lastRelation = null;
    if (accountedBytes > 0) {
      environment.accountMemory(-accountedBytes);
      accountedBytes = 0;
    }
    bytes = 0;
  }

  /// The net change of every row, in key order per relation.
  List<RowWrite> netRows() {
    List<RowWrite> writes = new ArrayList<>();
    for (RowChanges relation : relations.values()) {
      relation.forEach(change -> {
        RowWrite net = RowChange.net(change);
        if (net != null) {
          writes.add(net);
        }
      });
    }
    return writes;
  }

  List<IndexWrite> netEntries() {
    if (indexes.isEmpty()) {
      return List.of();
    }
    List<IndexWrite> writes = new ArrayList<>();
    for (EntryChanges index : indexes.values()) {
      for (EntryChange change : index.newest.values()) {
        IndexWrite net = EntryChange.net(change);
        if (net != null) {
          writes.add(net);
        }
      }
    }
    return writes;
  }
}
