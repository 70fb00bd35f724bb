package io.heliosdb.nano.wire;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.session.Notice;
import io.heliosdb.nano.session.ResultSink;
import io.heliosdb.nano.type.IoContext;
import java.util.List;
import java.util.function.Supplier;

/// What a session's statements produce, as messages of the protocol: rows in the formats asked for, tags, notices, COPY data. Messages
/// gather until [#flush], or until they are many.
///
/// Confined to the thread of its connection.
final class ResultMessages implements ResultSink {
  private static final int FLUSH_BYTES = 64 * 1024;

  private final MessageWriter writer;
  private final PgConnection.Output output;
  private final Supplier<IoContext> io;
  private final Runnable copyInBegan;
  private final RowEncoder rows = new RowEncoder();
  private short[] formats = RowEncoder.ALL_TEXT;
  private boolean describes = true;

  /// @param copyInBegan is told when the client's next messages are COPY data
  ResultMessages(MessageWriter writer, PgConnection.Output output, Supplier<IoContext> io, Runnable copyInBegan) {
    this.writer = writer;
    this.output = output;
    this.io = io;
    this.copyInBegan = copyInBegan;
  }

  /// A statement is about to run.
  ///
  /// @param newFormats of its rows
  /// @param newDescribes whether its rows have a RowDescription in front
  void begin(short[] newFormats, boolean newDescribes) {
    formats = newFormats;
    describes = newDescribes;
  }

  void describe(List<OutputColumn> columns, short[] columnFormats) {
    rows.describe(writer, columns, columnFormats);
  }

  @Override
  public void rowDescription(List<OutputColumn> columns) {
    if (describes) {
      describe(columns, formats);
    }
  }

  @Override
  public void rows(Batch batch, List<OutputColumn> columns) {
    rows.encode(writer, batch, columns, formats, io.get());
    flushIfLarge();
  }

  @Override
  public void commandComplete(String tag) {
    writer.commandComplete(tag);
  }

  @Override
  public void emptyQuery() {
    writer.empty('I');
  }

  @Override
  public void portalSuspended() {
    writer.empty('s');
  }

  @Override
  public void notice(Notice notice) {
    writer.notice(notice);
    // It says what goes on while the statement runs, or waits.
    flush();
  }

  @Override
  public void copyOutBegin(int columns, boolean binary) {
    copyResponse('H', columns, binary);
  }

  @Override
  public void copyOutData(byte[] bytes, int offset, int length) {
    if (length == 0) {
      // PostgreSQL never sends an empty message, and drivers rely on it.
      return;
    }
    writer.begin('d');
    writer.sink().put(bytes, offset, length);
    writer.end();
    flushIfLarge();
  }

  @Override
  public void copyOutEnd() {
    writer.empty('c');
  }

  @Override
  public void copyInBegin(int columns, boolean binary) {
    copyInBegan.run();
    copyResponse('G', columns, binary);
    flush();
  }

  private void copyResponse(char type, int columns, boolean binary) {
    writer.begin(type);
    writer.sink().put(binary ? 1 : 0).putShort(columns);
    for (int i = 0; i < columns; i++) {
      writer.sink().putShort(binary ? 1 : 0);
    }
    writer.end();
  }

  private void flushIfLarge() {
    if (writer.size() >= FLUSH_BYTES) {
      flush();
    }
  }

  void flush() {
    if (writer.size() > 0) {
      output.write(writer.sink().array(), 0, writer.size());
      writer.sink().clear();
    }
  }
}
