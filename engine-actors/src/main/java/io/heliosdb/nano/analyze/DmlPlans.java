package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import org.jspecify.annotations.Nullable;

final class DmlPlans {
  DmlPlans(PlanBuilder plans) {}

  LogicalPlan build(Query query, @Nullable RowFrame outer) {
    throw SqlException.notSupported("INSERT, UPDATE, DELETE and MERGE");
  }
}
