package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// EXISTS, NOT EXISTS and IN conditions as joins:
///
/// ```
/// Filter(EXISTS (Filter(R, a = outer.b AND r)))     Join SEMI (L, Filter(R, r)) ON R.a = L.b
///   L                                            →
/// ```
///
/// Only where the enclosing row is read by conditions at the top of the sub-query and nowhere else. NOT IN becomes a join of its own
/// kind, with its NULL logic, when one hashable column is compared and the sub-query does not read the enclosing row.
final class SubqueryJoins {
  private SubqueryJoins() {}

  /// `input` joined so that `condition` holds, or null when the condition is of another kind.
  static @Nullable LogicalPlan apply(LogicalPlan input, Expr condition) {
    boolean negated = false;
    Expr c = condition;
    if (c instanceof Expr.Not not) {
      negated = true;
      c = not.argument();
    }
    if (!(c instanceof Expr.Subquery q) || PlanTrees.isVolatile(q.plan())) {
      return null;
    }
    negated ^= q.negated();
    return switch (q.kind()) {
      case EXISTS -> exists(input, q, negated);
      case ANY -> negated ? notIn(input, q) : in(input, q);
      default -> null;
    };
  }

  private static @Nullable LogicalPlan exists(LogicalPlan input, Expr.Subquery q, boolean negated) {
    LogicalPlan plan = q.plan();
    // What EXISTS selects does not matter, nor does the order or a limit of at least one row.
    while (true) {
      if (plan instanceof Project p && p.expressions().stream().noneMatch(Exprs::isVolatile)) {
        plan = p.input();
      } else if (plan instanceof Sort s) {
        plan = s.input();
      } else {
        break;
      }
    }
    return join(input, plan, new ArrayList<>(), negated ? JoinKind.ANTI : JoinKind.SEMI);
  }

  private static @Nullable LogicalPlan notIn(LogicalPlan input, Expr.Subquery q) {
    if (q.left().size() != 1 || readsOuterRow(q.plan()) || Exprs.hasSubquery(q.left().getFirst()) || Exprs.isVolatile(q.left().getFirst())
        || Exprs.columns(q.left().getFirst()).isEmpty() || !(q.test() instanceof Expr.Call call)
        || Comparisons.accepted(call.site()) != Comparisons.EQUAL || Exprs.hasOuterColumn(call)
        || !(call.arguments().get(0) instanceof Expr.InputColumn a && a.index() == 0)
        || !(call.arguments().get(1) instanceof Expr.InputColumn b && b.index() == 1)
        || !JoinPlanner.hashable(call.arguments().get(0), call.arguments().get(1))) {
      return null;
    }
    Expr right = new Expr.InputColumn(input.output().size(), b.type(), b.typmod(), b.collation());
    Expr equal = new Expr.Call(call.site(), List.of(q.left().getFirst(), right), call.operatorName(), call.form());
    return new Join(JoinKind.NOT_IN, input, PlanTrees.shiftOuter(q.plan(), -1), equal, false, input.output());
  }

  private static @Nullable LogicalPlan in(LogicalPlan input, Expr.Subquery q) {
    int width = q.left().size();
    for (Expr left : q.left()) {
      if (Exprs.hasSubquery(left) || Exprs.isVolatile(left)) {
        return null;
      }
    }
    if (q.test() == null || Exprs.hasSubquery(q.test())) {
      return null;
    }
    int inputWidth = input.output().size();
    // The test's row is (left values, sub-query columns); the join's is (input columns, sub-query columns).
    Expr test = Exprs.replaceColumns(q.test(), column -> column.index() < width ? q.left().get(column.index())
        : new Expr.InputColumn(column.index() - width + inputWidth, column.type(), column.typmod(), column.collation()));
    if (test instanceof Expr.RowCompare r && r.operator().equals("=")) {
      List<Expr> parts = new ArrayList<>();
      for (int i = 0; i < r.left().size(); i++) {
        parts.add(new Expr.Call(r.columnOperators().get(i), List.of(r.left().get(i), r.right().get(i)), "=", Expr.Call.Form.OPERATOR));
      }
      return join(input, q.plan(), parts, JoinKind.SEMI);
    }
    return join(input, q.plan(), new ArrayList<>(List.of(test)), JoinKind.SEMI);
  }

  /// @param on conditions over (input columns, sub-query columns)
  private static @Nullable LogicalPlan join(LogicalPlan input, LogicalPlan subquery, List<Expr> on, JoinKind kind) {
    int inputWidth = input.output().size();
    LogicalPlan right = subquery;
    if (readsOuterRow(right)) {
      // A projection over a filter: take conditions that read the outer row out of the filter.
      List<Expr> expressions = null;
      List<OutputColumn> output = null;
      LogicalPlan inner = right;
      if (inner instanceof Project p) {
        for (Expr e : p.expressions()) {
          if (readsOuterRow(e)) {
            return null;
          }
        }
        expressions = p.expressions();
        output = p.output();
        inner = p.input();
      }
      if (!(inner instanceof Filter f) || readsOuterRow(f.input())) {
        return null;
      }
      List<Expr> stay = new ArrayList<>();
      List<Expr> moved = new ArrayList<>();
      for (Expr c : Exprs.conjuncts(f.condition())) {
        if (!readsOuterRow(c)) {
          stay.add(c);
        } else if (Exprs.hasSubquery(c)) {
          return null;
        } else {
          moved.add(c);
        }
      }
      Expr rest = Exprs.and(stay);
      LogicalPlan base = rest == null ? f.input() : new Filter(f.input(), rest);
      int baseWidth = base.output().size();
      if (expressions != null) {
        // Columns the moved conditions need are added behind the projected ones.
        List<Expr> all = new ArrayList<>(expressions);
        List<OutputColumn> columns = new ArrayList<>(output);
        for (int i = 0; i < baseWidth; i++) {
          OutputColumn column = base.output().get(i);
          all.add(new Expr.InputColumn(i, column.type(), column.typmod(), column.collation()));
          columns.add(column);
        }
        right = new Project(base, all, columns);
      } else {
        right = base;
      }
      int shift = inputWidth + (expressions == null ? 0 : expressions.size());
      for (Expr c : moved) {
        on.add(Exprs.rewrite(c, x -> switch (x) {
          case Expr.InputColumn column -> new Expr.InputColumn(column.index() + shift, column.type(), column.typmod(), column.collation());
          case Expr.OuterColumn column when column.level() == 1 ->
              new Expr.InputColumn(column.index(), column.type(), column.typmod(), column.collation());
          case Expr.OuterColumn column ->
              new Expr.OuterColumn(column.level() - 1, column.index(), column.type(), column.typmod(), column.collation());
          default -> x;
        }));
      }
    }
    right = PlanTrees.shiftOuter(right, -1);
    Expr condition = Exprs.and(on);
    if (kind == JoinKind.ANTI && condition == null) {
      condition = Expr.Const.of(PgTypes.BOOL, true);
    }
    return new Join(kind, input, right, condition, false, input.output());
  }

  static boolean readsOuterRow(LogicalPlan plan) {
    boolean[] found = new boolean[1];
    PlanTrees.outerColumns(plan, (level, column) -> found[0] |= level == 1);
    return found[0];
  }

  static boolean readsOuterRow(Expr e) {
    boolean[] found = new boolean[1];
    Exprs.walk(e, x -> {
      if (x instanceof Expr.OuterColumn c && c.level() == 1) {
        found[0] = true;
      } else if (x instanceof Expr.Subquery q) {
        PlanTrees.outerColumns(q.plan(), (level, column) -> found[0] |= level == 2);
      }
    });
    return found[0];
  }
}
