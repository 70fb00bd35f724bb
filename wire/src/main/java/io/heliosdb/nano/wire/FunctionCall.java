package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.session.Notice;
import io.heliosdb.nano.session.ResultSink;
import io.heliosdb.nano.session.Session;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The message FunctionCall, which drivers use for large objects: one function by its oid, run like a statement. One per message.
/// Source: PostgreSQL 15 manual, "Function Call".
final class FunctionCall implements ResultSink {
  private final MessageWriter writer;
  private @Nullable Object value;
  private @Nullable PgType type;

  private FunctionCall(MessageWriter writer) {
    this.writer = writer;
  }

  static void run(MessageReader reader, Session session, MessageWriter writer) {
    int oid = reader.intValue();
    int[] formats = new int[reader.shortValue()];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = reader.shortValue();
    }
    byte[][] arguments = new byte[reader.shortValue()][];
    for (int i = 0; i < arguments.length; i++) {
      int length = reader.intValue();
      arguments[i] = length < 0 ? null : reader.take(length);
    }
    int resultFormat = reader.shortValue();
    reader.expectEnd();
    if (formats.length > 1 && formats.length != arguments.length) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "function call message contains " + formats.length + " argument formats but "
          + arguments.length + " arguments");
    }
    FunctionCall call = new FunctionCall(writer);
    session.executeDirect(session.functionCall(oid), types -> values(types, arguments, formats, session), call);
    call.reply(resultFormat, session);
  }

  private static @Nullable Object[] values(List<PgType> types, byte @Nullable [][] arguments, int[] formats, Session session) {
    if (types.size() != arguments.length) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION,
          "function call message contains " + arguments.length + " arguments but function requires " + types.size());
    }
    Object[] values = new Object[arguments.length];
    for (int i = 0; i < values.length; i++) {
      if (arguments[i] == null) {
        continue;
      }
      boolean binary = (formats.length == 0 ? 0 : formats.length == 1 ? formats[0] : formats[i]) == 1;
      values[i] = binary ? TypeIo.receive(types.get(i), -1, arguments[i], 0, arguments[i].length, session.io())
          : TypeIo.parse(types.get(i), -1, new String(arguments[i], StandardCharsets.UTF_8), session.io());
    }
    return values;
  }

  private void reply(int format, Session session) {
    writer.begin('V');
    if (value == null || type == null) {
      writer.int32(-1);
    } else if (format == 1) {
      ByteSink bytes = new ByteSink();
      TypeIo.send(type, value, session.io(), bytes);
      writer.sized(bytes.toByteArray());
    } else {
      writer.sized(TypeIo.toText(type, value, session.io()).getBytes(StandardCharsets.UTF_8));
    }
    writer.end();
  }

  @Override
  public void rowDescription(List<OutputColumn> columns) {}

  @Override
  public void rows(Batch batch, List<OutputColumn> columns) {
    if (batch.rowCount() > 0) {
      value = batch.row(batch.rowIndex(0))[0];
      type = columns.getFirst().type();
    }
  }

  @Override
  public void commandComplete(String tag) {}

  @Override
  public void notice(Notice notice) {
    writer.notice(notice);
  }
}
