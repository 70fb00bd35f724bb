package io.heliosdb.nano.plan;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.plan.logical.LogicalPlan;

/// Makes physical nodes for INSERT, UPDATE, DELETE, MERGE and DML on views, over inputs that are planned already. The general planner
/// knows nothing of writing. Implemented by `execute.dml`; stateless.
///
/// `planner` plans what else a node needs and compiles its expressions (sub-queries in RETURNING, assignments, ON CONFLICT).
public interface DmlPlanner {
  PhysicalPlan insert(LogicalPlan.Insert node, PhysicalPlan source, Planner planner);

  PhysicalPlan update(LogicalPlan.Update node, PhysicalPlan input, Planner planner);

  PhysicalPlan delete(LogicalPlan.Delete node, PhysicalPlan input, Planner planner);

  PhysicalPlan merge(LogicalPlan.Merge node, PhysicalPlan input, Planner planner);

  PhysicalPlan viewModify(LogicalPlan.ViewModify node, PhysicalPlan input, Planner planner);

  /// For plans that only read.
  DmlPlanner NONE = new DmlPlanner() {
    @Override
    public PhysicalPlan insert(LogicalPlan.Insert node, PhysicalPlan source, Planner planner) {
      throw SqlException.notSupported("INSERT in a read-only plan");
    }

    @Override
    public PhysicalPlan update(LogicalPlan.Update node, PhysicalPlan input, Planner planner) {
      throw SqlException.notSupported("UPDATE in a read-only plan");
    }

    @Override
    public PhysicalPlan delete(LogicalPlan.Delete node, PhysicalPlan input, Planner planner) {
      throw SqlException.notSupported("DELETE in a read-only plan");
    }

    @Override
    public PhysicalPlan merge(LogicalPlan.Merge node, PhysicalPlan input, Planner planner) {
      throw SqlException.notSupported("MERGE in a read-only plan");
    }

    @Override
    public PhysicalPlan viewModify(LogicalPlan.ViewModify node, PhysicalPlan input, Planner planner) {
      throw SqlException.notSupported("change of a view in a read-only plan");
    }
  };
}
