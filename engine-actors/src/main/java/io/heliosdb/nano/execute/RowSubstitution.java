package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.type.Bytes;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows that stand in for whole scans while a plan is re-run for one row whose newest version differs from the one read
/// (READ COMMITTED re-check). By scan node: the identity of the row to show, null for none (the NULL side of an outer join);
/// rows are read in their newest version where `newest` says so. Scans that are not listed run as usual.
public final class RowSubstitution {
  /// @param newest whether the newest committed version counts, or the one of the snapshot
  public record Row(@Nullable Bytes identity, boolean newest) {}

  private final Map<PhysicalPlan, Row> rows = new IdentityHashMap<>();

  public void put(PhysicalPlan scan, Row row) {
    rows.put(scan, row);
  }

  public @Nullable Row find(PhysicalPlan scan) {
    return rows.get(scan);
  }
}
