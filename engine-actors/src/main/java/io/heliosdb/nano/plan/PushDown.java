package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Moves conditions towards the tables they are about, turns outer joins into inner ones where NULL rows cannot survive, and
/// EXISTS / IN conditions into semi and anti joins. Volatile conditions stay where they were written.
final class PushDown {
  private PushDown() {}

  static LogicalPlan rewrite(LogicalPlan plan) {
    return push(plan, List.of());
  }

  private static LogicalPlan filter(LogicalPlan plan, List<Expr> conjuncts) {
    Expr condition = Exprs.and(conjuncts);
    return condition == null ? plan : new Filter(plan, condition);
  }

  /// `plan` with `conjuncts` (over its output) applied.
  private static LogicalPlan push(LogicalPlan plan, List<Expr> conjuncts) {
    return switch (plan) {
      case Filter p -> pushFilter(p, conjuncts);
      case Project p -> pushProject(p, conjuncts);
      case Join p -> pushJoin(p, conjuncts);
      case Aggregate p -> {
        List<Expr> down = new ArrayList<>();
        List<Expr> stay = new ArrayList<>();
        boolean plain = p.groupingSets().size() == 1 && p.groupingSets().getFirst().size() == p.groups().size() && !p.groups().isEmpty();
        for (Expr c : conjuncts) {
          BitSet columns = Exprs.columns(c);
          if (plain && columns.length() <= p.groups().size() && !Exprs.isVolatile(c) && !Exprs.hasSubquery(c)) {
            down.add(Exprs.replaceColumns(c, column -> p.groups().get(column.index())));
          } else {
            stay.add(c);
          }
        }
        yield filter(new Aggregate(push(p.input(), down), p.groups(), p.groupingSets(), p.calls(), p.output()), stay);
      }
      case Sort p -> conjuncts.stream().anyMatch(Exprs::isVolatile) ? filter(new Sort(push(p.input(), List.of()), p.keys()), conjuncts)
          : new Sort(push(p.input(), conjuncts), p.keys());
      case Distinct p -> p.on() == null && conjuncts.stream().noneMatch(Exprs::isVolatile) ? new Distinct(push(p.input(), conjuncts), null)
          : filter(new Distinct(push(p.input(), List.of()), p.on()), conjuncts);
      case SetOperation p -> {
        if (conjuncts.stream().anyMatch(c -> Exprs.isVolatile(c))) {
          yield filter(new SetOperation(p.operator(), p.all(), push(p.left(), List.of()), push(p.right(), List.of()), p.output()), conjuncts);
        }
        yield new SetOperation(p.operator(), p.all(), push(p.left(), conjuncts), push(p.right(), conjuncts), p.output());
      }
      case With p -> {
        List<Cte> ctes = new ArrayList<>();
        p.ctes().forEach(c -> ctes.add(new Cte(c.id(), c.name(), push(c.plan(), List.of()), c.modifiesData())));
        yield new With(ctes, push(p.body(), conjuncts));
      }
      case ProjectSet p -> {
        List<Expr> down = new ArrayList<>();
        List<Expr> stay = new ArrayList<>();
        int width = p.input().output().size();
        for (Expr c : conjuncts) {
          (Exprs.columns(c).length() <= width && !Exprs.isVolatile(c) ? down : stay).add(c);
        }
        yield filter(new ProjectSet(push(p.input(), down), p.calls(), p.output()), stay);
      }
      case Window p -> {
        List<Expr> down = new ArrayList<>();
        List<Expr> stay = new ArrayList<>();
        for (Expr c : conjuncts) {
          (decidesWholePartitions(c, p) ? down : stay).add(c);
        }
        yield filter(new Window(push(p.input(), down), p.calls(), p.output()), stay);
      }
      default -> filter(PlanTrees.map(plan, e -> e, (child, lateral) -> push(child, List.of())), conjuncts);
    };
  }

