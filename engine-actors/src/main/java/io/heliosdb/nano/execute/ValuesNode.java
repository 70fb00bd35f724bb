package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows of expressions.
public final class ValuesNode extends PhysicalPlan {
  private final Evaluator[][] rows;

  public ValuesNode(Evaluator[][] rows, List<OutputColumn> output) {
    super(output, 0, 0.0125 * rows.length, rows.length);
    this.rows = rows;
  }

  /// The expressions of each row, for short cuts.
  public Evaluator[][] rowExpressions() {
    return rows;
  }

  @Override
  public List<PhysicalPlan> children() {
    return List.of();
  }

  @Override
  public void explain(ExplainNode node) {
    node.type(rows.length == 1 ? "Result" : "Values Scan").suffix(rows.length == 1 ? null : "on \"*VALUES*\"");
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Operator() {
      private final RowAccess empty = RowAccess.EMPTY;
      private Batch batch = Batch.of(output(), Math.min(Math.max(rows.length, 1), Batch.ROWS_MAX));
      private int next;

      @Override
      public void open(ExecutionContext c) {}

      @Override
      public @Nullable Batch next(int maxRows) {
        if (next >= rows.length) {
          return null;
        }
        batch.reset();
        int count = Math.min(maxRows, Math.min(Batch.ROWS_MAX, rows.length - next));
        for (int i = 0; i < count; i++) {
          Evaluator[] row = rows[next++];
          for (int c = 0; c < row.length; c++) {
            BoundEvaluator bound = row[c].bind(context);
            batch.column(c).set(i, bound.eval(empty));
            bound.close();
          }
        }
        batch.setRowCount(count);
        return batch;
      }

      @Override
      public void rescan() {
        next = 0;
      }

      @Override
      public void close() {}
    };
  }
}
