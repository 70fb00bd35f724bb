package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import java.util.LinkedHashSet;
import java.util.List;
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
    VacuumOptions options = VacuumOptions.of(statement);
    boolean analyze = options.analyze();
    boolean skipLocked = options.skipLocked();
    boolean full = options.full();
    if (!analyze && statement.targets().stream().anyMatch(target -> !target.columns().isEmpty())) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "ANALYZE option must be specified when a column list is provided");
    }
    if (!statement.analyzeOnly() && session.transactions().inBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "VACUUM cannot run inside a transaction block");
    }
    options.checkCombination();
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
        if (!columns.add(column.text())) {
          throw new SqlException(
              SqlState.DUPLICATE_COLUMN, "column \"" + column.text() + "\" of relation \"" + relation.name() + "\" appears more than once");
        }
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
        if (!(relation instanceof Relation.SystemRelation)) {
          warn("skipping \"" + relation.name() + "\" --- cannot " + (analyzeOnly ? "analyze" : "vacuum") + " non-tables or special system tables");
        }
        return;
      }
      if (!Privileges.isOwner(session.catalog(), session.currentRole().oid(), table.ownerOid())) {
        warn("skipping \"" + relation.name() + "\" --- only table or database owner can " + (analyzeOnly ? "analyze" : "vacuum") + " it");
        return;
      }
      if (table.kind() == 'f') {
        if (analyzeOnly) {
          io.heliosdb.nano.catalog.ForeignTables.refuse(table, session.catalog());
        }
        warn("skipping \"" + relation.name() + "\" --- cannot vacuum non-tables or special system tables");
        return;
      }
      if (table.isPartitioned()) {
        session.catalog().childrenOf(table.oid()).forEach(child -> on(child, columns));
      } else if (table.kind() == 'r' || table.kind() == 'm') {
        onStored(table, columns);
      }
    }

    private void warn(String message) {
      session.notice(Notice.warning(SqlState.WARNING, message));
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

  /// Rows stand in the order of their keys always, so there is nothing to move; who names a table waits for it as on PostgreSQL, and the
  /// index is remembered.
  static String cluster(SessionCore session, UtilityExecutor utilities, UtilityStatement.Cluster statement, ParsedStatement parsed) {
    checkOptions("CLUSTER", statement.options(), Set.of("verbose"));
    if (statement.table() == null) {
      refuseBlock(session, "CLUSTER");
      return "CLUSTER";
    }
    Relation relation = utilities.relation(statement.table());
    if (!(relation instanceof Relation.Table table)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not a table or materialized view");
    }
    checkOwner(session, table, "table", table.name());
    if (statement.index() == null && !(session.catalog().relation(table.clusterIndex()) instanceof Relation.Index)) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "there is no previously clustered index for table \"" + table.name() + "\"");
    }
    if (table.isPartitioned()) {
      refuseBlock(session, "CLUSTER");
    }
    session.transactions().current().lockTable(Integer.toUnsignedLong(relation.oid()), TableLockMode.ACCESS_EXCLUSIVE, false);
    if (statement.index() != null && !table.isPartitioned()) {
      utilities.alter(new TableDdl.AlterTable(ObjectKind.TABLE, statement.table(), true, false,
          List.of(new AlterTableAction.ClusterOn(statement.index())), 0), parsed);
    }
    return "CLUSTER";
  }

  private static void refuseBlock(SessionCore session, String command) {
    if (session.transactions().inBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, command + " cannot run inside a transaction block");
    }
  }

  private static void checkOptions(String command, List<Option> options, Set<String> known) {
    for (Option option : options) {
      if (!known.contains(option.name())) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "unrecognized " + command + " option \"" + option.name() + "\"").at(option.position());
      }
      if (!option.name().equals("tablespace")) {
        OptionValues.bool(option);
      }
    }
  }

  private static void checkOwner(SessionCore session, Relation relation, String kind, String name) {
    if (!Privileges.isOwner(session.catalog(), session.currentRole().oid(), relation.ownerOid())) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of " + kind + " " + name);
    }
  }

  /// Index entries are written with their rows and never decay, so there is nothing to rebuild; names and options are checked all the same.
  static String reindex(SessionCore session, UtilityExecutor utilities, UtilityStatement.Reindex statement) {
    checkOptions("REINDEX", statement.options(), Set.of("verbose", "concurrently", "tablespace"));
    boolean concurrently = statement.options().stream().anyMatch(o -> o.name().equals("concurrently") && OptionValues.bool(o));
    if (concurrently) {
      refuseBlock(session, "REINDEX CONCURRENTLY");
    }
    for (Option option : statement.options()) {
      if (option.name().equals("tablespace") && !"pg_default".equals(option.text())) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "tablespace \"" + option.text() + "\" does not exist");
      }
    }
    String name = statement.name().name();
    switch (statement.kind()) {
      case INDEX -> {
        Relation relation = utilities.relation(statement.name());
        if (!(relation instanceof Relation.Index index)) {
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not an index");
        }
        checkOwner(session, relation, "index", relation.name());
        lock(session, index.tableOid(), concurrently);
      }
      case TABLE -> {
        Relation relation = utilities.relation(statement.name());
        boolean system = relation instanceof Relation.SystemRelation s && s.kind() == 'r';
        if (!(relation instanceof Relation.Table) && !system) {
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not a table or materialized view");
        }
        if (system && concurrently) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot reindex system catalogs concurrently");
        }
        checkOwner(session, relation, "table", relation.name());
        lock(session, relation.oid(), concurrently);
      }
      case SCHEMA -> {
        refuseBlock(session, "REINDEX SCHEMA");
        if (session.catalog().namespace(name) == null) {
          throw new SqlException(SqlState.UNDEFINED_SCHEMA, "schema \"" + name + "\" does not exist");
        }
      }
      case SYSTEM, DATABASE -> {
        boolean system = statement.kind() == UtilityStatement.ReindexKind.SYSTEM;
        refuseBlock(session, system ? "REINDEX SYSTEM" : "REINDEX DATABASE");
        if (system && concurrently) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot reindex system catalogs concurrently");
        }
        if (session.catalog().databases().stream().noneMatch(database -> database.name().equals(name))) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "can only reindex the currently open database");
        }
      }
    }
    return "REINDEX";
  }

  private static void lock(SessionCore session, int table, boolean concurrently) {
    // PostgreSQL locks the indexes too, which every reader of the table has locked for reading.
    TableLockMode mode = concurrently ? TableLockMode.SHARE_UPDATE_EXCLUSIVE : TableLockMode.ACCESS_EXCLUSIVE;
    session.transactions().current().lockTable(Integer.toUnsignedLong(table), mode, false);
  }
}
