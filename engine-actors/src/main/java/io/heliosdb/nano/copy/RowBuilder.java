package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes rows of the fields that a [RowReader] finds: converts them to their column's type, knows the place for error messages, and leaves
/// rows out whose values do not fit when `ON_ERROR ignore` says so. Confined to its reader's thread.
///
/// Per row: [#begin], one call per field, [#end]. Errors: those of the types' input functions; 22P04 comes from the readers.
public final class RowBuilder {
  /// Longest value shown in an error's context, in bytes of PostgreSQL's buffer; here in characters.
  private static final int SHOWN_MAX = 100;

  private final RowShape shape;
  private final IoContext io;
  private final RowConsumer consumer;
  private final boolean ignoreErrors;
  private final FieldInput[] inputs;
  private final int[] positions;
  private @Nullable Object[] values;
  private long line;
  private int column = -1;
  private @Nullable Supplier<String> shown;
  private boolean unfit;

  public RowBuilder(RowShape shape, IoContext io, boolean ignoreErrors, RowConsumer consumer) {
    this.shape = shape;
    this.io = io;
    this.consumer = consumer;
    this.ignoreErrors = ignoreErrors;
    positions = shape.positions();
    values = new Object[shape.width()];
    List<CopyColumn> columns = shape.columns();
    inputs = new FieldInput[columns.size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = FieldInput.of(columns.get(i).type(), columns.get(i).typmod(), io);
    }
  }

  public RowShape shape() {
    return shape;
  }

  public IoContext io() {
    return io;
  }

  public int columnCount() {
    return inputs.length;
  }

  public CopyColumn column(int index) {
    return shape.columns().get(index);
  }

  /// The line or record being read, 1-based; 0 before the first.
  public long line() {
    return line;
  }

  /// Sets the line before a row's fields are known, for errors in finding them.
  public void atLine(long newLine) {
    line = newLine;
    column = -1;
    shown = null;
  }

  /// Names the column that an error to come is about.
  public void atColumn(int index) {
    column = index;
  }

  /// A row begins.
  ///
  /// @param text gives the whole line for error messages, null when the format has no lines
  public void begin(long newLine, @Nullable Supplier<String> text) {
    line = newLine;
    shown = text;
    column = -1;
    unfit = false;
  }

  /// A field as UTF-8 text; the bytes are valid UTF-8 or are refused here (22021).
  public void utf8(int index, byte[] bytes, int from, int to) {
    if (unfit) {
      return;
    }
    column = index;
    try {
      values[positions[index]] = inputs[index].parse(bytes, from, to);
      column = -1;
    } catch (SqlException e) {
      unfit(e, index, Encodings.shown(bytes, from, to));
    }
  }

  /// A field as text, null for NULL.
  public void text(int index, @Nullable String text) {
    if (unfit) {
      return;
    }
    column = index;
    PgType type = shape.columns().get(index).type();
    try {
      if (text != null) {
        values[positions[index]] = TypeIo.parse(type, shape.columns().get(index).typmod(), text, io);
      } else if (type.isDomain()) {
        io.types().checkDomain(type, null);
      }
      column = -1;
    } catch (SqlException e) {
      unfit(e, index, text);
    }
  }

  /// A field in PostgreSQL's binary form.
  public void binary(int index, byte[] bytes, int offset, int length) {
    column = index;
    CopyColumn target = shape.columns().get(index);
    values[positions[index]] = TypeIo.receive(target.type(), target.typmod(), bytes, offset, length, io);
    column = -1;
  }

  /// A field whose value the reader has made: of the representation of the column's type and fitted to its modifier. Null for NULL.
  public void value(int index, @Nullable Object value) {
    if (!unfit) {
      values[positions[index]] = value;
    }
  }

  /// A field that `conversion` makes; what it throws counts as a value that does not fit, shown as `text`.
  public void converted(int index, Supplier<@Nullable Object> conversion, Supplier<String> text) {
    if (unfit) {
      return;
    }
    column = index;
    try {
      values[positions[index]] = conversion.get();
      column = -1;
    } catch (SqlException e) {
      unfit(e, index, text.get());
    }
  }

  private void unfit(SqlException error, int index, @Nullable String text) {
    if (ignoreErrors && !error.state().isInternal() && !error.state().equals(SqlState.CHARACTER_NOT_IN_REPERTOIRE)) {
      unfit = true;
      column = -1;
      consumer.skipped(line, shape.columns().get(index), text);
      return;
    }
    if (error.state().equals(SqlState.CHARACTER_NOT_IN_REPERTOIRE)) {
      // PostgreSQL checks the encoding before it knows fields.
      column = -1;
      shown = null;
    } else {
      shown = text == null ? () -> "null input" : () -> "\"" + limited(text) + "\"";
    }
    throw error;
  }

  /// The row is complete.
  public void end() {
    if (unfit) {
      java.util.Arrays.fill(values, null);
      return;
    }
    column = -1;
    Object[] row = values;
    values = new Object[row.length];
    consumer.row(row);
  }

  /// The place of the present row or field, as the context of an error ends: `, line 3, column b: "x"`. Null before the first row.
  public @Nullable String where() {
    if (line == 0) {
      return null;
    }
    StringBuilder text = new StringBuilder(", line ").append(line);
    if (column >= 0) {
      text.append(", column ").append(shape.columns().get(column).name());
      if (shown != null) {
        text.append(": ").append(shown.get());
      }
    } else if (shown != null) {
      text.append(": \"").append(limited(shown.get())).append('"');
    }
    return text.toString();
  }

  /// The text as error messages show it.
  public static String limited(String text) {
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "...";
  }
}
