package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.plan.logical.LogicalPlan.SetOperator;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
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
      return new Distinct(this, context);
    }
  }

  /// Keeps the keys it has met in a hash table. When that is full, rows with further keys go to temporary files by the hash of their key,
  /// and each file is done like the input afterwards. The input of DISTINCT ON comes ordered by its keys: the last one is enough then.
  private static final class Distinct extends OneInputOperator {
    private final DistinctNode node;
    private final BoundEvaluator @Nullable [] bound;
    private final PgType[] types;
    private final HashKey[] keys;
    private final int[] groups = new int[Batch.ROWS_MAX];
    private final ArrayDeque<Part> parts = new ArrayDeque<>();
    private GroupTable seen;
    private boolean full;
    private int depth;
    private @Nullable OverflowRows overflow;
    private OverflowRows.@Nullable Rows source;
    private @Nullable Part current;

    private record Part(OverflowRows rows, int number, int depth) {}

    Distinct(DistinctNode node, ExecutionContext context) {
      super(node.input, context);
      this.node = node;
      bound = node.on == null ? null : BoundEvaluator.bind(node.on, context);
      types = node.output().stream().map(OutputColumn::type).toArray(PgType[]::new);
      if (node.on == null) {
        keys = keys(node.output());
      } else {
        keys = new HashKey[node.on.length];
        for (int i = 0; i < keys.length; i++) {
          keys[i] = HashKey.of(node.on[i].type(), node.collations[i]);
        }
      }
      seen = new GroupTable(keys, context.memory());
    }

    @Override
    public @Nullable Batch next(int maxRows) {
      while (true) {
        for (Batch batch = nextInput(maxRows); batch != null; batch = nextInput(maxRows)) {
          context.cancel().check();
          if (selectNew(batch)) {
            return batch;
          }
        }
        if (!nextPart()) {
          return null;
        }
      }
    }

    private @Nullable Batch nextInput(int maxRows) {
      return current == null ? input.next(maxRows) : source.next();
    }

    /// Leaves the rows whose keys are met for the first time; false when there are none.
    private boolean selectNew(Batch batch) {
      ColumnVector[] columns = bound == null ? batch.columns() : BoundEvaluator.evaluate(bound, batch);
      int before = seen.size();
      seen.find(columns, batch.selection(), batch.rowCount(), groups, !full);
      if (full) {
        int[] hashes = seen.hashes(columns, batch.selection(), batch.rowCount());
        for (int i = 0; i < batch.rowCount(); i++) {
          if (groups[i] < 0) {
            overflow.add(batch.columns(), batch.rowIndex(i), hashes[i]);
          }
        }
        return false;
      }
      int lastRow = batch.rowIndex(batch.rowCount() - 1);
      int kept = GroupTable.keepFirsts(batch, groups, before);
      if (seen.size() > 1000 && seen.bytes() > context.hashMemBytes()) {
        if (bound != null) {
          seen.clear();
          seen = new GroupTable(keys, context.memory());
          seen.find(columns, new int[] {lastRow}, 1, groups, true);
        } else if (depth < OverflowRows.DEPTH_MAX && OverflowRows.canHold(types)) {
          full = true;
          overflow = new OverflowRows(types, depth, context);
        }
      }
      return kept > 0;
    }

    private boolean nextPart() {
      if (current != null) {
        current.rows.delete(current.number);
      }
      if (overflow != null) {
        for (int i = 0; i < OverflowRows.PARTS; i++) {
          if (!overflow.isEmpty(i)) {
            parts.push(new Part(overflow, i, depth + 1));
          }
        }
        overflow = null;
      }
      current = parts.poll();
      if (current == null) {
        return false;
      }
      seen.clear();
      seen = new GroupTable(keys, context.memory());
      full = false;
      depth = current.depth;
      source = current.rows.rows(current.number);
      return true;
    }

    private void drop() {
      seen.clear();
      full = false;
      depth = 0;
      if (overflow != null) {
        overflow.delete();
        overflow = null;
      }
      if (current != null) {
        current.rows.delete(current.number);
        current = null;
      }
      parts.forEach(part -> part.rows.delete(part.number));
      parts.clear();
      source = null;
    }

    @Override
    public void rescan() {
      drop();
      seen = new GroupTable(keys, context.memory());
      super.rescan();
    }

    @Override
    public void close() {
      drop();
      BoundEvaluator.closeAll(bound);
      super.close();
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
      return new SetOperation(this, context);
    }
  }

  /// Counts the right side's rows by their values. When the table is full, rows of either side whose values it does not have go to
  /// temporary files by their hash, and each pair of files is done like the inputs afterwards.
  private static final class SetOperation implements Operator {
    private final SetOpNode node;
    private final ExecutionContext context;
    private final PgType[] types;
    private final HashKey[] keys;
    private final int[] groups = new int[Batch.ROWS_MAX];
    private final ArrayDeque<Part> parts = new ArrayDeque<>();
    private @Nullable Operator leftInput;
    private @Nullable Operator rightInput;
    private @Nullable GroupTable table;
    private long[] counts = new long[64];
    private boolean full;
    private int depth;
    private @Nullable OverflowRows leftOverflow;
    private @Nullable OverflowRows rightOverflow;
    private @Nullable Part current;
    private OverflowRows.@Nullable Rows leftSource;

    private record Part(OverflowRows left, OverflowRows right, int number, int depth) {}

    SetOperation(SetOpNode node, ExecutionContext context) {
      this.node = node;
      this.context = context;
      types = node.output().stream().map(OutputColumn::type).toArray(PgType[]::new);
      keys = keys(node.output());
    }

    @Override
    public void open(ExecutionContext c) {
      leftInput = node.left.open(context);
      rightInput = node.right.open(context);
    }

    private void build(Supplier<@Nullable Batch> right) {
      table = new GroupTable(keys, context.memory());
      Arrays.fill(counts, 0);
      for (Batch batch = right.get(); batch != null; batch = right.get()) {
        context.cancel().check();
        table.find(batch.columns(), batch.selection(), batch.rowCount(), groups, !full);
        ensure();
        for (int i = 0; i < batch.rowCount(); i++) {
          if (groups[i] >= 0) {
            counts[groups[i]]++;
          }
        }
        overflow(batch, rightOverflow);
        checkFull();
      }
    }

    private void overflow(Batch batch, @Nullable OverflowRows rows) {
      if (!full) {
        return;
      }
      int[] hashes = table.hashes(batch.columns(), batch.selection(), batch.rowCount());
      for (int i = 0; i < batch.rowCount(); i++) {
        if (groups[i] < 0) {
          rows.add(batch.columns(), batch.rowIndex(i), hashes[i]);
        }
      }
    }

    private void checkFull() {
      if (!full && table.size() > 1000 && table.bytes() + 8L * counts.length > context.hashMemBytes() && depth < OverflowRows.DEPTH_MAX
          && OverflowRows.canHold(types)) {
        full = true;
        leftOverflow = new OverflowRows(types, depth, context);
        rightOverflow = new OverflowRows(types, depth, context);
      }
    }

    private void ensure() {
      if (counts.length < table.size()) {
        counts = Arrays.copyOf(counts, Math.max(table.size(), counts.length * 2));
      }
    }

    @Override
    public @Nullable Batch next(int maxRows) {
      if (table == null) {
        build(() -> rightInput.next());
      }
      while (true) {
        for (Batch batch = nextLeft(maxRows); batch != null; batch = nextLeft(maxRows)) {
          context.cancel().check();
          if (select(batch)) {
            return batch;
          }
        }
        if (!nextPart()) {
          return null;
        }
      }
    }

    private @Nullable Batch nextLeft(int maxRows) {
      return current == null ? leftInput.next(maxRows) : leftSource.next();
    }

    /// Leaves the left rows that belong to the result; false when there are none.
    private boolean select(Batch batch) {
      boolean except = node.operator == SetOperator.EXCEPT;
      table.find(batch.columns(), batch.selection(), batch.rowCount(), groups, except && !node.all && !full);
      ensure();
      int[] selected = new int[batch.rowCount()];
      int kept = 0;
      for (int i = 0; i < batch.rowCount(); i++) {
        int group = groups[i];
        boolean take;
        if (group < 0 && full) {
          take = false;
        } else if (node.all) {
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
      overflow(batch, leftOverflow);
      checkFull();
      batch.select(selected, kept);
      return kept > 0;
    }

    private boolean nextPart() {
      dropCurrent();
      if (full) {
        for (int i = 0; i < OverflowRows.PARTS; i++) {
          if (leftOverflow.isEmpty(i)) {
            rightOverflow.delete(i);
          } else {
            parts.push(new Part(leftOverflow, rightOverflow, i, depth + 1));
          }
        }
        full = false;
      }
      current = parts.poll();
      if (current == null) {
        return false;
      }
      table.clear();
      depth = current.depth;
      OverflowRows.Rows right = current.right.rows(current.number);
      build(right::next);
      leftSource = current.left.rows(current.number);
      return true;
    }

    private void dropCurrent() {
      if (current != null) {
        current.left.delete(current.number);
        current.right.delete(current.number);
        current = null;
      }
    }

    private void drop() {
      if (table != null) {
        table.clear();
        table = null;
      }
      if (full) {
        leftOverflow.delete();
        rightOverflow.delete();
        full = false;
      }
      dropCurrent();
      parts.forEach(part -> {
        part.left.delete(part.number);
        part.right.delete(part.number);
      });
      parts.clear();
      depth = 0;
    }

    @Override
    public void rescan() {
      drop();
      leftInput.rescan();
      rightInput.rescan();
    }

    @Override
    public void close() {
      drop();
      if (leftInput != null) {
        leftInput.close();
      }
      if (rightInput != null) {
        rightInput.close();
      }
    }
  }
}
