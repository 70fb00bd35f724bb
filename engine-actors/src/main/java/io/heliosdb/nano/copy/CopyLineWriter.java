package io.heliosdb.nano.copy;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;

/// Writes rows in COPY's text and CSV formats. Confined to one thread.
public final class CopyLineWriter {
  private final CopyOptions options;
  private final List<OutputColumn> columns;
  private final IoContext io;
  private final boolean[] forceQuote;
  private final ByteSink value = new ByteSink();

  public CopyLineWriter(CopyOptions options, List<OutputColumn> columns, IoContext io) {
    this.options = options;
    this.columns = columns;
    this.io = io;
    forceQuote = new boolean[columns.size()];
    for (int i = 0; i < forceQuote.length; i++) {
      forceQuote[i] = options.forceQuote() == null || options.forceQuote().contains(columns.get(i).name());
    }
  }

  public void header(ByteSink out) {
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

  /// Appends one row with its newline.
  public void row(ByteSink out, Batch batch, int row) {
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        out.put(options.delimiter());
      }
      ColumnVector column = batch.column(i);
      if (column.isNull(row)) {
        out.putUtf8(options.nullText());
        continue;
      }
      value.clear();
      TypeIo.format(columns.get(i).type(), column.get(row), io, value);
      field(out, forceQuote[i]);
    }
    out.put('\n');
  }

  private void field(ByteSink out, boolean quoteAlways) {
    if (options.format() == CopyOptions.Format.CSV) {
      csv(out, quoteAlways);
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

  private void csv(ByteSink out, boolean quoteAlways) {
    byte[] bytes = value.array();
    int size = value.size();
    boolean quote = quoteAlways || value.toString().equals(options.nullText()) || columns.size() == 1 && value.toString().equals("\\.");
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
