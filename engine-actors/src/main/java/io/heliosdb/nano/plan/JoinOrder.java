package io.heliosdb.nano.plan;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.JoinGraph.Condition;
import io.heliosdb.nano.plan.JoinGraph.Equals;
import io.heliosdb.nano.plan.JoinGraph.Member;
import io.heliosdb.nano.plan.JoinGraph.Part;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.Filter;
import io.heliosdb.nano.plan.logical.LogicalPlan.JoinKind;
import io.heliosdb.nano.plan.logical.LogicalPlan.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The cheapest order of joins: over all bushy trees without cross products while there are few parts (dynamic programming over sets),
/// else by always doing the join next that leaves least. Only costs are compared here; nodes are made of the tree found.
final class JoinOrder {
  /// 3^9 splits take a few milliseconds.
  private static final int EXHAUSTIVE_PARTS_MAX = 9;

  static final double PROBE = 0.006;
  static final double BUILD = 0.015;
  static final double EMIT = 0.005;

  /// Opening the right side again for a left row.
  static final double LOOP = 0.25;
  private static final double PAIR = 0.005;
  private static final double SPILL = 0.04;
  private static final double DISABLED = 1e9;

  /// A join, or a part when it has no sides.
  ///
  /// @param lookup the right part is looked up by key for each left row
  record Tree(long set, double rows, double cost, @Nullable Tree left, @Nullable Tree right, @Nullable Part part, boolean lookup) {}

  /// A way to find rows of a part by values of other parts.
  private record Lookup(long requires, double cost) {}

  private final JoinGraph graph;
  private final JoinSizes sizes;
  private final Estimates estimates;
  private final long workMemBytes;
  private final boolean hash;
  private final boolean loops;
  private final List<List<Lookup>> lookups = new ArrayList<>();

  JoinOrder(JoinGraph graph, JoinSizes sizes, Estimates estimates, PlannerContext context) {
    this.graph = graph;
    this.sizes = sizes;
    this.estimates = estimates;
    workMemBytes = context.workMemBytes() * 2;
    hash = context.isEnabled("enable_hashjoin");
    loops = context.isEnabled("enable_nestloop");
    for (Part p : graph.parts) {
      lookups.add(loops ? lookups(p) : List.of());
    }
  }

  Tree best() {
    int n = graph.parts.size();
    if (n <= EXHAUSTIVE_PARTS_MAX) {
      Tree found = exhaustive(n);
      if (found != null) {
        return found;
      }
    }
    return greedy();
  }

  private Tree leaf(Part p) {
    return new Tree(p.bit(), Math.max(1, p.physical.rows()), p.physical.totalCost(), null, null, p, false);
  }

  private @Nullable Tree exhaustive(int n) {
    Tree[] best = new Tree[1 << n];
    long[] neighbors = neighbors();
    long[] near = new long[1 << n];
    for (int set = 1; set < best.length; set++) {
      near[set] = near[set & set - 1] | neighbors[Integer.numberOfTrailingZeros(set)];
      if (Integer.bitCount(set) == 1) {
        Part p = graph.parts.get(Integer.numberOfTrailingZeros(set));
        best[set] = p.isInner() ? leaf(p) : null;
        continue;
      }
      for (int left = (set - 1) & set; left > 0; left = (left - 1) & set) {
        if (best[left] == null) {
          continue;
        }
        int right = set ^ left;
        if ((near[left] & right) == 0 && Integer.bitCount(right) > 1) {
          continue;
        }
        Tree other = right(right, left, best[right]);
        if (other != null) {
          Tree joined = join(best[left], other);
          if (best[set] == null || joined.cost() < best[set].cost()) {
            best[set] = joined;
          }
        }
      }
    }
    return best[best.length - 1];
  }

  /// What can stand on the right of `left`; null when nothing connects them.
  private @Nullable Tree right(long right, long left, @Nullable Tree known) {
    if (Long.bitCount(right) == 1) {
      Part p = graph.parts.get(Long.numberOfTrailingZeros(right));
      if (!p.isInner()) {
        return (p.requires & ~left) == 0 ? leaf(p) : null;
      }
    }
    return known != null && connected(left, right) ? known : null;
  }

  /// The parts that some condition over two parts links each part with.
  private long[] neighbors() {
    long[] near = new long[graph.parts.size()];
    for (Equals e : graph.equals) {
      for (Member m : e.members) {
        near[m.part()] |= e.parts;
      }
    }
    for (Condition c : graph.conditions) {
      for (int i = 0; i < near.length; i++) {
        near[i] |= (c.parts() >>> i & 1) != 0 ? c.parts() : 0;
      }
    }
    return near;
  }

