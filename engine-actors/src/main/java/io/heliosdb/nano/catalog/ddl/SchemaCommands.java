package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.Namespace;
import io.heliosdb.nano.catalog.Catalog.Role;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateSchema;
import io.heliosdb.nano.parse.ast.Statement;

/// CREATE SCHEMA, with the objects inside it.
final class SchemaCommands {
  private final Ddl ddl;

  SchemaCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateSchema statement) {
    Role owner = statement.owner() == null ? ddl.catalog().role(ddl.user()) : ddl.role(statement.owner());
    String name = statement.name() == null ? owner.name() : statement.name();
    boolean allowed = ddl.catalog().databases().stream()
        .anyMatch(database -> Privileges.hasOnDatabase(ddl.catalog(), ddl.user(), database, "C"));
    if (!allowed) {
      String database = ddl.catalog().databases().stream().findFirst().map(d -> d.name()).orElse("");
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for database " + database);
    }
    if (statement.owner() != null) {
      ddl.checkMayOwn(owner);
    }
    if (name.startsWith("pg_")) {
      throw new SqlException(SqlState.RESERVED_NAME, "unacceptable schema name \"" + name + "\"")
          .withDetail("The prefix \"pg_\" is reserved for system schemas.");
    }
    ddl.context.lockName(ClassOids.NAMESPACE, 0, name);
    if (ddl.catalog().namespace(name) != null) {
      if (statement.ifNotExists()) {
        ddl.skipping(SqlState.DUPLICATE_SCHEMA, "schema \"" + name + "\" already exists");
        return "CREATE SCHEMA";
      }
      throw new SqlException(SqlState.DUPLICATE_SCHEMA, "schema \"" + name + "\" already exists");
    }
    int oid = ddl.nextOid();
    ddl.put(new NamespaceObject(new Namespace(oid, name, owner.oid(), DefaultPrivileges.of(ddl, 'n', owner.oid(), 0)), 0));
    if (!statement.elements().isEmpty()) {
      SchemaElementContext inside = new SchemaElementContext(ddl.context, oid, owner.oid());
      statement.elements().forEach(element -> checkSchema(element, name));
      for (Statement element : SchemaElementContext.inOrder(statement.elements())) {
        DdlExecutor.execute(element, inside);
      }
    }
    return "CREATE SCHEMA";
  }

  private static void checkSchema(Statement element, String name) {
    io.heliosdb.nano.parse.ast.QualifiedName created =
        switch (element) {
          case io.heliosdb.nano.parse.ast.TableDdl.CreateTable s -> s.name();
          case io.heliosdb.nano.parse.ast.TableDdl.CreateView s -> s.name();
          case io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateSequence s -> s.name();
          case io.heliosdb.nano.parse.ast.TableDdl.CreateIndex s -> s.table();
          case io.heliosdb.nano.parse.ast.RoutineDdl.CreateTrigger s -> s.table();
          default -> null;
        };
    if (created != null && created.schema() != null && !created.schema().equals(name)) {
      throw new SqlException(
          SqlState.INVALID_SCHEMA_DEFINITION,
          "CREATE specifies a schema (" + created.schema() + ") different from the one being created (" + name + ")");
    }
  }
}
