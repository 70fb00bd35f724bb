package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.JoinKind;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For each left row, runs the right side (again): joins without equality, LATERAL, index lookups with values of the left row. Kinds
/// INNER, LEFT, SEMI and ANTI.
public final class NestedLoopNode extends PhysicalPlan {
  private final JoinKind kind;
  private final PhysicalPlan left;
  private final PhysicalPlan right;
  private final @Nullable Evaluator condition;
  private final @Nullable String conditionText;
  private final boolean lateral;
  private final BitSet gathered;

  /// @param gathered columns of (left, right) that the condition or anybody above reads; the others hold nothing of use
  /// @param lateral the right side reads the left row as its outer row
  public NestedLoopNode(JoinKind kind, PhysicalPlan left, PhysicalPlan right, @Nullable Evaluator condition, @Nullable String conditionText,
      boolean lateral, List<OutputColumn> output, BitSet gathered, PlanCost cost) {
    super(output, cost.startup(), cost.total(), cost.rows());
    this.kind = kind;
    this.left = left;
    this.right = right;
    this.condition = condition;
    this.conditionText = conditionText;
    this.lateral = lateral;
    this.gathered = gathered;
  }

  @Override
  public List<PhysicalPlan> children() {
    return List.of(left, right);
  }

  /// Each thread runs the right side for its part of the left rows.
  @Override
  public @Nullable TableScanNode sharedScan() {
    return (condition == null || condition.isParallelSafe()) && right.isParallelSafe() ? left.sharedScan() : null;
  }

  @Override
  public boolean isParallelSafe() {
    return (condition == null || condition.isParallelSafe()) && left.isParallelSafe() && right.isParallelSafe();
  }

  @Override
  public double repeatedCost() {
    return left.repeatedCost();
  }

  @Override
  public List<PhysicalPlan> rowIdentitySources(int column) {
    int width = left.output().size();
    return column < width ? left.rowIdentitySources(column) : right.rowIdentitySources(column - width);
  }

  @Override
  public List<String> explainNames() {
    List<String> names = new java.util.ArrayList<>(left.explainNames());
    if (output().size() > names.size()) {
      names.addAll(right.explainNames());
    }
    return names;
  }

  @Override
  public void explain(ExplainNode node) {
    node.type(kind == JoinKind.INNER ? "Nested Loop" : HashJoinNode.explainName("Nested Loop", kind) + " Join")
        .property("Join Filter", conditionText).child(left).child(right);
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Loop(context);
  }

  private final class Loop implements Operator {
    private final ExecutionContext context;
    private final OuterRow outer;
    private final ExecutionContext rightContext;
    private final RowAccess.OfBatch leftRow = new RowAccess.OfBatch(new ColumnVector[0], 0);
    private final @Nullable BoundEvaluator bound;
    private final boolean leftOnly = kind == JoinKind.SEMI || kind == JoinKind.ANTI;
    private @Nullable Operator leftInput;
    private @Nullable Operator rightInput;
    private @Nullable Batch leftBatch;
    private int leftAt;
    private boolean inRow;
    private boolean matched;
    private @Nullable Batch out;
    private int capacity;
    private final int[] sameRow = new int[Batch.ROWS_MAX];

    Loop(ExecutionContext context) {
      this.context = context;
      outer = new OuterRow(context.outer());
      outer.row = leftRow;
      rightContext = lateral ? context.withOuter(outer) : context;
      bound = condition == null ? null : condition.bind(context);
    }

    @Override
    public void open(ExecutionContext c) {
      leftInput = left.open(context);
    }

    private void startRight() {
      if (rightInput == null) {
        rightInput = right.open(rightContext);
      } else {
        rightInput.rescan();
      }
    }

    @Override
    public @Nullable Batch next(int maxRows) {
      while (true) {
        if (leftBatch == null) {
          leftBatch = leftInput.next(maxRows);
          if (leftBatch == null) {
            return null;
          }
          leftRow.columns = leftBatch.columns();
          leftAt = 0;
          inRow = false;
        }
        if (leftOnly) {
          Batch result = semi();
          if (result != null) {
            return result;
          }
          continue;
        }
        while (leftAt < leftBatch.rowCount()) {
          Batch result = row(maxRows);
          if (result != null) {
            return result;
          }
        }
        leftBatch = null;
      }
    }

    private @Nullable Batch semi() {
      int count = leftBatch.rowCount();
      int[] selected = new int[count];
      int kept = 0;
      for (int i = 0; i < count; i++) {
        context.cancel().check();
        leftRow.row = leftBatch.rowIndex(i);
        startRight();
        boolean found = false;
        for (Batch batch = rightInput.next(bound == null ? 1 : Batch.ROWS_MAX); batch != null && !found; batch = found ? null : rightInput.next()) {
          found = bound == null || join(batch) > 0;
        }
        if (found == (kind == JoinKind.SEMI)) {
          selected[kept++] = leftRow.row;
        }
      }
      Batch result = leftBatch;
      leftBatch = null;
      if (kept == 0) {
        return null;
      }
      result.select(selected, kept);
      return result;
    }

    /// Fills `out` with the current left row beside each right row, narrowed by the condition; returns the number of rows left.
    private int join(Batch rightBatch) {
      int count = rightBatch.rowCount();
      int leftWidth = left.output().size();
      prepareOut(count);
      Arrays.fill(sameRow, 0, count, leftRow.row);
      for (int c = gathered.nextSetBit(0); c >= 0; c = gathered.nextSetBit(c + 1)) {
        if (c < leftWidth) {
          out.column(c).gather(leftBatch.column(c), sameRow, 0, count, 0);
        } else {
          out.column(c).gather(rightBatch.column(c - leftWidth), rightBatch.selection(), 0, count, 0);
        }
      }
      out.setRowCount(count);
      return bound == null ? count : bound.filter(out);
    }

    private void prepareOut(int count) {
      if (out == null || capacity < count) {
        capacity = count <= 16 ? 16 : Batch.ROWS_MAX;
        out = Batch.of(HashJoinNode.concat(left.output(), right.output()), capacity);
      }
      out.reset();
    }

    private @Nullable Batch row(int maxRows) {
      if (!inRow) {
        context.cancel().check();
        leftRow.row = leftBatch.rowIndex(leftAt);
        startRight();
        inRow = true;
        matched = false;
      }
      for (Batch batch = rightInput.next(maxRows); batch != null; batch = rightInput.next(maxRows)) {
        if (join(batch) > 0) {
          matched = true;
          return out;
        }
      }
      inRow = false;
      leftAt++;
      if (kind == JoinKind.LEFT && !matched) {
        prepareOut(1);
        int leftWidth = left.output().size();
        for (int c = gathered.nextSetBit(0); c >= 0; c = gathered.nextSetBit(c + 1)) {
          if (c < leftWidth) {
            out.column(c).copyFrom(leftBatch.column(c), leftRow.row, 0);
          } else {
            out.column(c).setNull(0);
          }
        }
        out.setRowCount(1);
        return out;
      }
      return null;
    }

    @Override
    public void rescan() {
      leftBatch = null;
      inRow = false;
      if (bound != null) {
        bound.rescan();
      }
      leftInput.rescan();
    }

    @Override
    public void close() {
      if (bound != null) {
        bound.close();
      }
      if (leftInput != null) {
        leftInput.close();
      }
      if (rightInput != null) {
        rightInput.close();
      }
    }
  }
}
