package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.Namespace;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.Role;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogObject.DependenciesObject;
import io.heliosdb.nano.catalog.CatalogObject.RelationObject;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Persistence;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import io.heliosdb.nano.parse.ast.TypeName;
import io.heliosdb.nano.type.PgType;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What all DDL commands need: names to objects in PostgreSQL's words, rights, and short ways into the overlay.
/// One per command; confined to the session's thread.
final class Ddl {
  final DdlContext context;

  Ddl(DdlContext context) {
    this.context = context;
  }

  CatalogSnapshot catalog() {
    return context.catalog().current();
  }

  SearchPath path() {
    return context.searchPath();
  }

  int user() {
    return context.currentUser();
  }

  boolean isSuperuser() {
    return Privileges.isSuperuser(catalog(), user());
  }

  DataWork data() {
    return context.data();
  }

  DdlExpressions expressions() {
    return context.expressions();
  }

  int nextOid() {
    return context.nextOid();
  }

  void put(CatalogObject object) {
    context.catalog().put(object);
  }

  void put(Relation relation) {
    context.catalog().put(new RelationObject(relation));
  }

  /// The relation as the overlay has it now.
  Table table(int oid) {
    return (Table) catalog().relation(oid);
  }

  void remove(ObjectClass objectClass, ObjectAddress key) {
    context.catalog().remove(objectClass, key);
  }

  /// Remembers what the expressions of `dependent` refer to; forgets it when there is nothing.
  void putDependencies(ObjectAddress dependent, Collection<ObjectAddress> targets) {
    if (targets.isEmpty()) {
      remove(ObjectClass.EXPRESSION_DEPENDENCIES, dependent);
    } else {
      put(new DependenciesObject(dependent, List.copyOf(targets), 0));
    }
  }

  void notice(SqlState state, String message) {
    context.notice("NOTICE", state, message, null, null);
  }

  /// IF NOT EXISTS met something: the notice has the state that the error would have.
  void skipping(SqlState state, String message) {
    notice(state, message + ", skipping");
  }

  /// IF EXISTS met nothing.
  void skipping(String message) {
    notice(SqlState.SUCCESSFUL_COMPLETION, message + ", skipping");
  }

  void lock(Relation relation, TableLock mode) {
    context.lockTable(relation.oid(), mode);
  }

  // Schemas

  Namespace namespace(String name, int position) {
    Namespace namespace = name.equals("pg_temp") ? catalog().namespace(path().temporaryNamespace()) : catalog().namespace(name);
    if (namespace == null) {
      throw new SqlException(SqlState.UNDEFINED_SCHEMA, "schema \"" + name + "\" does not exist").at(position);
    }
    return namespace;
  }

  String namespaceName(int oid) {
    Namespace namespace = catalog().namespace(oid);
    return namespace == null ? "" : namespace.name();
  }

  /// Where a new object of that name goes, with the right to create checked.
  int creationNamespace(QualifiedName name) {
    return creationNamespace(name, Persistence.PERMANENT);
  }

