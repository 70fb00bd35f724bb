package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Mathematical functions of double precision. Errors: 22003 overflow, underflow and arguments out of range, 2201E and 2201F as
/// for numeric. The functions in degrees are exact at the usual angles. Source: PostgreSQL 15 manual, section 9.3.
public final class FloatFunctions implements Builtins.Family {
  private static final double RADIANS_PER_DEGREE = 0.0174532925199432957692;
  private static final double SIN_30 = Math.sin(30 * RADIANS_PER_DEGREE);
  private static final double ONE_MINUS_COS_60 = 1 - Math.cos(60 * RADIANS_PER_DEGREE);
  private static final double ASIN_HALF = Math.asin(0.5);
  private static final double ACOS_HALF = Math.acos(0.5);
  private static final double ATAN_ONE = Math.atan(1);

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "dround" -> real(Math::rint);
      case "dceil" -> real(Math::ceil);
      case "dfloor" -> real(Math::floor);
      case "dtrunc" -> real(a -> a >= 0 ? Math.floor(a) : -Math.floor(-a));
      case "dsign" -> real(a -> a > 0 ? 1 : a < 0 ? -1 : 0);
      case "dsqrt" -> real(FloatFunctions::squareRoot);
      case "dcbrt" -> real(Math::cbrt);
      case "dexp" -> real(FloatFunctions::exponential);
      case "dlog1" -> real(a -> Math.log(positive(a)));
      case "dlog10" -> real(a -> Math.log10(positive(a)));
      case "dpow" -> binary((a, b) -> power((Double) a, (Double) b));
      case "dpi" -> (Implementation.Nullary) context -> Math.PI;
      case "degrees" -> real(a -> FloatArithmetic.divide(a, RADIANS_PER_DEGREE));
      case "radians" -> real(a -> FloatArithmetic.multiply(a, RADIANS_PER_DEGREE));
      case "dsin" -> real(a -> Math.sin(finite(a)));
      case "dcos" -> real(a -> Math.cos(finite(a)));
      case "dtan" -> real(a -> Math.tan(finite(a)));
      case "dcot" -> real(a -> 1 / Math.tan(finite(a)));
      case "dasin" -> real(a -> Math.asin(unit(a)));
      case "dacos" -> real(a -> Math.acos(unit(a)));
      case "datan" -> real(Math::atan);
      case "datan2" -> binary((a, b) -> Math.atan2((Double) a, (Double) b));
      case "dsinh" -> real(Math::sinh);
      case "dcosh" -> real(Math::cosh);
      case "dtanh" -> real(Math::tanh);
      case "dasinh" -> real(FloatFunctions::areaSine);
      case "dacosh" -> real(FloatFunctions::areaCosine);
      case "datanh" -> real(FloatFunctions::areaTangent);
      case "dsind" -> real(a -> sineOfDegrees(finite(a)));
      case "dcosd" -> real(a -> cosineOfDegrees(finite(a)));
      case "dtand" -> real(a -> tangentOfDegrees(finite(a)));
      case "dcotd" -> real(a -> cotangentOfDegrees(finite(a)));
      case "dasind" -> real(a -> degreesOfSine(unit(a)));
      case "dacosd" -> real(a -> degreesOfCosine(unit(a)));
      case "datand" -> real(a -> Math.atan(a) / ATAN_ONE * 45);
      case "datan2d" -> binary((a, b) -> Math.atan2((Double) a, (Double) b) / ATAN_ONE * 45);
      default -> null;
    };
  }

  private static Implementation real(DoubleUnaryOperator body) {
    return unary(a -> body.applyAsDouble((Double) a));
  }

  private static SqlException inputOutOfRange() {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
  }

  private static double finite(double a) {
    if (Double.isInfinite(a)) {
      throw inputOutOfRange();
    }
    return a;
  }

  private static double unit(double a) {
    if (a < -1 || a > 1) {
      throw inputOutOfRange();
    }
    return a;
  }

  private static double positive(double a) {
    if (a == 0) {
      throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of zero");
    }
    if (a < 0) {
      throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of a negative number");
    }
    return a;
  }

  private static double squareRoot(double a) {
    if (a < 0) {
      throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION, "cannot take square root of a negative number");
    }
    return Math.sqrt(a);
  }

  private static double exponential(double a) {
    double result = Math.exp(a);
    if (Double.isInfinite(result) && !Double.isInfinite(a)) {
      throw FloatArithmetic.overflow();
    }
    if (result == 0 && !Double.isInfinite(a)) {
      throw FloatArithmetic.underflow();
    }
    return result;
  }

  static double power(double a, double b) {
    if (a == 1 || b == 0) {
      return 1.0;
    }
    if (a == 0 && b < 0) {
      throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION, "zero raised to a negative power is undefined");
    }
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Double.NaN;
    }
    if (a < 0 && Math.floor(b) != b) {
      throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "a negative number raised to a non-integer power yields a complex result");
    }
    if (a == -1 && Double.isInfinite(b)) {
      return 1.0;
    }
    double result = Math.pow(a, b);
    if (!Double.isInfinite(a) && !Double.isInfinite(b)) {
      if (Double.isInfinite(result)) {
        throw FloatArithmetic.overflow();
      }
      if (result == 0 && a != 0) {
        throw FloatArithmetic.underflow();
      }
    }
    return result;
  }

  private static double areaSine(double a) {
    if (Double.isInfinite(a) || a == 0) {
      return a;
    }
    double x = Math.abs(a);
    double result = x > 1e9 ? Math.log(x) + Math.log(2) : Math.log1p(x + x * x / (1 + Math.sqrt(x * x + 1)));
    return Math.copySign(result, a);
  }

  private static double areaCosine(double a) {
    if (a < 1) {
      throw inputOutOfRange();
    }
    return a > 1e9 ? Math.log(a) + Math.log(2) : Math.log1p(a - 1 + Math.sqrt((a - 1) * (a + 1)));
  }

  private static double areaTangent(double a) {
    return 0.5 * Math.log1p(2 * unit(a) / (1 - a));
  }

  // Degrees. Within a quadrant each function is scaled so that it is exact where the textbooks are.

  private static double sineTo30(double x) {
    return Math.sin(x * RADIANS_PER_DEGREE) / SIN_30 / 2;
  }

  private static double cosineTo60(double x) {
    return 1 - (1 - Math.cos(x * RADIANS_PER_DEGREE)) / ONE_MINUS_COS_60 / 2;
  }

  private static double sineOfQuadrant(double x) {
    return x <= 30 ? sineTo30(x) : cosineTo60(90 - x);
  }

  private static double cosineOfQuadrant(double x) {
    return x <= 60 ? cosineTo60(x) : sineTo30(90 - x);
  }

  private static double sineOfDegrees(double a) {
    double x = a % 360;
    double sign = 1;
    if (x < 0) {
      x = -x;
      sign = -sign;
    }
    if (x > 180) {
      x = 360 - x;
      sign = -sign;
    }
    return sign * sineOfQuadrant(x > 90 ? 180 - x : x);
  }

  private static double cosineOfDegrees(double a) {
    double x = Math.abs(a % 360);
    if (x > 180) {
      x = 360 - x;
    }
    return x > 90 ? -cosineOfQuadrant(180 - x) : cosineOfQuadrant(x);
  }

  private static double tangentOfDegrees(double a) {
    return overHalfTurn(a, x -> sineOfQuadrant(x) / cosineOfQuadrant(x) / (sineOfQuadrant(45) / cosineOfQuadrant(45)));
  }

  private static double cotangentOfDegrees(double a) {
    return overHalfTurn(a, x -> cosineOfQuadrant(x) / sineOfQuadrant(x) / (cosineOfQuadrant(45) / sineOfQuadrant(45)));
  }

  /// An odd function of period 180 that changes sign at 90, of which `quadrant` knows 0 to 90 degrees; never -0.
  private static double overHalfTurn(double a, DoubleUnaryOperator quadrant) {
    double x = a % 360;
    double sign = 1;
    if (x < 0) {
      x = -x;
      sign = -sign;
    }
    if (x > 180) {
      x = 360 - x;
      sign = -sign;
    }
    if (x > 90) {
      x = 180 - x;
      sign = -sign;
    }
    double result = sign * quadrant.applyAsDouble(x);
    return result == 0 ? 0 : result;
  }

  private static double degreesOfSineTo1(double x) {
    return x <= 0.5 ? Math.asin(x) / ASIN_HALF * 30 : 90 - Math.acos(x) / ACOS_HALF * 60;
  }

  private static double degreesOfSine(double a) {
    return a >= 0 ? degreesOfSineTo1(a) : -degreesOfSineTo1(-a);
  }

  private static double degreesOfCosineTo1(double x) {
    return x <= 0.5 ? 90 - Math.asin(x) / ASIN_HALF * 30 : Math.acos(x) / ACOS_HALF * 60;
  }

  private static double degreesOfCosine(double a) {
    return a >= 0 ? degreesOfCosineTo1(a) : 90 + degreesOfSineTo1(-a);
  }
}
