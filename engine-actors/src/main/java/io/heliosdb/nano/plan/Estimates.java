package io.heliosdb.nano.plan;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Values;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Guesses of row counts. Without statistics PostgreSQL's defaults are used (selfuncs.h).
final class Estimates {
  static final double EQUALITY = 0.005;
  static final double INEQUALITY = 1.0 / 3;
  static final double RANGE = 0.005;
  static final double PATTERN = 0.005;
  static final double BOOLEAN = 0.5;
  private static final double DEFAULT_ROWS = 1000;
  private static final double UNKNOWN_DISTINCT = 200;

  private final Catalog catalog;

  Estimates(Catalog catalog) {
    this.catalog = catalog;
  }

  double rows(Relation.Table table) {
    double rows = catalog.statistics(table.oid()).rows();
    return rows < 0 ? DEFAULT_ROWS : Math.max(rows, 1);
  }

  double rowBytes(Relation.Table table) {
    return Math.max(16, catalog.statistics(table.oid()).averageRowBytes());
  }

  Catalog.@Nullable ColumnStatistics column(Relation.Table table, int attnum) {
    return catalog.statistics(table.oid()).columns().get(attnum);
  }

  /// Number of distinct values of a column.
  double distinct(Relation.Table table, int attnum) {
    Catalog.ColumnStatistics s = column(table, attnum);
    double rows = rows(table);
    if (table.primaryKey().size() == 1 && table.primaryKey().getFirst() == attnum) {
      return rows;
    }
    for (Relation.Index index : catalog.indexesOf(table.oid())) {
      if (index.unique() && index.keyCount() == 1 && index.keys().getFirst().attnum() == attnum && index.predicate() == null) {
        return rows;
      }
    }
    if (s == null || s.distinct() == 0) {
      return Math.min(rows, 200);
    }
    return Math.max(1, s.distinct() < 0 ? -s.distinct() * rows : s.distinct());
  }

  /// Keys of a table of which no two rows have equal values (but for NULLs), by column numbers.
  List<List<Integer>> uniqueKeys(Relation.Table table) {
    List<List<Integer>> keys = new ArrayList<>();
    if (!table.primaryKey().isEmpty()) {
      keys.add(table.primaryKey());
    }
    for (Relation.Index index : catalog.indexesOf(table.oid())) {
      List<Integer> attnums = index.keys().subList(0, index.keyCount()).stream().map(Relation.Index.Key::attnum).toList();
      if (index.unique() && index.predicate() == null && !attnums.contains(0) && !keys.contains(attnums)) {
        keys.add(attnums);
      }
    }
    return keys;
  }

  Collection<Relation.Index> indexes(Relation.Table table) {
    return catalog.indexesOf(table.oid());
  }

  /// Distinct values of an expression over a plan's row, 0 when nothing is known of it.
  double distinct(LogicalPlan plan, Expr e) {
    return strip(e) instanceof Expr.InputColumn c ? distinct(plan, c.index()) : 0;
  }

  private double distinct(LogicalPlan plan, int column) {
    return switch (plan) {
      case Scan p -> column < p.attnums().size() && p.attnums().get(column) > 0 ? distinct(p.table(), p.attnums().get(column)) : 0;
      case Filter p -> distinct(p.input(), column);
      case Project p -> distinct(p.input(), p.expressions().get(column));
      case Sort p -> distinct(p.input(), column);
      case Limit p -> distinct(p.input(), column);
      case Distinct p -> distinct(p.input(), column);
      case Join p -> {
        int left = p.left().output().size();
        yield column < left ? distinct(p.left(), column) : distinct(p.right(), column - left);
      }
      case Aggregate p -> column < p.groups().size() ? distinct(p.input(), p.groups().get(column)) : 0;
      case Window p -> column < p.input().output().size() ? distinct(p.input(), column) : 0;
      default -> 0;
    };
  }

  /// Number of groups that some expressions form of `rows` rows of a plan.
  double groups(LogicalPlan plan, List<Expr> expressions, double rows) {
    double product = 1;
    for (Expr e : expressions) {
      double known = distinct(plan, e);
      product *= known > 0 ? known : e.type().family() == io.heliosdb.nano.type.TypeFamily.BOOL ? 2 : UNKNOWN_DISTINCT;
    }
    return Math.max(1, Math.min(product, expressions.size() > 1 ? Math.max(1, rows * 0.5) : rows));
  }

  double selectivity(List<Expr> conjuncts, @Nullable Scan scan) {
    double product = 1;
    for (Expr c : conjuncts) {
      product *= selectivity(c, scan);
    }
    return product;
  }

