package io.heliosdb.nano;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.session.Notice;
import io.heliosdb.nano.session.Session;
import io.heliosdb.nano.session.TransactionStatus;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One session of an embedded program. Used by one thread at a time.
public final class EmbeddedSession implements AutoCloseable {
  private final Session core;
  private Consumer<Notice> notices = notice -> {};

  EmbeddedSession(Session core) {
    this.core = core;
  }

  /// Sends notices and warnings of this session's statements to `consumer`; without one they are dropped.
  public void onNotice(Consumer<Notice> consumer) {
    notices = consumer;
  }

  Consumer<Notice> notices() {
    return notices;
  }

  Session core() {
    return core;
  }

  /// Runs one or more statements (one, if there are arguments) and gives the row count of the last.
  public long execute(String sql, @Nullable Object... arguments) {
    return run(sql, arguments).affected();
  }

  public QueryResult query(String sql, @Nullable Object... arguments) {
    return run(sql, arguments).result();
  }

  public <T> @Nullable T queryOne(String sql, Class<T> type, @Nullable Object... arguments) {
    List<Row> rows = run(sql, arguments).rows();
    return rows.isEmpty() ? null : rows.getFirst().get(0, type);
  }

  /// Runs `COPY … FROM STDIN` with the bytes of a stream, which it reads to the end; gives the number of rows.
  public long copyIn(String sql, java.io.InputStream in) {
    return CopyTransfer.in(core, sql, in, notices);
  }

  /// Runs `COPY … TO STDOUT` into a stream; gives the number of rows.
  public long copyOut(String sql, java.io.OutputStream out) {
    return CopyTransfer.out(core, sql, out, notices);
  }

  private RowCollector run(String sql, @Nullable Object[] arguments) {
    RowCollector collector = new RowCollector(core.io(), notices);
    if (arguments.length == 0) {
      core.simpleQuery(sql, collector);
    } else {
      core.executeDirect(sql, types -> convert(types, arguments), collector);
    }
    return collector;
  }

  private @Nullable Object[] convert(List<PgType> types, @Nullable Object[] arguments) {
    if (types.size() != arguments.length) {
      throw new SqlException(
          SqlState.SYNTAX_ERROR, "the statement has " + types.size() + " parameters, but " + arguments.length + " arguments are given");
    }
    Object[] values = new Object[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      values[i] = JavaValues.toSql(arguments[i], types.get(i), core.io());
    }
    return values;
  }

  RowStream stream(String sql, boolean ownsSession, @Nullable Object... arguments) {
    core.bindDirect(RowStream.portalName(), sql, types -> convert(types, arguments));
    return new RowStream(this, ownsSession);
  }

  void commit() {
    if (core.transactionStatus() == TransactionStatus.FAILED) {
      execute("ROLLBACK");
      throw new SqlException(SqlState.IN_FAILED_SQL_TRANSACTION, "the transaction has failed and was rolled back");
    }
    execute("COMMIT");
  }

  /// Interrupts the statement that runs in this session, from another thread: it fails with 57014.
  public void cancel() {
    core.cancel();
  }

  @Override
  public void close() {
    core.close();
  }
}
