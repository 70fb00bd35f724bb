package io.heliosdb.nano.persistence.columnar.arrow;

import static io.heliosdb.nano.persistence.columnar.arrow.ArrowFormatNumbers.*;

import io.heliosdb.nano.copy.Encodings;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.columnar.FileType;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.Numeric;
import java.math.BigInteger;
import java.util.UUID;

/// Values of fixed width in Arrow's buffers.
final class ArrowScalars {
  private static final long MILLIS_PER_DAY = 86_400_000;

  private ArrowScalars() {}

  static Object bytes(boolean text, byte[] bytes, int from, int length) {
    return text ? Encodings.utf8(bytes, from, from + length) : Bytes.copyOf(bytes, from, from + length);
  }

  /// @throws SqlException 22P04 when the buffer is too short for `length` values
  static ArrowBatch.Values of(ArrowField field, ArrowBatch.Buffer data, int length) {
    byte[] bytes = data.bytes();
    int base = data.from();
    switch (field.kind()) {
      case BOOL -> {
        data.check((length + 7L) / 8);
        return data::bit;
      }
      case FIXED_SIZE_BINARY -> {
        int width = field.bits();
        data.check((long) length * width);
        if (field.isUuid()) {
          return row -> new UUID(Long.reverseBytes(data.longAt(row * 2)), Long.reverseBytes(data.longAt(row * 2 + 1)));
        }
        return row -> Bytes.copyOf(bytes, base + row * width, base + (row + 1) * width);
      }
      case DECIMAL -> {
        data.check(length * (field.bits() / 8L));
        return row -> decimal(field, bytes, base + row * (field.bits() / 8));
      }
      default -> data.check(length * (field.bits() / 8L));
    }
    return switch (field.kind()) {
      case INT -> row -> integer(field, data, row);
      case FLOATING_POINT -> switch (field.bits()) {
        case 16 -> row -> Float.float16ToFloat((short) narrow(bytes, base + 2 * row, 2));
        case 32 -> row -> Float.intBitsToFloat(data.intAt(row));
        default -> row -> Double.longBitsToDouble(data.longAt(row));
      };
      case DATE -> field.bits() == 32 ? row -> FileType.dateFromFile(data.intAt(row))
          : row -> FileType.dateFromFile(Math.toIntExact(Math.floorDiv(data.longAt(row), MILLIS_PER_DAY)));
      case TIME -> row -> time(field.unit(), field.bits() == 32 ? data.intAt(row) : data.longAt(row));
      case TIMESTAMP -> row -> timestamp(field.unit(), data.longAt(row));
      case DURATION -> row -> Interval.of(0, 0, micros(field.unit(), data.longAt(row)));
      case INTERVAL -> switch (field.bits()) {
        case 32 -> row -> Interval.of(data.intAt(row), 0, 0);
        case 64 -> row -> Interval.of(0, data.intAt(row * 2), data.intAt(row * 2 + 1) * 1000L);
        default -> row -> Interval.of(data.intAt(row * 4), data.intAt(row * 4 + 1), data.longAt(row * 2 + 1) / 1000);
      };
      default -> throw SqlException.notSupported("type " + field.kind() + " of Arrow");
    };
  }

  private static int narrow(byte[] bytes, int at, int width) {
    return width == 1 ? bytes[at] : bytes[at] & 0xff | bytes[at + 1] << 8;
  }

  private static Object integer(ArrowField field, ArrowBatch.Buffer data, int row) {
    return switch (field.bits()) {
      case 8 -> {
        int value = narrow(data.bytes(), data.from() + row, 1);
        yield field.signed() ? value : value & 0xff;
      }
      case 16 -> {
        int value = narrow(data.bytes(), data.from() + 2 * row, 2);
        yield field.signed() ? value : value & 0xffff;
      }
      case 32 -> field.signed() ? (Object) data.intAt(row) : (Object) Integer.toUnsignedLong(data.intAt(row));
      default -> {
        long value = data.longAt(row);
        yield field.signed() ? (Object) value : value >= 0 ? Numeric.of(value) : Numeric.of(new BigInteger(Long.toUnsignedString(value)), 0);
      }
    };
  }

  private static Numeric decimal(ArrowField field, byte[] bytes, int at) {
    int width = field.bits() / 8;
    byte[] digits = new byte[width];
    for (int i = 0; i < width; i++) {
      digits[i] = bytes[at + width - 1 - i];
    }
    return Numeric.of(new BigInteger(digits), field.scale());
  }

  private static long micros(short unit, long value) {
    return switch (unit) {
      case UNIT_SECOND -> Math.multiplyExact(value, 1_000_000L);
      case UNIT_MILLI -> Math.multiplyExact(value, 1_000L);
      case UNIT_NANO -> Math.floorDiv(value, 1_000L);
      default -> value;
    };
  }

  private static Long time(short unit, long value) {
    long micros = micros(unit, value);
    if (micros < 0 || micros > DateTimes.MICROS_PER_DAY) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "time out of range");
    }
    return micros;
  }

  private static Long timestamp(short unit, long value) {
    if (unit != UNIT_MICRO && unit != UNIT_NANO && Math.abs(value) > Long.MAX_VALUE / (unit == UNIT_SECOND ? 1_000_000L : 1_000L)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range");
    }
    return FileType.timestampFromFile(micros(unit, value));
  }
}
