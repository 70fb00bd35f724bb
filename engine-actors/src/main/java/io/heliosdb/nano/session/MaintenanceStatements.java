package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import java.util.LinkedHashSet;
import java.util.Set;

/// VACUUM, ANALYZE, CLUSTER, REINDEX, CHECKPOINT.
final class MaintenanceStatements {
  private MaintenanceStatements() {}

  static String checkpoint(SessionCore session) {
    if (!session.engine().privileges().hasRole(session.catalog(), session.currentRole(), "pg_checkpoint")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT");
    }
    session.engine().system().store().checkpoint();
    return "CHECKPOINT";
  }

  static String vacuum(SessionCore session, UtilityExecutor utilities, UtilityStatement.Vacuum statement) {
    boolean analyze = statement.analyzeOnly();
    boolean skipLocked = false;
    boolean full = false;
    for (Option option : statement.options()) {
      if (option.name().equals("analyze")) {
        analyze |= OptionValues.bool(option);
      } else if (option.name().equals("skip_locked")) {
        skipLocked = OptionValues.bool(option);
      } else if (option.name().equals("full")) {
        full = OptionValues.bool(option);
      }
    }
    if (!statement.analyzeOnly() && session.transactions().inBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "VACUUM cannot run inside a transaction block");
    }
    if (!statement.analyzeOnly()) {
      session.engine().historyKeeper().compact();
    }
    if (full && statement.targets().isEmpty()) {
      compactFile(session);
    }
    TableLockMode mode = full ? TableLockMode.ACCESS_EXCLUSIVE : TableLockMode.SHARE_UPDATE_EXCLUSIVE;
    TableWork work = new TableWork(session, mode, skipLocked, analyze, statement.analyzeOnly());
    for (UtilityStatement.VacuumTarget target : statement.targets()) {
      Relation relation = utilities.relation(target.table());
      Set<String> columns = new LinkedHashSet<>();
      for (Name column : target.columns()) {
        if (relation instanceof Relation.Table table && table.column(column.text()) == null) {
          throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + column.text() + "\" of relation \"" + relation.name() + "\" does not exist");
        }
        columns.add(column.text());
      }
      work.on(relation, columns);
    }
    if (statement.targets().isEmpty()) {
      for (Relation relation : session.catalog().relations()) {
        if (!(relation instanceof Relation.Table table && table.isPartitioned())) {
          work.on(relation, Set.of());
        }
      }
    }
    return statement.analyzeOnly() ? "ANALYZE" : "VACUUM";
  }

  private static void compactFile(SessionCore session) {
    if (!session.currentRole().superuser()) {
      session.notice(Notice.notice("the data file is not written anew: that is for superusers"));
    } else if (!session.engine().system().store().compact()) {
      session.notice(Notice.notice(
          "the data file is not written anew: it is in memory, where free pages keep their content (sealed, where it is encrypted) until they are used again"));
    }
  }

  /// What is done to each table: it is locked, and analyzed where that was asked for.
  private record TableWork(SessionCore session, TableLockMode mode, boolean skipLocked, boolean analyze, boolean analyzeOnly) {
    /// A table, or the partitions of a partitioned one.
    void on(Relation relation, Set<String> columns) {
      if (!(relation instanceof Relation.Table table)) {
        return;
      }
      if (table.isPartitioned()) {
        session.catalog().childrenOf(table.oid()).forEach(child -> on(child, columns));
      } else if (table.kind() == 'r' || table.kind() == 'm') {
        onStored(table, columns);
      }
    }

    private void onStored(Relation.Table table, Set<String> columns) {
      if (!session.transactions().current().lockTable(Integer.toUnsignedLong(table.oid()), mode, skipLocked)) {
        String what = analyzeOnly ? "analyze" : "vacuum";
        session.notice(Notice.warning(SqlState.LOCK_NOT_AVAILABLE, "skipping " + what + " of \"" + table.name() + "\" --- lock not available"));
      } else if (session.catalog().relation(table.oid()) == null) {
        throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + table.name() + "\" does not exist");
      } else if (analyze && session.catalog().relation(table.oid()) instanceof Relation.Table now) {
        session.engine().tableStatistics().analyze(session, now, columns);
      }
    }
  }

  /// Rows stand in the order of their keys always, so there is nothing to move; who names a table waits for it as on PostgreSQL.
  static String cluster(SessionCore session, UtilityExecutor utilities, UtilityStatement.Cluster statement) {
    if (statement.table() != null) {
      Relation relation = utilities.relation(statement.table());
      session.transactions().current().lockTable(Integer.toUnsignedLong(relation.oid()), TableLockMode.ACCESS_EXCLUSIVE, false);
    }
    return "CLUSTER";
  }

  static String reindex(SessionCore session, UtilityExecutor utilities, UtilityStatement.Reindex statement) {
    // Index entries are written with their rows and never decay, so there is nothing to rebuild; the name is checked all the same.
    switch (statement.kind()) {
      case INDEX, TABLE -> {
        Relation relation = utilities.relation(statement.name());
        boolean concurrently = statement.options().stream().anyMatch(o -> o.name().equals("concurrently") && OptionValues.bool(o));
        int table = relation instanceof Relation.Index index ? index.tableOid() : relation.oid();
        TableLockMode mode = concurrently ? TableLockMode.SHARE_UPDATE_EXCLUSIVE : TableLockMode.SHARE;
        session.transactions().current().lockTable(Integer.toUnsignedLong(table), mode, false);
      }
      case SCHEMA, SYSTEM, DATABASE -> {}
    }
    return "REINDEX";
  }
}
