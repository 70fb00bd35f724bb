package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.session.Session;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Utf8;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Bind message: portal and statement names, the parameters' values, and the formats the result is wanted in.
record BindMessage(String portal, String statement, @Nullable Object[] values, short[] resultFormats) {
  /// Reads the message, with the parameters' values as the statement's types want them.
  ///
  /// @throws SqlException 26000 unknown statement, 25P02, 08P01 wrong number of parameters, 22P02 and others for a bad value
  /// @throws MalformedMessage when fields are missing or left over
  static BindMessage read(MessageReader reader, Session session) {
    String portal = reader.string();
    String statement = reader.string();
    short[] parameterFormats = formatCodes(reader);
    int count = reader.shortValue();
    List<PgType> types = session.parameterTypes(statement);
    if (parameterFormats.length > 1 && parameterFormats.length != count) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "bind message has " + parameterFormats.length + " parameter formats but " + count + " parameters");
    }
    if (count != types.size()) {
      throw new SqlException(
          SqlState.PROTOCOL_VIOLATION,
          "bind message supplies " + count + " parameters, but prepared statement \"" + statement + "\" requires " + types.size());
    }
    session.checkUsableForBind(statement);
    IoContext io = session.io();
    @Nullable Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      int length = reader.intValue();
      if (length != -1) {
        values[i] = parameter(reader, types.get(i), length, RowEncoder.format(parameterFormats, i), i, portal, io);
      }
    }
    short[] resultFormats = formatCodes(reader);
    reader.expectEnd();
    return new BindMessage(portal, statement, values, resultFormats);
  }

  private static Object parameter(MessageReader reader, PgType type, int length, int format, int index, String portal, IoContext io) {
    int at = reader.position();
    reader.skip(length);
    String text = null;
    try {
      switch (format) {
        case 0 -> {
          text = Utf8.decode(reader.array(), at, length);
          return TypeIo.parse(type, -1, text, io);
        }
        case 1 -> {
          return TypeIo.receive(type, -1, reader.array(), at, length, io, " in bind parameter " + (index + 1));
        }
        default -> throw RowEncoder.unsupportedFormat(format);
      }
    } catch (SqlException e) {
      // Which parameter it was; its value is kept out, as by PostgreSQL's default log_parameter_max_length_on_error.
      String place = (portal.isEmpty() ? "unnamed portal" : "portal \"" + portal + "\"") + " parameter $" + (index + 1) + (text == null ? "" : text.isEmpty() ? " = ''" : " = '...'");
      throw e.withContext(e.context() == null ? place : e.context() + "\n" + place);
    }
  }

  private static short[] formatCodes(MessageReader reader) {
    int count = reader.shortValue();
    reader.need(count * 2);
    if (count == 0) {
      return RowEncoder.ALL_TEXT;
    }
    short[] codes = new short[count];
    for (int i = 0; i < count; i++) {
      codes[i] = (short) reader.shortValue();
    }
    return codes;
  }

  /// @param columnCount columns of the portal
  /// Whether the formats are known shows only when there are rows ([RowEncoder]).
  ///
  /// @throws SqlException 08P01 when there are formats for another number of columns
  void checkResultFormats(int columnCount) {
    if (resultFormats.length > 1 && resultFormats.length != columnCount) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "bind message has " + resultFormats.length + " result formats but query has " + columnCount + " columns");
    }
  }
}
