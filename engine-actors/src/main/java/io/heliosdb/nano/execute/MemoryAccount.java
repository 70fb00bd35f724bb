package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Counts the heap bytes that a statement or a user holds; a parent counts for all its children. Thread-safe.
public final class MemoryAccount {
  private final @Nullable MemoryAccount parent;
  private final long limitBytes;
  private final String owner;
  private final AtomicLong used = new AtomicLong();

  /// @param limitBytes 0 for no limit
  public MemoryAccount(@Nullable MemoryAccount parent, long limitBytes, String owner) {
    this.parent = parent;
    this.limitBytes = limitBytes;
    this.owner = owner;
  }

  /// @throws SqlException 53200 when the limit of this account or a parent is passed; nothing is counted then
  public void reserve(long bytes) {
    long now = used.addAndGet(bytes);
    if (bytes > 0 && limitBytes > 0 && now > limitBytes) {
      used.addAndGet(-bytes);
      throw new SqlException(SqlState.OUT_OF_MEMORY, "memory limit exceeded for " + owner)
          .withDetail("Failed on request of " + bytes + " bytes; " + (now - bytes) + " of " + limitBytes + " bytes are in use.");
    }
    if (parent != null) {
      try {
        parent.reserve(bytes);
      } catch (SqlException e) {
        used.addAndGet(-bytes);
        throw e;
      }
    }
  }

  public void release(long bytes) {
    reserve(-bytes);
  }

  public long usedBytes() {
    return used.get();
  }
}
