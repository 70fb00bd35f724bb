package io.heliosdb.nano.persistence.columnar.arrow;

import static io.heliosdb.nano.persistence.columnar.arrow.ArrowFormatNumbers.*;

import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.RowBuilder;
import io.heliosdb.nano.copy.RowReader;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.columnar.Conversion;
import io.heliosdb.nano.persistence.columnar.LittleEndianSink;
import io.heliosdb.nano.persistence.columnar.ReadBudget;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads rows of an Arrow IPC stream or file from its front; which of the two it is, the first bytes tell. Columns are found by name.
///
/// Keeps one message, whose bytes are taken as they come: a length that lies costs nothing. Its parts count against a budget before they are
/// decompressed. Errors: 22P04 for a malformed file, 0A000 for nested columns.
final class ArrowReader implements RowReader {
  private static final int METADATA_BYTES_MAX = 16 << 20;
  private static final int FILE_HEAD_BYTES = 8;

  private enum State { HEAD, PREFIX, LENGTH, METADATA, BODY, ENDED }

  /// A column that is read, and how.
  private record Input(int field, Conversion conversion, @Nullable PgType element, @Nullable Conversion ofArray) {}

  private final RowBuilder rows;
  private final ReadBudget budget = new ReadBudget();
  private final Map<Long, Object[]> dictionaries = new HashMap<>();
  private State state = State.HEAD;
  private long needed = FILE_HEAD_BYTES;
  private byte[] pending = new byte[1024];
  private int pendingBytes;
  private @Nullable FlatTable message;
  private @Nullable List<ArrowField> fields;
  private List<Input> inputs = List.of();
  private long rowNumber;

  ArrowReader(RowBuilder rows) {
    this.rows = rows;
  }

  @Override
  public void feed(byte[] bytes, int offset, int count) {
    int at = offset;
    int end = offset + count;
    while (at < end && state != State.ENDED) {
      int moved = (int) Math.min(needed - pendingBytes, end - at);
      keep(bytes, at, moved);
      at += moved;
      while (pendingBytes == needed && state != State.ENDED) {
        take();
      }
    }
  }

  private void keep(byte[] bytes, int from, int count) {
    if (pending.length - pendingBytes < count) {
      int capacity = (int) Math.min(needed, Math.max(pendingBytes + count, pending.length * 2L));
      budget.reserve(capacity - (long) pending.length);
      pending = Arrays.copyOf(pending, capacity);
    }
    System.arraycopy(bytes, from, pending, pendingBytes, count);
    pendingBytes += count;
  }

  private void next(State newState, long bytes) {
    state = newState;
    needed = bytes;
    pendingBytes = 0;
  }

  /// What the present state was waiting for is there.
  private void take() {
    try {
      switch (state) {
        case HEAD -> head();
        case PREFIX -> {
          int word = LittleEndianSink.getInt(pending, 0);
          if (word == CONTINUATION) {
            next(State.LENGTH, 4);
          } else {
            // Before version 0.15 there was no prefix.
            length(word);
          }
        }
        case LENGTH -> length(LittleEndianSink.getInt(pending, 0));
        case METADATA -> metadata();
        case BODY -> body();
        case ENDED -> { }
      }
    } catch (IndexOutOfBoundsException | NegativeArraySizeException | ArithmeticException e) {
      throw ArrowField.malformed("an offset points outside its message");
    }
  }

