package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// UNION ALL: its inputs one after the other.
public final class AppendNode extends PhysicalPlan {
  private final List<PhysicalPlan> inputs;

  public AppendNode(List<PhysicalPlan> inputs, List<OutputColumn> output) {
    super(output, inputs.isEmpty() ? 0 : inputs.getFirst().startupCost(), inputs.stream().mapToDouble(PhysicalPlan::totalCost).sum(),
        inputs.stream().mapToDouble(PhysicalPlan::rows).sum());
    this.inputs = List.copyOf(inputs);
  }

  @Override
  public List<PhysicalPlan> children() {
    return inputs;
  }

  @Override
  public List<PhysicalPlan> rowIdentitySources(int column) {
    return inputs.stream().flatMap(input -> input.rowIdentitySources(column).stream()).toList();
  }

  @Override
  public void explain(ExplainNode node) {
    if (inputs.isEmpty()) {
      node.type("Result").property("One-Time Filter", "false");
      return;
    }
    node.type("Append");
    inputs.forEach(node::child);
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Operator() {
      private int at;
      private @Nullable Operator current;

      @Override
      public void open(ExecutionContext c) {}

      @Override
      public @Nullable Batch next(int maxRows) {
        while (at < inputs.size()) {
          if (current == null) {
            current = inputs.get(at).open(context);
          }
          Batch batch = current.next(maxRows);
          if (batch != null) {
            return batch;
          }
          current.close();
          current = null;
          at++;
        }
        return null;
      }

      @Override
      public void rescan() {
        close();
        at = 0;
      }

      @Override
      public void close() {
        if (current != null) {
          current.close();
          current = null;
        }
      }
    };
  }
}
