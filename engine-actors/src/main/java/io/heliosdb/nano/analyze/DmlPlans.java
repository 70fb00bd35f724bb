package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Plans of INSERT, UPDATE, DELETE and MERGE, with the row layouts that [LogicalPlan] prescribes for each.
final class DmlPlans {
  private final PlanBuilder plans;
  private final Lowering lowering;

  DmlPlans(PlanBuilder plans) {
    this.plans = plans;
    this.lowering = plans.lowering;
  }

  LogicalPlan build(Query query, @Nullable RowFrame outer) {
    List<LogicalPlan.Cte> ctes = plans.ctes(query, outer);
    LogicalPlan plan =
        switch (query.command) {
          case INSERT -> insert(query, outer);
          case UPDATE -> update(query, outer);
          case DELETE -> delete(query, outer);
          case MERGE -> merge(query, outer);
          case SELECT -> throw new IllegalStateException("not a data change");
        };
    return PlanBuilder.with(ctes, plan);
  }

  // ------------------------------------------------------------------------------------------ INSERT

  private LogicalPlan insert(Query query, @Nullable RowFrame outer) {
    ModifyTarget target = query.target;
    LogicalPlan source = source(query, outer);
    int width = target.base.columnCount();
    RowFrame.Layout layout = new RowFrame.Layout();
    layout.addAt(target.base, all(width), 0);
    if (query.returningNew != null) {
      layout.addAt(query.returningNew, all(width), 0);
      layout.addAt(query.returningOld, all(width), width);
    }
    addTable(target, layout, 2 * width);
    LogicalPlan.Returning returning = returning(query, RowFrame.of(outer, layout));
    if (target.triggered != null) {
      return new LogicalPlan.ViewModify(target.triggered, 'i', source, List.of(), returning);
    }
    return new LogicalPlan.Insert(
        target.table(), source, onConflict(query, outer), returning, query.overridingUser, checks(query, outer));
  }

  /// The partition that a row was written to stands behind the row of RETURNING.
  private static void addTable(ModifyTarget target, RowFrame.Layout layout, int position) {
    if (target.triggered == null && target.table().isPartitioned()) {
      layout.addAt(target.base, new int[] {SystemColumns.TABLEOID}, position);
    }
  }

  private LogicalPlan source(Query query, @Nullable RowFrame outer) {
    List<OutputColumn> output = new ArrayList<>(query.targets.size());
    for (Query.Target target : query.targets) {
      output.add(new OutputColumn(target.name, target.expr.type(), target.expr.typmod, target.expr.collation, 0, 0));
    }
    RangeEntry source = query.source;
    if (source == null) {
      return new LogicalPlan.Values(List.of(targets(query.targets, RowFrame.of(outer, RowFrame.Layout.EMPTY))), output);
    }
    if (source.kind == RangeEntry.Kind.VALUES) {
      RowFrame frame = RowFrame.of(outer, RowFrame.Layout.EMPTY);
      List<List<Expr>> rows = new ArrayList<>(source.rows.size());
      for (List<Node> row : source.rows) {
        List<Expr> values = new ArrayList<>(query.targets.size());
        for (Query.Target target : query.targets) {
          Node node = target.expr instanceof Node.Var var && var.entry == source ? row.get(var.attno - 1) : target.expr;
          values.add(lowering.lower(node, frame));
        }
        rows.add(values);
      }
      return new LogicalPlan.Values(rows, output);
    }
    FromPlans.Built built = plans.fromPlans().leaf(source, outer);
    return new LogicalPlan.Project(built.plan(), targets(query.targets, RowFrame.of(outer, built.layout())), output);
  }

  private List<Expr> targets(List<Query.Target> targets, RowFrame frame) {
    List<Expr> result = new ArrayList<>(targets.size());
    for (Query.Target target : targets) {
      result.add(lowering.lower(target.expr, frame));
    }
    return result;
  }

