package io.heliosdb.nano.plan;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.JoinGraph.Condition;
import io.heliosdb.nano.plan.JoinGraph.Equals;
import io.heliosdb.nano.plan.JoinGraph.Member;
import io.heliosdb.nano.plan.JoinGraph.Part;
import io.heliosdb.nano.plan.logical.LogicalPlan.JoinKind;
import io.heliosdb.nano.plan.logical.LogicalPlan.Scan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Estimated sizes of joins of sets of parts. They depend on the set only, not on the order in which it is joined.
///
/// A class of equal columns with n members counts `1 / distinct` for all but the least distinct one. Where equalities cover a whole
/// unique key of several columns they count together as one row in so many, since the columns of a key are seldom independent.
final class JoinSizes {
  private static final double UNKNOWN_DISTINCT = 200;
  private static final double ANTI_LEAST = 0.05;

  private final JoinGraph graph;
  private final Estimates estimates;
  private final Map<Long, Double> sizes = new HashMap<>();

  JoinSizes(JoinGraph graph, Estimates estimates) {
    this.graph = graph;
    this.estimates = estimates;
  }

  double rows(long set) {
    Double known = sizes.get(set);
    if (known == null) {
      known = compute(set);
      sizes.put(set, known);
    }
    return known;
  }

  /// Distinct values by part and expression, which every set asks for again.
  private final Map<Member, Double> distinctValues = new IdentityHashMap<>();

  private double distinct(Member m) {
    Double known = distinctValues.get(m);
    if (known == null) {
      known = distinct(graph.parts.get(m.part()), m.expr());
      distinctValues.put(m, known);
    }
    return known;
  }

  /// Unique keys of several columns, by part.
  private final Map<Integer, List<List<Integer>>> wideKeys = new HashMap<>();

  private double compute(long set) {
    double rows = 1;
    for (Part p : graph.parts) {
      if ((p.bit() & set) != 0 && p.isInner()) {
        rows *= Math.max(1, p.physical.rows());
      }
    }
    Set<Equals> counted = new HashSet<>();
    for (Part p : graph.parts) {
      rows *= byKey(p, set, counted);
    }
    for (Equals e : graph.equals) {
      if (!counted.contains(e)) {
        rows *= selectivity(e, set);
      }
    }
    for (Condition c : graph.conditions) {
      if (c.parts() != 0 && (c.parts() & ~set) == 0) {
        rows *= condition(c);
      }
    }
    rows = Math.max(1, rows);
    for (Part p : graph.parts) {
      if ((p.bit() & set) != 0 && !p.isInner()) {
        rows = special(p, rows);
      }
    }
    return rows;
  }

  private double condition(Condition c) {
    if (c.expr() instanceof Expr.Call call && Comparisons.accepted(call.site()) == Comparisons.EQUAL) {
      double most = 0;
      for (Expr side : call.arguments()) {
        for (Part p : graph.parts) {
          most = Math.max(most, p.attnum(side) > 0 ? distinct(p, side) : 0);
        }
      }
      return 1 / (most > 0 ? most : UNKNOWN_DISTINCT);
    }
    double selectivity = estimates.selectivity(c.expr(), null);
    if (c.expr() instanceof Expr.Or) {
      // What it says about single parts has been applied to them already.
      for (Part p : graph.parts) {
        Expr own = p.isInner() ? Disjunctions.restriction(c.expr(), p.offset, p.offset + p.width) : null;
        selectivity /= own == null ? 1 : estimates.selectivity(own, null);
      }
    }
    return Math.min(1, selectivity);
  }

  private double selectivity(Equals e, long set) {
    double[] distinct = new double[e.members.size()];
    int n = 0;
    for (Member m : e.members) {
      if ((set >>> m.part() & 1) != 0) {
        distinct[n++] = distinct(m);
      }
    }
    if (n < 2) {
      return 1;
    }
    Arrays.sort(distinct, 0, n);
    double product = 1;
    for (int i = 1; i < n; i++) {
      product /= distinct[i];
    }
    return product;
  }

