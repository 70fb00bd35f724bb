package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.type.Values;
import org.jspecify.annotations.Nullable;

/// Questions about rows of boxed values. Stateless.
final class Rows {
  private Rows() {}

  /// Whether two values of a column are equal, NULL being equal to NULL.
  static boolean same(WriteTarget target, int column, @Nullable Object a, @Nullable Object b) {
    if (a == b) {
      return true;
    }
    if (a == null || b == null) {
      return false;
    }
    return a.equals(b) || Values.equal(target.codec().type(column + 1), a, b, target.table().columns().get(column).collationOid());
  }

  static boolean hasNull(@Nullable Object[] row, int[] columns) {
    for (int column : columns) {
      if (row[column] == null) {
        return true;
      }
    }
    return false;
  }

  static @Nullable Object[] pick(@Nullable Object[] row, int[] columns) {
    Object[] result = new Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      result[i] = row[columns[i]];
    }
    return result;
  }
}
