package io.heliosdb.nano.copy;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.type.ByteSink;

/// Writes rows in one format. The caller takes what is in `out` after each call and clears it; a call may leave nothing there, since columnar
/// formats gather rows. Formats with a line per row put exactly that row there. Confined to one thread.
public interface RowWriter extends AutoCloseable {
  /// What stands before the first row.
  default void begin(ByteSink out) {}

  /// @param row physical row of the batch
  void row(Batch batch, int row, ByteSink out);

  /// What stands behind the last row.
  default void end(ByteSink out) {}

  /// Gives back native memory; also without [#end].
  @Override
  default void close() {}
}
