package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A bound statement of the extended protocol: started by its first Execute, read in pieces by row limits, gone with its transaction.
/// A statement that changes data runs to its end at the first Execute whatever the row limit says; its rows are held.
final class Portal implements AutoCloseable {
  private final SessionCore session;
  private final String name;
  private final PreparedStatement statement;
  private final @Nullable Object[] values;
  private final long createdMicros;
  private int depth;
  private QueryExecutor.@Nullable Running running;
  private @Nullable HeldRows held;
  private long sentInAll;
  private boolean complete;

  /// @param depth of savepoints around it
  Portal(SessionCore session, String name, PreparedStatement statement, @Nullable Object[] values, int depth) {
    this.session = session;
    this.name = name;
    this.statement = statement;
    this.values = values;
    this.depth = depth;
    this.createdMicros = session.statementMicros();
  }

  PreparedStatement statement() {
    return statement;
  }

  String name() {
    return name;
  }

  long createdMicros() {
    return createdMicros;
  }

  int depth() {
    return depth;
  }

  void released(int newDepth) {
    depth = Math.min(depth, newDepth);
  }

  boolean isStarted() {
    return running != null || held != null;
  }

  /// Whether rows can be fetched from it one by one.
  boolean isQuery() {
    return statement.plan != null && statement.plan.returnsRows() && !statement.plan.analyzed.writes();
  }

  /// What still runs, null before the first Execute and after the last row.
  QueryExecutor.@Nullable Running running() {
    return complete ? null : running;
  }

  @Nullable List<OutputColumn> columns() {
    return running != null ? running.plan.returnsRows() ? running.plan.columns() : null : session.queries().describe(statement);
  }

  /// Runs to the end or until `rowsMax` rows are sent.
  void run(long rowsMax, ResultSink sink) {
    if (held != null) {
      held.give(rowsMax, sink);
    } else if (statement.plan == null) {
      runUtility(rowsMax, sink);
    } else if (complete) {
      runAgain(sink);
    } else {
      start();
      if (rowsMax != Long.MAX_VALUE && running.plan.returnsRows() && running.plan.analyzed.writes()) {
        HeldRows rows = new HeldRows(session, sink);
        send(Long.MAX_VALUE, rows);
        held = rows;
        rows.give(rowsMax, sink);
      } else {
        send(rowsMax, sink);
      }
    }
  }

  private void start() {
    if (running == null) {
      running = session.queries().start(statement, values);
    }
  }

  private void runUtility(long rowsMax, ResultSink sink) {
    if (complete) {
      throw cannotRunAgain();
    }
    complete = true;
    if (rowsMax == Long.MAX_VALUE || columns() == null) {
      session.runUtility(statement.parsed(), statement.parameterTypes, values);
      return;
    }
    HeldRows rows = new HeldRows(session, sink);
    session.withSink(rows, () -> session.runUtility(statement.parsed(), statement.parameterTypes, values));
    held = rows;
    rows.give(rowsMax, sink);
  }

  private void runAgain(ResultSink sink) {
    if (!running.plan.returnsRows()) {
      throw cannotRunAgain();
    }
    sink.commandComplete(CommandTags.of(running.plan.analyzed.kind(), 0, 0));
  }

  private SqlException cannotRunAgain() {
    return new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"" + name + "\" cannot be run");
  }

  private void send(long rowsMax, ResultSink sink) {
    boolean returnsRows = running.plan.returnsRows();
    List<OutputColumn> columns = running.plan.columns();
    long sent = 0;
    while (sent < rowsMax) {
      Batch batch = running.next(returnsRows ? (int) Math.min(Batch.ROWS_MAX, rowsMax - sent) : Batch.ROWS_MAX);
      if (batch == null) {
        finish(sent, sink);
        return;
      }
      if (returnsRows) {
        sent += batch.rowCount();
        sentInAll += batch.rowCount();
        sink.rows(batch, columns);
      }
    }
    running.pause();
    sink.portalSuspended();
  }

  private void finish(long sent, ResultSink sink) {
    complete = true;
    long affected = running.affectedRows();
    sink.commandComplete(CommandTags.of(running.plan.analyzed.kind(), sent, affected));
    session.statementRan(session.queries().counters(running.plan, statement.text), Math.max(sent, affected));
    running.close();
  }

  /// A cursor that stands where this portal does and takes over its execution.
  SqlCursor toCursor() {
    start();
    SqlCursor cursor = new SqlCursor(session, name, statement.text, false, false, false, running);
    cursor.standAfter(sentInAll, complete, depth);
    return cursor;
  }

  @Override
  public void close() {
    complete = true;
    if (running != null) {
      running.close();
    }
    if (held != null) {
      held.close();
    }
  }
}
