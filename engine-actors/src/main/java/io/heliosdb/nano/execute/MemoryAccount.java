package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Counts the heap bytes that a session, a user or the whole database holds; a parent counts for all its children. Thread-safe.
///
/// The last eighth of a limit is for accounts that hold little ([#SMALL_BYTES]): when some have taken all there is, it is they who are
/// refused more, while the short statements of others go on. What can spill does so earlier as memory runs out ([#spillBytes]).
public final class MemoryAccount {
  private static final long SMALL_BYTES = 1 << 20;
  private static final long SPILL_BYTES_MIN = 64 << 10;

  /// A sort or hash table may hold this part of what is left.
  private static final int SHARE = 8;

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
    if (bytes != 0) {
      reserve(bytes, Math.max(0, used.get()) + bytes <= SMALL_BYTES);
    }
  }

  /// The same for the little that a session needs to go on, to give something back for instance: may come from the last eighth.
  public void reserveToGoOn(long bytes) {
    reserve(bytes, bytes <= SMALL_BYTES);
  }

  private void reserve(long bytes, boolean isSmall) {
    long now = used.addAndGet(bytes);
    if (bytes > 0 && limitBytes > 0 && now > (isSmall ? limitBytes : limitBytes - limitBytes / 8)) {
      used.addAndGet(-bytes);
      throw new SqlException(SqlState.OUT_OF_MEMORY, "memory limit exceeded for " + owner)
          .withDetail("Failed on request of " + bytes + " bytes; " + (now - bytes) + " of " + limitBytes + " bytes are in use.");
    }
    if (parent != null) {
      try {
        parent.reserve(bytes, isSmall);
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

  /// How much of `wantedBytes` something that can spill may hold now.
  public long spillBytes(long wantedBytes) {
    long bytes = wantedBytes;
    for (MemoryAccount account = this; account != null; account = account.parent) {
      if (account.limitBytes > 0) {
        bytes = Math.min(bytes, (account.limitBytes - account.limitBytes / 8 - account.used.get()) / SHARE);
      }
    }
    return Math.max(bytes, Math.min(wantedBytes, SPILL_BYTES_MIN));
  }
}
