package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.Operator;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.execute.RowIdentity;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.plan.logical.LogicalPlan.MergeAction;
import io.heliosdb.nano.txn.LockOutcome;
import io.heliosdb.nano.type.Bytes;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// MERGE. Goes row by row: which action applies to a row can only be said when its newest version is locked.
///
/// A matched row that another transaction changed meanwhile is joined again with the same source row; if it no longer matches, the source
/// row counts as not matched. Source: PostgreSQL 15, `ExecMerge`.
final class MergeOperator implements DmlOperator {
  private final DmlPlans.MergePlan plan;
  private final ExecutionContext context;
  private final WriteRun run;
  private final Relation.Table root;
  private final int width;
  private final int rowIdColumn;
  private final CheckOptions checks;
  private final RowInsertion insertion;
  private final RowModifier modifier;
  private final RowRecheck recheck;
  private final BoundEvaluator[][] values;
  private final @Nullable BoundEvaluator[] conditions;
  private final Set<Bytes> touched = new HashSet<>();
  private @Nullable Operator input;
  private boolean finished;
  private long affected;

  MergeOperator(DmlPlans.MergePlan plan, ExecutionContext context) {
    this.plan = plan;
    this.context = context;
    run = new WriteRun(context, plan.targets);
    root = plan.node.table();
    width = root.columns().size();
    rowIdColumn = plan.node.rowIdColumn();
    checks = plan.checks.options().length == 0 ? CheckOptions.NONE : new CheckOptions(plan.checks, context);
    insertion = new RowInsertion(run, root, checks);
    modifier = new RowModifier(run, root, checks);
    recheck = new RowRecheck(plan.input, rowIdColumn, context);
    values = new BoundEvaluator[plan.actions.length][];
    conditions = new BoundEvaluator[plan.actions.length];
    for (int a = 0; a < values.length; a++) {
      DmlPlans.MergePlan.Action action = plan.actions[a];
      conditions[a] = action.condition() == null ? null : action.condition().bind(context);
      values[a] = new BoundEvaluator[action.values().length];
      for (int i = 0; i < values[a].length; i++) {
        values[a][i] = action.values()[i].bind(context);
      }
    }
  }

  @Override
  public void open(ExecutionContext ignored) {
    input = plan.input.open(context);
    if (has(MergeAction.Kind.INSERT)) {
      insertion.begin();
    }
    if (has(MergeAction.Kind.UPDATE)) {
      modifier.beginUpdate(plan.assignedSet);
    }
    if (has(MergeAction.Kind.DELETE)) {
      modifier.beginDelete();
    }
  }

