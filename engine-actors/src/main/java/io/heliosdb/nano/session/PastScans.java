package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.TableScanNode;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks, before a plan with AS OF runs, that each scan was bound to the schema of the moment it means now. Parameters and sub-queries tell
/// their moments only now, so a plan may have to be bound again.
final class PastScans {
  private PastScans() {}

  /// What the clauses of a plan mean, by clause.
  static Map<Object, Long> moments(SessionCore session, CachedPlan plan, ExecutionContext context) {
    Map<Object, Long> found = new IdentityHashMap<>();
    for (TableScanNode scan : plan.pastScans) {
      TableScanNode.Past past = scan.past();
      if (past.clause() != null) {
        found.put(past.clause(), TimeTravel.scn(session, past.kind(), past.evaluate(context)));
      }
    }
    return found;
  }

  /// Null when the plan is right; else the plan that is.
  static @Nullable CachedPlan bindAgain(
      SessionCore session, CachedPlan plan, ExecutionContext context, QueryExecutor.PlanSource source) {
    Map<Object, Long> found = new IdentityHashMap<>();
    boolean fits = true;
    for (TableScanNode scan : plan.pastScans) {
      TableScanNode.Past past = scan.past();
      long scn = TimeTravel.scn(session, past.kind(), past.evaluate(context));
      if (past.clause() != null) {
        found.put(past.clause(), scn);
      }
      TimeTravel.requireHistory(session, scan.table(), scn);
      fits &= past.fromPastCatalog() ? scn == past.plannedScn() : isUnchanged(session, scan, scn);
    }
    if (fits) {
      return null;
    }
    if (plan.bindAgain != null) {
      return plan.bindAgain.apply(found);
    }
    // A plan that sessions share knows nothing of the session; one of the session's own takes its place.
    return source.plan();
  }

  private static boolean isUnchanged(SessionCore session, TableScanNode scan, long scn) {
    CatalogSnapshot committed = session.branchState().catalog();
    return committed.relation(scan.table().oid()) == scan.table()
        && session.engine().historicCatalogs().unchangedSince(session.branchState(), committed, scan.table()) <= scn;
  }
}
