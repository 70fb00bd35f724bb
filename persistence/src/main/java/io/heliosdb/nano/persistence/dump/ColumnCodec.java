package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.execute.TextVector;
import io.heliosdb.nano.persistence.dump.format.ColumnEncoding;
import io.heliosdb.nano.persistence.dump.format.RowBlock;
import io.heliosdb.nano.persistence.dump.format.RowBlockBuilder;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Representation;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.TypeIo;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Values of one column between the engine's vectors and a dump's blocks. Confined to one thread.
final class ColumnCodec {
  private final PgType type;
  private final int typmod;
  private final ColumnEncoding encoding;
  private final IoContext io;
  private final ByteSink text = new ByteSink(64);

  /// For numeric columns.
  private final @Nullable DecimalDigits decimals;

  ColumnCodec(PgType type, int typmod, IoContext io) {
    this.type = type;
    this.typmod = typmod;
    this.encoding = encodingOf(type);
    this.io = io;
    decimals = type.family() == TypeFamily.NUMERIC && !type.isDomain() ? new DecimalDigits(typmod) : null;
  }

  ColumnEncoding encoding() {
    return encoding;
  }

  PgType type() {
    return type;
  }

  /// How values of a type are written.
  static ColumnEncoding encodingOf(PgType type) {
    return switch (type.family()) {
      case BOOL -> ColumnEncoding.BOOL;
      case INT2, INT4, DATE -> ColumnEncoding.INT32;
      case INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID -> type.representation() == Representation.INT64 ? ColumnEncoding.INT64 : ColumnEncoding.OUTPUT;
      case FLOAT4 -> ColumnEncoding.FLOAT32;
      case FLOAT8 -> ColumnEncoding.FLOAT64;
      case UUID -> ColumnEncoding.UUID;
      case TEXT, BPCHAR, NAME, JSON, XML -> ColumnEncoding.TEXT;
      case BYTEA -> ColumnEncoding.BYTES;
      default -> ColumnEncoding.OUTPUT;
    };
  }

  /// Appends the first `count` values.
  void append(ColumnVector vector, int count, RowBlockBuilder.Column out) {
    for (int i = 0; i < count; i++) {
      if (vector.isNull(i)) {
        out.putNull();
        continue;
      }
      switch (encoding) {
        case BOOL -> out.putBool(((ColumnVector.Bools) vector).values[i]);
        case INT32 -> out.putInt(((ColumnVector.Ints) vector).values[i]);
        case INT64 -> out.putLong(((ColumnVector.Longs) vector).values[i]);
        case FLOAT32 -> out.putInt(Float.floatToRawIntBits(((ColumnVector.Floats) vector).values[i]));
        case FLOAT64 -> out.putLong(Double.doubleToRawLongBits(((ColumnVector.Doubles) vector).values[i]));
        case UUID -> {
          UUID uuid = (UUID) vector.get(i);
          out.putUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        }
        case TEXT -> {
          TextVector texts = (TextVector) vector;
          texts.needBytes(i);
          out.putBytes(texts.buffer(), texts.start(i), texts.length(i));
        }
        case BYTES -> {
          byte[] bytes = ((Bytes) vector.get(i)).unsafeArray();
          out.putBytes(bytes, 0, bytes.length);
        }
        case OUTPUT -> {
          text.clear();
          TypeIo.format(type, vector.get(i), io, text);
          out.putBytes(text.array(), 0, text.size());
        }
      }
    }
  }

  /// Appends one boxed value.
  void append(@Nullable Object value, RowBlockBuilder.Column out) {
    if (value == null) {
      out.putNull();
      return;
    }
    ColumnVector vector = ColumnVector.of(type.representation(), 1);
    vector.set(0, value);
    append(vector, 1, out);
  }

  /// Fills a vector with a block's column.
  void read(RowBlock block, int column, ColumnVector out) {
    for (int i = 0; i < block.rows(); i++) {
      if (block.isNull(column, i)) {
        out.setNull(i);
        continue;
      }
      switch (encoding) {
        case BOOL -> ((ColumnVector.Bools) out).values[i] = block.bool(column, i);
        case INT32 -> ((ColumnVector.Ints) out).values[i] = int32(block.int32(column, i));
        case INT64 -> ((ColumnVector.Longs) out).values[i] = block.int64(column, i);
        case FLOAT32 -> ((ColumnVector.Floats) out).values[i] = Float.intBitsToFloat(block.int32(column, i));
        case FLOAT64 -> ((ColumnVector.Doubles) out).values[i] = Double.longBitsToDouble(block.int64(column, i));
        case UUID -> out.set(i, new UUID(block.uuidMost(column, i), block.uuidLeast(column, i)));
        case TEXT -> ((TextVector) out).setUtf8(i, block.bytes(), block.start(column, i), block.length(column, i));
        case BYTES -> out.set(i, Bytes.copyOf(block.bytes(), block.start(column, i), block.start(column, i) + block.length(column, i)));
        case OUTPUT -> {
          Object value = decimals == null ? null : decimals.parse(block.bytes(), block.start(column, i), block.length(column, i));
          out.set(i, value != null ? value : parse(new String(block.bytes(), block.start(column, i), block.length(column, i), StandardCharsets.UTF_8)));
        }
      }
    }
  }

  private int int32(int value) {
    if (type.length() == 2 && value != (short) value) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value \"" + value + "\" is out of range for type smallint");
    }
    return value;
  }

  private Object parse(String value) {
    return TypeIo.parse(type, typmod, value, io);
  }

  ColumnVector vector(int capacity) {
    return ColumnVector.of(type.representation(), capacity);
  }
}
