package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Polymorphic argument and result types: the `anyelement` family, whose arguments must be alike, and the `anycompatible` family,
/// whose arguments are brought to a common type.
///
/// Source: PostgreSQL 15 manual, "Extending SQL", "Polymorphic Types".
final class Polymorphism {
  private static final int ANYELEMENT = 2283;
  private static final int ANYARRAY = 2277;
  private static final int ANYNONARRAY = 2776;
  private static final int ANYENUM = 3500;
  private static final int ANYRANGE = 3831;
  private static final int ANYMULTIRANGE = 4537;
  private static final int ANYCOMPATIBLE = 5077;
  private static final int ANYCOMPATIBLEARRAY = 5078;
  private static final int ANYCOMPATIBLENONARRAY = 5079;
  private static final int ANYCOMPATIBLERANGE = 5080;
  private static final int ANYCOMPATIBLEMULTIRANGE = 4538;

  private final Analysis analysis;
  private final List<PgType> actual;
  private final List<PgType> declared;
  private final boolean report;

  private @Nullable PgType element;
  private @Nullable PgType array;
  private @Nullable PgType range;
  private @Nullable PgType multirange;
  private boolean simpleFamily;
  private boolean unknowns;
  private boolean nonArray;
  private boolean isEnum;
  private boolean compatibleFamily;
  private boolean compatibleNonArray;
  private final List<PgType> compatibleInputs = new ArrayList<>();
  private @Nullable PgType compatible;
  private @Nullable PgType compatibleRange;
  private @Nullable PgType compatibleMultirange;

  private Polymorphism(Analysis analysis, List<PgType> actual, List<PgType> declared, boolean report) {
    this.analysis = analysis;
    this.actual = actual;
    this.declared = declared;
    this.report = report;
  }

  /// Whether the actual types agree with the polymorphic declared ones.
  static boolean check(Analysis analysis, List<PgType> actual, List<PgType> declared) {
    Polymorphism p = new Polymorphism(analysis, actual, declared, false);
    return p.gather() && p.settle(true);
  }

  /// Replaces polymorphic types in `declared` where a conversion is needed, and gives the actual result type.
  ///
  /// @throws SqlException 42804 if the arguments do not agree
  static PgType enforce(Analysis analysis, List<PgType> actual, List<PgType> declared, PgType result, boolean allowPolymorphic) {
    boolean any = analysis.types.isPolymorphic(result.oid());
    for (int i = 0; i < declared.size() && !any; i++) {
      any = analysis.types.isPolymorphic(declared.get(i).oid());
    }
    if (!any) {
      return result;
    }
    Polymorphism p = new Polymorphism(analysis, actual, declared, true);
    p.gather();
    if (!p.simpleFamily && !p.compatibleFamily) {
      return result;
    }
    p.settle(allowPolymorphic);
    p.replaceDeclared();
    return p.result(result);
  }

