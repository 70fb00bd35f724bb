package io.heliosdb.nano;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.session.Notice;
import io.heliosdb.nano.session.ResultSink;
import io.heliosdb.nano.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One COPY between a session and a Java stream. Confined to the calling thread.
final class CopyTransfer implements ResultSink {
  private static final int PIECE_BYTES = 64 * 1024;

  private final Session session;
  private final @Nullable OutputStream out;
  private final Consumer<Notice> notices;
  private boolean awaitsData;
  private boolean gaveData;
  private long rows;

  private CopyTransfer(Session session, @Nullable OutputStream out, Consumer<Notice> notices) {
    this.session = session;
    this.out = out;
    this.notices = notices;
  }

  /// Runs COPY … FROM STDIN with the stream's bytes; gives the number of rows.
  static long in(Session session, String sql, InputStream in, Consumer<Notice> notices) {
    CopyTransfer transfer = new CopyTransfer(session, null, notices);
    session.simpleQuery(sql, transfer);
    if (!transfer.awaitsData) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "the statement is no COPY FROM STDIN");
    }
    byte[] buffer = new byte[PIECE_BYTES];
    int count;
    while ((count = transfer.read(in, buffer)) >= 0) {
      session.copyData(buffer, 0, count);
    }
    session.copyDone(transfer);
    return transfer.rows;
  }

  private int read(InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      try {
        session.copyFail("the data could not be read: " + e.getMessage());
      } catch (SqlException failed) {
        throw new SqlException(failed.state(), failed.getMessage(), e).withContext(failed.context());
      }
      throw new UncheckedIOException(e);
    }
  }

  /// Runs COPY … TO STDOUT into the stream; gives the number of rows.
  static long out(Session session, String sql, OutputStream out, Consumer<Notice> notices) {
    CopyTransfer transfer = new CopyTransfer(session, out, notices);
    session.simpleQuery(sql, transfer);
    if (!transfer.gaveData) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "the statement is no COPY TO STDOUT");
    }
    return transfer.rows;
  }

  @Override
  public void rowDescription(List<OutputColumn> columns) {}

  @Override
  public void rows(Batch batch, List<OutputColumn> columns) {}

  @Override
  public void commandComplete(String tag) {
    if (tag.startsWith("COPY ")) {
      rows = Long.parseLong(tag.substring("COPY ".length()));
    }
  }

  @Override
  public void notice(Notice notice) {
    notices.accept(notice);
  }

  @Override
  public void copyInBegin(int columns, boolean binary) {
    if (out != null) {
      throw SqlException.notSupported("COPY FROM STDIN without an input stream");
    }
    awaitsData = true;
  }

  @Override
  public void copyOutBegin(int columns, boolean binary) {
    if (out == null) {
      throw SqlException.notSupported("COPY TO STDOUT without an output stream");
    }
    gaveData = true;
  }

  @Override
  public void copyOutData(byte[] bytes, int offset, int length) {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "the data could not be written: " + e.getMessage(), e);
    }
  }
}
