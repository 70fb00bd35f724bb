package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.plan.logical.LogicalPlan.SetOperator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// DISTINCT, DISTINCT ON, INTERSECT and EXCEPT.
public final class SetNodes {
  private SetNodes() {}

  static HashKey[] keys(List<OutputColumn> columns) {
    HashKey[] keys = new HashKey[columns.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = HashKey.of(columns.get(i).type(), columns.get(i).collation());
    }
    return keys;
  }

  /// The first row of each distinct key, in input order, as soon as it is met.
  public static final class DistinctNode extends PhysicalPlan {
    private final PhysicalPlan input;
    private final Evaluator @Nullable [] on;
    private final int[] collations;
    private final List<String> texts;

    /// @param on expressions of DISTINCT ON, null for all columns
    public DistinctNode(PhysicalPlan input, Evaluator @Nullable [] on, int[] collations, List<String> texts, PlanCost cost) {
      super(input.output(), cost.startup(), cost.total(), cost.rows());
      this.input = input;
      this.on = on;
      this.collations = collations;
      this.texts = texts;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(input);
    }

    @Override
    public void explain(ExplainNode node) {
      if (on == null) {
        node.type("HashAggregate").property("Group Key", texts).child(input);
      } else {
        node.type("Unique").child(input);
      }
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new OneInputOperator(input, context) {
        private final BoundEvaluator @Nullable [] bound = on == null ? null : BoundEvaluator.bind(on, context);
        private GroupTable seen = table();
        private final int[] groups = new int[Batch.ROWS_MAX];

        private GroupTable table() {
          if (on == null) {
            return new GroupTable(keys(output()), context.memory());
          }
          HashKey[] keys = new HashKey[on.length];
          for (int i = 0; i < keys.length; i++) {
            keys[i] = HashKey.of(on[i].type(), collations[i]);
          }
          return new GroupTable(keys, context.memory());
        }

        @Override
        public @Nullable Batch next(int maxRows) {
          for (Batch batch = input.next(maxRows); batch != null; batch = input.next(maxRows)) {
            context.cancel().check();
            ColumnVector[] keys = bound == null ? batch.columns() : BoundEvaluator.evaluate(bound, batch);
            int before = seen.size();
            seen.find(keys, batch.selection(), batch.rowCount(), groups, true);
            int[] selected = new int[batch.rowCount()];
            int kept = 0;
            for (int i = 0; i < batch.rowCount(); i++) {
              if (groups[i] == before) {
                selected[kept++] = batch.rowIndex(i);
                before++;
              }
            }
            if (kept > 0) {
              batch.select(selected, kept);
              return batch;
            }
          }
          return null;
        }

        @Override
        public void rescan() {
          seen.clear();
          seen = table();
          super.rescan();
        }

        @Override
        public void close() {
          seen.clear();
          BoundEvaluator.closeAll(bound);
          super.close();
        }
      };
    }
  }

  /// INTERSECT and EXCEPT, with or without ALL: counts the right side's rows, then looks at the left ones.
  public static final class SetOpNode extends PhysicalPlan {
    private final SetOperator operator;
    private final boolean all;
    private final PhysicalPlan left;
    private final PhysicalPlan right;

    public SetOpNode(SetOperator operator, boolean all, PhysicalPlan left, PhysicalPlan right, List<OutputColumn> output) {
      super(output, right.totalCost(), left.totalCost() + right.totalCost() + (left.rows() + right.rows()) * 0.02,
          operator == SetOperator.INTERSECT ? Math.min(left.rows(), right.rows()) : left.rows());
      this.operator = operator;
      this.all = all;
      this.left = left;
      this.right = right;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(left, right);
    }

    @Override
    public void explain(ExplainNode node) {
      node.type("HashSetOp " + (operator == SetOperator.INTERSECT ? "Intersect" : "Except") + (all ? " All" : "")).child(left).child(right);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new Operator() {
        private @Nullable Operator leftInput;
        private @Nullable Operator rightInput;
        private @Nullable GroupTable table;
        private long[] counts = new long[64];
        private final int[] groups = new int[Batch.ROWS_MAX];

        @Override
        public void open(ExecutionContext c) {
          leftInput = left.open(context);
          rightInput = right.open(context);
        }

        private void build() {
          table = new GroupTable(keys(output()), context.memory());
          for (Batch batch = rightInput.next(); batch != null; batch = rightInput.next()) {
            context.cancel().check();
            table.find(batch.columns(), batch.selection(), batch.rowCount(), groups, true);
            ensure();
            for (int i = 0; i < batch.rowCount(); i++) {
              counts[groups[i]]++;
            }
          }
        }

        private void ensure() {
          if (counts.length < table.size()) {
            counts = java.util.Arrays.copyOf(counts, Math.max(table.size(), counts.length * 2));
          }
        }

        @Override
        public @Nullable Batch next(int maxRows) {
          if (table == null) {
            build();
          }
          boolean except = operator == SetOperator.EXCEPT;
          for (Batch batch = leftInput.next(maxRows); batch != null; batch = leftInput.next(maxRows)) {
            context.cancel().check();
            table.find(batch.columns(), batch.selection(), batch.rowCount(), groups, except && !all);
            ensure();
            int[] selected = new int[batch.rowCount()];
            int kept = 0;
            for (int i = 0; i < batch.rowCount(); i++) {
              int group = groups[i];
              boolean take;
              if (all) {
                boolean there = group >= 0 && counts[group] > 0;
                if (there) {
                  counts[group]--;
                }
                take = there != except;
              } else {
                take = group >= 0 && (except ? counts[group] == 0 : counts[group] > 0);
                if (take) {
                  // A negative or zero count keeps the row from showing twice.
                  counts[group] = except ? 1 : -1;
                }
              }
              if (take) {
                selected[kept++] = batch.rowIndex(i);
              }
            }
            if (kept > 0) {
              batch.select(selected, kept);
              return batch;
            }
          }
          return null;
        }

        @Override
        public void rescan() {
          if (table != null) {
            table.clear();
            table = null;
          }
          java.util.Arrays.fill(counts, 0);
          leftInput.rescan();
          rightInput.rescan();
        }

        @Override
        public void close() {
          if (table != null) {
            table.clear();
          }
          if (leftInput != null) {
            leftInput.close();
          }
          if (rightInput != null) {
            rightInput.close();
          }
        }
      };
    }
  }
}
