package io.heliosdb.nano.session;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows that a utility statement makes itself: SHOW, EXPLAIN, FETCH.
final class Results {
  private final ResultSink sink;
  private final List<OutputColumn> columns = new ArrayList<>();
  private @Nullable Batch batch;
  private boolean described;

  Results(ResultSink sink) {
    this.sink = sink;
  }

  static OutputColumn columnOf(String name, PgType type) {
    return new OutputColumn(name, type, -1, type.collationOid(), 0, 0);
  }

  /// One row of one column.
  static void one(ResultSink sink, String column, PgType type, @Nullable Object value) {
    Results results = new Results(sink).column(column, type);
    results.row(value);
    results.flush();
  }

  Results column(String name, PgType type) {
    columns.add(columnOf(name, type));
    return this;
  }

  Results columns(List<OutputColumn> newColumns) {
    columns.addAll(newColumns);
    return this;
  }

  void row(@Nullable Object... values) {
    describe();
    Batch present = batch;
    if (present == null) {
      present = Batch.of(columns, Batch.ROWS_MAX);
      batch = present;
    }
    present.append(values);
    if (present.rowCount() == Batch.ROWS_MAX) {
      flush();
    }
  }

  private void describe() {
    if (!described) {
      described = true;
      sink.rowDescription(columns);
    }
  }

  /// Rows without a RowDescription in front (Execute of a portal).
  Results undescribed() {
    described = true;
    return this;
  }

  void flush() {
    describe();
    if (batch != null && batch.rowCount() > 0) {
      sink.rows(batch, columns);
      batch.reset();
    }
  }

  void end(String tag) {
    flush();
    sink.commandComplete(tag);
  }
}
