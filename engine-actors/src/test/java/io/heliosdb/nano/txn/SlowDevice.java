package io.heliosdb.nano.txn;

import io.heliosdb.nano.storage.internal.Durability;
import io.heliosdb.nano.storage.lmdb.Environment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A device whose flushes of the log end when the test says so, and how.
final class SlowDevice implements Durability {
  private final Semaphore flushes = new Semaphore(0);
  private volatile boolean isSlow;
  private volatile boolean isWaitedFor;
  private volatile @Nullable IOException failure;

  /// From now on each flush waits for [#endFlush].
  void slowDown() {
    isSlow = true;
  }

  /// Ends the slowness for good.
  void free() {
    isSlow = false;
    flushes.release(1_000_000);
  }

  /// Lets the flush that waits, or the next, end.
  void endFlush() {
    flushes.release();
  }

  /// All flushes fail from now on.
  void fail() {
    failure = new IOException("the device is gone");
    free();
  }

  /// Whether a flush is under way.
  boolean isWaitedFor() {
    return isWaitedFor;
  }

  void awaitFlush() {
    while (!isWaitedFor) {
      Thread.onSpinWait();
    }
  }

  @Override
  public boolean isLogged() {
    return true;
  }

  @Override
  public void force(Path path, FileChannel channel) throws IOException {
    if (isSlow) {
      isWaitedFor = true;
      flushes.acquireUninterruptibly();
      isWaitedFor = false;
    }
    IOException error = failure;
    if (error != null) {
      throw error;
    }
  }

  @Override
  public void syncData(Environment environment) {}
}