  private LogicalPlan.@Nullable OnConflict onConflict(Query query, @Nullable RowFrame outer) {
    Query.Conflict conflict = query.conflict;
    if (conflict == null) {
      return null;
    }
    int width = query.target.base.columnCount();
    RowFrame.Layout layout = new RowFrame.Layout();
    layout.addAt(query.target.base, all(width), 0);
    if (conflict.excluded != null) {
      layout.addAt(conflict.excluded, all(width), width);
    }
    RowFrame frame = RowFrame.of(outer, layout);
    return new LogicalPlan.OnConflict(
        conflict.arbiters, conflict.update, assignments(conflict.assignments, frame), lowering.lowerOptional(conflict.where, frame));
  }

  private List<LogicalPlan.Assignment> assignments(List<Query.Target> targets, RowFrame frame) {
    List<LogicalPlan.Assignment> result = new ArrayList<>(targets.size());
    for (Query.Target target : targets) {
      result.add(new LogicalPlan.Assignment(target.attnum, lowering.lower(target.expr, frame)));
    }
    return result;
  }

  private List<LogicalPlan.CheckOption> checks(Query query, @Nullable RowFrame outer) {
    if (query.checks.isEmpty()) {
      return List.of();
    }
    RowFrame.Layout layout = new RowFrame.Layout();
    layout.addAt(query.target.base, all(query.target.base.columnCount()), 0);
    RowFrame frame = RowFrame.of(outer, layout);
    List<LogicalPlan.CheckOption> result = new ArrayList<>(query.checks.size());
    for (Query.Check check : query.checks) {
      result.add(new LogicalPlan.CheckOption(lowering.lower(check.condition(), frame), check.violation(), check.row()));
    }
    return result;
  }

  private LogicalPlan.@Nullable Returning returning(Query query, RowFrame frame) {
    if (query.returning.isEmpty()) {
      return null;
    }
    List<Expr> expressions = new ArrayList<>(query.returning.size());
    List<OutputColumn> output = new ArrayList<>(query.returning.size());
    for (Query.Target target : query.returning) {
      Expr expr = lowering.lower(target.expr, frame);
      expressions.add(expr);
      output.add(new OutputColumn(target.name, expr.type(), expr.typmod(), target.expr.collation, target.originTable, target.originColumn));
    }
    return new LogicalPlan.Returning(expressions, output);
  }

  static int[] all(int count) {
    int[] attnos = new int[count];
    for (int i = 0; i < count; i++) {
      attnos[i] = i + 1;
    }
    return attnos;
  }

  // ------------------------------------------------------------------------------------------ UPDATE and DELETE

  /// Rows to change: (target's columns by attnum, row identity, everything else), with their layout.
  private FromPlans.Built input(Query query, @Nullable RowFrame outer) {
    RangeEntry base = query.target.base;
    FromPlans.Built built = plans.fromPlans().leaf(base, outer);
    for (Query.From item : query.from) {
      built = plans.fromPlans().join(LogicalPlan.JoinKind.INNER, built, item, null, outer);
    }
    LogicalPlan plan = built.plan();
    if (query.where != null) {
      plan = new LogicalPlan.Filter(plan, lowering.lower(query.where, RowFrame.of(outer, built.layout())));
    }
    return arrange(base, new FromPlans.Built(plan, built.layout()));
  }