  /// Distinct values of an expression over the flattened row that reads one part.
  double distinct(Part p, Expr e) {
    double known = estimates.distinct(p.plan, Exprs.mapColumns(e, i -> i - p.offset));
    return Math.max(1, known > 0 ? known : Math.min(UNKNOWN_DISTINCT, p.physical.rows()));
  }

  /// The share of pairs that equalities over a whole unique key leave, if there is such a key of several columns.
  private double byKey(Part p, long set, Set<Equals> counted) {
    Scan scan = p.scan();
    if ((p.bit() & set) == 0 || scan == null) {
      return 1;
    }
    for (List<Integer> key : wideKeys.computeIfAbsent(p.number,
        number -> estimates.uniqueKeys(scan.table()).stream().filter(k -> k.size() > 1).toList())) {
      List<Equals> used = new ArrayList<>();
      for (int attnum : key) {
        Equals equal = equalTo(p, attnum, set);
        if (equal != null && !counted.contains(equal)) {
          used.add(equal);
        }
      }
      if (used.size() == key.size()) {
        if (!shareAnotherPart(used, p, set)) {
          // The columns meet different tables, so nothing ties them together.
          continue;
        }
        double without = 1;
        double with = 1;
        for (Equals e : used) {
          without *= selectivity(e, set & ~p.bit());
          with *= selectivity(e, set);
        }
        counted.addAll(used);
        return without * Math.max(with / without, 1 / estimates.rows(scan.table()));
      }
    }
    return 1;
  }

  /// Whether one other part has members in all of these classes: it refers to the key.
  private static boolean shareAnotherPart(List<Equals> classes, Part p, long set) {
    long shared = set & ~p.bit();
    for (Equals e : classes) {
      shared &= e.parts;
    }
    return shared != 0;
  }

  private @Nullable Equals equalTo(Part p, int attnum, long set) {
    for (Equals e : graph.equals) {
      if ((e.parts & p.bit()) != 0 && Long.bitCount(e.parts & set) > 1) {
        for (Member m : e.members) {
          if (m.part() == p.number && p.attnum(m.expr()) == attnum) {
            return e;
          }
        }
      }
    }
    return null;
  }

  private double special(Part p, double left) {
    double right = Math.max(1, p.physical.rows());
    double pairs = 1;
    double match = 1;
    for (Expr c : p.on) {
      if (c instanceof Expr.Call call && Comparisons.accepted(call.site()) == Comparisons.EQUAL) {
        double own = 0;
        double other = 0;
        for (Expr side : call.arguments()) {
          long set = graph.partsOf(Exprs.columns(side));
          if (set == p.bit()) {
            own = distinct(p, side);
          } else if (Long.bitCount(set) == 1) {
            other = distinct(graph.parts.get(Long.numberOfTrailingZeros(set)), side);
          }
        }
        own = own == 0 ? UNKNOWN_DISTINCT : own;
        other = other == 0 ? UNKNOWN_DISTINCT : other;
        pairs /= Math.max(own, other);
        match = Math.min(match, Math.min(1, Math.min(own, right) / other));
      } else {
        double s = estimates.selectivity(c, null);
        pairs *= s;
        match *= Math.max(0.5, s);
      }
    }
    return switch (p.kind) {
      case LEFT -> Math.max(left, left * right * pairs);
      case SEMI -> Math.max(1, left * match);
      default -> Math.max(1, left * Math.max(ANTI_LEAST, 1 - match));
    };
  }

  /// Rows of a table that a lookup by the given columns finds.
  double matches(Relation.Table table, List<Integer> attnums) {
    for (List<Integer> key : estimates.uniqueKeys(table)) {
      if (attnums.containsAll(key)) {
        return 1;
      }
    }
    double rows = estimates.rows(table);
    for (int attnum : attnums) {
      rows /= estimates.distinct(table, attnum);
    }
    return Math.max(0.2, rows);
  }

  static boolean isLeftOnly(JoinKind kind) {
    return kind == JoinKind.SEMI || kind == JoinKind.ANTI || kind == JoinKind.NOT_IN;
  }
}