  private boolean gather() {
    for (int i = 0; i < actual.size() && i < declared.size(); i++) {
      PgType type = actual.get(i);
      boolean unknown = type.oid() == PgTypes.UNKNOWN.oid();
      switch (declared.get(i).oid()) {
        case ANYELEMENT, ANYNONARRAY, ANYENUM -> {
          simpleFamily = true;
          nonArray |= declared.get(i).oid() == ANYNONARRAY;
          isEnum |= declared.get(i).oid() == ANYENUM;
          unknowns |= unknown;
          if (!unknown) {
            if (element != null && !element.equals(type)) {
              return notAlike("anyelement", element, type);
            }
            element = type;
          }
        }
        case ANYARRAY -> {
          simpleFamily = true;
          unknowns |= unknown;
          if (!unknown) {
            PgType base = type.ultimateBase();
            if (array != null && !array.equals(base)) {
              return notAlike("anyarray", array, base);
            }
            array = base;
          }
        }
        case ANYRANGE -> {
          simpleFamily = true;
          unknowns |= unknown;
          if (!unknown) {
            PgType base = type.ultimateBase();
            if (range != null && !range.equals(base)) {
              return notAlike("anyrange", range, base);
            }
            range = base;
          }
        }
        case ANYMULTIRANGE -> {
          simpleFamily = true;
          unknowns |= unknown;
          if (!unknown) {
            PgType base = type.ultimateBase();
            if (multirange != null && !multirange.equals(base)) {
              return notAlike("anymultirange", multirange, base);
            }
            multirange = base;
          }
        }
        case ANYCOMPATIBLE, ANYCOMPATIBLENONARRAY -> {
          compatibleFamily = true;
          compatibleNonArray |= declared.get(i).oid() == ANYCOMPATIBLENONARRAY;
          if (!unknown) {
            compatibleInputs.add(type);
          }
        }
        case ANYCOMPATIBLEARRAY -> {
          compatibleFamily = true;
          if (!unknown) {
            PgType elementType = analysis.types.elementOf(type);
            if (elementType == null) {
              return mismatch("argument declared anycompatiblearray is not an array but type " + format(type));
            }
            compatibleInputs.add(elementType);
          }
        }
        case ANYCOMPATIBLERANGE -> {
          compatibleFamily = true;
          if (!unknown) {
            PgType base = type.ultimateBase();
            if (!base.isRange()) {
              return mismatch("argument declared anycompatiblerange is not a range type but type " + format(type));
            }
            if (compatibleRange != null && !compatibleRange.equals(base)) {
              return notAlike("anycompatiblerange", compatibleRange, base);
            }
            compatibleRange = base;
            compatibleInputs.add(analysis.catalog.range(base).subtype());
          }
        }
        case ANYCOMPATIBLEMULTIRANGE -> {
          compatibleFamily = true;
          if (!unknown) {
            PgType base = type.ultimateBase();
            if (!base.isMultirange()) {
              return mismatch("argument declared anycompatiblemultirange is not a multirange type but type " + format(type));
            }
            if (compatibleMultirange != null && !compatibleMultirange.equals(base)) {
              return notAlike("anycompatiblemultirange", compatibleMultirange, base);
            }
            compatibleMultirange = base;
            compatibleInputs.add(analysis.catalog.rangeOfMultirange(base).subtype());
          }
        }
        default -> {}
      }
    }
    return true;
  }

  /// Derives element, array, range and multirange from each other.
  private boolean settle(boolean allowPolymorphic) {
    return (!simpleFamily || settleSimple(allowPolymorphic)) && (!compatibleFamily || settleCompatible());
  }

