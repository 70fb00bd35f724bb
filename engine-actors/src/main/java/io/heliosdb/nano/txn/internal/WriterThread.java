package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.lock.Host;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A platform thread of the committer: one applies groups that no caller's thread can, one flushes. Started on first need, ends after idling.
///
/// A host other than the machine starts a thread for each task. The queue holds at most one group or flush, by the committer's protocol.
final class WriterThread implements Executor, AutoCloseable {
  private static final long IDLE_SECONDS_MAX = 30;

  private final Host host;
  private final Thread.Builder platform;
  private final ExecutorService executor;

  WriterThread(Host host, String name) {
    this.host = host;
    platform = Thread.ofPlatform().daemon().name(name);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS_MAX, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            task -> platform.unstarted(() -> runAsWriter(task)));
    pool.allowCoreThreadTimeOut(true);
    executor = pool;
  }

  @Override
  public void execute(Runnable task) {
    if (host == Host.SYSTEM) {
      executor.execute(task);
    } else {
      host.start(platform, () -> runAsWriter(task));
    }
  }

  private static void runAsWriter(Runnable task) {
    CallerTurn.current().becomeWriter();
    task.run();
  }

  /// Lets what is queued finish.
  @Override
  public void close() {
    executor.close();
  }
}
