package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rows for which the condition is true. Part of EXPLAIN's node below it ("Filter: …").
public final class FilterNode extends OneInputNode {
  private final Evaluator condition;
  private final String text;
  private final boolean sideEffects;
  private final boolean late;

  /// @param late the input is a scan that reads further columns only of the rows chosen here
  public FilterNode(PhysicalPlan input, Evaluator condition, String text, boolean sideEffects, boolean late, PlanCost cost) {
    super(input, input.output(), cost.startup(), cost.total(), cost.rows());
    this.condition = condition;
    this.text = text;
    this.sideEffects = sideEffects;
    this.late = late;
  }

  @Override
  public @Nullable TableScanNode sharedScan() {
    return !sideEffects && condition.isParallelSafe() ? input.sharedScan() : null;
  }

  @Override
  public boolean isParallelSafe() {
    return !sideEffects && condition.isParallelSafe() && input.isParallelSafe();
  }

  @Override
  public double repeatedCost() {
    return input.repeatedCost();
  }

  @Override
  public void explain(ExplainNode node) {
    input.explain(node);
    node.property("Filter", text);
    Evaluator.explainSubplans(node, condition);
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new OneInputOperator(input, context) {
      private final BoundEvaluator bound = condition.bind(context);
      private @Nullable Batch pending;
      private int[] kept = {};
      private int keptCount;
      private int given;
      private int ask = 64;

      @Override
      public @Nullable Batch next(int maxRows) {
        while (true) {
          if (pending != null && given < keptCount) {
            int count = Math.min(maxRows, keptCount - given);
            if (given == 0 && count == keptCount) {
              pending.select(kept, keptCount);
            } else {
              pending.select(Arrays.copyOfRange(kept, given, given + count), count);
            }
            given += count;
            return pending;
          }
          // A selective filter under a small LIMIT reads ahead in growing steps, unless reading has effects or a cursor must know its row.
          int want = sideEffects || context.tracksPositions() ? maxRows : Math.max(maxRows, ask);
          ask = Math.min(Batch.ROWS_MAX, ask * 2);
          Batch batch = input.next(Math.min(want, Batch.ROWS_MAX));
          if (batch == null) {
            pending = null;
            return null;
          }
          context.cancel().check();
          if (kept.length < batch.rowCount()) {
            kept = new int[batch.rowCount()];
          }
          int before = batch.rowCount();
          keptCount = bound.select(batch, batch.selection(), before, kept);
          given = 0;
          pending = batch;
          if (late && keptCount > 0) {
            ((LateColumns) input).materialize(kept, keptCount);
          }
          PlanStatistics statistics = context.statistics();
          if (statistics != null && keptCount < before) {
            statistics.node(FilterNode.this).add("Rows Removed by Filter", before - keptCount);
          }
        }
      }

      @Override
      public void rescan() {
        pending = null;
        bound.rescan();
        super.rescan();
      }

      @Override
      public void close() {
        bound.close();
        super.close();
      }
    };
  }
}
