package io.heliosdb.nano.persistence.columnar;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog;
import io.heliosdb.nano.type.TypeFamily;
import java.math.BigInteger;

/// How values of a SQL type stand in a columnar file (Parquet, Arrow): the kind of value, and for a list that of its elements.
///
/// What has no kind of its own there (numeric without a precision, intervals, ranges, composites, …) stands as its text, which reads back as
/// it was. Dates and times count from 1970 there and from 2000 here; infinity is the largest number, minus infinity its negative, as DuckDB
/// has it.
///
/// @param type the SQL type of a value, for a list that of an element
/// @param precision, scale of DECIMAL, else 0
/// @param list whether the column holds one-dimensional arrays of it
public record FileType(Kind kind, PgType type, int precision, int scale, boolean list) {
  /// What a file can hold.
  public enum Kind { BOOL, INT16, INT32, INT64, FLOAT, DOUBLE, DECIMAL, TEXT, JSON, BYTES, UUID, DATE, TIME, TIMESTAMP, TIMESTAMPTZ }

  /// Digits that fit in a long.
  public static final int LONG_DIGITS_MAX = 18;

  private static final int DECIMAL_DIGITS_MAX = 38;
  private static final int DAYS_1970_TO_2000 = 10_957;
  private static final long MICROS_1970_TO_2000 = DAYS_1970_TO_2000 * DateTimes.MICROS_PER_DAY;

  public static FileType of(PgType declared, int declaredTypmod, TypeCatalog types) {
    PgType type = declared.ultimateBase();
    int typmod = declaredTypmod;
    for (PgType domain = declared; domain.isDomain(); domain = domain.base()) {
      typmod = domain.baseTypmod();
    }
    if (type.family() == TypeFamily.ARRAY) {
      FileType element = scalar(types.byOid(type.elementOid()).ultimateBase(), typmod);
      return new FileType(element.kind, element.type, element.precision, element.scale, true);
    }
    return scalar(type, typmod);
  }

  private static FileType scalar(PgType type, int typmod) {
    return switch (type.family()) {
      case BOOL -> plain(Kind.BOOL, type);
      case INT2 -> plain(Kind.INT16, type);
      case INT4 -> plain(Kind.INT32, type);
      case INT8, OID -> plain(Kind.INT64, type);
      case FLOAT4 -> plain(Kind.FLOAT, type);
      case FLOAT8 -> plain(Kind.DOUBLE, type);
      case NUMERIC -> {
        int precision = typmod < 0 ? 0 : typmod - 4 >> 16 & 0xffff;
        int scale = typmod < 0 ? 0 : (typmod - 4 & 0x7ff ^ 1024) - 1024;
        boolean fits = precision > 0 && precision <= DECIMAL_DIGITS_MAX && scale >= 0 && scale <= precision;
        yield fits ? new FileType(Kind.DECIMAL, type, precision, scale, false) : plain(Kind.TEXT, type);
      }
      case JSON, JSONB -> plain(Kind.JSON, type);
      case BYTEA -> plain(Kind.BYTES, type);
      case UUID -> plain(Kind.UUID, type);
      case DATE -> plain(Kind.DATE, type);
      case TIME -> plain(Kind.TIME, type);
      case TIMESTAMP -> plain(Kind.TIMESTAMP, type);
      case TIMESTAMPTZ -> plain(Kind.TIMESTAMPTZ, type);
      default -> plain(Kind.TEXT, type);
    };
  }

  private static FileType plain(Kind kind, PgType type) {
    return new FileType(kind, type, 0, 0, false);
  }

  /// The type that a reader takes a value of a kind for.
  public static PgType typeOf(Kind kind) {
    return switch (kind) {
      case BOOL -> PgTypes.BOOL;
      case INT16 -> PgTypes.INT2;
      case INT32 -> PgTypes.INT4;
      case INT64 -> PgTypes.INT8;
      case FLOAT -> PgTypes.FLOAT4;
      case DOUBLE -> PgTypes.FLOAT8;
      case DECIMAL -> PgTypes.NUMERIC;
      case TEXT -> PgTypes.TEXT;
      case JSON -> PgTypes.JSON;
      case BYTES -> PgTypes.BYTEA;
      case UUID -> PgTypes.UUID;
      case DATE -> PgTypes.DATE;
      case TIME -> PgTypes.TIME;
      case TIMESTAMP -> PgTypes.TIMESTAMP;
      case TIMESTAMPTZ -> PgTypes.TIMESTAMPTZ;
    };
  }

  // ---- dates and times ----

  public static int dateToFile(int days) {
    return days == Integer.MAX_VALUE ? Integer.MAX_VALUE : days == Integer.MIN_VALUE ? -Integer.MAX_VALUE : days + DAYS_1970_TO_2000;
  }

  public static int dateFromFile(int days) {
    if (days == Integer.MAX_VALUE) {
      return Integer.MAX_VALUE;
    }
    if (days <= -Integer.MAX_VALUE) {
      return Integer.MIN_VALUE;
    }
    long value = (long) days - DAYS_1970_TO_2000;
    if (value < DateTimes.DATE_MIN || value >= DateTimes.DATE_END) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "date out of range");
    }
    return (int) value;
  }

  /// Fails with 22008 past the year 294246, which 64 bits of microseconds since 1970 do not reach.
  public static long timestampToFile(long micros) {
    if (micros == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    if (micros == Long.MIN_VALUE) {
      return -Long.MAX_VALUE;
    }
    if (micros > Long.MAX_VALUE - 1 - MICROS_1970_TO_2000) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range")
          .withDetail("The format counts microseconds since 1970, which end in the year 294247.").withHint("Write the column as text.");
    }
    return micros + MICROS_1970_TO_2000;
  }

  public static long timestampFromFile(long micros) {
    if (micros == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    if (micros <= -Long.MAX_VALUE) {
      return Long.MIN_VALUE;
    }
    if (micros < Long.MIN_VALUE + 2 + MICROS_1970_TO_2000 || !DateTimes.isValidTimestamp(micros - MICROS_1970_TO_2000)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range");
    }
    return micros - MICROS_1970_TO_2000;
  }

  // ---- decimals ----

  /// The digits of a DECIMAL without its point, when they fit in a long.
  public long unscaledLong(Numeric value) {
    checkFinite(value);
    if (value.isCompact() && value.scale() == scale) {
      return value.unscaledLong();
    }
    return value.toBigDecimal().setScale(scale).unscaledValue().longValueExact();
  }

  public BigInteger unscaledBig(Numeric value) {
    checkFinite(value);
    return value.toBigDecimal().setScale(scale).unscaledValue();
  }

  private static void checkFinite(Numeric value) {
    if (!value.isFinite()) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "cannot write " + value + " as a decimal number")
          .withHint("Write the column as text or as double precision.");
    }
  }
}
