package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.IndexWrite;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.txn.SessionEnvironment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A transaction's own writes: a small multi-version store, per key its versions by command id.
///
/// `history` lists the changes in memory in the order they were made; rolling back to a savepoint undoes its tail. Command ids may
/// run backwards there, since a nested command ends before the one around it writes on.
///
/// Past the session's bound ([SessionEnvironment#writeSetBytes]) all changes go to sorted runs in a file ([SpilledChanges]) and the memory begins
/// anew. What is read, undone and committed is the merge of both.
/// Bound: what stays in memory (locks, the runs' directories) counts against `bytesMax` and the session's memory account; 53200 beyond.
final class WriteSet {
  private static final int ACCOUNT_STEP_BYTES = 64 << 10;

  private final SessionEnvironment environment;
  private final long bytesMax;
  private final Map<Long, RowChanges> relations = new HashMap<>(4);
  private final Map<Long, EntryChanges> indexes = new HashMap<>(4);
  private ArrayList<Change> history = new ArrayList<>();
  private long nextSequence;
  private @Nullable WriteSpill spill;

  /// Held by changes in memory; goes when they are spilled.
  private long changeBytes;

  /// Held by locks and by the directories of runs.
  private long otherBytes;

  private long spilledBytes;
  private long spillDirectoryBytes;
  private long accountedBytes;
  private @Nullable RowChanges lastRelation;

  WriteSet(SessionEnvironment environment, long bytesMax) {
    this.environment = environment;
    this.bytesMax = bytesMax;
  }

  /// Whether nothing was written that has not been undone.
  boolean isEmpty() {
    return history.isEmpty() && (spill == null || !spill.hasChanges());
  }

  /// The place in the order of changes where the next one goes, for [#rollbackTo].
  long mark() {
    return nextSequence;
  }

  boolean isSpilled() {
    return spill != null;
  }

  /// Whether rows other than those of the shared relations are changed.
  boolean changesBranch() {
    return relations.values().stream()
        .anyMatch(relation -> relation.storageId >= Branches.SHARED_STORAGE_ID_LIMIT && !relation.isEmpty());
  }

  /// Bytes written, wherever they are now.
  long bytes() {
    return changeBytes + otherBytes + spilledBytes;
  }

  @Nullable RowChanges relation(long storageId) {
    if (isEmpty()) {
      return null;
    }
    if (lastRelation != null && lastRelation.storageId == storageId) {
      return lastRelation;
    }
    return relations.get(storageId);
  }

  @Nullable EntryChanges index(long indexId) {
    return isEmpty() ? null : indexes.get(indexId);
  }

  void write(int commandId, long storageId, byte[] key, RowWrite.Op op, byte @Nullable [] row, int layoutId) {
    write(commandId, storageId, key, op, row, layoutId, null);
  }

  /// Deletes a row that goes on under another key.
  void move(int commandId, long storageId, byte[] key, long newStorageId, byte[] newKey) {
    write(commandId, storageId, key, RowWrite.Op.DELETE, null, 0, new RowFates.Place(newStorageId, newKey));
  }

  private void write(
      int commandId, long storageId, byte[] key, RowWrite.Op op, byte @Nullable [] row, int layoutId, RowFates.@Nullable Place movedTo) {
    int bytes = RowChange.bytes(key, row);
    // First, since it may spill what is there.
    reserve(bytes);
    RowChanges relation = lastRelation;
    if (relation == null || relation.storageId != storageId) {
      relation = relations.computeIfAbsent(storageId, RowChanges::new);
      lastRelation = relation;
    }
    RowChange older = relation.inMemory(key);
    RowChange known = older == null && relation.spilled != null ? relation.newest(key) : older;
    boolean existed = known == null ? op != RowWrite.Op.INSERT : known.existed;
    RowChange.GivenUp givenUp = known == null ? null : known.givenUp;
    long sequence = nextSequence++;
    if (givenUp == null && row == null) {
      givenUp = new RowChange.GivenUp(sequence, movedTo);
    }
    byte[] sharedKey = older == null ? key : older.key;
    RowChange change = new RowChange(commandId, sequence, relation, sharedKey, op, row, layoutId, older, existed, givenUp);
    relation.put(change);
    history.add(change);
    changeBytes += bytes;
  }

