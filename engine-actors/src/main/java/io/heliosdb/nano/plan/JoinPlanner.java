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
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Join order and join methods. Inner joins are flattened and joined again greedily, smallest intermediate result first; outer, semi
/// and anti joins keep their place. Methods: hash join where there is an equality, index lookups per left row where that is cheaper,
/// nested loop otherwise.
final class JoinPlanner {
  private final Planner planner;
  private final ScanPlanner scans;
  private final Estimates estimates;

  JoinPlanner(Planner planner, ScanPlanner scans, Estimates estimates) {
    this.planner = planner;
    this.scans = scans;
    this.estimates = estimates;
  }

  /// A part of a flattened join.
  private static final class Part {
    final LogicalPlan plan;
    final int offset;
    final int width;
    @Nullable PhysicalPlan physical;

    Part(LogicalPlan plan, int offset) {
      this.plan = plan;
      this.offset = offset;
      this.width = plan.output().size();
    }
  }

  /// What is joined so far: a plan and where each column of the flattened row stands in it (-1: not yet).
  private static final class Partial {
    PhysicalPlan plan;
    int[] places;

    Partial(PhysicalPlan plan, int[] places) {
      this.plan = plan;
      this.places = places;
    }
  }

  /// @param extra further conditions over an inner join's output
  PhysicalPlan plan(Join join, List<Expr> extra, BitSet needed) {
    if (join.lateral()) {
      return planner.filter(lateral(join, needed, extra), extra, 1000);
    }
    if (join.kind() != JoinKind.INNER) {
      return two(join, needed);
    }
    List<Part> parts = new ArrayList<>();
    List<Expr> conditions = new ArrayList<>(extra);
    flatten(join, 0, parts, conditions);
    if (conditions.stream().anyMatch(Exprs::isVolatile)) {
      List<Expr> volatiles = conditions.stream().filter(Exprs::isVolatile).toList();
      conditions.removeAll(volatiles);
      BitSet wanted = (BitSet) needed.clone();
      volatiles.forEach(c -> Exprs.columns(c, wanted));
      PhysicalPlan plan = order(parts, conditions, join.output(), wanted);
      return planner.filter(plan, volatiles, plan.rows() * 0.5);
    }
    return order(parts, conditions, join.output(), needed);
  }

  private void flatten(LogicalPlan plan, int offset, List<Part> parts, List<Expr> conditions) {
    if (plan instanceof Join j && j.kind() == JoinKind.INNER && !j.lateral()) {
      flatten(j.left(), offset, parts, conditions);
      flatten(j.right(), offset + j.left().output().size(), parts, conditions);
      for (Expr c : Exprs.conjuncts(j.condition())) {
        conditions.add(Exprs.mapColumns(c, i -> i + offset));
      }
    } else if (plan instanceof Filter f && f.input() instanceof Join j && j.kind() == JoinKind.INNER && !j.lateral()) {
      flatten(j, offset, parts, conditions);
      for (Expr c : Exprs.conjuncts(f.condition())) {
        conditions.add(Exprs.mapColumns(c, i -> i + offset));
      }
    } else {
      parts.add(new Part(plan, offset));
    }
  }

