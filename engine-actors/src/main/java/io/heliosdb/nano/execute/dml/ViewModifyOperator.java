package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.Operator;
import io.heliosdb.nano.execute.RowAccess;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// INSERT, UPDATE or DELETE of a view with INSTEAD OF triggers: calls them with the rows of the input.
final class ViewModifyOperator implements DmlOperator {
  private final DmlPlans.ViewModifyPlan plan;
  private final ExecutionContext context;
  private final WriteRun run;
  private final Relation.View view;
  private final char event;
  private final int width;
  private final @Nullable Triggers triggers;
  private final BoundEvaluator[] values;
  private final @Nullable ReturningRows returning;
  private @Nullable Operator input;
  private boolean finished;
  private long affected;

  ViewModifyOperator(DmlPlans.ViewModifyPlan plan, ExecutionContext context) {
    this.plan = plan;
    this.context = context;
    run = new WriteRun(context, plan.targets);
    view = plan.node.view();
    event = plan.node.event();
    width = view.columns().size();
    triggers = run.triggers(view);
    values = new BoundEvaluator[plan.values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = plan.values[i].bind(context);
    }
    returning = plan.returning == null ? null : new ReturningRows(plan.returning, context);
  }

  @Override
  public void open(ExecutionContext ignored) {
    input = plan.input.open(context);
    if (triggers != null) {
      triggers.fireStatement('b', event, plan.assignedSet, null, null);
    }
  }

  @Override
  public @Nullable Batch next(int maxRows) {
    while (!finished) {
      context.cancel().check();
      Batch batch = input.next(returning == null ? Batch.ROWS_MAX : maxRows);
      if (batch == null) {
        finished = true;
        if (triggers != null) {
          triggers.fireStatement('a', event, plan.assignedSet, null, run.after());
        }
        return null;
      }
      if (returning != null) {
        returning.begin(batch.rowCount());
      }
      for (int i = 0; i < batch.rowCount(); i++) {
        change(batch.row(batch.rowIndex(i)));
      }
      Batch rows = returning == null ? null : returning.take();
      if (rows != null) {
        return rows;
      }
    }
    return null;
  }

  private void change(@Nullable Object[] row) {
    RowAccess access = RowAccess.of(row);
    Object[] old = event == 'i' ? null : Arrays.copyOf(row, width);
    Object[] fresh = event == 'd' ? null : Arrays.copyOf(row, width);
    for (int i = 0; i < values.length; i++) {
      fresh[plan.assigned[i]] = values[i].eval(access);
    }
    Object[] result = triggers == null ? null : triggers.beforeRow('i', event, old, fresh, plan.assignedSet);
    if (result == null) {
      return;
    }
    affected++;
    if (returning != null) {
      returning.add(event == 'd' ? access : new RowAccess.Joined(width, RowAccess.of(result), event == 'i' ? null : access));
    }
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
    for (BoundEvaluator value : values) {
      value.close();
    }
    if (returning != null) {
      returning.close();
    }
    run.close();
  }
}
