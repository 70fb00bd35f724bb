package io.heliosdb.nano.wire;

import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.execute.TextVector;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.TypeIo;

/// Writes one value of a column vector as the protocol's length and bytes, without boxing where the vector is primitive.
final class ValueEncoder {
  private ValueEncoder() {}

  static void encode(ByteSink out, ColumnVector column, int row, PgType type, boolean binary, IoContext io) {
    if (column.isNull(row)) {
      out.putInt(-1);
      return;
    }
    int lengthAt = out.size();
    out.putInt(0);
    if (binary) {
      binary(out, column, row, type, io);
    } else {
      text(out, column, row, type, io);
    }
    out.setInt(lengthAt, out.size() - lengthAt - 4);
  }

  private static void text(ByteSink out, ColumnVector column, int row, PgType type, IoContext io) {
    switch (column) {
      case ColumnVector.Ints ints when type.family() == TypeFamily.INT4 || type.family() == TypeFamily.INT2 -> out.putDecimal(ints.values[row]);
      case ColumnVector.Ints ints -> TypeIo.formatInt32(type, ints.values[row], io, out);
      case ColumnVector.Longs longs when type.family() == TypeFamily.INT8 -> out.putDecimal(longs.values[row]);
      case ColumnVector.Longs longs -> TypeIo.formatInt64(type, longs.values[row], io, out);
      case ColumnVector.Bools bools -> out.put(bools.values[row] ? 't' : 'f');
      case ColumnVector.Doubles doubles -> TypeIo.formatDouble(doubles.values[row], io, out);
      case ColumnVector.Floats floats -> TypeIo.formatFloat(floats.values[row], io, out);
      case TextVector texts when isPlain(type) -> utf8(out, texts, row);
      case TextVector texts -> TypeIo.format(type, texts.string(row), io, out);
      case ColumnVector.Objects objects -> TypeIo.format(type, objects.values[row], io, out);
    }
  }

  private static boolean isPlain(PgType type) {
    return switch (type.family()) {
      case TEXT, BPCHAR, NAME, JSON, XML -> true;
      default -> false;
    };
  }

  private static void utf8(ByteSink out, TextVector texts, int row) {
    texts.needBytes(row);
    out.put(texts.buffer(), texts.start(row), texts.length(row));
  }

  private static void binary(ByteSink out, ColumnVector column, int row, PgType type, IoContext io) {
    switch (column) {
      case ColumnVector.Ints ints when type.family() == TypeFamily.INT2 -> out.putShort(ints.values[row]);
      case ColumnVector.Ints ints when type.family() == TypeFamily.INT4 || type.family() == TypeFamily.DATE -> out.putInt(ints.values[row]);
      case ColumnVector.Longs longs when type.family() == TypeFamily.INT8 || type.family() == TypeFamily.TIMESTAMP || type.family() == TypeFamily.TIMESTAMPTZ ->
          out.putLong(longs.values[row]);
      case ColumnVector.Doubles doubles -> out.putDouble(doubles.values[row]);
      case TextVector texts when isPlain(type) && TypeIo.isTextInBinary(type) -> utf8(out, texts, row);
      default -> TypeIo.send(type, column.get(row), io, out);
    }
  }
}
