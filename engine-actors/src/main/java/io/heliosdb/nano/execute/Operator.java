package io.heliosdb.nano.execute;

import org.jspecify.annotations.Nullable;

/// A running node of a physical plan. Pulled by its parent on the session's thread; made by `PhysicalPlan.open`, which has already
/// called [#open].
///
/// A batch is valid until the next call on the operator. An empty batch is never returned: the end is null, again and again.
public interface Operator extends AutoCloseable {
  /// Called once, before the first [#next].
  void open(ExecutionContext context);

  /// At most `maxRows` (1 … [Batch#ROWS_MAX]) rows, or null at the end. An operator with side effects never does more than was asked.
  @Nullable Batch next(int maxRows);

  default @Nullable Batch next() {
    return next(Batch.ROWS_MAX);
  }

  /// Starts again from the first row; outer rows and parameters may have changed.
  void rescan();

  /// Ends the operator and frees what it holds; may be called at any time, also twice.
  @Override
  void close();
}
