package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.Operator;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import org.jspecify.annotations.Nullable;

/// INSERT, with or without ON CONFLICT.
final class InsertOperator implements DmlOperator {
  private final DmlPlans.InsertPlan plan;
  private final ExecutionContext context;
  private final WriteRun run;
  private final CheckOptions checks;
  private final RowInsertion insertion;
  private final @Nullable ConflictResolution conflicts;
  private final @Nullable RowModifier modifier;
  private final @Nullable ReturningRows returning;
  private final int width;
  private CheckOptions changeChecks = CheckOptions.NONE;
  private CheckOptions foundChecks = CheckOptions.NONE;
  private final boolean partitioned;
  private @Nullable Operator source;
  private boolean finished;
  private long affected;

  InsertOperator(DmlPlans.InsertPlan plan, ExecutionContext context) {
    this.plan = plan;
    this.context = context;
    run = new WriteRun(context, plan.targets);
    checks = plan.checks.on(LogicalPlan.CheckedRow.INSERTED).open(context);
    insertion = new RowInsertion(run, plan.node.table(), checks);
    if (plan.conflicts == null) {
      conflicts = null;
      modifier = null;
    } else {
      changeChecks = plan.checks.on(LogicalPlan.CheckedRow.UPDATED).open(context);
      foundChecks = plan.checks.on(LogicalPlan.CheckedRow.FOUND).open(context);
      modifier = new RowModifier(run, plan.node.table(), changeChecks);
      conflicts = new ConflictResolution(plan.conflicts, run, plan.node.table(), modifier, foundChecks);
      insertion.setConflicts(conflicts);
    }
    returning = plan.returning == null ? null : new ReturningRows(plan.returning, context);
    width = plan.node.table().columns().size();
    partitioned = plan.node.table().isPartitioned();
  }

  @Override
  public void open(ExecutionContext ignored) {
    source = plan.source.open(context);
    insertion.begin();
    if (conflicts != null && conflicts.isUpdate()) {
      modifier.beginUpdate(conflicts.assigned());
    }
  }

  @Override
  public @Nullable Batch next(int maxRows) {
    while (!finished) {
      context.cancel().check();
      Batch batch = source.next(plan.isOneByOne ? 1 : returning == null ? Batch.ROWS_MAX : maxRows);
      if (batch == null) {
        finished = true;
        if (conflicts != null && conflicts.isUpdate()) {
          modifier.endUpdate(conflicts.assigned());
        }
        insertion.end();
        return null;
      }
      int count = batch.rowCount();
      Object[][] rows = new Object[count][];
      for (int i = 0; i < count; i++) {
        rows[i] = batch.row(batch.rowIndex(i));
      }
      affected += insertion.insert(rows, count);
      if (returning != null) {
        returning.begin(count);
        for (int i = 0; i < count; i++) {
          if (rows[i] != null) {
            Object[] old = insertion.replaced(i);
            RowAccess both = new RowAccess.Joined(width, RowAccess.of(rows[i]), old == null ? null : RowAccess.of(old));
            returning.add(
                partitioned ? new RowAccess.Joined(2 * width, both, RowAccess.of(new Object[] {(long) insertion.tableOid(i)})) : both);
          }
        }
        Batch result = returning.take();
        if (result != null) {
          return result;
        }
      }
    }
    return null;
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
    if (source != null) {
      source.close();
    }
    if (returning != null) {
      returning.close();
    }
    changeChecks.close();
    foundChecks.close();
    if (conflicts != null) {
      conflicts.close();
    }
    checks.close();
    run.close();
  }
}
