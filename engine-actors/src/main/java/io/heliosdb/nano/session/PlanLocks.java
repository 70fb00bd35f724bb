package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzedStatement;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.TableScanNode;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds the table locks a statement takes: ACCESS SHARE on every table and view it reads, ROW SHARE where it locks rows, ROW EXCLUSIVE on the
/// targets of data changes. In oid order, so that two statements never deadlock over them.
/// Source: PostgreSQL 15 manual, "Table-Level Locks".
final class PlanLocks {
  private PlanLocks() {}

  /// What comes with the database is not changed, so its views need no lock.
  private static final int FIRST_USER_OID = 16_384;

  /// A statement that writes to more partitions than this locks those it writes to only through the partitioned table.
  private static final int WRITTEN_PARTITIONS_MAX = 64;

  static List<TableLockNeed> of(AnalyzedStatement analyzed, Catalog catalog, PhysicalPlan physical) {
    Map<Integer, TableLockMode> modes = new TreeMap<>();
    TableLockMode reading = analyzed.locksRows() ? TableLockMode.ROW_SHARE : TableLockMode.ACCESS_SHARE;
    for (AnalyzedStatement.Dependency dependency : analyzed.dependencies()) {
      Relation relation = catalog.relation(dependency.relation());
      boolean isView = relation instanceof Relation.View && relation.oid() >= FIRST_USER_OID;
      if (relation instanceof Relation.Table || isView) {
        modes.put(dependency.relation(), reading);
      }
    }
    addScanned(physical, reading, modes);
    targets(analyzed.plan(), modes);
    addWrittenPartitions(catalog, modes);
    List<TableLockNeed> locks = new ArrayList<>();
    modes.forEach((oid, mode) -> locks.add(new TableLockNeed(oid, mode)));
    return locks;
  }

  /// Partitions and other descendants that the plan reads.
  private static void addScanned(PhysicalPlan plan, TableLockMode reading, Map<Integer, TableLockMode> modes) {
    if (plan instanceof TableScanNode scan) {
      modes.putIfAbsent(scan.table().oid(), reading);
    }
    plan.children().forEach(child -> addScanned(child, reading, modes));
  }

  private static void addWrittenPartitions(Catalog catalog, Map<Integer, TableLockMode> modes) {
    List<Integer> written = new ArrayList<>();
    modes.forEach((oid, mode) -> {
      if (mode == TableLockMode.ROW_EXCLUSIVE) {
        addDescendants(catalog, oid, written);
      }
    });
    if (written.size() <= WRITTEN_PARTITIONS_MAX) {
      written.forEach(oid -> modes.put(oid, TableLockMode.ROW_EXCLUSIVE));
    }
  }

  private static void addDescendants(Catalog catalog, int oid, List<Integer> found) {
    for (Relation.Table child : catalog.childrenOf(oid)) {
      found.add(child.oid());
      addDescendants(catalog, child.oid(), found);
    }
  }

  private static void targets(LogicalPlan plan, Map<Integer, TableLockMode> modes) {
    switch (plan) {
      case LogicalPlan.Insert insert -> modes.put(insert.table().oid(), TableLockMode.ROW_EXCLUSIVE);
      case LogicalPlan.Update update -> modes.put(update.table().oid(), TableLockMode.ROW_EXCLUSIVE);
      case LogicalPlan.Delete delete -> modes.put(delete.table().oid(), TableLockMode.ROW_EXCLUSIVE);
      case LogicalPlan.Merge merge -> modes.put(merge.table().oid(), TableLockMode.ROW_EXCLUSIVE);
      case LogicalPlan.With with -> {
        with.ctes().forEach(cte -> targets(cte.plan(), modes));
        targets(with.body(), modes);
      }
      default -> {}
    }
  }
}
