package io.heliosdb.nano.persistence.migrate.file;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.migrate.RowBatch;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns a reader that hands out rows by itself into one that is asked for them: it runs on a thread of its own, which waits when it is
/// [#QUEUED_MAX] batches ahead. What it throws is thrown where the next batch is asked for. Closing stops it.
final class PushedRows implements Iterator<List<@Nullable Object[]>>, AutoCloseable {
  private static final int QUEUED_MAX = 4;

  private sealed interface Item {}

  private record Rows(List<@Nullable Object[]> rows) implements Item {}

  private record End(@Nullable Throwable error) implements Item {}

  private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUED_MAX);
  private final Thread thread;
  private final RowBatch batch = new RowBatch();
  private @Nullable List<@Nullable Object[]> ready;
  private boolean ended;

  /// @param reading hands every row to the consumer it is given, and returns at the end
  PushedRows(String name, Consumer<Consumer<@Nullable Object[]>> reading) {
    thread = Thread.ofPlatform().daemon().name("import-" + name).start(() -> run(reading));
  }

  private void run(Consumer<Consumer<@Nullable Object[]>> reading) {
    Throwable error = null;
    try {
      reading.accept(this::row);
      put(batch.take());
    } catch (Throwable e) {
      error = e;
    }
    try {
      queue.put(new End(error));
    } catch (InterruptedException e) {
      // Closed: nobody asks any more.
      return;
    }
  }

  private void row(@Nullable Object[] row) {
    if (batch.add(row)) {
      put(batch.take());
    }
  }

  private void put(@Nullable List<@Nullable Object[]> rows) {
    try {
      if (rows != null) {
        queue.put(new Rows(rows));
      }
    } catch (InterruptedException e) {
      throw new SqlException(SqlState.QUERY_CANCELED, "the import was given up");
    }
  }

  @Override
  public boolean hasNext() {
    if (ready == null && !ended) {
      try {
        switch (queue.take()) {
          case Rows rows -> ready = rows.rows();
          case End end -> {
            ended = true;
            if (end.error() != null) {
              throw end.error() instanceof RuntimeException r ? r : new SqlException(SqlState.INTERNAL_ERROR, "reading failed: "
                  + end.error(), end.error());
            }
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SqlException(SqlState.QUERY_CANCELED, "the import was interrupted");
      }
    }
    return ready != null;
  }

  @Override
  public List<@Nullable Object[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    List<@Nullable Object[]> result = ready;
    ready = null;
    return result;
  }

  @Override
  public void close() {
    thread.interrupt();
    queue.clear();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
