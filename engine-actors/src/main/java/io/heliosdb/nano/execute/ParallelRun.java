package io.heliosdb.nano.execute;

import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TablePages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Runs one part of a plan in several threads at once, the session's own among them, over one shared scan.
///
/// All threads read the pages of the session's reader, so they see one state whatever commits meanwhile; what they read otherwise (build sides
/// of joins, large values) comes through readers of their own at the same snapshot. [#run] does not return before the last
/// thread has ended, however it ends, so the reader outlives its use. A cancel reaches every thread through the statement's token.
///
/// The threads are shared by all databases of the process, at most one per processor beside the sessions' own. Where none is free the session works with
/// those it got, alone if need be. Idle threads end after some seconds.
final class ParallelRun {
  private static final int THREADS_MAX = Runtime.getRuntime().availableProcessors() - 1;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final @Nullable ThreadPoolExecutor POOL = THREADS_MAX < 1 ? null
      : new ThreadPoolExecutor(0, THREADS_MAX, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
        Thread thread = new Thread(task, "heliosdb-parallel-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
      });

  /// What each thread does. It closes whatever it opened in its own thread, also when it fails.
  @FunctionalInterface
  interface Part<T> {
    T run(ExecutionContext context);
  }

  /// What a thread hands over.
  interface Result {
    /// Gives back the memory it holds; called by the session's thread.
    void discard();
  }

  private ParallelRun() {}

  /// @return what each thread gave; null when the statement cannot be divided now (own writes, an older state, a re-check)
  static <T extends Result> @Nullable List<T> run(ExecutionContext context, ParallelPlan plan, Part<T> part) {
    StatementAccess access = context.accessOrNull();
    if (POOL == null || access == null || !context.isDivisible()) {
      return null;
    }
    TablePages pages = access.pages(plan.scan().table().storageId(), () -> {
      throw new IllegalStateException("the reader is in use by other threads");
    });
    if (pages == null) {
      return null;
    }
    List<StatementAccess> readers = new ArrayList<>();
    try {
      // A single group is a small table.
      for (int i = 0; i < Math.min(Math.min(plan.workers(), THREADS_MAX), pages.rows().groupCount() - 1); i++) {
        StatementAccess reader = access.forWorker();
        if (reader == null) {
          return null;
        }
        readers.add(reader);
      }
      if (readers.isEmpty()) {
        return null;
      }
      SharedScan shared = new SharedScan(plan.scan(), pages.rows());
      try {
        return run(context, shared, readers, part);
      } finally {
        context.services().usage().scanned(plan.scan().table().oid(), TableUsage.SCANS, shared.rowsRead());
      }
    } finally {
      pages.close();
      readers.forEach(StatementAccess::close);
    }
  }

  private static <T extends Result> List<T> run(ExecutionContext context, SharedScan shared, List<StatementAccess> readers, Part<T> part) {
    List<ExecutionContext> contexts = new ArrayList<>();
    List<Future<T>> futures = new ArrayList<>();
    List<T> results = new ArrayList<>();
    Throwable failure = null;
    try {
      for (StatementAccess reader : readers) {
        ExecutionContext own = context.forWorker(reader, shared);
        contexts.add(own);
        futures.add(POOL.submit(() -> {
          try {
            return part.run(own);
          } catch (Throwable e) {
            shared.stop();
            throw e;
          }
        }));
      }
    } catch (RejectedExecutionException e) {
      // All threads are busy: what has been started is enough.
    }
    try {
      results.add(part.run(context.sharing(shared)));
    } catch (Throwable e) {
      shared.stop();
      failure = e;
    }
    for (Future<T> future : futures) {
      try {
        results.add(await(future, context.cancel()));
      } catch (ExecutionException e) {
        failure = failure == null ? e.getCause() : failure;
      }
    }
    for (ExecutionContext own : contexts) {
      if (context.statistics() != null && own.statistics() != null) {
        context.statistics().add(own.statistics());
      }
      context.closeWith(own);
    }
    if (failure == null) {
      return results;
    }
    results.forEach(Result::discard);
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /// Waits without an end: the thread reads memory that is only there as long as the session holds its reader. An interrupt cancels the statement.
  private static <T> T await(Future<T> future, CancelToken cancel) throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel.cancel(CancelToken.userRequest());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
