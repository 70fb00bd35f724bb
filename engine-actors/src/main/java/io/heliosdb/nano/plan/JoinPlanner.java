package io.heliosdb.nano.plan;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.AppendNode;
import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.FilterNode;
import io.heliosdb.nano.execute.HashJoinNode;
import io.heliosdb.nano.execute.MaterializeNode;
import io.heliosdb.nano.execute.NestedLoopNode;
import io.heliosdb.nano.execute.PlanCost;
import io.heliosdb.nano.execute.ProjectNode;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.TypeFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Joins as nodes. The order comes from [JoinOrder]; right and full joins, and joins whose conditions are volatile, keep their place.
/// Methods: hash join where there is an equality, index lookups per left row where that is cheaper, nested loop otherwise.
final class JoinPlanner {
  private final Planner planner;
  private final ScanPlanner scans;
  private final Estimates estimates;

  JoinPlanner(Planner planner, ScanPlanner scans, Estimates estimates) {
    this.planner = planner;
    this.scans = scans;
    this.estimates = estimates;
  }

  /// What is joined so far: a plan and where each column of the flattened row stands in it (-1: not in it).
  private record Joined(PhysicalPlan plan, int[] places) {}

  /// @param extra further conditions over the join's output, not volatile
  PhysicalPlan plan(Join join, List<Expr> extra, BitSet needed) {
    if (join.lateral()) {
      return planner.filter(lateral(join, needed, extra), extra, 1000);
    }
    if (!JoinGraph.accepts(join) || !planner.rewrites()) {
      List<Expr> volatiles = new ArrayList<>();
      if (join.kind() == JoinKind.INNER && planner.rewrites()) {
        List<Expr> rest = new ArrayList<>();
        Exprs.conjuncts(join.condition()).forEach(c -> (Exprs.isVolatile(c) ? volatiles : rest).add(c));
        BitSet wanted = (BitSet) needed.clone();
        volatiles.forEach(c -> Exprs.columns(c, wanted));
        PhysicalPlan plan = plan(new Join(join.kind(), join.left(), join.right(), Exprs.and(rest), false, join.output()), extra, wanted);
        return planner.filter(plan, volatiles, plan.rows() * 0.5);
      }
      BitSet wanted = (BitSet) needed.clone();
      extra.forEach(c -> Exprs.columns(c, wanted));
      PhysicalPlan plan = two(join, wanted);
      return planner.filter(plan, extra, plan.rows() * 0.5);
    }
    return new Ordered(JoinGraph.of(join, extra), needed).plan(join.output());
  }

  /// Makes the nodes of a join in the order that costs least.
  private final class Ordered {
    private final JoinGraph graph;
    private final BitSet needed;
    private final BitSet wanted;

    Ordered(JoinGraph graph, BitSet needed) {
      this.graph = graph;
      this.needed = needed;
      wanted = graph.allNeeded(needed);
      for (JoinGraph.Part p : graph.parts) {
        p.physical = planner.physical(p.plan, wanted.get(p.offset, p.offset + p.width));
      }
    }

    PhysicalPlan plan(List<OutputColumn> output) {
      JoinSizes sizes = new JoinSizes(graph, estimates);
      Joined joined = build(new JoinOrder(graph, sizes, estimates, planner.context()).best());
      List<Expr> rest = new ArrayList<>();
      for (JoinGraph.Condition c : graph.conditions) {
        if (c.parts() == 0) {
          rest.add(Exprs.mapColumns(c.expr(), i -> joined.places()[i]));
        }
      }
      PhysicalPlan plan = planner.filter(joined.plan(), rest, joined.plan().rows() * 0.5);
      return inPlace(plan, joined.places(), output);
    }

    private PhysicalPlan inPlace(PhysicalPlan plan, int[] places, List<OutputColumn> output) {
      boolean same = plan.output().size() == output.size();
      for (int i = 0; i < output.size() && same; i++) {
        same = places[i] == i;
      }
      if (same) {
        return plan;
      }
      Evaluator[] expressions = new Evaluator[output.size()];
      for (int i = 0; i < expressions.length; i++) {
        OutputColumn c = output.get(i);
        expressions[i] = Evaluator.compile(new Expr.InputColumn(places[i], c.type(), c.typmod(), c.collation()));
      }
      return new ProjectNode(plan, expressions, output);
    }

