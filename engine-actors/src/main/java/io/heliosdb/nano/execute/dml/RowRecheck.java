package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.Operator;
import io.heliosdb.nano.execute.RowSubstitution;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.type.Bytes;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks again whether a row that somebody changed meanwhile still belongs to the statement: runs the input plan with the newest version of
/// that row in place of the scan of its table (READ COMMITTED; PostgreSQL's EvalPlanQual).
final class RowRecheck {
  private final PhysicalPlan input;
  private final int rowIdColumn;
  private final ExecutionContext context;

  RowRecheck(PhysicalPlan input, int rowIdColumn, ExecutionContext context) {
    this.input = input;
    this.rowIdColumn = rowIdColumn;
    this.context = context;
  }

  /// The input row as it is now, null when the row no longer qualifies.
  @Nullable Object @Nullable [] newest(Bytes identity) {
    Map<PhysicalPlan, Integer> scans = new IdentityHashMap<>();
    input.collectRowIdentities(scans);
    RowSubstitution substitution = new RowSubstitution();
    scans.forEach((scan, column) -> {
      if (column == rowIdColumn) {
        substitution.put(scan, new RowSubstitution.Row(identity, true));
      }
    });
    try (Operator operator = input.open(context.withSubstitution(substitution))) {
      Batch batch = operator.next(1);
      return batch == null || batch.rowCount() == 0 ? null : batch.row(batch.rowIndex(0));
    }
  }
}
