package io.heliosdb.nano.plan;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.execute.TableScanNode;
import io.heliosdb.nano.function.CallContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What planning depends on beside the logical plan. One per planning; only `pastScans` changes.
///
/// @param folding context for folding immutable calls over constants; null: nothing is folded
/// @param dml makes the nodes that change rows
/// @param settings value of a planner setting (`enable_hashjoin` …) or null for its default
/// @param workMemBytes `work_mem`, for costs
/// @param pastScans takes up the scans of other times that planning makes
/// @param growth what changed since statistics were gathered
/// @param temporaryNamespace the session's schema of temporary tables, 0 for none; those of others are not read
/// @param parameters values to plan for, which the plan is then good for alone; null for a plan good for any
public record PlannerContext(
    Catalog catalog, @Nullable CallContext folding, DmlPlanner dml, SettingLookup settings, long workMemBytes, List<TableScanNode> pastScans,
    RowGrowth growth, int temporaryNamespace, @Nullable Object @Nullable [] parameters) {
  @FunctionalInterface
  public interface SettingLookup {
    @Nullable String get(String name);
  }

  /// Rows that a table has more than its statistics say (or than it had when the database was opened, if it has none).
  @FunctionalInterface
  public interface RowGrowth {
    long rows(io.heliosdb.nano.catalog.Relation.Table table);
  }

  public static PlannerContext of(Catalog catalog, @Nullable CallContext folding, DmlPlanner dml) {
    return new PlannerContext(catalog, folding, dml, name -> null, 4L << 20, new ArrayList<>(), table -> 0, 0, null);
  }

  public boolean isEnabled(String setting) {
    String value = settings.get(setting);
    return value == null || value.equals("on");
  }
}
