package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import org.jspecify.annotations.Nullable;

/// Fits values to type modifiers: the length coercion functions. Entry: [Typmods#apply].
final class TypmodFitting {
  private static final long[] SCALES = {1_000_000, 100_000, 10_000, 1000, 100, 10, 1};
  private static final int NO_PRECISION = 0xffff;

  private TypmodFitting() {}

  static Object apply(PgType type, Object value, int typmod, boolean explicitCast) {
    if (typmod < 0) {
      return value;
    }
    return switch (type.family()) {
      case NUMERIC -> numeric((Numeric) value, typmod);
      case TEXT -> type.ultimateBase().oid() == 1043 && typmod >= 4 ? varchar((String) value, typmod - 4, explicitCast) : value;
      case BPCHAR -> typmod >= 4 ? bpchar((String) value, typmod - 4, explicitCast) : value;
      case BIT -> bits((BitString) value, typmod, true, explicitCast);
      case VARBIT -> bits((BitString) value, typmod, false, explicitCast);
      case TIME -> typmod < 6 ? roundTime((Long) value, typmod) : value;
      case TIMETZ -> {
        TimeTz time = (TimeTz) value;
        yield typmod < 6 ? new TimeTz(roundTime(time.micros(), typmod), time.zoneSecondsWest()) : value;
      }
      case TIMESTAMP, TIMESTAMPTZ -> typmod < 6 && DateTimes.isFinite((Long) value) ? roundTimestamp((Long) value, typmod) : value;
      case INTERVAL -> interval((Interval) value, typmod);
      case VECTOR -> vector((Vector) value, typmod);
      case ARRAY -> array((PgArray) value, typmod, explicitCast);
      default -> value;
    };
  }

  private static PgArray array(PgArray array, int typmod, boolean explicitCast) {
    @Nullable Object[] fitted = new Object[array.size()];
    for (int i = 0; i < fitted.length; i++) {
      Object element = array.element(i);
      fitted[i] = element == null ? null : apply(array.elementType(), element, typmod, explicitCast);
    }
    return array.withElements(array.elementType(), fitted);
  }

  static int numericPrecision(int typmod) {
    return (typmod - 4) >> 16 & 0xffff;
  }

  static int numericScale(int typmod) {
    return ((typmod - 4 & 0x7ff) ^ 1024) - 1024;
  }

  private static Numeric numeric(Numeric value, int typmod) {
    if (typmod < 4 || value.isNaN()) {
      return value;
    }
    int precision = numericPrecision(typmod);
    int scale = numericScale(typmod);
    if (value.isInfinite()) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
          .withDetail("A field with precision " + precision + ", scale " + scale + " cannot hold an infinite value.");
    }
    Numeric rounded = value.round(scale);
    if (!rounded.isZero() && rounded.exponent() >= precision - scale) {
      int digits = precision - scale;
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow").withDetail("A field with precision "
          + precision + ", scale " + scale + " must round to an absolute value less than " + (digits != 0 ? "10^" + digits : "1") + ".");
    }
    return rounded;
  }

  private static String varchar(String text, int length, boolean explicitCast) {
    if (text.length() <= length) {
      return text;
    }
    int characters = text.codePointCount(0, text.length());
    return characters <= length ? text : cut(text, length, explicitCast, "character varying");
  }

  private static String bpchar(String text, int length, boolean explicitCast) {
    int characters = text.codePointCount(0, text.length());
    if (characters == length) {
      return text;
    }
    return characters < length ? text + " ".repeat(length - characters) : cut(text, length, explicitCast, "character");
  }

  private static String cut(String text, int length, boolean explicitCast, String typeName) {
    int end = text.offsetByCodePoints(0, length);
    if (!explicitCast) {
      for (int i = end; i < text.length(); i++) {
        if (text.charAt(i) != ' ') {
          throw new SqlException(SqlState.STRING_DATA_RIGHT_TRUNCATION, "value too long for type " + typeName + "(" + length + ")");
        }
      }
    }
    return text.substring(0, end);
  }

  static Object bits(BitString value, int length, boolean fixed, boolean explicitCast) {
    if (fixed ? value.length() == length : value.length() <= length) {
      return value;
    }
    if (!explicitCast) {
      throw fixed
          ? new SqlException(SqlState.STRING_DATA_LENGTH_MISMATCH,
              "bit string length " + value.length() + " does not match type bit(" + length + ")")
          : new SqlException(SqlState.STRING_DATA_RIGHT_TRUNCATION, "bit string too long for type bit varying(" + length + ")");
    }
    return value.resize(length);
  }

  private static long roundTime(long micros, int precision) {
    long scale = SCALES[precision];
    return micros >= 0 ? (micros + scale / 2) / scale * scale : -((-micros + scale / 2) / scale * scale);
  }

  private static long roundTimestamp(long micros, int precision) {
    long rounded = roundTime(micros, precision);
    if (!DateTimes.isValidTimestamp(rounded)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range");
    }
    return rounded;
  }

  private static Interval interval(Interval value, int typmod) {
    int range = typmod >> 16 & 0x7fff;
    int precision = typmod & 0xffff;
    int months = value.months();
    int days = value.days();
    long micros = value.micros();
    if (range != IntervalText.FULL_RANGE && range != 0) {
      if ((range & (IntervalText.DAY_BIT | IntervalText.HOUR_BIT | IntervalText.MINUTE_BIT | IntervalText.SECOND_BIT)) == 0) {
        days = 0;
        micros = 0;
        if (range == IntervalText.YEAR_BIT) {
          months = months / 12 * 12;
        }
      } else if ((range & IntervalText.SECOND_BIT) == 0) {
        long unit = (range & IntervalText.MINUTE_BIT) != 0 ? DateTimes.MICROS_PER_MINUTE
            : (range & IntervalText.HOUR_BIT) != 0 ? DateTimes.MICROS_PER_HOUR : 0;
        micros = unit == 0 ? 0 : micros / unit * unit;
      }
    }
    if (precision != NO_PRECISION && precision < 6) {
      micros = roundTime(micros, precision);
    }
    return months == value.months() && days == value.days() && micros == value.micros() ? value : Interval.of(months, days, micros);
  }

  private static Vector vector(Vector value, int dimensions) {
    if (value.dimensions() != dimensions) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "expected " + dimensions + " dimensions, not " + value.dimensions());
    }
    return value;
  }
}
