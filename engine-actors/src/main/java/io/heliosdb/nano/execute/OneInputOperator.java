package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.PhysicalPlan;
import org.jspecify.annotations.Nullable;

/// Base of operators over one input: opens, rescans and closes it.
abstract class OneInputOperator implements Operator {
  final PhysicalPlan inputPlan;
  final ExecutionContext context;
  @Nullable Operator input;

  OneInputOperator(PhysicalPlan inputPlan, ExecutionContext context) {
    this.inputPlan = inputPlan;
    this.context = context;
  }

  @Override
  public void open(ExecutionContext c) {
    input = inputPlan.open(context);
  }

  @Override
  public void rescan() {
    input.rescan();
  }

  @Override
  public void close() {
    if (input != null) {
      input.close();
    }
  }
}
