package io.heliosdb.nano;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.session.Notice;
import io.heliosdb.nano.session.ResultSink;
import io.heliosdb.nano.type.IoContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Gathers the rows of the last statement of a text.
final class RowCollector implements ResultSink {
  private final IoContext io;
  private List<OutputColumn> columns = List.of();
  private List<Row> rows = List.of();
  private String tag = "";
  private boolean suspended;

  private final Consumer<Notice> notices;

  RowCollector(IoContext io, Consumer<Notice> notices) {
    this.io = io;
    this.notices = notices;
  }

  @Override
  public void notice(Notice notice) {
    notices.accept(notice);
  }

  void columns(@Nullable List<OutputColumn> newColumns) {
    columns = newColumns == null ? List.of() : newColumns;
  }

  @Override
  public void rowDescription(List<OutputColumn> newColumns) {
    columns = newColumns;
    rows = List.of();
  }

  @Override
  public void rows(Batch batch, List<OutputColumn> ignored) {
    int width = columns.size();
    if (rows.isEmpty()) {
      rows = new ArrayList<>(batch.rowCount());
    }
    for (int r = 0; r < batch.rowCount(); r++) {
      int index = batch.rowIndex(r);
      Object[] values = new Object[width];
      for (int c = 0; c < width; c++) {
        values[c] = batch.column(c).get(index);
      }
      rows.add(new Row(columns, values, io));
    }
  }

  @Override
  public void commandComplete(String newTag) {
    tag = newTag;
  }

  @Override
  public void portalSuspended() {
    suspended = true;
  }

  boolean suspended() {
    return suspended;
  }

  List<Row> rows() {
    return rows;
  }

  String tag() {
    return tag;
  }

  /// The row count at the end of the tag, 0 when it has none.
  long affected() {
    int space = tag.lastIndexOf(' ');
    if (space < 0 || !Character.isDigit(tag.charAt(tag.length() - 1))) {
      return 0;
    }
    return Long.parseLong(tag, space + 1, tag.length(), 10);
  }

  QueryResult result() {
    // The collector is not used any more, so nobody changes the list behind the view.
    return new QueryResult(columns, Collections.unmodifiableList(rows), tag);
  }
}
