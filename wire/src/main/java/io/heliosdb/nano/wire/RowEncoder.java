package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import java.util.List;

/// Encodes RowDescription and DataRow messages straight from column vectors.
final class RowEncoder {
  static final short[] ALL_TEXT = new short[0];

  void describe(MessageWriter writer, List<OutputColumn> columns, short[] formats) {
    writer.begin('T');
    ByteSink out = writer.sink();
    out.putShort(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      OutputColumn column = columns.get(i);
      PgType type = column.type();
      int typmod = column.typmod();
      while (type.base() != null) {
        typmod = type.baseTypmod();
        type = type.base();
      }
      writer.string(column.name());
      out.putInt(column.tableOid()).putShort(column.attnum()).putInt(type.oid()).putShort(type.length()).putInt(typmod).putShort(format(formats, i));
    }
    writer.end();
  }

  /// @throws SqlException 22023 for an unknown format
  void encode(MessageWriter writer, Batch batch, List<OutputColumn> columns, short[] formats, IoContext io) {
    for (short format : formats) {
      if (format != 0 && format != 1) {
        throw unsupportedFormat(format);
      }
    }
    int count = columns.size();
    ByteSink out = writer.sink();
    for (int row = 0; row < batch.rowCount(); row++) {
      int index = batch.rowIndex(row);
      writer.begin('D');
      out.putShort(count);
      for (int c = 0; c < count; c++) {
        ValueEncoder.encode(out, batch.column(c), index, columns.get(c).type(), format(formats, c) == 1, io);
      }
      writer.end();
    }
  }

  static SqlException unsupportedFormat(int format) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unsupported format code: " + format);
  }

  /// The format of the value at `index`: one code per value, one for all, or none (text).
  static int format(short[] formats, int index) {
    return formats.length == 0 ? 0 : formats.length == 1 ? formats[0] : formats[index];
  }
}
