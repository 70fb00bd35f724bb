package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.TypeErrors;
import org.jspecify.annotations.Nullable;

/// Operators of smallint, integer and bigint and between them. Errors: 22003 out of range, 22012 division by zero.
public final class IntegerArithmetic implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "int4pl", "int24pl", "int42pl" -> binary((a, b) -> add4((Integer) a, (Integer) b));
      case "int4mi", "int24mi", "int42mi" -> binary((a, b) -> subtract4((Integer) a, (Integer) b));
      case "int4mul", "int24mul", "int42mul" -> binary((a, b) -> to4((long) (Integer) a * (Integer) b));
      case "int4div", "int24div", "int42div" -> binary((a, b) -> divide4((Integer) a, (Integer) b));
      case "int4mod" -> binary((a, b) -> remainder((Integer) a, (Integer) b));
      case "int4um" -> unary(a -> to4(-(long) (Integer) a));
      case "int2up", "int4up", "int8up" -> unary(a -> a);
      case "int4abs" -> unary(a -> to4(Math.abs((long) (Integer) a)));
      case "int4inc" -> unary(a -> to4((Integer) a + 1L));
      case "int4and", "int2and" -> binary((a, b) -> (Integer) a & (Integer) b);
      case "int4or", "int2or" -> binary((a, b) -> (Integer) a | (Integer) b);
      case "int4xor", "int2xor" -> binary((a, b) -> (Integer) a ^ (Integer) b);
      case "int4not", "int2not" -> unary(a -> ~(Integer) a);
      case "int4shl" -> binary((a, b) -> (Integer) a << (Integer) b);
      case "int4shr" -> binary((a, b) -> (Integer) a >> (Integer) b);
      case "int2pl" -> binary((a, b) -> to2((Integer) a + (Integer) b));
      case "int2mi" -> binary((a, b) -> to2((Integer) a - (Integer) b));
      case "int2mul" -> binary((a, b) -> to2((Integer) a * (Integer) b));
      case "int2div" -> binary((a, b) -> to2(divide4((Integer) a, (Integer) b)));
      case "int2mod" -> binary((a, b) -> remainder((Integer) a, (Integer) b));
      case "int2um" -> unary(a -> to2(-(Integer) a));
      case "int2abs" -> unary(a -> to2(Math.abs((Integer) a)));
      case "int2shl" -> binary((a, b) -> (int) (short) ((Integer) a << (Integer) b));
      case "int2shr" -> binary((a, b) -> (int) (short) ((Integer) a >> (Integer) b));
      case "int8pl", "int48pl", "int84pl", "int28pl", "int82pl" -> binary((a, b) -> add8(wide(a), wide(b)));
      case "int8mi", "int48mi", "int84mi", "int28mi", "int82mi" -> binary((a, b) -> subtract8(wide(a), wide(b)));
      case "int8mul", "int48mul", "int84mul", "int28mul", "int82mul" -> binary((a, b) -> multiply8(wide(a), wide(b)));
      case "int8div", "int48div", "int84div", "int28div", "int82div" -> binary((a, b) -> divide8(wide(a), wide(b)));
      case "int8mod" -> binary((a, b) -> remainder8((Long) a, (Long) b));
      case "int8um" -> unary(a -> subtract8(0, (Long) a));
      case "int8abs" -> unary(a -> (Long) a < 0 ? subtract8(0, (Long) a) : a);
      case "int8inc" -> unary(a -> add8((Long) a, 1));
      case "int8dec" -> unary(a -> subtract8((Long) a, 1));
      case "int8inc_any" -> binary((a, b) -> add8((Long) a, 1));
      case "int8dec_any" -> binary((a, b) -> subtract8((Long) a, 1));
      case "int8and" -> binary((a, b) -> (Long) a & (Long) b);
      case "int8or" -> binary((a, b) -> (Long) a | (Long) b);
      case "int8xor" -> binary((a, b) -> (Long) a ^ (Long) b);
      case "int8not" -> unary(a -> ~(Long) a);
      case "int8shl" -> binary((a, b) -> (Long) a << (Integer) b);
      case "int8shr" -> binary((a, b) -> (Long) a >> (Integer) b);
      case "int4gcd" -> binary((a, b) -> gcd4((Integer) a, (Integer) b));
      case "int4lcm" -> binary((a, b) -> lcm4((Integer) a, (Integer) b));
      case "int8gcd" -> binary((a, b) -> gcd8((Long) a, (Long) b));
      case "int8lcm" -> binary((a, b) -> lcm8((Long) a, (Long) b));
      default -> null;
    };
  }

  private static long wide(@Nullable Object value) {
    return value instanceof Integer i ? i : (Long) value;
  }

  static int to4(long value) {
    if ((int) value != value) {
      throw TypeErrors.outOfRange("integer");
    }
    return (int) value;
  }

  static int to2(int value) {
    if ((short) value != value) {
      throw TypeErrors.outOfRange("smallint");
    }
    return value;
  }

  private static int add4(int a, int b) {
    int sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw TypeErrors.outOfRange("integer");
    }
    return sum;
  }

  private static int subtract4(int a, int b) {
    int difference = a - b;
    if (((a ^ b) & (a ^ difference)) < 0) {
      throw TypeErrors.outOfRange("integer");
    }
    return difference;
  }

  private static int divide4(int a, int b) {
    if (b == 0) {
      throw TypeErrors.divisionByZero();
    }
    return b == -1 ? to4(-(long) a) : a / b;
  }

  private static int remainder(int a, int b) {
    if (b == 0) {
      throw TypeErrors.divisionByZero();
    }
    return a % b;
  }

  static long add8(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw TypeErrors.outOfRange("bigint");
    }
    return sum;
  }

  static long subtract8(long a, long b) {
    long difference = a - b;
    if (((a ^ b) & (a ^ difference)) < 0) {
      throw TypeErrors.outOfRange("bigint");
    }
    return difference;
  }

  static long multiply8(long a, long b) {
    long low = a * b;
    if (Math.multiplyHigh(a, b) != low >> 63) {
      throw TypeErrors.outOfRange("bigint");
    }
    return low;
  }

  private static long divide8(long a, long b) {
    if (b == 0) {
      throw TypeErrors.divisionByZero();
    }
    return b == -1 ? subtract8(0, a) : a / b;
  }

  private static long remainder8(long a, long b) {
    if (b == 0) {
      throw TypeErrors.divisionByZero();
    }
    return a % b;
  }

  private static int gcd4(int a, int b) {
    return to4(gcd(a, b));
  }

  private static long gcd8(long a, long b) {
    if (a == Long.MIN_VALUE || b == Long.MIN_VALUE) {
      if ((a == 0 || a == Long.MIN_VALUE) && (b == 0 || b == Long.MIN_VALUE)) {
        throw TypeErrors.outOfRange("bigint");
      }
    }
    return Math.abs(gcd(a, b));
  }

  private static long gcd(long a, long b) {
    while (b != 0) {
      long rest = b == -1 ? 0 : a % b;
      a = b;
      b = rest;
    }
    return Math.abs(a);
  }

  private static int lcm4(int a, int b) {
    return a == 0 || b == 0 ? 0 : to4(Math.abs(a / gcd(a, b) * b));
  }

  private static long lcm8(long a, long b) {
    if (a == 0 || b == 0) {
      return 0L;
    }
    long product = multiply8(a / gcd8(a, b), b);
    return product < 0 ? subtract8(0, product) : product;
  }
}
