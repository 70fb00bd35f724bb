package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.IndexCodec;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.dml.WriteTarget.IndexTarget;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.txn.IndexEntryCursor;
import io.heliosdb.nano.txn.LockOutcome;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.PgType;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Writes rows of one stored table within one statement: the only place where rows of user tables and their index entries come from.
///
/// Per row, in PostgreSQL's order: generated columns, NOT NULL, CHECK, row key, unique keys, row, index entries, events for the end of the
/// statement (foreign keys, deferrable keys). Triggers and partitions are the callers' ([RowInsertion], the operators).
///
/// Unique keys: the keys of a batch are locked first, then each is looked up in the newest state. A row found there may be on its way out
/// in another transaction, so it is locked FOR KEY SHARE (which waits for a deleter) and looked up again before 23505 is thrown.
///
/// Exclusion constraints go the same way: the key that is locked stands for all rows that could conflict (the columns compared by `=`), so
/// nobody else can write one of them before the transaction ends; then the operators decide about each row with that key.
///
/// Rows are boxed values by `attnum - 1` and belong to the caller; encoded bytes pass to the write set. Confined to the session's thread.
public final class TableWriter implements AutoCloseable {
  private static final byte[][] NO_KEYS = {};

  private final WriteTarget target;
  private final WriteRun run;
  private final StatementAccess access;
  private final Relation.Table table;
  private final long storageId;
  private final RowCodec.Writer rowWriter;
  private final IndexTarget[] indexes;
  private final IndexCodec.Writer[] indexWriters;
  private final Exclusion.@Nullable Test[] exclusions;
  private final BoundEvaluator[] generated;
  private final BoundEvaluator[] checks;
  private final RowAccess.OfValues rowAccess = new RowAccess.OfValues(new Object[0]);
  private final RowSlot slot = new RowSlot();
  private final boolean rowKeyed;
  private final boolean hasEvents;
  private final @Nullable ReferencingTables referencing;
  private int position;
  private long inserted;
  private long updated;
  private long deleted;

  TableWriter(WriteTarget target, WriteRun run) {
    this.target = target;
    this.run = run;
    access = run.access();
    table = target.table();
    storageId = table.storageId();
    rowWriter = target.codec().writer();
    rowKeyed = target.codec().hasPrimaryKey();
    indexes = target.indexes();
    indexWriters = new IndexCodec.Writer[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      indexWriters[i] = indexes[i].codec().writer(run.context());
    }
    exclusions = new Exclusion.Test[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      exclusions[i] = indexes[i].exclusion() == null ? null : indexes[i].exclusion().bind(run.context());
    }
    generated = new BoundEvaluator[target.generated().length];
    for (int i = 0; i < generated.length; i++) {
      generated[i] = target.generated()[i].expression().bind(run.context());
    }
    checks = new BoundEvaluator[target.checks().length];
    for (int i = 0; i < checks.length; i++) {
      checks[i] = target.checks()[i].condition().bind(run.context());
    }
    ReferencingTables found = ReferencingTables.of(target, run.catalog());
    boolean mayHaveEvents = target.foreignKeys().length > 0 || found != null;
    hasEvents = mayHaveEvents && !run.isReplica();
    referencing = hasEvents ? found : null;
  }

  public WriteTarget target() {
    return target;
  }

  WriteRun run() {
    return run;
  }

  boolean hasEvents() {
    return hasEvents;
  }

  @Nullable ReferencingTables referencing() {
    return referencing;
  }

  // ---- constraints of a row ----

  /// Computes generated columns and checks NOT NULL and CHECK.
  ///
  /// @param changed columns that may differ from a row that satisfied the constraints, null for a new row
  void complete(@Nullable Object[] row, @Nullable BitSet changed) {
    generate(row, changed);
    checkConstraints(row, changed);
  }

  void generate(@Nullable Object[] row, @Nullable BitSet changed) {
    rowAccess.values = row;
    for (int i = 0; i < generated.length; i++) {
      WriteTarget.Generated column = target.generated()[i];
      if (changed == null || column.columns() == null || column.columns().intersects(changed)) {
        row[column.column()] = generated[i].eval(rowAccess);
        if (changed != null) {
          changed.set(column.column());
        }
      }
    }
  }