  private boolean has(MergeAction.Kind kind) {
    for (DmlPlans.MergePlan.Action action : plan.actions) {
      if (action.kind() == kind) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable Batch next(int maxRows) {
    while (!finished) {
      context.cancel().check();
      Batch batch = input.next(plan.isOneByOne ? 1 : Batch.ROWS_MAX);
      if (batch == null) {
        finished = true;
        end();
        return null;
      }
      for (int i = 0; i < batch.rowCount(); i++) {
        merge(batch.row(batch.rowIndex(i)));
      }
    }
    return null;
  }

  private void end() {
    if (has(MergeAction.Kind.DELETE)) {
      modifier.endDelete();
    }
    if (has(MergeAction.Kind.UPDATE)) {
      modifier.endUpdate(plan.assignedSet);
    }
    if (has(MergeAction.Kind.INSERT)) {
      insertion.end();
    }
  }

  private void merge(@Nullable Object[] joined) {
    Object[] row = joined;
    while (row[rowIdColumn] != null) {
      Bytes id = (Bytes) row[rowIdColumn];
      TableWriter writer = run.writer(RowIdentity.tableOid(id));
      byte[] key = RowIdentity.rowKey(id);
      int a = choose(row, true);
      if (a < 0 || plan.actions[a].kind() == MergeAction.Kind.NOTHING) {
        return;
      }
      Bytes touchKey = RowIdentity.of(RowIdentity.tableOid(id), 0, key);
      if (touched.contains(touchKey)) {
        throw new SqlException(SqlState.CARDINALITY_VIOLATION, "MERGE command cannot affect row a second time")
            .withHint("Ensure that not more than one source row matches any one target row.");
      }
      LockOutcome outcome = writer.lock(new byte[][] {key}, new long[] {RowIdentity.scn(id)}, lockMode(writer, a));
      switch (outcome.state(0)) {
        case UNCHANGED -> {
          touched.add(touchKey);
          change(writer, key, row, a);
          return;
        }
        case CHANGED -> {
          Object[] again = recheck.newestWith(RowIdentity.of(RowIdentity.tableOid(id), outcome.newestScns()[0], outcome.rowKey(0)), row);
          row = again == null ? unmatched(row) : again;
        }
        case DELETED, SKIPPED -> row = unmatched(row);
      }
    }
    int a = choose(row, false);
    if (a >= 0 && plan.actions[a].kind() == MergeAction.Kind.INSERT) {
      insert(row, a);
    }
  }

  /// The source row joined to nothing.
  private @Nullable Object[] unmatched(@Nullable Object[] row) {
    Object[] alone = row.clone();
    for (int i = 0; i <= rowIdColumn; i++) {
      alone[i] = null;
    }
    return alone;
  }

  private int choose(@Nullable Object[] row, boolean matched) {
    RowAccess access = RowAccess.of(row);
    for (int a = 0; a < plan.actions.length; a++) {
      if (plan.actions[a].matched() == matched && (conditions[a] == null || conditions[a].test(access))) {
        return a;
      }
    }
    return -1;
  }

  private RowLockMode lockMode(TableWriter writer, int a) {
    boolean keys = plan.actions[a].kind() == MergeAction.Kind.DELETE || writer.target().table() != root;
    for (int column : plan.actions[a].columns()) {
      keys |= writer.target().lockedKeyColumns().get(column);
    }
    return keys ? RowLockMode.UPDATE : RowLockMode.NO_KEY_UPDATE;
  }

  private void change(TableWriter writer, byte[] key, @Nullable Object[] row, int a) {
    Object[] old = writer.target().table() == root ? java.util.Arrays.copyOf(row, width) : writer.readNewest(key);
    if (old == null) {
      return;
    }
    DmlPlans.MergePlan.Action action = plan.actions[a];
    if (action.kind() == MergeAction.Kind.DELETE) {
      affected += modifier.delete(writer, key, old) ? 1 : 0;
      return;
    }
    Object[] fresh = old.clone();
    BitSet changed = new BitSet();
    int[] map = modifier.fromRoot(writer);
    RowAccess access = RowAccess.of(row);
    for (int i = 0; i < action.columns().length; i++) {
      int column = map == null ? action.columns()[i] : map[action.columns()[i]];
      fresh[column] = values[a][i].eval(access);
      changed.set(column);
    }
    affected += modifier.update(writer, key, old, fresh, changed) == null ? 0 : 1;
  }

  private void insert(@Nullable Object[] row, int a) {
    Object[] fresh = new Object[width];
    RowAccess access = RowAccess.of(row);
    DmlPlans.MergePlan.Action action = plan.actions[a];
    for (int i = 0; i < action.columns().length; i++) {
      fresh[action.columns()[i]] = values[a][i].eval(access);
    }
    affected += insertion.insert(new Object[][] {fresh}, 1);
  }

  @Override
  public long affectedRows() {
    return affected;
  }

  @Override
  public void rescan() {
    throw new IllegalStateException("a statement that changes rows runs once");
  }

  @Override
  public void close() {
    if (input != null) {
      input.close();
    }
    for (BoundEvaluator[] action : values) {
      for (BoundEvaluator value : action) {
        value.close();
      }
    }
    for (BoundEvaluator condition : conditions) {
      if (condition != null) {
        condition.close();
      }
    }
    checks.close();
    run.close();
  }
}
