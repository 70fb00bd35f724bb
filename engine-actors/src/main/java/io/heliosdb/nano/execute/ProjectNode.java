package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.Identifiers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Computes a select list. Invisible in EXPLAIN, as PostgreSQL computes it in the node below.
public final class ProjectNode extends OneInputNode {
  private final Evaluator[] expressions;

  public ProjectNode(PhysicalPlan input, Evaluator[] expressions, List<OutputColumn> output) {
    super(input, output, input.startupCost(), input.totalCost() + input.rows() * expressions.length * 0.0025, input.rows());
    this.expressions = expressions;
  }

  public Evaluator[] expressions() {
    return expressions;
  }

  @Override
  public List<PhysicalPlan> rowIdentitySources(int column) {
    int from = expressions[column].inputColumn();
    return from < 0 ? List.of() : input.rowIdentitySources(from);
  }

  @Override
  public List<String> explainNames() {
    List<String> below = input.explainNames();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < expressions.length; i++) {
      int from = expressions[i].inputColumn();
      names.add(from < 0 ? Identifiers.quoteIfNeeded(output().get(i).name()) : below.get(from));
    }
    return names;
  }

  @Override
  public @Nullable TableScanNode sharedScan() {
    return Evaluator.areParallelSafe(expressions) ? input.sharedScan() : null;
  }

  @Override
  public boolean isParallelSafe() {
    return Evaluator.areParallelSafe(expressions) && input.isParallelSafe();
  }

  @Override
  public double repeatedCost() {
    return input.repeatedCost();
  }

  @Override
  public void explain(ExplainNode node) {
    input.explain(node);
    Evaluator.explainSubplans(node, expressions);
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new OneInputOperator(input, context) {
      private final BoundEvaluator[] bound = BoundEvaluator.bind(expressions, context);
      private final RowAccess.OfBatch row = new RowAccess.OfBatch(new ColumnVector[0], 0);
      private @Nullable Batch one;

      @Override
      public @Nullable Batch next(int maxRows) {
        Batch batch = input.next(maxRows);
        if (batch == null) {
          return null;
        }
        if (batch.rowCount() == 1) {
          return single(batch);
        }
        ColumnVector[] columns = new ColumnVector[bound.length];
        for (int i = 0; i < columns.length; i++) {
          columns[i] = bound[i].eval(batch);
        }
        Batch out = new Batch(columns);
        out.select(batch.selection(), batch.rowCount());
        return out;
      }

      /// One row is computed without vectors.
      private Batch single(Batch batch) {
        if (one == null) {
          one = Batch.of(output(), 1);
        }
        one.reset();
        row.columns = batch.columns();
        row.row = batch.rowIndex(0);
        for (int i = 0; i < bound.length; i++) {
          int from = expressions[i].inputColumn();
          if (from >= 0) {
            one.column(i).copyFrom(batch.column(from), row.row, 0);
          } else {
            one.column(i).set(0, bound[i].eval(row));
          }
        }
        one.setRowCount(1);
        return one;
      }

      @Override
      public void rescan() {
        BoundEvaluator.rescanAll(bound);
        super.rescan();
      }

      @Override
      public void close() {
        BoundEvaluator.closeAll(bound);
        super.close();
      }
    };
  }
}
