package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.DefaultAcl;
import io.heliosdb.nano.catalog.Catalog.FunctionDetails;
import io.heliosdb.nano.catalog.Catalog.Namespace;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogObject.DatabaseObject;
import io.heliosdb.nano.catalog.CatalogObject.DefaultAclObject;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.CatalogObject.RelationObject;
import io.heliosdb.nano.catalog.CatalogObject.SystemAclObject;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.AclItem;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.AccessDdl.AlterDefaultPrivileges;
import io.heliosdb.nano.parse.ast.AccessDdl.GrantAllInSchema;
import io.heliosdb.nano.parse.ast.AccessDdl.GrantDefaults;
import io.heliosdb.nano.parse.ast.AccessDdl.GrantObjects;
import io.heliosdb.nano.parse.ast.AccessDdl.GrantParameters;
import io.heliosdb.nano.parse.ast.AccessDdl.GrantPrivileges;
import io.heliosdb.nano.parse.ast.AccessDdl.Privilege;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// GRANT and REVOKE of privileges, ALTER DEFAULT PRIVILEGES.
final class GrantCommands {
  private final Ddl ddl;

  GrantCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  /// An object whose list is changed.
  private record Target(ObjectAddress address, int ownerOid, @Nullable List<AclItem> acl, String all, String publicDefault, String kind,
      String name) {}