  int creationNamespace(QualifiedName name, Persistence persistence) {
    checkDatabase(name);
    int oid;
    if (name.schema() != null) {
      boolean temporary = name.schema().equals("pg_temp");
      if (persistence == Persistence.TEMPORARY && !temporary) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot create temporary relation in non-temporary schema")
            .at(name.position());
      }
      oid = temporary ? context.temporaryNamespace() : namespace(name.schema(), 0).oid();
    } else if (persistence == Persistence.TEMPORARY) {
      oid = context.temporaryNamespace();
    } else {
      oid = path().creationNamespace();
      if (oid == 0) {
        throw new SqlException(SqlState.UNDEFINED_SCHEMA, "no schema has been selected to create in").at(name.position());
      }
    }
    if (oid != path().temporaryNamespace()) {
      try {
        checkCreateIn(oid, name.name());
      } catch (SqlException e) {
        throw e.at(name.position());
      }
    }
    return oid;
  }

  private void checkCreateIn(int namespaceOid, String objectName) {
    if (namespaceOid == Catalog.PG_CATALOG) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to create \"pg_catalog." + objectName + "\"")
          .withDetail("System catalog modifications are currently disallowed.");
    }
    checkCreateIn(catalog().namespace(namespaceOid));
  }

  void checkCreateIn(Namespace namespace) {
    if (!Privileges.hasOnNamespace(catalog(), user(), namespace, "C")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for schema " + namespace.name());
    }
  }

  void checkDatabase(QualifiedName name) {
    String database = name.catalog();
    if (database != null && catalog().databases().stream().noneMatch(d -> d.name().equals(database))) {
      throw SqlException.notSupported("cross-database reference \"" + name + "\"").at(name.position());
    }
  }

  // Relations

  @Nullable Relation findRelation(QualifiedName name) {
    checkDatabase(name);
    if (name.schema() == null) {
      return path().relation(catalog(), name.name());
    }
    if (name.schema().equals("pg_temp")) {
      return catalog().relation(path().temporaryNamespace(), name.name());
    }
    Namespace namespace = catalog().namespace(name.schema());
    return namespace == null ? null : catalog().relation(namespace.oid(), name.name());
  }

  Relation relation(QualifiedName name) {
    Relation relation = findRelation(name);
    if (relation == null) {
      throw undefinedRelation(name);
    }
    return relation;
  }

  /// 42P01, or 3F000 when the schema is the problem.
  SqlException undefinedRelation(QualifiedName name) {
    if (name.schema() != null && !name.schema().equals("pg_temp") && catalog().namespace(name.schema()) == null) {
      return new SqlException(SqlState.UNDEFINED_SCHEMA, "schema \"" + name.schema() + "\" does not exist");
    }
    return new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
  }

  /// A table (not partition root only, not view) that rows can be put into: kinds r and p.
  Table ordinaryTable(QualifiedName name) {
    Relation relation = relation(name);
    if (relation instanceof Table table && table.kind() != 'm') {
      return table;
    }
    throw wrongKind(relation, "a table");
  }

  static SqlException wrongKind(Relation relation, String wanted) {
    return new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not " + wanted);
  }

  /// Fails with 42P07 if a relation, or with 42710 if a type of that name is there.
  void checkNameFree(int namespaceOid, String name) {
    if (catalog().relation(namespaceOid, name) != null) {
      throw new SqlException(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
    }
  }

  void checkTypeNameFree(int namespaceOid, String name) {
    PgType type = catalog().type(namespaceOid, name);
    if (type != null && !RowTypes.moveArrayType(this, type)) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "type \"" + name + "\" already exists").withHint(
          "A relation has an associated type of the same name, so you must use a name that doesn't conflict with any existing type.");
    }
  }

  /// `table`, `view`, `index` …: the kind as PostgreSQL's messages name it.
  static String kindName(Relation relation) {
    return switch (relation.kind()) {
      case 'r', 'p' -> "table";
      case 'v' -> "view";
      case 'm' -> "materialized view";
      case 'i', 'I' -> "index";
      case 'S' -> "sequence";
      case 'c' -> "type";
      case 'f' -> "foreign table";
      default -> "relation";
    };
  }

  void checkOwner(Relation relation) {
    if (relation instanceof Relation.SystemRelation) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: \"" + relation.name() + "\" is a system catalog");
    }
    checkOwner(relation.ownerOid(), kindName(relation), relation.name());
  }

  void checkOwner(int ownerOid, String kind, String name) {
    if (!Privileges.isOwner(catalog(), user(), ownerOid)) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of " + kind + " " + name);
    }
  }

  void checkSuperuser(String message) {
    if (!isSuperuser()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, message);
    }
  }

  // Types

  TypeNames typeNames() {
    return new TypeNames(catalog(), path());
  }

  TypeNames.Typed type(TypeName name) {
    TypeNames.Typed typed = typeNames().resolve(name);
    PgType checked = typed.type().category() == 'A' && typed.type().elementOid() != 0 ? catalog().byOid(typed.type().elementOid()) : typed.type();
    if (!Privileges.hasOnType(catalog(), user(), checked.oid())) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for type " + format(checked));
    }
    return typed;
  }

  String format(PgType type) {
    return typeNames().format(type);
  }

  /// Collation of a column: as written, or the type's own.
  int collation(@Nullable QualifiedName name, PgType type, int position) {
    if (name == null) {
      return type.collationOid();
    }
    Catalog.CollationDef collation = catalog().collation(name.schema(), name.name(), path().namespaces());
    if (collation == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "collation \"" + name + "\" for encoding \"UTF8\" does not exist").at(name.position());
    }
    if (!type.collatable()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "collations are not supported by type " + format(type)).at(position);
    }
    return collation.oid();
  }

  // Roles

  Role role(RoleSpecification specification) {
    return switch (specification.kind()) {
      case CURRENT_USER, CURRENT_ROLE -> catalog().role(user());
      case SESSION_USER -> catalog().role(context.sessionUser());
      case PUBLIC -> throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"public\" does not exist").at(specification.position());
      case NAMED -> role(specification.name());
    };
  }

  Role role(String name) {
    Role role = catalog().role(name);
    if (role == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
    }
    return role;
  }

  String roleName(int oid) {
    Role role = catalog().role(oid);
    return role == null ? Integer.toUnsignedString(oid) : role.name();
  }

  /// Fails with 42501 unless the user may give objects to that role.
  void checkMayOwn(Role role) {
    if (!Privileges.isMemberOf(catalog(), user(), role.oid())) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be member of role \"" + role.name() + "\"");
    }
  }

  // Addresses

  static ObjectAddress address(Relation relation) {
    return ObjectAddress.of(ClassOids.CLASS, relation.oid());
  }

  static ObjectAddress columnAddress(Relation relation, int attnum) {
    return new ObjectAddress(ClassOids.CLASS, relation.oid(), attnum);
  }

  /// A live column of a relation by name.
  ///
  /// @throws SqlException 42703
  static Relation.Column column(Relation relation, String name) {
    Relation.Column column = Relations.column(relation, name);
    if (column == null) {
      throw undefinedColumn(name, relation);
    }
    return column;
  }

  static SqlException undefinedColumn(String column, Relation relation) {
    return new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + column + "\" of relation \"" + relation.name() + "\" does not exist");
  }
}
