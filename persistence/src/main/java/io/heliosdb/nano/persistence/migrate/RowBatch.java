package io.heliosdb.nano.persistence.migrate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gathers rows until there are enough for a batch ([ImportTarget.Load#batches]): by number, and by size for rows with large values.
/// Confined to
/// one thread.
public final class RowBatch {
  private static final int ROWS_MAX = 1000;
  private static final long BYTES_MAX = 4 << 20;

  private List<@Nullable Object[]> rows = new ArrayList<>(ROWS_MAX);
  private long bytes;

  /// @return whether the batch is full
  public boolean add(@Nullable Object[] row) {
    rows.add(row);
    for (Object value : row) {
      bytes += value instanceof String text ? text.length() : value instanceof byte[] data ? data.length : 16;
    }
    return rows.size() == ROWS_MAX || bytes >= BYTES_MAX;
  }

  /// The rows so far, null when there are none; the next batch begins.
  public @Nullable List<@Nullable Object[]> take() {
    if (rows.isEmpty()) {
      return null;
    }
    List<@Nullable Object[]> result = rows;
    rows = new ArrayList<>(ROWS_MAX);
    bytes = 0;
    return result;
  }
}
