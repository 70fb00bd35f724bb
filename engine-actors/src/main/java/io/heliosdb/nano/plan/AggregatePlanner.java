package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.AggregateNode;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.LimitNode;
import io.heliosdb.nano.execute.ParallelPlan;
import io.heliosdb.nano.execute.PlanCost;
import io.heliosdb.nano.execute.SortColumn;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How groups are formed: by hashing, or, for one min or max, by the end of an index.
final class AggregatePlanner {
  private final Planner planner;
  private final ScanPlanner scans;
  private final Estimates estimates;

  AggregatePlanner(Planner planner, ScanPlanner scans, Estimates estimates) {
    this.planner = planner;
    this.scans = scans;
    this.estimates = estimates;
  }

  PhysicalPlan plan(Aggregate p) {
    BitSet needed = Planner.columns(p.groups());
    for (AggregateCall c : p.calls()) {
      needed.or(Planner.columns(c.arguments()));
      needed.or(Planner.columns(c.direct()));
      needed.or(Planner.columns(c.orderBy().stream().map(SortKey::expression).toList()));
      if (c.filter() != null) {
        Exprs.columns(c.filter(), needed);
      }
    }
    PhysicalPlan extreme = extremeByIndex(p);
    if (extreme != null) {
      return extreme;
    }
    PhysicalPlan input = planner.physical(p.input(), needed);
    int[] collations = p.groups().stream().mapToInt(Expr::collation).toArray();
    int[][] sets = new int[p.groupingSets().size()][];
    for (int i = 0; i < sets.length; i++) {
      sets[i] = p.groupingSets().get(i).stream().mapToInt(Integer::intValue).toArray();
    }
    List<AggregateNode.Call> calls = new ArrayList<>();
    for (AggregateCall c : p.calls()) {
      List<Expr> arguments = new ArrayList<>(c.arguments());
      SortColumn[] order = new SortColumn[c.orderBy().size()];
      for (int i = 0; i < order.length; i++) {
        SortKey key = c.orderBy().get(i);
        int at = indexOf(arguments, key.expression());
        if (at < 0) {
          at = arguments.size();
          arguments.add(key.expression());
        }
        order[i] = new SortColumn(at, key.expression().type(), key.expression().collation(), key.descending(), key.nullsFirst(), key.ordering());
      }
      int[] direct = new int[c.direct().size()];
      for (int i = 0; i < direct.length; i++) {
        direct[i] = -1;
        if (!Exprs.columns(c.direct().get(i)).isEmpty()) {
          direct[i] = arguments.size();
          arguments.add(c.direct().get(i));
        }
      }
      calls.add(new AggregateNode.Call(c.site(), planner.compileAll(arguments), c.arguments().size(), c.filter() == null ? null : planner.compile(c.filter()),
          c.distinct(), order, c.withinGroup(), planner.compileAll(c.direct()), direct));
    }
    double rows = 1;
    if (!p.groups().isEmpty()) {
      rows = estimates.groups(p.input(), p.groups(), Math.max(1, input.rows()));
    }
    double cost = input.totalCost() + input.rows() * Planner.CPU_OPERATOR * (p.groups().size() + p.calls().size());
    List<String> texts = new ArrayList<>();
    List<String> names = ExprText.names(input);
    p.groups().forEach(g -> texts.add(ExprText.of(g, names)));
    Evaluator[] groups = planner.compileAll(p.groups());
    ParallelPlan parallel = !AggregateNode.countsTable(input, groups, sets, calls) && AggregateNode.isDivisible(groups, calls) ? planner.parallel().plan(input, rows * sets.length) : null;
    if (parallel != null) {
      cost = parallel.cost() + rows * Planner.CPU_OPERATOR * (p.groups().size() + p.calls().size());
    }
    return new AggregateNode(input, groups, collations, sets, calls, texts, parallel, p.output(), new PlanCost(cost, cost + rows * 0.01, rows * sets.length));
  }

  /// DISTINCT by several threads, which is grouping by all columns; null when one thread does it, which gives rows as it finds them.
  @Nullable PhysicalPlan dividedDistinct(Distinct p, PhysicalPlan input) {
    List<OutputColumn> output = input.output();
    List<Expr> columns = new ArrayList<>();
    int[] set = new int[output.size()];
    for (int i = 0; i < set.length; i++) {
      OutputColumn c = output.get(i);
      columns.add(new Expr.InputColumn(i, c.type(), c.typmod(), c.collation()));
      set[i] = i;
    }
    double rows = estimates.groups(p.input(), columns, Math.max(1, input.rows()));
    ParallelPlan parallel = planner.parallel().plan(input, rows);
    return parallel == null ? null : new AggregateNode(input, planner.compileAll(columns), columns.stream().mapToInt(Expr::collation).toArray(), new int[][] {set},
        List.of(), ExprText.names(output), parallel, output, new PlanCost(parallel.cost(), parallel.cost() + rows * 0.01, rows));
  }

  private static int indexOf(List<Expr> list, Expr e) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).equals(e)) {
        return i;
      }
    }
    return -1;
  }

  /// `SELECT min(x)` or `max(x)` from one table whose key or index has x in order: the first row that is not NULL.
  private @Nullable PhysicalPlan extremeByIndex(Aggregate p) {
    if (!p.groups().isEmpty() || p.groupingSets().size() != 1 || p.calls().size() != 1) {
      return null;
    }
    AggregateCall call = p.calls().getFirst();
    String name = call.site().function().name();
    if (call.filter() != null || call.arguments().size() != 1 || !(name.equals("min") || name.equals("max"))
        || call.site().function().namespaceOid() != 11) {
      return null;
    }
    Expr argument = call.arguments().getFirst();
    LogicalPlan input = p.input();
    List<Expr> conjuncts = new ArrayList<>();
    if (input instanceof Filter f) {
      conjuncts.addAll(Exprs.conjuncts(f.condition()));
      input = f.input();
    }
    if (!(input instanceof Scan scan) || !(argument instanceof Expr.InputColumn) || scan.sample() != null
        || conjuncts.stream().anyMatch(c -> Exprs.isVolatile(c) || Exprs.columns(c).isEmpty() || Planner.readsRow(c))) {
      return null;
    }
    conjuncts.add(new Expr.IsNull(PgTypes.BOOL, argument, true, false));
    boolean max = name.equals("max");
    BitSet needed = Planner.columns(List.of(argument));
    needed.or(Planner.columns(conjuncts));
    ScanPlanner.Planned planned = scans.plan(scan, conjuncts, needed, List.of(new SortKey(argument, max, max, null)), 1 / Math.max(1, estimates.rows(scan.table())));
    if (!planned.ordered()) {
      return null;
    }
    PhysicalPlan first = new LimitNode(planned.plan(), planner.compile(Expr.Const.of(PgTypes.INT8, 1L)), null, null,
        new PlanCost(planned.plan().startupCost(), planned.plan().startupCost() + 0.3, 1));
    AggregateNode.Call over = new AggregateNode.Call(call.site(), planner.compileAll(call.arguments()), 1, null, false, new SortColumn[0], false, new Evaluator[0], new int[0]);
    return new AggregateNode(first, new Evaluator[0], new int[0], new int[][] {{}}, List.of(over), List.of(), null, p.output(),
        new PlanCost(first.totalCost(), first.totalCost() + 0.01, 1));
  }
}
