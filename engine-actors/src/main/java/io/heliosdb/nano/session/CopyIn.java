package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.CopyOptions;
import io.heliosdb.nano.copy.RowBuilder;
import io.heliosdb.nano.copy.RowConsumer;
import io.heliosdb.nano.copy.RowReader;
import io.heliosdb.nano.copy.RowShape;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A COPY FROM that is being fed: bytes go to the format's reader, its rows to the table. What fails throws at once, with the place in the data as
/// context; the owner then calls [#abort].
final class CopyIn implements CopyInput, RowConsumer {
  private final SessionCore session;
  private final Relation.Table table;
  private final CopyOptions options;
  private final RowBuilder rows;
  private final RowReader reader;
  private final TableCopyTarget target;
  private final CopyProgress progress;
  private @Nullable Path file;
  private long skipped;

  /// @param columns attnums in the order of the fields
  CopyIn(SessionCore session, Relation.Table table, int[] columns, CopyOptions options, TableCopyTarget target, CopyProgress progress) {
    this.session = session;
    this.table = table;
    this.options = options;
    this.target = target;
    this.progress = progress;
    List<CopyColumn> shape = new ArrayList<>();
    int[] positions = new int[columns.length];
    for (int i = 0; i < columns.length; i++) {
      Relation.Column column = table.columns().get(columns[i] - 1);
      shape.add(new CopyColumn(column.name(), session.io().types().byOid(column.typeOid()), column.typmod()));
      positions[i] = columns[i] - 1;
    }
    rows = new RowBuilder(
        new RowShape(shape, positions, table.columns().size()), options.format().textForms(session.io()), options.ignoreErrors(), this);
    reader = options.reader(rows);
  }

  @Override
  public void data(byte[] bytes, int offset, int length) {
    try {
      session.cancelToken().check();
    } catch (SqlException e) {
      throw e.withContext(place());
    }
    try {
      reader.feed(bytes, offset, length);
    } catch (SqlException e) {
      throw located(e);
    }
    progress.add(length);
  }

  @Override
  public String place() {
    return "COPY " + table.name() + ", line " + (rows.line() + 1);
  }

  /// Reads a file of the server to its end.
  void file(Path path) throws IOException {
    file = path;
    try {
      reader.file(path, total -> {
        session.cancelToken().check();
        progress.bytes(total);
      });
    } catch (SqlException e) {
      throw located(e);
    }
  }

  private SqlException located(SqlException e) {
    if (e.context() != null && e.context().startsWith("COPY ") || e.state().equals(SqlState.QUERY_CANCELED) && rows.line() == 0) {
      return e;
    }
    // A row that could not be written may be one of those gathered before.
    boolean earlier = target.failedLine() > 0 && target.failedLine() != rows.line();
    String where = target.failedPlace() != null ? target.failedPlace() : earlier ? ", line " + target.failedLine() : rows.where();
    if (where == null && file == null) {
      return e;
    }
    String context = "COPY " + table.name() + (where == null ? "" : where) + (file == null ? "" : "\nfile \"" + file + "\"");
    return e.withContext(e.context() == null ? context : e.context() + "\n" + context);
  }

  @Override
  public void row(@Nullable Object[] values) {
    target.row(values, rows.line(), rows::where);
  }

  @Override
  public void skipped(long line, CopyColumn column, @Nullable String text) {
    skipped++;
    progress.skipped(skipped);
    if (options.logVerbosity() == CopyOptions.LogVerbosity.VERBOSE) {
      notice("skipping row due to data type incompatibility at line " + line + " for column \"" + column.name() + "\": "
          + (text == null ? "null input" : "\"" + RowBuilder.limited(text) + "\""));
    }
  }

  private void notice(String message) {
    session.notice(new Notice("NOTICE", SqlState.SUCCESSFUL_COMPLETION, message, null, null, 0));
  }

  /// The end of the data that was fed.
  @Override
  public void finish() {
    try {
      reader.finish();
    } catch (SqlException e) {
      throw located(e);
    }
    complete();
  }

  /// All rows are read: writes what is buffered and says how it went.
  void complete() {
    long count;
    try {
      count = target.finish();
    } catch (SqlException e) {
      // Every row has its place already; what fails now is about one of the last, or about all of them.
      if (target.failedLine() == 0) {
        throw e;
      }
      String place = "COPY " + table.name() + (target.failedPlace() != null ? target.failedPlace() : ", line " + target.failedLine());
      throw e.withContext(e.context() == null ? place : e.context() + "\n" + place);
    }
    reader.close();
    progress.end();
    if (skipped > 0 && options.logVerbosity() != CopyOptions.LogVerbosity.SILENT) {
      notice(skipped == 1 ? "1 row was skipped due to data type incompatibility" : skipped + " rows were skipped due to data type incompatibility");
    }
    session.sink().commandComplete("COPY " + count);
  }

  @Override
  public void abort() {
    progress.end();
    try {
      reader.close();
    } finally {
      target.close();
    }
  }
}
