package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzedStatement;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.TableScanNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A planned statement: immutable but for the catalog version it was last found valid at. Shared by sessions.
final class CachedPlan {
  final AnalyzedStatement analyzed;
  final PhysicalPlan physical;

  /// For a plan of a normalised text: what its literals become; null for others.
  final @Nullable LiftedLiterals lifted;
  private final List<TableLockNeed> locks;

  /// The scans of other times; each is bound to what its table was at the moment it was planned for.
  final List<TableScanNode> pastScans;

  /// Binds the statement again with what its moments mean, by clause; null where that is done otherwise.
  @Nullable Function<Map<Object, Long>, CachedPlan> bindAgain;

  /// The plans of what rules run around it.
  List<CachedPlan> before = List.of();
  List<CachedPlan> after = List.of();

  private final long ancestorVersion;
  /// Where its runs are counted; found at the first run.
  volatile @Nullable StatementCounters counters;
  private volatile long validatedVersion;

  /// @param ancestorVersion see [SessionCore#ancestorVersion]
  CachedPlan(AnalyzedStatement analyzed, PhysicalPlan physical, Catalog catalog, @Nullable LiftedLiterals lifted, List<TableScanNode> pastScans,
      long ancestorVersion) {
    this.pastScans = List.copyOf(pastScans);
    this.ancestorVersion = ancestorVersion;
    this.lifted = lifted;
    this.analyzed = analyzed;
    this.physical = physical;
    this.validatedVersion = catalog.version();
    this.locks = PlanLocks.of(analyzed, catalog, physical);
  }

  /// The table locks to take before a run: shared ones on what is read, stronger ones on what is changed.
  List<TableLockNeed> locks() {
    return locks;
  }

  List<OutputColumn> columns() {
    return analyzed.columns();
  }

  List<PgType> parameterTypes() {
    return analyzed.parameterTypes();
  }

  /// Whether a statement returns rows (and Describe a row description).
  boolean returnsRows() {
    return analyzed.kind() == AnalyzedStatement.Kind.SELECT || !analyzed.columns().isEmpty();
  }

  boolean readsPast() {
    return !pastScans.isEmpty();
  }

  /// Whether everything the plan was made from is still as it was.
  boolean isValid(Catalog catalog, long newAncestorVersion) {
    if (newAncestorVersion != ancestorVersion) {
      return false;
    }
    long version = catalog.version();
    if (version == validatedVersion) {
      return true;
    }
    if (!analyzed.cacheable()) {
      return false;
    }
    for (AnalyzedStatement.Dependency dependency : analyzed.dependencies()) {
      Relation relation = catalog.relation(dependency.relation());
      if (relation == null || relation.version() != dependency.version()) {
        return false;
      }
    }
    // A new function, operator or type may change what a name means; only relations are tracked one by one.
    if (catalog.version() > validatedVersion) {
      return false;
    }
    validatedVersion = version;
    return true;
  }
}
