package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.plan.PlanTrees;
import io.heliosdb.nano.plan.logical.LogicalPlan;

/// Refuses queries that write or lock rows where that is not allowed: 25006 in read-only transactions, 0A000 in non-volatile functions.
final class ReadOnlyCheck {
  private ReadOnlyCheck() {}

  static void check(SessionCore session, CachedPlan plan) {
    if (plan.analyzed.writes() && session.isInReadOnlyFunction()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, plan.analyzed.kind() + " is not allowed in a non-volatile function");
    }
    if ((plan.analyzed.writes() || plan.analyzed.locksRows()) && session.isReadOnly()) {
      String command = plan.analyzed.writes() ? plan.analyzed.kind().toString() : "SELECT FOR " + lockStrength(plan.analyzed.plan());
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute " + command + " in a read-only transaction");
    }
  }

  /// The words of the first locking clause found.
  private static String lockStrength(LogicalPlan plan) {
    if (plan instanceof LogicalPlan.LockRows locks) {
      return locks.targets().getFirst().strength().name().replace('_', ' ');
    }
    for (LogicalPlan child : PlanTrees.children(plan)) {
      String strength = lockStrength(child);
      if (!strength.isEmpty()) {
        return strength;
      }
    }
    return "";
  }
}
