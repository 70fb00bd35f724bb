package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.lock.Host;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The platform thread for flushes that no caller's thread can do. Started on first need, ends after idling.
///
/// A host other than the machine starts a thread for each flush. The queue holds at most one flush, one sync and the drain of a close, by the committer's protocol.
final class WriterThread implements Executor, AutoCloseable {
  private static final long IDLE_SECONDS_MAX = 30;

  private static final Thread.Builder PLATFORM = Thread.ofPlatform().daemon().name("heliosdb-writer");

  private final Host host;
  private final ExecutorService executor;

  WriterThread(Host host) {
    this.host = host;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS_MAX, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            task ->
                PLATFORM.unstarted(() -> runAsWriter(task)));
    pool.allowCoreThreadTimeOut(true);
    executor = pool;
  }

  @Override
  public void execute(Runnable task) {
    if (host == Host.SYSTEM) {
      executor.execute(task);
    } else {
      host.start(PLATFORM, () -> runAsWriter(task));
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
