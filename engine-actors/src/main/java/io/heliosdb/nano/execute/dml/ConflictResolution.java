package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.plan.Planner;
import io.heliosdb.nano.plan.logical.LogicalPlan.Assignment;
import io.heliosdb.nano.plan.logical.LogicalPlan.OnConflict;
import io.heliosdb.nano.txn.IsolationLevel;
import io.heliosdb.nano.txn.LockOutcome;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.Bytes;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// ON CONFLICT of one INSERT. Free of races: the unique keys of the new row are locked before anybody looks whether they are taken, so
/// between look and insert nobody can take them; a row found is locked before it is read.
final class ConflictResolution implements AutoCloseable {
  /// Compiled; immutable.
  record Plan(OnConflict clause, int[] assigned, BitSet assignedSet, Evaluator[] values, @Nullable Evaluator where) {
    static @Nullable Plan of(@Nullable OnConflict clause, Planner planner) {
      if (clause == null) {
        return null;
      }
      int[] assigned = new int[clause.assignments().size()];
      BitSet set = new BitSet();
      Evaluator[] values = new Evaluator[assigned.length];
      for (int i = 0; i < assigned.length; i++) {
        Assignment assignment = clause.assignments().get(i);
        assigned[i] = assignment.attnum() - 1;
        set.set(assigned[i]);
        values[i] = planner.compile(assignment.value());
      }
      return new Plan(clause, assigned, set, values, clause.where() == null ? null : planner.compile(clause.where()));
    }
  }

  private final Plan plan;
  private final WriteRun run;
  private final Relation.Table root;
  private final RowModifier modifier;
  private final CheckOptions foundChecks;
  private final BoundEvaluator[] values;
  private final @Nullable BoundEvaluator where;
  private final Set<Bytes> touched = new HashSet<>();
  private @Nullable Object @Nullable [] replaced;

  ConflictResolution(Plan plan, WriteRun run, Relation.Table root, RowModifier modifier, CheckOptions foundChecks) {
    this.foundChecks = foundChecks;
    this.plan = plan;
    this.run = run;
    this.root = root;
    this.modifier = modifier;
    values = new BoundEvaluator[plan.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = plan.values()[i].bind(run.context());
    }
    where = plan.where() == null ? null : plan.where().bind(run.context());
  }

  BitSet assigned() {
    return plan.assignedSet();
  }

  boolean isUpdate() {
    return plan.clause().doUpdate();
  }

  /// Inserts a completed row, or does what the clause says.
  ///
  /// @return the row written, in the columns of the statement's table; null when none was
  @Nullable Object @Nullable [] insert(RowInsertion insertion, RowInsertion.Destination destination, @Nullable Object[] row) {
    TableWriter writer = destination.writer;
    replaced = null;
    Object[][] rows = {row};
    byte[][] keys = writer.rowKeys(rows, 1);
    byte[][][] indexKeys = writer.lockUniqueKeys(rows, keys, 1);
    while (true) {
      byte[] taken = conflict(writer, row, keys[0], indexKeys);
      if (taken == null) {
        writer.insertLocked(row, keys[0], indexKeys, 0);
        if (isUpdate()) {
          touched.add(identity(writer, keys[0]));
        }
        return insertion.written(destination, row);
      }
      if (!isUpdate()) {
        checkVisible(writer, taken);
        return null;
      }
      if (touched.contains(identity(writer, taken))) {
        throw RowInsertion.secondTime();
      }
      Object[] old = lock(writer, taken);
      if (old == null) {
        continue;
      }
      byte[] still = conflict(writer, row, keys[0], indexKeys);
      if (still != null && java.util.Arrays.equals(still, taken)) {
        return update(destination, taken, old, row);
      }
    }
  }

  /// The row that the last call changed, null when it inserted.
  @Nullable Object @Nullable [] replaced() {
    return replaced;
  }

  private static Bytes identity(TableWriter writer, byte[] key) {
    return io.heliosdb.nano.execute.RowIdentity.of(writer.target().table().oid(), 0, key);
  }

