package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;
import java.util.Set;

/// PostgreSQL's binary COPY format: a signature, flags, then per row a count of fields and per field its length (-1 for NULL) and the type's
/// binary form, all big-endian; -1 as the count ends it. Source: PostgreSQL 15 manual, COPY, "Binary Format".
final class BinaryFormat implements CopyFormat {
  static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};

  @Override
  public String name() {
    return "binary";
  }

  @Override
  public Set<String> extensions() {
    return Set.of("pgcopy");
  }

  @Override
  public boolean binary() {
    return true;
  }

  @Override
  public Set<CopyOption> options() {
    return Set.of(CopyOption.ENCODING);
  }

  @Override
  public RowReader reader(CopyOptions options, RowBuilder rows) {
    for (int i = 0; i < rows.columnCount(); i++) {
      PgType type = rows.column(i).type();
      if (type.receive().equals("-")) {
        throw new SqlException(SqlState.UNDEFINED_FUNCTION, "no binary input function available for type " + TypeIo.typeName(type, -1, rows.io().types()));
      }
    }
    return new BinaryReader(rows);
  }

  @Override
  public RowWriter writer(CopyOptions options, RowSource source) {
    for (CopyColumn column : source.columns()) {
      if (!TypeIo.hasBinaryForm(column.type())) {
        throw new SqlException(
            SqlState.UNDEFINED_FUNCTION, "no binary output function available for type " + TypeIo.typeName(column.type(), -1, source.io().types()));
      }
    }
    return new Writer(source.columns(), source.io());
  }

  private static final class Writer implements RowWriter {
    private final List<CopyColumn> columns;
    private final IoContext io;

    Writer(List<CopyColumn> columns, IoContext io) {
      this.columns = columns;
      this.io = io;
    }

    @Override
    public void begin(ByteSink out) {
      out.put(SIGNATURE).putInt(0).putInt(0);
    }

    @Override
    public void row(Batch batch, int row, ByteSink out) {
      int count = columns.size();
      out.putShort(count);
      for (int i = 0; i < count; i++) {
        ColumnVector column = batch.column(i);
        if (column.isNull(row)) {
          out.putInt(-1);
          continue;
        }
        int start = out.size();
        out.putInt(0);
        TypeIo.send(columns.get(i).type(), column.get(row), io, out);
        out.setInt(start, out.size() - start - 4);
      }
    }

    @Override
    public void end(ByteSink out) {
      out.putShort(-1);
    }
  }
}
