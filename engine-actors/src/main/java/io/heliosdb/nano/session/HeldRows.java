package io.heliosdb.nano.session;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rows of a portal's statement that has to run to its end at once (a data change, EXPLAIN, SHOW), to be given out in pieces.
/// The memory of the rows is accounted to the session.
final class HeldRows implements ResultSink, AutoCloseable {
  private static final long ROW_BYTES_ESTIMATE = 64;
  private static final Pattern COUNT = Pattern.compile("\\d+$");

  private final SessionCore session;
  private final ResultSink client;
  private final Deque<@Nullable Object[]> rows = new ArrayDeque<>();
  private List<OutputColumn> columns = List.of();
  private String tag = "";
  private long accounted;

  /// @param client hears of notices while the statement runs
  HeldRows(SessionCore session, ResultSink client) {
    this.session = session;
    this.client = client;
  }

  @Override
  public void rowDescription(List<OutputColumn> described) {
    columns = described;
  }

  @Override
  public void rows(Batch batch, List<OutputColumn> described) {
    columns = new ArrayList<>(described);
    long bytes = (ROW_BYTES_ESTIMATE + 16L * described.size()) * batch.rowCount();
    session.accountMemory(bytes);
    accounted += bytes;
    for (int i = 0; i < batch.rowCount(); i++) {
      rows.add(batch.row(batch.rowIndex(i)));
    }
  }

  @Override
  public void commandComplete(String completed) {
    tag = completed;
  }

  @Override
  public void notice(Notice notice) {
    client.notice(notice);
  }

  /// Sends at most so many rows; the tag of the last piece counts its own rows, as PostgreSQL's does.
  void give(long rowsMax, ResultSink sink) {
    long sent = 0;
    while (sent < rowsMax && !rows.isEmpty()) {
      Batch batch = Batch.of(columns, Batch.ROWS_MAX);
      while (batch.rowCount() < Batch.ROWS_MAX && sent < rowsMax && !rows.isEmpty()) {
        batch.append(rows.remove());
        sent++;
      }
      sink.rows(batch, columns);
    }
    if (sent == rowsMax) {
      sink.portalSuspended();
    } else {
      sink.commandComplete(COUNT.matcher(tag).replaceFirst(Long.toString(sent)));
    }
  }

  @Override
  public void close() {
    rows.clear();
    session.accountMemory(-accounted);
    accounted = 0;
  }
}