  /// The key of a row that has one of the arbiters' keys, null when there is none.
  private byte @Nullable [] conflict(TableWriter writer, @Nullable Object[] row, byte[] key, byte[][][] indexKeys) {
    Relation.Index rowKeyIndex = writer.target().rowKeyIndex();
    if (writer.target().codec().hasPrimaryKey() && rowKeyIndex != null && isArbiter(rowKeyIndex) && writer.findRowKey(key)) {
      return key;
    }
    for (int x = 0; x < writer.indexes().length; x++) {
      Relation.Index index = writer.indexes()[x].index();
      byte[] entryKey = indexKeys[x][0];
      if (entryKey != null && writer.isExclusion(x) && isArbiter(index) && !writer.isNullKey(x, row)) {
        byte[] other = writer.findConflict(x, row, entryKey, key, true);
        if (other != null) {
          return other;
        }
      }
      if (entryKey == null || !index.unique() || !isArbiter(index) || !index.nullsNotDistinct() && writer.isNullKey(x, row)) {
        continue;
      }
      byte[] other = writer.findEntry(x, entryKey, key);
      if (other != null) {
        return other;
      }
    }
    return null;
  }

  private boolean isArbiter(Relation.Index index) {
    List<Integer> arbiters = plan.clause().arbiters();
    if (arbiters.isEmpty()) {
      return true;
    }
    Relation.Index above = index;
    while (true) {
      if (arbiters.contains(above.oid())) {
        return true;
      }
      if (above.parentIndex() == 0 || !(run.catalog().relation(above.parentIndex()) instanceof Relation.Index parent)) {
        return false;
      }
      above = parent;
    }
  }

  /// Locks the row and reads its newest version; null when it is gone.
  private @Nullable Object @Nullable [] lock(TableWriter writer, byte[] key) {
    if (writer.readNewest(key) == null) {
      return null;
    }
    long scn = writer.readScn();
    RowLockMode mode = writer.target().table() != root || writer.target().lockedKeyColumns().intersects(plan.assignedSet())
        ? RowLockMode.UPDATE : RowLockMode.NO_KEY_UPDATE;
    LockOutcome.State state = run.access().lockRowsNewest(writer.storageId(), new byte[][] {key}, new long[] {scn}, mode, WaitPolicy.WAIT,
        writer.target().table().name()).state(0);
    if (state == LockOutcome.State.DELETED) {
      return null;
    }
    Object[] row = writer.readNewest(key);
    if (row != null) {
      checkScn(writer.readScn());
    }
    return row;
  }

  /// Above READ COMMITTED, a row that the snapshot does not show must not decide anything.
  private void checkVisible(TableWriter writer, byte[] key) {
    if (run.access().transaction().isolation() != IsolationLevel.READ_COMMITTED && writer.readNewest(key) != null) {
      checkScn(writer.readScn());
    }
  }

  private void checkScn(long scn) {
    if (scn != StatementAccess.OWN_WRITE_SCN && run.access().transaction().isolation() != IsolationLevel.READ_COMMITTED
        && scn > run.access().snapshotScn()) {
      throw new SqlException(SqlState.T_R_SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
    }
  }

  private @Nullable Object @Nullable [] update(RowInsertion.Destination destination, byte[] key, @Nullable Object[] old, @Nullable Object[] excluded) {
    TableWriter writer = destination.writer;
    RowAccess both = new RowAccess.Joined(root.columns().size(), RowAccess.of(destination.toRoot(old)), RowAccess.of(destination.toRoot(excluded)));
    if (where != null && !where.test(both)) {
      return null;
    }
    if (!foundChecks.isEmpty()) {
      foundChecks.checkPolicies(destination.toRoot(old));
    }
    Object[] row = old.clone();
    BitSet changed = new BitSet();
    for (int i = 0; i < values.length; i++) {
      int column = destination.fromRoot == null ? plan.assigned()[i] : destination.fromRoot[plan.assigned()[i]];
      row[column] = values[i].eval(both);
      changed.set(column);
    }
    touched.add(identity(writer, key));
    replaced = destination.toRoot(old);
    return modifier.update(writer, key, old, row, changed);
  }

  @Override
  public void close() {
    for (BoundEvaluator value : values) {
      value.close();
    }
    if (where != null) {
      where.close();
    }
  }
}
