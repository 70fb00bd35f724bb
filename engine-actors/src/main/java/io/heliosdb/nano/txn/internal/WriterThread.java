package io.heliosdb.nano.txn.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The platform thread for flushes that no caller's thread can do. Started on first need, ends after idling.
///
/// Its queue holds at most one flush, one sync and the drain of a close, by the committer's protocol.
final class WriterThread implements Executor, AutoCloseable {
  private static final long IDLE_SECONDS_MAX = 30;

  private final ExecutorService executor;

  WriterThread() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS_MAX, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            task ->
                Thread.ofPlatform().daemon().name("heliosdb-writer").unstarted(
                    () -> {
                      CallerTurn.current().becomeWriter();
                      task.run();
                    }));
    pool.allowCoreThreadTimeOut(true);
    executor = pool;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  /// Lets what is queued finish.
  @Override
  public void close() {
    executor.close();
  }
}
