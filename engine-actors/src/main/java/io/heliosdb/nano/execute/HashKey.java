package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Representation;
import io.heliosdb.nano.type.Values;

/// How one column of a hash table is hashed and compared. Integers of all widths are kept as longs, floats as doubles, so that keys of
/// different widths meet.
record HashKey(PgType type, int collation, Kind kind) {
  enum Kind { LONG, DOUBLE, TEXT, PADDED, BOOL, OBJECT }

  static HashKey of(PgType type, int collation) {
    Kind kind = switch (type.representation()) {
      case INT32, INT64 -> Kind.LONG;
      case FLOAT32, FLOAT64 -> Kind.DOUBLE;
      case BOOL -> Kind.BOOL;
      case TEXT -> switch (type.family()) {
        case TEXT, NAME -> Collations.isDeterministic(collation) ? Kind.TEXT : Kind.OBJECT;
        case BPCHAR -> Collations.isDeterministic(collation) ? Kind.PADDED : Kind.OBJECT;
        default -> Kind.OBJECT;
      };
      case OBJECT -> Kind.OBJECT;
    };
    return new HashKey(type, collation, kind);
  }

  /// The representation in which the table keeps the key.
  Representation stored() {
    return switch (kind) {
      case LONG -> Representation.INT64;
      case DOUBLE -> Representation.FLOAT64;
      case TEXT, PADDED -> Representation.TEXT;
      case BOOL -> Representation.BOOL;
      case OBJECT -> type.representation();
    };
  }

  private static int mix(long value) {
    long h = value * 0x9E3779B97F4A7C15L;
    return (int) (h ^ h >>> 32);
  }

  /// Mixes the column's hash into `hashes`, by position in `rows`.
  void hash(ColumnVector vector, int[] rows, int count, int[] hashes) {
    boolean[] nulls = vector.nulls;
    for (int i = 0; i < count; i++) {
      int r = rows[i];
      int h;
      if (nulls != null && nulls[r]) {
        h = 0x55555555;
      } else {
        h = switch (vector) {
          case ColumnVector.Ints v -> mix(v.values[r]);
          case ColumnVector.Longs v -> mix(v.values[r]);
          case ColumnVector.Doubles v -> mix(bits(v.values[r]));
          case ColumnVector.Floats v -> mix(bits(v.values[r]));
          case ColumnVector.Bools v -> v.values[r] ? 0x3779B97F : 0x7F4A7C15;
          case TextVector v -> kind == Kind.TEXT ? mix(v.hashBytes(r)) : kind == Kind.PADDED ? mix(v.hashTrimmed(r)) : mix(Values.hash(type, v.string(r), collation));
          case ColumnVector.Objects v -> mix(Values.hash(type, v.values[r], collation));
        };
      }
      hashes[i] = hashes[i] * 31 + h;
    }
  }

  private static long bits(double value) {
    return Double.doubleToLongBits(value == 0 ? 0.0 : value);
  }

  /// Whether two values are equal; NULL equals NULL. `b` is in the stored representation.
  boolean equal(ColumnVector a, int rowA, ColumnVector b, int rowB) {
    boolean nullA = a.isNull(rowA);
    boolean nullB = b.isNull(rowB);
    if (nullA || nullB) {
      return nullA && nullB;
    }
    return switch (kind) {
      case LONG -> (a instanceof ColumnVector.Ints v ? v.values[rowA] : ((ColumnVector.Longs) a).values[rowA]) == ((ColumnVector.Longs) b).values[rowB];
      case DOUBLE -> Values.compareDouble(a instanceof ColumnVector.Floats v ? v.values[rowA] : ((ColumnVector.Doubles) a).values[rowA],
          ((ColumnVector.Doubles) b).values[rowB]) == 0;
      case BOOL -> ((ColumnVector.Bools) a).values[rowA] == ((ColumnVector.Bools) b).values[rowB];
      case TEXT -> TextVector.sameBytes((TextVector) a, rowA, (TextVector) b, rowB);
      case PADDED -> TextVector.sameTrimmed((TextVector) a, rowA, (TextVector) b, rowB);
      case OBJECT -> Values.equal(type, a.boxed(rowA), b.boxed(rowB), collation);
    };
  }

  /// Stores a value in the stored representation.
  void store(ColumnVector from, int row, ColumnVector to, int at) {
    if (from.isNull(row)) {
      to.setNull(at);
      return;
    }
    to.setNotNull(at);
    switch (from) {
      case ColumnVector.Ints v when to instanceof ColumnVector.Longs longs -> longs.values[at] = v.values[row];
      case ColumnVector.Floats v when to instanceof ColumnVector.Doubles doubles -> doubles.values[at] = v.values[row];
      default -> to.copyValue(from, row, at);
    }
  }
}
