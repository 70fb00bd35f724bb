package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.Representation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Up to [#ROWS_MAX] rows as columns. The rows that count are `rowIndex(0 … rowCount-1)`: all up to the count, or those of a selection
/// (ascending physical positions).
///
/// Valid until the next call on the operator that gave it. Vectors may be shared with other batches: only who made them writes.
public final class Batch {
  public static final int ROWS_MAX = 1024;

  private final ColumnVector[] columns;
  private int @Nullable [] selection;
  private int rowCount;

  public Batch(ColumnVector... columns) {
    this.columns = columns;
  }

  public static Batch of(List<OutputColumn> columns, int capacity) {
    ColumnVector[] vectors = new ColumnVector[columns.size()];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = ColumnVector.of(columns.get(i).type().representation(), capacity);
    }
    return new Batch(vectors);
  }

  public static Batch of(Representation[] representations, int capacity) {
    ColumnVector[] vectors = new ColumnVector[representations.length];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = ColumnVector.of(representations[i], capacity);
    }
    return new Batch(vectors);
  }

  public int columnCount() {
    return columns.length;
  }

  public ColumnVector column(int index) {
    return columns[index];
  }

  public ColumnVector[] columns() {
    return columns;
  }

  public int rowCount() {
    return rowCount;
  }

  /// The physical row of the `position`-th row that counts.
  public int rowIndex(int position) {
    return selection == null ? position : selection[position];
  }

  public int @Nullable [] selection() {
    return selection;
  }

  /// One past the highest physical row that counts.
  public int physicalEnd() {
    return rowCount == 0 ? 0 : selection == null ? rowCount : selection[rowCount - 1] + 1;
  }

  /// All physical rows `0 … count-1` count.
  public void setRowCount(int count) {
    rowCount = count;
    selection = null;
  }

  /// The first `count` entries of `rows` are the physical rows that count; null for all.
  public void select(int @Nullable [] rows, int count) {
    selection = rows;
    rowCount = count;
  }

  /// Forgets values and rows.
  public void reset() {
    for (ColumnVector column : columns) {
      column.reset();
    }
    rowCount = 0;
    selection = null;
  }

  /// A copy of one row as boxed values.
  public @Nullable Object[] row(int physicalRow) {
    Object[] values = new Object[columns.length];
    for (int c = 0; c < values.length; c++) {
      values[c] = columns[c].get(physicalRow);
    }
    return values;
  }

  /// Appends a row of boxed values.
  public void append(@Nullable Object[] values) {
    for (int c = 0; c < columns.length; c++) {
      columns[c].set(rowCount, values[c]);
    }
    rowCount++;
  }
}
