package io.heliosdb.nano.persistence.migrate.file;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.migrate.BatchedRows;
import io.heliosdb.nano.persistence.migrate.RowBatch;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns a reader that hands out rows by itself into one that is asked for them: it runs on a thread of its own, which waits when it is
/// [#QUEUED_MAX] batches ahead. What it throws is thrown where the next batch is asked for. Closing stops it.
final class PushedRows extends BatchedRows {
  private static final int QUEUED_MAX = 4;

  private sealed interface Item {}

  private record Rows(List<@Nullable Object[]> rows) implements Item {}

  private record End(@Nullable Throwable error) implements Item {}

  private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUED_MAX);
  private final Thread thread;
  private final RowBatch batch = new RowBatch();

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
  protected @Nullable List<@Nullable Object[]> read() {
    try {
      return switch (queue.take()) {
        case Rows rows -> rows.rows();
        case End(Throwable error) when error == null -> null;
        case End(RuntimeException error) -> throw error;
        case End(Throwable error) -> throw new SqlException(SqlState.INTERNAL_ERROR, "reading failed: " + error, error);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SqlException(SqlState.QUERY_CANCELED, "the import was interrupted");
    }
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
