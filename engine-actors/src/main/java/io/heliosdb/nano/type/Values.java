package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Comparison, equality and hash of values as the default btree and hash operator classes have them: NaN equal to itself
/// and above every number, -0 equal to 0, intervals by their normalised length, bpchar without trailing blanks, arrays and
/// records element by element with NULL last. Arguments are not null, except inside arrays and records.
public final class Values {
  private Values() {}

  /// Negative, zero or positive. `collationOid` matters to text only; 0 and 100 are bytewise.
  public static int compare(PgType type, Object a, Object b, int collationOid) {
    return switch (type.family()) {
      case BOOL -> Boolean.compare((Boolean) a, (Boolean) b);
      case INT2, INT4, DATE -> Integer.compare((Integer) a, (Integer) b);
      case INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, TID -> Long.compare((Long) a, (Long) b);
      case OID, REG -> Long.compare((Long) a, (Long) b);
      case XID8, PG_LSN -> Long.compareUnsigned((Long) a, (Long) b);
      case FLOAT4 -> compareFloat((Float) a, (Float) b);
      case FLOAT8 -> compareDouble((Double) a, (Double) b);
      case NUMERIC -> ((Numeric) a).compareTo((Numeric) b);
      case BPCHAR -> Collations.compare(trimBlanks((String) a), trimBlanks((String) b), collationOid);
      case TEXT, NAME, JSON, XML, JSONPATH, VOID -> Collations.compare((String) a, (String) b, collationOid);
      case CHAR -> Integer.compare(charCode((String) a), charCode((String) b));
      case JSONB -> ((Jsonb) a).compareTo((Jsonb) b);
      case BYTEA -> ((Bytes) a).compareTo((Bytes) b);
      case TIMETZ -> ((TimeTz) a).compareTo((TimeTz) b);
      case INTERVAL -> ((Interval) a).compareTo((Interval) b);
      case UUID -> Uuids.compare((UUID) a, (UUID) b);
      case BIT, VARBIT -> ((BitString) a).compareTo((BitString) b);
      case INET, CIDR -> ((Inet) a).compareTo((Inet) b);
      case MACADDR, MACADDR8 -> ((MacAddress) a).compareTo((MacAddress) b);
      case VECTOR -> ((Vector) a).compareTo((Vector) b);
      case ENUM -> ((EnumValue) a).compareTo((EnumValue) b);
      case ARRAY, OLD_VECTOR -> compareArrays((PgArray) a, (PgArray) b, collationOid);
      case RECORD -> compareRecords((PgRecord) a, (PgRecord) b, collationOid);
      case RANGE -> {
        PgRange range = (PgRange) a;
        yield Ranges.compare(range.info(), range, (PgRange) b);
      }
      case MULTIRANGE -> {
        PgMultirange multirange = (PgMultirange) a;
        yield Ranges.compare(multirange.info(), multirange, (PgMultirange) b);
      }
      case TSVECTOR -> TextSearchOrder.compare((TsVector) a, (TsVector) b);
      case TSQUERY -> TextSearchOrder.compare((TsQuery) a, (TsQuery) b);
      case POINT, LSEG, PATH, BOX, POLYGON, LINE, CIRCLE, PSEUDO -> throw notOrdered(type);
    };
  }

  /// Whether the values are equal by the type's `=` operator.
  public static boolean equal(PgType type, Object a, Object b, int collationOid) {
    return switch (type.family()) {
      case TEXT, NAME, JSON, XML, JSONPATH, VOID -> Collations.equal((String) a, (String) b, collationOid);
      case POINT, LSEG, PATH, BOX, POLYGON, LINE, CIRCLE -> a.equals(b);
      default -> compare(type, a, b, collationOid) == 0;
    };
  }

  /// Equal values have equal hashes.
  public static int hash(PgType type, Object value, int collationOid) {
    return switch (type.family()) {
      case FLOAT4 -> hashDouble((Float) value);
      case FLOAT8 -> hashDouble((Double) value);
      case BPCHAR -> Collations.hash(trimBlanks((String) value), collationOid);
      case TEXT, NAME -> Collations.hash((String) value, collationOid);
      case ARRAY, OLD_VECTOR -> hashElements((PgArray) value, collationOid);
      case RECORD -> hashFields((PgRecord) value, collationOid);
      case RANGE -> hashRange((PgRange) value);
      case MULTIRANGE -> {
        int hash = 1;
        for (PgRange range : ((PgMultirange) value).ranges()) {
          hash = 31 * hash + hashRange(range);
        }
        yield hash;
      }
      default -> value.hashCode();
    };
  }

