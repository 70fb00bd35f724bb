package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.Operator;
import io.heliosdb.nano.execute.RowSubstitution;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.type.Bytes;
import java.util.Arrays;
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
    try (Operator operator = open(identity)) {
      Batch batch = operator.next(1);
      return batch == null || batch.rowCount() == 0 ? null : batch.row(batch.rowIndex(0));
    }
  }

  /// The input row in which the target row is joined with the same other columns as in `row`; null when it no longer is.
  @Nullable Object @Nullable [] newestWith(Bytes identity, @Nullable Object[] row) {
    try (Operator operator = open(identity)) {
      Batch batch;
      while ((batch = operator.next()) != null) {
        for (int i = 0; i < batch.rowCount(); i++) {
          Object[] candidate = batch.row(batch.rowIndex(i));
          if (candidate[rowIdColumn] != null && Arrays.equals(candidate, rowIdColumn + 1, candidate.length, row, rowIdColumn + 1, row.length)) {
            return candidate;
          }
        }
      }
      return null;
    }
  }

  private Operator open(Bytes identity) {
    Map<PhysicalPlan, Integer> scans = new IdentityHashMap<>();
    input.collectRowIdentities(scans);
    RowSubstitution substitution = new RowSubstitution();
    scans.forEach((scan, column) -> {
      if (column == rowIdColumn) {
        substitution.put(scan, new RowSubstitution.Row(identity, true));
      }
    });
    return input.open(context.withSubstitution(substitution));
  }
}
