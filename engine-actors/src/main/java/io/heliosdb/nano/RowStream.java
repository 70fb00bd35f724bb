package io.heliosdb.nano;

import io.heliosdb.nano.session.Session;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Rows of a running query, a batch at a time. Confined to one thread; close it to end the query.
public final class RowStream implements Iterator<Row>, AutoCloseable {
  private static final int BATCH_ROWS = 1024;
  private static final String PORTAL = "heliosdb row stream";

  private final EmbeddedSession session;
  private final boolean ownsSession;
  private final Deque<Row> buffered = new ArrayDeque<>();
  private boolean exhausted;
  private boolean closed;

  RowStream(EmbeddedSession session, boolean ownsSession) {
    this.session = session;
    this.ownsSession = ownsSession;
  }

  static String portalName() {
    return PORTAL;
  }

  @Override
  public boolean hasNext() {
    if (buffered.isEmpty() && !exhausted && !closed) {
      Session core = session.core();
      RowCollector collector = new RowCollector(core.io(), session.notices());
      collector.columns(core.describePortal(PORTAL));
      core.execute(PORTAL, BATCH_ROWS, collector);
      exhausted = !collector.suspended();
      buffered.addAll(collector.rows());
    }
    return !buffered.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return buffered.poll();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    session.core().closePortal(PORTAL);
    if (ownsSession) {
      session.close();
    }
  }
}
