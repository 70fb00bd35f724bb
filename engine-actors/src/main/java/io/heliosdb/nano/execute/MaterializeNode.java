package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import org.jspecify.annotations.Nullable;

/// Keeps its input's rows for rescans that cannot change them; over `work_mem` in a temporary file.
public final class MaterializeNode extends OneInputNode {

  public MaterializeNode(PhysicalPlan input) {
    super(input, input.output(), input.startupCost(), input.totalCost() + input.rows() * 0.005, input.rows());
  }

  @Override
  public boolean isParallelSafe() {
    return input.isParallelSafe();
  }

  @Override
  public void explain(ExplainNode node) {
    node.type("Materialize").child(input);
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new OneInputOperator(input, context) {
      private final RowBuffer rows = RowBuffer.spilling(output(), context);
      private boolean complete;
      private int at;

      @Override
      public @Nullable Batch next(int maxRows) {
        if (!complete && at == rows.size()) {
          Batch batch = input.next(maxRows);
          if (batch == null) {
            complete = true;
            return null;
          }
          rows.append(batch);
          at = rows.size();
          return batch;
        }
        Batch slice = rows.slice(at, maxRows);
        if (slice != null) {
          at += slice.rowCount();
        }
        return slice;
      }

      @Override
      public void rescan() {
        at = 0;
      }

      @Override
      public void close() {
        rows.clear();
        super.close();
      }
    };
  }
}
