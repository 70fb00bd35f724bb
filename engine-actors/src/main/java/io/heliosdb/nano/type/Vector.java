package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A value of type `vector`: 1 to 16000 finite single-precision numbers. Immutable.
/// Errors follow the pgvector extension.
public final class Vector implements Comparable<Vector> {
  public static final int MAX_DIMENSIONS = 16000;

  private final float[] elements;

  private Vector(float[] elements) {
    this.elements = elements;
  }

  /// Wraps an array that nobody changes from now on, after checking it.
  public static Vector of(float... elements) {
    if (elements.length < 1) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "vector must have at least 1 dimension");
    }
    if (elements.length > MAX_DIMENSIONS) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "vector cannot have more than " + MAX_DIMENSIONS + " dimensions");
    }
    for (float element : elements) {
      if (Float.isNaN(element)) {
        throw new SqlException(SqlState.DATA_EXCEPTION, "NaN not allowed in vector");
      }
      if (Float.isInfinite(element)) {
        throw new SqlException(SqlState.DATA_EXCEPTION, "infinite value not allowed in vector");
      }
    }
    return new Vector(elements);
  }

  public int dimensions() {
    return elements.length;
  }

  public float get(int index) {
    return elements[index];
  }

  public float[] toArray() {
    return elements.clone();
  }

  /// The array itself, which must not be changed.
  public float[] unsafeArray() {
    return elements;
  }

  /// Element by element, then the shorter first.
  @Override
  public int compareTo(Vector other) {
    int common = Math.min(elements.length, other.elements.length);
    for (int i = 0; i < common; i++) {
      if (elements[i] != other.elements[i]) {
        return elements[i] < other.elements[i] ? -1 : 1;
      }
    }
    return Integer.compare(elements.length, other.elements.length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Vector v && compareTo(v) == 0;
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (float element : elements) {
      hash = 31 * hash + Float.hashCode(element == 0 ? 0f : element);
    }
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(elements);
  }
}