  private boolean connected(long a, long b) {
    for (Equals e : graph.equals) {
      if ((e.parts & a) != 0 && (e.parts & b) != 0) {
        return true;
      }
    }
    for (Condition c : graph.conditions) {
      if ((c.parts() & a) != 0 && (c.parts() & b) != 0 && (c.parts() & ~(a | b)) == 0) {
        return true;
      }
    }
    return false;
  }

  private Tree greedy() {
    List<Tree> open = new ArrayList<>();
    List<Part> later = new ArrayList<>();
    for (Part p : graph.parts) {
      if (p.isInner()) {
        open.add(leaf(p));
      } else {
        later.add(p);
      }
    }
    while (open.size() > 1 || !later.isEmpty()) {
      attach(open, later, open.size() == 1);
      if (open.size() == 1) {
        continue;
      }
      int bestA = -1;
      int bestB = -1;
      Tree best = null;
      boolean bestConnected = false;
      for (int a = 0; a < open.size(); a++) {
        for (int b = 0; b < open.size(); b++) {
          if (a == b) {
            continue;
          }
          boolean connected = connected(open.get(a).set(), open.get(b).set());
          if (bestConnected && !connected) {
            continue;
          }
          Tree joined = join(open.get(a), open.get(b));
          if (best == null || connected && !bestConnected || joined.rows() < best.rows()
              || joined.rows() == best.rows() && joined.cost() < best.cost()) {
            best = joined;
            bestA = a;
            bestB = b;
            bestConnected = connected;
          }
        }
      }
      open.set(bestA, best);
      open.remove(bestB);
    }
    return open.getFirst();
  }

  /// Joins the semi and anti parts (and at the end the outer ones) whose turn has come.
  private void attach(List<Tree> open, List<Part> later, boolean all) {
    boolean again = true;
    while (again) {
      again = false;
      for (Part p : List.copyOf(later)) {
        for (int i = 0; i < open.size(); i++) {
          if ((p.requires & ~open.get(i).set()) == 0 && (all || p.kind != JoinKind.LEFT || neededEarly(p, open))) {
            open.set(i, join(open.get(i), leaf(p)));
            later.remove(p);
            again = true;
            break;
          }
        }
      }
    }
  }

  /// Whether a condition with other parts reads this outer part.
  private boolean neededEarly(Part p, List<Tree> open) {
    return open.size() > 1 && graph.conditions.stream().anyMatch(c -> (c.parts() & p.bit()) != 0);
  }

  /// The cheapest way to join two trees with the given one on the left.
  private Tree join(Tree left, Tree right) {
    long set = left.set() | right.set();
    double rows = sizes.rows(set);
    Part part = right.part();
    boolean special = part != null && !part.isInner();
    boolean equality = special ? part.on.stream().anyMatch(c -> isEquality(c, left.set(), part.bit())) : hasEquality(left.set(), right.set());
    double cost;
    if (equality && hash || part != null && part.kind == JoinKind.NOT_IN) {
      cost = left.cost() + right.cost() + left.rows() * PROBE + right.rows() * BUILD + rows * EMIT;
      if (right.rows() * 48 > workMemBytes) {
        cost += (left.rows() + right.rows()) * SPILL;
      }
    } else {
      cost = left.cost() + right.cost() + left.rows() * (right.rows() * PAIR + LOOP) + rows * EMIT + (loops ? 0 : DISABLED);
    }
    boolean lookup = false;
    if (part != null) {
      for (Lookup l : lookups.get(part.number)) {
        if ((l.requires() & ~left.set()) == 0) {
          double looked = left.cost() + left.rows() * (l.cost() + LOOP) + rows * EMIT;
          if (looked < cost) {
            cost = looked;
            lookup = true;
          }
        }
      }
    }
    return new Tree(set, rows, cost, left, right, null, lookup);
  }

  private boolean hasEquality(long a, long b) {
    for (Equals e : graph.equals) {
      if ((e.parts & a) != 0 && (e.parts & b) != 0) {
        return true;
      }
    }
    for (Condition c : graph.conditions) {
      if ((c.parts() & ~(a | b)) == 0 && (isEquality(c.expr(), a, b) || isEquality(c.expr(), b, a))) {
        return true;
      }
    }
    return false;
  }

  /// Whether a hash join of the two sets can use the condition.
  private boolean isEquality(Expr c, long left, long right) {
    if (!(c instanceof Expr.Call call) || Comparisons.accepted(call.site()) != Comparisons.EQUAL || Exprs.hasSubquery(c)) {
      return false;
    }
    long a = graph.partsOf(Exprs.columns(call.arguments().get(0)));
    long b = graph.partsOf(Exprs.columns(call.arguments().get(1)));
    return a != 0 && b != 0 && ((a & ~left) == 0 && (b & ~right) == 0 || (a & ~right) == 0 && (b & ~left) == 0)
        && JoinPlanner.hashable(call.arguments().get(0), call.arguments().get(1));
  }

