package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.LimitNode;
import io.heliosdb.nano.execute.ParallelPlan;
import io.heliosdb.nano.execute.PlanCost;
import io.heliosdb.nano.execute.ProjectNode;
import io.heliosdb.nano.execute.SortColumn;
import io.heliosdb.nano.execute.SortNode;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// ORDER BY and LIMIT: by a key that has the order already, or by sorting.
final class OrderPlanner {
  private final Planner planner;
  private final ScanPlanner scans;

  OrderPlanner(Planner planner, ScanPlanner scans) {
    this.planner = planner;
    this.scans = scans;
  }

  private static List<String> keyTexts(List<SortKey> keys, PhysicalPlan input) {
    List<String> names = ExprText.names(input);
    List<String> texts = new ArrayList<>();
    for (SortKey key : keys) {
      texts.add(ScanPlanner.stripParentheses(ExprText.of(key.expression(), names)) + (key.descending() ? " DESC" : "")
          + (key.nullsFirst() == key.descending() ? "" : key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"));
    }
    return texts;
  }

  /// @param limit, offset of a LIMIT directly above
  PhysicalPlan sort(Sort p, BitSet needed, @Nullable Expr limit, @Nullable Expr offset, double fraction) {
    BitSet wanted = Planner.union(needed, Planner.columns(p.keys().stream().map(SortKey::expression).toList()));
    PhysicalPlan ordered = ordered(p.input(), p.keys(), wanted, fraction);
    if (ordered != null) {
      return ordered;
    }
    return sortNode(planner.physical(p.input(), wanted), p.keys(), limit, offset);
  }

  private PhysicalPlan sortNode(PhysicalPlan input, List<SortKey> keys, @Nullable Expr limit, @Nullable Expr offset) {
    List<Expr> extra = new ArrayList<>();
    SortColumn[] columns = planner.sortColumns(keys, input.output().size(), extra);
    double n = Math.max(2, input.rows());
    double cost = input.totalCost() + n * Math.log(n) / Math.log(2) * 2 * Planner.CPU_OPERATOR;
    Evaluator[] computed = planner.compileAll(extra);
    ParallelPlan parallel = limit != null && SortNode.isDivisible(columns, computed) ? planner.parallel().plan(input, limitRows(limit) + limitRows(offset)) : null;
    return new SortNode(input, columns, computed, keyTexts(keys, input), limit == null ? null : planner.compile(limit),
        offset == null ? null : planner.compile(offset), parallel, new PlanCost(cost, cost + n * Planner.CPU_OPERATOR, input.rows()));
  }

  /// The input in the wanted order without a sort, through a projection and a filter down to one table; null when it cannot be.
  private @Nullable PhysicalPlan ordered(LogicalPlan plan, List<SortKey> keys, BitSet needed, double fraction) {
    switch (plan) {
      case Project p -> {
        List<SortKey> below = new ArrayList<>();
        for (SortKey key : keys) {
          BitSet columns = Exprs.columns(key.expression());
          for (int i = columns.nextSetBit(0); i >= 0; i = columns.nextSetBit(i + 1)) {
            if (Exprs.isVolatile(p.expressions().get(i)) || Exprs.hasSubquery(p.expressions().get(i))) {
              return null;
            }
          }
          below.add(new SortKey(Exprs.replaceColumns(key.expression(), c -> p.expressions().get(c.index())), key.descending(), key.nullsFirst(),
              key.ordering()));
        }
        PhysicalPlan input = ordered(p.input(), below, Planner.projectNeeds(p, needed), fraction);
        return input == null ? null : planner.project(p, input, needed);
      }
      case Filter p -> {
        List<Expr> conjuncts = Exprs.conjuncts(p.condition());
        if (!(p.input() instanceof Scan scan) || conjuncts.stream().anyMatch(c -> Exprs.isVolatile(c) || Exprs.columns(c).isEmpty() || Planner.readsRow(c))) {
          return null;
        }
        ScanPlanner.Planned planned = scans.plan(scan, conjuncts, Planner.union(needed, Planner.columns(conjuncts)), keys, fraction);
        return planned.ordered() ? planned.plan() : null;
      }
      case Scan scan -> {
        ScanPlanner.Planned planned = scans.plan(scan, List.of(), needed, keys, fraction);
        return planned.ordered() ? planned.plan() : null;
      }
      default -> {
        return null;
      }
    }
  }

  private static double limitRows(@Nullable Expr count) {
    return count == null ? 0 : count instanceof Expr.Const c && c.value() instanceof Long n ? n : 100;
  }

  PhysicalPlan limit(Limit p, BitSet needed) {
    double wanted = p.count() instanceof Expr.Const c && c.value() instanceof Long n ? n : 100;
    double skipped = p.offset() instanceof Expr.Const c && c.value() instanceof Long n ? n : 0;
    BitSet below = Planner.union(needed, Planner.columns(p.tieKeys().stream().map(SortKey::expression).toList()));
    PhysicalPlan input;
    boolean bounded = p.count() != null && !p.withTies();
    double fraction = p.count() == null ? 1 : 0.05;
    switch (p.input()) {
      case Sort s -> input = sort(s, below, bounded ? p.count() : null, p.offset(), fraction);
      // The usual shape: the select list above the sort.
      case Project q when q.input() instanceof Sort s && q.expressions().stream().noneMatch(Exprs::isVolatile) ->
          input = planner.project(q, sort(s, Planner.projectNeeds(q, below), bounded ? p.count() : null, p.offset(), fraction), below);
      default -> input = planner.physical(p.input(), below);
    }
    SortColumn[] ties = null;
    PhysicalPlan source = input;
    List<Expr> extra = new ArrayList<>();
    if (p.withTies()) {
      ties = planner.sortColumns(p.tieKeys(), input.output().size(), extra);
      if (!extra.isEmpty()) {
        source = withExtra(input, extra);
      }
    }
    double rows = p.count() == null ? Math.max(1, input.rows() - skipped) : Math.min(input.rows(), wanted);
    double share = input.rows() <= 0 ? 1 : Math.min(1, (rows + skipped) / input.rows());
    PlanCost cost = new PlanCost(input.startupCost(), input.startupCost() + (input.totalCost() - input.startupCost()) * share, rows);
    PhysicalPlan limited = new LimitNode(source, p.count() == null ? null : planner.compile(p.count()), p.offset() == null ? null : planner.compile(p.offset()),
        ties, cost);
    return extra.isEmpty() ? limited : firstColumns(limited, input.output());
  }

  /// The input's columns followed by further values.
  private PhysicalPlan withExtra(PhysicalPlan input, List<Expr> extra) {
    List<Evaluator> expressions = new ArrayList<>();
    List<OutputColumn> output = new ArrayList<>(input.output());
    for (int i = 0; i < input.output().size(); i++) {
      expressions.add(planner.column(input.output(), i));
    }
    for (Expr e : extra) {
      expressions.add(planner.compile(e));
      output.add(OutputColumn.of("?column?", e));
    }
    return new ProjectNode(input, expressions.toArray(Evaluator[]::new), output);
  }

  private PhysicalPlan firstColumns(PhysicalPlan input, List<OutputColumn> output) {
    Evaluator[] expressions = new Evaluator[output.size()];
    for (int i = 0; i < expressions.length; i++) {
      expressions[i] = planner.column(output, i);
    }
    return new ProjectNode(input, expressions, output);
  }
}
