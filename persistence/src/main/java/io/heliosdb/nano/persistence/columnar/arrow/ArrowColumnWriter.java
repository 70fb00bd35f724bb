package io.heliosdb.nano.persistence.columnar.arrow;

import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.execute.TextVector;
import io.heliosdb.nano.persistence.columnar.FileType;
import io.heliosdb.nano.persistence.columnar.LittleEndianSink;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One column of a batch being written: its validity bits, offsets and values. A list has another of these for its elements.
final class ArrowColumnWriter {
  private static final int DECIMAL_BYTES = 16;

  private final String name;
  private final FileType type;
  private final IoContext io;
  private final @Nullable ArrowColumnWriter elements;
  private final boolean variable;
  private final LittleEndianSink validity = new LittleEndianSink(64);
  private final LittleEndianSink offsets = new LittleEndianSink(256);
  private final LittleEndianSink values = new LittleEndianSink(1024);
  private final ByteSink text = new ByteSink();
  private int count;
  private int nulls;

  ArrowColumnWriter(CopyColumn column, IoContext io) {
    this(column.name(), FileType.of(column.type(), column.typmod(), io.types()), io);
  }

  private ArrowColumnWriter(String name, FileType type, IoContext io) {
    this.name = name;
    this.io = io;
    this.type = type;
    elements = type.list() ? new ArrowColumnWriter("item", new FileType(type.kind(), type.type(), type.precision(), type.scale(), false), io) : null;
    variable = elements != null || type.kind() == FileType.Kind.TEXT || type.kind() == FileType.Kind.JSON || type.kind() == FileType.Kind.BYTES;
    clear();
  }

  String name() {
    return name;
  }

  FileType type() {
    return type;
  }

  @Nullable ArrowColumnWriter elements() {
    return elements;
  }

  void clear() {
    validity.clear();
    offsets.clear();
    values.clear();
    count = 0;
    nulls = 0;
    if (variable) {
      offsets.putInt(0);
    }
    if (elements != null) {
      elements.clear();
    }
  }

  int bufferedBytes() {
    return values.size() + offsets.size() + (elements == null ? 0 : elements.bufferedBytes());
  }

  void add(ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      addNull();
      return;
    }
    switch (vector) {
      case TextVector texts when variable && elements == null && type.type().family() != TypeFamily.CHAR -> {
        texts.needBytes(row);
        values.put(texts.buffer(), texts.start(row), texts.length(row));
        added();
      }
      case ColumnVector.Ints ints when type.kind() == FileType.Kind.INT32 -> {
        values.putInt(ints.values[row]);
        added();
      }
      case ColumnVector.Longs longs when type.kind() == FileType.Kind.INT64 -> {
        values.putLong(longs.values[row]);
        added();
      }
      default -> add(vector.get(row));
    }
  }

  private void addNull() {
    nulls++;
    switch (type.kind()) {
      case INT16 -> values.putZeros(elements == null ? 2 : 0);
      case INT32, FLOAT, DATE -> values.putZeros(elements == null ? 4 : 0);
      case INT64, DOUBLE, TIME, TIMESTAMP, TIMESTAMPTZ -> values.putZeros(elements == null ? 8 : 0);
      case DECIMAL, UUID -> values.putZeros(elements == null ? 16 : 0);
      case BOOL, TEXT, JSON, BYTES -> { }
    }
    next();
  }

  private void added() {
    validity.setBit(count);
    next();
  }

  private void next() {
    count++;
    if (variable) {
      offsets.putInt(elements == null ? values.size() : elements.count);
    }
  }

  private void add(@Nullable Object value) {
    if (value == null) {
      addNull();
      return;
    }
    if (elements != null) {
      list((PgArray) value);
      return;
    }
    switch (type.kind()) {
      case BOOL -> {
        if ((Boolean) value) {
          values.setBit(count);
        }
      }
      case INT16 -> values.putShort((Integer) value);
      case INT32 -> values.putInt((Integer) value);
      case INT64, TIME -> values.putLong((Long) value);
      case FLOAT -> values.putInt(Float.floatToRawIntBits((Float) value));
      case DOUBLE -> values.putLong(Double.doubleToRawLongBits((Double) value));
      case DATE -> values.putInt(FileType.dateToFile((Integer) value));
      case TIMESTAMP, TIMESTAMPTZ -> values.putLong(FileType.timestampToFile((Long) value));
      case DECIMAL -> decimal((Numeric) value);
      case UUID -> {
        values.putLongBigEndian(((UUID) value).getMostSignificantBits());
        values.putLongBigEndian(((UUID) value).getLeastSignificantBits());
      }
      case BYTES -> {
        byte[] bytes = ((Bytes) value).unsafeArray();
        values.put(bytes, 0, bytes.length);
      }
      case TEXT, JSON -> {
        text.clear();
        TypeIo.format(type.type(), value, io, text);
        values.put(text.array(), 0, text.size());
      }
    }
    added();
  }

  private void decimal(Numeric value) {
    byte[] digits = type.unscaledBig(value).toByteArray();
    for (int i = digits.length - 1; i >= 0; i--) {
      values.put(digits[i]);
    }
    for (int i = digits.length; i < DECIMAL_BYTES; i++) {
      values.put(digits[0] < 0 ? 0xff : 0);
    }
  }

  private void list(PgArray array) {
    if (!array.isEmpty() && (array.dimensions() != 1 || array.lowerBound(0) != 1)) {
      throw SqlException.notSupported("an array with several dimensions or a lower bound other than 1 in column \"" + name + "\" as a list")
          .withHint("Write the column as text or json.");
    }
    for (int i = 0; i < array.size(); i++) {
      elements.add(array.element(i));
    }
    added();
  }

  /// Appends this column's arrays and buffers to those of the batch.
  void finish(List<long[]> nodes, List<LittleEndianSink> buffers) {
    nodes.add(new long[] {count, nulls});
    int bitBytes = (count + 7) / 8;
    validity.putZeros(Math.max(0, bitBytes - validity.size()));
    buffers.add(validity);
    if (variable) {
      buffers.add(offsets);
    }
    if (elements != null) {
      elements.finish(nodes, buffers);
      return;
    }
    if (type.kind() == FileType.Kind.BOOL) {
      values.putZeros(Math.max(0, bitBytes - values.size()));
    }
    buffers.add(values);
  }
}
