package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ForeignKeyReference;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.UtilityStatement.Truncate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// TRUNCATE: each table gets a new, empty storage id, so its cost does not depend on the rows.
final class TruncateCommand {
  private final Ddl ddl;
  private final Map<Integer, Table> tables = new LinkedHashMap<>();

  TruncateCommand(Ddl ddl) {
    this.ddl = ddl;
  }

  String execute(Truncate statement) {
    for (RelationTarget target : statement.tables()) {
      Relation relation = ddl.relation(target.name());
      if (!(relation instanceof Table table) || table.kind() == 'm') {
        throw Ddl.wrongKind(relation, "a table");
      }
      collect(table, target.only());
    }
    if (statement.cascade()) {
      addReferencing();
    }
    checkReferences(statement.cascade());
    List<Table> all = new ArrayList<>(tables.values());
    all.forEach(table -> ddl.data().fireTruncateTriggers(table, true));
    for (Table table : all) {
      if (!table.isPartitioned()) {
        Table current = ddl.table(table.oid());
        new TableRewrite(ddl).moveStorage(current, new TableBuilder(current));
      }
      if (statement.restartIdentity()) {
        restartSequences(table);
      }
    }
    all.forEach(table -> ddl.data().fireTruncateTriggers(ddl.table(table.oid()), false));
    return "TRUNCATE TABLE";
  }

  private void collect(Table table, boolean only) {
    if (tables.containsKey(table.oid())) {
      return;
    }
    io.heliosdb.nano.catalog.ForeignTables.refuse(table, ddl.catalog());
    if (only && table.isPartitioned()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot truncate only a partitioned table")
          .withHint("Do not specify the ONLY keyword, or use TRUNCATE ONLY on the partitions directly.");
    }
    if (!Privileges.hasOnRelation(ddl.catalog(), ddl.user(), table, "D")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for table " + table.name());
    }
    ddl.lock(table, TableLock.ACCESS_EXCLUSIVE);
    Table current = ddl.table(table.oid());
    if (ddl.data().isInUse(current)) {
      throw new SqlException(SqlState.OBJECT_IN_USE,
          "cannot TRUNCATE \"" + table.name() + "\" because it is being used by active queries in this session");
    }
    tables.put(table.oid(), current);
    if (!only) {
      ddl.catalog().childrenOf(table.oid()).stream()
          .filter(child -> !child.isTemporary() || child.namespaceOid() == ddl.path().temporaryNamespace()).forEach(child -> collect(child, false));
    }
  }

  private void addReferencing() {
    List<Table> open = new ArrayList<>(tables.values());
    while (!open.isEmpty()) {
      Table table = open.removeLast();
      for (ForeignKeyReference reference : ddl.catalog().referencesTo(table.oid())) {
        if (!tables.containsKey(reference.table().oid())) {
          Set<Integer> before = new HashSet<>(tables.keySet());
          collect(reference.table(), false);
          for (Table reached : List.copyOf(tables.values())) {
            if (!before.contains(reached.oid())) {
              ddl.notice(SqlState.SUCCESSFUL_COMPLETION, "truncate cascades to table \"" + reached.name() + "\"");
              open.add(reached);
            }
          }
        }
      }
    }
  }

  private void checkReferences(boolean cascade) {
    for (Table table : tables.values()) {
      for (ForeignKeyReference reference : ddl.catalog().referencesTo(table.oid())) {
        if (!tables.containsKey(reference.table().oid())) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot truncate a table referenced in a foreign key constraint")
              .withDetail("Table \"" + reference.table().name() + "\" references \"" + table.name() + "\".")
              .withHint("Truncate table \"" + reference.table().name() + "\" at the same time, or use TRUNCATE ... CASCADE.");
        }
      }
    }
  }

  private void restartSequences(Table table) {
    for (var dependent : ddl.catalog().dependents(Ddl.address(table))) {
      if (dependent.target().classOid() == ClassOids.CLASS
          && ddl.catalog().relation(dependent.target().objectOid()) instanceof Sequence sequence && sequence.ownerTable() == table.oid()) {
        ddl.lock(sequence, TableLock.SHARE_ROW_EXCLUSIVE);
        ddl.data().startSequence(sequence, sequence.start(), false);
      }
    }
  }
}
