package io.heliosdb.nano.persistence.migrate.postgres;

import io.heliosdb.nano.persistence.migrate.BatchedRows;
import io.heliosdb.nano.persistence.migrate.RowBatch;
import io.heliosdb.nano.persistence.migrate.ServerTarget;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/// Rows that a server sends by COPY in text format, in batches of fields. Used by one thread at a time.
final class CopyRows extends BatchedRows {
  private final CopyOut copy;
  private final int columns;
  private final RowBatch batch = new RowBatch();
  private boolean ended;

  CopyRows(CopyOut copy, int columns) {
    this.copy = copy;
    this.columns = columns;
  }

  @Override
  protected @Nullable List<@Nullable Object[]> read() {
    try {
      boolean full = false;
      while (!full && !ended) {
        byte[] line = copy.readFromCopy();
        if (line == null) {
          ended = true;
        } else {
          full = batch.add(fields(line));
        }
      }
    } catch (SQLException e) {
      throw ServerTarget.translated(e);
    }
    return batch.take();
  }

  private @Nullable Object[] fields(byte[] line) {
    @Nullable Object[] fields = new Object[columns];
    if (columns == 0) {
      return fields;
    }
    int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
    int from = 0;
    int field = 0;
    boolean escaped = false;
    for (int i = 0; i <= end; i++) {
      if (i == end || line[i] == '\t') {
        fields[field++] = escaped ? unescaped(line, from, i) : new String(line, from, i - from, StandardCharsets.UTF_8);
        from = i + 1;
        escaped = false;
      } else if (line[i] == '\\') {
        escaped = true;
        i++;
      }
    }
    return fields;
  }

  private static @Nullable String unescaped(byte[] line, int from, int end) {
    if (end - from == 2 && line[from] == '\\' && line[from + 1] == 'N') {
      return null;
    }
    byte[] out = new byte[end - from];
    int count = 0;
    for (int i = from; i < end; i++) {
      byte b = line[i];
      if (b == '\\') {
        b = switch (line[++i]) {
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'v' -> 0x0b;
          default -> line[i];
        };
      }
      out[count++] = b;
    }
    return new String(out, 0, count, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException e) {
      throw ServerTarget.translated(e);
    }
  }
}
