package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds the logical plan of an analyzed query: FROM, WHERE, aggregation, windows, sets, projection, DISTINCT, ORDER BY, locks, LIMIT.
final class PlanBuilder {
  final Analysis analysis;
  final Lowering lowering;
  private final FromPlans fromPlans;
  private int nextCte;

  PlanBuilder(Analysis analysis) {
    this.analysis = analysis;
    this.lowering = new Lowering(analysis, this);
    this.fromPlans = new FromPlans(this);
  }

  FromPlans fromPlans() {
    return fromPlans;
  }

  /// The plan of a query whose result is its visible target list (RETURNING list for data changes).
  LogicalPlan build(Query query, @Nullable RowFrame outer) {
    LogicalPlan plan =
        switch (query.command) {
          case SELECT -> query.setOperation != null ? setOperation(query, outer) : select(query, outer);
          default -> new DmlPlans(this).build(query, outer);
        };
    return plan;
  }

  // ------------------------------------------------------------------------------------------ WITH

  /// CTEs that stay separate; they are built before the body, whose scans name them by id.
  List<LogicalPlan.Cte> ctes(Query query, @Nullable RowFrame outer) {
    if (query.ctes.isEmpty()) {
      return List.of();
    }
    List<LogicalPlan.Cte> result = new ArrayList<>();
    for (Query.Cte cte : query.ctes) {
      if (cte.references == 0 && !cte.modifies) {
        continue;
      }
      cte.inlined = Ctes.canInline(cte);
      if (!cte.inlined) {
        cte.id = nextCte++;
      }
    }
    for (Query.Cte cte : orderByDependency(query.ctes)) {
      if (cte.id >= 0 && !cte.inlined) {
        LogicalPlan plan = cte.recursive ? recursion(cte, outer) : build(cte.query, outer);
        result.add(new LogicalPlan.Cte(cte.id, cte.name, plan, cte.modifies));
      }
    }
    return result;
  }

  /// Under RECURSIVE an item may refer to a later one, which must then be evaluated first.
  private static List<Query.Cte> orderByDependency(List<Query.Cte> ctes) {
    List<Query.Cte> order = new ArrayList<>(ctes.size());
    for (Query.Cte cte : ctes) {
      place(cte, ctes, order, new ArrayList<>());
    }
    return order;
  }

  private static void place(Query.Cte cte, List<Query.Cte> all, List<Query.Cte> order, List<Query.Cte> visiting) {
    if (order.contains(cte) || visiting.contains(cte)) {
      return;
    }
    visiting.add(cte);
    List<Query.Cte> needed = new ArrayList<>();
    references(cte.query, needed);
    for (Query.Cte each : needed) {
      if (all.contains(each)) {
        place(each, all, order, visiting);
      }
    }
    order.add(cte);
  }

  private static void references(Query query, List<Query.Cte> found) {
    for (RangeEntry entry : query.entries) {
      if (entry.cte != null && !entry.selfReference) {
        found.add(entry.cte);
      }
      if (entry.subquery != null) {
        references(entry.subquery, found);
      }
    }
    for (Query.Cte cte : query.ctes) {
      references(cte.query, found);
    }
    QueryRewriter.visit(
        query,
        node -> {
          if (node instanceof Node.SubLink link) {
            for (RangeEntry entry : link.query.entries) {
              if (entry.cte != null && !entry.selfReference) {
                found.add(entry.cte);
              }
              if (entry.subquery != null) {
                references(entry.subquery, found);
              }
            }
          }
        });
  }

  private LogicalPlan recursion(Query.Cte cte, @Nullable RowFrame outer) {
    Query query = cte.query;
    List<LogicalPlan.Cte> inner = ctes(query, outer);
    Query.SetNode node = query.setOperation;
    List<OutputColumn> output = columns(query.result);
    LogicalPlan start = setSide(node.left, node, outer);
    LogicalPlan step = setSide(node.right, node, outer);
    return with(inner, new LogicalPlan.RecursiveUnion(cte.id, start, step, node.all, output));
  }

  static LogicalPlan with(List<LogicalPlan.Cte> ctes, LogicalPlan body) {
    return ctes.isEmpty() ? body : new LogicalPlan.With(ctes, body);
  }

  static List<OutputColumn> columns(RangeEntry entry) {
    List<OutputColumn> output = new ArrayList<>(entry.columnCount());
    for (int i = 0; i < entry.columnCount(); i++) {
      // A dropped column keeps its place, but no name.
      String name = entry.columnNames.get(i) == null ? "" : entry.columnNames.get(i);
      output.add(new OutputColumn(name, entry.types.get(i), entry.typmods.get(i), entry.collations.get(i), 0, 0));
    }
    return output;
  }

