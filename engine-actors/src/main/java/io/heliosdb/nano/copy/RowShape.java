package io.heliosdb.nano.copy;

import java.util.List;

/// The rows that a reader makes: its columns in the order of the fields, and where each stands in the array of values.
///
/// @param positions index into the row of each column
/// @param width length of a row's array; places that no column names stay null
public record RowShape(List<CopyColumn> columns, int[] positions, int width) {
  public RowShape {
    columns = List.copyOf(columns);
  }

  /// Rows that hold the columns in their order and nothing else.
  public static RowShape of(List<CopyColumn> columns) {
    int[] positions = new int[columns.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i;
    }
    return new RowShape(columns, positions, positions.length);
  }

  /// The column of that name, -1 when there is none.
  public int indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
