package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Builds ranges and multiranges in canonical form and compares their bounds.
/// Source: PostgreSQL 15 manual, "Range Types".
public final class Ranges {
  private Ranges() {}

  /// The range with these bounds, null for an infinite one; canonical.
  ///
  /// @throws SqlException 22000 when the lower bound is above the upper, 22003 or 22008 when a discrete bound has no successor
  public static PgRange make(
      TypeCatalog.RangeInfo info, @Nullable Object lower, boolean lowerInclusive, @Nullable Object upper, boolean upperInclusive) {
    if (lower != null && upper != null) {
      int order = Values.compare(info.subtype(), lower, upper, info.collationOid());
      if (order > 0) {
        throw new SqlException(SqlState.DATA_EXCEPTION, "range lower bound must be less than or equal to range upper bound");
      }
      if (order == 0 && !(lowerInclusive && upperInclusive)) {
        return PgRange.empty(info);
      }
    }
    if (!info.discrete()) {
      return new PgRange(info, lower, lowerInclusive, upper, upperInclusive);
    }
    if (lower != null && !lowerInclusive && isFinite(info, lower)) {
      lower = successor(info, lower);
      lowerInclusive = true;
    }
    if (upper != null && upperInclusive && isFinite(info, upper)) {
      upper = successor(info, upper);
      upperInclusive = false;
    }
    if (lower != null && upper != null && Values.compare(info.subtype(), lower, upper, info.collationOid()) == 0
        && !(lowerInclusive && upperInclusive)) {
      return PgRange.empty(info);
    }
    return new PgRange(info, lower, lowerInclusive, upper, upperInclusive);
  }

  private static boolean isFinite(TypeCatalog.RangeInfo info, Object bound) {
    return info.subtype().family() != TypeFamily.DATE || (int) (Integer) bound != Integer.MAX_VALUE && (Integer) bound != Integer.MIN_VALUE;
  }

  private static Object successor(TypeCatalog.RangeInfo info, Object bound) {
    if (bound instanceof Integer i) {
      if (info.subtype().family() == TypeFamily.DATE) {
        if (i + 1 >= DateTimes.DATE_END) {
          throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "date out of range");
        }
        return i + 1;
      }
      if (i == Integer.MAX_VALUE) {
        throw TypeErrors.outOfRange("integer");
      }
      return i + 1;
    }
    if (bound instanceof Long l) {
      if (l == Long.MAX_VALUE) {
        throw TypeErrors.outOfRange("bigint");
      }
      return l + 1;
    }
    throw new IllegalArgumentException("not a discrete range: " + info.range());
  }

  /// The multirange of any ranges: sorted, empties left out, overlapping and adjacent ones joined.
  public static PgMultirange makeMultirange(TypeCatalog.RangeInfo info, List<PgRange> ranges) {
    List<PgRange> sorted = new ArrayList<>(ranges.size());
    for (PgRange range : ranges) {
      if (!range.isEmpty()) {
        sorted.add(range);
      }
    }
    sorted.sort((a, b) -> compare(info, a, b));
    List<PgRange> joined = new ArrayList<>(sorted.size());
    for (PgRange range : sorted) {
      PgRange last = joined.isEmpty() ? null : joined.getLast();
      if (last != null && (overlaps(info, last, range) || adjacent(info, last, range))) {
        joined.set(joined.size() - 1, hull(info, last, range));
      } else {
        joined.add(range);
      }
    }
    return new PgMultirange(info, joined);
  }

  /// Order of lower bounds: infinite first, inclusive before exclusive at the same value.
  public static int compareLower(TypeCatalog.RangeInfo info, PgRange a, PgRange b) {
    if (a.lower() == null || b.lower() == null) {
      return Boolean.compare(a.lower() != null, b.lower() != null);
    }
    int order = Values.compare(info.subtype(), a.lower(), b.lower(), info.collationOid());
    return order != 0 ? order : Boolean.compare(b.lowerInclusive(), a.lowerInclusive());
  }

  /// Order of upper bounds: infinite last, exclusive before inclusive at the same value.
  public static int compareUpper(TypeCatalog.RangeInfo info, PgRange a, PgRange b) {
    if (a.upper() == null || b.upper() == null) {
      return Boolean.compare(a.upper() == null, b.upper() == null);
    }
    int order = Values.compare(info.subtype(), a.upper(), b.upper(), info.collationOid());
    return order != 0 ? order : Boolean.compare(a.upperInclusive(), b.upperInclusive());
  }

  /// Whether everything in `a` lies below everything in `b` (`<<`); neither may be empty.
  public static boolean before(TypeCatalog.RangeInfo info, PgRange a, PgRange b) {
    if (a.upper() == null || b.lower() == null) {
      return false;
    }
    int order = Values.compare(info.subtype(), a.upper(), b.lower(), info.collationOid());
    return order < 0 || order == 0 && !(a.upperInclusive() && b.lowerInclusive());
  }

  public static boolean overlaps(TypeCatalog.RangeInfo info, PgRange a, PgRange b) {
    return !a.isEmpty() && !b.isEmpty() && !before(info, a, b) && !before(info, b, a);
  }

  /// Whether the ranges touch without a point between or in common (`-|-`).
  public static boolean adjacent(TypeCatalog.RangeInfo info, PgRange a, PgRange b) {
    return !a.isEmpty() && !b.isEmpty() && (touches(info, a, b) || touches(info, b, a));
  }

  private static boolean touches(TypeCatalog.RangeInfo info, PgRange below, PgRange above) {
    if (below.upper() == null || above.lower() == null) {
      return false;
    }
    int order = Values.compare(info.subtype(), below.upper(), above.lower(), info.collationOid());
    if (order == 0) {
      return below.upperInclusive() != above.lowerInclusive();
    }
    return order < 0 && info.discrete()
        && make(info, below.upper(), !below.upperInclusive(), above.lower(), !above.lowerInclusive()).isEmpty();
  }

  /// The smallest range that includes both; neither may be empty.
  public static PgRange hull(TypeCatalog.RangeInfo info, PgRange a, PgRange b) {
    PgRange low = compareLower(info, a, b) <= 0 ? a : b;
    PgRange high = compareUpper(info, a, b) >= 0 ? a : b;
    return new PgRange(info, low.lower(), low.lowerInclusive(), high.upper(), high.upperInclusive());
  }

  /// The btree order: empty first, then by lower, then by upper bound.
  public static int compare(TypeCatalog.RangeInfo info, PgRange a, PgRange b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(b.isEmpty(), a.isEmpty());
    }
    int lower = compareLower(info, a, b);
    return lower != 0 ? lower : compareUpper(info, a, b);
  }

  public static int compare(TypeCatalog.RangeInfo info, PgMultirange a, PgMultirange b) {
    int common = Math.min(a.ranges().size(), b.ranges().size());
    for (int i = 0; i < common; i++) {
      int order = compare(info, a.ranges().get(i), b.ranges().get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.ranges().size(), b.ranges().size());
  }
}