  double selectivity(Expr c, @Nullable Scan scan) {
    return switch (c) {
      case Expr.And a -> selectivity(a.arguments(), scan);
      case Expr.Or o -> {
        double none = 1;
        for (Expr x : o.arguments()) {
          none *= 1 - selectivity(x, scan);
        }
        yield 1 - none;
      }
      case Expr.Not n -> 1 - selectivity(n.argument(), scan);
      case Expr.IsNull n -> {
        Catalog.ColumnStatistics s = statistics(n.argument(), scan);
        double fraction = s == null ? 0.005 : s.nullFraction();
        yield n.negated() ? 1 - fraction : fraction;
      }
      case Expr.Const k -> Boolean.TRUE.equals(k.value()) ? 1 : 0;
      case Expr.ArrayQuantified q -> {
        int accepted = Comparisons.accepted(q.operator());
        double one = accepted == Comparisons.EQUAL ? equality(q.left(), null, scan) : INEQUALITY;
        double count = q.array() instanceof Expr.Const k && k.value() instanceof io.heliosdb.nano.type.PgArray array ? array.size()
            : q.array() instanceof Expr.ArrayConstructor a ? a.elements().size() : 10;
        yield q.all() ? Math.pow(1 - one, count) : Math.min(1, one * count);
      }
      case Expr.Call call -> call(call, scan);
      default -> BOOLEAN;
    };
  }

  private double call(Expr.Call call, @Nullable Scan scan) {
    int accepted = Comparisons.accepted(call.site());
    if (accepted == 0) {
      return call.function().name().contains("like") || call.function().name().contains("regex") ? PATTERN : INEQUALITY;
    }
    Expr left = call.arguments().get(0);
    Expr right = call.arguments().get(1);
    if (!(strip(left) instanceof Expr.InputColumn)) {
      Expr swap = left;
      left = right;
      right = swap;
      accepted = Comparisons.commuted(accepted);
    }
    if (accepted == Comparisons.EQUAL) {
      return equality(left, right, scan);
    }
    if (accepted == (Comparisons.LESS | Comparisons.GREATER)) {
      return 1 - equality(left, right, scan);
    }
    return inequality(left, right, accepted, scan);
  }

  static Expr strip(Expr e) {
    return e instanceof Expr.Relabel r ? strip(r.argument()) : e;
  }

  private Catalog.@Nullable ColumnStatistics statistics(Expr e, @Nullable Scan scan) {
    return scan != null && strip(e) instanceof Expr.InputColumn c && c.index() < scan.attnums().size() && scan.attnums().get(c.index()) > 0
        ? column(scan.table(), scan.attnums().get(c.index())) : null;
  }

  private double equality(Expr left, @Nullable Expr right, @Nullable Scan scan) {
    if (scan == null || !(strip(left) instanceof Expr.InputColumn c) || c.index() >= scan.attnums().size() || scan.attnums().get(c.index()) <= 0) {
      return EQUALITY;
    }
    int attnum = scan.attnums().get(c.index());
    Catalog.ColumnStatistics s = column(scan.table(), attnum);
    if (s != null && right instanceof Expr.Const k && k.value() != null) {
      PgType type = c.type();
      double rest = 1 - s.nullFraction();
      for (int i = 0; i < s.mostCommon().size(); i++) {
        Object common = s.mostCommon().get(i);
        if (common.getClass() == k.value().getClass() && Values.equal(type, common, k.value(), c.collation())) {
          return s.mostCommonFrequencies().get(i);
        }
        rest -= s.mostCommonFrequencies().get(i);
      }
      double others = Math.max(1, distinct(scan.table(), attnum) - s.mostCommon().size());
      return Math.max(0, Math.min(rest, rest / others));
    }
    return 1 / Math.max(1, distinct(scan.table(), attnum));
  }

  private double inequality(Expr left, Expr right, int accepted, @Nullable Scan scan) {
    Catalog.ColumnStatistics s = statistics(left, scan);
    if (s == null || s.histogram().size() < 2 || !(right instanceof Expr.Const k) || k.value() == null
        || s.histogram().getFirst().getClass() != k.value().getClass()) {
      return INEQUALITY;
    }
    PgType type = strip(left).type();
    List<Object> h = s.histogram();
    int below = 0;
    while (below < h.size() && Values.compare(type, h.get(below), k.value(), strip(left).collation()) < 0) {
      below++;
    }
    double fraction = below == 0 ? 0 : below == h.size() ? 1 : (below - 0.5) / (h.size() - 1);
    double less = Math.clamp(fraction, 0.0001, 0.9999);
    return ((accepted & Comparisons.LESS) != 0 ? less : 1 - less) * (1 - s.nullFraction());
  }
}
