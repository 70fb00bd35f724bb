package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.Values;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `= <> < <= > >=` of the built-in types, in primitive loops where both sides are primitive or text of a bytewise collation.
///
/// An operator is the set of comparison results it accepts: bit 0 less, bit 1 equal, bit 2 greater.
final class CompareKernel extends Kernel {
  private static final int LESS = 1;
  private static final int EQUAL = 2;
  private static final int GREATER = 4;
  private static final Map<String, Integer> SUFFIXES = Map.of("eq", EQUAL, "ne", LESS | GREATER, "lt", LESS, "le", LESS | EQUAL, "gt", GREATER, "ge", GREATER | EQUAL);

  private enum Kind { LONG, DOUBLE, TEXT, PADDED, OBJECT }

  private final Kernel left;
  private final Kernel right;
  private final Kind kind;
  private final int accepts;
  private final PgType operand;
  private final int collation;
  private final int widenSlot;

  private CompareKernel(Kernel left, Kernel right, Kind kind, int accepts, PgType operand, int collation, int widenSlot) {
    super(PgTypes.BOOL);
    this.left = left;
    this.right = right;
    this.kind = kind;
    this.accepts = accepts;
    this.operand = operand;
    this.collation = collation;
    this.widenSlot = widenSlot;
  }

  /// What a comparison function accepts, 0 if the symbol does not name a comparison within one type (or the integers, or the floats).
  static int accepted(String symbol, PgType left, PgType right) {
    int length = symbol.length();
    if (length < 4) {
      return 0;
    }
    Integer accepts = SUFFIXES.get(symbol.substring(length - 2));
    if (accepts == null) {
      return 0;
    }
    String prefix = symbol.substring(0, symbol.charAt(length - 3) == '_' ? length - 3 : length - 2);
    return switch (prefix) {
      case "int2", "int4", "int8", "int24", "int42", "int28", "int82", "int48", "int84" -> accepts;
      case "float4", "float8", "float48", "float84" -> accepts;
      case "text", "name", "bpchar", "char", "bool", "oid", "date", "time", "timetz", "timestamp", "interval", "numeric", "cash", "bytea", "uuid",
          "enum", "macaddr", "macaddr8", "network", "bit", "array", "record", "jsonb", "range", "multirange", "pg_lsn", "xid8", "tsvector", "tsquery",
          "tid", "vector" ->
          sameFamily(left, right) ? accepts : 0;
      default -> 0;
    };
  }

  private static boolean sameFamily(PgType left, PgType right) {
    TypeFamily a = left.family();
    TypeFamily b = right.family();
    return a == b || a == TypeFamily.INET && b == TypeFamily.CIDR || a == TypeFamily.CIDR && b == TypeFamily.INET
        || a == TypeFamily.BIT && b == TypeFamily.VARBIT || a == TypeFamily.VARBIT && b == TypeFamily.BIT
        || a == TypeFamily.OID && b == TypeFamily.REG || a == TypeFamily.REG && b == TypeFamily.OID;
  }

  static CompareKernel of(int accepts, Kernel left, Kernel right, int collation, KernelCompiler compiler) {
    PgType type = left.type;
    Kind kind = switch (type.family()) {
      case INT2, INT4, INT8, DATE, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, TID -> Kind.LONG;
      case FLOAT4, FLOAT8 -> Kind.DOUBLE;
      case TEXT, NAME -> Collations.isBytewise(collation) ? Kind.TEXT : Kind.OBJECT;
      case BPCHAR -> Collations.isBytewise(collation) ? Kind.PADDED : Kind.OBJECT;
      default -> Kind.OBJECT;
    };
    return new CompareKernel(left, right, kind, accepts, type, collation, compiler.newSlot());
  }

  private boolean accepts(int order) {
    return (accepts & (order < 0 ? LESS : order == 0 ? EQUAL : GREATER)) != 0;
  }

  boolean test(Object a, Object b) {
    return switch (kind) {
      case LONG -> accepts(Long.compare(((Number) a).longValue(), ((Number) b).longValue()));
      case DOUBLE -> accepts(Values.compareDouble(((Number) a).doubleValue(), ((Number) b).doubleValue()));
      case TEXT -> accepts == EQUAL ? a.equals(b) : accepts(Collations.compareUtf8((String) a, (String) b));
      case PADDED, OBJECT -> accepts == EQUAL ? Values.equal(operand, a, b, collation) : accepts == (LESS | GREATER)
          ? !Values.equal(operand, a, b, collation) : accepts(Values.compare(operand, a, b, collation));
    };
  }

  @Override
  @Nullable Object eval(RowAccess row, EvalState s) {
    Object a = left.eval(row, s);
    if (a == null) {
      return null;
    }
    Object b = right.eval(row, s);
    return b == null ? null : (Object) test(a, b);
  }

