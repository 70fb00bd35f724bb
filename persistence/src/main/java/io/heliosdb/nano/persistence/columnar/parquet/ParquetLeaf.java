package io.heliosdb.nano.persistence.columnar.parquet;

import io.heliosdb.nano.copy.Encodings;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.columnar.FileType;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/// A column of a Parquet file that holds values: its path, levels and type.
///
/// @param name of the top-level column
/// @param list whether it is the element of a list
/// @param nullLevel definition level from which the list (or the value of a flat column) is there
/// @param elementLevel definition level from which a list has an element
/// @param type the SQL type its values are read as; see [#value]
record ParquetLeaf(
    String name, boolean list, int definitionMax, int repetitionMax, int nullLevel, int elementLevel, int physical, int typeLength, Meaning meaning, int scale,
    PgType type) {
  /// What the physical value stands for.
  enum Meaning {
    BOOL, INT, UNSIGNED_32, UNSIGNED_64, FLOAT, DOUBLE, FLOAT16, DECIMAL, TEXT, JSON, BYTES, UUID, DATE, TIME_MILLIS, TIME_MICROS, TIME_NANOS,
    TIMESTAMP_MILLIS, TIMESTAMP_MICROS, TIMESTAMP_NANOS, INT96, INTERVAL
  }

  private static final long NANOS_PER_MICRO = 1000;
  private static final int JULIAN_DAY_1970 = 2_440_588;

  /// The meaning of a leaf of the schema, and the type its values are read as.
  static ParquetLeaf of(ThriftReader.Struct element, String name, boolean list, int definitionMax, int repetitionMax, int nullLevel, int elementLevel) {
    int physical = element.number(1, -1);
    int length = element.number(2, 0);
    int converted = element.number(6, -1);
    ThriftReader.Struct logical = element.struct(10);
    int scale = element.number(7, 0);
    Meaning meaning = null;
    boolean utc = true;
    if (logical != null && logical.hasStruct(ParquetSchema.LOGICAL_TIMESTAMP)) {
      ThriftReader.Struct timestamp = logical.struct(ParquetSchema.LOGICAL_TIMESTAMP);
      utc = timestamp.flag(1, true);
      meaning = switch (unit(timestamp)) {
        case ParquetSchema.UNIT_MILLIS -> Meaning.TIMESTAMP_MILLIS;
        case ParquetSchema.UNIT_NANOS -> Meaning.TIMESTAMP_NANOS;
        default -> Meaning.TIMESTAMP_MICROS;
      };
    } else if (logical != null && logical.hasStruct(ParquetSchema.LOGICAL_TIME)) {
      meaning = switch (unit(logical.struct(ParquetSchema.LOGICAL_TIME))) {
        case ParquetSchema.UNIT_MILLIS -> Meaning.TIME_MILLIS;
        case ParquetSchema.UNIT_NANOS -> Meaning.TIME_NANOS;
        default -> Meaning.TIME_MICROS;
      };
    } else if (logical != null && logical.hasStruct(ParquetSchema.LOGICAL_DECIMAL)) {
      scale = logical.struct(ParquetSchema.LOGICAL_DECIMAL).number(1, 0);
      meaning = Meaning.DECIMAL;
    } else if (logical != null && logical.hasStruct(ParquetSchema.LOGICAL_DATE)) {
      meaning = Meaning.DATE;
    } else if (logical != null && logical.hasStruct(ParquetSchema.LOGICAL_UUID)) {
      meaning = Meaning.UUID;
    } else if (logical != null && logical.hasStruct(ParquetSchema.LOGICAL_FLOAT16)) {
      meaning = Meaning.FLOAT16;
    } else if (logical != null && logical.hasStruct(ParquetSchema.LOGICAL_INTEGER) && !logical.struct(ParquetSchema.LOGICAL_INTEGER).flag(2, true)) {
      meaning = physical == ParquetSchema.INT64 ? Meaning.UNSIGNED_64 : Meaning.UNSIGNED_32;
    } else if (logical != null && (logical.hasStruct(ParquetSchema.LOGICAL_STRING) || logical.hasStruct(ParquetSchema.LOGICAL_ENUM))) {
      meaning = Meaning.TEXT;
    } else if (logical != null && logical.hasStruct(ParquetSchema.LOGICAL_JSON)) {
      meaning = Meaning.JSON;
    }
    if (meaning == null) {
      meaning = converted(converted, physical);
    }
    PgType type = typeOf(meaning, physical, utc);
    checkPhysical(name, meaning, physical, length);
    if (scale < 0 || scale > Numeric.MAX_SCALE) {
      throw Malformed.because("a decimal scale of " + scale);
    }
    return new ParquetLeaf(name, list, definitionMax, repetitionMax, nullLevel, elementLevel, physical, length, meaning, scale, type);
  }

  private static int unit(ThriftReader.Struct time) {
    ThriftReader.Struct unit = time == null ? null : time.struct(time.has(2) ? 2 : 1);
    return unit == null ? ParquetSchema.UNIT_MICROS
        : unit.has(ParquetSchema.UNIT_MILLIS) ? ParquetSchema.UNIT_MILLIS : unit.has(ParquetSchema.UNIT_NANOS) ? ParquetSchema.UNIT_NANOS : ParquetSchema.UNIT_MICROS;
  }

  private static Meaning converted(int converted, int physical) {
    return switch (converted) {
      case ParquetSchema.CONVERTED_UTF8, ParquetSchema.CONVERTED_ENUM -> Meaning.TEXT;
      case ParquetSchema.CONVERTED_JSON -> Meaning.JSON;
      case ParquetSchema.CONVERTED_DECIMAL -> Meaning.DECIMAL;
      case ParquetSchema.CONVERTED_DATE -> Meaning.DATE;
      case ParquetSchema.CONVERTED_TIME_MILLIS -> Meaning.TIME_MILLIS;
      case ParquetSchema.CONVERTED_TIME_MICROS -> Meaning.TIME_MICROS;
      case ParquetSchema.CONVERTED_TIMESTAMP_MILLIS -> Meaning.TIMESTAMP_MILLIS;
      case ParquetSchema.CONVERTED_TIMESTAMP_MICROS -> Meaning.TIMESTAMP_MICROS;
      case ParquetSchema.CONVERTED_UINT_8, ParquetSchema.CONVERTED_UINT_16, ParquetSchema.CONVERTED_UINT_32 -> Meaning.UNSIGNED_32;
      case ParquetSchema.CONVERTED_UINT_64 -> Meaning.UNSIGNED_64;
      case ParquetSchema.CONVERTED_INTERVAL -> Meaning.INTERVAL;
      default -> switch (physical) {
        case ParquetSchema.BOOLEAN -> Meaning.BOOL;
        case ParquetSchema.INT32, ParquetSchema.INT64 -> Meaning.INT;
        case ParquetSchema.INT96 -> Meaning.INT96;
        case ParquetSchema.FLOAT -> Meaning.FLOAT;
        case ParquetSchema.DOUBLE -> Meaning.DOUBLE;
        case ParquetSchema.BYTE_ARRAY, ParquetSchema.FIXED_LEN_BYTE_ARRAY -> Meaning.BYTES;
        default -> throw Malformed.because("unknown physical type " + physical);
      };
    };
  }

  private static PgType typeOf(Meaning meaning, int physical, boolean utc) {
    return switch (meaning) {
      case BOOL -> PgTypes.BOOL;
      case INT -> physical == ParquetSchema.INT32 ? PgTypes.INT4 : PgTypes.INT8;
      case UNSIGNED_32 -> PgTypes.INT8;
      case UNSIGNED_64, DECIMAL -> PgTypes.NUMERIC;
      case FLOAT, FLOAT16 -> PgTypes.FLOAT4;
      case DOUBLE -> PgTypes.FLOAT8;
      case TEXT -> PgTypes.TEXT;
      case JSON -> PgTypes.JSON;
      case BYTES -> PgTypes.BYTEA;
      case UUID -> PgTypes.UUID;
      case DATE -> PgTypes.DATE;
      case TIME_MILLIS, TIME_MICROS, TIME_NANOS -> PgTypes.TIME;
      case TIMESTAMP_MILLIS, TIMESTAMP_MICROS, TIMESTAMP_NANOS -> utc ? PgTypes.TIMESTAMPTZ : PgTypes.TIMESTAMP;
      case INT96 -> PgTypes.TIMESTAMP;
      case INTERVAL -> PgTypes.INTERVAL;
    };
  }

  private static void checkPhysical(String name, Meaning meaning, int physical, int length) {
    boolean right = switch (meaning) {
      case BOOL -> physical == ParquetSchema.BOOLEAN;
      case INT -> physical == ParquetSchema.INT32 || physical == ParquetSchema.INT64;
      case UNSIGNED_32, DATE, TIME_MILLIS -> physical == ParquetSchema.INT32;
      case UNSIGNED_64, TIME_MICROS, TIME_NANOS, TIMESTAMP_MILLIS, TIMESTAMP_MICROS, TIMESTAMP_NANOS -> physical == ParquetSchema.INT64;
      case FLOAT -> physical == ParquetSchema.FLOAT;
      case DOUBLE -> physical == ParquetSchema.DOUBLE;
      case FLOAT16 -> physical == ParquetSchema.FIXED_LEN_BYTE_ARRAY && length == 2;
      case DECIMAL -> physical == ParquetSchema.INT32 || physical == ParquetSchema.INT64 || physical == ParquetSchema.BYTE_ARRAY
          || physical == ParquetSchema.FIXED_LEN_BYTE_ARRAY && length > 0;
      case TEXT, JSON, BYTES -> physical == ParquetSchema.BYTE_ARRAY || physical == ParquetSchema.FIXED_LEN_BYTE_ARRAY && length > 0;
      case UUID -> physical == ParquetSchema.FIXED_LEN_BYTE_ARRAY && length == 16;
      case INT96 -> physical == ParquetSchema.INT96;
      case INTERVAL -> physical == ParquetSchema.FIXED_LEN_BYTE_ARRAY && length == 12;
    };
    if (!right || length < 0 || length > 1 << 20) {
      throw Malformed.because("column \"" + name + "\" has a physical type that does not go with its logical type");
    }
  }

  // ---- values ----

  /// The value of a number (INT32, INT64, BOOLEAN as 0 and 1).
  Object value(long number) {
    return switch (meaning) {
      case BOOL -> number != 0;
      case INT -> physical == ParquetSchema.INT32 ? (Object) (int) number : (Object) number;
      case UNSIGNED_32 -> number & 0xffff_ffffL;
      case UNSIGNED_64 -> number >= 0 ? Numeric.of(number) : Numeric.of(new BigInteger(Long.toUnsignedString(number)), 0);
      case DECIMAL -> Numeric.of(number, scale);
      case DATE -> FileType.dateFromFile((int) number);
      case TIME_MILLIS -> time(Math.multiplyExact(number, 1000L));
      case TIME_MICROS -> time(number);
      case TIME_NANOS -> time(number / NANOS_PER_MICRO);
      case TIMESTAMP_MILLIS -> timestampOfMillis(number);
      case TIMESTAMP_MICROS -> FileType.timestampFromFile(number);
      case TIMESTAMP_NANOS -> FileType.timestampFromFile(Math.floorDiv(number, NANOS_PER_MICRO));
      default -> throw new IllegalStateException(meaning.toString());
    };
  }

  private static Long time(long micros) {
    if (micros < 0 || micros > io.heliosdb.nano.type.DateTimes.MICROS_PER_DAY) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "time out of range");
    }
    return micros;
  }

  private static Long timestampOfMillis(long millis) {
    if (Math.abs(millis) > Long.MAX_VALUE / 1000 || millis == Long.MIN_VALUE) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range");
    }
    return FileType.timestampFromFile(millis * 1000);
  }

  Object value(float number) {
    return number;
  }

  Object value(double number) {
    return number;
  }

  /// The value of `bytes[from, from + length)`.
  Object value(byte[] bytes, int from, int length) {
    return switch (meaning) {
      case TEXT, JSON -> Encodings.utf8(bytes, from, from + length);
      case BYTES -> Bytes.copyOf(bytes, from, from + length);
      case DECIMAL -> length == 0 ? Numeric.ZERO : Numeric.of(new BigInteger(bytes, from, length), scale);
      case UUID -> {
        ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
        yield new UUID(in.getLong(), in.getLong());
      }
      case FLOAT16 -> Float.float16ToFloat((short) (bytes[from] & 0xff | bytes[from + 1] << 8));
      case INT96 -> {
        ByteBuffer in = ByteBuffer.wrap(bytes, from, length).order(ByteOrder.LITTLE_ENDIAN);
        long nanos = in.getLong();
        long day = in.getInt() - (long) JULIAN_DAY_1970;
        yield FileType.timestampFromFile(day * io.heliosdb.nano.type.DateTimes.MICROS_PER_DAY + nanos / NANOS_PER_MICRO);
      }
      case INTERVAL -> {
        ByteBuffer in = ByteBuffer.wrap(bytes, from, length).order(ByteOrder.LITTLE_ENDIAN);
        yield Interval.of(in.getInt(), in.getInt(), Integer.toUnsignedLong(in.getInt()) * 1000);
      }
      default -> throw new IllegalStateException(meaning.toString());
    };
  }
}
