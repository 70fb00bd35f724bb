package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.TypeErrors;
import org.jspecify.annotations.Nullable;

/// Operators of real and double precision and between them. Errors: 22003 overflow and underflow, 22012 division by zero.
public final class FloatArithmetic implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "float8pl", "float48pl", "float84pl" -> binary((a, b) -> add(wide(a), wide(b)));
      case "float8mi", "float48mi", "float84mi" -> binary((a, b) -> add(wide(a), -wide(b)));
      case "float8mul", "float48mul", "float84mul" -> binary((a, b) -> multiply(wide(a), wide(b)));
      case "float8div", "float48div", "float84div" -> binary((a, b) -> divide(wide(a), wide(b)));
      case "float8um" -> unary(a -> -(Double) a);
      case "float8up", "float4up" -> unary(a -> a);
      case "float8abs" -> unary(a -> Math.abs((Double) a));
      case "float4pl" -> binary((a, b) -> add4((Float) a, (Float) b));
      case "float4mi" -> binary((a, b) -> add4((Float) a, -(Float) b));
      case "float4mul" -> binary((a, b) -> multiply4((Float) a, (Float) b));
      case "float4div" -> binary((a, b) -> divide4((Float) a, (Float) b));
      case "float4um" -> unary(a -> -(Float) a);
      case "float4abs" -> unary(a -> Math.abs((Float) a));
      default -> null;
    };
  }

  private static double wide(@Nullable Object value) {
    return value instanceof Float f ? f : (Double) value;
  }

  static SqlException overflow() {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
  }

  static SqlException underflow() {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
  }

  static double add(double a, double b) {
    double sum = a + b;
    if (Double.isInfinite(sum) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
      throw overflow();
    }
    return sum;
  }

  static double multiply(double a, double b) {
    double product = a * b;
    if (Double.isInfinite(product) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
      throw overflow();
    }
    if (product == 0 && a != 0 && b != 0) {
      throw underflow();
    }
    return product;
  }

  static double divide(double a, double b) {
    if (b == 0 && !Double.isNaN(a)) {
      throw TypeErrors.divisionByZero();
    }
    double quotient = a / b;
    if (Double.isInfinite(quotient) && !Double.isInfinite(a)) {
      throw overflow();
    }
    if (quotient == 0 && a != 0 && !Double.isInfinite(b)) {
      throw underflow();
    }
    return quotient;
  }

  static float add4(float a, float b) {
    float sum = a + b;
    if (Float.isInfinite(sum) && !Float.isInfinite(a) && !Float.isInfinite(b)) {
      throw overflow();
    }
    return sum;
  }

  private static float multiply4(float a, float b) {
    float product = a * b;
    if (Float.isInfinite(product) && !Float.isInfinite(a) && !Float.isInfinite(b)) {
      throw overflow();
    }
    if (product == 0 && a != 0 && b != 0) {
      throw underflow();
    }
    return product;
  }

  private static float divide4(float a, float b) {
    if (b == 0 && !Float.isNaN(a)) {
      throw TypeErrors.divisionByZero();
    }
    float quotient = a / b;
    if (Float.isInfinite(quotient) && !Float.isInfinite(a)) {
      throw overflow();
    }
    if (quotient == 0 && a != 0 && !Float.isInfinite(b)) {
      throw underflow();
    }
    return quotient;
  }
}