  @Override
  ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
    ColumnVector a = left.eval(batch, rows, count, s);
    ColumnVector b = right.eval(batch, rows, count, s);
    ColumnVector.Bools out = (ColumnVector.Bools) output(batch, rows, count, s);
    boolean[] result = out.values;
    Nulls.either(a, b, rows, count, out);
    switch (kind) {
      case LONG -> {
        long[] x = Widening.longs(a, rows, count, s, widenSlot, 0);
        long[] y = Widening.longs(b, rows, count, s, widenSlot, 1);
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          result[r] = (accepts & (x[r] < y[r] ? LESS : x[r] == y[r] ? EQUAL : GREATER)) != 0;
        }
      }
      case DOUBLE -> {
        double[] x = Widening.doubles(a, rows, count, s, widenSlot, 0);
        double[] y = Widening.doubles(b, rows, count, s, widenSlot, 1);
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          result[r] = accepts(Values.compareDouble(x[r], y[r]));
        }
      }
      case TEXT -> {
        TextVector x = (TextVector) a;
        TextVector y = (TextVector) b;
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          if (!out.isNull(r)) {
            result[r] = accepts == EQUAL ? TextVector.sameBytes(x, r, y, r)
                : accepts == (LESS | GREATER) ? !TextVector.sameBytes(x, r, y, r) : accepts(TextVector.compareBytes(x, r, y, r));
          }
        }
      }
      case PADDED -> {
        TextVector x = (TextVector) a;
        TextVector y = (TextVector) b;
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          if (!out.isNull(r)) {
            result[r] = accepts == EQUAL ? TextVector.sameTrimmed(x, r, y, r)
                : accepts == (LESS | GREATER) ? !TextVector.sameTrimmed(x, r, y, r) : accepts(TextVector.compareTrimmed(x, r, y, r));
          }
        }
      }
      case OBJECT -> {
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          if (!out.isNull(r)) {
            result[r] = test(a.boxed(r), b.boxed(r));
          }
        }
      }
    }
    return out;
  }

  private int selectDoubles(ColumnVector a, double y, int @Nullable [] rows, int count, int[] out, EvalState s) {
    double[] x = Widening.doubles(a, rows, count, s, widenSlot, 0);
    boolean[] nulls = a.nulls;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      out[kept] = r;
      // NaN is above everything: neither less nor equal.
      kept += (nulls == null || !nulls[r]) && (accepts & (x[r] < y ? LESS : x[r] == y ? EQUAL : GREATER)) != 0 ? 1 : 0;
    }
    return kept;
  }

  private int selectNumerics(ColumnVector a, Numeric y, int @Nullable [] rows, int count, int[] out) {
    Object[] x = ((ColumnVector.Objects) a).values;
    boolean[] nulls = a.nulls;
    long unscaled = y.unscaledLong();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      if (nulls == null || !nulls[r]) {
        Numeric value = (Numeric) x[r];
        int order = value.isCompact() && value.scale() == y.scale() ? Long.compare(value.unscaledLong(), unscaled) : value.compareTo(y);
        if (accepts(order)) {
          out[kept++] = r;
        }
      }
    }
    return kept;
  }

  @Override
  int select(Batch batch, int @Nullable [] rows, int count, int[] out, EvalState s) {
    if (!right.rowIndependent) {
      return super.select(batch, rows, count, out, s);
    }
    Object constant = right.eval(RowAccess.EMPTY, s);
    if (constant == null) {
      return 0;
    }
    if (kind == Kind.DOUBLE && !Double.isNaN(((Number) constant).doubleValue())) {
      return selectDoubles(left.eval(batch, rows, count, s), ((Number) constant).doubleValue(), rows, count, out, s);
    }
    if (constant instanceof Numeric number && number.isCompact()) {
      return selectNumerics(left.eval(batch, rows, count, s), number, rows, count, out);
    }
    if (kind != Kind.LONG) {
      return super.select(batch, rows, count, out, s);
    }
    long y = ((Number) constant).longValue();
    ColumnVector a = left.eval(batch, rows, count, s);
    boolean[] nulls = a.nulls;
    int kept = 0;
    if (a instanceof ColumnVector.Ints ints) {
      int[] x = ints.values;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        out[kept] = r;
        kept += (nulls == null || !nulls[r]) && (accepts & (x[r] < y ? LESS : x[r] == y ? EQUAL : GREATER)) != 0 ? 1 : 0;
      }
    } else {
      long[] x = ((ColumnVector.Longs) a).values;
      for (int i = 0; i < count; i++) {
        int r = rows == null ? i : rows[i];
        out[kept] = r;
        kept += (nulls == null || !nulls[r]) && (accepts & (x[r] < y ? LESS : x[r] == y ? EQUAL : GREATER)) != 0 ? 1 : 0;
      }
    }
    return kept;
  }
}
