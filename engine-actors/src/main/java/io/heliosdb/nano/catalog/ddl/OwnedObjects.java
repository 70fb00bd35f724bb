package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.DefaultAcl;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.Policy;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogObject.PolicyObject;
import io.heliosdb.nano.catalog.CatalogObject.CollationObject;
import io.heliosdb.nano.catalog.CatalogObject.DatabaseObject;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.CatalogObject.OperatorObject;
import io.heliosdb.nano.catalog.CatalogObject.RelationObject;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.AclItem;
import io.heliosdb.nano.parse.ast.AccessDdl.DropOwned;
import io.heliosdb.nano.parse.ast.AccessDdl.ReassignOwned;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a role owns and what is granted to it: the reasons why it cannot be dropped, and the targets of DROP and REASSIGN OWNED.
/// Looks at the whole catalog; such statements are rare.
final class OwnedObjects {
  private final Ddl ddl;
  private final int roleOid;

  OwnedObjects(Ddl ddl, int roleOid) {
    this.ddl = ddl;
    this.roleOid = roleOid;
  }

  /// Lines as `owner of table t` and `privileges for table t`.
  List<String> describe() {
    ObjectDescriptions descriptions = new ObjectDescriptions(ddl.catalog(), ddl.path());
    List<String> lines = new ArrayList<>();
    owned().forEach(address -> lines.add("owner of " + descriptions.describe(address)));
    for (CatalogObject object : all()) {
      List<AclItem> acl = acl(object);
      boolean granted = acl != null && acl.stream().anyMatch(item -> item.grantee() == roleOid) && owner(object) != roleOid;
      if (granted) {
        lines.add("privileges for " + descriptions.describe(object.key()));
      }
      if (object instanceof RelationObject relation) {
        relation.relation().columns().stream()
            .filter(c -> c.acl() != null && c.acl().stream().anyMatch(item -> item.grantee() == roleOid))
            .forEach(c -> lines.add("privileges for " + descriptions.describe(Ddl.columnAddress(relation.relation(), c.attnum()))));
      }
    }
    for (DefaultAcl acl : ddl.catalog().defaultAcls()) {
      if (acl.roleOid() == roleOid || acl.acl().stream().anyMatch(item -> item.grantee() == roleOid)) {
        lines.add("owner of " + descriptions.describe(ObjectAddress.of(io.heliosdb.nano.catalog.ClassOids.DEFAULT_ACL, acl.oid())));
      }
    }
    ddl.catalog().policies().stream().filter(policy -> policy.roles().contains(roleOid)).forEach(policy -> lines.add("target of "
        + descriptions.describe(ObjectAddress.of(io.heliosdb.nano.catalog.ClassOids.POLICY, policy.oid()))));
    return lines;
  }

  private List<CatalogObject> all() {
    List<CatalogObject> result = new ArrayList<>();
    for (ObjectClass objectClass : List.of(ObjectClass.NAMESPACE, ObjectClass.RELATION, ObjectClass.TYPE, ObjectClass.FUNCTION,
        ObjectClass.OPERATOR, ObjectClass.COLLATION, ObjectClass.DATABASE, ObjectClass.TEXT_SEARCH_DICTIONARY,
        ObjectClass.TEXT_SEARCH_CONFIGURATION, ObjectClass.FOREIGN_DATA_WRAPPER, ObjectClass.FOREIGN_SERVER, ObjectClass.USER_MAPPING,
        ObjectClass.PUBLICATION, ObjectClass.SUBSCRIPTION, ObjectClass.EVENT_TRIGGER)) {
      ddl.catalog().objects(objectClass).forEach(result::add);
    }
    return result;
  }

  private static int owner(CatalogObject object) {
    return switch (object) {
      case RelationObject o -> o.relation().ownerOid();
      case TypeObject o -> o.definition().ownerOid();
      case FunctionObject o -> o.function().ownerOid();
      case NamespaceObject o -> o.namespace().ownerOid();
      case OperatorObject o -> o.ownerOid();
      case CollationObject o -> o.ownerOid();
      case DatabaseObject o -> o.database().ownerOid();
      case CatalogObject.TextSearchObject o -> o.ownerOid();
      case CatalogObject.DefinedObject o -> o.ownerOid();
      default -> 0;
    };
  }

