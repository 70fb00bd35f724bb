package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.IndexCodec;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.LargeValueReader;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.txn.IndexEntryCursor;
import io.heliosdb.nano.txn.LockOutcome;
import io.heliosdb.nano.txn.StatementAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the row of a table (or of one of its partitions) by the values of a unique key, in the newest state: the referenced side of a
/// foreign key. Belongs to one statement.
final class KeyLookup {
  /// One stored table: a primary key that is the row key, or a unique index.
  private static final class Leaf {
    final WriteTarget target;
    final int[] columns;
    final RowCodec.@Nullable Writer rowWriter;
    final IndexCodec.@Nullable Writer indexWriter;
    final long indexStorageId;
    final @Nullable Object[] scratch;

    Leaf(WriteTarget target, int[] columns, WriteRun run, String constraint) {
      this.target = target;
      this.columns = columns;
      scratch = new Object[target.columnCount()];
      BitSet wanted = new BitSet();
      for (int column : columns) {
        wanted.set(column);
      }
      if (target.codec().hasPrimaryKey() && target.rowKeyColumns().equals(wanted)) {
        rowWriter = target.codec().writer();
        indexWriter = null;
        indexStorageId = 0;
        return;
      }
      for (WriteTarget.IndexTarget index : target.indexes()) {
        if (index.index().unique() && index.columns() != null && index.columns().equals(wanted)) {
          rowWriter = null;
          indexWriter = index.codec().writer(run.context());
          indexStorageId = index.storageId();
          return;
        }
      }
      throw new SqlException(
          SqlState.INTERNAL_ERROR, "table \"" + target.table().name() + "\" has no unique index for foreign key constraint \"" + constraint + "\"");
    }

    byte[] key(@Nullable Object[] values) {
      for (int i = 0; i < columns.length; i++) {
        scratch[columns[i]] = values[i];
      }
      return rowWriter != null ? rowWriter.rowKey(scratch) : indexWriter.key(scratch);
    }
  }

  private final StatementAccess access;
  private final boolean keepsSnapshot;
  private final LargeValueReader large;
  private final List<Leaf> leaves = new ArrayList<>(1);
  private final RowSlot slot = new RowSlot();

  /// @param columns 0-based columns of `table`
  KeyLookup(Relation.Table table, int[] columns, WriteRun run, String constraint) {
    access = run.access();
    large = run.large();
    keepsSnapshot = access.transaction().isolation().keepsSnapshot();
    for (Relation.Table leaf : Partitions.leaves(table, run.catalog())) {
      leaves.add(new Leaf(run.targets().of(leaf, run.catalog()), Partitions.translate(table, columns, leaf), run, constraint));
    }
  }

  /// The bytes that stand for the values; equal values have equal ones.
  byte[] key(@Nullable Object[] values) {
    return leaves.getFirst().key(values);
  }

  /// Finds out for many keys at once whether they are there, and locks the rows FOR KEY SHARE so that they stay.
  ///
  /// @param keys as of [#key]
  /// @return positions of keys that are not there
  BitSet lockAll(List<@Nullable Object[]> values, List<byte[]> keys) {
    BitSet missing = new BitSet();
    if (leaves.size() > 1 || leaves.isEmpty() || leaves.getFirst().rowWriter == null) {
      for (int i = 0; i < values.size(); i++) {
        if (!lockOne(values.get(i))) {
          missing.set(i);
        }
      }
      return missing;
    }
    Leaf leaf = leaves.getFirst();
    long storageId = leaf.target.table().storageId();
    byte[][] toLock = new byte[keys.size()][];
    long[] scns = new long[keys.size()];
    int[] positions = new int[keys.size()];
    int count = 0;
    for (int i = 0; i < keys.size(); i++) {
      boolean found = access.getNewest(storageId, keys.get(i), slot);
      if (keepsSnapshot && (!found || slot.scn() > access.snapshotScn())) {
        missing.set(i, !lockOne(values.get(i)));
      } else if (!found) {
        missing.set(i);
      } else if (slot.scn() != StatementAccess.OWN_WRITE_SCN) {
        toLock[count] = keys.get(i);
        positions[count] = i;
        scns[count++] = slot.scn();
      }
    }
    if (count > 0) {
      LockOutcome outcome = access.lockRowsNewest(storageId, count == toLock.length ? toLock : Arrays.copyOf(toLock, count),
          count == scns.length ? scns : Arrays.copyOf(scns, count), RowLockMode.KEY_SHARE, WaitPolicy.WAIT, leaf.target.table().name());
      for (int i = 0; i < count; i++) {
        if (outcome.state(i) == LockOutcome.State.DELETED && !lockOne(values.get(positions[i]))) {
          missing.set(positions[i]);
        }
      }
    }
    return missing;
  }

