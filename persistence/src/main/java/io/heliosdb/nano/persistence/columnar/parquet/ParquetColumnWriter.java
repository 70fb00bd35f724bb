package io.heliosdb.nano.persistence.columnar.parquet;

import com.github.luben.zstd.Zstd;
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
import java.math.BigInteger;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One column of a row group being written: values gather in a page, pages in a chunk. Confined to the writer's thread.
final class ParquetColumnWriter {
  static final int PAGE_BYTES = 1 << 20;
  static final int PAGE_VALUES = 1 << 16;
  private static final int DECIMAL_BYTES = 16;
  private static final int ZSTD_LEVEL = 1;

  // Definition levels of a list: NULL, empty, NULL element, element. A flat column has NULL and value.
  private static final int LIST_NULL = 0;
  private static final int LIST_EMPTY = 1;
  private static final int ELEMENT_NULL = 2;
  private static final int ELEMENT = 3;

  final CopyColumn column;
  final FileType type;
  private final IoContext io;
  private final boolean zstd;
  private final int definitionMax;
  private final LittleEndianSink values = new LittleEndianSink(4096);
  private final LevelRuns definitions;
  private final LevelRuns repetitions;
  private final ByteSink text = new ByteSink();
  private int booleans;

  final LittleEndianSink chunk = new LittleEndianSink(4096);
  private final LittleEndianSink page = new LittleEndianSink(4096);
  long chunkValues;
  long chunkNulls;
  long uncompressedBytes;
  private boolean anyBounds;
  private long minLong;
  private long maxLong;
  private double minDouble;
  private double maxDouble;

  ParquetColumnWriter(CopyColumn column, IoContext io, boolean zstd) {
    this.column = column;
    this.io = io;
    this.zstd = zstd;
    type = FileType.of(column.type(), column.typmod(), io.types());
    definitionMax = type.list() ? ELEMENT : 1;
    definitions = new LevelRuns(type.list() ? 2 : 1);
    repetitions = new LevelRuns(1);
  }

  int physicalType() {
    return switch (type.kind()) {
      case BOOL -> ParquetSchema.BOOLEAN;
      case INT16, INT32, DATE -> ParquetSchema.INT32;
      case INT64, TIME, TIMESTAMP, TIMESTAMPTZ -> ParquetSchema.INT64;
      case FLOAT -> ParquetSchema.FLOAT;
      case DOUBLE -> ParquetSchema.DOUBLE;
      case DECIMAL -> type.precision() <= FileType.LONG_DIGITS_MAX ? ParquetSchema.INT64 : ParquetSchema.FIXED_LEN_BYTE_ARRAY;
      case UUID -> ParquetSchema.FIXED_LEN_BYTE_ARRAY;
      case TEXT, JSON, BYTES -> ParquetSchema.BYTE_ARRAY;
    };
  }

