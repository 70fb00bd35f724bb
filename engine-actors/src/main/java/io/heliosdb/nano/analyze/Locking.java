package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.LockingClause;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import java.util.List;

/// FOR UPDATE and its kin: which entries' rows are locked.
///
/// Source: PostgreSQL 15 manual, SELECT, "The Locking Clause".
final class Locking {
  private Locking() {}

  static String name(LockingClause clause) {
    return switch (clause.strength()) {
      case KEY_SHARE -> "FOR KEY SHARE";
      case SHARE -> "FOR SHARE";
      case NO_KEY_UPDATE -> "FOR NO KEY UPDATE";
      case UPDATE -> "FOR UPDATE";
    };
  }

  /// Whether the statement's locking clauses will lock the item of that name.
  static boolean isLocked(Scope scope, String alias) {
    if (scope.lockedFromParent) {
      return true;
    }
    for (LockingClause clause : scope.locking) {
      if (clause.tables().isEmpty()) {
        return true;
      }
      for (QualifiedName table : clause.tables()) {
        if (table.name().equals(alias)) {
          return true;
        }
      }
    }
    return false;
  }

  static void apply(Analysis analysis, Scope scope, Query query, List<LockingClause> clauses) {
    for (LockingClause clause : clauses) {
      refuse(query, name(clause));
      if (clause.tables().isEmpty()) {
        for (RangeEntry entry : query.entries) {
          lock(query, entry, clause, false);
        }
        continue;
      }
      for (QualifiedName table : clause.tables()) {
        if (table.isQualified()) {
          throw new SqlException(SqlState.SYNTAX_ERROR, name(clause) + " must specify unqualified relation names").at(table.position());
        }
        lockNamed(scope, query, clause, table);
      }
    }
    if (!query.rowMarks.isEmpty()) {
      identifyOthers(query);
    }
  }

  /// A locked row that has changed is joined again with the very rows it was joined with, so those are identified too.
  private static void identifyOthers(Query query) {
    for (RangeEntry entry : query.entries) {
      if (isPlainTable(entry)) {
        entry.rowIdentity = true;
      }
    }
  }

  /// Whether the rows of the item are stored rows of a table as of now.
  static boolean isPlainTable(RangeEntry entry) {
    return entry.kind == RangeEntry.Kind.RELATION && entry.inFrom && entry.relation instanceof Relation.Table && entry.asOf == null
        && entry.sample == null;
  }

  private static void lockNamed(Scope scope, Query query, LockingClause clause, QualifiedName table) {
    for (RangeEntry entry : query.entries) {
      if (!entry.name.equals(table.name()) || !entry.inFrom || entry.kind == RangeEntry.Kind.JOIN && entry.alias == null) {
        continue;
      }
      switch (entry.kind) {
        case JOIN -> throw misapplied(clause, "a join", table);
        case FUNCTION -> throw misapplied(clause, "a function", table);
        case VALUES -> throw misapplied(clause, "VALUES", table);
        case CTE -> throw misapplied(clause, "a WITH query", table);
        default -> lock(query, entry, clause, false);
      }
      return;
    }
    throw new SqlException(
            SqlState.UNDEFINED_TABLE, "relation \"" + table.name() + "\" in " + name(clause) + " clause not found in FROM clause")
        .at(table.position());
  }

  private static SqlException misapplied(LockingClause clause, String what, QualifiedName table) {
    return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, name(clause) + " cannot be applied to " + what).at(table.position());
  }

  /// 0A000 where rows of the result are no rows of a table any more.
  static void refuse(Query query, String name) {
    String what =
        query.setOperation != null ? "UNION/INTERSECT/EXCEPT" : !query.distinct.isEmpty() ? "DISTINCT clause"
            : !query.groupBy.isEmpty() || query.groupingSets != null ? "GROUP BY clause" : query.having != null ? "HAVING clause"
            : query.hasAggregates ? "aggregate functions" : query.hasWindows ? "window functions"
            : query.hasTargetSets ? "set-returning functions in the target list" : null;
    if (what != null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, name + " is not allowed with " + what);
    }
  }

  private static void lock(Query query, RangeEntry entry, LockingClause clause, boolean pushedDown) {
    if (entry.kind == RangeEntry.Kind.RELATION && entry.inFrom) {
      if (!(entry.relation instanceof Relation.Table)) {
        return;
      }
      if (entry.asOf != null && !entry.asOf.isNow()) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, name(clause) + " cannot be applied to a relation of the past");
      }
      entry.requirePrivilege('w');
      entry.rowIdentity = true;
      mark(query, entry, clause, pushedDown);
    } else if (entry.kind == RangeEntry.Kind.SUBQUERY && entry.inFrom) {
      Query inner = entry.subquery;
      if (entry.view != null) {
        entry.requirePrivilege('w');
      }
      if (inner.setOperation != null || !inner.distinct.isEmpty() || !inner.groupBy.isEmpty() || inner.hasAggregates || inner.hasWindows
          || inner.hasTargetSets || inner.having != null) {
        refuse(inner, name(clause));
      }
      for (RangeEntry each : inner.entries) {
        lock(inner, each, clause, true);
      }
    }
  }

  private static void mark(Query query, RangeEntry entry, LockingClause clause, boolean pushedDown) {
    if (entry.relation instanceof Relation.Table table && table.kind() == 'm') {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot lock rows in materialized view \"" + table.name() + "\"");
    }
    LogicalPlan.LockStrength strength = LogicalPlan.LockStrength.valueOf(clause.strength().name());
    LogicalPlan.WaitPolicy wait =
        switch (clause.waitPolicy()) {
          case BLOCK -> LogicalPlan.WaitPolicy.WAIT;
          case SKIP_LOCKED -> LogicalPlan.WaitPolicy.SKIP;
          case NOWAIT -> LogicalPlan.WaitPolicy.ERROR;
        };
    for (int i = 0; i < query.rowMarks.size(); i++) {
      Query.RowMark mark = query.rowMarks.get(i);
      if (mark.entry() == entry) {
        LogicalPlan.LockStrength stronger = mark.strength().compareTo(strength) > 0 ? mark.strength() : strength;
        LogicalPlan.WaitPolicy policy = mark.policy().compareTo(wait) > 0 ? mark.policy() : wait;
        query.rowMarks.set(i, new Query.RowMark(entry, stronger, policy, mark.pushedDown() && pushedDown));
        return;
      }
    }
    query.rowMarks.add(new Query.RowMark(entry, strength, wait, pushedDown));
  }
}