  void checkConstraints(@Nullable Object[] row, @Nullable BitSet changed) {
    for (int column : target.notNull()) {
      if (row[column] == null) {
        throw ConstraintErrors.notNull(target, column, row, run.context().call());
      }
    }
    rowAccess.values = row;
    for (int i = 0; i < checks.length; i++) {
      WriteTarget.Check check = target.checks()[i];
      if (changed != null && check.validated() && check.columns() != null && !check.columns().intersects(changed)) {
        continue;
      }
      if (Boolean.FALSE.equals(checks[i].eval(rowAccess))) {
        throw ConstraintErrors.check(target, check.name(), row, run.context().call());
      }
    }
  }

  // ---- insert ----

  /// Inserts rows that have been completed.
  void insertCompleted(@Nullable Object[][] rows, int count) {
    if (count == 0) {
      return;
    }
    byte[][] keys = rowKeys(rows, count);
    byte[][][] indexKeys = lockUniqueKeys(rows, keys, count);
    for (int i = 0; i < count; i++) {
      position = i;
      insertLocked(rows[i], keys[i], indexKeys, i);
    }
  }

  /// Where in its batch the row stands that was written last, or that failed.
  int position() {
    return position;
  }

  /// Completes and inserts a batch. When a row breaks a constraint, those before it are written first, so that the first error in row
  /// order is the one reported.
  public void insert(@Nullable Object[][] rows, int count) {
    int complete = 0;
    SqlException failure = null;
    try {
      while (complete < count) {
        complete(rows[complete], null);
        complete++;
      }
    } catch (SqlException e) {
      failure = e;
    }
    insertCompleted(rows, complete);
    if (failure != null) {
      throw failure;
    }
  }

  byte[][] rowKeys(@Nullable Object[][] rows, int count) {
    byte[][] keys = new byte[count][];
    if (rowKeyed) {
      for (int i = 0; i < count; i++) {
        keys[i] = rowWriter.rowKey(rows[i]);
      }
    } else {
      long first = run.services().counters().nextRowIds(count);
      for (int i = 0; i < count; i++) {
        keys[i] = RowCodec.hiddenRowKey(first + i);
      }
    }
    return keys;
  }

  byte[] rowKey(@Nullable Object[] row) {
    return rowWriter.rowKey(row);
  }

  /// Locks the row keys and unique keys of the rows; gives the keys by index and row, null where there is no entry.
  byte[][][] lockUniqueKeys(@Nullable Object[][] rows, byte[][] keys, int count) {
    if (rowKeyed) {
      access.lockKeys(storageId, keys);
    }
    byte[][][] indexKeys = new byte[indexes.length][][];
    for (int x = 0; x < indexes.length; x++) {
      Relation.Index index = indexes[x].index();
      byte[][] entryKeys = new byte[count][];
      boolean locked = index.unique() || exclusions[x] != null;
      byte[][] lockKeys = locked ? new byte[count][] : NO_KEYS;
      int locks = 0;
      for (int i = 0; i < count; i++) {
        if (!indexWriters[x].covers(rows[i])) {
          continue;
        }
        entryKeys[i] = indexWriters[x].key(rows[i]);
        if (locked && (index.nullsNotDistinct() || !indexWriters[x].hasNull())) {
          lockKeys[locks++] = entryKeys[i];
        }
      }
      if (locks > 0) {
        byte[][] wanted = locks == count ? lockKeys : Arrays.copyOf(lockKeys, locks);
        if (exclusions[x] != null || isImmediate(index)) {
          access.lockKeys(index.indexStorageId(), wanted);
        } else {
          tryLockKeys(x, wanted, rows, entryKeys);
        }
      }
      indexKeys[x] = entryKeys;
    }
    return indexKeys;
  }

  /// A deferrable key is not waited for: what another transaction has now is looked at again when the constraint is due.
  private void tryLockKeys(int x, byte[][] wanted, @Nullable Object[][] rows, byte[][] entryKeys) {
    boolean[] taken = access.tryLockKeys(indexes[x].index().indexStorageId(), wanted);
    for (int i = 0, lock = 0; taken != null && lock < wanted.length; i++) {
      if (entryKeys[i] == wanted[lock]) {
        if (taken[lock]) {
          run.after().uniqueKeyUsed(this, x, entryKeys[i], rows[i]);
        }
        lock++;
      }
    }
  }

