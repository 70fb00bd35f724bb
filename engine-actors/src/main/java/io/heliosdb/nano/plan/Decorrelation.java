package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Correlated scalar aggregates as joins:
///
/// ```
/// (SELECT f(agg(x)) FROM R WHERE R.k = outer.k AND r)    LEFT JOIN (SELECT k, agg(x) FROM R WHERE r GROUP BY k) ON k = outer.k,  f(agg)
/// ```
///
/// A row without a group gets NULL, which is what aggregates give for no rows; `count` becomes 0. The join forms groups that the nested
/// form never looks at, so nothing in them may fail: their expressions are columns, constants, comparisons and arithmetic of numeric
/// and floating types. Whether the join is cheaper is for the caller to say.
final class Decorrelation {
  private static final Set<String> EMPTY_IS_NULL = Set.of("sum", "avg", "min", "max", "bool_and", "bool_or", "every", "stddev", "stddev_samp",
      "stddev_pop", "variance", "var_samp", "var_pop", "array_agg", "string_agg", "bit_and", "bit_or");
  private static final Set<String> SAFE = Set.of("numeric_add", "numeric_sub", "numeric_mul", "float8pl", "float8mi", "float8mul",
      "int4_numeric", "int8_numeric", "int2_numeric", "textlike", "textnlike", "bpcharlike", "bpcharnlike", "int48", "i4tod");

  private Decorrelation() {}

  /// @param right the groups: keys, then aggregates
  /// @param on over (outer row, `right`'s columns)
  /// @param value of the sub-query, over the same row
  record Grouped(LogicalPlan right, List<Expr> on, Expr value) {}

  /// @param width number of columns of the enclosing row
  static @Nullable Grouped of(Expr.Subquery q, int width) {
    if (q.kind() != Expr.SubqueryKind.SCALAR || q.plan().output().size() != 1 || PlanTrees.isVolatile(q.plan())) {
      return null;
    }
    LogicalPlan plan = q.plan();
    List<Expr> values = null;
    while (plan instanceof Project p) {
      List<Expr> expressions = p.expressions();
      if (expressions.stream().anyMatch(Exprs::hasSubquery)) {
        return null;
      }
      values = values == null ? expressions : values.stream().map(v -> Exprs.replaceColumns(v, c -> expressions.get(c.index()))).toList();
      plan = p.input();
    }
    if (!(plan instanceof Aggregate aggregate) || !aggregate.groups().isEmpty() || aggregate.groupingSets().size() != 1
        || !(aggregate.input() instanceof Filter filter) || SubqueryJoins.readsOuterRow(filter.input())) {
      return null;
    }
    for (AggregateCall call : aggregate.calls()) {
      if (!isKnown(call)) {
        return null;
      }
    }
    List<Expr> stay = new ArrayList<>();
    List<Expr> keys = new ArrayList<>();
    List<Expr.Call> equalities = new ArrayList<>();
    List<Boolean> innerFirst = new ArrayList<>();
    for (Expr c : Exprs.conjuncts(filter.condition())) {
      if (!SubqueryJoins.readsOuterRow(c)) {
        stay.add(c);
      } else if (c instanceof Expr.Call call && Comparisons.accepted(call.site()) == Comparisons.EQUAL && !Exprs.hasSubquery(c)) {
        Expr a = call.arguments().get(0);
        Expr b = call.arguments().get(1);
        boolean first = !SubqueryJoins.readsOuterRow(a) && Exprs.columns(b).isEmpty();
        Expr inner = first ? a : b;
        Expr outer = first ? b : a;
        if (SubqueryJoins.readsOuterRow(inner) || Exprs.hasOuterColumn(inner) || !Exprs.columns(outer).isEmpty() || !isSafe(inner)
            || !JoinPlanner.hashable(inner, outer) || inner.collation() != call.site().collationOid() && inner.collation() != 0) {
          return null;
        }
        keys.add(inner);
        equalities.add(call);
        innerFirst.add(first);
      } else {
        return null;
      }
    }
    return keys.isEmpty() ? null : grouped(aggregate, filter.input(), stay, keys, equalities, innerFirst, values, width);
  }