  private PhysicalPlan order(List<Part> parts, List<Expr> conditions, List<OutputColumn> output, BitSet needed) {
    int total = output.size();
    BitSet wanted = (BitSet) needed.clone();
    conditions.forEach(c -> Exprs.columns(c, wanted));
    for (Part part : parts) {
      BitSet own = wanted.get(part.offset, part.offset + part.width);
      part.physical = planner.physical(part.plan, own);
    }
    List<Part> left = new ArrayList<>(parts);
    List<Expr> open = new ArrayList<>(conditions);
    Part first = left.getFirst();
    for (Part part : left) {
      boolean better = part.physical.rows() < first.physical.rows();
      first = better ? part : first;
    }
    left.remove(first);
    int[] places = new int[total];
    java.util.Arrays.fill(places, -1);
    for (int i = 0; i < first.width; i++) {
      places[first.offset + i] = i;
    }
    Partial done = new Partial(first.physical, places);
    while (!left.isEmpty()) {
      Part best = null;
      double bestRows = 0;
      boolean bestConnected = false;
      for (Part part : left) {
        List<Expr> applicable = applicable(open, done, part);
        boolean connected = applicable.stream().anyMatch(c -> Exprs.columns(c).cardinality() > 0);
        double rows = done.plan.rows() * part.physical.rows() * joinSelectivity(applicable, done, part);
        if (best == null || connected && !bestConnected || connected == bestConnected && rows < bestRows) {
          best = part;
          bestRows = rows;
          bestConnected = connected;
        }
      }
      left.remove(best);
      List<Expr> applicable = applicable(open, done, best);
      open.removeAll(applicable);
      done = combine(done, best, applicable, Math.max(1, bestRows), wanted, total);
    }
    PhysicalPlan plan = done.plan;
    if (!open.isEmpty()) {
      int[] at = done.places;
      List<Expr> rest = open.stream().map(c -> Exprs.mapColumns(c, i -> at[i])).toList();
      plan = planner.filter(plan, rest, plan.rows() * 0.5);
    }
    boolean inPlace = plan.output().size() == total;
    for (int i = 0; i < total && inPlace; i++) {
      inPlace = done.places[i] == i;
    }
    if (inPlace) {
      return plan;
    }
    Evaluator[] expressions = new Evaluator[total];
    for (int i = 0; i < total; i++) {
      OutputColumn c = output.get(i);
      expressions[i] = Evaluator.compile(new Expr.InputColumn(done.places[i], c.type(), c.typmod(), c.collation()));
    }
    return new ProjectNode(plan, expressions, output);
  }

  /// Conditions that can be checked once `part` is joined.
  private static List<Expr> applicable(List<Expr> open, Partial done, Part part) {
    List<Expr> found = new ArrayList<>();
    for (Expr c : open) {
      BitSet columns = Exprs.columns(c);
      boolean ready = true;
      for (int i = columns.nextSetBit(0); i >= 0 && ready; i = columns.nextSetBit(i + 1)) {
        ready = done.places[i] >= 0 || i >= part.offset && i < part.offset + part.width;
      }
      if (ready) {
        found.add(c);
      }
    }
    return found;
  }

  private double joinSelectivity(List<Expr> conditions, Partial done, Part part) {
    double product = 1;
    for (Expr c : conditions) {
      if (c instanceof Expr.Call call && Comparisons.accepted(call.site()) == Comparisons.EQUAL) {
        double distinct = Math.max(distinct(call.arguments().get(0), part), distinct(call.arguments().get(1), part));
        product *= distinct > 0 ? 1 / distinct : 1 / Math.max(1, Math.max(200, Math.min(done.plan.rows(), part.physical.rows())));
      } else {
        product *= estimates.selectivity(c, null);
      }
    }
    return product;
  }

  /// Distinct values of a plain column of the part, 0 when it is not one.
  private double distinct(Expr e, Part part) {
    if (Estimates.strip(e) instanceof Expr.InputColumn c && c.index() >= part.offset && c.index() < part.offset + part.width) {
      LogicalPlan plan = part.plan instanceof Filter f ? f.input() : part.plan;
      int i = c.index() - part.offset;
      if (plan instanceof Scan scan && i < scan.attnums().size() && scan.attnums().get(i) > 0) {
        return estimates.distinct(scan.table(), scan.attnums().get(i));
      }
    }
    return 0;
  }