  /// Checks the unique keys of a row and writes it.
  void insertLocked(@Nullable Object[] row, byte[] key, byte[][][] indexKeys, int position) {
    if (rowKeyed && findRowKey(key)) {
      throw duplicateRowKey(row);
    }
    for (int x = 0; x < indexes.length; x++) {
      byte[] entryKey = indexKeys[x][position];
      if (entryKey != null && indexes[x].index().unique()) {
        checkUnique(x, row, entryKey, key);
      } else if (entryKey != null && exclusions[x] != null) {
        checkExclusion(x, row, entryKey, key);
      }
    }
    access.insert(storageId, key, rowWriter.encode(row), table.layoutId());
    inserted++;
    for (int x = 0; x < indexes.length; x++) {
      byte[] entryKey = indexKeys[x][position];
      if (entryKey != null) {
        access.indexInsert(indexes[x].storageId(), entryKey, key);
      }
    }
    if (hasEvents) {
      run.after().inserted(this, key, row);
    }
  }

  /// Rows that were inserted without [#insertLocked].
  void countInserted(int count) {
    inserted += count;
  }

  // ---- update, delete ----

  /// Writes the new version of a locked row. The new row has been completed.
  ///
  /// @param changed columns that may differ, null for all
  /// @return the row key, which is new when the primary key changed
  byte[] update(byte[] key, @Nullable Object[] old, @Nullable Object[] row, @Nullable BitSet changed) {
    byte[] newKey = key;
    if (rowKeyed && (changed == null || changed.intersects(target.rowKeyColumns()))) {
      newKey = rowWriter.rowKey(row);
      if (Arrays.equals(newKey, key)) {
        newKey = key;
      } else {
        access.lockKeys(storageId, new byte[][] {newKey});
        if (findRowKey(newKey)) {
          throw duplicateRowKey(row);
        }
      }
    }
    boolean moved = newKey != key;
    byte[][] before = indexes.length == 0 ? NO_KEYS : new byte[indexes.length][];
    byte[][] after = indexes.length == 0 ? NO_KEYS : new byte[indexes.length][];
    for (int x = 0; x < indexes.length; x++) {
      if (!moved && !indexes[x].isAffectedBy(changed)) {
        continue;
      }
      byte[] oldEntry = indexWriters[x].covers(old) ? indexWriters[x].key(old) : null;
      byte[] newEntry = indexWriters[x].covers(row) ? indexWriters[x].key(row) : null;
      boolean same = Arrays.equals(oldEntry, newEntry);
      if (exclusions[x] != null && newEntry != null && !indexWriters[x].hasNull()) {
        access.lockKeys(indexes[x].storageId(), new byte[][] {newEntry});
        checkExclusion(x, row, newEntry, key);
      }
      if (same && !moved) {
        continue;
      }
      if (!same && newEntry != null) {
        Relation.Index index = indexes[x].index();
        if (index.unique() && (index.nullsNotDistinct() || !indexWriters[x].hasNull())) {
          byte[][] wanted = {newEntry};
          if (isImmediate(index)) {
            access.lockKeys(index.indexStorageId(), wanted);
          } else {
            tryLockKeys(x, wanted, new Object[][] {row}, wanted);
          }
          checkUnique(x, row, newEntry, key);
        }
      }
      before[x] = oldEntry;
      after[x] = newEntry;
    }
    byte[] bytes = rowWriter.encode(row);
    updated++;
    if (moved) {
      access.move(storageId, key, storageId, newKey);
      access.insert(storageId, newKey, bytes, table.layoutId());
    } else {
      access.update(storageId, key, bytes, table.layoutId());
    }
    for (int x = 0; x < indexes.length; x++) {
      if (before[x] != null) {
        access.indexDelete(indexes[x].storageId(), before[x], key);
      }
      if (after[x] != null) {
        access.indexInsert(indexes[x].storageId(), after[x], newKey);
      }
    }
    if (hasEvents) {
      run.after().updated(this, newKey, old, row, changed);
    }
    return newKey;
  }

  /// Deletes a locked row.
  void delete(byte[] key, @Nullable Object[] old) {
    deleted++;
    remove(key, old);
    if (hasEvents) {
      run.after().deleted(this, old);
    }
  }

  /// Deletes a locked row that goes on elsewhere: those that refer to it are not told.
  void remove(byte[] key, @Nullable Object[] old) {
    access.delete(storageId, key);
    removeEntries(key, old);
  }

  /// Locks a row that this statement has locked less strongly before.
  void lockForMove(byte[] key) {
    LockOutcome ignored = access.lockRowsNewest(storageId, new byte[][] {key}, new long[] {StatementAccess.OWN_WRITE_SCN}, RowLockMode.UPDATE,
        WaitPolicy.WAIT, table.name());
  }

  /// As [#remove], for a row that goes on in another partition.
  void moveAway(byte[] key, @Nullable Object[] old, TableWriter destination) {
    access.move(storageId, key, destination.storageId, key);
    removeEntries(key, old);
  }

