package io.heliosdb.nano.execute;

import org.jspecify.annotations.Nullable;

/// One row as expressions see it in row-at-a-time mode.
public interface RowAccess {
  @Nullable Object get(int column);

  RowAccess EMPTY = new OfValues(new Object[0]);

  static RowAccess of(@Nullable Object[] values) {
    return new OfValues(values);
  }

  /// A row of boxed values; the array may be exchanged by the owner.
  final class OfValues implements RowAccess {
    public @Nullable Object[] values;

    public OfValues(@Nullable Object[] values) {
      this.values = values;
    }

    @Override
    public @Nullable Object get(int column) {
      return values[column];
    }
  }

  /// A row of a batch; moved by its owner.
  final class OfBatch implements RowAccess {
    public ColumnVector[] columns;
    public int row;

    public OfBatch(ColumnVector[] columns, int row) {
      this.columns = columns;
      this.row = row;
    }

    @Override
    public @Nullable Object get(int column) {
      return columns[column].get(row);
    }
  }

  /// Left columns, then right ones; either side may be null for a row of NULLs.
  final class Joined implements RowAccess {
    private final int leftWidth;
    public @Nullable RowAccess left;
    public @Nullable RowAccess right;

    public Joined(int leftWidth, @Nullable RowAccess left, @Nullable RowAccess right) {
      this.leftWidth = leftWidth;
      this.left = left;
      this.right = right;
    }

    @Override
    public @Nullable Object get(int column) {
      RowAccess side = column < leftWidth ? left : right;
      return side == null ? null : side.get(column < leftWidth ? column : column - leftWidth);
    }
  }
}
