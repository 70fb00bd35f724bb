package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import org.jspecify.annotations.Nullable;

/// A condition without input columns, checked once before the input is opened ("One-Time Filter").
public final class GateNode extends OneInputNode {
  private final Evaluator condition;
  private final String text;

  public GateNode(PhysicalPlan input, Evaluator condition, String text) {
    super(input, input.output(), input.startupCost(), input.totalCost(), input.rows());
    this.condition = condition;
    this.text = text;
  }

  @Override
  public void explain(ExplainNode node) {
    node.type("Result").property("One-Time Filter", text);
    if (!text.equals("false")) {
      node.child(input);
    }
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Operator() {
      private final BoundEvaluator bound = condition.bind(context);
      private @Nullable Operator inner;
      private boolean decided;
      private boolean open;

      @Override
      public void open(ExecutionContext c) {}

      @Override
      public @Nullable Batch next(int maxRows) {
        if (!decided) {
          decided = true;
          open = bound.test(RowAccess.EMPTY);
          if (open) {
            if (inner == null) {
              inner = input.open(context);
            } else {
              inner.rescan();
            }
          }
        }
        return open ? inner.next(maxRows) : null;
      }

      @Override
      public void rescan() {
        decided = false;
        bound.rescan();
      }

      @Override
      public void close() {
        bound.close();
        if (inner != null) {
          inner.close();
        }
      }
    };
  }
}