  /// Appends one row's value.
  void add(ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      definitions.add(0);
      chunkNulls++;
      if (type.list()) {
        repetitions.add(0);
      }
    } else if (type.list()) {
      list((PgArray) vector.get(row));
    } else {
      definitions.add(1);
      flat(vector, row);
    }
    if (values.size() >= PAGE_BYTES || definitions.count() >= PAGE_VALUES) {
      finishPage();
    }
  }

  private void list(PgArray array) {
    if (array.isEmpty()) {
      definitions.add(LIST_EMPTY);
      repetitions.add(0);
      chunkNulls++;
      return;
    }
    if (array.dimensions() != 1 || array.lowerBound(0) != 1) {
      throw SqlException.notSupported("an array with several dimensions or a lower bound other than 1 in column \"" + column.name() + "\" as a list")
          .withHint("Write the column as text or json.");
    }
    for (int i = 0; i < array.size(); i++) {
      Object element = array.element(i);
      repetitions.add(i == 0 ? 0 : 1);
      definitions.add(element == null ? ELEMENT_NULL : ELEMENT);
      if (element == null) {
        chunkNulls++;
      } else {
        boxed(element);
      }
    }
  }

  private void flat(ColumnVector vector, int row) {
    switch (vector) {
      case ColumnVector.Ints ints -> number(ints.values[row]);
      case ColumnVector.Longs longs -> longNumber(longs.values[row]);
      case ColumnVector.Floats floats -> real(floats.values[row]);
      case ColumnVector.Doubles doubles -> real(doubles.values[row]);
      case TextVector texts when type.kind() == FileType.Kind.JSON || type.type().family() != TypeFamily.CHAR -> {
        texts.needBytes(row);
        values.putInt(texts.length(row));
        values.put(texts.buffer(), texts.start(row), texts.length(row));
      }
      default -> boxed(vector.get(row));
    }
  }

  private void boxed(Object value) {
    switch (type.kind()) {
      case BOOL -> {
        if ((Boolean) value) {
          values.setBit(booleans);
        }
        booleans++;
        bounds((Boolean) value ? 1 : 0);
      }
      case INT16, INT32, DATE -> number((Integer) value);
      case INT64, TIME, TIMESTAMP, TIMESTAMPTZ -> longNumber((Long) value);
      case FLOAT -> real((Float) value);
      case DOUBLE -> real((Double) value);
      case DECIMAL -> decimal((Numeric) value);
      case UUID -> {
        values.putLongBigEndian(((UUID) value).getMostSignificantBits());
        values.putLongBigEndian(((UUID) value).getLeastSignificantBits());
      }
      case BYTES -> {
        byte[] bytes = ((Bytes) value).unsafeArray();
        values.putInt(bytes.length);
        values.put(bytes, 0, bytes.length);
      }
      case TEXT, JSON -> {
        text.clear();
        TypeIo.format(type.type(), value, io, text);
        values.putInt(text.size());
        values.put(text.array(), 0, text.size());
      }
    }
  }

  private void number(int value) {
    int stored = type.kind() == FileType.Kind.DATE ? FileType.dateToFile(value) : value;
    values.putInt(stored);
    bounds(stored);
  }

  private void longNumber(long value) {
    switch (type.kind()) {
      case TEXT -> {
        text.clear();
        TypeIo.format(type.type(), value, io, text);
        values.putInt(text.size());
        values.put(text.array(), 0, text.size());
      }
      case TIMESTAMP, TIMESTAMPTZ -> {
        long stored = FileType.timestampToFile(value);
        values.putLong(stored);
        bounds(stored);
      }
      default -> {
        values.putLong(value);
        bounds(value);
      }
    }
  }

  private void real(float value) {
    values.putInt(Float.floatToRawIntBits(value));
    bounds((double) value);
  }

  private void real(double value) {
    values.putLong(Double.doubleToRawLongBits(value));
    bounds(value);
  }

  private void decimal(Numeric value) {
    if (type.precision() <= FileType.LONG_DIGITS_MAX) {
      long unscaled = type.unscaledLong(value);
      values.putLong(unscaled);
      bounds(unscaled);
      return;
    }
    byte[] digits = type.unscaledBig(value).toByteArray();
    int sign = digits[0] < 0 ? 0xff : 0;
    for (int i = digits.length; i < DECIMAL_BYTES; i++) {
      values.put(sign);
    }
    values.put(digits, 0, digits.length);
  }

  // ---- statistics ----

  private void bounds(long value) {
    if (!anyBounds) {
      anyBounds = true;
      minLong = value;
      maxLong = value;
    } else {
      minLong = Math.min(minLong, value);
      maxLong = Math.max(maxLong, value);
    }
  }

  /// NaN has no place in the order, so it counts for no bound (and makes the chunk's bounds no statement about it).
  private void bounds(double value) {
    if (Double.isNaN(value)) {
      return;
    }
    if (!anyBounds) {
      anyBounds = true;
      minDouble = value;
      maxDouble = value;
    } else {
      minDouble = Math.min(minDouble, value);
      maxDouble = Math.max(maxDouble, value);
    }
  }

  byte @Nullable [] bound(boolean greatest) {
    if (!anyBounds) {
      return null;
    }
    LittleEndianSink out = new LittleEndianSink(8);
    long number = greatest ? maxLong : minLong;
    // Zero has two signs, and a reader may look for either.
    double real = greatest ? maxDouble == 0 ? 0.0 : maxDouble : minDouble == 0 ? -0.0 : minDouble;
    switch (physicalType()) {
      case ParquetSchema.BOOLEAN -> out.put((int) number);
      case ParquetSchema.INT32 -> out.putInt((int) number);
      case ParquetSchema.INT64 -> out.putLong(number);
      case ParquetSchema.FLOAT -> out.putInt(Float.floatToRawIntBits((float) real));
      case ParquetSchema.DOUBLE -> out.putLong(Double.doubleToRawLongBits(real));
      default -> {
        return null;
      }
    }
    return java.util.Arrays.copyOf(out.array(), out.size());
  }

  // ---- pages ----

  int bufferedBytes() {
    return values.size() + chunk.size();
  }

  void finishPage() {
    int count = definitions.count();
    if (count == 0) {
      return;
    }
    page.clear();
    if (type.list()) {
      repetitions.writeTo(page);
    }
    definitions.writeTo(page);
    if (type.kind() == FileType.Kind.BOOL && booleans > 0) {
      // Trailing false values have set no bit.
      int bytes = (booleans + 7) / 8;
      values.putZeros(Math.max(0, bytes - values.size()));
    }
    page.put(values.array(), 0, values.size());
    byte[] stored = page.array();
    int storedBytes = page.size();
    if (zstd) {
      byte[] compressed = new byte[Math.toIntExact(Zstd.compressBound(page.size()))];
      long size = Zstd.compressByteArray(compressed, 0, compressed.length, page.array(), 0, page.size(), ZSTD_LEVEL);
      if (Zstd.isError(size)) {
        throw new IllegalStateException(Zstd.getErrorName(size));
      }
      stored = compressed;
      storedBytes = (int) size;
    }
    int headerStart = chunk.size();
    new ThriftWriter(chunk).struct()
        .number(1, ParquetSchema.PAGE_DATA).number(2, page.size()).number(3, storedBytes)
        .struct(5).number(1, count).number(2, ParquetSchema.ENCODING_PLAIN).number(3, ParquetSchema.ENCODING_RLE).number(4, ParquetSchema.ENCODING_RLE).end()
        .end();
    uncompressedBytes += chunk.size() - headerStart + page.size();
    chunk.put(stored, 0, storedBytes);
    chunkValues += count;
    values.clear();
    definitions.clear();
    repetitions.clear();
    booleans = 0;
  }

  /// The next row group begins.
  void clear() {
    chunk.clear();
    chunkValues = 0;
    chunkNulls = 0;
    uncompressedBytes = 0;
    anyBounds = false;
  }

  int definitionMax() {
    return definitionMax;
  }
}
