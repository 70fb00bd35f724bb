package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;

import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TimeZones;
import io.heliosdb.nano.type.Values;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Comparison of every ordered type, within a type and between related ones: the operators `= <> < <= > >=`, the btree support
/// functions (-1, 0, 1), and the larger/smaller functions. Hash support stands in [HashSupport].
///
/// The relation a function computes is told by the operator that calls it; the order by its argument types ([Values]).
public final class Comparisons implements Builtins.Family {
  /// The six relations; each accepts some signs of a comparison.
  private enum Relation {
    EQ("="), NE("<>"), LT("<"), LE("<="), GT(">"), GE(">=");

    final String operator;

    Relation(String operator) {
      this.operator = operator;
    }

    boolean holds(int order) {
      return switch (this) {
        case EQ -> order == 0;
        case NE -> order != 0;
        case LT -> order < 0;
        case LE -> order <= 0;
        case GT -> order > 0;
        case GE -> order >= 0;
      };
    }
  }

  @FunctionalInterface
  private interface Order {
    int compare(Object a, Object b);
  }

  @FunctionalInterface
  private interface ZonedOrder {
    int compare(Object a, Object b, ZoneId zone);
  }

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    if (function.kind() != 'f' || function.argumentTypes().size() != 2) {
      return null;
    }
    int left = function.argumentTypes().get(0);
    int right = function.argumentTypes().get(1);
    if (isGeometric(left) || isGeometric(right)) {
      return null;
    }
    if (function.returnType() == 16) {
      return relation(symbol, function, left, right);
    }
    if (function.returnType() == 23 && symbol.endsWith("cmp") || symbol.endsWith("_cmp_timestamp") || symbol.endsWith("_cmp_timestamptz")
        || symbol.endsWith("_cmp_date")) {
      return supportFunction(symbol, function, left, right);
    }
    if (left == right && left == function.returnType() && (symbol.endsWith("larger") || symbol.endsWith("smaller"))) {
      return extreme(symbol.endsWith("larger"), left);
    }
    return null;
  }

  private static boolean isGeometric(int oid) {
    return oid >= 600 && oid <= 604 || oid == 628 || oid == 718;
  }

  private static @Nullable Implementation relation(String symbol, FunctionDef function, int left, int right) {
    if (symbol.endsWith("_image_eq")) {
      return imageRelation(Relation.EQ);
    }
    if (symbol.contains("_image_")) {
      return imageRelation(ofSuffix(symbol));
    }
    if (symbol.contains("_pattern_")) {
      return patternRelation(ofSuffix(symbol), left);
    }
    Relation relation = relationOf(symbol, function.oid());
    if (relation == null) {
      return null;
    }
    return switch (left == right ? left : 0) {
      case 23, 21 -> intRelation(relation);
      case 20, 1114, 1184, 26, 1083 -> longRelation(relation);
      case 25 -> textRelation(relation);
      default -> generalRelation(relation, left, right);
    };
  }

  /// The relation of the operator that is bound to this function, or null when it is not a comparison.
  private static @Nullable Relation relationOf(String symbol, int functionOid) {
    // Most names end with it; asking only that operator's list first keeps the first lookup cheap.
    Relation guess = suffixOrNull(symbol);
    if (guess != null && isBound(guess, functionOid)) {
      return guess;
    }
    for (Relation relation : Relation.values()) {
      if (isBound(relation, functionOid)) {
        return relation;
      }
    }
    return null;
  }

  private static boolean isBound(Relation relation, int functionOid) {
    for (OperatorDef operator : BuiltinCatalog.operators(relation.operator)) {
      if (operator.functionOid() == functionOid) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Relation suffixOrNull(String symbol) {
    if (symbol.length() < 2) {
      return null;
    }
    return switch (symbol.substring(symbol.length() - 2)) {
      case "eq" -> Relation.EQ;
      case "ne" -> Relation.NE;
      case "lt" -> Relation.LT;
      case "le" -> Relation.LE;
      case "gt" -> Relation.GT;
      case "ge" -> Relation.GE;
      default -> null;
    };
  }

  private static Relation ofSuffix(String symbol) {
    Relation relation = suffixOrNull(symbol);
    if (relation == null) {
      throw new IllegalArgumentException(symbol);
    }
    return relation;
  }

  private static Implementation intRelation(Relation relation) {
    return switch (relation) {
      case EQ -> binary((a, b) -> (int) (Integer) a == (Integer) b);
      case NE -> binary((a, b) -> (int) (Integer) a != (Integer) b);
      case LT -> binary((a, b) -> (Integer) a < (Integer) b);
      case LE -> binary((a, b) -> (Integer) a <= (Integer) b);
      case GT -> binary((a, b) -> (Integer) a > (Integer) b);
      case GE -> binary((a, b) -> (Integer) a >= (Integer) b);
    };
  }

  private static Implementation longRelation(Relation relation) {
    return switch (relation) {
      case EQ -> binary((a, b) -> (long) (Long) a == (Long) b);
      case NE -> binary((a, b) -> (long) (Long) a != (Long) b);
      case LT -> binary((a, b) -> (Long) a < (Long) b);
      case LE -> binary((a, b) -> (Long) a <= (Long) b);
      case GT -> binary((a, b) -> (Long) a > (Long) b);
      case GE -> binary((a, b) -> (Long) a >= (Long) b);
    };
  }

  private static Implementation textRelation(Relation relation) {
    return switch (relation) {
      case EQ -> contextual((context, site, args) -> Collations.equal((String) args[0], (String) args[1], site.collationOid()));
      case NE -> contextual((context, site, args) -> !Collations.equal((String) args[0], (String) args[1], site.collationOid()));
      default -> contextual((context, site, args) ->
          relation.holds(Collations.compare((String) args[0], (String) args[1], site.collationOid())));
    };
  }

  private static Implementation generalRelation(Relation relation, int left, int right) {
    if (left == right && dependsOnSite(left)) {
      return contextual((context, site, args) -> {
        PgType type = orderType(left, site.argumentTypes().get(0));
        return relation == Relation.EQ || relation == Relation.NE
            ? Values.equal(type, args[0], args[1], site.collationOid()) == (relation == Relation.EQ)
            : relation.holds(Values.compare(type, args[0], args[1], site.collationOid()));
      });
    }
    ZonedOrder zoned = zonedOrder(left, right);
    if (zoned != null) {
      return contextual((context, site, args) -> relation.holds(zoned.compare(args[0], args[1], context.io().zone())));
    }
    Order order = order(left, right);
    return binary((a, b) -> relation.holds(order.compare(a, b)));
  }

  /// Text, whose collation the call site knows, and the pseudo-types whose actual type it knows.
  private static boolean dependsOnSite(int oid) {
    return switch (oid) {
      case 25, 1042, 19, 1043, 2277, 2249, 3500, 3831, 4537, 5078, 5080, 4538, 30 -> true;
      default -> false;
    };
  }

  /// A declared type that is no pseudo-type orders by itself, whatever binary-coercible type is passed.
  private static PgType orderType(int declared, PgType actual) {
    PgType type = PgTypes.byOid(declared);
    return type == null || type.isPseudo() ? actual : type;
  }

  private static Order order(int left, int right) {
    if (left == right) {
      PgType type = PgTypes.byOid(left);
      if (type == null) {
        throw new IllegalArgumentException("type " + left);
      }
      return switch (left) {
        case 701 -> (a, b) -> Values.compareDouble((Double) a, (Double) b);
        case 1700 -> (a, b) -> ((Numeric) a).compareTo((Numeric) b);
        default -> (a, b) -> Values.compare(type, a, b, 0);
      };
    }
    if (isFloat(left)) {
      return (a, b) -> Values.compareDouble(((Number) a).doubleValue(), ((Number) b).doubleValue());
    }
    if (isText(left)) {
      return (a, b) -> Collations.compareUtf8((String) a, (String) b);
    }
    if (left == 1082) {
      return (a, b) -> Long.compare(dateMicros((Integer) a), (Long) b);
    }
    if (right == 1082) {
      return (a, b) -> Long.compare((Long) a, dateMicros((Integer) b));
    }
    return (a, b) -> Long.compare(((Number) a).longValue(), ((Number) b).longValue());
  }

  private static boolean isFloat(int oid) {
    return oid == 700 || oid == 701;
  }

  private static boolean isText(int oid) {
    return oid == 25 || oid == 19;
  }

  /// Comparisons with timestamptz: the other side is local time of the session's zone.
  private static @Nullable ZonedOrder zonedOrder(int left, int right) {
    if (right == 1184 && left == 1082) {
      return (a, b, zone) -> Long.compare(toUtc(dateMicros((Integer) a), zone), (Long) b);
    }
    if (right == 1184 && left == 1114) {
      return (a, b, zone) -> Long.compare(toUtc((Long) a, zone), (Long) b);
    }
    if (left == 1184 && right == 1082) {
      return (a, b, zone) -> Long.compare((Long) a, toUtc(dateMicros((Integer) b), zone));
    }
    if (left == 1184 && right == 1114) {
      return (a, b, zone) -> Long.compare((Long) a, toUtc((Long) b, zone));
    }
    return null;
  }

  private static final long BEYOND_TIMESTAMPS = DateTimes.TIMESTAMP_INFINITY - 1;

  /// Midnight of a date; dates beyond the range of timestamps sort outside it.
  private static long dateMicros(int date) {
    if (date == DateTimes.DATE_INFINITY) {
      return DateTimes.TIMESTAMP_INFINITY;
    }
    if (date == DateTimes.DATE_MINUS_INFINITY) {
      return DateTimes.TIMESTAMP_MINUS_INFINITY;
    }
    long high = Math.multiplyHigh(date, DateTimes.MICROS_PER_DAY);
    long low = date * DateTimes.MICROS_PER_DAY;
    return high == low >> 63 ? low : BEYOND_TIMESTAMPS;
  }

  private static long toUtc(long local, ZoneId zone) {
    if (!DateTimes.isFinite(local) || local == BEYOND_TIMESTAMPS || zone == ZoneOffset.UTC) {
      return local;
    }
    return local - TimeZones.offsetOfLocal(zone, local) * DateTimes.MICROS_PER_SECOND;
  }

  private static Implementation imageRelation(Relation relation) {
    return contextual((context, site, args) -> relation.holds(compareImages((PgRecord) args[0], (PgRecord) args[1])));
  }

  /// `record_image_*`: by stored form. Values that differ in anything a client can see differ here; order follows the default one.
  private static int compareImages(PgRecord a, PgRecord b) {
    int common = Math.min(a.size(), b.size());
    for (int i = 0; i < common; i++) {
      Object x = a.field(i);
      Object y = b.field(i);
      PgType type = a.fieldType(i);
      if (!type.equals(b.fieldType(i))) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "cannot compare dissimilar column types " + typeName(type) + " and "
            + typeName(b.fieldType(i)) + " at record column " + (i + 1));
      }
      if (x == null || y == null) {
        if (x != y) {
          return x == null ? 1 : -1;
        }
        continue;
      }
      String left = io.heliosdb.nano.type.TypeIo.toText(type, x, io.heliosdb.nano.type.IoContext.DEFAULT);
      String right = io.heliosdb.nano.type.TypeIo.toText(type, y, io.heliosdb.nano.type.IoContext.DEFAULT);
      if (!left.equals(right)) {
        int order = Values.isOrdered(type, PgTypes.BUILTIN) ? Values.compare(type, x, y, 0) : 0;
        return order != 0 ? order : Collations.compareUtf8(left, right);
      }
    }
    if (a.size() != b.size()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "cannot compare record types with different numbers of columns");
    }
    return 0;
  }

  private static String typeName(PgType type) {
    return io.heliosdb.nano.type.Typmods.formatType(type, -1, PgTypes.BUILTIN);
  }

  private static Implementation patternRelation(Relation relation, int type) {
    return type == 1042
        ? binary((a, b) -> relation.holds(Collations.compareUtf8(Values.trimBlanks((String) a), Values.trimBlanks((String) b))))
        : binary((a, b) -> relation.holds(Collations.compareUtf8((String) a, (String) b)));
  }

  private static @Nullable Implementation supportFunction(String symbol, FunctionDef function, int left, int right) {
    if (function.returnType() != 23) {
      return null;
    }
    if (symbol.equals("btrecordimagecmp")) {
      return binary((a, b) -> Integer.signum(compareImages((PgRecord) a, (PgRecord) b)));
    }
    if (symbol.contains("_pattern_")) {
      return left == 1042
          ? binary((a, b) -> Integer.signum(Collations.compareUtf8(Values.trimBlanks((String) a), Values.trimBlanks((String) b))))
          : binary((a, b) -> Integer.signum(Collations.compareUtf8((String) a, (String) b)));
    }
    if (left == right && dependsOnSite(left)) {
      return contextual((context, site, args) ->
          Integer.signum(Values.compare(orderType(left, site.argumentTypes().get(0)), args[0], args[1], site.collationOid())));
    }
    ZonedOrder zoned = zonedOrder(left, right);
    if (zoned != null) {
      return contextual((context, site, args) -> Integer.signum(zoned.compare(args[0], args[1], context.io().zone())));
    }
    Order order = order(left, right);
    return binary((a, b) -> Integer.signum(order.compare(a, b)));
  }

  private static Implementation extreme(boolean larger, int oid) {
    int sign = larger ? 1 : -1;
    if (dependsOnSite(oid)) {
      return contextual((context, site, args) -> {
        int order = Values.compare(orderType(oid, site.argumentTypes().get(0)), args[0], args[1], site.collationOid());
        return order * sign >= 0 ? args[0] : args[1];
      });
    }
    Order order = order(oid, oid);
    return binary((a, b) -> order.compare(a, b) * sign >= 0 ? a : b);
  }
}