    private Joined build(JoinOrder.Tree tree) {
      JoinGraph.Part part = tree.part();
      if (part != null) {
        int[] places = new int[graph.rowWidth()];
        Arrays.fill(places, -1);
        for (int i = 0; i < part.width; i++) {
          places[part.offset + i] = i;
        }
        return new Joined(part.physical, places);
      }
      Joined left = build(tree.left());
      JoinGraph.Part rightPart = tree.right().part();
      JoinKind kind = rightPart == null ? JoinKind.INNER : rightPart.kind;
      List<Expr> on = new ArrayList<>(kind == JoinKind.INNER ? graph.between(tree.left().set(), tree.right().set()) : rightPart.on);
      List<Expr> after = new ArrayList<>();
      for (JoinGraph.Condition c : graph.conditions) {
        boolean complete = c.parts() != 0 && (c.parts() & ~tree.set()) == 0;
        boolean before = (c.parts() & ~tree.left().set()) == 0 || kind == JoinKind.INNER && (c.parts() & ~tree.right().set()) == 0;
        if (complete && !before) {
          (kind == JoinKind.INNER ? on : after).add(c.expr());
        }
      }
      Joined joined = tree.lookup() ? lookup(tree, kind, left, on, after) : null;
      if (joined == null) {
        Joined right = build(tree.right());
        int[] places = places(left, right.places());
        List<Expr> moved = on.stream().map(c -> Exprs.mapColumns(c, i -> places[i])).toList();
        PhysicalPlan plan = method(kind, left.plan(), right.plan(), moved, output(kind, left.plan(), right.plan().output()), tree.rows(),
            rightPart == null ? null : rightPart.plan, gathered(tree, places, after));
        joined = new Joined(plan, places);
      }
      int[] at = joined.places();
      List<Expr> filter = after.stream().map(c -> Exprs.mapColumns(c, i -> at[i])).toList();
      return filter.isEmpty() ? joined : new Joined(planner.filter(joined.plan(), filter, tree.rows()), at);
    }

    private int[] places(Joined left, int[] right) {
      int leftWidth = left.plan().output().size();
      int[] places = left.places().clone();
      for (int i = 0; i < places.length; i++) {
        places[i] = right[i] >= 0 ? right[i] + leftWidth : places[i];
      }
      return places;
    }

    private static List<OutputColumn> output(JoinKind kind, PhysicalPlan left, List<OutputColumn> right) {
      return JoinSizes.isLeftOnly(kind) ? left.output() : HashJoinNode.concat(left.output(), right);
    }

    /// Columns of a join's row that somebody above reads.
    private BitSet gathered(JoinOrder.Tree tree, int[] places, List<Expr> after) {
      BitSet above = graph.neededAbove(tree.set(), needed);
      after.forEach(c -> Exprs.columns(c, above));
      BitSet columns = new BitSet();
      for (int i = above.nextSetBit(0); i >= 0; i = above.nextSetBit(i + 1)) {
        if (places[i] >= 0) {
          columns.set(places[i]);
        }
      }
      return columns;
    }

    private @Nullable Joined lookup(JoinOrder.Tree tree, JoinKind kind, Joined left, List<Expr> on, List<Expr> after) {
      JoinGraph.Part part = tree.right().part();
      int[] right = new int[graph.rowWidth()];
      Arrays.fill(right, -1);
      for (int i = 0; i < part.width; i++) {
        right[part.offset + i] = i;
      }
      int[] places = places(left, right);
      List<Expr> moved = on.stream().map(c -> Exprs.mapColumns(c, i -> places[i])).toList();
      PhysicalPlan plan = indexLoop(kind, left.plan(), part.plan, wanted.get(part.offset, part.offset + part.width), moved,
          output(kind, left.plan(), part.plan.output()), tree.rows(), gathered(tree, places, after));
      return plan == null ? null : new Joined(plan, places);
    }
  }