  private Partial combine(Partial done, Part part, List<Expr> conditions, double rows, BitSet wanted, int total) {
    int leftWidth = done.plan.output().size();
    int[] places = done.places.clone();
    for (int i = 0; i < part.width; i++) {
      places[part.offset + i] = leftWidth + i;
    }
    List<Expr> moved = conditions.stream().map(c -> Exprs.mapColumns(c, i -> places[i])).toList();
    List<OutputColumn> output = new ArrayList<>(done.plan.output());
    output.addAll(part.plan.output());
    PhysicalPlan indexed = indexLoop(JoinKind.INNER, done.plan, part.plan, wanted.get(part.offset, part.offset + part.width), moved, output, rows);
    PhysicalPlan joined = method(JoinKind.INNER, done.plan, part.physical, moved, output, rows, part.plan);
    if (indexed != null && indexed.totalCost() < joined.totalCost()) {
      return new Partial(indexed, places);
    }
    // The smaller side is better built into the hash table: exchange the sides.
    if (joined instanceof HashJoinNode && done.plan.rows() * 1.2 < part.physical.rows()) {
      int[] swapped = done.places.clone();
      for (int i = 0; i < swapped.length; i++) {
        swapped[i] = swapped[i] >= 0 ? swapped[i] + part.width : -1;
      }
      for (int i = 0; i < part.width; i++) {
        swapped[part.offset + i] = i;
      }
      List<Expr> other = conditions.stream().map(c -> Exprs.mapColumns(c, i -> swapped[i])).toList();
      List<OutputColumn> columns = new ArrayList<>(part.plan.output());
      columns.addAll(done.plan.output());
      return new Partial(method(JoinKind.INNER, part.physical, done.plan, other, columns, rows, null), swapped);
    }
    return new Partial(joined, places);
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
      case SEMI, ANTI -> Math.max(1, left.rows() * 0.5);
      case INNER -> Math.max(1, left.rows() * right.rows() * guess(conditions, left, right));
    };
    PhysicalPlan joined = method(join.kind(), left, right, conditions, join.output(), rows, join.right());
    if (join.kind() == JoinKind.LEFT || join.kind() == JoinKind.SEMI || join.kind() == JoinKind.ANTI) {
      PhysicalPlan indexed = indexLoop(join.kind(), left, join.right(), rightNeeds, conditions, join.output(), rows);
      if (indexed != null && indexed.totalCost() < joined.totalCost()) {
        return indexed;
      }
    }
    return joined;
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
  private static boolean hashable(Expr left, Expr right) {
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
  private PhysicalPlan method(JoinKind kind, PhysicalPlan left, PhysicalPlan right, List<Expr> conditions, List<OutputColumn> output, double rows,
      @Nullable LogicalPlan rightLogical) {
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
    if (!leftKeys.isEmpty() && planner.context().isEnabled("enable_hashjoin") || kind == JoinKind.FULL || kind == JoinKind.RIGHT) {
      if (leftKeys.isEmpty() && kind == JoinKind.FULL && residual != null && !Exprs.columns(residual).isEmpty()) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
            "FULL JOIN is only supported with merge-joinable or hash-joinable join conditions");
      }
      Expr condition = Exprs.and(hashed);
      String text = condition == null ? "true" : ExprText.of(condition, left, right);
      double cost = left.totalCost() + right.totalCost() + left.rows() * 0.0025 * Math.max(1, leftKeys.size()) + right.rows() * 0.0125 + rows * 0.01;
      return new HashJoinNode(kind, left, right, planner.compileAll(leftKeys), planner.compileAll(rightKeys),
          collations.stream().mapToInt(Integer::intValue).toArray(), residual == null ? null : planner.compile(residual), false, text, residualText,
          output, new PlanCost(right.totalCost(), cost, rows));
    }
    boolean keep = rightLogical != null && canKeep(rightLogical) && left.rows() > 1;
    PhysicalPlan inner = keep ? new MaterializeNode(right) : right;
    Expr condition = Exprs.and(conditions);
    double cost = left.totalCost() + right.totalCost() + Math.max(1, left.rows()) * right.rows() * (0.005 + 0.0025 * conditions.size())
        + (keep ? 0 : left.rows() * right.totalCost());
    return new NestedLoopNode(kind, left, inner, condition == null ? null : planner.compile(condition),
        condition == null ? null : ExprText.of(condition, left, right), false, output,
        new PlanCost(left.startupCost(), cost, rows));
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
      List<OutputColumn> output, double rows) {
    if (!planner.context().isEnabled("enable_nestloop")) {
      return null;
    }
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
            new AsOf(scan.asOf().kind(), PlanTrees.shiftOuterExpr(scan.asOf().value(), 1)), scan.sample(), scan.alias(), scan.output());
    BitSet needs = (BitSet) rightNeeds.clone();
    inner.forEach(c -> Exprs.columns(c, needs));
    PhysicalPlan access = scans.plan(shifted, inner, needs, null, 1).plan();
    if (!usesIndex(access)) {
      return null;
    }
    Expr condition = Exprs.and(residual);
    double cost = left.totalCost() + Math.max(1, left.rows()) * (access.totalCost() + 0.05) + rows * 0.01;
    return new NestedLoopNode(kind, left, access, condition == null ? null : planner.compile(condition),
        condition == null ? null : ExprText.of(condition, left, access), true, output,
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
        condition == null ? null : ExprText.of(condition, left, right), true, join.output(),
        new PlanCost(left.startupCost(), left.totalCost() + Math.max(1, left.rows()) * right.totalCost(), rows));
  }
}
