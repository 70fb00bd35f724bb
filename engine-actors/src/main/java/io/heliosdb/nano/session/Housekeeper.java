package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work of a database that nobody waits for: freeing dropped branches, trimming history. One daemon thread. A task that fails is logged and comes again when the database is next opened, or with the next round of its kind.
final class Housekeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
  private static final long IDLE_SECONDS_MAX = 1;

  private final ScheduledThreadPoolExecutor thread;

  Housekeeper() {
    thread = new ScheduledThreadPoolExecutor(1, task -> Thread.ofPlatform().daemon().name("heliosdb-housekeeper").unstarted(task));
    thread.setKeepAliveTime(IDLE_SECONDS_MAX, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Runs the task every so many hours, the first time after the first of them.
  void every(int hours, String what, Runnable task) {
    thread.scheduleWithFixedDelay(() -> run(what, task), hours, hours, TimeUnit.HOURS);
  }

  void submit(String what, Runnable task) {
    if (!thread.isShutdown()) {
      thread.execute(() -> run(what, task));
    }
  }

  private void run(String what, Runnable task) {
    if (thread.isShutdown()) {
      return;
    }
    try {
      task.run();
    } catch (SqlException e) {
      if (!thread.isShutdown()) {
        LOG.warn("{} failed", what, e);
      }
    } catch (RuntimeException e) {
      LOG.error("{} failed", what, e);
    }
  }

  boolean isClosing() {
    return thread.isShutdown();
  }

  /// Waits until everything submitted so far is done.
  void awaitIdle() {
    try {
      thread.submit(() -> {}).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Lets the running task end (tasks look at [#isClosing] or meet the closed store) and forgets the others.
  @Override
  public void close() {
    thread.shutdown();
    thread.getQueue().clear();
    try {
      thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