  /// A join of two inputs as they stand.
  private PhysicalPlan two(Join join, BitSet needed) {
    int leftWidth = join.left().output().size();
    int rightWidth = join.right().output().size();
    List<Expr> conditions = Exprs.conjuncts(join.condition());
    BitSet wanted = (BitSet) needed.clone();
    conditions.forEach(c -> Exprs.columns(c, wanted));
    PhysicalPlan left = planner.physical(join.left(), wanted.get(0, leftWidth));
    BitSet rightNeeds = wanted.get(leftWidth, leftWidth + rightWidth);
    PhysicalPlan right = planner.physical(join.right(), rightNeeds);
    double rows = switch (join.kind()) {
      case LEFT -> Math.max(left.rows(), left.rows() * right.rows() * guess(conditions, left, right));
      case RIGHT -> Math.max(right.rows(), left.rows() * right.rows() * guess(conditions, left, right));
      case FULL -> Math.max(left.rows() + right.rows(), left.rows() * right.rows() * guess(conditions, left, right));
      case SEMI, ANTI, NOT_IN -> Math.max(1, left.rows() * 0.5);
      case INNER -> Math.max(1, left.rows() * right.rows() * guess(conditions, left, right));
    };
    return method(join.kind(), left, right, conditions, join.output(), rows, join.right(), wanted);
  }

  private double guess(List<Expr> conditions, PhysicalPlan left, PhysicalPlan right) {
    double product = 1;
    for (Expr c : conditions) {
      product *= c instanceof Expr.Call call && Comparisons.accepted(call.site()) == Comparisons.EQUAL
          ? 1 / Math.max(1, Math.max(left.rows(), right.rows())) : estimates.selectivity(c, null);
    }
    return product;
  }

  /// Whether a hash table over one type's values finds the other type's equal values.
  static boolean hashable(Expr left, Expr right) {
    TypeFamily a = left.type().family();
    TypeFamily b = right.type().family();
    boolean ints = isInteger(a) && isInteger(b);
    boolean floats = isFloat(a) && isFloat(b);
    return ints || floats || a == b && a != TypeFamily.PSEUDO && left.type().representation() == right.type().representation();
  }

  private static boolean isInteger(TypeFamily f) {
    return f == TypeFamily.INT2 || f == TypeFamily.INT4 || f == TypeFamily.INT8;
  }

  private static boolean isFloat(TypeFamily f) {
    return f == TypeFamily.FLOAT4 || f == TypeFamily.FLOAT8;
  }

