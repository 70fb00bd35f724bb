package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.List;

/// A node over one input whose columns, unless a subclass says otherwise, are the first of its own.
public abstract class OneInputNode extends PhysicalPlan {
  protected final PhysicalPlan input;

  protected OneInputNode(PhysicalPlan input, List<OutputColumn> output, double startupCost, double totalCost, double rows) {
    super(output, startupCost, totalCost, rows);
    this.input = input;
  }

  public final PhysicalPlan input() {
    return input;
  }

  @Override
  public final List<PhysicalPlan> children() {
    return List.of(input);
  }

  @Override
  public List<PhysicalPlan> rowIdentitySources(int column) {
    return column < input.output().size() ? input.rowIdentitySources(column) : List.of();
  }
}
