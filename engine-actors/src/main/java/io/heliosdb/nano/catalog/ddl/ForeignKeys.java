package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.CastDef;
import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Persistence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.TableDdl.ForeignKey;
import io.heliosdb.nano.parse.ast.TableDdl.ForeignKeyConstraint;
import io.heliosdb.nano.parse.ast.TableDdl.MatchType;
import io.heliosdb.nano.parse.ast.TableDdl.ReferentialAction;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Adds FOREIGN KEY constraints with all of PostgreSQL's checks.
final class ForeignKeys {
  private final Ddl ddl;

  ForeignKeys(Ddl ddl) {
    this.ddl = ddl;
  }

  void add(int tableOid, ForeignKeyConstraint definition, boolean onNewTable) {
    Table table = ddl.table(tableOid);
    ForeignKey key = definition.key();
    if (key.match() == MatchType.PARTIAL) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "MATCH PARTIAL not yet implemented");
    }
    Relation relation = ddl.relation(key.table());
    if (!(relation instanceof Table referenced) || referenced.kind() == 'm') {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "referenced relation \"" + relation.name() + "\" is not a table");
    }
    ddl.lock(referenced, TableLock.SHARE_ROW_EXCLUSIVE);
    referenced = ddl.table(referenced.oid());
    checkPersistence(table, referenced);
    List<Integer> columns = columns(table, definition.columns());
    Index index;
    List<Integer> referencedColumns;
    if (key.columns().isEmpty()) {
      Constraint primary = primaryKey(referenced);
      index = (Index) ddl.catalog().relation(primary.indexOid());
      referencedColumns = primary.columns();
      checkCounts(columns, referencedColumns);
    } else {
      referencedColumns = columns(referenced, key.columns());
      checkCounts(columns, referencedColumns);
      index = matchingIndex(referenced, referencedColumns);
    }
    checkRights(table, referenced, columns, referencedColumns);
    checkGenerated(table, columns, key);
    String name = name(table, definition, columns);
    for (int i = 0; i < columns.size(); i++) {
      checkTypes(name, table.column(columns.get(i)), referenced.column(referencedColumns.get(i)));
    }
    List<Integer> setColumns = setColumns(table, key, columns);
    Constraint constraint = new Constraint(ddl.nextOid(), name, Constraint.Kind.FOREIGN_KEY, columns, null, index.oid(), referenced.oid(),
        referencedColumns, action(key.onUpdate()), action(key.onDelete()), key.match() == MatchType.FULL ? 'f' : 's', setColumns,
        definition.timing().deferrable(), definition.timing().initiallyDeferred(), !definition.notValid(), true, true, 0, 0);
    put(table.oid(), constraint);
    if (!onNewTable && !definition.notValid() && !table.isPartitioned()) {
      ddl.data().validateForeignKey(ddl.table(tableOid), constraint);
    }
    cloneToPartitions(ddl.table(tableOid), constraint, onNewTable);
  }

  private void put(int tableOid, Constraint constraint) {
    TableBuilder builder = new TableBuilder(ddl.table(tableOid));
    builder.constraints.add(constraint);
    ddl.put(builder.build());
  }

  private void cloneToPartitions(Table table, Constraint constraint, boolean onNewTable) {
    if (table.isPartitioned()) {
      for (Table partition : ddl.catalog().childrenOf(table.oid())) {
        cloneTo(table, constraint, partition, onNewTable);
      }
    }
  }

  /// Gives a partition its own copy of the parent's foreign key.
  void cloneTo(Table parent, Constraint constraint, Table partition, boolean onNewTable) {
    List<Integer> columns = translate(parent, constraint.columns(), partition);
    String wanted = ObjectNames.columns(columns.stream().map(attnum -> partition.column(attnum).name()).toList());
    String name = partition.constraint(constraint.name()) == null ? constraint.name()
        : ObjectNames.constraint(ddl.catalog(), partition.name(), wanted, "fkey", partition.namespaceOid(), List.of());
    Constraint copy = new Constraint(ddl.nextOid(), name, Constraint.Kind.FOREIGN_KEY, columns, null, constraint.indexOid(),
        constraint.referencedTable(), constraint.referencedColumns(), constraint.onUpdate(), constraint.onDelete(), constraint.match(),
        translate(parent, constraint.deleteSetColumns(), partition), constraint.deferrable(), constraint.initiallyDeferred(),
        constraint.validated(), true, false, 1, constraint.oid());
    put(partition.oid(), copy);
    lockReferenced(constraint.referencedTable());
    if (!onNewTable && constraint.validated() && !partition.isPartitioned()) {
      ddl.data().validateForeignKey(ddl.table(partition.oid()), copy);
    }
    cloneToPartitions(ddl.table(partition.oid()), copy, onNewTable);
  }

  /// No referenced row goes while rows are checked that refer to it.
  private void lockReferenced(int tableOid) {
    ddl.lock(ddl.table(tableOid), TableLock.SHARE_ROW_EXCLUSIVE);
    ddl.catalog().childrenOf(tableOid).forEach(partition -> lockReferenced(partition.oid()));
  }

  private static List<Integer> translate(Table from, List<Integer> attnums, Table to) {
    return attnums.stream().map(attnum -> to.column(from.column(attnum).name()).attnum()).toList();
  }

  private String name(Table table, ForeignKeyConstraint definition, List<Integer> columns) {
    if (definition.name() != null) {
      if (table.constraint(definition.name()) != null) {
        throw new SqlException(SqlState.DUPLICATE_OBJECT,
            "constraint \"" + definition.name() + "\" for relation \"" + table.name() + "\" already exists");
      }
      return definition.name();
    }
    List<String> names = columns.stream().map(attnum -> table.column(attnum).name()).toList();
    return ObjectNames.constraint(ddl.catalog(), table.name(), ObjectNames.columns(names), "fkey", table.namespaceOid(), List.of());
  }

  private static void checkPersistence(Table table, Table referenced) {
    String problem = switch (table.persistence()) {
      case PERMANENT -> referenced.persistence() != Persistence.PERMANENT ? "permanent tables may reference only permanent tables" : null;
      case UNLOGGED -> referenced.persistence() == Persistence.TEMPORARY
          ? "unlogged tables may reference only permanent or unlogged tables" : null;
      case TEMPORARY -> referenced.persistence() != Persistence.TEMPORARY ? "temporary tables may reference only temporary tables" : null;
    };
    if (problem != null) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "constraints on " + problem);
    }
  }

  private static List<Integer> columns(Table table, List<Name> names) {
    List<Integer> result = new ArrayList<>();
    for (Name name : names) {
      Column column = Relations.column(table, name.text());
      if (column == null) {
        if (ColumnPlan.SYSTEM_COLUMNS.contains(name.text())) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "system columns cannot be used in foreign keys");
        }
        throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name.text() + "\" referenced in foreign key constraint does not exist");
      }
      result.add(column.attnum());
    }
    return result;
  }

  private static void checkCounts(List<Integer> columns, List<Integer> referencedColumns) {
    if (columns.size() != referencedColumns.size()) {
      throw new SqlException(SqlState.INVALID_FOREIGN_KEY, "number of referencing and referenced columns for foreign key disagree");
    }
  }

  private static Constraint primaryKey(Table referenced) {
    for (Constraint constraint : referenced.constraints()) {
      if (constraint.kind() == Constraint.Kind.PRIMARY_KEY) {
        if (constraint.deferrable()) {
          throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "cannot use a deferrable primary key for referenced table \"" + referenced.name() + "\"");
        }
        return constraint;
      }
    }
    throw new SqlException(SqlState.UNDEFINED_OBJECT, "there is no primary key for referenced table \"" + referenced.name() + "\"");
  }

  private Index matchingIndex(Table referenced, List<Integer> columns) {
    if (new HashSet<>(columns).size() != columns.size()) {
      throw new SqlException(SqlState.INVALID_FOREIGN_KEY, "foreign key referenced-columns list must not contain duplicates");
    }
    boolean deferrable = false;
    for (Index index : ddl.catalog().indexesOf(referenced.oid())) {
      List<Integer> keys = index.keys().subList(0, index.keyCount()).stream().map(Index.Key::attnum).toList();
      if (index.unique() && index.predicate() == null && !keys.contains(0) && keys.size() == columns.size() && keys.containsAll(columns)) {
        if (index.immediate()) {
          return index;
        }
        deferrable = true;
      }
    }
    throw deferrable
        ? new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "cannot use a deferrable unique constraint for referenced table \"" + referenced.name() + "\"")
        : new SqlException(SqlState.INVALID_FOREIGN_KEY,
            "there is no unique constraint matching given keys for referenced table \"" + referenced.name() + "\"");
  }

  private void checkRights(Table table, Table referenced, List<Integer> columns, List<Integer> referencedColumns) {
    boolean allowed = Privileges.hasOnRelation(ddl.catalog(), ddl.user(), referenced, "x") || referencedColumns.stream()
        .allMatch(attnum -> Privileges.hasOnColumn(ddl.catalog(), ddl.user(), referenced, referenced.column(attnum), 'x'));
    if (!allowed) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for table " + referenced.name());
    }
  }

  private static void checkGenerated(Table table, List<Integer> columns, ForeignKey key) {
    boolean generated = columns.stream().anyMatch(attnum -> table.column(attnum).generated() != 0);
    if (generated && (key.onUpdate() == ReferentialAction.SET_NULL || key.onUpdate() == ReferentialAction.SET_DEFAULT
        || key.onUpdate() == ReferentialAction.CASCADE)) {
      throw new SqlException(SqlState.SYNTAX_ERROR,
          "invalid ON UPDATE action for foreign key constraint containing generated column");
    }
    if (generated && (key.onDelete() == ReferentialAction.SET_NULL || key.onDelete() == ReferentialAction.SET_DEFAULT)) {
      throw new SqlException(SqlState.SYNTAX_ERROR,
          "invalid ON DELETE action for foreign key constraint containing generated column");
    }
  }

  private static List<Integer> setColumns(Table table, ForeignKey key, List<Integer> columns) {
    List<Integer> result = columns(table, key.setColumns());
    for (int i = 0; i < result.size(); i++) {
      if (!columns.contains(result.get(i))) {
        throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "column \"" + key.setColumns().get(i).text()
            + "\" referenced in ON DELETE SET action must be part of foreign key");
      }
    }
    return result;
  }

  void checkTypes(String name, Column referencing, Column referenced) {
    PgType from = ddl.catalog().byOid(referencing.typeOid());
    PgType to = ddl.catalog().byOid(referenced.typeOid());
    if (!comparable(from, to)) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "foreign key constraint \"" + name + "\" cannot be implemented")
          .withDetail("Key columns \"" + referencing.name() + "\" and \"" + referenced.name() + "\" are of incompatible types: "
              + ddl.format(from) + " and " + ddl.format(to) + ".");
    }
  }

  /// Whether `=` of an ordered index on the referenced type takes the referencing type, directly or through an implicit cast.
  boolean comparable(PgType referencing, PgType referenced) {
    PgType from = referencing.ultimateBase();
    PgType to = referenced.ultimateBase();
    if (from.oid() == to.oid()) {
      return true;
    }
    if (isText(from) && isText(to)) {
      return true;
    }
    for (OperatorDef operator : ddl.catalog().operators(io.heliosdb.nano.catalog.Catalog.PG_CATALOG, "=")) {
      if (operator.left() == to.oid() && operator.right() == from.oid()) {
        return true;
      }
    }
    CastDef cast = ddl.catalog().cast(from.oid(), to.oid());
    return cast != null && cast.context() == 'i';
  }

  private static boolean isText(PgType type) {
    return type.family() == TypeFamily.TEXT && type.category() == 'S' || type.family() == TypeFamily.NAME;
  }

  private static char action(ReferentialAction action) {
    return switch (action) {
      case NO_ACTION -> 'a';
      case RESTRICT -> 'r';
      case CASCADE -> 'c';
      case SET_NULL -> 'n';
      case SET_DEFAULT -> 'd';
    };
  }
}
