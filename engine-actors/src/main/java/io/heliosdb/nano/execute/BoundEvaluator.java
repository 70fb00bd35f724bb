package io.heliosdb.nano.execute;

import org.jspecify.annotations.Nullable;

/// An [Evaluator] at work in one execution. Confined to the session's thread. Vectors it returns are valid until its next call.
public final class BoundEvaluator implements AutoCloseable {
  private final Kernel root;
  private final EvalState state;
  private int[] selected = {};

  BoundEvaluator(Evaluator evaluator, EvalState state) {
    root = evaluator.root();
    this.state = state;
  }

  static BoundEvaluator[] bind(Evaluator[] evaluators, ExecutionContext context) {
    BoundEvaluator[] bound = new BoundEvaluator[evaluators.length];
    for (int i = 0; i < bound.length; i++) {
      bound[i] = evaluators[i].bind(context);
    }
    return bound;
  }

  static void rescanAll(BoundEvaluator[] bound) {
    for (BoundEvaluator b : bound) {
      b.rescan();
    }
  }

  static void closeAll(BoundEvaluator @Nullable [] bound) {
    if (bound != null) {
      for (BoundEvaluator b : bound) {
        b.close();
      }
    }
  }

  /// Evaluates expressions into a fresh array of vectors for the rows of a batch that count.
  static ColumnVector[] evaluate(BoundEvaluator[] bound, Batch batch) {
    ColumnVector[] columns = new ColumnVector[bound.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = bound[i].eval(batch);
    }
    return columns;
  }

  /// The value for one row.
  public @Nullable Object eval(RowAccess row) {
    return root.eval(row, state);
  }

  /// Whether a condition is true (neither false nor NULL) for one row.
  public boolean test(RowAccess row) {
    return Boolean.TRUE.equals(root.eval(row, state));
  }

  /// The values for the rows of a batch that count, at the same physical positions.
  public ColumnVector eval(Batch batch) {
    return root.eval(batch, batch.selection(), batch.rowCount(), state);
  }

  /// The values for some physical rows of a batch.
  public ColumnVector eval(Batch batch, int @Nullable [] rows, int count) {
    return root.eval(batch, rows, count, state);
  }

  /// Narrows the batch's selection to rows for which the condition is true; returns their number.
  public int filter(Batch batch) {
    int count = batch.rowCount();
    if (selected.length < count) {
      selected = new int[Math.max(count, Math.min(Batch.ROWS_MAX, batch.physicalEnd()))];
    }
    int kept = root.select(batch, batch.selection(), count, selected, state);
    if (kept < count) {
      batch.select(selected, kept);
    }
    return kept;
  }

  /// Writes the physical rows for which the condition is true to `out`; returns their number.
  int select(Batch batch, int @Nullable [] rows, int count, int[] out) {
    return root.select(batch, rows, count, out, state);
  }

  /// Forgets results that do not depend on the input row but on outer rows; called on rescan.
  public void rescan() {
    state.rescan();
  }

  /// Closes sub-plans.
  @Override
  public void close() {
    state.close();
  }
}
