package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan;

/// Chooses how a logical plan is run: access paths, join order and methods, all by estimated cost, in one bottom-up pass.
///
/// One per planning; confined to its thread. The result is immutable and may be cached as long as the catalog objects it was made
/// from are the same. Parameters and lifted literals are values of a run: ranges of keys are computed when a plan is opened.
public final class Planner {
  private final PlannerContext context;

  private Planner(PlannerContext context) {
    this.context = context;
  }

  public static PhysicalPlan plan(LogicalPlan logical, PlannerContext context) {
    return new Planner(context).plan(logical);
  }

  public PlannerContext context() {
    return context;
  }

  /// Plans a further tree of the same statement.
  public PhysicalPlan plan(LogicalPlan logical) {
    throw io.heliosdb.nano.error.SqlException.notSupported("planning of " + logical.getClass().getSimpleName());
  }

  /// Compiles an expression over the row of a node of this statement; its sub-queries are planned along.
  public Evaluator compile(Expr expression) {
    return Evaluator.compile(expression, this::plan);
  }
}
