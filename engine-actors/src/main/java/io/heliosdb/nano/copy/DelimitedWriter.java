package io.heliosdb.nano.copy;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.TypeIo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Writes rows in COPY's text and CSV formats. Confined to one thread.
final class DelimitedWriter implements RowWriter {
  private final boolean csv;
  private final CopyOptions options;
  private final List<CopyColumn> columns;
  private final IoContext io;
  private final boolean[] forceQuote;
  private final byte[] nullBytes;
  private final ByteSink value = new ByteSink();

  DelimitedWriter(boolean csv, CopyOptions options, RowSource source) {
    this.csv = csv;
    this.options = options;
    this.columns = source.columns();
    this.io = source.io();
    nullBytes = options.nullText().getBytes(StandardCharsets.UTF_8);
    forceQuote = new boolean[columns.size()];
    for (int i = 0; i < forceQuote.length; i++) {
      forceQuote[i] = options.forceQuote() == null || options.forceQuote().contains(columns.get(i).name());
    }
  }

  @Override
  public void begin(ByteSink out) {
    if (options.header() == CopyOptions.Header.NONE) {
      return;
    }
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        out.put(options.delimiter());
      }
      value.clear();
      value.putUtf8(columns.get(i).name());
      field(out, false);
    }
    out.put('\n');
  }

  @Override
  public void row(Batch batch, int row, ByteSink out) {
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        out.put(options.delimiter());
      }
      ColumnVector column = batch.column(i);
      if (column.isNull(row)) {
        out.put(nullBytes);
        continue;
      }
      value.clear();
      TypeIo.format(columns.get(i).type(), column.get(row), io, value);
      field(out, forceQuote[i]);
    }
    out.put('\n');
  }

  private void field(ByteSink out, boolean quoteAlways) {
    if (csv) {
      quoted(out, quoteAlways);
    } else {
      text(out);
    }
  }

  private void text(ByteSink out) {
    byte[] bytes = value.array();
    for (int i = 0; i < value.size(); i++) {
      byte b = bytes[i];
      switch (b) {
        case '\b' -> out.put('\\').put('b');
        case '\f' -> out.put('\\').put('f');
        case '\n' -> out.put('\\').put('n');
        case '\r' -> out.put('\\').put('r');
        case '\t' -> out.put('\\').put('t');
        case 0x0b -> out.put('\\').put('v');
        case '\\' -> out.put('\\').put('\\');
        default -> {
          if (b == options.delimiter()) {
            out.put('\\');
          }
          out.put(b);
        }
      }
    }
  }

  private void quoted(ByteSink out, boolean quoteAlways) {
    byte[] bytes = value.array();
    int size = value.size();
    boolean quote = quoteAlways || Arrays.equals(bytes, 0, size, nullBytes, 0, nullBytes.length)
        || columns.size() == 1 && size == 2 && bytes[0] == '\\' && bytes[1] == '.';
    for (int i = 0; i < size && !quote; i++) {
      byte b = bytes[i];
      quote = b == options.delimiter() || b == options.quote() || b == '\n' || b == '\r';
    }
    if (!quote) {
      out.put(bytes, 0, size);
      return;
    }
    out.put(options.quote());
    for (int i = 0; i < size; i++) {
      if (bytes[i] == options.quote() || bytes[i] == options.escape()) {
        out.put(options.escape());
      }
      out.put(bytes[i]);
    }
    out.put(options.quote());
  }
}
