package io.heliosdb.nano;

import org.jspecify.annotations.Nullable;

/// An open transaction with a session of its own. Used by one thread at a time. Closing it without [#commit] rolls back.
public final class Transaction implements AutoCloseable {
  private final EmbeddedSession session;
  private boolean ended;

  Transaction(EmbeddedSession session) {
    this.session = session;
  }

  public long execute(String sql, @Nullable Object... arguments) {
    return session.execute(sql, arguments);
  }

  public QueryResult query(String sql, @Nullable Object... arguments) {
    return session.query(sql, arguments);
  }

  public <T> @Nullable T queryOne(String sql, Class<T> type, @Nullable Object... arguments) {
    return session.queryOne(sql, type, arguments);
  }

  /// Rows read as they are asked for; the stream must be closed before the transaction goes on.
  public RowStream stream(String sql, @Nullable Object... arguments) {
    return session.stream(sql, false, arguments);
  }

  /// Makes the changes durable and visible.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 40001 when the transaction must be tried again, 25P02 when a statement of it has failed
  public void commit() {
    ended = true;
    try {
      session.commit();
    } finally {
      session.close();
    }
  }

  public void rollback() {
    ended = true;
    try {
      session.execute("ROLLBACK");
    } finally {
      session.close();
    }
  }

  @Override
  public void close() {
    if (!ended) {
      rollback();
    }
  }
}
