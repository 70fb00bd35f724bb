package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.OnCommit;
import io.heliosdb.nano.catalog.Relation.Persistence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.parse.ast.TableDdl.CreateTableAs;
import io.heliosdb.nano.parse.ast.TableDdl.RefreshMaterializedView;
import java.util.List;

/// CREATE TABLE AS, SELECT INTO, CREATE and REFRESH MATERIALIZED VIEW.
final class TableAsCommands {
  private final Ddl ddl;

  TableAsCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateTableAs statement) {
    boolean materialized = statement.materializedView();
    if (statement.onCommit() != TableDdl.OnCommit.UNSPECIFIED
        && statement.persistence() != io.heliosdb.nano.parse.ast.Persistence.TEMPORARY) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "ON COMMIT can only be used on temporary tables");
    }
    StorageOptions.check(statement.options(), false);
    int namespaceOid = ddl.creationNamespace(statement.name(), statement.persistence());
    String name = statement.name().name();
    ddl.context.lockName(ClassOids.CLASS, namespaceOid, name);
    if (ddl.catalog().relation(namespaceOid, name) != null && statement.ifNotExists()) {
      ddl.skipping(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
      return materialized ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
    }
    ddl.checkNameFree(namespaceOid, name);
    ddl.checkTypeNameFree(namespaceOid, name);
    DdlExpressions.BoundQuery query = ddl.expressions().bindQuery(statement.query(), statement.text());
    if (statement.columns().size() > query.columns().size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "too many column names were specified");
    }
    if (materialized && new ViewCommands(ddl).usesTemporary(query.dependencies())) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "materialized views must not use temporary tables or views");
    }
    Persistence persistence = namespaceOid == ddl.path().temporaryNamespace() && namespaceOid != 0
        ? Persistence.TEMPORARY : Persistence.values()[statement.persistence().ordinal()];
    TableBuilder builder = new TableBuilder(ddl.nextOid(), name, namespaceOid);
    builder.kind = materialized ? 'm' : 'r';
    builder.persistence = persistence;
    builder.ownerOid = ddl.user();
    builder.columns.addAll(new ViewCommands(ddl).columns(query, statement.columns(), name));
    builder.definition = materialized ? query.text() : null;
    builder.populated = !materialized || statement.withData();
    builder.options.putAll(IndexCommands.options(statement.options()));
    builder.onCommit = switch (statement.onCommit()) {
      case UNSPECIFIED, PRESERVE_ROWS -> OnCommit.PRESERVE_ROWS;
      case DELETE_ROWS -> OnCommit.DELETE_ROWS;
      case DROP -> OnCommit.DROP;
    };
    Table table = create(builder);
    if (materialized) {
      ddl.putDependencies(ObjectAddress.of(ClassOids.REWRITE, table.rowTypeOid()), query.dependencies());
    }
    if (!statement.withData()) {
      return materialized ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
    }
    return "SELECT " + ddl.data().fill(table, statement.query());
  }

  private Table create(TableBuilder builder) {
    builder.rowTypeOid = RowTypes.create(ddl, builder.oid, builder.name, builder.namespaceOid);
    builder.storageId = ddl.context.nextStorageId();
    builder.acl = DefaultPrivileges.of(ddl, 'r', builder.ownerOid, builder.namespaceOid);
    ddl.put(builder.build());
    return ddl.table(builder.oid);
  }

  /// `SELECT … INTO table`: the statement without its INTO clause fills the table.
  String selectInto(QualifiedName name, io.heliosdb.nano.parse.ast.Persistence persistence, Statement query, String text) {
    return create(new CreateTableAs(name, false, persistence, false, List.of(), null, List.of(), TableDdl.OnCommit.UNSPECIFIED, null, query,
        true, text));
  }

  String refresh(RefreshMaterializedView statement) {
    Relation relation = ddl.relation(statement.name());
    if (!(relation instanceof Table view) || view.kind() != 'm') {
      if (!(relation instanceof Table)) {
        throw Ddl.wrongKind(relation, "a table or materialized view");
      }
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "\"" + relation.name() + "\" is not a materialized view");
    }
    ddl.checkOwner(view);
    ddl.lock(view, statement.concurrently() ? TableLock.EXCLUSIVE : TableLock.ACCESS_EXCLUSIVE);
    view = ddl.table(view.oid());
    if (statement.concurrently()) {
      checkConcurrently(statement, view);
    }
    TableBuilder builder = new TableBuilder(view);
    builder.populated = statement.withData();
    Table fresh = new TableRewrite(ddl).moveStorage(view, builder);
    if (statement.withData()) {
      ddl.data().fill(fresh, fresh.definition());
    }
    return "REFRESH MATERIALIZED VIEW";
  }

  private void checkConcurrently(RefreshMaterializedView statement, Table view) {
    if (!statement.withData()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "CONCURRENTLY and WITH NO DATA options cannot be used together");
    }
    if (!view.populated()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "CONCURRENTLY cannot be used when the materialized view is not populated");
    }
    for (Index index : ddl.catalog().indexesOf(view.oid())) {
      if (index.unique() && index.predicate() == null && index.keys().stream().noneMatch(key -> key.attnum() == 0)) {
        return;
      }
    }
    throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
        "cannot refresh materialized view \"" + ddl.namespaceName(view.namespaceOid()) + "." + view.name() + "\" concurrently")
        .withHint("Create a unique index with no WHERE clause on one or more columns of the materialized view.");
  }
}
