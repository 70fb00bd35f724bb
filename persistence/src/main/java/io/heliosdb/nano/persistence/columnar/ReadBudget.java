package io.heliosdb.nano.persistence.columnar;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// Bytes that one reader may keep of a file at a time, all columns together: a quarter of the heap, at least 64 MB. Past it reading fails with
/// 54000: such a file declares pages or batches that no writer makes. Confined to the reader's thread.
public final class ReadBudget {
  private static final long LEAST_BYTES = 64L << 20;

  private final long limit = Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 4);
  private long used;

  public void reserve(long bytes) {
    if (bytes < 0 || bytes > limit - used) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "the file needs too much memory to be read")
          .withDetail("Its pages or batches take more than " + limit + " bytes at a time.");
    }
    used += bytes;
  }

  public void release(long bytes) {
    used -= bytes;
  }
}
