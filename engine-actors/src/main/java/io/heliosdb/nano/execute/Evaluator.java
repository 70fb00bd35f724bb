package io.heliosdb.nano.execute;

import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;

/// A compiled expression: a tree of kernels that run over batches or single rows. Immutable and thread-safe; cheap to make (about a
/// microsecond), so it is kept in physical plans. [#bind] ties it to one execution.
public final class Evaluator {
  private final Kernel root;
  private final int slotCount;
  private final java.util.List<SubqueryKernel> subqueries;
  private final Expr expression;

  private Evaluator(Expr expression, Kernel root, int slotCount, java.util.List<SubqueryKernel> subqueries) {
    this.expression = expression;
    this.root = root;
    this.subqueries = subqueries;
    this.slotCount = slotCount;
  }

  /// Plans the sub-queries of expressions; the planner.
  @FunctionalInterface
  public interface SubqueryPlanner {
    PhysicalPlan plan(LogicalPlan query);
  }

  private static final SubqueryPlanner NO_SUBQUERIES = query -> {
    throw new IllegalArgumentException("this expression may not have sub-queries");
  };

  /// Compiles an expression without sub-queries.
  public static Evaluator compile(Expr expression) {
    return compile(expression, NO_SUBQUERIES);
  }

  public static Evaluator compile(Expr expression, SubqueryPlanner subqueries) {
    KernelCompiler compiler = new KernelCompiler(subqueries);
    Kernel root = compiler.compile(expression);
    return new Evaluator(expression, root, compiler.slotCount(), compiler.subqueries());
  }

  /// The sub-queries of expressions as children of an EXPLAIN node: those that run once, and those that run per row.
  static void explainSubplans(io.heliosdb.nano.plan.ExplainNode node, Evaluator... expressions) {
    for (Evaluator e : expressions) {
      for (SubqueryKernel subquery : e.subqueries()) {
        int number = node.nextSubplan();
        node.child(subquery.runsOnce() ? "InitPlan " + number + " (returns $" + (number - 1) + ")" : "SubPlan " + number, subquery.plan);
      }
    }
  }

  /// The cost of running once the sub-queries that depend on the row.
  public double perRowCost() {
    double cost = 0;
    for (SubqueryKernel subquery : subqueries) {
      cost += subquery.runsOnce() ? 0 : subquery.plan.totalCost();
    }
    return cost;
  }

  /// Whether it may run in a thread other than the session's.
  public boolean isParallelSafe() {
    return io.heliosdb.nano.plan.ParallelSafety.isSafe(expression);
  }

  static boolean areParallelSafe(Evaluator... evaluators) {
    for (Evaluator e : evaluators) {
      if (!e.isParallelSafe()) {
        return false;
      }
    }
    return true;
  }

  public PgType type() {
    return root.type;
  }

  java.util.List<SubqueryKernel> subqueries() {
    return subqueries;
  }

  int slotCount() {
    return slotCount;
  }

  Kernel root() {
    return root;
  }

  /// The position of the input column if the expression is just that, else -1.
  public int inputColumn() {
    return root instanceof Kernel.Input input ? input.index : -1;
  }

  public BoundEvaluator bind(ExecutionContext context) {
    return new BoundEvaluator(this, new EvalState(context, slotCount));
  }

  /// Whether a condition over a row of the given values is true.
  public boolean test(ExecutionContext context, @org.jspecify.annotations.Nullable Object... row) {
    return bind(context).test(new RowAccess.OfValues(row));
  }

  /// Evaluates once without a row.
  public @org.jspecify.annotations.Nullable Object evaluate(ExecutionContext context) {
    return bind(context).eval(RowAccess.EMPTY);
  }
}
