package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.type.Bytes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// READ COMMITTED's second look: a row that was read has a newer committed version, found when it was locked. The plan that gave it is
/// run again with that row in its newest version and with the same rows of the other tables; if it still gives a row, that row counts
/// instead, else the statement leaves it out. Source: PostgreSQL 15 manual, "Transaction Isolation"; EvalPlanQual in the executor README.
public final class RowRecheck {
  private RowRecheck() {}

  /// @param plan the plan that gave `row`; its row identities are output columns
  /// @param changed positions of the row identities whose newest version counts
  /// @return the row to go on with, or null when it no longer qualifies
  public static @Nullable Object @Nullable [] run(PhysicalPlan plan, ExecutionContext context, @Nullable Object[] row, Set<Integer> changed) {
    RowSubstitution substitution = new RowSubstitution();
    for (int column = 0; column < row.length; column++) {
      for (PhysicalPlan scan : plan.rowIdentitySources(column)) {
        substitution.put(scan, new RowSubstitution.Row((Bytes) row[column], changed.contains(column)));
      }
    }
    ExecutionContext again = context.withSubstitution(substitution);
    try (Operator operator = plan.open(again)) {
      Batch batch = operator.next(1);
      return batch == null ? null : batch.row(batch.rowIndex(0));
    }
  }
}
