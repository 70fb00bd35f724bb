package io.heliosdb.nano.execute;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Gives rows that come one by one, boxed, from outside of the plan; a rescan asks for them anew.
abstract class RowsOperator implements Operator {
  private final BatchSource batches;
  private final ExecutionContext context;
  private @Nullable Iterator<@Nullable Object[]> rows;
  private @Nullable Batch batch;
  private int capacity;

  /// Makes an empty batch of the operator's columns.
  interface BatchSource {
    Batch of(int rowCountMax);
  }

  RowsOperator(BatchSource batches, ExecutionContext context) {
    this.batches = batches;
    this.context = context;
  }

  abstract Iterator<@Nullable Object[]> start();

  @Override
  public void open(ExecutionContext opened) {}

  @Override
  public @Nullable Batch next(int maxRows) {
    if (rows == null) {
      rows = start();
    }
    context.cancel().check();
    if (batch == null || capacity < maxRows) {
      capacity = maxRows;
      batch = batches.of(maxRows);
    }
    batch.reset();
    int count = 0;
    while (count < maxRows && rows.hasNext()) {
      Object[] row = rows.next();
      for (int column = 0; column < batch.columnCount(); column++) {
        batch.column(column).set(count, row[column]);
      }
      count++;
    }
    batch.setRowCount(count);
    return count == 0 ? null : batch;
  }

  @Override
  public void rescan() {
    rows = null;
  }

  @Override
  public void close() {}
}
