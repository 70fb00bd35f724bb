package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.ternary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Distances, arithmetic and conversions of the vector type. Both sides of an operator have the same number of dimensions,
/// else 22000.
public final class VectorFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "l2_distance" -> binary((a, b) -> Math.sqrt(squaredDistance(floats(a, b), floats(b))));
      case "inner_product" -> binary((a, b) -> innerProduct(floats(a, b), floats(b)));
      case "vector_negative_inner_product" -> binary((a, b) -> -innerProduct(floats(a, b), floats(b)));
      case "cosine_distance" -> binary((a, b) -> cosineDistance(floats(a, b), floats(b)));
      case "l1_distance" -> binary((a, b) -> taxicab(floats(a, b), floats(b)));
      case "vector_dims" -> unary(a -> ((Vector) a).dimensions());
      case "vector_norm" -> unary(a -> Math.sqrt(innerProduct(floats(a), floats(a))));
      case "l2_normalize" -> unary(a -> normalized(floats(a)));
      case "subvector" -> ternary((a, start, count) -> part(floats(a), (Integer) start, (Integer) count));
      case "vector_add" -> binary((a, b) -> combined(floats(a, b), floats(b), '+'));
      case "vector_sub" -> binary((a, b) -> combined(floats(a, b), floats(b), '-'));
      case "vector_mul" -> binary((a, b) -> combined(floats(a, b), floats(b), '*'));
      case "vector_concat" -> binary((a, b) -> concat(floats(a), floats(b)));
      case "vector_to_vector" -> ternary((a, typmod, explicit) -> withDimensions((Vector) a, (Integer) typmod));
      case "array_to_vector" -> ternary((a, typmod, explicit) -> withDimensions(ofArray((PgArray) a), (Integer) typmod));
      case "vector_to_float4" -> ternary((a, typmod, explicit) -> {
        float[] values = floats(a);
        Object[] boxed = new Object[values.length];
        Arrays.setAll(boxed, i -> values[i]);
        return PgArray.of(PgTypes.FLOAT4, boxed);
      });
      case "vector_to_float8" -> ternary((a, typmod, explicit) -> {
        float[] values = floats(a);
        Object[] boxed = new Object[values.length];
        Arrays.setAll(boxed, i -> (double) values[i]);
        return PgArray.of(PgTypes.FLOAT8, boxed);
      });
      default -> null;
    };
  }

  static void checkSameDimensions(int a, int b) {
    if (a != b) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "different vector dimensions " + a + " and " + b);
    }
  }

  private static float[] floats(@Nullable Object a) {
    return ((Vector) a).unsafeArray();
  }

  private static float[] floats(@Nullable Object a, @Nullable Object b) {
    checkSameDimensions(((Vector) a).dimensions(), ((Vector) b).dimensions());
    return floats(a);
  }

  private static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }

  private static double innerProduct(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /// NaN when one side has length 0.
  private static double cosineDistance(float[] a, float[] b) {
    double similarity = innerProduct(a, b) / Math.sqrt(innerProduct(a, a) * innerProduct(b, b));
    return 1 - (similarity > 1 ? 1 : similarity < -1 ? -1 : similarity);
  }

  private static double taxicab(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((double) a[i] - b[i]);
    }
    return sum;
  }

  private static Vector normalized(float[] a) {
    double norm = Math.sqrt(innerProduct(a, a));
    float[] out = new float[a.length];
    for (int i = 0; norm > 0 && i < a.length; i++) {
      out[i] = (float) (a[i] / norm);
    }
    return Vector.of(out);
  }

  private static Vector part(float[] a, int start, int count) {
    long end = Math.min(a.length, start - 1L + count);
    int from = Math.max(0, start - 1);
    if (count < 1 || from >= end) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "vector must have at least 1 dimension");
    }
    return Vector.of(Arrays.copyOfRange(a, from, (int) end));
  }

  private static Vector combined(float[] a, float[] b, char operator) {
    float[] out = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      out[i] = switch (operator) {
        case '+' -> a[i] + b[i];
        case '-' -> a[i] - b[i];
        default -> a[i] * b[i];
      };
      if (Float.isInfinite(out[i])) {
        throw FloatArithmetic.overflow();
      }
      if (operator == '*' && out[i] == 0 && a[i] != 0 && b[i] != 0) {
        throw FloatArithmetic.underflow();
      }
    }
    return Vector.of(out);
  }

  private static Vector concat(float[] a, float[] b) {
    checkCount(a.length + b.length);
    float[] out = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return Vector.of(out);
  }

  private static void checkCount(int dimensions) {
    if (dimensions > Vector.MAX_DIMENSIONS) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "vector cannot have more than " + Vector.MAX_DIMENSIONS + " dimensions");
    }
    if (dimensions < 1) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "vector must have at least 1 dimension");
    }
  }

  private static Vector withDimensions(Vector value, int typmod) {
    if (typmod != -1 && value.dimensions() != typmod) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "expected " + typmod + " dimensions, not " + value.dimensions());
    }
    return value;
  }

  private static Vector ofArray(PgArray array) {
    if (array.dimensions() > 1) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "array must be 1-D");
    }
    if (array.containsNull()) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "array must not contain nulls");
    }
    checkCount(array.size());
    float[] out = new float[array.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = ((Number) array.element(i)).floatValue();
      if (Float.isNaN(out[i]) || Float.isInfinite(out[i])) {
        throw new SqlException(SqlState.DATA_EXCEPTION, (Float.isNaN(out[i]) ? "NaN" : "infinite value") + " not allowed in vector");
      }
    }
    return Vector.of(out);
  }
}
