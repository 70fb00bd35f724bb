package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.LargeValue;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Typmods;
import io.heliosdb.nano.type.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The array functions and operators other than comparison. Source: PostgreSQL 15 manual, "Array Functions and Operators".
public final class ArrayFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "array_append" -> contextual((context, site, args) -> append(elementType(site, context), (PgArray) args[0], args[1]));
      case "array_prepend" -> contextual((context, site, args) -> prepend(elementType(site, context), args[0], (PgArray) args[1]));
      case "array_cat" -> contextual((context, site, args) -> cat((PgArray) args[0], (PgArray) args[1], context));
      case "array_ndims" -> unary(a -> ((PgArray) a).dimensions() == 0 ? null : ((PgArray) a).dimensions());
      case "array_dims" -> unary(a -> dims((PgArray) a));
      case "array_lower" -> binary((a, d) -> hasDimension((PgArray) a, (Integer) d) ? ((PgArray) a).lowerBound((Integer) d - 1) : null);
      case "array_upper" -> binary((a, d) -> hasDimension((PgArray) a, (Integer) d) ? ((PgArray) a).upperBound((Integer) d - 1) : null);
      case "array_length" -> binary((a, d) -> hasDimension((PgArray) a, (Integer) d) ? ((PgArray) a).length((Integer) d - 1) : null);
      case "array_cardinality" -> unary(a -> ((PgArray) a).size());
      case "array_position", "array_position_start" -> contextual((context, site, args) -> position(site, args));
      case "array_positions" -> contextual((context, site, args) -> positions(site, args));
      case "array_remove" -> contextual((context, site, args) -> remove(site, (PgArray) args[0], args[1]));
      case "array_replace" -> contextual((context, site, args) -> replace(site, (PgArray) args[0], args[1], args[2]));
      case "array_fill" -> contextual((context, site, args) -> fill(elementType(site, context), args[0], (PgArray) args[1], null));
      case "array_fill_with_lower_bounds" -> contextual((context, site, args) -> {
        if (args[2] == null) {
          throw nullBounds();
        }
        return fill(elementType(site, context), args[0], (PgArray) args[1], (PgArray) args[2]);
      });
      case "array_to_text" -> contextual((context, site, args) -> toText((PgArray) args[0], (String) args[1], null, context));
      case "array_to_text_null" -> contextual((context, site, args) ->
          args[0] == null || args[1] == null ? null : toText((PgArray) args[0], (String) args[1], (String) args[2], context));
      case "trim_array" -> binary((a, n) -> trim((PgArray) a, (Integer) n));
      case "arraycontains" -> contextual((context, site, args) -> contains((PgArray) args[0], (PgArray) args[1], site));
      case "arraycontained" -> contextual((context, site, args) -> contains((PgArray) args[1], (PgArray) args[0], site));
      case "arrayoverlap" -> contextual((context, site, args) -> overlaps((PgArray) args[0], (PgArray) args[1], site));
      case "width_bucket_array" -> contextual((context, site, args) -> widthBucket(site, args[0], (PgArray) args[1]));
      default -> null;
    };
  }

  private static PgType elementType(CallSite site, CallContext context) {
    PgType type = site.resultType().ultimateBase();
    return context.io().types().byOid(type.elementOid());
  }

  private static SqlException integerOutOfRange() {
    return TypeErrors.outOfRange("integer");
  }

  private static PgArray append(PgType elementType, @Nullable PgArray array, @Nullable Object element) {
    PgArray base = array == null ? PgArray.empty(elementType) : array;
    checkOneDimension(base);
    int lower = base.isEmpty() ? 1 : base.lowerBound(0);
    if (lower > 0 && lower + (long) base.size() > Integer.MAX_VALUE) {
      throw integerOutOfRange();
    }
    @Nullable Object[] elements = Arrays.copyOf(base.elements(), base.size() + 1);
    elements[base.size()] = element;
    return PgArray.of(base.elementType(), new int[] {elements.length}, new int[] {lower}, elements);
  }

  private static PgArray prepend(PgType elementType, @Nullable Object element, @Nullable PgArray array) {
    PgArray base = array == null ? PgArray.empty(elementType) : array;
    checkOneDimension(base);
    // The new element takes the place below the first, and then the array is counted from its old lower bound again.
    int lower = base.isEmpty() ? 1 : base.lowerBound(0);
    if (lower == Integer.MIN_VALUE) {
      throw integerOutOfRange();
    }
    @Nullable Object[] elements = new Object[base.size() + 1];
    elements[0] = element;
    System.arraycopy(base.elements(), 0, elements, 1, base.size());
    return PgArray.of(base.elementType(), new int[] {elements.length}, new int[] {lower}, elements);
  }

  private static void checkOneDimension(PgArray array) {
    if (array.dimensions() > 1) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "argument must be empty or one-dimensional array");
    }
  }

  private static SqlException incompatible(String detail) {
    return new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "cannot concatenate incompatible arrays").withDetail(detail);
  }

  private static @Nullable PgArray cat(@Nullable PgArray a, @Nullable PgArray b, CallContext context) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    if (!a.elementType().equals(b.elementType())) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "cannot concatenate incompatible arrays").withDetail("Arrays with element types "
          + Typmods.formatType(a.elementType(), -1, context.io().types()) + " and "
          + Typmods.formatType(b.elementType(), -1, context.io().types()) + " are not compatible for concatenation.");
    }
    if (a.isEmpty()) {
      return b;
    }
    if (b.isEmpty()) {
      return a;
    }
    int[] lengths;
    int[] lowers;
    if (a.dimensions() == b.dimensions()) {
      lengths = a.lengths().clone();
      lowers = a.lowerBounds().clone();
      lengths[0] += b.length(0);
      for (int d = 1; d < lengths.length; d++) {
        if (a.length(d) != b.length(d) || a.lowerBound(d) != b.lowerBound(d)) {
          throw incompatible("Arrays with differing element dimensions are not compatible for concatenation.");
        }
      }
    } else if (Math.abs(a.dimensions() - b.dimensions()) == 1) {
      PgArray outer = a.dimensions() > b.dimensions() ? a : b;
      PgArray inner = outer == a ? b : a;
      lengths = outer.lengths().clone();
      lowers = outer.lowerBounds().clone();
      lengths[0]++;
      for (int d = 0; d < inner.dimensions(); d++) {
        if (outer.length(d + 1) != inner.length(d) || outer.lowerBound(d + 1) != inner.lowerBound(d)) {
          throw incompatible("Arrays with differing dimensions are not compatible for concatenation.");
        }
      }
    } else {
      throw incompatible("Arrays of " + a.dimensions() + " and " + b.dimensions() + " dimensions are not compatible for concatenation.");
    }
    @Nullable Object[] elements = Arrays.copyOf(a.elements(), a.size() + b.size());
    System.arraycopy(b.elements(), 0, elements, a.size(), b.size());
    return PgArray.of(a.elementType(), lengths, lowers, elements);
  }

  private static @Nullable Object dims(PgArray array) {
    if (array.dimensions() == 0) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    for (int d = 0; d < array.dimensions(); d++) {
      out.append('[').append(array.lowerBound(d)).append(':').append(array.upperBound(d)).append(']');
    }
    return out.toString();
  }

  private static boolean hasDimension(PgArray array, int dimension) {
    return dimension >= 1 && dimension <= array.dimensions();
  }

  private static boolean same(PgType type, @Nullable Object a, @Nullable Object b, int collation) {
    return a == null || b == null ? a == b : Values.equal(type, a, b, collation);
  }

  private static void checkSearchable(PgArray array) {
    if (array.dimensions() > 1) {
      throw SqlException.notSupported("searching for elements in multidimensional arrays");
    }
  }

  private static @Nullable Object position(CallSite site, @Nullable Object[] args) {
    PgArray array = (PgArray) args[0];
    if (array == null) {
      return null;
    }
    checkSearchable(array);
    if (array.isEmpty()) {
      return null;
    }
    int from = array.lowerBound(0);
    int lower = from;
    if (args.length > 2) {
      if (args[2] == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "initial position must not be null");
      }
      from = (Integer) args[2];
    }
    for (int i = (int) Math.max(0, (long) from - lower); i < array.size(); i++) {
      if (same(array.elementType(), array.element(i), args[1], site.collationOid())) {
        return lower + i;
      }
    }
    return null;
  }

  private static @Nullable Object positions(CallSite site, @Nullable Object[] args) {
    PgArray array = (PgArray) args[0];
    if (array == null) {
      return null;
    }
    checkSearchable(array);
    List<Object> found = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      if (same(array.elementType(), array.element(i), args[1], site.collationOid())) {
        found.add(array.lowerBound(0) + i);
      }
    }
    return PgArray.of(PgTypes.INT4, found.toArray());
  }

  private static @Nullable PgArray remove(CallSite site, @Nullable PgArray array, @Nullable Object element) {
    if (array == null) {
      return null;
    }
    if (array.dimensions() > 1) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "removing elements from multidimensional arrays is not supported");
    }
    List<@Nullable Object> kept = new ArrayList<>(array.size());
    for (Object value : array.elements()) {
      if (!same(array.elementType(), value, element, site.collationOid())) {
        kept.add(value);
      }
    }
    if (kept.size() == array.size()) {
      return array;
    }
    return kept.isEmpty() ? PgArray.empty(array.elementType())
        : PgArray.of(array.elementType(), new int[] {kept.size()}, array.lowerBounds(), kept.toArray());
  }

  private static @Nullable PgArray replace(CallSite site, @Nullable PgArray array, @Nullable Object from, @Nullable Object to) {
    if (array == null) {
      return null;
    }
    @Nullable Object[] elements = array.elements().clone();
    for (int i = 0; i < elements.length; i++) {
      if (same(array.elementType(), elements[i], from, site.collationOid())) {
        elements[i] = to;
      }
    }
    return array.withElements(array.elementType(), elements);
  }

  private static SqlException nullBounds() {
    return new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "dimension array or low bound array cannot be null");
  }

  private static PgArray fill(PgType elementType, @Nullable Object value, @Nullable PgArray dimensions, @Nullable PgArray bounds) {
    if (dimensions == null) {
      throw nullBounds();
    }
    int[] lengths = bounds(dimensions);
    PgArray.checkDimensions(lengths.length);
    int[] lowers = new int[lengths.length];
    Arrays.fill(lowers, 1);
    if (bounds != null) {
      lowers = bounds(bounds);
      if (lowers.length != lengths.length) {
        throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts")
            .withDetail("Low bound array has different size than dimensions array.");
      }
    }
    int count = PgArray.elementCount(lengths);
    if (count == 0) {
      return PgArray.empty(elementType);
    }
    LargeValue.check(4L * count);
    @Nullable Object[] elements = new Object[count];
    Arrays.fill(elements, value);
    return PgArray.of(elementType, lengths, lowers, elements);
  }

  private static int[] bounds(PgArray array) {
    if (array.dimensions() > 1) {
      throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts").withDetail("Dimension array must be one dimensional.");
    }
    if (array.containsNull()) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "dimension values cannot be null");
    }
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (Integer) array.element(i);
    }
    return values;
  }

  private static String toText(PgArray array, String separator, @Nullable String nullText, CallContext context) {
    StringBuilder out = new StringBuilder();
    boolean any = false;
    for (Object element : array.elements()) {
      String text = element == null ? nullText : TypeIo.toText(array.elementType(), element, context.io());
      if (text != null) {
        if (any) {
          out.append(separator);
        }
        out.append(text);
        any = true;
      }
    }
    return out.toString();
  }

  private static PgArray trim(PgArray array, int count) {
    int length = array.isEmpty() ? 0 : array.length(0);
    if (count < 0 || count > length) {
      throw new SqlException(SqlState.ARRAY_ELEMENT_ERROR, "number of elements to trim must be between 0 and " + length);
    }
    if (count == length) {
      return PgArray.empty(array.elementType());
    }
    int[] lengths = array.lengths().clone();
    lengths[0] -= count;
    int[] lowers = array.lowerBounds().clone();
    Arrays.fill(lowers, 1);
    return PgArray.of(array.elementType(), lengths, lowers, Arrays.copyOf(array.elements(), array.size() / length * lengths[0]));
  }

  /// Whether each element of `part` is in `whole`; a NULL is in nothing.
  private static boolean contains(PgArray whole, PgArray part, CallSite site) {
    if (part.containsNull()) {
      return false;
    }
    ElementSet set = new ElementSet(whole, site.collationOid());
    for (Object element : part.elements()) {
      if (!set.contains(element)) {
        return false;
      }
    }
    return true;
  }

  private static boolean overlaps(PgArray a, PgArray b, CallSite site) {
    ElementSet set = new ElementSet(a, site.collationOid());
    for (Object element : b.elements()) {
      if (element != null && set.contains(element)) {
        return true;
      }
    }
    return false;
  }

  /// Membership by the element type's equality; hashed when there are many.
  private static final class ElementSet {
    private static final int HASH_FROM = 16;

    private final PgType type;
    private final int collation;
    private final @Nullable Object[] elements;
    private final @Nullable Map<Integer, List<Object>> byHash;

    ElementSet(PgArray array, int collation) {
      this.type = array.elementType();
      this.collation = collation;
      this.elements = array.elements();
      this.byHash = elements.length < HASH_FROM ? null : new HashMap<>();
      if (byHash != null) {
        for (Object element : elements) {
          if (element != null) {
            byHash.computeIfAbsent(Values.hash(type, element, collation), h -> new ArrayList<>(1)).add(element);
          }
        }
      }
    }

    boolean contains(Object value) {
      if (byHash != null) {
        for (Object element : byHash.getOrDefault(Values.hash(type, value, collation), List.of())) {
          if (Values.equal(type, element, value, collation)) {
            return true;
          }
        }
        return false;
      }
      for (Object element : elements) {
        if (element != null && Values.equal(type, element, value, collation)) {
          return true;
        }
      }
      return false;
    }
  }

  /// Number of the bucket: how many thresholds, which are sorted, are not above the operand.
  private static int widthBucket(CallSite site, Object operand, PgArray thresholds) {
    if (thresholds.dimensions() > 1) {
      throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "thresholds must be one-dimensional array");
    }
    if (thresholds.containsNull()) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "thresholds array must not contain NULLs");
    }
    int low = 0;
    int high = thresholds.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Values.compare(thresholds.elementType(), operand, thresholds.element(middle), site.collationOid()) < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
