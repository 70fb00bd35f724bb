package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.Operator;
import io.heliosdb.nano.plan.DmlPlanner;
import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.PlanTrees;
import io.heliosdb.nano.plan.Planner;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.Assignment;
import io.heliosdb.nano.plan.logical.LogicalPlan.MergeAction;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Physical nodes that change rows. One instance per engine, as it keeps the compiled tables; thread-safe.
public final class DmlPlans implements DmlPlanner {
  private final WriteTargets targets = new WriteTargets();

  /// The compiled tables, for writers outside plans (COPY, DDL).
  public WriteTargets targets() {
    return targets;
  }

  @Override
  public PhysicalPlan insert(LogicalPlan.Insert node, PhysicalPlan source, Planner planner) {
    return new InsertPlan(node, source, planner, targets);
  }

  @Override
  public PhysicalPlan update(LogicalPlan.Update node, PhysicalPlan input, Planner planner) {
    return new UpdatePlan(node, input, planner, targets);
  }

  @Override
  public PhysicalPlan delete(LogicalPlan.Delete node, PhysicalPlan input, Planner planner) {
    return new DeletePlan(node, input, planner, targets);
  }

  @Override
  public PhysicalPlan merge(LogicalPlan.Merge node, PhysicalPlan input, Planner planner) {
    return new MergePlan(node, input, planner, targets);
  }

  @Override
  public PhysicalPlan viewModify(LogicalPlan.ViewModify node, PhysicalPlan input, Planner planner) {
    return new ViewModifyPlan(node, input, planner, targets);
  }

  /// A node with one input that changes a table.
  abstract static class ModifyPlan extends PhysicalPlan {
    final PhysicalPlan input;
    final WriteTargets targets;
    private final String name;
    private final Relation relation;

    /// Whether rows must be taken and written one by one, since a function that is called may look at the rows written before.
    final boolean isOneByOne;

    ModifyPlan(String name, LogicalPlan node, Relation relation, PhysicalPlan input, WriteTargets targets) {
      super(node.output(), input.startupCost(), input.totalCost(), node.output().isEmpty() ? 0 : input.rows());
      this.name = name;
      this.relation = relation;
      this.input = input;
      this.targets = targets;
      isOneByOne = PlanTrees.callsVolatileRoutine(node);
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(input);
    }

    @Override
    public void explain(ExplainNode node) {
      node.type(name).suffix("on " + relation.name()).child(input);
    }
  }

  static final class InsertPlan extends ModifyPlan {
    final LogicalPlan.Insert node;
    final PhysicalPlan source;
    final ConflictResolution.@Nullable Plan conflicts;
    final CheckOptions.Plan checks;
    final ReturningRows.@Nullable Plan returning;

    InsertPlan(LogicalPlan.Insert node, PhysicalPlan source, Planner planner, WriteTargets targets) {
      super("Insert", node, node.table(), source, targets);
      this.node = node;
      this.source = source;
      conflicts = ConflictResolution.Plan.of(node.onConflict(), planner);
      checks = CheckOptions.Plan.of(node.checks(), planner);
      returning = ReturningRows.Plan.of(node.returning(), planner);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new InsertOperator(this, context);
    }
  }

  static final class UpdatePlan extends ModifyPlan {
    final LogicalPlan.Update node;
    final int[] assigned;
    final BitSet assignedSet = new BitSet();
    final Evaluator[] values;
    final CheckOptions.Plan checks;
    final ReturningRows.@Nullable Plan returning;
    final boolean repeats;

    UpdatePlan(LogicalPlan.Update node, PhysicalPlan input, Planner planner, WriteTargets targets) {
      super("Update", node, node.table(), input, targets);
      this.node = node;
      assigned = new int[node.assignments().size()];
      values = new Evaluator[assigned.length];
      for (int i = 0; i < assigned.length; i++) {
        Assignment assignment = node.assignments().get(i);
        assigned[i] = assignment.attnum() - 1;
        assignedSet.set(assigned[i]);
        values[i] = planner.compile(assignment.value());
      }
      checks = CheckOptions.Plan.of(node.checks(), planner);
      returning = ReturningRows.Plan.of(node.returning(), planner);
      repeats = mayRepeat(node.input());
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new UpdateOperator(this, context);
    }
  }

  static final class DeletePlan extends ModifyPlan {
    final LogicalPlan.Delete node;
    final ReturningRows.@Nullable Plan returning;
    final boolean repeats;

    DeletePlan(LogicalPlan.Delete node, PhysicalPlan input, Planner planner, WriteTargets targets) {
      super("Delete", node, node.table(), input, targets);
      this.node = node;
      returning = ReturningRows.Plan.of(node.returning(), planner);
      repeats = mayRepeat(node.input());
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new DeleteOperator(this, context);
    }
  }

  static final class MergePlan extends ModifyPlan {
    /// @param columns 0-based columns assigned
    record Action(boolean matched, @Nullable Evaluator condition, MergeAction.Kind kind, int[] columns, Evaluator[] values) {}

    final LogicalPlan.Merge node;
    final Action[] actions;
    final BitSet assignedSet = new BitSet();
    final CheckOptions.Plan checks;

    MergePlan(LogicalPlan.Merge node, PhysicalPlan input, Planner planner, WriteTargets targets) {
      super("Merge", node, node.table(), input, targets);
      this.node = node;
      actions = new Action[node.actions().size()];
      for (int a = 0; a < actions.length; a++) {
        MergeAction action = node.actions().get(a);
        int[] columns = new int[action.assignments().size()];
        Evaluator[] values = new Evaluator[columns.length];
        for (int i = 0; i < columns.length; i++) {
          columns[i] = action.assignments().get(i).attnum() - 1;
          values[i] = planner.compile(action.assignments().get(i).value());
          if (action.kind() == MergeAction.Kind.UPDATE) {
            assignedSet.set(columns[i]);
          }
        }
        actions[a] = new Action(action.matched(), action.condition() == null ? null : planner.compile(action.condition()), action.kind(), columns, values);
      }
      checks = CheckOptions.Plan.of(node.checks(), planner);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new MergeOperator(this, context);
    }
  }

  static final class ViewModifyPlan extends ModifyPlan {
    final LogicalPlan.ViewModify node;
    final int[] assigned;
    final BitSet assignedSet = new BitSet();
    final Evaluator[] values;
    final ReturningRows.@Nullable Plan returning;

    ViewModifyPlan(LogicalPlan.ViewModify node, PhysicalPlan input, Planner planner, WriteTargets targets) {
      super(node.event() == 'i' ? "Insert" : node.event() == 'u' ? "Update" : "Delete", node, node.view(), input, targets);
      this.node = node;
      assigned = new int[node.assignments().size()];
      values = new Evaluator[assigned.length];
      for (int i = 0; i < assigned.length; i++) {
        assigned[i] = node.assignments().get(i).attnum() - 1;
        assignedSet.set(assigned[i]);
        values[i] = planner.compile(node.assignments().get(i).value());
      }
      returning = ReturningRows.Plan.of(node.returning(), planner);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new ViewModifyOperator(this, context);
    }
  }

  /// Whether a row of the target table may stand in several input rows: only a join can do that.
  static boolean mayRepeat(LogicalPlan input) {
    return switch (input) {
      case LogicalPlan.Scan scan -> false;
      case LogicalPlan.Filter filter -> mayRepeat(filter.input());
      case LogicalPlan.Project project -> mayRepeat(project.input());
      default -> true;
    };
  }
}