  private void removeEntries(byte[] key, @Nullable Object[] old) {
    for (int x = 0; x < indexes.length; x++) {
      if (indexWriters[x].covers(old)) {
        access.indexDelete(indexes[x].storageId(), indexWriters[x].key(old), key);
      }
    }
  }

  // ---- unique keys ----

  private boolean isImmediate(Relation.Index index) {
    return index.immediate() && !run.checksUniqueAtEnd();
  }

  private void checkUnique(int x, @Nullable Object[] row, byte[] entryKey, byte[] ownKey) {
    Relation.Index index = indexes[x].index();
    if (!index.nullsNotDistinct() && isNullKey(x, row)) {
      return;
    }
    if (!isImmediate(index)) {
      // A deferrable constraint looks only at the end whether there are two; nothing to do when there is nobody yet.
      if (otherEntry(x, entryKey, ownKey) != null) {
        run.after().uniqueKeyUsed(this, x, entryKey, row);
      }
      return;
    }
    if (findEntry(x, entryKey, ownKey) != null) {
      throw duplicateKey(x, row);
    }
  }

  /// The values of an index's key columns.
  private @Nullable Object[] keyValues(int x, @Nullable Object[] row) {
    Object[] values = new Object[indexes[x].types().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = indexWriters[x].value(i, row);
    }
    return values;
  }

  private void checkExclusion(int x, @Nullable Object[] row, byte[] entryKey, byte[] ownKey) {
    if (isNullKey(x, row)) {
      return;
    }
    byte[] other = findConflict(x, row, entryKey, ownKey, isImmediate(indexes[x].index()));
    if (other == null) {
      return;
    }
    if (!isImmediate(indexes[x].index())) {
      run.after().uniqueKeyUsed(this, x, entryKey, row, ownKey);
      return;
    }
    Object[] existing = readNewest(other);
    throw ConstraintErrors.exclusion(target, indexes[x].index(), keyText(x, row), existing == null ? "(?)" : keyText(x, existing));
  }

  /// Fails if a row that is there conflicts with another one.
  void recheckExclusion(int x, byte[] entryKey, byte[] rowKey) {
    Object[] row = readNewest(rowKey);
    if (row == null || !indexWriters[x].covers(row) || isNullKey(x, row)) {
      return;
    }
    byte[] other = findConflict(x, row, indexWriters[x].key(row), rowKey, true);
    if (other != null) {
      Object[] existing = readNewest(other);
      throw ConstraintErrors.exclusion(target, indexes[x].index(), keyText(x, row), existing == null ? "(?)" : keyText(x, existing));
    }
  }

  /// Whether the index belongs to an exclusion constraint.
  boolean isExclusion(int x) {
    return exclusions[x] != null;
  }

  /// The row key of another row that conflicts; the caller holds the lock on the key.
  ///
  /// @param certain wait for transactions that may delete it
  byte @Nullable [] findConflict(int x, @Nullable Object[] row, byte[] entryKey, byte @Nullable [] ownKey, boolean certain) {
    Object[] values = keyValues(x, row);
    java.util.List<byte[]> candidates = new java.util.ArrayList<>();
    try (IndexEntryCursor cursor = access.scanIndexNewest(indexes[x].storageId(), KeyRange.prefix(entryKey), false)) {
      while (cursor.next()) {
        if (ownKey == null || !Arrays.equals(cursor.rowKey(), ownKey)) {
          candidates.add(cursor.rowKey().clone());
        }
      }
    }
    for (byte[] candidate : candidates) {
      while (true) {
        Object[] other = readNewest(candidate);
        if (other == null || !indexWriters[x].covers(other) || !exclusions[x].conflict(keyValues(x, other), values)) {
          break;
        }
        long scn = slot.scn();
        if (!certain || scn == StatementAccess.OWN_WRITE_SCN || staysAfterLock(candidate, scn, RowLockMode.SHARE) == LockOutcome.State.UNCHANGED) {
          return candidate;
        }
      }
    }
    return null;
  }

  boolean isNullKey(int x, @Nullable Object[] row) {
    for (int i = 0; i < indexes[x].types().length; i++) {
      if (indexWriters[x].value(i, row) == null) {
        return true;
      }
    }
    return false;
  }

  /// Whether a row with the key is there and stays there: waits for transactions that may delete it.
  boolean findRowKey(byte[] key) {
    while (access.getNewest(storageId, key, slot)) {
      if (slot.scn() == StatementAccess.OWN_WRITE_SCN || staysAfterLock(key, slot.scn(), RowLockMode.KEY_SHARE) != LockOutcome.State.DELETED) {
        return true;
      }
    }
    return false;
  }