  /// Whether the condition reads only columns that every window partitions by.
  private static boolean decidesWholePartitions(Expr c, Window window) {
    if (Exprs.isVolatile(c) || Exprs.hasSubquery(c)) {
      return false;
    }
    BitSet columns = Exprs.columns(c);
    for (WindowCall call : window.calls()) {
      BitSet left = (BitSet) columns.clone();
      for (Expr e : call.window().partitionBy()) {
        if (e instanceof Expr.InputColumn column) {
          left.clear(column.index());
        }
      }
      if (!left.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static LogicalPlan pushFilter(Filter p, List<Expr> conjuncts) {
    List<Expr> all = new ArrayList<>(Disjunctions.factored(Exprs.conjuncts(p.condition())));
    all.addAll(conjuncts);
    if (all.stream().anyMatch(Exprs::isVolatile)) {
      List<Expr> down = new ArrayList<>();
      List<Expr> stay = new ArrayList<>();
      for (Expr c : all) {
        (Exprs.isVolatile(c) ? stay : down).add(c);
      }
      return filter(push(p.input(), down), stay);
    }
    LogicalPlan input = p.input();
    List<Expr> rest = new ArrayList<>();
    for (Expr c : all) {
      LogicalPlan joined = SubqueryJoins.apply(input, c);
      if (joined == null) {
        rest.add(c);
      } else {
        input = joined;
      }
    }
    return push(input, rest);
  }

  private static LogicalPlan pushProject(Project p, List<Expr> conjuncts) {
    List<Expr> down = new ArrayList<>();
    List<Expr> stay = new ArrayList<>();
    for (Expr c : conjuncts) {
      BitSet columns = Exprs.columns(c);
      boolean movable = !Exprs.isVolatile(c);
      boolean plainOnly = Exprs.hasSubquery(c);
      for (int i = columns.nextSetBit(0); i >= 0 && movable; i = columns.nextSetBit(i + 1)) {
        Expr source = p.expressions().get(i);
        movable = !Exprs.isVolatile(source) && !Exprs.hasSubquery(source) && (!plainOnly || source instanceof Expr.InputColumn);
      }
      if (movable) {
        down.add(Exprs.replaceColumns(c, column -> p.expressions().get(column.index())));
      } else {
        stay.add(c);
      }
    }
    return filter(new Project(push(p.input(), down), p.expressions(), p.output()), stay);
  }

  private static LogicalPlan pushJoin(Join p, List<Expr> where) {
    JoinKind kind = p.kind();
    int leftWidth = p.left().output().size();
    int width = leftWidth + p.right().output().size();
    List<Expr> on = Disjunctions.factored(Exprs.conjuncts(p.condition()));
    if (where.stream().anyMatch(Exprs::isVolatile) || on.stream().anyMatch(Exprs::isVolatile)) {
      return filter(new Join(kind, push(p.left(), List.of()), push(p.right(), List.of()), p.condition(), p.lateral(), p.output()), where);
    }
    if (kind == JoinKind.LEFT && where.stream().anyMatch(c -> rejectsNulls(c, leftWidth, width))) {
      kind = JoinKind.INNER;
    } else if (kind == JoinKind.RIGHT && where.stream().anyMatch(c -> rejectsNulls(c, 0, leftWidth))) {
      kind = JoinKind.INNER;
    } else if (kind == JoinKind.FULL) {
      boolean right = where.stream().anyMatch(c -> rejectsNulls(c, leftWidth, width));
      boolean left = where.stream().anyMatch(c -> rejectsNulls(c, 0, leftWidth));
      kind = left && right ? JoinKind.INNER : left ? JoinKind.LEFT : right ? JoinKind.RIGHT : JoinKind.FULL;
    }
    List<Expr> toLeft = new ArrayList<>();
    List<Expr> toRight = new ArrayList<>();
    List<Expr> condition = new ArrayList<>();
    List<Expr> above = new ArrayList<>();
    boolean leftOnly = JoinSizes.isLeftOnly(kind);
    for (Expr c : where) {
      BitSet columns = Exprs.columns(c);
      boolean left = columns.length() <= leftWidth;
      boolean right = columns.nextSetBit(0) >= leftWidth;
      if (runsPerRow(c) && (leftOnly || kind == JoinKind.INNER)) {
        above.add(c);
      } else if (leftOnly) {
        toLeft.add(c);
      } else if (left && (kind == JoinKind.INNER || kind == JoinKind.LEFT)) {
        toLeft.add(c);
      } else if (right && (kind == JoinKind.INNER || kind == JoinKind.RIGHT)) {
        toRight.add(toRightRow(c, leftWidth, p.lateral()));
      } else if (kind == JoinKind.INNER) {
        condition.add(c);
      } else {
        above.add(c);
      }
    }
    for (Expr c : on) {
      BitSet columns = Exprs.columns(c);
      boolean left = columns.length() <= leftWidth && !columns.isEmpty();
      boolean right = columns.nextSetBit(0) >= leftWidth;
      if (kind == JoinKind.NOT_IN) {
        condition.add(c);
      } else if (runsPerRow(c) && kind == JoinKind.INNER) {
        above.add(c);
      } else if (left && (kind == JoinKind.INNER || kind == JoinKind.RIGHT || kind == JoinKind.SEMI)) {
        toLeft.add(c);
      } else if (right && (kind == JoinKind.INNER || kind == JoinKind.LEFT || leftOnly)) {
        toRight.add(toRightRow(c, leftWidth, p.lateral()));
      } else {
        condition.add(c);
      }
    }
    if (!p.lateral() && kind != JoinKind.RIGHT && kind != JoinKind.FULL && kind != JoinKind.NOT_IN) {
      heldConstant(kind, on, where, leftWidth, toLeft, toRight);
    }
    return filter(new Join(kind, push(p.left(), toLeft), push(p.right(), toRight), Exprs.and(condition), p.lateral(), p.output()), above);
  }

  /// Whether the condition has a sub-query that reads the row, so that it is worth doing joins that drop rows first.
  static boolean runsPerRow(Expr c) {
    boolean[] found = new boolean[1];
    Exprs.walk(c, x -> {
      if (x instanceof Expr.Subquery q) {
        PlanTrees.outerColumns(q.plan(), (level, column) -> found[0] |= level == 1);
      }
    });
    return found[0];
  }

  /// From `a = b` and `a = 5` follows `b = 5`: conditions for the side that was not given one. For outer, semi and anti joins that is a
  /// condition on the right side, of which other rows cannot match.
  private static void heldConstant(JoinKind kind, List<Expr> on, List<Expr> where, int leftWidth, List<Expr> toLeft, List<Expr> toRight) {
    List<Expr> equalities = new ArrayList<>(on);
    if (kind == JoinKind.INNER) {
      equalities.addAll(where);
    }
    List<Expr> constants = new ArrayList<>(on);
    constants.addAll(where);
    for (Expr e : equalities) {
      if (!(e instanceof Expr.Call equal) || !isEquality(equal) || !(equal.arguments().get(0) instanceof Expr.InputColumn a)
          || !(equal.arguments().get(1) instanceof Expr.InputColumn b) || !a.type().equals(b.type())
          || (a.index() < leftWidth) == (b.index() < leftWidth)) {
        continue;
      }
      Expr.InputColumn left = a.index() < leftWidth ? a : b;
      Expr.InputColumn right = a.index() < leftWidth ? b : a;
      for (Expr c : constants) {
        if (c instanceof Expr.Call held && isEquality(held) && held.site().collationOid() == equal.site().collationOid()
            && held.arguments().get(0) instanceof Expr.InputColumn column && Exprs.isRuntimeConstant(held.arguments().get(1))) {
          if (column.index() == left.index()) {
            add(toRight, held, new Expr.InputColumn(right.index() - leftWidth, right.type(), right.typmod(), right.collation()));
          } else if (column.index() == right.index() && kind == JoinKind.INNER) {
            add(toLeft, held, left);
          }
        }
      }
    }
  }

  private static boolean isEquality(Expr.Call call) {
    return Comparisons.accepted(call.site()) == Comparisons.EQUAL;
  }

  private static void add(List<Expr> conjuncts, Expr.Call held, Expr.InputColumn column) {
    Expr derived = new Expr.Call(held.site(), List.of(column, held.arguments().get(1)), held.operatorName(), held.form());
    if (conjuncts.stream().noneMatch(c -> ScanPlanner.same(c, derived))) {
      conjuncts.add(derived);
    }
  }

  private static Expr toRightRow(Expr c, int leftWidth, boolean lateral) {
    Expr moved = Exprs.mapColumns(c, i -> i - leftWidth);
    return lateral ? PlanTrees.shiftOuterExpr(moved, 1) : moved;
  }

  /// Whether the condition cannot be true when all columns in `[from, to)` are NULL: a strict comparison over one of them.
  private static boolean rejectsNulls(Expr c, int from, int to) {
    return switch (c) {
      case Expr.Call call -> call.function().strict() && call.arguments().stream().anyMatch(a -> nullIfNull(a, from, to));
      case Expr.IsNull n -> n.negated() && !n.rowwise() && nullIfNull(n.argument(), from, to);
      case Expr.ArrayQuantified q -> q.operator().function().strict() && nullIfNull(q.left(), from, to);
      case Expr.InputColumn column -> column.index() >= from && column.index() < to;
      case Expr.And a -> a.arguments().stream().anyMatch(x -> rejectsNulls(x, from, to));
      case Expr.Or o -> o.arguments().stream().allMatch(x -> rejectsNulls(x, from, to));
      default -> false;
    };
  }

  private static boolean nullIfNull(Expr e, int from, int to) {
    return switch (e) {
      case Expr.InputColumn c -> c.index() >= from && c.index() < to;
      case Expr.Call call -> call.function().strict() && !call.function().isVolatile()
          && call.arguments().stream().anyMatch(a -> nullIfNull(a, from, to));
      case Expr.Relabel r -> nullIfNull(r.argument(), from, to);
      case Expr.IoCast r -> nullIfNull(r.argument(), from, to);
      default -> false;
    };
  }
}
