package io.heliosdb.nano.plan;

import io.heliosdb.nano.catalog.Catalog.ColumnStatistics;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.ExecutionServices;
import io.heliosdb.nano.execute.MemoryAccount;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.plan.logical.LogicalPlan.Scan;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The share of rows for which a condition is true.
///
/// Comparisons with constants are looked up among the most common values and in the histogram, with a linear step inside a bin; the two
/// bounds of a range on one column count together. Any other condition on a single column (LIKE, functions of it) is tried on the values
/// that the statistics keep. What is left gets PostgreSQL's defaults.
final class Selectivity {
  private static final double EQUALITY = 0.005;
  private static final double INEQUALITY = 1.0 / 3;
  private static final double PATTERN = 0.005;
  private static final double BOOLEAN = 0.5;
  private static final double LEAST = 0.0001;

  /// Values kept by statistics on which a condition must have been tried to be believed.
  private static final int TRIALS_LEAST = 20;
  private static final double DAY_MICROS = 86_400_000_000d;

  private final Estimates estimates;
  private final PlannerContext context;

  Selectivity(Estimates estimates, PlannerContext context) {
    this.estimates = estimates;
    this.context = context;
  }

  double of(List<Expr> conjuncts, @Nullable Scan scan) {
    double product = 1;
    List<Expr.Call> bounds = new ArrayList<>();
    for (Expr c : conjuncts) {
      if (scan != null && c instanceof Expr.Call call && isBound(call)) {
        bounds.add(call);
      } else {
        product *= of(c, scan);
      }
    }
    while (!bounds.isEmpty()) {
      Expr.Call first = bounds.removeFirst();
      double share = of(first, scan);
      for (Expr.Call other : List.copyOf(bounds)) {
        if (column(first).equals(column(other)) && isUpper(first) != isUpper(other)) {
          bounds.remove(other);
          ColumnStatistics s = statistics(column(first), scan);
          double nulls = s == null ? 0 : s.nullFraction();
          double both = share + of(other, scan) - 1 + nulls;
          share = share == INEQUALITY ? 0.005 : Math.max(both, LEAST);
          break;
        }
      }
      product *= share;
    }
    return product;
  }

  private static boolean isBound(Expr.Call call) {
    int accepted = Comparisons.accepted(call.site()) & ~Comparisons.EQUAL;
    return (accepted == Comparisons.LESS || accepted == Comparisons.GREATER)
        && (Estimates.strip(call.arguments().get(0)) instanceof Expr.InputColumn) != (Estimates.strip(call.arguments().get(1)) instanceof Expr.InputColumn);
  }

  private static Expr column(Expr.Call bound) {
    Expr left = Estimates.strip(bound.arguments().get(0));
    return left instanceof Expr.InputColumn ? left : Estimates.strip(bound.arguments().get(1));
  }

  private static boolean isUpper(Expr.Call bound) {
    boolean less = (Comparisons.accepted(bound.site()) & Comparisons.LESS) != 0;
    return less == (Estimates.strip(bound.arguments().get(0)) instanceof Expr.InputColumn);
  }

  double of(Expr c, @Nullable Scan scan) {
    return Math.clamp(share(c, scan), 0.0, 1.0);
  }

  private double share(Expr c, @Nullable Scan scan) {
    return switch (c) {
      case Expr.And a -> of(a.arguments(), scan);
      case Expr.Or o -> {
        double none = 1;
        for (Expr x : o.arguments()) {
          none *= 1 - of(x, scan);
        }
        yield 1 - none;
      }
      case Expr.Not n -> 1 - of(n.argument(), scan);
      case Expr.IsNull n -> {
        ColumnStatistics s = statistics(n.argument(), scan);
        double fraction = s == null ? EQUALITY : s.nullFraction();
        yield n.negated() ? 1 - fraction : fraction;
      }
      case Expr.Const k -> Boolean.TRUE.equals(k.value()) ? 1 : 0;
      case Expr.InputColumn column -> equality(column, Expr.Const.of(column.type(), true), scan);
      case Expr.ArrayQuantified q -> quantified(q, scan);
      case Expr.Call call -> call(call, scan);
      case Expr.Subquery q -> q.kind() == Expr.SubqueryKind.EXISTS || q.kind() == Expr.SubqueryKind.ANY ? BOOLEAN : INEQUALITY;
      default -> tried(c, scan, BOOLEAN);
    };
  }