  private static Grouped grouped(Aggregate aggregate, LogicalPlan source, List<Expr> stay, List<Expr> keys, List<Expr.Call> equalities,
      List<Boolean> innerFirst, @Nullable List<Expr> values, int width) {
    Expr rest = Exprs.and(stay);
    List<OutputColumn> output = new ArrayList<>();
    List<Integer> set = new ArrayList<>();
    for (Expr key : keys) {
      set.add(output.size());
      output.add(key instanceof Expr.InputColumn c ? source.output().get(c.index()) : OutputColumn.of("?column?", key));
    }
    output.addAll(aggregate.output());
    LogicalPlan right = PlanTrees.shiftOuter(
        new Aggregate(rest == null ? source : new Filter(source, rest), keys, List.of(set), aggregate.calls(), output), -1);
    List<Expr> on = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Expr.Call call = equalities.get(i);
      Expr key = keys.get(i);
      Expr column = new Expr.InputColumn(width + i, key.type(), key.typmod(), key.collation());
      Expr outer = outward(call.arguments().get(innerFirst.get(i) ? 1 : 0));
      on.add(new Expr.Call(call.site(), innerFirst.get(i) ? List.of(column, outer) : List.of(outer, column), call.operatorName(), call.form()));
    }
    Expr first = values == null ? column(aggregate.output(), 0) : values.getFirst();
    // Outer columns become columns of the row before the aggregates' columns are put in, which then are not taken for them.
    Expr value = Exprs.rewrite(first, x -> switch (x) {
      case Expr.InputColumn c -> {
        Expr to = new Expr.InputColumn(width + keys.size() + c.index(), c.type(), c.typmod(), c.collation());
        yield aggregate.calls().get(c.index()).site().function().name().equals("count")
            ? new Expr.Coalesce(c.type(), c.typmod(), c.collation(), List.of(to, Expr.Const.of(PgTypes.INT8, 0L))) : to;
      }
      case Expr.OuterColumn c -> outward(c);
      default -> x;
    });
    return new Grouped(right, on, value);
  }

  private static Expr column(List<OutputColumn> output, int i) {
    OutputColumn c = output.get(i);
    return new Expr.InputColumn(i, c.type(), c.typmod(), c.collation());
  }

  /// An expression over the enclosing row, as seen from there.
  private static Expr outward(Expr e) {
    return Exprs.rewrite(e, x -> switch (x) {
      case Expr.OuterColumn c when c.level() == 1 -> new Expr.InputColumn(c.index(), c.type(), c.typmod(), c.collation());
      case Expr.OuterColumn c -> new Expr.OuterColumn(c.level() - 1, c.index(), c.type(), c.typmod(), c.collation());
      default -> x;
    });
  }

  private static boolean isKnown(AggregateCall call) {
    FunctionDef function = call.site().function();
    if (!(function.body() instanceof FunctionDef.BuiltinBody) || call.withinGroup() || !call.direct().isEmpty()
        || !function.name().equals("count") && !EMPTY_IS_NULL.contains(function.name())) {
      return false;
    }
    return call.arguments().stream().allMatch(a -> isSafe(a) && !Exprs.hasOuterColumn(a))
        && (call.filter() == null || isSafe(call.filter()) && !Exprs.hasOuterColumn(call.filter()))
        && call.orderBy().stream().allMatch(k -> isSafe(k.expression()) && !Exprs.hasOuterColumn(k.expression()));
  }

  /// Whether evaluating the expression on a row cannot fail.
  private static boolean isSafe(Expr e) {
    boolean self = switch (e) {
      case Expr.InputColumn c -> true;
      case Expr.Const c -> true;
      case Expr.Parameter p -> true;
      case Expr.LiftedConst l -> true;
      case Expr.And a -> true;
      case Expr.Or o -> true;
      case Expr.Not n -> true;
      case Expr.IsNull n -> true;
      case Expr.Relabel r -> true;
      case Expr.Coalesce c -> true;
      case Expr.Case c -> true;
      case Expr.Call c -> Comparisons.accepted(c.site()) != 0
          || c.function().body() instanceof FunctionDef.BuiltinBody body && SAFE.contains(body.symbol());
      default -> false;
    };
    return self && Exprs.children(e).stream().allMatch(Decorrelation::isSafe);
  }
}
