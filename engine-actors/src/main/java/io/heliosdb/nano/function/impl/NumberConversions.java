package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.Typmods;
import org.jspecify.annotations.Nullable;

/// Conversions between number types, boolean and oid, and the basic operators of numeric.
///
/// Floats round half to even, numerics half away from zero, as PostgreSQL does. Errors: 22003 out of range.
public final class NumberConversions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "i2toi4" -> unary(a -> a);
      case "i4toi2" -> unary(a -> IntegerArithmetic.to2((Integer) a));
      case "int48", "int28" -> unary(a -> (long) (Integer) a);
      case "int84" -> unary(a -> IntegerArithmetic.to4((Long) a));
      case "int82" -> unary(a -> to2((Long) a));
      case "i4tod", "i2tod" -> unary(a -> (double) (Integer) a);
      case "i4tof", "i2tof" -> unary(a -> (float) (Integer) a);
      case "i8tod" -> unary(a -> (double) (Long) a);
      case "i8tof" -> unary(a -> (float) (Long) a);
      case "i8tooid" -> unary(a -> toOid((Long) a));
      case "oidtoi8" -> unary(a -> a);
      case "ftod" -> unary(a -> (double) (Float) a);
      case "dtof" -> unary(a -> toFloat((Double) a));
      case "dtoi4" -> unary(a -> toInt4((Double) a));
      case "dtoi2" -> unary(a -> toInt2((Double) a));
      case "dtoi8" -> unary(a -> toInt8((Double) a));
      case "ftoi4" -> unary(a -> toInt4((Float) a));
      case "ftoi2" -> unary(a -> toInt2((Float) a));
      case "ftoi8" -> unary(a -> toInt8((Float) a));
      case "int4_numeric", "int2_numeric" -> unary(a -> Numeric.of((Integer) a));
      case "int8_numeric" -> unary(a -> Numeric.of((Long) a));
      case "float4_numeric" -> unary(a -> Numeric.ofFloat((Float) a));
      case "float8_numeric" -> unary(a -> Numeric.ofDouble((Double) a));
      case "numeric_int4" -> unary(a -> (int) ((Numeric) a).toLongRounded("integer", Integer.MIN_VALUE, Integer.MAX_VALUE));
      case "numeric_int2" -> unary(a -> (int) ((Numeric) a).toLongRounded("smallint", Short.MIN_VALUE, Short.MAX_VALUE));
      case "numeric_int8" -> unary(a -> ((Numeric) a).toLongRounded("bigint", Long.MIN_VALUE, Long.MAX_VALUE));
      case "numeric_float8" -> unary(a -> toDouble((Numeric) a));
      case "numeric_float4" -> unary(a -> toFloat((Numeric) a));
      case "int4_bool" -> unary(a -> (Integer) a != 0);
      case "bool_int4" -> unary(a -> (Boolean) a ? 1 : 0);
      case "numeric" -> binary((a, typmod) -> Typmods.apply(PgTypes.NUMERIC, a, (Integer) typmod, false));
      case "numeric_add" -> binary((a, b) -> ((Numeric) a).add((Numeric) b));
      case "numeric_sub" -> binary((a, b) -> ((Numeric) a).subtract((Numeric) b));
      case "numeric_mul" -> binary((a, b) -> ((Numeric) a).multiply((Numeric) b));
      case "numeric_div" -> binary((a, b) -> ((Numeric) a).divide((Numeric) b));
      case "numeric_mod" -> binary((a, b) -> ((Numeric) a).mod((Numeric) b));
      case "numeric_uminus" -> unary(a -> ((Numeric) a).negate());
      case "numeric_uplus" -> unary(a -> a);
      case "numeric_abs" -> unary(a -> ((Numeric) a).abs());
      case "numeric_inc" -> unary(a -> ((Numeric) a).add(Numeric.ONE));
      default -> null;
    };
  }

  static int to2(long value) {
    if ((short) value != value) {
      throw TypeErrors.outOfRange("smallint");
    }
    return (int) value;
  }

  private static long toOid(long value) {
    if (value < 0 || value > 0xffffffffL) {
      throw TypeErrors.outOfRange("OID");
    }
    return value;
  }

  static int toInt4(double value) {
    double rounded = Math.rint(value);
    if (!(rounded >= Integer.MIN_VALUE && rounded <= Integer.MAX_VALUE)) {
      throw TypeErrors.outOfRange("integer");
    }
    return (int) rounded;
  }

  private static int toInt2(double value) {
    double rounded = Math.rint(value);
    if (!(rounded >= Short.MIN_VALUE && rounded <= Short.MAX_VALUE)) {
      throw TypeErrors.outOfRange("smallint");
    }
    return (int) rounded;
  }

  private static long toInt8(double value) {
    double rounded = Math.rint(value);
    if (!(rounded >= -0x1p63 && rounded < 0x1p63)) {
      throw TypeErrors.outOfRange("bigint");
    }
    return (long) rounded;
  }

  private static float toFloat(double value) {
    float narrow = (float) value;
    if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
      throw FloatArithmetic.overflow();
    }
    if (narrow == 0 && value != 0) {
      throw FloatArithmetic.underflow();
    }
    return narrow;
  }

  static double toDouble(Numeric value) {
    double result = value.doubleValue();
    if (value.isFinite() && (Double.isInfinite(result) || result == 0 && !value.isZero())) {
      throw notRepresentable(value, "double precision");
    }
    return result;
  }

  private static float toFloat(Numeric value) {
    float result = value.floatValue();
    if (value.isFinite() && (Float.isInfinite(result) || result == 0 && !value.isZero())) {
      throw notRepresentable(value, "real");
    }
    return result;
  }

  private static SqlException notRepresentable(Numeric value, String type) {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"" + value + "\" is out of range for type " + type);
  }
}