  private List<Lookup> lookups(Part p) {
    Scan scan = p.scan();
    if (scan == null || p.kind == JoinKind.NOT_IN) {
      return List.of();
    }
    List<Lookup> found = new ArrayList<>();
    List<Expr> own = p.plan instanceof Filter f ? Exprs.conjuncts(f.condition()) : List.of();
    List<List<Integer>> keys = new ArrayList<>();
    List<Boolean> byIndex = new ArrayList<>();
    if (!scan.table().primaryKey().isEmpty()) {
      keys.add(scan.table().primaryKey());
      byIndex.add(false);
    }
    for (Relation.Index index : estimates.indexes(scan.table())) {
      if (!index.primary() && index.valid() && index.predicate() == null && index.method().equals("btree")) {
        keys.add(index.keys().subList(0, index.keyCount()).stream().map(Relation.Index.Key::attnum).toList());
        byIndex.add(true);
      }
    }
    for (int k = 0; k < keys.size(); k++) {
      for (long provider : providers(p, keys.get(k).getFirst())) {
        Lookup lookup = lookup(p, scan, own, keys.get(k), byIndex.get(k), provider);
        if (lookup != null) {
          found.add(lookup);
        }
      }
    }
    return found;
  }

  /// Sets of parts of which each gives a value for a column of `p`.
  private List<Long> providers(Part p, int attnum) {
    List<Long> sets = new ArrayList<>();
    if (attnum <= 0) {
      return sets;
    }
    for (Equals e : graph.equals) {
      for (Member m : e.members) {
        if (m.part() == p.number && p.attnum(m.expr()) == attnum) {
          e.members.stream().filter(o -> o.part() != p.number).forEach(o -> sets.add(1L << o.part()));
        }
      }
    }
    List<Expr> candidates = new ArrayList<>(p.on);
    if (p.isInner()) {
      graph.conditions.forEach(c -> candidates.add(c.expr()));
    }
    for (Expr c : candidates) {
      if (c instanceof Expr.Call call && Comparisons.accepted(call.site()) == Comparisons.EQUAL) {
        for (int i = 0; i < 2; i++) {
          long other = graph.partsOf(Exprs.columns(call.arguments().get(1 - i)));
          if (p.attnum(call.arguments().get(i)) == attnum && other != 0 && (other & p.bit()) == 0) {
            sets.add(other);
          }
        }
      }
    }
    return sets;
  }

  private @Nullable Lookup lookup(Part p, Scan scan, List<Expr> own, List<Integer> key, boolean byIndex, long first) {
    long requires = first;
    List<Integer> matched = new ArrayList<>();
    matched.add(key.getFirst());
    for (int i = 1; i < key.size(); i++) {
      int attnum = key.get(i);
      if (isHeldConstant(scan, own, attnum)) {
        matched.add(attnum);
        continue;
      }
      List<Long> providers = providers(p, attnum);
      if (providers.isEmpty()) {
        break;
      }
      long have = requires;
      requires |= providers.stream().filter(s -> (s & ~have) == 0).findFirst().orElse(providers.getFirst());
      matched.add(attnum);
    }
    double rows = estimates.rows(scan.table());
    double pages = Math.max(1, rows * estimates.rowBytes(scan.table()) / 8192);
    double matches = sizes.matches(scan.table(), matched);
    if (JoinSizes.isLeftOnly(p.kind) && p.on.size() <= matched.size()) {
      matches = Math.min(matches, 1);
    }
    return new Lookup(requires | p.requires, ScanPlanner.lookupCost(rows, pages, matches, byIndex, own.size()));
  }

  private static boolean isHeldConstant(Scan scan, List<Expr> own, int attnum) {
    for (Expr c : own) {
      if (c instanceof Expr.Call call && Comparisons.accepted(call.site()) == Comparisons.EQUAL && Exprs.isRuntimeConstant(call.arguments().get(1))
          && Estimates.strip(call.arguments().get(0)) instanceof Expr.InputColumn column && column.index() < scan.attnums().size()
          && Objects.equals(scan.attnums().get(column.index()), attnum)) {
        return true;
      }
    }
    return false;
  }

  /// For EXPLAIN-like debugging in tests: the order of the parts.
  static String text(Tree tree) {
    if (tree.part() != null) {
      LogicalPlan plan = tree.part().plan instanceof Filter f ? f.input() : tree.part().plan;
      return plan instanceof Scan s ? s.alias() : plan.getClass().getSimpleName();
    }
    return "(" + text(tree.left()) + (tree.lookup() ? " -> " : " * ") + text(tree.right()) + ")";
  }
}