  private double quantified(Expr.ArrayQuantified q, @Nullable Scan scan) {
    int accepted = Comparisons.accepted(q.operator());
    if (accepted == Comparisons.EQUAL && !q.all() && q.array() instanceof Expr.Const k && k.value() instanceof PgArray array
        && Estimates.strip(q.left()) instanceof Expr.InputColumn) {
      double sum = 0;
      PgType element = q.operator().argumentTypes().get(1);
      for (Object value : array.elements()) {
        sum += value == null ? 0 : equality(q.left(), new Expr.Const(element, -1, q.operator().collationOid(), value), scan);
      }
      return Math.min(1, sum);
    }
    double one = accepted == Comparisons.EQUAL ? equality(q.left(), null, scan) : INEQUALITY;
    double count = q.array() instanceof Expr.Const k && k.value() instanceof PgArray array ? array.size()
        : q.array() instanceof Expr.ArrayConstructor a ? a.elements().size() : 10;
    double guess = q.all() ? Math.pow(1 - one, count) : Math.min(1, one * count);
    return tried(q, scan, guess);
  }

  private double call(Expr.Call call, @Nullable Scan scan) {
    int accepted = Comparisons.accepted(call.site());
    if (accepted == 0) {
      boolean pattern = call.function().name().contains("like") || call.function().name().contains("regex");
      return tried(call, scan, pattern ? PATTERN : INEQUALITY);
    }
    Expr left = call.arguments().get(0);
    Expr right = call.arguments().get(1);
    if (!(Estimates.strip(left) instanceof Expr.InputColumn)) {
      Expr swap = left;
      left = right;
      right = swap;
      accepted = Comparisons.commuted(accepted);
    }
    if (!(Estimates.strip(left) instanceof Expr.InputColumn)) {
      return tried(call, scan, accepted == Comparisons.EQUAL ? EQUALITY : INEQUALITY);
    }
    if (accepted == Comparisons.EQUAL) {
      return equality(left, right, scan);
    }
    if (accepted == (Comparisons.LESS | Comparisons.GREATER)) {
      ColumnStatistics s = statistics(left, scan);
      return 1 - equality(left, right, scan) - (s == null ? 0 : s.nullFraction());
    }
    return inequality(left, right, accepted, scan);
  }

  private static int attnum(Expr e, @Nullable Scan scan) {
    return scan != null && Estimates.strip(e) instanceof Expr.InputColumn c && c.index() < scan.attnums().size() ? Math.max(0, scan.attnums().get(c.index())) : 0;
  }

  private @Nullable ColumnStatistics statistics(Expr e, @Nullable Scan scan) {
    int attnum = attnum(e, scan);
    return attnum > 0 ? estimates.column(scan.table(), attnum) : null;
  }

  private double equality(Expr left, @Nullable Expr right, @Nullable Scan scan) {
    int attnum = attnum(left, scan);
    if (attnum == 0) {
      return EQUALITY;
    }
    ColumnStatistics s = estimates.column(scan.table(), attnum);
    double distinct = Math.max(1, estimates.distinct(scan.table(), attnum));
    double nulls = s == null ? 0 : s.nullFraction();
    if (s == null || !(right instanceof Expr.Const k) || k.value() == null) {
      return (1 - nulls) / distinct;
    }
    Expr column = Estimates.strip(left);
    double rest = 1 - nulls;
    for (int i = 0; i < s.mostCommon().size(); i++) {
      Object common = s.mostCommon().get(i);
      if (common.getClass() == k.value().getClass() && Values.equal(column.type(), common, k.value(), column.collation())) {
        return s.mostCommonFrequencies().get(i);
      }
      rest -= s.mostCommonFrequencies().get(i);
    }
    double others = Math.max(1, distinct - s.mostCommon().size());
    double share = Math.max(0, rest) / others;
    return s.mostCommonFrequencies().isEmpty() ? share : Math.min(share, s.mostCommonFrequencies().getLast());
  }

  private double inequality(Expr left, Expr right, int accepted, @Nullable Scan scan) {
    ColumnStatistics s = statistics(left, scan);
    if (s == null || !(right instanceof Expr.Const k) || k.value() == null || s.histogram().size() < 2 && s.mostCommon().isEmpty()) {
      return INEQUALITY;
    }
    Expr column = Estimates.strip(left);
    PgType type = column.type();
    boolean less = (accepted & Comparisons.LESS) != 0;
    double common = 0;
    double commonAll = 0;
    for (int i = 0; i < s.mostCommon().size(); i++) {
      Integer order = compare(type, s.mostCommon().get(i), Estimates.strip(right).type(), k.value(), column.collation());
      if (order == null) {
        return INEQUALITY;
      }
      commonAll += s.mostCommonFrequencies().get(i);
      boolean holds = order == 0 ? (accepted & Comparisons.EQUAL) != 0 : order < 0 == less;
      common += holds ? s.mostCommonFrequencies().get(i) : 0;
    }
    double rest = Math.max(0, 1 - s.nullFraction() - commonAll);
    if (s.histogram().size() < 2) {
      return common + rest * (s.mostCommon().isEmpty() ? INEQUALITY : 0.5);
    }
    Double below = below(s.histogram(), type, Estimates.strip(right).type(), k.value(), column.collation());
    if (below == null) {
      return INEQUALITY;
    }
    double share = Math.clamp(below, LEAST, 1 - LEAST);
    return Math.clamp(common + rest * (less ? share : 1 - share), LEAST, 1.0);
  }