  /// Whether values of the type can be compared (have a default btree operator class).
  public static boolean isOrdered(PgType type, TypeCatalog catalog) {
    return switch (type.family()) {
      case JSON, XML, JSONPATH, POINT, LSEG, PATH, BOX, POLYGON, LINE, CIRCLE, PSEUDO, VOID -> false;
      case OID -> type.oid() == 26;
      case ARRAY -> isOrdered(catalog.byOid(type.ultimateBase().elementOid()), catalog);
      case OLD_VECTOR -> type.oid() == 30;
      case TEXT -> type.category() == 'S' || type.isDomain() || type.oid() == 705;
      default -> true;
    };
  }

  public static int compareDouble(double a, double b) {
    if (a < b) {
      return -1;
    }
    if (a > b) {
      return 1;
    }
    return a == b ? 0 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
  }

  public static int compareFloat(float a, float b) {
    return compareDouble(a, b);
  }

  public static int hashDouble(double value) {
    return Double.hashCode(value == 0 ? 0.0 : value);
  }

  /// bpchar's significant part.
  public static String trimBlanks(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return end == text.length() ? text : text.substring(0, end);
  }

  /// The byte of a `"char"` value: 0 for the empty string.
  static int charCode(String text) {
    return text.isEmpty() ? 0 : text.charAt(0) & 0xff;
  }

  private static int compareArrays(PgArray a, PgArray b, int collationOid) {
    PgType element = a.elementType();
    int common = Math.min(a.size(), b.size());
    for (int i = 0; i < common; i++) {
      int order = compareNullable(element, a.element(i), b.element(i), collationOid);
      if (order != 0) {
        return order;
      }
    }
    if (a.size() != b.size()) {
      return Integer.compare(a.size(), b.size());
    }
    if (a.dimensions() != b.dimensions()) {
      return Integer.compare(a.dimensions(), b.dimensions());
    }
    for (int d = 0; d < a.dimensions(); d++) {
      if (a.length(d) != b.length(d)) {
        return Integer.compare(a.length(d), b.length(d));
      }
    }
    for (int d = 0; d < a.dimensions(); d++) {
      if (a.lowerBound(d) != b.lowerBound(d)) {
        return Integer.compare(a.lowerBound(d), b.lowerBound(d));
      }
    }
    return 0;
  }

  private static int compareRecords(PgRecord a, PgRecord b, int collationOid) {
    int common = Math.min(a.size(), b.size());
    for (int i = 0; i < common; i++) {
      PgType type = a.fieldType(i);
      if (!type.ultimateBase().equals(b.fieldType(i).ultimateBase())) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH,
            "cannot compare dissimilar column types " + Typmods.formatType(type, -1, PgTypes.BUILTIN) + " and "
                + Typmods.formatType(b.fieldType(i), -1, PgTypes.BUILTIN) + " at record column " + (i + 1));
      }
      int order = compareNullable(type, a.field(i), b.field(i), collationOid);
      if (order != 0) {
        return order;
      }
    }
    if (a.size() != b.size()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH,
          "cannot compare record types with different numbers of columns");
    }
    return 0;
  }

  /// As [#compare] with NULL after everything and equal to itself.
  public static int compareNullable(PgType type, @Nullable Object a, @Nullable Object b, int collationOid) {
    if (a == null || b == null) {
      return Boolean.compare(a == null, b == null);
    }
    return compare(type, a, b, collationOid);
  }

  private static int hashElements(PgArray array, int collationOid) {
    int hash = 1;
    for (Object element : array.elements()) {
      hash = 31 * hash + (element == null ? 0 : hash(array.elementType(), element, collationOid));
    }
    return hash;
  }

  private static int hashFields(PgRecord row, int collationOid) {
    int hash = 1;
    for (int i = 0; i < row.size(); i++) {
      Object field = row.field(i);
      hash = 31 * hash + (field == null ? 0 : hash(row.fieldType(i), field, collationOid));
    }
    return hash;
  }

  private static int hashRange(PgRange range) {
    if (range.isEmpty()) {
      return 7;
    }
    TypeCatalog.RangeInfo info = range.info();
    int hash = (range.lowerInclusive() ? 1 : 0) + (range.upperInclusive() ? 2 : 0);
    hash = 31 * hash + (range.lower() == null ? 0 : hash(info.subtype(), range.lower(), info.collationOid()));
    return 31 * hash + (range.upper() == null ? 0 : hash(info.subtype(), range.upper(), info.collationOid()));
  }

  private static SqlException notOrdered(PgType type) {
    return new SqlException(SqlState.UNDEFINED_FUNCTION,
        "could not identify a comparison function for type " + Typmods.formatType(type, -1, PgTypes.BUILTIN));
  }
}
