package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.copy.CopyLineParser;
import io.heliosdb.nano.copy.CopyOptions;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A COPY FROM that is being fed. The first error is kept and thrown at the end, as a client may still be sending.
final class CopyIn implements CopyInput {
  private final SessionCore session;
  private final Relation.Table table;
  private final int[] columns;
  private final PgType[] types;
  private final int[] typmods;
  private final boolean[] forceNotNull;
  private final boolean[] forceNull;
  private final CopyOptions options;
  private final CopyLineParser parser;
  private final CopyTarget target;
  private final IoContext io;
  private boolean headerPending;
  private @Nullable SqlException error;

  /// @param columns attnums in the order of the fields
  CopyIn(SessionCore session, Relation.Table table, int[] columns, CopyOptions options, CopyTarget target) {
    this.session = session;
    this.table = table;
    this.columns = columns;
    this.options = options;
    this.target = target;
    this.io = session.io();
    this.parser = new CopyLineParser(options, this::row);
    this.headerPending = options.header() != CopyOptions.Header.NONE;
    types = new PgType[columns.length];
    typmods = new int[columns.length];
    forceNotNull = new boolean[columns.length];
    forceNull = new boolean[columns.length];
    for (int i = 0; i < columns.length; i++) {
      Relation.Column column = table.columns().get(columns[i] - 1);
      types[i] = io.types().byOid(column.typeOid());
      typmods[i] = column.typmod();
      forceNotNull[i] = options.forceNotNull().contains(column.name());
      forceNull[i] = options.forceNull().contains(column.name());
    }
  }

  @Override
  public @Nullable SqlException error() {
    return error;
  }

  @Override
  public void data(byte[] bytes, int offset, int length) {
    try {
      session.cancelToken().check();
      parser.feed(bytes, offset, length);
    } catch (SqlException e) {
      error = e.context() == null ? e.withContext("COPY " + table.name() + ", line " + parser.lineNumber()) : e;
    }
  }

  private void row(List<@Nullable String> fields, long line) {
    if (headerPending) {
      headerPending = false;
      if (options.header() == CopyOptions.Header.MATCH) {
        matchHeader(fields);
      }
      return;
    }
    if (fields.size() == 1 && columns.length == 0 && (fields.getFirst() == null || fields.getFirst().isEmpty())) {
      target.row(new Object[table.columns().size()]);
      return;
    }
    if (fields.size() > columns.length) {
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "extra data after last expected column").withContext(lineContext(line, fields));
    }
    if (fields.size() < columns.length) {
      throw new SqlException(
              SqlState.BAD_COPY_FILE_FORMAT, "missing data for column \"" + table.columns().get(columns[fields.size()] - 1).name() + "\"")
          .withContext(lineContext(line, fields));
    }
    Object[] values = new Object[table.columns().size()];
    for (int i = 0; i < columns.length; i++) {
      String text = fields.get(i);
      if (text == null && forceNotNull[i]) {
        text = options.nullText();
      } else if (text != null && forceNull[i] && text.equals(options.nullText())) {
        text = null;
      }
      if (text != null) {
        try {
          values[columns[i] - 1] = TypeIo.parse(types[i], typmods[i], text, io);
        } catch (SqlException e) {
          throw e.withContext("COPY " + table.name() + ", line " + line + ", column " + table.columns().get(columns[i] - 1).name() + ": \"" + text + "\"");
        }
      }
    }
    target.row(values);
  }

  private void matchHeader(List<@Nullable String> fields) {
    if (fields.size() != columns.length) {
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "wrong number of fields in header line: got " + fields.size() + ", expected " + columns.length);
    }
    for (int i = 0; i < columns.length; i++) {
      String name = table.columns().get(columns[i] - 1).name();
      if (!name.equals(fields.get(i))) {
        throw new SqlException(
            SqlState.BAD_COPY_FILE_FORMAT, "column name mismatch in header line field " + (i + 1) + ": got \"" + fields.get(i) + "\", expected \"" + name + "\"");
      }
    }
  }

  private String lineContext(long line, List<@Nullable String> fields) {
    return "COPY " + table.name() + ", line " + line + ": \"" + String.join("\t", fields.stream().map(field -> field == null ? "\\N" : field).toList()) + "\"";
  }

  /// The end of the data: reports the first error, or writes what is left.
  @Override
  public void finish() {
    if (error == null) {
      data(new byte[0], 0, 0);
      try {
        parser.finish();
      } catch (SqlException e) {
        error = e.context() == null ? e.withContext("COPY " + table.name() + ", line " + parser.lineNumber()) : e;
      }
    }
    if (error != null) {
      abort();
      throw error;
    }
    long rows = target.finish();
    session.sink().commandComplete("COPY " + rows);
  }

  @Override
  public void abort() {
    target.close();
  }
}
