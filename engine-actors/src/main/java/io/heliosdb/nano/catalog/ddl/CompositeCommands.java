package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Composite;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateCompositeType;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CREATE TYPE … AS (…) and ALTER TYPE … ATTRIBUTE.
final class CompositeCommands {
  private final Ddl ddl;

  CompositeCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateCompositeType statement) {
    int namespaceOid = ddl.creationNamespace(statement.name());
    String name = statement.name().name();
    ddl.context.lockName(ClassOids.CLASS, namespaceOid, name);
    checkFree(namespaceOid, name);
    int relationOid = ddl.nextOid();
    List<Column> columns = new ArrayList<>();
    for (TableDdl.Column attribute : statement.attributes()) {
      if (columns.stream().anyMatch(c -> c.name().equals(attribute.name()))) {
        throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + attribute.name() + "\" specified more than once");
      }
      columns.add(attribute(attribute, columns.size() + 1));
    }
    int typeOid = ddl.nextOid();
    int arrayOid = ddl.nextOid();
    PgType type = PgType.ofComposite(typeOid, name, namespaceOid, relationOid, arrayOid);
    ddl.put(new Composite(relationOid, name, namespaceOid, ddl.user(), 0, columns, typeOid));
    ddl.put(new TypeObject(new TypeDef(type, ddl.user(), DefaultPrivileges.of(ddl, 'T', ddl.user(), namespaceOid), null), 0));
    RowTypes.createArray(ddl, type);
    return "CREATE TYPE";
  }

  void checkFree(int namespaceOid, String name) {
    PgType known = ddl.catalog().type(namespaceOid, name);
    if (known != null && !RowTypes.moveArrayType(ddl, known)) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "type \"" + name + "\" already exists");
    }
    ddl.checkNameFree(namespaceOid, name);
  }

  private Column attribute(TableDdl.Column ast, int attnum) {
    TypeNames.Typed typed = ddl.type(ast.type());
    ColumnPlan.checkStorable(ddl, ast.name(), typed.type(), new ArrayList<>());
    ColumnBuilder column = new ColumnBuilder(ast.name(), attnum, typed.type().oid());
    column.typmod = typed.typmod();
    column.collationOid = ddl.collation(ast.collation(), typed.type(), ast.position());
    return column.build();
  }

  void alter(Composite composite, AlterTableAction action) {
    switch (action) {
      case AlterTableAction.AddAttribute a -> {
        if (Relations.column(composite, a.attribute().name()) != null) {
          throw new SqlException(SqlState.DUPLICATE_COLUMN,
              "column \"" + a.attribute().name() + "\" of relation \"" + composite.name() + "\" already exists");
        }
        new TypedTables(ddl).follow(composite, a.cascade(), table ->
            new AlterColumns(ddl, false).add(table, new AlterTableAction.AddColumn(a.attribute(), false), false));
        List<Column> columns = new ArrayList<>(composite.columns());
        columns.add(attribute(a.attribute(), columns.size() + 1));
        RowTypes.checkNoCycle(ddl, composite, ddl.catalog().byOid(columns.getLast().typeOid()));
        ddl.put(Relations.withColumns(composite, columns));
      }
      case AlterTableAction.DropAttribute a -> {
        Column column = Relations.column(composite, a.attribute());
        if (column == null && a.ifExists()) {
          ddl.skipping("column \"" + a.attribute() + "\" of relation \"" + composite.name() + "\" does not exist");
          return;
        }
        if (column == null) {
          throw Ddl.undefinedColumn(a.attribute(), composite);
        }
        new TypedTables(ddl).follow(composite, a.cascade(), table ->
            new AlterColumns(ddl, false).drop(table, new AlterTableAction.DropColumn(a.attribute(), true, true)));
        new Deletion(ddl).drop(List.of(Ddl.columnAddress(composite, column.attnum())), a.cascade());
      }
      case AlterTableAction.AlterAttributeType a -> {
        Column column = Ddl.column(composite, a.attribute());
        TypeNames.Typed typed = ddl.type(a.type());
        ColumnPlan.checkStorable(ddl, a.attribute(), typed.type(), new ArrayList<>());
        RowTypes.checkNoCycle(ddl, composite, typed.type());
        RowTypes.checkNotStored(ddl, composite);
        new TypedTables(ddl).follow(composite, a.cascade(), table -> new AlterColumnType(ddl).alter(table,
            new AlterTableAction.AlterColumnType(a.attribute(), a.type(), a.collation(), null, 0), false));
        ColumnBuilder copy = column.toBuilder();
        copy.type(typed.type().oid(), typed.typmod(), ddl.collation(a.collation(), typed.type(), 0));
        List<Column> columns = new ArrayList<>(composite.columns());
        columns.set(column.attnum() - 1, copy.build());
        ddl.put(Relations.withColumns(composite, columns));
      }
      case AlterTableAction.OwnerTo a -> new OwnerCommands(ddl).changeType(composite.rowTypeOid(), ddl.role(a.owner()));
      default -> throw AlterTableCommand.notFor(composite, action.getClass().getSimpleName());
    }
    RowTypes.touchUsers(ddl, composite.rowTypeOid());
  }
}