  /// The row key of another row with the index key that is there and stays there, or null.
  byte @Nullable [] findEntry(int x, byte[] entryKey, byte @Nullable [] ownKey) {
    while (true) {
      byte[] other = otherEntry(x, entryKey, ownKey);
      if (other == null) {
        return null;
      }
      if (!access.getNewest(storageId, other, slot)) {
        throw new SqlException(SqlState.INDEX_CORRUPTED, "index \"" + indexes[x].index().name() + "\" refers to a row that does not exist");
      }
      // Who changes columns of an index that no foreign key can refer to has not locked the row's keys.
      RowLockMode mode = indexes[x].index().predicate() == null && indexes[x].columns() != null ? RowLockMode.KEY_SHARE : RowLockMode.SHARE;
      if (slot.scn() == StatementAccess.OWN_WRITE_SCN || staysAfterLock(other, slot.scn(), mode) == LockOutcome.State.UNCHANGED) {
        return other;
      }
    }
  }

  /// The row key of another row with the index key in the newest state, which may be on its way out; or null.
  private byte @Nullable [] otherEntry(int x, byte[] entryKey, byte @Nullable [] ownKey) {
    try (IndexEntryCursor cursor = access.scanIndexNewest(indexes[x].storageId(), KeyRange.prefix(entryKey), false)) {
      while (cursor.next()) {
        if (ownKey == null || !Arrays.equals(cursor.rowKey(), ownKey)) {
          return cursor.rowKey().clone();
        }
      }
    }
    return null;
  }

  private LockOutcome.State staysAfterLock(byte[] key, long scn, RowLockMode mode) {
    return access.lockRowsNewest(storageId, new byte[][] {key}, new long[] {scn}, mode, WaitPolicy.WAIT, table.name()).state(0);
  }

  SqlException duplicateRowKey(@Nullable Object[] row) {
    access.transaction().checkReadsStand();
    Relation.Index index = target.rowKeyIndex();
    if (index == null) {
      return new SqlException(SqlState.UNIQUE_VIOLATION, "duplicate row key in table \"" + table.name() + "\"");
    }
    int count = target.codec().keyColumnCount();
    PgType[] types = new PgType[count];
    Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      types[i] = target.codec().keyType(i);
      values[i] = row[target.codec().keyColumn(i)];
    }
    return ConstraintErrors.unique(target, index,
        Disclosure.ofKey(table, index, run.context().call()) ? ConstraintErrors.key(table, index, types, values, run.io()) : null);
  }

  SqlException duplicateKey(int x, @Nullable Object[] row) {
    access.transaction().checkReadsStand();
    return ConstraintErrors.unique(target, indexes[x].index(), keyText(x, row));
  }

  /// The key as errors show it, null when the role must not see it.
  @Nullable String keyText(int x, @Nullable Object[] row) {
    if (!Disclosure.ofKey(table, indexes[x].index(), run.context().call())) {
      return null;
    }
    PgType[] types = indexes[x].types();
    Object[] values = new Object[types.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = indexWriters[x].value(i, row);
    }
    return ConstraintErrors.key(table, indexes[x].index(), types, values, run.io());
  }

  // ---- reading ----

  /// The newest version of a row, own writes included; null when it is gone.
  @Nullable Object @Nullable [] readNewest(byte[] key) {
    return access.getNewest(storageId, key, slot) ? target.codec().decode(slot, run.large()) : null;
  }

  /// SCN of the row read last.
  long readScn() {
    return slot.scn();
  }

  long storageId() {
    return storageId;
  }

  IndexTarget[] indexes() {
    return indexes;
  }

  IndexCodec.Writer indexWriter(int x) {
    return indexWriters[x];
  }

  /// Locks rows for a change of this statement.
  LockOutcome lock(byte[][] keys, long[] scns, RowLockMode mode) {
    return access.lockRows(storageId, keys, scns, mode, WaitPolicy.WAIT, table.name());
  }

  @Override
  public void close() {
    if (inserted + updated + deleted > 0) {
      run.context().services().dml().tableChanged(table, inserted, updated, deleted);
      inserted = 0;
      updated = 0;
      deleted = 0;
    }
    for (BoundEvaluator evaluator : generated) {
      evaluator.close();
    }
    for (Exclusion.Test test : exclusions) {
      if (test != null) {
        test.close();
      }
    }
    for (BoundEvaluator evaluator : checks) {
      evaluator.close();
    }
  }
}
