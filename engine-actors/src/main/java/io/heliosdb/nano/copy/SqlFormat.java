package io.heliosdb.nano.copy;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Rows as INSERT statements, one for each row, with plain literals that any session reads alike.
///
/// Reading runs nothing: statements are parsed, and only `INSERT … VALUES` of plain literals is taken; see [SqlReader].
final class SqlFormat implements CopyFormat {
  @Override
  public String name() {
    return "sql";
  }

  @Override
  public Set<String> extensions() {
    return Set.of("sql");
  }

  @Override
  public boolean binary() {
    return false;
  }

  @Override
  public Set<CopyOption> options() {
    return EnumSet.of(CopyOption.ENCODING);
  }

  @Override
  public RowReader reader(CopyOptions options, RowBuilder rows) {
    return new SqlReader(rows);
  }

  @Override
  public RowWriter writer(CopyOptions options, RowSource source) {
    return new Writer(source);
  }

  private static final class Writer implements RowWriter {
    private final byte[] head;
    private final List<CopyColumn> columns;
    private final IoContext io;

    Writer(RowSource source) {
      columns = source.columns();
      io = RowSource.portable(source.io());
      ByteSink text = new ByteSink();
      text.putAscii("INSERT INTO ").putUtf8(source.relation()).putAscii(" (")
          .putUtf8(String.join(", ", columns.stream().map(column -> SqlQuoting.identifier(column.name())).toList())).putAscii(") VALUES (");
      head = text.toByteArray();
    }

    @Override
    public void row(Batch batch, int row, ByteSink out) {
      out.put(head);
      for (int i = 0; i < columns.size(); i++) {
        if (i > 0) {
          out.putAscii(", ");
        }
        ColumnVector column = batch.column(i);
        if (column.isNull(row)) {
          out.putAscii("NULL");
        } else {
          value(columns.get(i).type(), column.get(row), out);
        }
      }
      out.putAscii(");\n");
    }

    private void value(PgType type, Object value, ByteSink out) {
      switch (type.family()) {
        case BOOL -> out.putAscii((Boolean) value ? "true" : "false");
        case INT2, INT4 -> out.putDecimal((Integer) value);
        case INT8 -> out.putDecimal((Long) value);
        default -> out.putUtf8(SqlQuoting.literal(TypeIo.toText(type, value, io)));
      }
    }
  }
}
