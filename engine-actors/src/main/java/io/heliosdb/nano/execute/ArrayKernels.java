package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.Values;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// ARRAY[…], `op ANY/ALL (array)`, subscripts and element-wise casts.
final class ArrayKernels {
  private ArrayKernels() {}

  /// One array of one more dimension out of arrays of the same shape.
  static PgArray stack(PgType elementType, List<@Nullable Object> parts) {
    PgArray first = null;
    boolean anyEmpty = false;
    boolean anyFull = false;
    for (Object part : parts) {
      boolean empty = part == null || ((PgArray) part).isEmpty();
      anyEmpty |= empty;
      anyFull |= !empty;
      if (!empty && first == null) {
        first = (PgArray) part;
      }
    }
    if (!anyFull) {
      return PgArray.empty(elementType);
    }
    if (anyEmpty) {
      throw shapeMismatch();
    }
    PgArray.checkDimensions(first.dimensions() + 1);
    int[] lengths = new int[first.dimensions() + 1];
    int[] bounds = new int[lengths.length];
    lengths[0] = parts.size();
    bounds[0] = 1;
    for (int d = 0; d < first.dimensions(); d++) {
      lengths[d + 1] = first.length(d);
      bounds[d + 1] = first.lowerBound(d);
    }
    Object[] elements = new Object[PgArray.elementCount(lengths)];
    int at = 0;
    for (Object part : parts) {
      PgArray array = (PgArray) part;
      if (!Arrays.equals(array.lengths(), first.lengths())) {
        throw shapeMismatch();
      }
      System.arraycopy(array.elements(), 0, elements, at, array.size());
      at += array.size();
    }
    return PgArray.of(elementType, lengths, bounds, elements);
  }