  private boolean settleSimple(boolean allowPolymorphic) {
    if (array != null && array.oid() != ANYARRAY) {
      PgType arrayElement = analysis.types.elementOf(array);
      if (arrayElement == null) {
        return mismatch("argument declared anyarray is not an array but type " + format(array));
      }
      if (element == null) {
        element = arrayElement;
      } else if (!element.equals(arrayElement)) {
        return inconsistent("anyarray", "anyelement", array, element);
      }
    }
    if (multirange != null) {
      if (!multirange.isMultirange()) {
        return mismatch("argument declared anymultirange is not a multirange type but type " + format(multirange));
      }
      PgType of = analysis.catalog.rangeOfMultirange(multirange).range();
      if (range == null) {
        range = of;
      } else if (!range.equals(of)) {
        return inconsistent("anymultirange", "anyrange", multirange, range);
      }
    }
    if (range != null) {
      if (!range.isRange()) {
        return mismatch("argument declared anyrange is not a range type but type " + format(range));
      }
      PgType subtype = analysis.catalog.range(range).subtype();
      if (element == null) {
        element = subtype;
      } else if (!element.equals(subtype)) {
        return inconsistent("anyrange", "anyelement", range, element);
      }
    }
    if (element == null) {
      if (array != null && array.oid() == ANYARRAY) {
        element = PgTypes.ANYELEMENT;
      } else if (!allowPolymorphic && report) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "could not determine polymorphic type because input has type unknown");
      } else {
        return true;
      }
    }
    if (nonArray && element.oid() != ANYELEMENT && element.ultimateBase().isArray()) {
      return mismatch("type matched to anynonarray is an array type: " + format(element));
    }
    if (isEnum && element.oid() != ANYELEMENT && !element.isEnum()) {
      return mismatch("type matched to anyenum is not an enum type: " + format(element));
    }
    return true;
  }

  private boolean settleCompatible() {
    if (compatibleMultirange != null && compatibleRange == null) {
      compatibleRange = analysis.catalog.rangeOfMultirange(compatibleMultirange).range();
    }
    if (compatibleInputs.isEmpty()) {
      compatible = PgTypes.TEXT;
      return true;
    }
    List<Node> nodes = new ArrayList<>(compatibleInputs.size());
    for (PgType type : compatibleInputs) {
      nodes.add(new Node.CaseTest(0, type, -1, 0));
    }
    compatible = analysis.coercion.commonType(nodes, null);
    if (compatible == null || !analysis.coercion.allCoercible(nodes, compatible)) {
      return mismatch("arguments of anycompatible family cannot be cast to a common type");
    }
    if (compatibleRange != null && !analysis.catalog.range(compatibleRange).subtype().equals(compatible)) {
      return mismatch("anycompatiblerange type " + format(compatibleRange) + " does not match anycompatible type " + format(compatible));
    }
    if (compatibleNonArray && compatible.ultimateBase().isArray()) {
      return mismatch("type matched to anycompatiblenonarray is an array type: " + format(compatible));
    }
    return true;
  }

  private void replaceDeclared() {
    for (int i = 0; i < declared.size() && i < actual.size(); i++) {
      boolean unknown = actual.get(i).oid() == PgTypes.UNKNOWN.oid();
      switch (declared.get(i).oid()) {
        case ANYELEMENT, ANYNONARRAY, ANYENUM -> {
          if (unknown && element != null) {
            declared.set(i, element);
          }
        }
        case ANYARRAY -> {
          if (unknown && element != null) {
            declared.set(i, arrayOf(element));
          }
        }
        case ANYRANGE -> {
          if (unknown) {
            declared.set(i, rangeType());
          }
        }
        case ANYMULTIRANGE -> {
          if (unknown) {
            declared.set(i, multirangeType());
          }
        }
        case ANYCOMPATIBLE, ANYCOMPATIBLENONARRAY -> declared.set(i, compatible);
        case ANYCOMPATIBLEARRAY -> declared.set(i, arrayOf(compatible));
        case ANYCOMPATIBLERANGE -> declared.set(i, compatibleRangeType());
        case ANYCOMPATIBLEMULTIRANGE -> declared.set(i, compatibleMultirangeType());
        default -> {}
      }
    }
  }

  private PgType result(PgType result) {
    return switch (result.oid()) {
      case ANYELEMENT, ANYNONARRAY, ANYENUM -> element == null ? result : element;
      case ANYARRAY -> array != null ? array : element == null ? result : arrayOf(element);
      case ANYRANGE -> rangeType();
      case ANYMULTIRANGE -> multirangeType();
      case ANYCOMPATIBLE, ANYCOMPATIBLENONARRAY -> compatible;
      case ANYCOMPATIBLEARRAY -> arrayOf(compatible);
      case ANYCOMPATIBLERANGE -> compatibleRangeType();
      case ANYCOMPATIBLEMULTIRANGE -> compatibleMultirangeType();
      default -> result;
    };
  }

  private PgType arrayOf(PgType elementType) {
    PgType found = analysis.types.arrayOf(elementType);
    if (found == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "could not find array type for data type " + format(elementType));
    }
    return found;
  }

  private PgType rangeType() {
    return range != null ? range : undetermined("anyrange");
  }

  private PgType multirangeType() {
    if (multirange != null) {
      return multirange;
    }
    return range != null ? analysis.catalog.range(range).multirange() : undetermined("anymultirange");
  }

  private PgType compatibleRangeType() {
    return compatibleRange != null ? compatibleRange : undetermined("anycompatiblerange");
  }

  private PgType compatibleMultirangeType() {
    if (compatibleMultirange != null) {
      return compatibleMultirange;
    }
    return compatibleRange != null ? analysis.catalog.range(compatibleRange).multirange() : undetermined("anycompatiblemultirange");
  }

  private PgType undetermined(String name) {
    throw new SqlException(SqlState.DATATYPE_MISMATCH, "could not determine polymorphic type " + name + " because input has type unknown");
  }

  private String format(PgType type) {
    return analysis.types.format(type);
  }

  private boolean notAlike(String name, PgType a, PgType b) {
    if (report) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "arguments declared \"" + name + "\" are not all alike")
          .withDetail(format(a) + " versus " + format(b));
    }
    return false;
  }

  private boolean inconsistent(String first, String second, PgType a, PgType b) {
    if (report) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "argument declared " + first + " is not consistent with argument declared " + second)
          .withDetail(format(a) + " versus " + format(b));
    }
    return false;
  }

  private boolean mismatch(String message) {
    if (report) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, message);
    }
    return false;
  }
}
