package io.heliosdb.nano.execute;

import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Values;
import org.jspecify.annotations.Nullable;

/// One key of an order over materialized rows.
///
/// @param column where the key's values stand
/// @param ordering operator of ORDER BY … USING that is not the type's own `<` or `>`, null otherwise
public record SortColumn(int column, PgType type, int collation, boolean descending, boolean nullsFirst, @Nullable CallSite ordering) {
  int compare(ColumnVector a, int rowA, ColumnVector b, int rowB, ExecutionContext context) {
    boolean nullA = a.isNull(rowA);
    boolean nullB = b.isNull(rowB);
    if (nullA || nullB) {
      return nullA == nullB ? 0 : nullA == nullsFirst ? -1 : 1;
    }
    if (ordering != null) {
      return custom(a.boxed(rowA), b.boxed(rowB), context);
    }
    int order = switch (a) {
      case ColumnVector.Ints v -> Integer.compare(v.values[rowA], ((ColumnVector.Ints) b).values[rowB]);
      case ColumnVector.Longs v when plainLong() -> Long.compare(v.values[rowA], ((ColumnVector.Longs) b).values[rowB]);
      case ColumnVector.Doubles v -> Values.compareDouble(v.values[rowA], ((ColumnVector.Doubles) b).values[rowB]);
      case TextVector v when plainText() -> TextVector.compareBytes(v, rowA, (TextVector) b, rowB);
      default -> Values.compare(type, a.boxed(rowA), b.boxed(rowB), collation);
    };
    return descending ? -order : order;
  }

  int compare(@Nullable Object a, @Nullable Object b, ExecutionContext context) {
    if (a == null || b == null) {
      return a == b ? 0 : (a == null) == nullsFirst ? -1 : 1;
    }
    if (ordering != null) {
      return custom(a, b, context);
    }
    int order = Values.compare(type, a, b, collation);
    return descending ? -order : order;
  }

  /// Compares two rows by several keys.
  static int compare(SortColumn[] keys, ColumnVector[] a, int rowA, ColumnVector[] b, int rowB, ExecutionContext context) {
    for (SortColumn key : keys) {
      int order = key.compare(a[key.column], rowA, b[key.column], rowB, context);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private int custom(Object a, Object b, ExecutionContext context) {
    var implementation = FunctionKernel.implementation(ordering, context);
    if (Boolean.TRUE.equals(FunctionKernel.call(implementation, ordering, new Object[] {a, b}, context.call()))) {
      return -1;
    }
    return Boolean.TRUE.equals(FunctionKernel.call(implementation, ordering, new Object[] {b, a}, context.call())) ? 1 : 0;
  }

  boolean plainLong() {
    return switch (type.family()) {
      case XID8, PG_LSN -> false;
      default -> true;
    };
  }

  boolean plainText() {
    return switch (type.family()) {
      case TEXT, NAME -> Collations.isBytewise(collation);
      default -> false;
    };
  }

  /// A value of a non-null key whose order as a signed long is consistent with the key's order (equal prefixes decide nothing); only
  /// where [#hasPrefix].
  long prefix(ColumnVector vector, int row) {
    long p = switch (vector) {
      case ColumnVector.Ints v -> v.values[row];
      case ColumnVector.Longs v -> v.values[row];
      case ColumnVector.Doubles v -> {
        long bits = Double.doubleToLongBits(v.values[row] == 0 ? 0.0 : v.values[row]);
        yield bits < 0 ? bits ^ Long.MAX_VALUE : bits;
      }
      case TextVector v -> {
        v.needBytes(row);
        byte[] bytes = v.buffer();
        int start = v.start(row);
        int length = v.length(row);
        long value = 0;
        for (int i = 0; i < 8; i++) {
          value = value << 8 | (i < length ? bytes[start + i] & 0xff : 0);
        }
        yield value ^ Long.MIN_VALUE;
      }
      default -> throw new IllegalStateException();
    };
    return descending ? ~p : p;
  }

  boolean hasPrefix() {
    return ordering == null && switch (type.representation()) {
      case INT32, FLOAT64 -> true;
      case INT64 -> plainLong();
      case TEXT -> plainText();
      default -> false;
    };
  }
}
