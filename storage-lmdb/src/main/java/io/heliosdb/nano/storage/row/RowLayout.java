package io.heliosdb.nano.storage.row;

import java.util.List;

/// The columns of a row and where each is found. Immutable; compute once per catalog version and share.
///
/// A row that was written with the first `n` columns of this layout is read with it too: the offsets of a column depend
/// on the columns before it only, and the row says how many it has.
public final class RowLayout {
  /// PostgreSQL's limit is 1600; the format's is 4095.
  public static final int COLUMN_COUNT_MAX = 1664;

  private final ColumnKind[] kinds;

  /// For a fixed-width column its offset in the fixed section, for a variable one its number among the variable ones.
  private final int[] slots;

  /// Entry `n`: width of the fixed section, count of variable columns, of the first `n` columns.
  private final int[] fixedBytes;

  private final int[] varlenCounts;

  public RowLayout(List<ColumnKind> columns) {
    this(columns.toArray(ColumnKind[]::new));
  }

  public RowLayout(ColumnKind... columns) {
    if (columns.length > COLUMN_COUNT_MAX) {
      throw new IllegalArgumentException("too many columns: " + columns.length);
    }
    kinds = columns.clone();
    slots = new int[kinds.length];
    fixedBytes = new int[kinds.length + 1];
    varlenCounts = new int[kinds.length + 1];
    for (int i = 0; i < kinds.length; i++) {
      int width = kinds[i].bytes();
      slots[i] = width > 0 ? fixedBytes[i] : varlenCounts[i];
      fixedBytes[i + 1] = fixedBytes[i] + width;
      varlenCounts[i + 1] = varlenCounts[i] + (width > 0 ? 0 : 1);
    }
  }

  public int columnCount() {
    return kinds.length;
  }

  public ColumnKind kind(int column) {
    return kinds[column];
  }

  int slot(int column) {
    return slots[column];
  }

  int fixedBytes(int columnCount) {
    return fixedBytes[columnCount];
  }

  int varlenCount(int columnCount) {
    return varlenCounts[columnCount];
  }
}