  /// @param rightLogical to tell whether the right side may be kept over rescans; null when it is not known
  /// @param gathered columns of (left, right) that are read above
  PhysicalPlan method(JoinKind logicalKind, PhysicalPlan left, PhysicalPlan right, List<Expr> conditions, List<OutputColumn> output, double rows,
      @Nullable LogicalPlan rightLogical, BitSet gathered) {
    boolean nullAware = logicalKind == JoinKind.NOT_IN;
    JoinKind kind = nullAware ? JoinKind.ANTI : logicalKind;
    int leftWidth = left.output().size();
    List<Expr> leftKeys = new ArrayList<>();
    List<Expr> rightKeys = new ArrayList<>();
    List<Integer> collations = new ArrayList<>();
    List<Expr> hashed = new ArrayList<>();
    List<Expr> rest = new ArrayList<>();
    for (Expr c : conditions) {
      boolean used = false;
      if (c instanceof Expr.Call call && Comparisons.accepted(call.site()) == Comparisons.EQUAL && !Exprs.hasSubquery(c)) {
        Expr a = call.arguments().get(0);
        Expr b = call.arguments().get(1);
        if (side(a, leftWidth) == 1 && side(b, leftWidth) == 0) {
          Expr swap = a;
          a = b;
          b = swap;
        }
        if (side(a, leftWidth) == 0 && side(b, leftWidth) == 1 && hashable(a, b)) {
          leftKeys.add(a);
          rightKeys.add(Exprs.mapColumns(b, i -> i - leftWidth));
          collations.add(call.site().collationOid());
          hashed.add(c);
          used = true;
        }
      }
      if (!used) {
        rest.add(c);
      }
    }
    Expr residual = Exprs.and(rest);
    String residualText = residual == null ? null : ExprText.of(residual, left, right);
    if (!leftKeys.isEmpty() && (nullAware || planner.context().isEnabled("enable_hashjoin")) || kind == JoinKind.FULL || kind == JoinKind.RIGHT) {
      if (leftKeys.isEmpty() && kind == JoinKind.FULL && residual != null && !Exprs.columns(residual).isEmpty()) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
            "FULL JOIN is only supported with merge-joinable or hash-joinable join conditions");
      }
      Expr condition = Exprs.and(hashed);
      String text = condition == null ? "true" : ExprText.of(condition, left, right);
      double cost = left.totalCost() + right.totalCost() + left.rows() * JoinOrder.PROBE + right.rows() * JoinOrder.BUILD + rows * JoinOrder.EMIT;
      BitSet stored = stored(gathered, conditions);
      PhysicalPlan built = planner.parallel().gather(right, stored.get(leftWidth, leftWidth + right.output().size()));
      return new HashJoinNode(kind, left, built, planner.compileAll(leftKeys), planner.compileAll(rightKeys),
          collations.stream().mapToInt(Integer::intValue).toArray(), residual == null ? null : planner.compile(residual), nullAware, text, residualText,
          output, with(gathered, residual), stored, new PlanCost(right.totalCost(), cost, rows));
    }
    boolean keep = rightLogical != null && canKeep(rightLogical) && left.rows() > 1;
    PhysicalPlan inner = keep ? new MaterializeNode(right) : right;
    Expr condition = Exprs.and(conditions);
    double cost = left.totalCost() + right.totalCost() + Math.max(1, left.rows()) * right.rows() * (0.005 + 0.0025 * conditions.size())
        + (keep ? 0 : left.rows() * right.totalCost());
    return new NestedLoopNode(kind, left, inner, condition == null ? null : planner.compile(condition),
        condition == null ? null : ExprText.of(condition, left, right), false, output, with(gathered, condition),
        new PlanCost(left.startupCost(), cost, rows));
  }

  private static BitSet with(BitSet columns, @Nullable Expr condition) {
    BitSet all = (BitSet) columns.clone();
    if (condition != null) {
      Exprs.columns(condition, all);
    }
    return all;
  }

  private static BitSet stored(BitSet columns, List<Expr> conditions) {
    BitSet all = (BitSet) columns.clone();
    conditions.forEach(c -> Exprs.columns(c, all));
    return all;
  }

  /// Whether a plan gives the same rows at each rescan of the loop around it.
  private static boolean canKeep(LogicalPlan plan) {
    boolean[] reads = new boolean[1];
    PlanTrees.outerColumns(plan, (level, column) -> reads[0] = true);
    return !reads[0] && !readsWorkTable(plan) && !PlanTrees.isVolatile(plan);
  }

  private static boolean readsWorkTable(LogicalPlan plan) {
    return plan instanceof WorkTableScan || PlanTrees.children(plan).stream().anyMatch(JoinPlanner::readsWorkTable);
  }

  /// 0: reads left columns only, 1: right columns only, 2: both or none.
  private static int side(Expr e, int leftWidth) {
    BitSet columns = Exprs.columns(e);
    return columns.isEmpty() ? 2 : columns.length() <= leftWidth ? 0 : columns.nextSetBit(0) >= leftWidth ? 1 : 2;
  }

  /// For each left row a lookup in the right table by key or index; null when the conditions give no such access.
  private @Nullable PhysicalPlan indexLoop(JoinKind kind, PhysicalPlan left, LogicalPlan right, BitSet rightNeeds, List<Expr> conditions,
      List<OutputColumn> output, double rows, BitSet gathered) {
    List<Expr> own = new ArrayList<>();
    LogicalPlan base = right;
    if (base instanceof Filter f) {
      own.addAll(Exprs.conjuncts(f.condition()));
      base = f.input();
    }
    if (!(base instanceof Scan scan) || own.stream().anyMatch(c -> Exprs.isVolatile(c) || Exprs.columns(c).isEmpty())) {
      return null;
    }
    int leftWidth = left.output().size();
    List<Expr> inner = new ArrayList<>();
    List<Expr> residual = new ArrayList<>();
    boolean lookup = false;
    for (Expr c : own) {
      inner.add(PlanTrees.shiftOuterExpr(c, 1));
    }
    for (Expr c : conditions) {
      if (Exprs.hasSubquery(c)) {
        residual.add(c);
        continue;
      }
      inner.add(Exprs.rewrite(PlanTrees.shiftOuterExpr(c, 1), x -> x instanceof Expr.InputColumn column
          ? column.index() < leftWidth ? new Expr.OuterColumn(1, column.index(), column.type(), column.typmod(), column.collation())
              : new Expr.InputColumn(column.index() - leftWidth, column.type(), column.typmod(), column.collation())
          : x));
      lookup |= c instanceof Expr.Call call && Comparisons.accepted(call.site()) == Comparisons.EQUAL;
    }
    if (!lookup) {
      return null;
    }
    Scan shifted = scan.asOf() == null || scan.asOf().value() == null ? scan
        : new Scan(scan.table(), scan.attnums(), scan.rowIdentity(), scan.only(),
            scan.asOf().withValue(PlanTrees.shiftOuterExpr(scan.asOf().value(), 1)), scan.sample(), scan.alias(), scan.output());
    BitSet needs = (BitSet) rightNeeds.clone();
    inner.forEach(c -> Exprs.columns(c, needs));
    PhysicalPlan access = scans.plan(shifted, inner, needs, null, 1).plan();
    if (!usesIndex(access)) {
      return null;
    }
    Expr condition = Exprs.and(residual);
    double cost = left.totalCost() + Math.max(1, left.rows()) * (access.totalCost() + JoinOrder.LOOP) + rows * JoinOrder.EMIT;
    return new NestedLoopNode(kind, left, access, condition == null ? null : planner.compile(condition),
        condition == null ? null : ExprText.of(condition, left, access), true, output, with(gathered, condition),
        new PlanCost(left.startupCost(), cost, rows));
  }

  private static boolean usesIndex(PhysicalPlan plan) {
    return switch (plan) {
      case io.heliosdb.nano.execute.TableScanNode scan -> scan.access().bounds() != null;
      case FilterNode filter -> usesIndex(filter.children().getFirst());
      case AppendNode append -> append.children().stream().allMatch(JoinPlanner::usesIndex);
      default -> false;
    };
  }

  private PhysicalPlan lateral(Join join, BitSet needed, List<Expr> extra) {
    int leftWidth = join.left().output().size();
    int rightWidth = join.right().output().size();
    if (join.kind() == JoinKind.RIGHT || join.kind() == JoinKind.FULL) {
      throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "invalid reference to FROM-clause entry")
          .withDetail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.");
    }
    BitSet wanted = (BitSet) needed.clone();
    List<Expr> conditions = Exprs.conjuncts(join.condition());
    conditions.forEach(c -> Exprs.columns(c, wanted));
    extra.forEach(c -> Exprs.columns(c, wanted));
    BitSet leftNeeds = wanted.get(0, leftWidth);
    PlanTrees.outerColumns(join.right(), (level, column) -> {
      if (level == 1) {
        leftNeeds.set(column.index());
      }
    });
    PhysicalPlan left = planner.physical(join.left(), leftNeeds);
    PhysicalPlan right = planner.physical(join.right(), wanted.get(leftWidth, leftWidth + rightWidth));
    Expr condition = Exprs.and(conditions);
    double rows = Math.max(1, left.rows() * right.rows() * estimates.selectivity(conditions, null));
    return new NestedLoopNode(join.kind(), left, right, condition == null ? null : planner.compile(condition),
        condition == null ? null : ExprText.of(condition, left, right), true, join.output(), wanted,
        new PlanCost(left.startupCost(), left.totalCost() + Math.max(1, left.rows()) * right.totalCost(), rows));
  }
}