  /// Shows, per key whose row went away, its newest change, as long as the action wants more.
  void forEachGivenUp(Predicate<RowChange> action) {
    for (RowChanges relation : relations.values()) {
      if (relation.hasDeletes) {
        OwnRows rows = new OwnRows(relation, Integer.MAX_VALUE, KeyRange.ALL, false);
        for (RowChange change = rows.next(); change != null; change = rows.next()) {
          if (change.givenUp != null && !action.test(change)) {
            return;
          }
        }
      }
    }
  }

  void writeEntry(int commandId, long indexId, byte[] indexKey, byte[] rowKey, boolean isInsert) {
    int bytes = EntryChange.bytes(indexKey);
    reserve(bytes);
    history.add(indexes.computeIfAbsent(indexId, EntryChanges::new).add(commandId, nextSequence++, indexKey, rowKey, isInsert));
    changeBytes += bytes;
  }

  /// Adds to what stays in memory until the transaction ends; 53200 when that is too much.
  void account(long added) {
    reserve(added);
    otherBytes += added;
  }

  /// Makes sure that there is room for so much more.
  private void reserve(long added) {
    if (changeBytes + otherBytes + added > accountedBytes) {
      reserveMore(added);
    }
  }

  private void reserveMore(long added) {
    if (changeBytes + added > environment.writeSetBytes() && changeBytes > ACCOUNT_STEP_BYTES / 2) {
      spill();
    }
    long total = changeBytes + otherBytes + added;
    if (total > bytesMax) {
      if (changeBytes > 0) {
        spill();
        total = otherBytes + added;
      }
      if (total > bytesMax) {
        throw new SqlException(SqlState.OUT_OF_MEMORY, "out of memory")
            .withDetail("What the transaction has to keep in memory exceeds " + bytesMax + " bytes.")
            .withHint("Commit more often.");
      }
    }
    if (total <= accountedBytes) {
      return;
    }
    try {
      grow(total);
    } catch (SqlException full) {
      if (full.state() != SqlState.OUT_OF_MEMORY || changeBytes == 0) {
        throw full;
      }
      spill();
      total = otherBytes + added;
      if (total > accountedBytes) {
        grow(total);
      }
    }
  }

  private void grow(long total) {
    long step = Math.max(ACCOUNT_STEP_BYTES, total - accountedBytes);
    environment.accountMemory(step);
    accountedBytes += step;
  }

  /// Moves all changes out of memory.
  private void spill() {
    if (spill == null) {
      spill = new WriteSpill();
    }
    for (RowChanges relation : relations.values()) {
      relation.spill(spill);
    }
    for (EntryChanges index : indexes.values()) {
      index.spill(spill);
    }
    history = new ArrayList<>();
    spilledBytes += changeBytes;
    changeBytes = 0;
    long directory = spill.memoryBytes();
    otherBytes += directory - spillDirectoryBytes;
    spillDirectoryBytes = directory;
    if (accountedBytes > otherBytes) {
      environment.accountMemory(otherBytes - accountedBytes);
      accountedBytes = otherBytes;
    }
  }

  /// Undoes what was made since [#mark] gave this.
  void rollbackTo(long mark) {
    while (!history.isEmpty() && history.getLast().sequence >= mark) {
      Change change = history.removeLast();
      change.undo();
      changeBytes -= change.bytes();
    }
    if (spill != null) {
      spill.rollback(mark, nextSequence);
    }
  }

  void clear() {
    relations.clear();
    indexes.clear();
    history.clear();
    lastRelation = null;
    changeBytes = 0;
    otherBytes = 0;
    spilledBytes = 0;
    spillDirectoryBytes = 0;
    if (accountedBytes > 0) {
      environment.accountMemory(-accountedBytes);
      accountedBytes = 0;
    }
    if (spill != null) {
      WriteSpill closing = spill;
      spill = null;
      closing.close();
    }
  }

  /// The net change of every row, in key order per relation.
  Collection<RowWrite> netRows() {
    if (spill != null) {
      return NetChanges.rows(relations.values());
    }
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

  Collection<IndexWrite> netEntries() {
    if (indexes.isEmpty()) {
      return List.of();
    }
    if (spill != null) {
      return NetChanges.entries(indexes.values());
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
