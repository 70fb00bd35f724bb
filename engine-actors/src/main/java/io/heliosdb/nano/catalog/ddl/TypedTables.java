package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Composite;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Tables of a composite type: becoming one, and following the type's changes.
final class TypedTables {
  private final Ddl ddl;

  TypedTables(Ddl ddl) {
    this.ddl = ddl;
  }

  /// ALTER TABLE … OF.
  void become(Table table, AlterTableAction.OfType action) {
    PgType type = ddl.type(action.type()).type();
    if (type.relationOid() == 0 || !(ddl.catalog().relation(type.relationOid()) instanceof Composite composite)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "type " + ddl.format(type) + " is not a composite type");
    }
    if (!table.inherits().isEmpty()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "typed tables cannot inherit");
    }
    compare(composite, table);
    TableBuilder builder = new TableBuilder(table);
    builder.ofType = type.oid();
    ddl.put(builder.build());
  }

  private static void compare(Composite composite, Table table) {
    List<Column> columns = table.columns().stream().filter(column -> !column.dropped()).toList();
    int place = 0;
    for (Column attribute : composite.columns()) {
      if (attribute.dropped()) {
        continue;
      }
      if (place == columns.size()) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "table is missing column \"" + attribute.name() + "\"");
      }
      Column column = columns.get(place++);
      if (!column.name().equals(attribute.name())) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH,
            "table has column \"" + column.name() + "\" where type requires \"" + attribute.name() + "\"");
      }
      if (column.typeOid() != attribute.typeOid() || column.typmod() != attribute.typmod()
          || column.collationOid() != attribute.collationOid()) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH,
            "table \"" + table.name() + "\" has different type for column \"" + attribute.name() + "\"");
      }
    }
    if (place < columns.size()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "table has extra column \"" + columns.get(place).name() + "\"");
    }
  }

  /// Does to each table of the type what was done to the type.
  ///
  /// @throws SqlException 2BP01 without CASCADE when there are such tables
  void follow(Composite composite, boolean cascade, Consumer<Table> change) {
    for (Table table : tablesOf(composite.rowTypeOid())) {
      if (!cascade) {
        throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
            "cannot alter type \"" + composite.name() + "\" because it is the type of a typed table")
            .withHint("Use ALTER ... CASCADE to alter the typed tables too.");
      }
      ofType(table, 0);
      change.accept(ddl.table(table.oid()));
      ofType(ddl.table(table.oid()), composite.rowTypeOid());
    }
  }

  private void ofType(Table table, int typeOid) {
    TableBuilder builder = new TableBuilder(table);
    builder.ofType = typeOid;
    ddl.put(builder.build());
  }

  private List<Table> tablesOf(int typeOid) {
    List<Table> result = new ArrayList<>();
    for (Dependency dependent : ddl.catalog().dependents(ObjectAddress.of(ClassOids.TYPE, typeOid))) {
      Relation relation = dependent.target().classOid() == ClassOids.CLASS ? ddl.catalog().relation(dependent.target().objectOid()) : null;
      if (relation instanceof Table table && table.ofType() == typeOid && result.stream().noneMatch(t -> t.oid() == table.oid())) {
        result.add(table);
      }
    }
    return result;
  }
}
