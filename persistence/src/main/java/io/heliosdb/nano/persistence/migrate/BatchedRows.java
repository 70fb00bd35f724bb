package io.heliosdb.nano.persistence.migrate;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Rows of a source in batches, the next one read when it is asked for. Used by one thread at a time.
public abstract class BatchedRows implements Iterator<List<@Nullable Object[]>>, AutoCloseable {
  private @Nullable List<@Nullable Object[]> ready;
  private boolean ended;

  /// The next batch, null at the end; not called again after that.
  protected abstract @Nullable List<@Nullable Object[]> read();

  @Override
  public final boolean hasNext() {
    if (ready == null && !ended) {
      ready = read();
      ended = ready == null;
    }
    return ready != null;
  }

  @Override
  public final List<@Nullable Object[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    List<@Nullable Object[]> result = ready;
    ready = null;
    return result;
  }

  @Override
  public abstract void close();
}
