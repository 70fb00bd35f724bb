package io.heliosdb.nano.session;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.List;

/// Receives what statements produce, in the order of the PostgreSQL protocol. Called on the thread that runs the session.
/// A sink may block (a slow client); the session holds no reader of the store meanwhile.
public interface ResultSink {
  /// Columns of the rows that follow. Only for statements that return rows, and not for `execute` of a portal.
  void rowDescription(List<OutputColumn> columns);

  /// Rows; the batch is valid during the call only. `columns` are those of the running statement.
  void rows(Batch batch, List<OutputColumn> columns);

  void commandComplete(String tag);

  default void emptyQuery() {}

  default void portalSuspended() {}

  default void notice(Notice notice) {}

  /// COPY TO STDOUT begins; then chunks (one row each, or the binary header), then [#commandComplete].
  default void copyOutBegin(int columns, boolean binary) {
    throw io.heliosdb.nano.error.SqlException.notSupported("COPY TO STDOUT through this interface");
  }

  default void copyOutData(byte[] bytes, int offset, int length) {}

  default void copyOutEnd() {}

  /// COPY FROM STDIN begins: the front end sends data with [Session#copyData] and ends with [Session#copyDone] or [Session#copyFail].
  default void copyInBegin(int columns, boolean binary) {
    throw io.heliosdb.nano.error.SqlException.notSupported("COPY FROM STDIN through this interface");
  }

  /// A sink that throws everything away.
  ResultSink NONE = new ResultSink() {
    @Override
    public void rowDescription(List<OutputColumn> columns) {}

    @Override
    public void rows(Batch batch, List<OutputColumn> columns) {}

    @Override
    public void commandComplete(String tag) {}
  };
}