  private void head() {
    if (Arrays.equals(pending, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      next(State.PREFIX, 4);
      return;
    }
    // A stream: the eight bytes are the prefix and the length, or in the old form a length and the beginning of what follows.
    if (LittleEndianSink.getInt(pending, 0) != CONTINUATION) {
      throw ArrowField.malformed("the magic number is missing");
    }
    length(LittleEndianSink.getInt(pending, 4));
  }

  private void length(int length) {
    if (length == 0) {
      next(State.ENDED, 1);
      return;
    }
    if (length < 0 || length > METADATA_BYTES_MAX) {
      throw ArrowField.malformed("metadata of " + length + " bytes");
    }
    next(State.METADATA, length);
  }

  private void metadata() {
    message = FlatTable.root(Arrays.copyOf(pending, (int) needed), (int) needed);
    long bodyBytes = message.longAt(3, 0);
    if (bodyBytes < 0 || bodyBytes > Integer.MAX_VALUE - 16) {
      throw ArrowField.malformed("a body of " + bodyBytes + " bytes");
    }
    next(State.BODY, bodyBytes);
  }

  private void body() {
    FlatTable header = message.table(2);
    if (header == null) {
      throw ArrowField.malformed("a message without a header");
    }
    switch (message.byteAt(1, (byte) 0)) {
      case HEADER_SCHEMA -> schema(header);
      case HEADER_DICTIONARY -> dictionary(header);
      case HEADER_RECORD_BATCH -> batch(header);
      default -> { }
    }
    next(State.PREFIX, 4);
  }

  // ---- schema ----

  private void schema(FlatTable schema) {
    if (fields != null) {
      throw ArrowField.malformed("a second schema");
    }
    fields = ArrowField.ofSchema(schema);
    inputs = new ArrayList<>();
    for (int i = 0; i < rows.columnCount(); i++) {
      inputs.add(input(rows.column(i)));
    }
  }

  private Input input(CopyColumn target) {
    int index = find(target.name());
    if (index < 0) {
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "missing data for column \"" + target.name() + "\"")
          .withDetail("The Arrow file has the columns " + String.join(", ", fields.stream().map(f -> "\"" + f.name() + "\"").toList()) + ".");
    }
    ArrowField field = fields.get(index);
    PgType from = field.type();
    if (from == null) {
      throw SqlException.notSupported("nested column \"" + field.name() + "\" of Arrow");
    }
    int scale = field.isList() ? field.children().getFirst().scale() : field.scale();
    PgType to = target.type();
    if (!field.isList()) {
      return new Input(index, Conversion.of(from, scale, target, rows.io()), null, null);
    }
    if (to.isArray()) {
      PgType element = rows.io().types().byOid(to.elementOid());
      return new Input(index, Conversion.of(from, scale, new CopyColumn(target.name(), element, target.typmod()), rows.io()), element, null);
    }
    PgType array = rows.io().types().byOid(from.arrayOid());
    return new Input(index, value -> value, from, value -> TypeIo.parse(to, target.typmod(), TypeIo.toText(array, value, rows.io()), rows.io()));
  }

  private int find(String name) {
    int inOtherCase = -1;
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
      if (fields.get(i).name().equalsIgnoreCase(name)) {
        inOtherCase = i;
      }
    }
    return inOtherCase;
  }

  // ---- batches ----

  private void dictionary(FlatTable header) {
    long id = header.longAt(0, 0);
    ArrowField field = fields == null ? null : dictionaryField(fields, id);
    FlatTable data = header.table(1);
    if (field == null || data == null) {
      throw ArrowField.malformed("a dictionary that no column uses");
    }
    try (ArrowBatch batch = new ArrowBatch(data, pending, (int) needed, dictionaries, budget)) {
      ArrowBatch.Values values = batch.dictionaryValues(field);
      int count = batch.rows();
      budget.reserve(count * 16L);
      Object[] known = header.byteAt(2, (byte) 0) != 0 ? dictionaries.getOrDefault(id, new Object[0]) : new Object[0];
      Object[] entries = Arrays.copyOf(known, Math.addExact(known.length, count));
      for (int i = 0; i < count; i++) {
        entries[known.length + i] = values.get(i);
      }
      dictionaries.put(id, entries);
    }
  }

  private static @Nullable ArrowField dictionaryField(List<ArrowField> fields, long id) {
    for (ArrowField field : fields) {
      if (field.dictionary() == id) {
        return field;
      }
      ArrowField inside = dictionaryField(field.children(), id);
      if (inside != null) {
        return inside;
      }
    }
    return null;
  }

  private void batch(FlatTable header) {
    if (fields == null) {
      throw ArrowField.malformed("a batch before the schema");
    }
    try (ArrowBatch batch = new ArrowBatch(header, pending, (int) needed, dictionaries, budget)) {
      ArrowBatch.Values[] columns = new ArrowBatch.Values[fields.size()];
      for (int i = 0; i < columns.length; i++) {
        int field = i;
        columns[i] = batch.values(fields.get(i), inputs.stream().anyMatch(input -> input.field == field));
      }
      for (int row = 0; row < batch.rows(); row++) {
        row(columns, row);
      }
    }
  }

  private void row(ArrowBatch.Values[] columns, int row) {
    rows.begin(++rowNumber, null);
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      rows.atColumn(i);
      Object value = columns[input.field].get(row);
      if (value == null) {
        rows.text(i, null);
      } else if (input.element == null) {
        rows.value(i, input.conversion.convert(value));
      } else {
        Object array = array(input, (Object[]) value);
        rows.value(i, input.ofArray == null ? array : input.ofArray.convert(array));
      }
    }
    rows.end();
  }

  private static PgArray array(Input input, @Nullable Object[] elements) {
    if (elements.length == 0) {
      return PgArray.empty(input.element);
    }
    for (int i = 0; i < elements.length; i++) {
      if (elements[i] != null) {
        elements[i] = input.conversion.convert(elements[i]);
      }
    }
    return PgArray.of(input.element, elements);
  }

  @Override
  public void finish() {
    boolean betweenMessages = state == State.PREFIX && pendingBytes == 0;
    if (state != State.ENDED && !betweenMessages || fields == null) {
      throw ArrowField.malformed("the file ends too early");
    }
  }
}
