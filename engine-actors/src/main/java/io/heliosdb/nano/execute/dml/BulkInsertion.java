package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.ExecutionContext;
import org.jspecify.annotations.Nullable;

/// Rows that come from outside a plan (COPY FROM), inserted like those of one INSERT statement: partitions, triggers, constraints, keys.
///
/// Rows are boxed values by `attnum - 1`, defaults filled in already. Confined to the session's thread; the caller runs the statement-end
/// work of [PendingChecks] after [#finish].
public final class BulkInsertion implements AutoCloseable {
  private static final int BATCH_ROWS = 256;

  private final WriteRun run;
  private final RowInsertion insertion;
  private final @Nullable Object[] @Nullable [] batch = new Object[BATCH_ROWS][];
  private int buffered;
  private long written;
  private boolean begun;

  public BulkInsertion(ExecutionContext context, Relation.Table table, WriteTargets targets) {
    run = new WriteRun(context, targets);
    insertion = new RowInsertion(run, table, CheckOptions.NONE);
  }

  public void row(@Nullable Object[] values) {
    if (!begun) {
      begun = true;
      insertion.begin();
    }
    batch[buffered++] = values;
    if (buffered == BATCH_ROWS) {
      flush();
    }
  }

  private void flush() {
    written += insertion.insert(batch, buffered);
    java.util.Arrays.fill(batch, 0, buffered, null);
    buffered = 0;
  }

  /// Writes what is buffered; returns the number of rows written in all.
  public long finish() {
    if (!begun) {
      insertion.begin();
    }
    if (buffered > 0) {
      flush();
    }
    insertion.end();
    return written;
  }

  @Override
  public void close() {
    run.close();
  }
}
