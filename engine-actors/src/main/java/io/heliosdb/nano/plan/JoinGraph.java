package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tree of joins taken apart: relations, and what must hold between them.
///
/// The row that conditions read is the join's output; the columns of SEMI and ANTI parts, which no join shows, stand behind it. Inner
/// joins may be done in any order. A part on the nullable or the tested side of an outer, semi or anti join may be joined at any
/// moment after the parts that its ON condition reads: these joins commute with inner joins on other parts.
final class JoinGraph {
  /// Sets of parts are bits of a long.
  static final int PARTS_MAX = 60;

  static final class Part {
    final int number;
    final JoinKind kind;
    LogicalPlan plan;
    final int offset;
    final int width;

    /// ON of a part that is not INNER, over the flattened row.
    final List<Expr> on;

    /// Parts that must be joined before this one.
    final long requires;

    @Nullable PhysicalPlan physical;

    private Part(int number, JoinKind kind, LogicalPlan plan, int offset, List<Expr> on, long requires) {
      this.number = number;
      this.kind = kind;
      this.plan = plan;
      this.offset = offset;
      this.width = plan.output().size();
      this.on = on;
      this.requires = requires;
    }

    long bit() {
      return 1L << number;
    }

    boolean isInner() {
      return kind == JoinKind.INNER;
    }

    boolean holds(int column) {
      return column >= offset && column < offset + width;
    }

    /// The stored table under at most a filter, or null.
    @Nullable Scan scan() {
      LogicalPlan base = plan instanceof Filter f ? f.input() : plan;
      return base instanceof Scan s ? s : null;
    }

    /// The table column behind an expression over the flattened row; 0 when it is not one.
    int attnum(Expr e) {
      Scan scan = scan();
      if (scan != null && Estimates.strip(e) instanceof Expr.InputColumn c && holds(c.index()) && c.index() - offset < scan.attnums().size()) {
        return Math.max(0, scan.attnums().get(c.index() - offset));
      }
      return 0;
    }
  }

  /// A condition between inner parts, or over the NULL-extended columns of an outer one.
  record Condition(Expr expr, long parts) {}

  record Member(Expr expr, int part) {}

  /// Expressions of different parts that are all equal, by one operator.
  static final class Equals {
    final CallSite site;
    final List<Member> members = new ArrayList<>();
    long parts;

    Equals(CallSite site) {
      this.site = site;
    }

    private void add(Member m) {
      members.add(m);
      parts |= 1L << m.part();
    }

    Member member(long among) {
      for (Member m : members) {
        if ((among >>> m.part() & 1) != 0) {
          return m;
        }
      }
      throw new IllegalStateException();
    }
  }

  final List<Part> parts = new ArrayList<>();
  final List<Condition> conditions = new ArrayList<>();
  final List<Equals> equals = new ArrayList<>();
  private int nextVirtual;
  private final List<Expr> found = new ArrayList<>();

  private JoinGraph(int width) {
    nextVirtual = width;
  }

  /// @param extra further conditions over the join's output
  static JoinGraph of(Join join, List<Expr> extra) {
    JoinGraph graph = new JoinGraph(join.output().size());
    graph.flatten(join, 0);
    graph.found.addAll(extra);
    graph.sortConditions();
    return graph;
  }

  /// Whether the join can be taken apart at all.
  static boolean accepts(Join join) {
    return !join.lateral() && join.kind() != JoinKind.RIGHT && join.kind() != JoinKind.FULL
        && (join.condition() == null || !Exprs.isVolatile(join.condition()))
        && (join.kind() == JoinKind.INNER || join.condition() == null || !Exprs.hasSubquery(join.condition()));
  }

  private void flatten(LogicalPlan plan, int offset) {
    if (plan instanceof Join j && accepts(j) && parts.size() < PARTS_MAX - 2) {
      int first = parts.size();
      flatten(j.left(), offset);
      int leftWidth = j.left().output().size();
      switch (j.kind()) {
        case INNER -> {
          flatten(j.right(), offset + leftWidth);
          for (Expr c : Exprs.conjuncts(j.condition())) {
            found.add(Exprs.mapColumns(c, i -> i + offset));
          }
        }
        case LEFT -> special(j, first, offset, offset + leftWidth, leftWidth);
        default -> {
          int place = nextVirtual;
          nextVirtual += j.right().output().size();
          special(j, first, offset, place, leftWidth);
        }
      }
    } else if (plan instanceof Filter f && f.input() instanceof Join j && accepts(j) && !Exprs.isVolatile(f.condition())
        && parts.size() < PARTS_MAX - 2) {
      flatten(j, offset);
      for (Expr c : Exprs.conjuncts(f.condition())) {
        found.add(Exprs.mapColumns(c, i -> i + offset));
      }
    } else {
      parts.add(new Part(parts.size(), JoinKind.INNER, plan, offset, List.of(), 0));
    }
  }

  private void special(Join j, int firstLeft, int offset, int place, int leftWidth) {
    List<Expr> on = new ArrayList<>();
    for (Expr c : Exprs.conjuncts(j.condition())) {
      on.add(Exprs.mapColumns(c, i -> i < leftWidth ? i + offset : i - leftWidth + place));
    }
    long requires = 1L << firstLeft;
    for (Expr c : on) {
      requires |= partsOf(Exprs.columns(c));
    }
    parts.add(new Part(parts.size(), j.kind(), j.right(), place, on, requires));
  }

