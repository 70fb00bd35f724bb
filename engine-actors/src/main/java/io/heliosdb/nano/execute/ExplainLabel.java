package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A node that only EXPLAIN knows: a step that the node above does itself, such as gathering what several threads have found.
final class ExplainLabel extends PhysicalPlan {
  private final PhysicalPlan input;
  private final Consumer<ExplainNode> text;
  private final @Nullable PhysicalPlan measured;

  /// @param measured whose counters are shown; null for this node's own
  ExplainLabel(PhysicalPlan input, PhysicalPlan shape, PlanCost cost, @Nullable PhysicalPlan measured, Consumer<ExplainNode> text) {
    super(shape.output(), cost.startup(), cost.total(), cost.rows());
    this.input = input;
    this.text = text;
    this.measured = measured;
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    throw new IllegalStateException("shown, not run");
  }

  @Override
  public java.util.List<PhysicalPlan> children() {
    return java.util.List.of(input);
  }

  @Override
  public void explain(ExplainNode node) {
    text.accept(node);
    node.child(input);
  }

  @Override
  public PhysicalPlan statisticsSource() {
    return measured == null ? this : measured;
  }
}
