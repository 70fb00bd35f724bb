package io.heliosdb.nano.session;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A bound statement of the extended protocol: started by its first Execute, read in pieces by row limits, gone with its transaction.
final class Portal implements AutoCloseable {
  private final SessionCore session;
  private final String name;
  private final PreparedStatement statement;
  private final @Nullable Object[] values;
  private QueryExecutor.@Nullable Running running;
  private boolean complete;

  Portal(SessionCore session, String name, PreparedStatement statement, @Nullable Object[] values) {
    this.session = session;
    this.name = name;
    this.statement = statement;
    this.values = values;
  }

  PreparedStatement statement() {
    return statement;
  }

  String name() {
    return name;
  }

  boolean isStarted() {
    return running != null;
  }

  @Nullable List<OutputColumn> columns() {
    return running != null ? running.plan.returnsRows() ? running.plan.columns() : null : session.queries().describe(statement);
  }

  boolean endsWithTransaction() {
    return true;
  }

  /// Runs to the end or until `rowsMax` rows are sent.
  void run(long rowsMax, ResultSink sink) {
    if (statement.plan == null) {
      if (complete) {
        throw new io.heliosdb.nano.error.SqlException(
            io.heliosdb.nano.error.SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"" + name + "\" cannot be run");
      }
      complete = true;
      session.runUtility(statement.parsed, statement.parameterTypes, values);
      return;
    }
    if (complete) {
      sink.commandComplete(QueryExecutor.tag(statement.plan, 0, 0));
      return;
    }
    if (running == null) {
      running = session.queries().start(statement, values);
    }
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
        sink.rows(batch, columns);
      }
    }
    running.pause();
    sink.portalSuspended();
  }

  private void finish(long sent, ResultSink sink) {
    complete = true;
    long affected = running.affectedRows();
    sink.commandComplete(QueryExecutor.tag(running.plan, sent, affected));
    session.statementRan(session.queries().counters(running.plan, statement.text), Math.max(sent, affected));
    running.close();
  }

  @Override
  public void close() {
    complete = true;
    if (running != null) {
      running.close();
    }
  }
}