  String execute(GrantPrivileges statement) {
    if (statement.grantedBy() != null && ddl.role(statement.grantedBy()).oid() != ddl.user()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "grantor must be current user");
    }
    switch (statement.target()) {
      case GrantObjects objects -> {
        for (ObjectReference reference : objects.objects()) {
          apply(statement, target(objects.kind(), reference));
        }
      }
      case GrantAllInSchema all -> allInSchema(statement, all);
      case GrantParameters parameters -> throw SqlException.notSupported("GRANT ON PARAMETER");
      case GrantDefaults defaults -> throw new IllegalStateException("only inside ALTER DEFAULT PRIVILEGES");
    }
    return statement.grant() ? "GRANT" : "REVOKE";
  }

  private Target target(ObjectKind kind, ObjectReference reference) {
    if (kind == ObjectKind.TABLE || kind == ObjectKind.SEQUENCE) {
      Relation relation = ddl.relation(((ObjectReference.Named) reference).name());
      if (kind == ObjectKind.SEQUENCE && !(relation instanceof Sequence)) {
        throw Ddl.wrongKind(relation, "a sequence");
      }
      if (relation instanceof Relation.Index) {
        throw Ddl.wrongKind(relation, "an index");
      }
      if (relation instanceof Relation.Composite) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is a composite type");
      }
      return of(relation);
    }
    ObjectLookup.Found found = new ObjectLookup(ddl).find(withAggregates(kind, reference), reference, false);
    if (found.address().classOid() == ClassOids.TYPE && ddl.catalog().byOid(found.address().objectOid()).isArray()) {
      throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "cannot set privileges of array types")
          .withHint("Set the privileges of the element type instead.");
    }
    return of(found.address());
  }

  /// ON FUNCTION names aggregates too.
  private ObjectKind withAggregates(ObjectKind kind, ObjectReference reference) {
    if (kind != ObjectKind.FUNCTION || !(reference instanceof ObjectReference.Routine routine)) {
      return kind;
    }
    boolean aggregate = new RoutineLookup(ddl).candidates(routine.name()).stream().anyMatch(f -> f.kind() == 'a');
    return aggregate ? ObjectKind.ROUTINE : kind;
  }

  private Target of(Relation relation) {
    if (relation instanceof Relation.SystemRelation) {
      SystemAclObject changed = ddl.catalog().systemAcl(Ddl.address(relation));
      List<AclItem> acl = changed == null ? Privileges.defaults(10, Privileges.TABLE, "r") : changed.acl();
      return new Target(Ddl.address(relation), 10, acl, Privileges.TABLE, "r", "table", relation.name());
    }
    boolean sequence = relation instanceof Sequence;
    return new Target(Ddl.address(relation), relation.ownerOid(), relation.acl(), sequence ? Privileges.SEQUENCE : Privileges.TABLE, "",
        Ddl.kindName(relation), relation.name());
  }

  private Target of(ObjectAddress address) {
    return switch (address.classOid()) {
      case ClassOids.NAMESPACE -> {
        Namespace n = ddl.catalog().namespace(address.objectOid());
        yield new Target(address, n.ownerOid(), n.acl(), Privileges.SCHEMA, "", "schema", n.name());
      }
      case ClassOids.PROC -> {
        FunctionDef f = ddl.catalog().function(address.objectOid());
        FunctionDetails details = ddl.catalog().functionDetails(f.oid());
        yield new Target(address, f.ownerOid(), details == null ? null : details.acl(), Privileges.FUNCTION, Privileges.FUNCTION,
            FunctionCommands.kindWord(f), f.name());
      }
      case ClassOids.TYPE -> {
        TypeDef t = ddl.catalog().typeDef(address.objectOid());
        if (t == null) {
          yield new Target(address, 10, systemAcl(address), Privileges.TYPE, Privileges.TYPE, "type",
              ddl.format(ddl.catalog().byOid(address.objectOid())));
        }
        yield new Target(address, t.ownerOid(), t.acl(), Privileges.TYPE, Privileges.TYPE, "type", t.type().name());
      }
      case ClassOids.DATABASE -> {
        Catalog.Database d = ddl.catalog().databases().stream().filter(x -> x.oid() == address.objectOid()).findFirst().orElseThrow();
        yield new Target(address, d.ownerOid(), d.acl(), Privileges.DATABASE, "Tc", "database", d.name());
      }
      case ClassOids.LARGE_OBJECT -> {
        DdlContext.LargeObject object = ddl.context.largeObject(address.objectOid());
        yield new Target(address, object.ownerOid(), object.acl(), Privileges.LARGE_OBJECT, "", "large object", Integer.toUnsignedString(object.oid()));
      }
      case ClassOids.LANGUAGE -> new Target(address, 10, systemAcl(address), Privileges.LANGUAGE, Privileges.LANGUAGE, "language", "");
      case ClassOids.FOREIGN_DATA_WRAPPER -> of(DefinedObjects.byOid(ddl, ObjectClass.FOREIGN_DATA_WRAPPER, address.objectOid()));
      case ClassOids.FOREIGN_SERVER -> of(DefinedObjects.byOid(ddl, ObjectClass.FOREIGN_SERVER, address.objectOid()));
      default -> throw SqlException.notSupported("GRANT on this kind of object");
    };
  }

  private static Target of(CatalogObject.DefinedObject object) {
    return new Target(object.key(), object.ownerOid(), object.acl(), "U", "", DefinedObjects.word(object.objectClass()), object.name());
  }

  private @Nullable List<AclItem> systemAcl(ObjectAddress address) {
    SystemAclObject changed = ddl.catalog().systemAcl(address);
    return changed == null ? null : changed.acl();
  }

  private void allInSchema(GrantPrivileges statement, GrantAllInSchema all) {
    for (String schema : all.schemas()) {
      Namespace namespace = ddl.namespace(schema, 0);
      for (var dependent : ddl.catalog().dependents(ObjectAddress.of(ClassOids.NAMESPACE, namespace.oid()))) {
        ObjectAddress address = dependent.target();
        boolean fits = switch (all.kind()) {
          case TABLE -> address.classOid() == ClassOids.CLASS && isTable(ddl.catalog().relation(address.objectOid()));
          case SEQUENCE -> address.classOid() == ClassOids.CLASS && ddl.catalog().relation(address.objectOid()) instanceof Sequence;
          case FUNCTION -> address.classOid() == ClassOids.PROC && ddl.catalog().function(address.objectOid()).kind() != 'p';
          case PROCEDURE -> address.classOid() == ClassOids.PROC && ddl.catalog().function(address.objectOid()).kind() == 'p';
          default -> address.classOid() == ClassOids.PROC;
        };
        if (fits) {
          apply(statement, address.classOid() == ClassOids.CLASS ? of(ddl.catalog().relation(address.objectOid())) : of(address));
        }
      }
    }
  }

  private static boolean isTable(@Nullable Relation relation) {
    return relation instanceof Relation.Table || relation instanceof Relation.View;
  }

  private void apply(GrantPrivileges statement, Target target) {
    StringBuilder whole = new StringBuilder();
    Map<String, String> columns = new TreeMap<>();
    if (statement.privileges().isEmpty()) {
      whole.append(target.all());
    }
    for (Privilege privilege : statement.privileges()) {
      String letters = privilege.name() == null ? Privileges.COLUMN : String.valueOf(letter(privilege.name(), target));
      if (privilege.columns().isEmpty()) {
        whole.append(letters);
      }
      for (Name column : privilege.columns()) {
        if (Privileges.without(letters, Privileges.COLUMN).length() > 0) {
          throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "invalid privilege type " + privilege.name().toUpperCase(java.util.Locale.ROOT)
              + " for column");
        }
        columns.merge(column.text(), letters, String::concat);
      }
    }
    if (!whole.isEmpty()) {
      put(target, changed(statement, target, whole.toString()));
      if (!statement.grant() && target.address().classOid() == ClassOids.CLASS) {
        revokeFromColumns(statement, target, whole.toString());
      }
    }
    columns.forEach((name, letters) -> applyToColumn(statement, target, name, letters));
  }

  private static char letter(String privilege, Target target) {
    char letter = switch (privilege) {
      case "select" -> 'r';
      case "insert" -> 'a';
      case "update" -> 'w';
      case "delete" -> 'd';
      case "truncate" -> 'D';
      case "references" -> 'x';
      case "trigger" -> 't';
      case "execute" -> 'X';
      case "usage" -> 'U';
      case "create" -> 'C';
      case "temporary", "temp" -> 'T';
      case "connect" -> 'c';
      case "set" -> 's';
      case "alter system" -> 'A';
      default -> throw new SqlException(SqlState.SYNTAX_ERROR, "unrecognized privilege type \"" + privilege + "\"");
    };
    if (target.all().indexOf(letter) < 0) {
      throw new SqlException(SqlState.INVALID_GRANT_OPERATION,
          "invalid privilege type " + privilege.toUpperCase(java.util.Locale.ROOT) + " for " + kindOfGrant(letter, target));
    }
    return letter;
  }

  /// A word that no relation knows is refused before it is known what relation it is.
  private static String kindOfGrant(char letter, Target target) {
    boolean relation = target.address().classOid() == ClassOids.CLASS && !target.kind().equals("sequence");
    return relation && "UrawdDxt".indexOf(letter) < 0 ? "relation" : target.kind();
  }

  /// The list after the statement; checks that the user may grant.
  private List<AclItem> changed(GrantPrivileges statement, Target target, String letters) {
    String options = Privileges.grantOptions(ddl.catalog(), ddl.user(), target.ownerOid(), target.acl(), target.all());
    String allowed = Privileges.without(letters, Privileges.without(letters, options));
    if (allowed.isEmpty()) {
      boolean any = Privileges.has(ddl.catalog(), ddl.user(), target.ownerOid(), target.acl(), target.publicDefault(), letters.substring(0, 1));
      if (!any) {
        throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for " + target.kind() + " " + target.name());
      }
      ddl.context.notice("WARNING", statement.grant() ? SqlState.WARNING_PRIVILEGE_NOT_GRANTED : SqlState.WARNING_PRIVILEGE_NOT_REVOKED,
          "no privileges " + (statement.grant() ? "were granted" : "could be revoked") + " for \"" + target.name() + "\"", null, null);
    } else if (allowed.length() < letters.length() && !statement.privileges().isEmpty()) {
      ddl.context.notice("WARNING", statement.grant() ? SqlState.WARNING_PRIVILEGE_NOT_GRANTED : SqlState.WARNING_PRIVILEGE_NOT_REVOKED,
          "not all privileges " + (statement.grant() ? "were granted" : "could be revoked") + " for \"" + target.name() + "\"", null, null);
    }
    List<AclItem> acl = new ArrayList<>(target.acl() != null ? target.acl()
        : Privileges.defaults(target.ownerOid(), target.all(), target.publicDefault()));
    int grantor = Privileges.isOwner(ddl.catalog(), ddl.user(), target.ownerOid()) ? target.ownerOid() : ddl.user();
    change(acl, statement, grantor, allowed);
    return acl;
  }

  private void change(List<AclItem> acl, GrantPrivileges statement, int grantor, String letters) {
    for (RoleSpecification specification : statement.grantees()) {
      boolean everyone = specification.kind() == RoleSpecification.Kind.PUBLIC;
      int grantee = everyone ? 0 : ddl.role(specification).oid();
      if (everyone && statement.grant() && statement.grantOption()) {
        throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "grant options can only be granted to roles");
      }
      if (statement.grant()) {
        Acls.grant(acl, grantor, grantee, letters, statement.grantOption() ? letters : "");
      } else {
        checkDependentGrants(acl, grantee, letters, statement);
        Acls.revoke(acl, grantor, grantee, letters, statement.grantOption());
      }
    }
  }

  /// Revoking a grant option takes what was granted with it, which needs CASCADE.
  private void checkDependentGrants(List<AclItem> acl, int grantee, String letters, GrantPrivileges statement) {
    for (AclItem item : List.copyOf(acl)) {
      String lost = Privileges.without(letters, Privileges.without(letters, item.privileges()));
      boolean through = grantee != 0 && item.grantor() == grantee && item.grantee() != grantee && !lost.isEmpty()
          && acl.stream().anyMatch(i -> i.grantee() == grantee && !Privileges.without(lost, Privileges.without(lost, i.grantOptions())).isEmpty());
      if (through) {
        if (!statement.cascade()) {
          throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST, "dependent privileges exist")
              .withHint("Use CASCADE to revoke them too.");
        }
        checkDependentGrants(acl, item.grantee(), lost, statement);
        Acls.revoke(acl, grantee, item.grantee(), lost, false);
      }
    }
  }

  private void put(Target target, @Nullable List<AclItem> acl) {
    ObjectAddress address = target.address();
    if (address.classOid() == ClassOids.LARGE_OBJECT) {
      ddl.context.putLargeObject(new DdlContext.LargeObject(address.objectOid(), target.ownerOid(), acl));
      return;
    }
    CatalogObject object = stored(address);
    switch (object) {
      case RelationObject o -> ddl.put(Relations.withAcl(o.relation(), acl));
      case NamespaceObject o -> ddl.put(new NamespaceObject(
          new Namespace(o.namespace().oid(), o.namespace().name(), o.namespace().ownerOid(), acl), 0));
      case FunctionObject o -> ddl.put(new FunctionObject(o.function(),
          new FunctionDetails(o.function().oid(), acl, o.details().settings(), o.details().sqlBody()), 0));
      case TypeObject o -> ddl.put(new TypeObject(
          new TypeDef(o.definition().type(), o.definition().ownerOid(), acl, o.definition().details()), 0));
      case DatabaseObject o -> {
        Catalog.Database d = o.database();
        ddl.put(new DatabaseObject(new Catalog.Database(d.oid(), d.name(), d.ownerOid(), d.isTemplate(), d.allowConnections(),
            d.connectionLimit(), acl, d.settings()), 0));
      }
      case CatalogObject.DefinedObject o -> ddl.put(o.withAcl(acl));
      case null -> ddl.put(new SystemAclObject(address, acl, 0));
      default -> throw new IllegalStateException();
    }
  }

  private @Nullable CatalogObject stored(ObjectAddress address) {
    for (ObjectClass objectClass : List.of(ObjectClass.RELATION, ObjectClass.NAMESPACE, ObjectClass.FUNCTION, ObjectClass.TYPE,
        ObjectClass.DATABASE, ObjectClass.FOREIGN_DATA_WRAPPER, ObjectClass.FOREIGN_SERVER)) {
      if (objectClass.classOid() == address.classOid()) {
        return ddl.catalog().object(objectClass, address);
      }
    }
    return null;
  }

  private void applyToColumn(GrantPrivileges statement, Target target, String name, String letters) {
    Relation relation = ddl.catalog().relation(target.address().objectOid());
    if (target.address().classOid() != ClassOids.CLASS || relation instanceof Relation.SystemRelation) {
      throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "column privileges are only valid for relations");
    }
    Column column = Ddl.column(relation, name);
    Target part = new Target(target.address(), target.ownerOid(), column.acl() == null ? List.of() : column.acl(), Privileges.COLUMN, "",
        "column", name);
    putColumn(relation, column, changed(statement, part, letters));
  }

  private void putColumn(Relation relation, Column column, List<AclItem> acl) {
    ColumnBuilder copy = column.toBuilder();
    copy.acl = acl.isEmpty() ? null : acl;
    List<Column> columns = new ArrayList<>(relation.columns());
    columns.set(column.attnum() - 1, copy.build());
    ddl.put(Relations.withColumns(relation, columns));
  }

  private void revokeFromColumns(GrantPrivileges statement, Target target, String letters) {
    for (Column column : ddl.catalog().relation(target.address().objectOid()).columns()) {
      if (column.acl() != null) {
        List<AclItem> acl = new ArrayList<>(column.acl());
        change(acl, statement, target.ownerOid(), letters);
        putColumn(ddl.catalog().relation(target.address().objectOid()), column, acl);
      }
    }
  }

  /// Takes away everything that was granted to a role (DROP OWNED).
  void revokeAllFrom(int roleOid) {
    for (ObjectClass objectClass : List.of(ObjectClass.RELATION, ObjectClass.NAMESPACE, ObjectClass.FUNCTION, ObjectClass.TYPE,
        ObjectClass.DATABASE, ObjectClass.FOREIGN_DATA_WRAPPER, ObjectClass.FOREIGN_SERVER)) {
      List<CatalogObject> objects = new ArrayList<>();
      ddl.catalog().objects(objectClass).forEach(objects::add);
      for (CatalogObject object : objects) {
        Target target = object instanceof RelationObject relation ? of(relation.relation()) : of(object.key());
        if (target.acl() != null && target.acl().stream().anyMatch(item -> item.grantee() == roleOid && target.ownerOid() != roleOid)) {
          put(target, target.acl().stream().filter(item -> item.grantee() != roleOid).toList());
        }
        if (object instanceof RelationObject relation) {
          for (Column column : relation.relation().columns()) {
            if (column.acl() != null && column.acl().stream().anyMatch(item -> item.grantee() == roleOid)) {
              putColumn(ddl.catalog().relation(relation.relation().oid()), column,
                  column.acl().stream().filter(item -> item.grantee() != roleOid).toList());
            }
          }
        }
      }
    }
  }

  // ALTER DEFAULT PRIVILEGES

  String alterDefaults(AlterDefaultPrivileges statement) {
    List<Integer> roles = new ArrayList<>();
    for (RoleSpecification specification : statement.roles()) {
      var role = ddl.role(specification);
      ddl.checkMayOwn(role);
      roles.add(role.oid());
    }
    if (roles.isEmpty()) {
      roles.add(ddl.user());
    }
    List<Integer> namespaces = new ArrayList<>();
    statement.schemas().forEach(schema -> namespaces.add(ddl.namespace(schema, 0).oid()));
    if (namespaces.isEmpty()) {
      namespaces.add(0);
    }
    char kind = switch (((GrantDefaults) statement.action().target()).kind()) {
      case TABLE -> 'r';
      case SEQUENCE -> 'S';
      case FUNCTION, ROUTINE, PROCEDURE -> 'f';
      case TYPE -> 'T';
      default -> 'n';
    };
    if (kind == 'n' && !statement.schemas().isEmpty()) {
      throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS");
    }
    for (int role : roles) {
      for (int namespaceOid : namespaces) {
        alterDefault(statement.action(), role, namespaceOid, kind);
      }
    }
    return "ALTER DEFAULT PRIVILEGES";
  }

  private void alterDefault(GrantPrivileges action, int role, int namespaceOid, char kind) {
    DefaultAcl known = null;
    for (DefaultAcl entry : ddl.catalog().defaultAcls()) {
      if (entry.roleOid() == role && entry.namespaceOid() == namespaceOid && entry.objectKind() == kind) {
        known = entry;
      }
    }
    String all = DefaultPrivileges.letters(kind);
    List<AclItem> builtIn = namespaceOid != 0 ? List.of() : Privileges.defaults(role, all, DefaultPrivileges.publicLetters(kind));
    List<AclItem> acl = new ArrayList<>(known != null ? known.acl() : builtIn);
    String kindWord = kind == 'r' ? "relation" : kind == 'S' ? "sequence" : kind == 'f' ? "function" : kind == 'T' ? "type" : "schema";
    Target target = new Target(ObjectAddress.of(ClassOids.DEFAULT_ACL, 0), role, acl, all, "", kindWord, "");
    StringBuilder letters = new StringBuilder();
    for (Privilege privilege : action.privileges()) {
      if (!privilege.columns().isEmpty()) {
        throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "default privileges cannot be set for columns");
      }
      letters.append(letter(privilege.name(), target));
    }
    change(acl, action, role, letters.isEmpty() ? all : letters.toString());
    boolean asBuiltIn = java.util.Set.copyOf(acl).equals(java.util.Set.copyOf(builtIn));
    if (known == null && !asBuiltIn) {
      ddl.put(new DefaultAclObject(new DefaultAcl(ddl.nextOid(), role, namespaceOid, kind, List.copyOf(acl)), 0));
    } else if (known != null && asBuiltIn) {
      ddl.remove(ObjectClass.DEFAULT_ACL, ObjectAddress.of(ClassOids.DEFAULT_ACL, known.oid()));
    } else if (known != null) {
      ddl.put(new DefaultAclObject(new DefaultAcl(known.oid(), role, namespaceOid, kind, List.copyOf(acl)), 0));
    }
  }
}
