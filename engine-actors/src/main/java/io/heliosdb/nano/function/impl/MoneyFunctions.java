package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.TypeErrors;
import org.jspecify.annotations.Nullable;

/// Operators and conversions of money, which counts cents. Errors: 22003 out of range, 22012 division by zero.
public final class MoneyFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "cash_pl" -> binary((a, b) -> add((Long) a, (Long) b));
      case "cash_mi" -> binary((a, b) -> subtract((Long) a, (Long) b));
      case "cash_mul_flt8", "cash_mul_flt4" -> binary((a, b) -> times((Long) a, number(b)));
      case "flt8_mul_cash", "flt4_mul_cash" -> binary((a, b) -> times((Long) b, number(a)));
      case "cash_mul_int8", "cash_mul_int4", "cash_mul_int2" -> binary((a, b) -> multiply((Long) a, whole(b)));
      case "int8_mul_cash", "int4_mul_cash", "int2_mul_cash" -> binary((a, b) -> multiply((Long) b, whole(a)));
      case "cash_div_flt8", "cash_div_flt4" -> binary((a, b) -> divide((Long) a, number(b)));
      case "cash_div_int8", "cash_div_int4", "cash_div_int2" -> binary((a, b) -> divide((Long) a, whole(b)));
      case "cash_div_cash" -> binary((a, b) -> {
        if ((Long) b == 0) {
          throw TypeErrors.divisionByZero();
        }
        return (double) (Long) a / (Long) b;
      });
      case "cash_words" -> unary(a -> MoneyWords.of((Long) a));
      case "cash_numeric" -> unary(a -> Numeric.of((Long) a, 2));
      case "numeric_cash" -> unary(a -> ((Numeric) a).multiply(Numeric.of(100)).toLongRounded("bigint", Long.MIN_VALUE, Long.MAX_VALUE));
      case "int4_cash", "int8_cash" -> unary(a -> IntegerArithmetic.multiply8(whole(a), 100));
      default -> null;
    };
  }

  private static double number(@Nullable Object value) {
    return value instanceof Float f ? f : (Double) value;
  }

  private static long whole(@Nullable Object value) {
    return value instanceof Integer i ? i : (Long) value;
  }

  private static long add(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw TypeErrors.outOfRange("money");
    }
    return sum;
  }

  private static long subtract(long a, long b) {
    long difference = a - b;
    if (((a ^ b) & (a ^ difference)) < 0) {
      throw TypeErrors.outOfRange("money");
    }
    return difference;
  }

  private static long multiply(long a, long b) {
    long low = a * b;
    if (Math.multiplyHigh(a, b) != low >> 63) {
      throw TypeErrors.outOfRange("money");
    }
    return low;
  }

  private static long rounded(double cents) {
    double rounded = Math.rint(cents);
    if (!(rounded >= -0x1p63 && rounded < 0x1p63)) {
      throw TypeErrors.outOfRange("money");
    }
    return (long) rounded;
  }

  private static double finite(double result, double argument) {
    if (Double.isInfinite(result) && !Double.isInfinite(argument)) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
    }
    return result;
  }

  private static long times(long cents, double factor) {
    return rounded(finite(cents * factor, factor));
  }

  private static long divide(long cents, double divisor) {
    if (divisor == 0) {
      throw TypeErrors.divisionByZero();
    }
    return rounded(finite(cents / divisor, divisor));
  }

  private static long divide(long cents, long divisor) {
    if (divisor == 0) {
      throw TypeErrors.divisionByZero();
    }
    return divisor == -1 ? subtract(0, cents) : cents / divisor;
  }
}
