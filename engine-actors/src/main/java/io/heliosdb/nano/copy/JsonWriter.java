package io.heliosdb.nano.copy;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.function.impl.JsonConversion;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;

/// Writes rows as [JsonFormat] says.
final class JsonWriter implements RowWriter {
  private final boolean lines;
  private final List<CopyColumn> columns;
  private final IoContext io;
  private final byte[][] keys;
  private boolean any;

  JsonWriter(boolean lines, List<CopyColumn> columns, IoContext io) {
    this.lines = lines;
    this.columns = columns;
    this.io = io;
    keys = new byte[columns.size()][];
    for (int i = 0; i < keys.length; i++) {
      ByteSink key = new ByteSink();
      Jsonb.quote(columns.get(i).name(), key);
      keys[i] = key.put(':').toByteArray();
    }
  }

  @Override
  public void begin(ByteSink out) {
    if (!lines) {
      out.put('[');
    }
  }

  @Override
  public void row(Batch batch, int row, ByteSink out) {
    if (!lines) {
      out.put(any ? ',' : '\n');
      if (any) {
        out.put('\n');
      }
    }
    any = true;
    out.put('{');
    boolean first = true;
    for (int i = 0; i < keys.length; i++) {
      PgType type = columns.get(i).type();
      ColumnVector column = batch.column(i);
      if (column.isNull(row) && isJson(type)) {
        continue;
      }
      if (!first) {
        out.put(',');
      }
      first = false;
      out.put(keys[i]);
      value(type, column, row, out);
    }
    out.put('}');
    if (lines) {
      out.put('\n');
    }
  }

  static boolean isJson(PgType type) {
    return type.family() == TypeFamily.JSON || type.family() == TypeFamily.JSONB;
  }

  private void value(PgType type, ColumnVector column, int row, ByteSink out) {
    if (column.isNull(row)) {
      out.putAscii("null");
      return;
    }
    switch (type.family()) {
      case INT2, INT4 -> out.putDecimal(((ColumnVector.Ints) column).values[row]);
      case INT8 -> out.putDecimal(((ColumnVector.Longs) column).values[row]);
      case JSON -> json((String) column.get(row), out);
      case ARRAY -> {
        PgArray array = (PgArray) column.get(row);
        if (isJson(array.elementType()) || !hasUsualBounds(array)) {
          Jsonb.quote(TypeIo.toText(type, array, io), out);
        } else {
          JsonConversion.write(type, array, io, false, out);
        }
      }
      default -> JsonConversion.write(type, column.get(row), io, false, out);
    }
  }

  /// Text of type json may hold line breaks between its parts; in a line they become blanks.
  private void json(String text, ByteSink out) {
    out.putUtf8(lines && (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) ? text.replace('\n', ' ').replace('\r', ' ') : text);
  }

  private static boolean hasUsualBounds(PgArray array) {
    for (int i = 0; i < array.dimensions(); i++) {
      if (array.lowerBound(i) != 1) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void end(ByteSink out) {
    if (!lines) {
      out.putAscii("\n]\n");
    }
  }
}
