package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.PhysicalPlan;
import org.jspecify.annotations.Nullable;

/// A sub-query of an expression in one execution: opened on first use, run again for each outer row that it depends on.
final class Subplan implements AutoCloseable {
  private final PhysicalPlan plan;
  private final ExecutionContext context;
  final OuterRow outer;
  private @Nullable Operator operator;

  Subplan(PhysicalPlan plan, ExecutionContext context) {
    this.plan = plan;
    outer = new OuterRow(context.outer());
    this.context = context.withOuter(outer);
  }

  /// Starts (again) for the outer row.
  Operator start(RowAccess row) {
    outer.row = row;
    if (operator == null) {
      operator = plan.open(context);
    } else {
      operator.rescan();
    }
    return operator;
  }

  @Override
  public void close() {
    if (operator != null) {
      operator.close();
      operator = null;
    }
  }
}