  // ------------------------------------------------------------------------------------------ SELECT

  private LogicalPlan select(Query query, @Nullable RowFrame outer) {
    List<LogicalPlan.Cte> ctes = ctes(query, outer);
    FromPlans.Built from = fromPlans.build(query.from, outer);
    RowFrame frame = RowFrame.of(outer, from.layout());
    LogicalPlan plan = from.plan();
    if (query.where != null) {
      plan = new LogicalPlan.Filter(plan, lowering.lower(query.where, frame));
    }
    if (query.hasAggregates || !query.groupBy.isEmpty() || query.groupingSets != null || query.having != null) {
      Stage stage = aggregate(query, plan, frame);
      plan = stage.plan();
      frame = stage.frame();
      if (query.having != null) {
        plan = new LogicalPlan.Filter(plan, lowering.lower(query.having, frame));
      }
    }
    if (query.hasWindows) {
      Stage stage = windows(query, plan, frame);
      plan = stage.plan();
      frame = stage.frame();
    }
    if (query.hasTargetSets) {
      Stage stage = sets(query, plan, frame);
      plan = stage.plan();
      frame = stage.frame();
    }
    plan = finish(query, plan, frame);
    return with(ctes, plan);
  }

  private record Stage(LogicalPlan plan, RowFrame frame) {}

  // ------------------------------------------------------------------------------------------ aggregation

  private Stage aggregate(Query query, LogicalPlan input, RowFrame frame) {
    List<Node> groups = new ArrayList<>();
    for (Query.Sort sort : query.groupBy) {
      groups.add(GroupingCheck.flat(sort.target.expr));
    }
    int written = groups.size();
    List<Node.Aggregate> aggregates = new ArrayList<>();
    for (Query.Target target : query.targets) {
      collect(target.expr, query.depth, aggregates);
      dependents(target.expr, query, groups);
    }
    if (query.having != null) {
      collect(query.having, query.depth, aggregates);
      dependents(query.having, query, groups);
    }
    for (Query.WindowClause window : query.windows) {
      if (window.startOffset != null) {
        collect(window.startOffset, query.depth, aggregates);
      }
      if (window.endOffset != null) {
        collect(window.endOffset, query.depth, aggregates);
      }
    }
    List<OutputColumn> output = new ArrayList<>();
    List<Expr> groupExprs = new ArrayList<>(groups.size());
    for (Node group : groups) {
      Expr expr = lowering.lower(group, frame);
      groupExprs.add(expr);
      output.add(OutputColumn.of(nameOf(group), expr));
    }
    List<List<Integer>> sets = groupingSets(query, groups.size(), written);
    Map<Node, Integer> computed = new IdentityHashMap<>();
    List<LogicalPlan.AggregateCall> calls = new ArrayList<>(aggregates.size());
    List<Node.Aggregate> distinct = new ArrayList<>(aggregates.size());
    for (Node.Aggregate aggregate : aggregates) {
      int known = -1;
      for (int i = 0; i < distinct.size() && known < 0; i++) {
        if (Nodes.equal(distinct.get(i), aggregate, analysis) && !aggregate.function.isVolatile()) {
          known = i;
        }
      }
      if (known < 0) {
        known = distinct.size();
        distinct.add(aggregate);
        calls.add(call(aggregate, frame));
        output.add(new OutputColumn(aggregate.function.name(), aggregate.type(), -1, aggregate.collation, 0, 0));
      }
      computed.put(aggregate, groups.size() + known);
    }
    RowFrame result = new RowFrame(frame.outer, RowFrame.Layout.EMPTY, groups, computed);
    result.aggregated = true;
    if (sets.size() > 1) {
      result.groupingIdColumn = output.size();
      output.add(new OutputColumn("grouping_id", PgTypes.INT4, -1, 0, 0, 0));
    }
    return new Stage(new LogicalPlan.Aggregate(input, groupExprs, sets, calls, output), result);
  }

  private static String nameOf(Node node) {
    return node instanceof Node.Var var && var.attno > 0 ? var.entry.columnNames.get(var.attno - 1) : "?column?";
  }

