package io.heliosdb.nano.execute;

import org.jspecify.annotations.Nullable;

/// NULL flags of strict kernels.
final class Nulls {
  private Nulls() {}

  /// Marks in `out` (which has no NULLs yet) the rows in which `a` or `b` is NULL.
  static void either(ColumnVector a, ColumnVector b, int @Nullable [] rows, int count, ColumnVector out) {
    copy(a, rows, count, out);
    copy(b, rows, count, out);
  }

  static void copy(ColumnVector a, int @Nullable [] rows, int count, ColumnVector out) {
    boolean[] nulls = a.nulls;
    if (nulls == null) {
      return;
    }
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      if (nulls[r]) {
        out.setNull(r);
      }
    }
  }
}