  /// The parts known so far that hold some of the columns.
  long partsOf(BitSet columns) {
    long set = 0;
    for (Part p : parts) {
      int at = columns.nextSetBit(p.offset);
      if (at >= 0 && at < p.offset + p.width) {
        set |= p.bit();
      }
    }
    return set;
  }

  private void sortConditions() {
    for (Expr c : found) {
      long set = partsOf(Exprs.columns(c));
      Part only = Long.bitCount(set) == 1 ? parts.get(Long.numberOfTrailingZeros(set)) : null;
      if (only != null && only.isInner()) {
        only.plan = filtered(only.plan, Exprs.mapColumns(c, i -> i - only.offset));
      } else if (!addEquality(c)) {
        conditions.add(new Condition(c, set));
        restrict(c);
      }
    }
  }

  private static LogicalPlan filtered(LogicalPlan plan, Expr condition) {
    if (plan instanceof Filter f) {
      List<Expr> all = Exprs.conjuncts(f.condition());
      all.add(condition);
      return new Filter(f.input(), Exprs.and(all));
    }
    return new Filter(plan, condition);
  }

  /// What an OR over several parts says about each of them is checked there too.
  private void restrict(Expr c) {
    if (c instanceof Expr.Or) {
      for (Part p : parts) {
        Expr own = p.isInner() ? Disjunctions.restriction(c, p.offset, p.offset + p.width) : null;
        if (own != null) {
          p.plan = filtered(p.plan, Exprs.mapColumns(own, i -> i - p.offset));
        }
      }
    }
  }

  private @Nullable Member member(Expr e) {
    long set = partsOf(Exprs.columns(e));
    if (Long.bitCount(set) != 1 || Exprs.hasSubquery(e)) {
      return null;
    }
    int part = Long.numberOfTrailingZeros(set);
    return parts.get(part).isInner() ? new Member(e, part) : null;
  }

  /// Adds `a = b` to the classes of equal expressions; false when it must be checked as it stands.
  private boolean addEquality(Expr c) {
    if (!(c instanceof Expr.Call call) || Comparisons.accepted(call.site()) != Comparisons.EQUAL) {
      return false;
    }
    CallSite site = call.site();
    Member a = member(call.arguments().get(0));
    Member b = member(call.arguments().get(1));
    if (a == null || b == null || a.part() == b.part() || !site.argumentTypes().get(0).equals(site.argumentTypes().get(1))
        || !a.expr().type().equals(b.expr().type()) || !JoinPlanner.hashable(a.expr(), b.expr())) {
      return false;
    }
    Equals ofA = find(a, site);
    Equals ofB = find(b, site);
    if (ofA != null && ofA == ofB) {
      return true;
    }
    long both = (ofA == null ? 1L << a.part() : ofA.parts) & (ofB == null ? 1L << b.part() : ofB.parts);
    if (both != 0) {
      // Two expressions of one part in a class would need a check of their own.
      return false;
    }
    if (ofA == null && ofB == null) {
      Equals made = new Equals(site);
      made.add(a);
      made.add(b);
      equals.add(made);
    } else if (ofA == null) {
      ofB.add(a);
    } else if (ofB == null) {
      ofA.add(b);
    } else {
      ofB.members.forEach(ofA::add);
      equals.remove(ofB);
    }
    return true;
  }

  private @Nullable Equals find(Member m, CallSite site) {
    for (Equals e : equals) {
      if (e.site.function().oid() == site.function().oid() && e.site.collationOid() == site.collationOid() && e.members.contains(m)) {
        return e;
      }
    }
    return null;
  }

  /// Equalities that join two disjoint sets: one for each class that has members on both sides.
  List<Expr> between(long left, long right) {
    List<Expr> result = new ArrayList<>();
    for (Equals e : equals) {
      if ((e.parts & left) != 0 && (e.parts & right) != 0) {
        result.add(new Expr.Call(e.site, List.of(e.member(left).expr(), e.member(right).expr()), "=", Expr.Call.Form.OPERATOR));
      }
    }
    return result;
  }

  /// Columns of the flattened row that are read at or above a join of `joined`: wanted ones, and those of conditions not yet checked.
  BitSet neededAbove(long joined, BitSet wanted) {
    BitSet set = (BitSet) wanted.clone();
    for (Condition c : conditions) {
      if ((c.parts() & ~joined) != 0 || c.parts() == 0) {
        Exprs.columns(c.expr(), set);
      }
    }
    for (Equals e : equals) {
      if ((e.parts & ~joined) != 0) {
        e.members.forEach(m -> Exprs.columns(m.expr(), set));
      }
    }
    for (Part p : parts) {
      if ((p.bit() & joined) == 0) {
        p.on.forEach(c -> Exprs.columns(c, set));
      }
    }
    return set;
  }

  /// Columns of the flattened row, those of SEMI and ANTI parts included.
  int rowWidth() {
    return nextVirtual;
  }

  /// All columns that anybody reads.
  BitSet allNeeded(BitSet wanted) {
    return neededAbove(0, wanted);
  }

}
