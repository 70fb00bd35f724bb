package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.aggregate;
import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.setReturning;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgMultirange;
import io.heliosdb.nano.type.PgRange;
import io.heliosdb.nano.type.Ranges;
import io.heliosdb.nano.type.TypeCatalog.RangeInfo;
import io.heliosdb.nano.type.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// Constructors, operators, functions and aggregates of ranges and multiranges. A range is handled as a multirange of at most
/// one part, so every relation is written once. Source: PostgreSQL 15 manual, section 9.20.
public final class RangeFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "range_constructor2" -> contextual((c, s, a) -> Ranges.make(info(c, s), a[0], true, a[1], false));
      case "range_constructor3" -> contextual((c, s, a) -> withFlags(info(c, s), a));
      case "multirange_constructor0" -> contextual((c, s, a) -> PgMultirange.empty(multirangeInfo(c, s)));
      case "multirange_constructor1" -> contextual((c, s, a) -> Ranges.makeMultirange(((PgRange) a[0]).info(), List.of((PgRange) a[0])));
      case "multirange_constructor2" -> contextual((c, s, a) -> ofArray(multirangeInfo(c, s), (PgArray) a[0]));
      case "range_lower", "multirange_lower" -> unary(a -> isEmpty(a) ? null : first(a).lower());
      case "range_upper", "multirange_upper" -> unary(a -> isEmpty(a) ? null : last(a).upper());
      case "range_empty", "multirange_empty" -> unary(RangeFunctions::isEmpty);
      case "range_lower_inc", "multirange_lower_inc" -> unary(a -> !isEmpty(a) && first(a).lowerInclusive());
      case "range_upper_inc", "multirange_upper_inc" -> unary(a -> !isEmpty(a) && last(a).upperInclusive());
      case "range_lower_inf", "multirange_lower_inf" -> unary(a -> !isEmpty(a) && first(a).lowerInfinite());
      case "range_upper_inf", "multirange_upper_inf" -> unary(a -> !isEmpty(a) && last(a).upperInfinite());
      case "int4range_canonical", "int8range_canonical", "daterange_canonical" -> unary(a -> a);
      case "range_contains_elem", "multirange_contains_elem" -> binary(RangeFunctions::containsElement);
      case "elem_contained_by_range", "elem_contained_by_multirange" -> binary((element, a) -> containsElement(a, element));
      case "range_union" -> binary((a, b) -> union((PgRange) a, (PgRange) b));
      case "range_minus" -> binary((a, b) -> minus((PgRange) a, (PgRange) b));
      case "range_intersect", "range_intersect_agg_transfn" -> binary((a, b) -> intersect((PgRange) a, (PgRange) b));
      case "multirange_union" -> binary((a, b) -> joined(a, b));
      case "multirange_minus" -> binary((a, b) -> Ranges.makeMultirange(infoOf(a), difference(infoOf(a), parts(a), parts(b))));
      case "multirange_intersect", "multirange_intersect_agg_transfn" -> binary((a, b) -> intersection(a, b));
      case "range_merge" -> binary((a, b) -> merge((PgRange) a, (PgRange) b));
      case "range_merge_from_multirange" -> unary(a -> isEmpty(a) ? PgRange.empty(infoOf(a)) : Ranges.hull(infoOf(a), first(a), last(a)));
      case "multirange_unnest" -> setReturning((c, s, a) -> SeriesFunctions.rows(parts(a[0]).iterator()));
      case "int4range_subdiff" -> binary((a, b) -> (double) (Integer) a - (Integer) b);
      case "daterange_subdiff" -> binary((a, b) -> (double) (Integer) a - (Integer) b);
      case "int8range_subdiff" -> binary((a, b) -> (double) (Long) a - (Long) b);
      case "numrange_subdiff" -> binary((a, b) -> ((Numeric) a).subtract((Numeric) b).doubleValue());
      case "tsrange_subdiff", "tstzrange_subdiff" -> binary((a, b) -> ((double) (Long) a - (Long) b) / 1e6);
      case "agg:range_agg" -> aggregate((c, s) -> new UnionAggregate());
      case "agg:range_intersect_agg" -> aggregate((c, s) -> new IntersectionAggregate());
      default -> relation(symbol);
    };
  }

  /// Operators between ranges and multiranges, named `KIND_RELATION` or `KIND_RELATION_KIND`.
  private static @Nullable Implementation relation(String symbol) {
    boolean multirange = symbol.startsWith("multirange_");
    if (!multirange && !symbol.startsWith("range_")) {
      return null;
    }
    String name = symbol.substring(multirange ? 11 : 6);
    for (String suffix : new String[] {"_multirange", "_range"}) {
      if (name.endsWith(suffix)) {
        name = name.substring(0, name.length() - suffix.length());
        break;
      }
    }
    return switch (name) {
      case "contains" -> test((a, b) -> contains(a, b));
      case "contained_by" -> test((a, b) -> contains(b, a));
      case "overlaps" -> test(RangeFunctions::overlaps);
      case "before" -> test((a, b) -> !isEmpty(a) && !isEmpty(b) && Ranges.before(infoOf(a), last(a), first(b)));
      case "after" -> test((a, b) -> !isEmpty(a) && !isEmpty(b) && Ranges.before(infoOf(a), last(b), first(a)));
      case "overleft" -> test((a, b) -> !isEmpty(a) && !isEmpty(b) && Ranges.compareUpper(infoOf(a), last(a), last(b)) <= 0);
      case "overright" -> test((a, b) -> !isEmpty(a) && !isEmpty(b) && Ranges.compareLower(infoOf(a), first(a), first(b)) >= 0);
      case "adjacent" -> test(RangeFunctions::adjacent);
      default -> null;
    };
  }

  private static Implementation test(BiPredicate<Object, Object> body) {
    return binary((a, b) -> body.test(a, b));
  }

  // ---------------------------------------------------------------- parts

  private static RangeInfo info(CallContext context, CallSite site) {
    return context.io().types().range(site.resultType());
  }

  private static RangeInfo multirangeInfo(CallContext context, CallSite site) {
    return context.io().types().rangeOfMultirange(site.resultType());
  }

  private static RangeInfo infoOf(@Nullable Object value) {
    return value instanceof PgRange range ? range.info() : ((PgMultirange) value).info();
  }

  private static List<PgRange> parts(@Nullable Object value) {
    return value instanceof PgRange range ? range.isEmpty() ? List.of() : List.of(range) : ((PgMultirange) value).ranges();
  }

  private static boolean isEmpty(@Nullable Object value) {
    return value instanceof PgRange range ? range.isEmpty() : ((PgMultirange) value).isEmpty();
  }

  private static PgRange first(@Nullable Object value) {
    return value instanceof PgRange range ? range : ((PgMultirange) value).ranges().getFirst();
  }

  private static PgRange last(@Nullable Object value) {
    return value instanceof PgRange range ? range : ((PgMultirange) value).ranges().getLast();
  }

  // ---------------------------------------------------------------- construction

  private static PgRange withFlags(RangeInfo info, @Nullable Object[] a) {
    if (a[2] == null) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "range constructor flags argument must not be null");
    }
    return switch ((String) a[2]) {
      case "[]" -> Ranges.make(info, a[0], true, a[1], true);
      case "[)" -> Ranges.make(info, a[0], true, a[1], false);
      case "(]" -> Ranges.make(info, a[0], false, a[1], true);
      case "()" -> Ranges.make(info, a[0], false, a[1], false);
      default -> throw new SqlException(SqlState.SYNTAX_ERROR, "invalid range bound flags")
          .withHint("Valid values are \"[]\", \"[)\", \"(]\", and \"()\".");
    };
  }

  private static PgMultirange ofArray(RangeInfo info, PgArray array) {
    if (array.dimensions() > 1) {
      throw new SqlException(SqlState.CARDINALITY_VIOLATION, "multiranges cannot be constructed from multidimensional arrays");
    }
    List<PgRange> ranges = new ArrayList<>(array.size());
    for (Object element : array.elements()) {
      if (element == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "multirange values cannot contain null members");
      }
      ranges.add((PgRange) element);
    }
    return Ranges.makeMultirange(info, ranges);
  }

  // ---------------------------------------------------------------- relations

  private static boolean containsElement(@Nullable Object value, @Nullable Object element) {
    RangeInfo info = infoOf(value);
    for (PgRange part : parts(value)) {
      int low = part.lower() == null ? -1 : Values.compare(info.subtype(), part.lower(), element, info.collationOid());
      int high = part.upper() == null ? 1 : Values.compare(info.subtype(), part.upper(), element, info.collationOid());
      if ((low < 0 || low == 0 && part.lowerInclusive()) && (high > 0 || high == 0 && part.upperInclusive())) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(Object a, Object b) {
    RangeInfo info = infoOf(a);
    for (PgRange wanted : parts(b)) {
      boolean found = false;
      for (PgRange part : parts(a)) {
        found |= Ranges.compareLower(info, part, wanted) <= 0 && Ranges.compareUpper(info, part, wanted) >= 0;
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private static boolean overlaps(Object a, Object b) {
    RangeInfo info = infoOf(a);
    for (PgRange x : parts(a)) {
      for (PgRange y : parts(b)) {
        if (Ranges.overlaps(info, x, y)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean adjacent(Object a, Object b) {
    if (isEmpty(a) || isEmpty(b)) {
      return false;
    }
    RangeInfo info = infoOf(a);
    // Only the outer ends of a multirange count.
    return Ranges.before(info, last(a), first(b)) && Ranges.adjacent(info, last(a), first(b))
        || Ranges.before(info, last(b), first(a)) && Ranges.adjacent(info, last(b), first(a));
  }

  // ---------------------------------------------------------------- set operations

  private static SqlException notContiguous(String what) {
    return new SqlException(SqlState.DATA_EXCEPTION, "result of range " + what + " would not be contiguous");
  }

  private static PgRange union(PgRange a, PgRange b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    if (!Ranges.overlaps(a.info(), a, b) && !Ranges.adjacent(a.info(), a, b)) {
      throw notContiguous("union");
    }
    return Ranges.hull(a.info(), a, b);
  }

  private static PgRange merge(PgRange a, PgRange b) {
    return a.isEmpty() ? b : b.isEmpty() ? a : Ranges.hull(a.info(), a, b);
  }

  private static PgRange intersect(PgRange a, PgRange b) {
    RangeInfo info = a.info();
    if (!Ranges.overlaps(info, a, b)) {
      return PgRange.empty(info);
    }
    PgRange low = Ranges.compareLower(info, a, b) >= 0 ? a : b;
    PgRange high = Ranges.compareUpper(info, a, b) <= 0 ? a : b;
    return Ranges.make(info, low.lower(), low.lowerInclusive(), high.upper(), high.upperInclusive());
  }

  private static PgRange minus(PgRange a, PgRange b) {
    List<PgRange> rest = difference(a.info(), parts(a), parts(b));
    if (rest.size() > 1) {
      throw notContiguous("difference");
    }
    return rest.isEmpty() ? PgRange.empty(a.info()) : rest.getFirst();
  }

  private static List<PgRange> difference(RangeInfo info, List<PgRange> from, List<PgRange> doomed) {
    List<PgRange> rest = from;
    for (PgRange cut : doomed) {
      List<PgRange> next = new ArrayList<>();
      for (PgRange part : rest) {
        if (!Ranges.overlaps(info, part, cut)) {
          next.add(part);
          continue;
        }
        if (Ranges.compareLower(info, part, cut) < 0) {
          next.add(Ranges.make(info, part.lower(), part.lowerInclusive(), cut.lower(), !cut.lowerInclusive()));
        }
        if (Ranges.compareUpper(info, part, cut) > 0) {
          next.add(Ranges.make(info, cut.upper(), !cut.upperInclusive(), part.upper(), part.upperInclusive()));
        }
      }
      next.removeIf(PgRange::isEmpty);
      rest = next;
    }
    return rest;
  }

  private static PgMultirange joined(@Nullable Object a, @Nullable Object b) {
    List<PgRange> all = new ArrayList<>(parts(a));
    all.addAll(parts(b));
    return Ranges.makeMultirange(infoOf(a), all);
  }

  private static PgMultirange intersection(@Nullable Object a, @Nullable Object b) {
    List<PgRange> common = new ArrayList<>();
    for (PgRange x : parts(a)) {
      for (PgRange y : parts(b)) {
        common.add(intersect(x, y));
      }
    }
    return Ranges.makeMultirange(infoOf(a), common);
  }

  // ---------------------------------------------------------------- aggregates

  private static final class UnionAggregate implements Implementation.Accumulator {
    @Override
    public boolean collects() {
      return true;
    }

    private final List<PgRange> ranges = new ArrayList<>();
    private @Nullable RangeInfo info;

    @Override
    public void add(@Nullable Object[] arguments) {
      info = infoOf(arguments[0]);
      ranges.addAll(parts(arguments[0]));
    }

    @Override
    public @Nullable Object result() {
      return info == null ? null : Ranges.makeMultirange(info, ranges);
    }
  }

  private static final class IntersectionAggregate implements Implementation.Accumulator {
    private @Nullable Object common;

    @Override
    public void add(@Nullable Object[] arguments) {
      Object value = arguments[0];
      common = common == null ? value
          : value instanceof PgRange range ? intersect((PgRange) common, range) : intersection(common, value);
    }

    @Override
    public @Nullable Object result() {
      return common;
    }
  }
}
