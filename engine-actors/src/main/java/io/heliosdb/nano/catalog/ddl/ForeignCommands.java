package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.Role;
import io.heliosdb.nano.catalog.CatalogObject.DefinedObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.parse.ast.DatabaseDdl;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.type.PgTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Foreign-data wrappers, servers, user mappings and the foreign side of tables: kept and shown as defined. No wrapper has a handler here,
/// so reading a foreign table fails as PostgreSQL's does with a wrapper without one.
final class ForeignCommands {
  /// Prefix of the options of a column among the attributes of a FOREIGN_TABLE object; the column's number follows.
  static final String COLUMN = "column.";

  private final Ddl ddl;

  ForeignCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  // Wrappers

  String wrapper(DatabaseDdl.ForeignDataWrapper statement) {
    String name = statement.name();
    String word = "foreign-data wrapper";
    if (!ddl.isSuperuser()) {
      String verb = statement.create() ? "create" : "alter";
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to " + verb + " " + word + " \"" + name + "\"")
          .withHint("Must be superuser to " + verb + " a " + word + ".");
    }
    DefinedObject old = statement.create() ? null : DefinedObjects.get(ddl, ObjectClass.FOREIGN_DATA_WRAPPER, name);
    if (statement.create()) {
      DefinedObjects.checkNew(ddl, ObjectClass.FOREIGN_DATA_WRAPPER, name);
    }
    Map<String, String> attributes = new LinkedHashMap<>(old == null ? Map.of() : old.attributes());
    for (Option option : statement.functions()) {
      if (option.value() == null) {
        attributes.remove(option.name());
      } else if (option.name().equals("handler")) {
        throw noHandler(((Option.NameValue) option.value()).name());
      } else {
        FunctionDef validator = function(((Option.NameValue) option.value()).name(),
            List.of(PgTypes.TEXT_ARRAY.oid(), PgTypes.OID.oid()), "text[], oid");
        attributes.put("validator", Integer.toString(validator.oid()));
      }
    }
    List<String> options = DefinedObjects.changed(old == null ? List.of() : old.options(), statement.options());
    ddl.put(old == null
        ? new DefinedObject(ObjectClass.FOREIGN_DATA_WRAPPER, ddl.nextOid(), name, ddl.user(), null, attributes, options, List.of(), 0)
        : old.with(attributes, options, old.references()));
    return (statement.create() ? "CREATE" : "ALTER") + " FOREIGN DATA WRAPPER";
  }

  private SqlException noHandler(QualifiedName name) {
    FunctionDef handler = new RoutineLookup(ddl).exact(name, List.of());
    if (handler == null) {
      return new SqlException(SqlState.UNDEFINED_FUNCTION, "function " + name + "() does not exist");
    }
    if (handler.returnType() != 3115) {
      return new SqlException(SqlState.WRONG_OBJECT_TYPE, "function " + name + " must return type fdw_handler");
    }
    return SqlException.notSupported("a handler of a foreign-data wrapper");
  }

  private FunctionDef function(QualifiedName name, List<Integer> types, String shown) {
    FunctionDef found = new RoutineLookup(ddl).exact(name, types);
    if (found == null) {
      throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function " + name + "(" + shown + ") does not exist");
    }
    return found;
  }

  private void checkUsage(DefinedObject object) {
    if (!Privileges.has(ddl.catalog(), ddl.user(), object.ownerOid(), object.acl(), "", "U")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
          "permission denied for " + DefinedObjects.word(object.objectClass()) + " " + object.name());
    }
  }

  // Servers

  String server(DatabaseDdl.ForeignServerDefinition statement) {
    return statement.create() ? createServer(statement) : alterServer(statement);
  }

  private String createServer(DatabaseDdl.ForeignServerDefinition statement) {
    String name = statement.name();
    if (statement.ifNotExists() && DefinedObjects.find(ddl, ObjectClass.FOREIGN_SERVER, name) != null) {
      ddl.skipping(SqlState.DUPLICATE_OBJECT, "server \"" + name + "\" already exists");
      return "CREATE SERVER";
    }
    DefinedObjects.checkNew(ddl, ObjectClass.FOREIGN_SERVER, name);
    DefinedObject wrapper = DefinedObjects.get(ddl, ObjectClass.FOREIGN_DATA_WRAPPER, Objects.requireNonNull(statement.wrapper()));
    checkUsage(wrapper);
    Map<String, String> attributes = new LinkedHashMap<>();
    if (statement.type() != null) {
      attributes.put("type", statement.type());
    }
    if (statement.version() != null) {
      attributes.put("version", statement.version());
    }
    ddl.put(new DefinedObject(ObjectClass.FOREIGN_SERVER, ddl.nextOid(), name, ddl.user(), null, attributes,
        DefinedObjects.changed(List.of(), statement.options()), List.of(wrapper.key()), 0));
    return "CREATE SERVER";
  }

  private String alterServer(DatabaseDdl.ForeignServerDefinition statement) {
    DefinedObject old = DefinedObjects.get(ddl, ObjectClass.FOREIGN_SERVER, statement.name());
    ddl.checkOwner(old.ownerOid(), "foreign server", old.name());
    Map<String, String> attributes = new LinkedHashMap<>(old.attributes());
    if (statement.version() != null) {
      attributes.put("version", statement.version());
    } else if (statement.options().isEmpty()) {
      attributes.remove("version");
    }
    ddl.put(old.with(attributes, DefinedObjects.changed(old.options(), statement.options()), old.references()));
    return "ALTER SERVER";
  }

  // User mappings

  String mapping(DatabaseDdl.UserMapping statement) {
    String tag = statement.action() + " USER MAPPING";
    boolean everyone = statement.user().kind() == RoleSpecification.Kind.PUBLIC;
    boolean drop = statement.action() == DatabaseDdl.MappingAction.DROP;
    Role role = null;
    if (!everyone) {
      try {
        role = ddl.role(statement.user());
      } catch (SqlException e) {
        if (!drop || !statement.exists()) {
          throw e;
        }
        ddl.skipping(e.getMessage());
        return tag;
      }
    }
    DefinedObject server = DefinedObjects.find(ddl, ObjectClass.FOREIGN_SERVER, statement.server());
    if (server == null) {
      String message = "server \"" + statement.server() + "\" does not exist";
      if (!drop || !statement.exists()) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, message);
      }
      ddl.skipping(message);
      return tag;
    }
    String name = role == null ? "public" : role.name();
    checkMapping(server, role);
    DefinedObject old = findMapping(server, role == null ? 0 : role.oid());
    String what = "user mapping for \"" + name + "\"";
    if (statement.action() == DatabaseDdl.MappingAction.CREATE) {
      if (old != null) {
        String message = what + " already exists for server \"" + server.name() + "\"";
        if (!statement.exists()) {
          throw new SqlException(SqlState.DUPLICATE_OBJECT, message);
        }
        ddl.skipping(SqlState.DUPLICATE_OBJECT, message);
        return tag;
      }
      ddl.put(new DefinedObject(ObjectClass.USER_MAPPING, ddl.nextOid(), name, role == null ? 0 : role.oid(), null, Map.of(),
          DefinedObjects.changed(List.of(), statement.options()), List.of(server.key()), 0));
      return tag;
    }
    if (old == null) {
      String message = what + " does not exist for server \"" + server.name() + "\"";
      if (!drop || !statement.exists()) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, message);
      }
      ddl.skipping(message);
    } else if (drop) {
      new Deletion(ddl).drop(List.of(old.key()), false);
    } else {
      ddl.put(old.with(old.attributes(), DefinedObjects.changed(old.options(), statement.options()), old.references()));
    }
    return tag;
  }

  /// The server's owner may map all users; who may use the server may map himself.
  private void checkMapping(DefinedObject server, @Nullable Role role) {
    if (Privileges.isOwner(ddl.catalog(), ddl.user(), server.ownerOid())) {
      return;
    }
    if (role == null || role.oid() != ddl.user()) {
      ddl.checkOwner(server.ownerOid(), "foreign server", server.name());
    }
    checkUsage(server);
  }

  private @Nullable DefinedObject findMapping(DefinedObject server, int roleOid) {
    for (DefinedObject mapping : ddl.catalog().<DefinedObject>objects(ObjectClass.USER_MAPPING)) {
      if (mapping.ownerOid() == roleOid && mapping.references().contains(server.key())) {
        return mapping;
      }
    }
    return null;
  }

  String importSchema(DatabaseDdl.ImportForeignSchema statement) {
    DefinedObject server = DefinedObjects.get(ddl, ObjectClass.FOREIGN_SERVER, statement.server());
    checkUsage(server);
    ddl.checkCreateIn(ddl.namespace(statement.localSchema(), 0));
    throw io.heliosdb.nano.catalog.ForeignTables.withoutHandler(ddl.catalog(), server);
  }

  // Tables

  private DefinedObject side(Table table) {
    return DefinedObjects.byOid(ddl, ObjectClass.FOREIGN_TABLE, table.oid());
  }

  /// The server of a new foreign table, with the right to use it checked.
  DefinedObject serverOf(TableDdl.ForeignServer foreign) {
    DefinedObject server = DefinedObjects.get(ddl, ObjectClass.FOREIGN_SERVER, foreign.server());
    checkUsage(server);
    return server;
  }

  /// Keeps what CREATE FOREIGN TABLE says about the other side.
  void addTable(int tableOid, DefinedObject server, List<Option> options, Map<Integer, List<Option>> columns) {
    Map<String, String> attributes = new LinkedHashMap<>();
    columns.forEach((attnum, list) -> attributes.put(COLUMN + attnum, String.join("\n", DefinedObjects.changed(List.of(), list))));
    ddl.put(new DefinedObject(ObjectClass.FOREIGN_TABLE, tableOid, "", 0, null, attributes, DefinedObjects.changed(List.of(), options),
        List.of(server.key()), 0));
  }

  void alterOptions(Table table, AlterTableAction.ForeignOptions action) {
    DefinedObject side = side(table);
    ddl.put(side.with(side.attributes(), DefinedObjects.changed(side.options(), action.options()), side.references()));
  }

  void alterColumnOptions(Table table, String columnName, List<Option> changes) {
    Column column = Ddl.column(table, columnName);
    DefinedObject side = side(table);
    String key = COLUMN + column.attnum();
    String known = side.attributes().get(key);
    List<String> options = DefinedObjects.changed(known == null ? List.of() : List.of(known.split("\n")), changes);
    Map<String, String> attributes = new LinkedHashMap<>(side.attributes());
    if (options.isEmpty()) {
      attributes.remove(key);
    } else {
      attributes.put(key, String.join("\n", options));
    }
    ddl.put(side.with(attributes, side.options(), side.references()));
  }

  /// Refuses what a foreign table cannot have.
  static void checkConstraint(TableDdl.TableConstraint constraint) {
    String what = switch (constraint) {
      case TableDdl.UniqueConstraint unique -> unique.primary() ? "primary key" : "unique";
      case TableDdl.ForeignKeyConstraint key -> "foreign key";
      case TableDdl.ExclusionConstraint exclusion -> "exclusion";
      case TableDdl.IndexConstraint index -> "unique";
      case TableDdl.CheckConstraint check -> null;
    };
    if (what != null) {
      int position = switch (constraint) {
        case TableDdl.UniqueConstraint unique -> unique.position();
        case TableDdl.ForeignKeyConstraint key -> key.position();
        default -> 0;
      };
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, what + " constraints are not supported on foreign tables").at(position);
    }
  }

  /// The address that depends on the server.
  static ObjectAddress address(Table table) {
    return ObjectAddress.of(ClassOids.FOREIGN_TABLE, table.oid());
  }
}