  private static SqlException shapeMismatch() {
    return new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "multidimensional arrays must have array expressions with matching dimensions");
  }

  static final class Constructor extends Kernel {
    private final PgType elementType;
    private final boolean nested;
    private final Kernel[] elements;

    Constructor(PgType type, PgType elementType, boolean nested, Kernel[] elements) {
      super(type);
      this.elementType = elementType;
      this.nested = nested;
      this.elements = elements;
    }

    @Override
    Object eval(RowAccess row, EvalState s) {
      Object[] values = new Object[elements.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = elements[i].eval(row, s);
      }
      return nested ? stack(elementType, Arrays.asList(values)) : PgArray.of(elementType, values);
    }
  }

  /// `left op ANY/ALL (array)`. Equality against an array that is the same for all rows uses a hash set from [#HASH_MIN] elements on.
  static final class Quantified extends Kernel {
    private static final int HASH_MIN = 9;

    private final Kernel left;
    private final Kernel array;
    private final CallSite operator;
    private final boolean all;
    private final int accepts;
    private final PgType operand;
    private final int collation;

    Quantified(Kernel left, Kernel array, CallSite operator, boolean all, int accepts) {
      super(PgTypes.BOOL);
      this.left = left;
      this.array = array;
      this.operator = operator;
      this.all = all;
      this.accepts = accepts;
      operand = operator.argumentTypes().get(0);
      collation = operator.collationOid();
    }

    /// What is known of an array that does not change, by identity.
    private record Prepared(PgArray array, @Nullable Set<Object> hashed, boolean hasNull) {}

    private static final int EQUAL = 2;
    private static final int NOT_EQUAL = 5;

    /// Whether `equals` of the boxed class is SQL equality.
    private boolean hashesNaturally() {
      return switch (operand.family()) {
        case INT2, INT4, INT8, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, NUMERIC, BYTEA, UUID, BOOL, ENUM, MONEY -> true;
        case TEXT, NAME -> io.heliosdb.nano.type.Collations.isDeterministic(collation);
        default -> false;
      };
    }

    /// Whether `= ANY` over a short list of texts can look at their bytes.
    private boolean comparesBytes(Prepared prepared) {
      return !all && accepts == EQUAL && !prepared.hasNull && prepared.array.size() > 0 && prepared.hashed == null && sameRepresentation(prepared.array)
          && (operand.family() == TypeFamily.TEXT || operand.family() == TypeFamily.BPCHAR) && io.heliosdb.nano.type.Collations.isDeterministic(collation);
    }

    private void anyText(TextVector text, PgArray array, int @Nullable [] rows, int count, ColumnVector.Bools out) {
      TextVector wanted = new TextVector(Math.max(1, array.size()));
      for (int e = 0; e < array.size(); e++) {
        wanted.set(e, array.element(e));
      }
      boolean padded = operand.family() == TypeFamily.BPCHAR;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        if (text.isNull(r)) {
          out.setNull(r);
          continue;
        }
        boolean found = false;
        for (int e = 0; e < array.size() && !found; e++) {
          found = padded ? TextVector.sameTrimmed(text, r, wanted, e) : TextVector.sameBytes(text, r, wanted, e);
        }
        out.setNotNull(r);
        out.values[r] = found;
      }
    }

    private Prepared prepare(PgArray value, EvalState s) {
      Prepared known = (Prepared) s.slot(slot + 1);
      if (known != null && known.array == value) {
        return known;
      }
      Set<Object> hashed = null;
      boolean usable = all ? accepts == NOT_EQUAL : accepts == EQUAL;
      if (usable && array.rowIndependent && value.size() >= HASH_MIN && hashesNaturally() && sameRepresentation(value)) {
        hashed = new HashSet<>(value.size() * 2);
        for (Object element : value.elements()) {
          if (element != null) {
            hashed.add(element);
          }
        }
      }
      known = new Prepared(value, hashed, value.containsNull());
      s.setSlot(slot + 1, known);
      return known;
    }

    private boolean sameRepresentation(PgArray value) {
      return value.elementType().representation() == left.type.representation() && value.elementType().family() == left.type.family();
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object arrayValue = array.eval(row, s);
      if (arrayValue == null) {
        return null;
      }
      return test(left.eval(row, s), prepare((PgArray) arrayValue, s), s);
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      if (!array.rowIndependent) {
        return super.eval(batch, rows, count, s);
      }
      ColumnVector.Bools out = (ColumnVector.Bools) output(batch, rows, count, s);
      Object arrayValue = count == 0 ? null : array.eval(RowAccess.EMPTY, s);
      if (arrayValue == null) {
        for (int i = 0; i < count; i++) {
          out.setNull(rows == null ? i : rows[i]);
        }
        return out;
      }
      Prepared prepared = prepare((PgArray) arrayValue, s);
      ColumnVector values = left.eval(batch, rows, count, s);
      if (values instanceof TextVector text && comparesBytes(prepared)) {
        anyText(text, prepared.array, rows, count, out);
        return out;
      }
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        out.set(r, test(values.get(r), prepared, s));
      }
      return out;
    }

    private @Nullable Boolean test(@Nullable Object value, Prepared prepared, EvalState s) {
      PgArray elements = prepared.array;
      if (elements.isEmpty()) {
        return all;
      }
      if (value == null && operator.function().strict()) {
        return null;
      }
      if (prepared.hashed != null) {
        return prepared.hashed.contains(value) ? (Boolean) !all : prepared.hasNull ? null : (Boolean) all;
      }
      boolean sawNull = false;
      for (Object element : elements.elements()) {
        Boolean outcome = element == null && operator.function().strict() ? null : apply(value, element, s);
        if (outcome == null) {
          sawNull = true;
        } else if (outcome != all) {
          return outcome;
        }
      }
      return sawNull ? null : (Boolean) all;
    }

    private @Nullable Boolean apply(@Nullable Object value, @Nullable Object element, EvalState s) {
      if (accepts != 0 && value != null && element != null && value.getClass() == element.getClass()) {
        if (accepts == EQUAL) {
          return Values.equal(operand, value, element, collation);
        }
        int order = Values.compare(operand, value, element, collation);
        return (accepts & (order < 0 ? 1 : order == 0 ? 2 : 4)) != 0;
      }
      return (Boolean) FunctionKernel.call(FunctionKernel.implementation(operator, s.context), operator, new Object[] {value, element},
          s.context.call());
    }
  }

  /// Element or slice of an array.
  static final class Subscript extends Kernel {
    private final Kernel container;
    private final @Nullable Kernel[] lowers;
    private final @Nullable Kernel[] uppers;
    private final boolean slice;

    Subscript(PgType type, Kernel container, @Nullable Kernel[] lowers, @Nullable Kernel[] uppers, boolean slice) {
      super(type);
      this.container = container;
      this.lowers = lowers;
      this.uppers = uppers;
      this.slice = slice;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = container.eval(row, s);
      if (value == null) {
        return null;
      }
      PgArray array = elements(value);
      int[] low = new int[uppers.length];
      int[] high = new int[uppers.length];
      for (int i = 0; i < uppers.length; i++) {
        Object upper = uppers[i] == null ? null : uppers[i].eval(row, s);
        Object lower = lowers[i] == null ? null : lowers[i].eval(row, s);
        if (uppers[i] != null && upper == null || lowers[i] != null && lower == null) {
          return null;
        }
        low[i] = lower != null ? ((Number) lower).intValue() : i < array.dimensions() ? array.lowerBound(i) : 1;
        high[i] = upper != null ? ((Number) upper).intValue() : i < array.dimensions() ? array.upperBound(i) : 0;
      }
      return slice ? slice(array, low, high) : array.get(high);
    }

    /// Values of fixed length with elements, which count from 0: the characters of a name, the coordinates of a point.
    private static PgArray elements(Object value) {
      return switch (value) {
        case PgArray array -> array;
        case String name -> PgArray.of(PgTypes.CHAR, new int[] {name.length()}, new int[] {0},
            name.chars().mapToObj(c -> (Object) String.valueOf((char) c)).toArray());
        case io.heliosdb.nano.type.Geometry.Point point ->
            PgArray.of(PgTypes.FLOAT8, new int[] {2}, new int[] {0}, new Object[] {point.x(), point.y()});
        default -> throw io.heliosdb.nano.error.SqlException.notSupported("subscripting of this type");
      };
    }

    private static PgArray slice(PgArray array, int[] low, int[] high) {
      int dimensions = array.dimensions();
      if (low.length > dimensions || dimensions == 0) {
        return PgArray.empty(array.elementType());
      }
      int[] from = new int[dimensions];
      int[] lengths = new int[dimensions];
      int[] bounds = new int[dimensions];
      for (int d = 0; d < dimensions; d++) {
        int lower = d < low.length ? Math.max(low[d], array.lowerBound(d)) : array.lowerBound(d);
        int upper = d < high.length ? Math.min(high[d], array.upperBound(d)) : array.upperBound(d);
        if (lower > upper) {
          return PgArray.empty(array.elementType());
        }
        from[d] = lower - array.lowerBound(d);
        lengths[d] = upper - lower + 1;
        bounds[d] = 1;
      }
      Object[] elements = new Object[PgArray.elementCount(lengths)];
      int[] at = new int[dimensions];
      for (int i = 0; i < elements.length; i++) {
        int source = 0;
        for (int d = 0; d < dimensions; d++) {
          source = source * array.length(d) + from[d] + at[d];
        }
        elements[i] = array.element(source);
        for (int d = dimensions - 1; d >= 0 && ++at[d] == lengths[d]; d--) {
          at[d] = 0;
        }
      }
      return PgArray.of(array.elementType(), lengths, bounds, elements);
    }
  }

  /// Applies `element` to each element, handed in as the case value.
  static final class Cast extends Kernel {
    private final Kernel argument;
    private final Kernel element;
    private final PgType elementType;

    Cast(PgType type, Kernel argument, Kernel element) {
      super(type);
      this.argument = argument;
      this.element = element;
      elementType = element.type;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = argument.eval(row, s);
      if (value == null) {
        return null;
      }
      PgArray array = (PgArray) value;
      Object saved = s.caseValue;
      Object[] elements = new Object[array.size()];
      try {
        for (int i = 0; i < elements.length; i++) {
          s.caseValue = array.element(i);
          elements[i] = element.eval(row, s);
        }
      } finally {
        s.caseValue = saved;
      }
      return array.withElements(elementType, elements);
    }
  }
}
