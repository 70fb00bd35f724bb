package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
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
  private final long[] lines = new long[BATCH_ROWS];
  private int buffered;
  private long failedLine;
  private long written;
  private boolean begun;

  public BulkInsertion(ExecutionContext context, Relation.Table table, WriteTargets targets) {
    run = new WriteRun(context, targets);
    insertion = new RowInsertion(run, table, CheckOptions.NONE);
  }

  /// Adds a row.
  ///
  /// @param line where it comes from, see [#failedLine]
  public void row(@Nullable Object[] values, long line) {
    if (!begun) {
      begun = true;
      insertion.begin();
    }
    if (insertion.isPlain()) {
      complete(values, line);
    }
    lines[buffered] = line;
    batch[buffered++] = values;
    if (buffered == BATCH_ROWS) {
      flush();
    }
  }

  /// Checks the row's own rules at once. When it breaks one, the rows before it are written first, so that the first error in row order is
  /// the one reported.
  private void complete(@Nullable Object[] values, long line) {
    try {
      insertion.completePlain(values);
    } catch (SqlException e) {
      if (buffered > 0) {
        flush();
      }
      failedLine = line;
      throw e;
    }
  }

  private void flush() {
    try {
      if (insertion.isPlain()) {
        insertion.insertPlain(batch, buffered);
        written += buffered;
      } else {
        written += insertion.insert(batch, buffered);
      }
    } catch (SqlException e) {
      failedLine = lines[Math.min(insertion.failedPosition(), buffered - 1)];
      throw e;
    }
    java.util.Arrays.fill(batch, 0, buffered, null);
    buffered = 0;
  }

  /// The line of the row that could not be written, 0 when it is not known.
  public long failedLine() {
    return failedLine;
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