  private List<List<Integer>> groupingSets(Query query, int count, int written) {
    if (query.groupingSets == null) {
      List<Integer> all = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        all.add(i);
      }
      return List.of(all);
    }
    List<List<Integer>> result = new ArrayList<>();
    for (List<Query.Sort> set : GroupingCheck.expand(query)) {
      List<Integer> positions = new ArrayList<>();
      for (Query.Sort sort : set) {
        positions.add(query.groupBy.indexOf(sort));
      }
      for (int i = written; i < count; i++) {
        positions.add(i);
      }
      result.add(positions);
    }
    return result;
  }

  /// Aggregates of the query at `depth`, also those inside sub-queries.
  private static void collect(Node node, int depth, List<Node.Aggregate> found) {
    QueryRewriter.visit(
        node,
        each -> {
          if (each instanceof Node.Aggregate aggregate && aggregate.depth == depth && !contains(found, aggregate)) {
            found.add(aggregate);
          }
        });
  }

  private static boolean contains(List<Node.Aggregate> list, Node.Aggregate aggregate) {
    for (Node.Aggregate each : list) {
      if (each == aggregate) {
        return true;
      }
    }
    return false;
  }

  /// Columns that are not grouped but depend on a grouped primary key become further grouping expressions.
  private void dependents(Node node, Query query, List<Node> groups) {
    if (node instanceof Node.Aggregate aggregate && aggregate.depth <= query.depth || node instanceof Node.Grouping) {
      return;
    }
    Node own = GroupingCheck.flat(node);
    for (Node group : groups) {
      if (Nodes.equal(own, group, analysis)) {
        return;
      }
    }
    if (own != node) {
      dependents(own, query, groups);
      return;
    }
    if (node instanceof Node.Var var) {
      if (var.entry.depth == query.depth) {
        groups.add(var);
      }
      return;
    }
    if (node instanceof Node.SubLink link) {
      QueryRewriter.visit(
          link.query,
          each -> {
            if (each instanceof Node.Var var && var.entry.depth == query.depth && !coveredBelow(link.query, var, query, groups)) {
              dependents(var, query, groups);
            }
          });
    }
    Nodes.children(node, child -> dependents(child, query, groups));
  }

  private boolean coveredBelow(Query inner, Node.Var var, Query query, List<Node> groups) {
    boolean[] covered = new boolean[1];
    QueryRewriter.visit(
        inner,
        node -> {
          boolean shelter = node instanceof Node.Aggregate a && a.depth == query.depth;
          for (int i = 0; i < groups.size() && !shelter && !(node instanceof Node.Var); i++) {
            shelter = Nodes.equal(node, groups.get(i), analysis);
          }
          if (shelter) {
            QueryRewriter.visit(node, each -> covered[0] |= each == var);
          }
        });
    return covered[0];
  }

  private LogicalPlan.AggregateCall call(Node.Aggregate aggregate, RowFrame frame) {
    List<Expr> arguments = new ArrayList<>();
    for (Query.Target target : aggregate.arguments) {
      if (!target.junk) {
        arguments.add(lowering.lower(target.expr, frame));
      }
    }
    List<LogicalPlan.SortKey> order = new ArrayList<>(aggregate.orderBy.size());
    for (Query.Sort sort : aggregate.orderBy) {
      order.add(lowering.sortKey(sort, lowering.lower(sort.target.expr, frame)));
    }
    return new LogicalPlan.AggregateCall(
        lowering.site(aggregate), arguments, aggregate.isDistinct, order, lowering.lowerOptional(aggregate.filter, frame), aggregate.withinGroup,
        lowering.lower(aggregate.direct, frame));
  }

  // ------------------------------------------------------------------------------------------ windows

  private Stage windows(Query query, LogicalPlan input, RowFrame frame) {
    List<Node.Window> calls = new ArrayList<>();
    for (Query.Target target : query.targets) {
      Nodes.contains(
          target.expr,
          node -> {
            if (node instanceof Node.Window window && !calls.contains(window)) {
              calls.add(window);
            }
            return false;
          });
    }
    Map<Node, Integer> computed = new IdentityHashMap<>();
    List<LogicalPlan.WindowCall> result = new ArrayList<>(calls.size());
    List<OutputColumn> output = new ArrayList<>(input.output());
    for (Node.Window window : calls) {
      computed.put(window, output.size());
      output.add(new OutputColumn(window.function.name(), window.type(), -1, window.collation, 0, 0));
      LogicalPlan.WindowSpec spec = windowSpec(query.windows.get(window.window), frame);
      result.add(
          new LogicalPlan.WindowCall(
              lowering.site(window), lowering.lower(window.arguments, frame), lowering.lowerOptional(window.filter, frame), spec));
    }
    if (result.isEmpty()) {
      return new Stage(input, frame);
    }
    return new Stage(new LogicalPlan.Window(input, result, output), frame.withComputed(computed));
  }

  private LogicalPlan.WindowSpec windowSpec(Query.WindowClause clause, RowFrame frame) {
    List<Expr> partition = new ArrayList<>(clause.partitionBy.size());
    for (Query.Sort sort : clause.partitionBy) {
      partition.add(lowering.lower(sort.target.expr, frame));
    }
    List<LogicalPlan.SortKey> order = new ArrayList<>(clause.orderBy.size());
    for (Query.Sort sort : clause.orderBy) {
      order.add(lowering.sortKey(sort, lowering.lower(sort.target.expr, frame)));
    }
    return new LogicalPlan.WindowSpec(
        partition, order,
        new LogicalPlan.Frame(
            clause.mode, clause.start, lowering.lowerOptional(clause.startOffset, frame), clause.end,
            lowering.lowerOptional(clause.endOffset, frame), clause.exclusion));
  }

  // ------------------------------------------------------------------------------------------ set-returning calls

  private Stage sets(Query query, LogicalPlan input, RowFrame frame) {
    List<List<Node>> levels = new ArrayList<>();
    for (Query.Target target : query.targets) {
      setLevels(target.expr, levels);
    }
    LogicalPlan plan = input;
    RowFrame current = frame;
    for (List<Node> level : levels) {
      List<OutputColumn> output = new ArrayList<>(plan.output());
      List<Expr.Call> calls = new ArrayList<>(level.size());
      Map<Node, Integer> computed = new IdentityHashMap<>();
      for (Node node : level) {
        if (!(lowering.lower(node, current) instanceof Expr.Call call)) {
          throw new SqlException(SqlState.INTERNAL_ERROR, "set-returning expression is not a call");
        }
        computed.put(node, output.size());
        calls.add(call);
        output.add(OutputColumn.of(call.function().name(), call));
      }
      plan = new LogicalPlan.ProjectSet(plan, calls, output);
      current = current.withComputed(computed);
    }
    return new Stage(plan, current);
  }

  /// Sorts set-returning calls by how deeply they nest; gives the depth of `node`.
  private static int setLevels(Node node, List<List<Node>> levels) {
    int[] deepest = new int[1];
    Nodes.children(node, child -> deepest[0] = Math.max(deepest[0], setLevels(child, levels)));
    if (!Nodes.isSetReturning(node)) {
      return deepest[0];
    }
    int level = deepest[0];
    while (levels.size() <= level) {
      levels.add(new ArrayList<>());
    }
    boolean known = false;
    for (Node other : levels.get(level)) {
      known |= other == node;
    }
    if (!known) {
      levels.get(level).add(node);
    }
    return level + 1;
  }

  // ------------------------------------------------------------------------------------------ projection and what follows

  private LogicalPlan finish(Query query, LogicalPlan input, RowFrame frame) {
    List<Query.Target> targets = new ArrayList<>(query.targets.size());
    int visible = 0;
    for (Query.Target target : query.targets) {
      if (!target.junk) {
        targets.add(target);
        visible++;
      }
    }
    for (Query.Target target : query.targets) {
      if (target.junk && isSortTarget(query, target)) {
        targets.add(target);
      }
    }
    List<Expr> expressions = new ArrayList<>(targets.size() + query.rowMarks.size());
    List<OutputColumn> output = new ArrayList<>(targets.size() + query.rowMarks.size());
    for (Query.Target target : targets) {
      Expr expr = lowering.lower(target.expr, frame);
      expressions.add(expr);
      output.add(
          new OutputColumn(target.name, expr.type(), expr.typmod(), target.expr.collation, target.originTable, target.originColumn));
    }
    List<LogicalPlan.LockTarget> locks = new ArrayList<>(query.rowMarks.size());
    for (Query.RowMark mark : query.rowMarks) {
      int position = frame.layout.find(mark.entry(), SystemColumns.ROW_IDENTITY);
      if (position < 0 || !(mark.entry().relation instanceof io.heliosdb.nano.catalog.Relation.Table table)) {
        continue;
      }
      locks.add(new LogicalPlan.LockTarget(table, expressions.size(), mark.strength(), mark.policy()));
      expressions.add(new Expr.InputColumn(position, PgTypes.BYTEA, -1, 0));
      output.add(new OutputColumn("rowid", PgTypes.BYTEA, -1, 0, 0, 0));
    }
    if (!locks.isEmpty()) {
      for (RangeEntry entry : query.entries) {
        int position = Locking.isPlainTable(entry) ? frame.layout.find(entry, SystemColumns.ROW_IDENTITY) : -1;
        if (position >= 0 && query.rowMarks.stream().noneMatch(mark -> mark.entry() == entry)) {
          expressions.add(new Expr.InputColumn(position, PgTypes.BYTEA, -1, 0));
          output.add(new OutputColumn("rowid", PgTypes.BYTEA, -1, 0, 0, 0));
        }
      }
    }
    LogicalPlan plan = new LogicalPlan.Project(input, expressions, output);
    List<LogicalPlan.SortKey> keys = sortKeys(query, targets, output);
    if (query.hasDistinctOn) {
      if (keys.isEmpty()) {
        keys = new ArrayList<>();
        for (Query.Sort sort : query.distinct) {
          if (sort.sortable) {
            keys.add(key(sort, targets, output));
          }
        }
      }
      plan = sort(plan, keys);
      List<Expr> on = new ArrayList<>(query.distinct.size());
      for (Query.Sort sort : query.distinct) {
        on.add(key(sort, targets, output).expression());
      }
      plan = new LogicalPlan.Distinct(plan, on);
    } else {
      if (!query.distinct.isEmpty()) {
        plan = new LogicalPlan.Distinct(plan, null);
      }
      plan = sort(plan, keys);
    }
    if (!locks.isEmpty()) {
      plan = new LogicalPlan.LockRows(plan, locks);
    }
    plan = limit(query, plan, keys, frame.outer);
    return output.size() == visible ? plan : firstColumns(plan, visible);
  }

  private static LogicalPlan sort(LogicalPlan plan, List<LogicalPlan.SortKey> keys) {
    return keys.isEmpty() ? plan : new LogicalPlan.Sort(plan, keys);
  }

  private static boolean isSortTarget(Query query, Query.Target target) {
    for (Query.Sort sort : query.sort) {
      if (sort.target == target) {
        return true;
      }
    }
    for (Query.Sort sort : query.distinct) {
      if (sort.target == target) {
        return true;
      }
    }
    return false;
  }

  private List<LogicalPlan.SortKey> sortKeys(Query query, List<Query.Target> targets, List<OutputColumn> output) {
    if (query.sort.isEmpty()) {
      return List.of();
    }
    List<LogicalPlan.SortKey> keys = new ArrayList<>(query.sort.size());
    for (Query.Sort sort : query.sort) {
      keys.add(key(sort, targets, output));
    }
    return keys;
  }

  private LogicalPlan.SortKey key(Query.Sort sort, List<Query.Target> targets, List<OutputColumn> output) {
    int at = targets.indexOf(sort.target);
    OutputColumn column = output.get(at);
    return lowering.sortKey(sort, new Expr.InputColumn(at, column.type(), column.typmod(), column.collation()));
  }

  private LogicalPlan limit(Query query, LogicalPlan plan, List<LogicalPlan.SortKey> keys, @Nullable RowFrame outer) {
    Node count = query.limit != null && Nodes.isNullConst(query.limit) ? null : query.limit;
    Node offset = query.offset != null && Nodes.isNullConst(query.offset) ? null : query.offset;
    if (count == null && offset == null) {
      return plan;
    }
    RowFrame frame = RowFrame.of(outer, RowFrame.Layout.EMPTY);
    return new LogicalPlan.Limit(
        plan, lowering.lowerOptional(count, frame), lowering.lowerOptional(offset, frame), query.withTies, query.withTies ? keys : List.of());
  }

  static LogicalPlan firstColumns(LogicalPlan plan, int count) {
    List<Expr> expressions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      OutputColumn column = plan.output().get(i);
      expressions.add(new Expr.InputColumn(i, column.type(), column.typmod(), column.collation()));
    }
    return new LogicalPlan.Project(plan, expressions, new ArrayList<>(plan.output().subList(0, count)));
  }

  // ------------------------------------------------------------------------------------------ set operations

  private LogicalPlan setOperation(Query query, @Nullable RowFrame outer) {
    List<LogicalPlan.Cte> ctes = ctes(query, outer);
    List<OutputColumn> output = columns(query.result);
    LogicalPlan plan = setNode(query.setOperation, outer, output);
    List<LogicalPlan.SortKey> keys = sortKeys(query, query.targets, output);
    plan = sort(plan, keys);
    plan = limit(query, plan, keys, outer);
    return with(ctes, plan);
  }

  private LogicalPlan setNode(Query.SetNode node, @Nullable RowFrame outer, List<OutputColumn> output) {
    LogicalPlan left = setSide(node.left, node, outer);
    LogicalPlan right = setSide(node.right, node, outer);
    return new LogicalPlan.SetOperation(node.operator, node.all, left, right, output);
  }

  /// One input of a set operation, its columns converted to the operation's types.
  LogicalPlan setSide(Query.SetNode side, Query.SetNode parent, @Nullable RowFrame outer) {
    LogicalPlan plan;
    if (side.leaf != null) {
      plan = build(side.leaf.subquery, outer);
    } else {
      List<OutputColumn> output = new ArrayList<>(side.columns.size());
      for (int i = 0; i < side.columns.size(); i++) {
        Query.SetNode.Column column = side.columns.get(i);
        output.add(new OutputColumn(leftName(side, i), column.type(), column.typmod(), column.collation(), 0, 0));
      }
      plan = setNode(side, outer, output);
    }
    boolean same = true;
    for (int i = 0; i < parent.columns.size(); i++) {
      same &= plan.output().get(i).type().equals(parent.columns.get(i).type());
    }
    if (same) {
      return plan;
    }
    List<Expr> expressions = new ArrayList<>(parent.columns.size());
    List<OutputColumn> output = new ArrayList<>(parent.columns.size());
    RowFrame empty = RowFrame.of(null, RowFrame.Layout.EMPTY);
    for (int i = 0; i < parent.columns.size(); i++) {
      OutputColumn column = plan.output().get(i);
      Node node = new Node.LinkColumn(0, i, column.type(), column.typmod(), column.collation());
      Node converted = analysis.coercion.toCommon(node, parent.columns.get(i).type(), parent.operator.name());
      CollationAssigner.assign(analysis, converted);
      Expr expr = lowering.lower(converted, empty);
      expressions.add(expr);
      output.add(OutputColumn.of(column.name(), expr));
    }
    return new LogicalPlan.Project(plan, expressions, output);
  }

  private static String leftName(Query.SetNode node, int column) {
    Query.SetNode current = node;
    while (current.leaf == null) {
      current = current.left;
    }
    return current.leaf.columnNames.get(column);
  }

  // ------------------------------------------------------------------------------------------ assignments

  private static final FunctionDef ASSIGN_ELEMENT = assignment(9_990, "assign_element");
  private static final FunctionDef ASSIGN_SLICE = assignment(9_991, "assign_slice");
  private static final FunctionDef ASSIGN_JSONB = assignment(9_992, "assign_jsonb");

  /// Functions that no name leads to: they only occur in plans.
  private static FunctionDef assignment(int oid, String symbol) {
    return new FunctionDef(
        oid, io.heliosdb.nano.catalog.Catalog.PG_CATALOG, symbol, 'f', List.of(), null, null, null, 0, List.of(), 2283, false, false, 'i', 's', false,
        false, 12, 10, 1, 0, new FunctionDef.BuiltinBody(symbol));
  }

  /// An array or jsonb value with one part replaced.
  Expr subscriptAssignment(Node.Subscript target, Expr container, List<Expr.Subscript.Index> indexes, Expr source) {
    boolean jsonb = target.type().family() == io.heliosdb.nano.type.TypeFamily.JSONB;
    List<Expr> arguments = new ArrayList<>(List.of(container, source));
    for (Expr.Subscript.Index index : indexes) {
      arguments.add(index.lower() == null ? Expr.Const.of(PgTypes.INT4, null) : index.lower());
      arguments.add(index.upper() == null ? Expr.Const.of(PgTypes.INT4, null) : index.upper());
      arguments.add(Expr.Const.of(PgTypes.BOOL, index.lower() != null));
      arguments.add(Expr.Const.of(PgTypes.BOOL, index.upper() != null));
    }
    List<io.heliosdb.nano.type.PgType> types = new ArrayList<>(arguments.size());
    for (Expr argument : arguments) {
      types.add(argument.type());
    }
    FunctionDef function = jsonb ? ASSIGN_JSONB : target.slice ? ASSIGN_SLICE : ASSIGN_ELEMENT;
    return new Expr.Call(
        new CallSite(function, types, target.type(), target.typmod, target.collation, false), arguments, null, Expr.Call.Form.FUNCTION);
  }
}