  private static @Nullable List<AclItem> acl(CatalogObject object) {
    return switch (object) {
      case RelationObject o -> o.relation().acl();
      case TypeObject o -> o.definition().acl();
      case FunctionObject o -> o.details().acl();
      case NamespaceObject o -> o.namespace().acl();
      case DatabaseObject o -> o.database().acl();
      case CatalogObject.DefinedObject o -> o.acl();
      default -> null;
    };
  }

  /// Objects of their own (not indexes, row types, owned sequences).
  private List<ObjectAddress> owned() {
    List<ObjectAddress> result = new ArrayList<>();
    for (CatalogObject object : all()) {
      boolean part = object instanceof RelationObject relation && (relation.relation() instanceof Relation.Index
          || relation.relation() instanceof Relation.Composite
          || relation.relation() instanceof Relation.Sequence sequence && sequence.ownerTable() != 0);
      if (owner(object) == roleOid && !part) {
        result.add(object.key());
      }
    }
    return result;
  }

  private static void checkMember(Ddl ddl, int role, String verb) {
    if (!io.heliosdb.nano.catalog.Privileges.isMemberOf(ddl.catalog(), ddl.user(), role)) {
      throw new io.heliosdb.nano.error.SqlException(
          io.heliosdb.nano.error.SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to " + verb + " objects");
    }
  }

  /// What the first superuser owns holds the database together.
  private static void checkNotSystem(int role, String name, String verb) {
    if (role == 10) {
      throw new io.heliosdb.nano.error.SqlException(io.heliosdb.nano.error.SqlState.DEPENDENT_OBJECTS_STILL_EXIST, "cannot " + verb
          + " objects owned by role " + name + " because they are required by the database system");
    }
  }

  static String drop(Ddl ddl, DropOwned statement) {
    List<ObjectAddress> targets = new ArrayList<>();
    for (var specification : statement.roles()) {
      var role = ddl.role(specification);
      checkMember(ddl, role.oid(), "drop");
      checkNotSystem(role.oid(), role.name(), "drop");
      OwnedObjects owned = new OwnedObjects(ddl, role.oid());
      owned.owned().stream().filter(address -> address.classOid() != io.heliosdb.nano.catalog.ClassOids.DATABASE).forEach(targets::add);
      new GrantCommands(ddl).revokeAllFrom(role.oid());
      for (DefaultAcl acl : ddl.catalog().defaultAcls()) {
        if (acl.roleOid() == role.oid()) {
          targets.add(ObjectAddress.of(io.heliosdb.nano.catalog.ClassOids.DEFAULT_ACL, acl.oid()));
        }
      }
      for (Policy policy : List.copyOf(ddl.catalog().policies())) {
        if (!policy.roles().contains(role.oid())) {
          continue;
        }
        List<Integer> others = policy.roles().stream().filter(other -> other != role.oid()).toList();
        if (others.isEmpty()) {
          targets.add(ObjectAddress.of(io.heliosdb.nano.catalog.ClassOids.POLICY, policy.oid()));
        } else {
          ddl.put(new PolicyObject(new Policy(policy.oid(), policy.name(), policy.tableOid(), policy.permissive(), policy.command(), others,
              policy.using(), policy.withCheck()), 0));
        }
      }
    }
    new Deletion(ddl).drop(targets, statement.cascade());
    return "DROP OWNED";
  }

  static String reassign(Ddl ddl, ReassignOwned statement) {
    var target = ddl.role(statement.newOwner());
    for (var specification : statement.roles()) {
      checkMember(ddl, ddl.role(specification).oid(), "reassign");
    }
    checkMember(ddl, target.oid(), "reassign");
    for (var specification : statement.roles()) {
      var role = ddl.role(specification);
      checkNotSystem(role.oid(), role.name(), "reassign ownership of");
      for (ObjectAddress address : new OwnedObjects(ddl, role.oid()).owned()) {
        new OwnerCommands(ddl).change(address, target);
      }
    }
    return "REASSIGN OWNED";
  }
}