  /// Puts the columns of `base` first, in attnum order, NULL for dropped ones.
  private static FromPlans.Built arrange(RangeEntry base, FromPlans.Built built) {
    int width = base.columnCount();
    List<OutputColumn> from = built.plan().output();
    List<Expr> expressions = new ArrayList<>(from.size() + 1);
    List<OutputColumn> output = new ArrayList<>(from.size() + 1);
    int[] moved = new int[from.size()];
    java.util.Arrays.fill(moved, -1);
    boolean identity = true;
    for (int attno = 1; attno <= width; attno++) {
      int at = built.layout().find(base, attno);
      if (at < 0) {
        identity = false;
        expressions.add(new Expr.Const(base.types.get(attno - 1), -1, 0, null));
        output.add(new OutputColumn("", base.types.get(attno - 1), -1, 0, 0, 0));
      } else {
        identity &= at == attno - 1;
        moved[at] = expressions.size();
        expressions.add(reference(from, at));
        output.add(from.get(at));
      }
    }
    int rowId = built.layout().find(base, SystemColumns.ROW_IDENTITY);
    if (rowId >= 0) {
      identity &= rowId == width;
      moved[rowId] = expressions.size();
      expressions.add(reference(from, rowId));
      output.add(from.get(rowId));
    }
    for (int i = 0; i < from.size(); i++) {
      if (moved[i] < 0) {
        moved[i] = expressions.size();
        expressions.add(reference(from, i));
        output.add(from.get(i));
      }
    }
    RowFrame.Layout layout = built.layout().moved(moved);
    return identity ? new FromPlans.Built(built.plan(), layout) : new FromPlans.Built(new LogicalPlan.Project(built.plan(), expressions, output), layout);
  }

  private static Expr reference(List<OutputColumn> columns, int index) {
    OutputColumn column = columns.get(index);
    return new Expr.InputColumn(index, column.type(), column.typmod(), column.collation());
  }

  private LogicalPlan update(Query query, @Nullable RowFrame outer) {
    ModifyTarget target = query.target;
    int width = target.base.columnCount();
    FromPlans.Built input = input(query, outer);
    List<LogicalPlan.Assignment> assignments = assignments(query.targets, RowFrame.of(outer, input.layout()));
    RowFrame.Layout layout = new RowFrame.Layout();
    layout.addAt(target.base, all(width), 0);
    if (query.returningNew != null) {
      layout.addAt(query.returningNew, all(width), 0);
      layout.addAt(query.returningOld, all(width), width);
    }
    addTable(target, layout, width + input.plan().output().size());
    layout.addShifted(input.layout(), width);
    LogicalPlan.Returning returning = returning(query, RowFrame.of(outer, layout));
    if (target.triggered != null) {
      return new LogicalPlan.ViewModify(target.triggered, 'u', input.plan(), assignments, returning);
    }
    return new LogicalPlan.Update(target.table(), input.plan(), width, assignments, returning, checks(query, outer));
  }

  private LogicalPlan delete(Query query, @Nullable RowFrame outer) {
    ModifyTarget target = query.target;
    int width = target.base.columnCount();
    FromPlans.Built input = input(query, outer);
    RowFrame.Layout layout = new RowFrame.Layout();
    if (query.returningOld != null) {
      layout.addAt(query.returningOld, all(width), 0);
      layout.addNull(query.returningNew);
    }
    layout.addShifted(input.layout(), 0);
    LogicalPlan.Returning returning = returning(query, RowFrame.of(outer, layout));
    if (target.triggered != null) {
      return new LogicalPlan.ViewModify(target.triggered, 'd', input.plan(), List.of(), returning);
    }
    return new LogicalPlan.Delete(target.table(), input.plan(), width, returning);
  }

  // ------------------------------------------------------------------------------------------ MERGE

  private LogicalPlan merge(Query query, @Nullable RowFrame outer) {
    ModifyTarget target = query.target;
    Relation.Table table = target.table();
    FromPlans.Built source = plans.fromPlans().build(query.from, outer);
    FromPlans.Built joined =
        plans.fromPlans().join(LogicalPlan.JoinKind.LEFT, source, new Query.Leaf(target.base), query.mergeCondition, outer);
    FromPlans.Built input = arrange(target.base, joined);
    RowFrame frame = RowFrame.of(outer, input.layout());
    List<LogicalPlan.MergeAction> actions = new ArrayList<>(query.mergeClauses.size());
    for (Query.MergeClause clause : query.mergeClauses) {
      actions.add(
          new LogicalPlan.MergeAction(
              clause.matched, lowering.lowerOptional(clause.condition, frame), clause.kind, assignments(clause.targets, frame)));
    }
    return new LogicalPlan.Merge(table, input.plan(), target.base.columnCount(), actions, checks(query, outer));
  }
}
