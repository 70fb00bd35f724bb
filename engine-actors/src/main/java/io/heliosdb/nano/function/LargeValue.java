package io.heliosdb.nano.function;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// Asks whether the heap has room for a value before it is made. A request that the heap cannot meet costs the JVM full collections, which
/// all sessions pay for.
public final class LargeValue {
  private static final long BYTES_MIN = 1 << 20;

  /// Values up to this part of the heap are made without looking: what is in use includes what the next collection frees.
  private static final int UNASKED_PART = 16;

  private LargeValue() {}

  /// @throws SqlException 53200 when a value of so many bytes would not fit
  public static void check(long bytes) {
    if (bytes < BYTES_MIN) {
      return;
    }
    Runtime runtime = Runtime.getRuntime();
    long max = runtime.maxMemory();
    if (bytes > max / UNASKED_PART && bytes > (max - runtime.totalMemory() + runtime.freeMemory()) / 2) {
      throw new SqlException(SqlState.OUT_OF_MEMORY, "out of memory").withDetail("Failed on request of size " + bytes + ".");
    }
  }
}
