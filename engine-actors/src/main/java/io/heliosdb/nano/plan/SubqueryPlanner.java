package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.HashJoinNode;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan.JoinKind;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Decides for each correlated scalar aggregate whether it is run per row or joined once, by cost.
final class SubqueryPlanner {
  /// Starting a sub-plan for a row.
  private static final double START = 0.3;

  private final Planner planner;
  private final JoinPlanner joins;

  SubqueryPlanner(Planner planner, JoinPlanner joins) {
    this.planner = planner;
    this.joins = joins;
  }

  /// A plan with further columns behind those it had, and expressions over its row.
  record Rewritten(PhysicalPlan plan, List<Expr> expressions) {}

  /// @param needed columns of `plan` that are read later, beside those that `expressions` read
  Rewritten join(PhysicalPlan plan, List<Expr> expressions, BitSet needed) {
    if (!planner.rewrites() || expressions.stream().noneMatch(Exprs::hasSubquery)) {
      return new Rewritten(plan, expressions);
    }
    PhysicalPlan[] joined = {plan};
    List<Expr> changed = new ArrayList<>();
    BitSet wanted = (BitSet) needed.clone();
    expressions.forEach(e -> Exprs.columns(e, wanted));
    for (Expr e : expressions) {
      changed.add(Exprs.isVolatile(e) ? e : Exprs.rewrite(e, x -> x instanceof Expr.Subquery q ? replaced(q, joined, wanted) : x));
    }
    return new Rewritten(joined[0], changed);
  }

  private Expr replaced(Expr.Subquery q, PhysicalPlan[] joined, BitSet wanted) {
    PhysicalPlan left = joined[0];
    int width = left.output().size();
    Decorrelation.Grouped grouped = Decorrelation.of(q, width);
    if (grouped == null) {
      return q;
    }
    Evaluator nested = planner.compile(q);
    PhysicalPlan right = planner.planRewritten(grouped.right());
    double perRow = Math.max(1, left.rows()) * (nested.perRowCost() + START);
    double once = right.totalCost() + right.rows() * JoinOrder.BUILD + left.rows() * (JoinOrder.PROBE + JoinOrder.EMIT);
    if (perRow <= once) {
      return q;
    }
    for (int i = 0; i < right.output().size(); i++) {
      wanted.set(width + i);
    }
    List<OutputColumn> output = HashJoinNode.concat(left.output(), right.output());
    joined[0] = joins.method(JoinKind.LEFT, left, right, grouped.on(), output, left.rows(), null, wanted);
    return grouped.value();
  }
}