  /// The share of a histogram's values that lie below a value, null when they cannot be compared.
  private static @Nullable Double below(List<Object> histogram, PgType type, PgType valueType, Object value, int collation) {
    int low = 0;
    int high = histogram.size();
    while (low < high) {
      int middle = low + high >>> 1;
      Integer order = compare(type, histogram.get(middle), valueType, value, collation);
      if (order == null) {
        return null;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return 0.0;
    }
    if (low == histogram.size()) {
      return 1.0;
    }
    double from = scalar(type, histogram.get(low - 1));
    double to = scalar(type, histogram.get(low));
    double at = scalar(valueType, value);
    double inside = to > from && !Double.isNaN(at) ? Math.clamp((at - from) / (to - from), 0.0, 1.0) : 0.5;
    return (low - 1 + inside) / (histogram.size() - 1);
  }

  private static @Nullable Integer compare(PgType type, Object a, PgType otherType, Object b, int collation) {
    if (a.getClass() == b.getClass() && type.family() == otherType.family()) {
      return Values.compare(type, a, b, collation);
    }
    double x = scalar(type, a);
    double y = scalar(otherType, b);
    boolean comparable = isTime(type) == isTime(otherType) && !Double.isNaN(x) && !Double.isNaN(y);
    return comparable ? Double.compare(x, y) : null;
  }

  private static boolean isTime(PgType type) {
    return switch (type.family()) {
      case DATE, TIMESTAMP, TIMESTAMPTZ -> true;
      default -> false;
    };
  }

  /// A value on a line; NaN for values that have no such place.
  private static double scalar(PgType type, Object value) {
    return switch (value) {
      case Integer i -> isTime(type) ? i * DAY_MICROS : i;
      case Numeric n -> n.isNaN() || n.isInfinite() ? Double.NaN : n.toBigDecimal().doubleValue();
      case Number n -> n.doubleValue();
      case String text -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        double sum = 0;
        double scale = 1;
        for (int i = 0; i < 8; i++) {
          scale /= 256;
          sum += i < bytes.length ? (bytes[i] & 0xff) * scale : 0;
        }
        yield sum;
      }
      default -> Double.NaN;
    };
  }

  /// Tries a condition that reads one column on the values that its statistics keep.
  private double tried(Expr c, @Nullable Scan scan, double guess) {
    BitSet columns = Exprs.columns(c);
    if (scan == null || context.folding() == null || columns.cardinality() != 1 || columns.nextSetBit(0) >= scan.attnums().size()
        || scan.attnums().get(columns.nextSetBit(0)) <= 0) {
      return guess;
    }
    ColumnStatistics s = estimates.column(scan.table(), scan.attnums().get(columns.nextSetBit(0)));
    if (s == null || s.histogram().size() + s.mostCommon().size() < TRIALS_LEAST && s.mostCommon().isEmpty()
        || !Exprs.isFoldable(Exprs.replaceColumns(c, column -> Expr.Const.of(column.type(), null)))) {
      return guess;
    }
    try {
      Evaluator condition = Evaluator.compile(Exprs.mapColumns(c, i -> 0));
      ExecutionContext run = new ExecutionContext(null, context.folding(), new Object[0], new Object[0], new CancelToken(),
          new MemoryAccount(null, 0, "planning"), ExecutionServices.NONE);
      double common = 0;
      double rest = 1 - s.nullFraction();
      for (int i = 0; i < s.mostCommon().size(); i++) {
        double frequency = s.mostCommonFrequencies().get(i);
        rest -= frequency;
        common += condition.test(run, s.mostCommon().get(i)) ? frequency : 0;
      }
      if (s.histogram().isEmpty()) {
        return Math.max(LEAST, common);
      }
      int held = 0;
      for (Object value : s.histogram()) {
        held += condition.test(run, value) ? 1 : 0;
      }
      double share = held == 0 ? Math.min(guess, 0.5 / s.histogram().size()) : (double) held / s.histogram().size();
      return Math.max(LEAST, common + Math.max(0, rest) * share);
    } catch (SqlException failed) {
      return guess;
    }
  }
}
