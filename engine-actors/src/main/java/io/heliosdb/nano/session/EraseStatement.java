package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.VersionStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.storage.ErasedCounts;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// `ERASE FROM t WHERE …`: removes rows for good, with all their versions, on all branches. A row is erased when any of its versions meets
/// the condition, present or past, on any branch; then no version of it is left.
///
/// Rounds, each under ACCESS EXCLUSIVE locks of the table on every branch that has it: the versions are looked through; if rows are still
/// live somewhere, they are deleted there in ordinary transactions (foreign keys are checked, triggers do not fire), which ends the locks
/// and begins another round; else what is left of the rows is history, and is removed from the store. So nobody can write a version
/// between the last look and the removal. Not atomic over branches, but it can be run again.
final class EraseStatement {
  /// Somebody writes rows that meet the condition faster than they are deleted.
  private static final int ROUNDS_MAX = 20;

  static final String NOT_REACHED =
      "free space of the data file and the redo log until VACUUM FULL; dumps, backups and other copies; rows of other tables, materialized "
          + "views included; audit and statement logs";

  private EraseStatement() {}

  static List<OutputColumn> columns() {
    return List.of(
        Results.columnOf("rows", PgTypes.INT8), Results.columnOf("versions", PgTypes.INT8), Results.columnOf("index_entries", PgTypes.INT8),
        Results.columnOf("branches", PgTypes.INT8), Results.columnOf("bytes", PgTypes.INT8), Results.columnOf("not_reached", PgTypes.TEXT));
  }

  static void run(SessionCore session, VersionStatement.Erase statement) {
    if (session.transactions().inBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "ERASE cannot run inside a transaction block");
    }
    if (session.transactions().current().hasDataWrites()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "ERASE cannot run in a transaction that has changed data");
    }
    if (session.isReadOnly()) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute ERASE in a read-only transaction");
    }
    Relation relation = session.relation(statement.table());
    if (!(relation instanceof Relation.Table table) || table.isTemporary() || table.kind() != 'r' && table.kind() != 'p') {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not a table that can be erased from").at(statement.position());
    }
    List<Relation.Table> tables = new ArrayList<>();
    collect(session.catalog(), table, statement.only(), tables);
    long rows = 0;
    long versions = 0;
    long entries = 0;
    long bytes = 0;
    TreeSet<Integer> branches = new TreeSet<>();
    for (Relation.Table one : tables) {
      ErasedRows erased = erase(session, statement, one);
      rows += erased.rows;
      versions += erased.counts.versions();
      entries += erased.counts.entries();
      bytes += erased.counts.bytes();
      branches.addAll(erased.counts.branches());
    }
    Results results = new Results(session.sink()).columns(columns());
    results.row(rows, versions, entries, (long) branches.size(), bytes, NOT_REACHED);
    results.end("ERASE " + rows);
  }

  /// The table and those below it that have rows.
  private static void collect(CatalogSnapshot catalog, Relation.Table table, boolean only, List<Relation.Table> tables) {
    if (!table.isPartitioned()) {
      tables.add(table);
    }
    if (!only) {
      catalog.childrenOf(table.oid()).forEach(child -> collect(catalog, child, false, tables));
    }
  }

  private record ErasedRows(long rows, ErasedCounts counts) {}

  private static ErasedRows erase(SessionCore session, VersionStatement.Erase statement, Relation.Table table) {
    DatabaseEngine engine = session.engine();
    ErasedVersions found = null;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      session.cancelToken().check();
      List<SessionCore> workers = new ArrayList<>();
      try {
        SessionCore owner = session;
        for (BranchState branch : branchesWith(engine, table.oid())) {
          SessionCore worker = ErasedVersions.lockedWorker(session, branch, table.oid());
          workers.add(worker);
          owner = branch == session.branchState() ? worker : owner;
        }
        found = ErasedVersions.find(session, owner, statement, table.oid(), found);
        if (found.isEmpty()) {
          return new ErasedRows(0, new ErasedCounts(0, 0, 0, java.util.Set.of()));
        }
        if (!found.deleteLive(workers)) {
          ErasedCounts counts = engine.system().store().erase(found.keys(), found.indexes());
          engine.mergeConflicts().forget(table.name());
          return new ErasedRows(found.rowCount(), counts);
        }
      } finally {
        workers.forEach(SessionCore::close);
      }
    }
    throw new SqlException(SqlState.OBJECT_IN_USE, "rows of table \"" + table.name() + "\" were written again while they were being erased");
  }

  /// The named branches that have the table, in the order of their ids, in which they are locked.
  private static List<BranchState> branchesWith(DatabaseEngine engine, int oid) {
    Map<Integer, BranchState> byId = new java.util.TreeMap<>();
    engine.branchCatalogs().forEach((branch, catalog) -> {
      if (branch.entry().isNamed() && catalog.relation(oid) instanceof Relation.Table) {
        byId.put(branch.id(), branch);
      }
    });
    return new ArrayList<>(new LinkedHashMap<>(byId).values());
  }

  static void requireOwner(SessionCore session, BranchState branch, Relation.Table table) {
    if (!Privileges.isOwner(branch.catalog(), session.currentRole().oid(), table.ownerOid())) {
      String where = branch == session.branchState() ? "" : " on branch " + branch.name();
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of table " + table.name() + where);
    }
  }
}
