package io.heliosdb.nano.plan;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.ExecutionServices;
import io.heliosdb.nano.execute.MemoryAccount;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;

/// Evaluates what is constant when a statement is planned and simplifies conditions.
final class Folding {
  private final PlannerContext context;

  Folding(PlannerContext context) {
    this.context = context;
  }

  LogicalPlan foldPlan(LogicalPlan plan) {
    return PlanTrees.map(plan, this::fold, (child, lateral) -> foldPlan(child));
  }

  /// Evaluates immutable calls over constants. What fails stays as it is, so that the error shows when (and if) it is reached.
  private Expr fold(Expr e) {
    return Exprs.rewrite(e, this::foldOne);
  }

  private Expr foldOne(Expr x) {
    if (x instanceof Expr.Parameter p && context.parameters() != null && p.index() <= context.parameters().length) {
      return new Expr.Const(p.type(), p.typmod(), p.collation(), context.parameters()[p.index() - 1]);
    }
    if (x instanceof Expr.And and) {
      return foldAnd(and);
    }
    if (x instanceof Expr.Or or) {
      return foldOr(or);
    }
    if (!(x instanceof Expr.Call || x instanceof Expr.ApplyTypmod || x instanceof Expr.Relabel || x instanceof Expr.ArrayConstructor
        || x instanceof Expr.ArrayCast) || !Exprs.children(x).stream().allMatch(c -> c instanceof Expr.Const || c instanceof Expr.ApplyTypmod)
        || !Exprs.isFoldable(x)) {
      return x;
    }
    try {
      ExecutionContext run = new ExecutionContext(null, context.folding(), new Object[0], new Object[0], new CancelToken(),
          new MemoryAccount(null, 0, "planning"), ExecutionServices.NONE);
      return new Expr.Const(x.type(), x.typmod(), x.collation(), Evaluator.compile(x).evaluate(run));
    } catch (SqlException failed) {
      return x;
    }
  }

  /// `a = 1 OR a = 2` as `a = ANY (ARRAY[1, 2])`, which keys and indexes can answer.
  private static Expr foldOr(Expr.Or or) {
    Expr left = null;
    Expr.Call first = null;
    List<Expr> values = new ArrayList<>();
    for (Expr argument : or.arguments()) {
      if (!(argument instanceof Expr.Call call) || Comparisons.accepted(call.site()) != Comparisons.EQUAL
          || !(call.arguments().get(1) instanceof Expr.Const || call.arguments().get(1) instanceof Expr.Parameter
              || call.arguments().get(1) instanceof Expr.LiftedConst)
          || !(Estimates.strip(call.arguments().get(0)) instanceof Expr.InputColumn)
          || first != null && (call.function().oid() != first.function().oid() || !call.arguments().get(0).equals(left))) {
        return or;
      }
      first = first == null ? call : first;
      left = call.arguments().get(0);
      values.add(call.arguments().get(1));
    }
    PgType element = first == null ? null : first.site().argumentTypes().get(1);
    PgType array = element == null || element.arrayOid() == 0 ? null : PgTypes.byOid(element.arrayOid());
    if (array == null) {
      return or;
    }
    return new Expr.ArrayQuantified(or.type(), first.site(), "=", false, left,
        new Expr.ArrayConstructor(array, element, first.site().collationOid(), false, values));
  }

  private static Expr foldAnd(Expr.And and) {
    List<Expr> left = new ArrayList<>();
    for (Expr c : and.arguments()) {
      if (!(c instanceof Expr.Const k && Boolean.TRUE.equals(k.value()))) {
        left.add(c);
      }
    }
    if (left.size() == and.arguments().size()) {
      return and;
    }
    return left.isEmpty() ? Expr.Const.of(PgTypes.BOOL, true) : Exprs.and(left);
  }
}
