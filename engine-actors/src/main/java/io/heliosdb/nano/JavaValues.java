package io.heliosdb.nano;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Carries values between Java programs and SQL types in both directions.
///
/// Into SQL: numbers, strings, booleans, `java.time`, `UUID`, `byte[]`, `float[]` (vector), collections and arrays; a string is accepted for every
/// type and read as SQL text input would. Out of SQL: the classes named at [Row#get(int, Class)].
final class JavaValues {
  private static final LocalDate EPOCH_DATE = LocalDate.of(2000, 1, 1);
  private static final LocalDateTime EPOCH = EPOCH_DATE.atStartOfDay();
  private static final long EPOCH_DAY = EPOCH_DATE.toEpochDay();
  private static final long EPOCH_SECOND = EPOCH.toEpochSecond(ZoneOffset.UTC);

  private JavaValues() {}

  static @Nullable Object toSql(@Nullable Object value, PgType type, IoContext io) {
    if (value == null) {
      return null;
    }
    return switch (value) {
      case String text -> isPlainText(type) ? text : TypeIo.parse(type, -1, text, io);
      case Character c -> TypeIo.parse(type, -1, c.toString(), io);
      case Integer i when type.family() == TypeFamily.INT4 -> i;
      case Long l when type.family() == TypeFamily.INT8 -> l;
      case Double d when type.family() == TypeFamily.FLOAT8 -> d;
      case Boolean b when type.family() == TypeFamily.BOOL -> b;
      case UUID u when type.family() == TypeFamily.UUID -> u;
      case Number number -> number(number, type, io);
      case byte[] bytes when type.family() == TypeFamily.BYTEA -> Bytes.copyOf(bytes);
      case float[] floats when type.family() == TypeFamily.VECTOR -> Vector.of(floats.clone());
      case LocalDate date when type.family() == TypeFamily.DATE -> Math.toIntExact(date.toEpochDay() - EPOCH_DAY);
      case LocalTime time when type.family() == TypeFamily.TIME -> time.toNanoOfDay() / 1000;
      case LocalDateTime time when type.family() == TypeFamily.TIMESTAMP -> micros(time.toEpochSecond(ZoneOffset.UTC), time.getNano());
      case Instant instant when type.family() == TypeFamily.TIMESTAMPTZ -> micros(instant.getEpochSecond(), instant.getNano());
      case OffsetDateTime time when type.family() == TypeFamily.TIMESTAMPTZ -> micros(time.toEpochSecond(), time.getNano());
      case ZonedDateTime time when type.family() == TypeFamily.TIMESTAMPTZ -> micros(time.toEpochSecond(), time.getNano());
      case Duration duration when type.family() == TypeFamily.INTERVAL -> Interval.of(0, 0, Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1000));
      case Collection<?> list when type.isArray() -> array(list.toArray(), type, io);
      case Object[] items when type.isArray() -> array(items, type, io);
      case int[] items when type.isArray() -> array(java.util.Arrays.stream(items).boxed().toArray(), type, io);
      case long[] items when type.isArray() -> array(java.util.Arrays.stream(items).boxed().toArray(), type, io);
      case double[] items when type.isArray() -> array(java.util.Arrays.stream(items).boxed().toArray(), type, io);
      case byte[] bytes -> throw mismatch(value, type);
      default -> TypeIo.parse(type, -1, value.toString(), io);
    };
  }

  private static boolean isPlainText(PgType type) {
    return type.family() == TypeFamily.TEXT && !type.isDomain();
  }

  private static long micros(long epochSecond, int nano) {
    return Math.addExact(Math.multiplyExact(epochSecond - EPOCH_SECOND, 1_000_000L), nano / 1000);
  }

  private static Object number(Number value, PgType type, IoContext io) {
    return switch (type.family()) {
      case NUMERIC -> numeric(value);
      case FLOAT8 -> value.doubleValue();
      case FLOAT4 -> value.floatValue();
      case INT2, INT4 -> integral(value, type).intValueExact();
      case INT8 -> integral(value, type).longValueExact();
      default -> TypeIo.parse(type, -1, value.toString(), io);
    };
  }

  private static BigInteger integral(Number value, PgType type) {
    BigInteger integer =
        switch (value) {
          case BigDecimal d -> d.setScale(0, java.math.RoundingMode.HALF_UP).toBigInteger();
          case BigInteger i -> i;
          case Double d -> BigDecimal.valueOf(d).setScale(0, java.math.RoundingMode.HALF_EVEN).toBigInteger();
          case Float f -> new BigDecimal(f.toString()).setScale(0, java.math.RoundingMode.HALF_EVEN).toBigInteger();
          default -> BigInteger.valueOf(value.longValue());
        };
    int bits = type.family() == TypeFamily.INT2 ? 15 : type.family() == TypeFamily.INT4 ? 31 : 63;
    if (integer.bitLength() > bits) {
      String name = bits == 15 ? "smallint" : bits == 31 ? "integer" : "bigint";
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value \"" + value + "\" is out of range for type " + name);
    }
    return integer;
  }

  private static Numeric numeric(Number value) {
    return switch (value) {
      case BigDecimal d -> Numeric.of(d.scale() < 0 ? d.setScale(0) : d);
      case BigInteger i -> Numeric.of(i, 0);
      case Double d -> Numeric.ofDouble(d);
      case Float f -> Numeric.ofFloat(f);
      default -> Numeric.of(value.longValue());
    };
  }

  private static PgArray array(Object[] items, PgType type, IoContext io) {
    PgType element = io.types().byOid(type.elementOid());
    Object[] elements = new Object[items.length];
    for (int i = 0; i < items.length; i++) {
      elements[i] = toSql(items[i], element, io);
    }
    return PgArray.of(element, elements);
  }

  private static SqlException mismatch(Object value, PgType type) {
    return new SqlException(SqlState.DATATYPE_MISMATCH, "a Java " + value.getClass().getSimpleName() + " cannot be given as type " + type.name());
  }

  /// The natural Java object of a SQL value: `Integer`, `Long`, `Double`, `BigDecimal`, `String`, `Boolean`, `java.time`, `UUID`, `byte[]`, `List`;
  /// the SQL text for types without one.
  static @Nullable Object toJava(@Nullable Object value, PgType type, IoContext io) {
    if (value == null) {
      return null;
    }
    return switch (type.family()) {
      case BOOL, INT2, INT4, INT8, FLOAT4, FLOAT8, UUID, TEXT, BPCHAR, NAME, CHAR, JSON, XML, OID -> value;
      case NUMERIC -> ((Numeric) value).isFinite() ? ((Numeric) value).toBigDecimal() : value.toString();
      case BYTEA -> ((Bytes) value).toByteArray();
      case DATE -> isInfinite((Integer) value) ? TypeIo.toText(type, value, io) : EPOCH_DATE.plusDays((Integer) value);
      case TIME -> LocalTime.ofNanoOfDay(Math.min((Long) value, 86_399_999_999L) * 1000);
      case TIMESTAMP -> isInfinite((Long) value) ? TypeIo.toText(type, value, io) : EPOCH.plus((Long) value, ChronoUnit.MICROS);
      case TIMESTAMPTZ ->
          isInfinite((Long) value) ? TypeIo.toText(type, value, io) : EPOCH.plus((Long) value, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
      case VECTOR -> ((Vector) value).toArray();
      case ARRAY -> list((PgArray) value, io);
      default -> TypeIo.toText(type, value, io);
    };
  }

  private static Object list(PgArray array, IoContext io) {
    java.util.List<@Nullable Object> result = new java.util.ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      result.add(toJava(array.element(i), array.elementType(), io));
    }
    return result;
  }

  private static boolean isInfinite(int days) {
    return days == Integer.MAX_VALUE || days == Integer.MIN_VALUE;
  }

  private static boolean isInfinite(long micros) {
    return micros == Long.MAX_VALUE || micros == Long.MIN_VALUE;
  }

  static <T> @Nullable T convert(@Nullable Object value, PgType type, IoContext io, Class<T> target) {
    if (value == null) {
      return null;
    }
    Object java = toJava(value, type, io);
    if (target.isInstance(java)) {
      return target.cast(java);
    }
    Object converted = null;
    if (target == String.class) {
      converted = TypeIo.toText(type, value, io);
    } else if (java instanceof Number n) {
      converted = convertNumber(n, target);
    } else if (java instanceof OffsetDateTime time) {
      converted = target == Instant.class ? time.toInstant() : target == LocalDateTime.class ? time.atZoneSameInstant(io.zone()).toLocalDateTime() : target == ZonedDateTime.class ? time.atZoneSameInstant(io.zone()) : null;
    } else if (java instanceof LocalDateTime time) {
      converted = target == LocalDate.class ? time.toLocalDate() : target == Instant.class ? time.atZone(io.zone()).toInstant() : null;
    }
    if (converted == null) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "a value of type " + type.name() + " cannot be read as " + target.getName());
    }
    return target.cast(converted);
  }

  private static @Nullable Object convertNumber(Number n, Class<?> target) {
    try {
      if (target == Integer.class) {
        return n instanceof BigDecimal d ? (Object) d.intValueExact() : n instanceof Long l ? (Object) Math.toIntExact(l) : (Object) n.intValue();
      }
      if (target == Long.class) {
        return n instanceof BigDecimal d ? (Object) d.longValueExact() : (Object) n.longValue();
      }
      if (target == Short.class) {
        return (short) n.intValue();
      }
      if (target == Double.class) {
        return n.doubleValue();
      }
      if (target == Float.class) {
        return n.floatValue();
      }
      if (target == BigDecimal.class) {
        return n instanceof Integer || n instanceof Long ? (Object) BigDecimal.valueOf(n.longValue()) : (Object) new BigDecimal(n.toString());
      }
      if (target == BigInteger.class) {
        return n instanceof BigDecimal d ? d.toBigIntegerExact() : BigInteger.valueOf(n.longValue());
      }
    } catch (ArithmeticException e) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value " + n + " does not fit into " + target.getName());
    }
    return null;
  }
}