  /// Whether the key is there; its row is locked FOR KEY SHARE then.
  private boolean lockOne(@Nullable Object[] values) {
    for (Leaf leaf : leaves) {
      long storageId = leaf.target.table().storageId();
      byte[] rowKey;
      while (true) {
        rowKey = find(leaf, values);
        if (keepsSnapshot && (rowKey == null || slot.scn() > access.snapshotScn())) {
          if (lockOfSnapshot(leaf, values, rowKey)) {
            return true;
          }
          break;
        }
        if (rowKey == null) {
          break;
        }
        if (slot.scn() == StatementAccess.OWN_WRITE_SCN) {
          return true;
        }
        long seenScn = slot.scn();
        LockOutcome.State state = access.lockRowsNewest(storageId, new byte[][] {rowKey}, new long[] {seenScn}, RowLockMode.KEY_SHARE,
            WaitPolicy.WAIT, leaf.target.table().name()).state(0);
        if (state == LockOutcome.State.UNCHANGED) {
          return true;
        }
        if (state == LockOutcome.State.DELETED) {
          access.checkNotMoved(storageId, rowKey, seenScn);
        }
      }
    }
    return false;
  }

  /// A transaction that keeps its snapshot may refer only to what it sees: a row of its snapshot whose keys are still the same.
  ///
  /// @param newestKey the row that has the key now, in the slot; null when there is none
  /// @return false when the snapshot has no such row
  /// @throws SqlException 40001 when its row has gone or has other keys
  private boolean lockOfSnapshot(Leaf leaf, @Nullable Object[] values, byte @Nullable [] newestKey) {
    WriteTarget target = leaf.target;
    Object[] newest = newestKey == null ? null : target.codec().decode(slot, large);
    long newestScn = slot.scn();
    byte[] seenKey = findInSnapshot(leaf, values);
    if (seenKey == null) {
      return false;
    }
    Object[] seen = target.codec().decode(slot, large);
    if (newest != null && Arrays.equals(seenKey, newestKey) && hasSameKeys(target, seen, newest)) {
      LockOutcome.State state = access.lockRowsNewest(target.table().storageId(), new byte[][] {seenKey}, new long[] {newestScn},
          RowLockMode.KEY_SHARE, WaitPolicy.WAIT, target.table().name()).state(0);
      return state == LockOutcome.State.UNCHANGED || lockOfSnapshot(leaf, values, find(leaf, values));
    }
    throw new SqlException(SqlState.T_R_SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
  }

  private static boolean hasSameKeys(WriteTarget target, @Nullable Object[] one, @Nullable Object[] other) {
    return target.lockedKeyColumns().stream().allMatch(column -> Rows.same(target, column, one[column], other[column]));
  }

  private byte @Nullable [] findInSnapshot(Leaf leaf, @Nullable Object[] values) {
    byte[] key = leaf.key(values);
    long storageId = leaf.target.table().storageId();
    if (leaf.rowWriter != null) {
      return access.get(storageId, key, slot) ? key : null;
    }
    byte[] rowKey = null;
    try (IndexEntryCursor cursor = access.scanIndex(leaf.indexStorageId, KeyRange.prefix(key), false)) {
      if (cursor.next()) {
        rowKey = cursor.rowKey().clone();
      }
    }
    return rowKey != null && access.get(storageId, rowKey, slot) ? rowKey : null;
  }

  /// Whether the key is there now.
  boolean exists(@Nullable Object[] values) {
    for (Leaf leaf : leaves) {
      if (find(leaf, values) != null) {
        return true;
      }
    }
    return false;
  }

  /// The row key; leaves the row in the slot.
  private byte @Nullable [] find(Leaf leaf, @Nullable Object[] values) {
    byte[] key = leaf.key(values);
    long storageId = leaf.target.table().storageId();
    if (leaf.rowWriter != null) {
      return access.getNewest(storageId, key, slot) ? key : null;
    }
    byte[] rowKey = null;
    try (IndexEntryCursor cursor = access.scanIndexNewest(leaf.indexStorageId, KeyRange.prefix(key), false)) {
      if (cursor.next()) {
        rowKey = cursor.rowKey().clone();
      }
    }
    return rowKey != null && access.getNewest(storageId, rowKey, slot) ? rowKey : null;
  }
}
