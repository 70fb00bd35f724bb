package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An array value: up to six dimensions with lower bounds, elements in row-major order, null for NULL. Immutable; an empty
/// array has no dimensions. `equals` compares dimensions and elements (not element types) with the elements' `equals`;
/// SQL comparison is [Values#compare].
public final class PgArray {
  public static final int MAX_DIMENSIONS = 6;
  /// PostgreSQL's limit on the number of elements.
  public static final int MAX_ELEMENTS = 134_217_727;

  private static final int[] NONE = {};
  private static final Object[] NO_ELEMENTS = {};

  private final PgType elementType;
  private final int[] lengths;
  private final int[] lowerBounds;
  private final @Nullable Object[] elements;

  private PgArray(PgType elementType, int[] lengths, int[] lowerBounds, @Nullable Object[] elements) {
    this.elementType = elementType;
    this.lengths = lengths;
    this.lowerBounds = lowerBounds;
    this.elements = elements;
  }

  public static PgArray empty(PgType elementType) {
    return new PgArray(elementType, NONE, NONE, NO_ELEMENTS);
  }

  /// A one-dimensional array from 1; takes over `elements`.
  public static PgArray of(PgType elementType, @Nullable Object... elements) {
    return elements.length == 0 ? empty(elementType) : new PgArray(elementType, new int[] {elements.length}, new int[] {1}, elements);
  }

  /// An array of any shape; takes over the arguments. `elements` must number the product of `lengths`.
  public static PgArray of(PgType elementType, int[] lengths, int[] lowerBounds, @Nullable Object[] elements) {
    if (elements.length == 0) {
      return empty(elementType);
    }
    checkDimensions(lengths.length);
    if (lengths.length != lowerBounds.length || elementCount(lengths) != elements.length) {
      throw new IllegalArgumentException("shape " + Arrays.toString(lengths) + " does not hold " + elements.length + " elements");
    }
    return new PgArray(elementType, lengths, lowerBounds, elements);
  }

  /// Fails with 54000 as PostgreSQL does past six dimensions.
  public static void checkDimensions(int dimensions) {
    if (dimensions > MAX_DIMENSIONS) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED,
          "number of array dimensions (" + dimensions + ") exceeds the maximum allowed (" + MAX_DIMENSIONS + ")");
    }
  }

  /// The number of elements of that shape; 54000 past the maximum.
  public static int elementCount(int[] lengths) {
    long count = lengths.length == 0 ? 0 : 1;
    for (int length : lengths) {
      count *= length;
      if (count > MAX_ELEMENTS) {
        throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (" + MAX_ELEMENTS + ")");
      }
    }
    return (int) count;
  }

  public PgType elementType() {
    return elementType;
  }

  /// Number of dimensions, 0 for an empty array.
  public int dimensions() {
    return lengths.length;
  }

  public boolean isEmpty() {
    return elements.length == 0;
  }

  /// Number of elements over all dimensions.
  public int size() {
    return elements.length;
  }

  /// Length of a dimension counted from 0.
  public int length(int dimension) {
    return lengths[dimension];
  }

  public int lowerBound(int dimension) {
    return lowerBounds[dimension];
  }

  public int upperBound(int dimension) {
    return lowerBounds[dimension] + lengths[dimension] - 1;
  }

  public int[] lengths() {
    return lengths.clone();
  }

  public int[] lowerBounds() {
    return lowerBounds.clone();
  }

  /// The element at a place in row-major order, from 0.
  public @Nullable Object element(int index) {
    return elements[index];
  }

  /// The elements in row-major order, which must not be changed.
  public @Nullable Object[] elements() {
    return elements;
  }

  /// The element at SQL subscripts; null when there is none or the number of subscripts is wrong.
  public @Nullable Object get(int... subscripts) {
    if (subscripts.length != lengths.length || lengths.length == 0) {
      return null;
    }
    int index = 0;
    for (int d = 0; d < subscripts.length; d++) {
      long offset = (long) subscripts[d] - lowerBounds[d];
      if (offset < 0 || offset >= lengths[d]) {
        return null;
      }
      index = index * lengths[d] + (int) offset;
    }
    return elements[index];
  }

  public boolean containsNull() {
    for (Object element : elements) {
      if (element == null) {
        return true;
      }
    }
    return false;
  }

  /// The same shape with other elements, of another type perhaps; takes over `newElements`.
  public PgArray withElements(PgType newElementType, @Nullable Object[] newElements) {
    return new PgArray(newElementType, lengths, lowerBounds, newElements);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PgArray a && Arrays.equals(lengths, a.lengths) && Arrays.equals(lowerBounds, a.lowerBounds)
        && Arrays.equals(elements, a.elements);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(elements);
  }

  @Override
  public String toString() {
    return Arrays.toString(elements);
  }
}
