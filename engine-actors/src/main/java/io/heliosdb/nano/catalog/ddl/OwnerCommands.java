package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.Namespace;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.Role;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.CatalogObject.CollationObject;
import io.heliosdb.nano.catalog.CatalogObject.DatabaseObject;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.CatalogObject.OperatorObject;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.AclItem;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.ObjectDdl.ChangeOwner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OWNER TO for every kind of object.
final class OwnerCommands {
  private final Ddl ddl;

  OwnerCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String execute(ChangeOwner statement) {
    Role role = ddl.role(statement.owner());
    ObjectLookup.Found found = new ObjectLookup(ddl).find(statement.kind(), statement.object(), false);
    change(found.address(), role);
    return "ALTER " + statement.kind().words();
  }

  /// Changes the owner of any object, after the checks.
  void change(ObjectAddress address, Role role) {
    switch (address.classOid()) {
      case ClassOids.CLASS -> {
        Relation relation = ddl.catalog().relation(address.objectOid());
        ddl.checkOwner(relation);
        changeRelation(relation, role);
      }
      case ClassOids.TYPE -> {
        TypeDef type = ddl.catalog().typeDef(address.objectOid());
        if (type == null) {
          throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
              "must be owner of type " + ddl.format(ddl.catalog().byOid(address.objectOid())));
        }
        ddl.checkOwner(type.ownerOid(), "type", type.type().name());
        changeType(address.objectOid(), role);
      }
      case ClassOids.PROC -> changeFunction(address, role);
      case ClassOids.NAMESPACE -> {
        Namespace n = ddl.catalog().namespace(address.objectOid());
        ddl.checkOwner(n.ownerOid(), "schema", n.name());
        ddl.checkMayOwn(role);
        ddl.put(new NamespaceObject(new Namespace(n.oid(), n.name(), role.oid(), moved(n.acl(), n.ownerOid(), role.oid())), 0));
      }
      case ClassOids.OPERATOR -> {
        OperatorObject object = (OperatorObject) stored(ObjectClass.OPERATOR, address);
        ddl.checkOwner(object.ownerOid(), "operator", object.operator().name());
        ddl.checkMayOwn(role);
        ddl.put(new OperatorObject(object.operator(), role.oid(), 0));
      }
      case ClassOids.COLLATION -> {
        CollationObject object = (CollationObject) stored(ObjectClass.COLLATION, address);
        ddl.checkOwner(object.ownerOid(), "collation", object.collation().name());
        ddl.checkMayOwn(role);
        ddl.put(new CollationObject(object.collation(), role.oid(), 0));
      }
      case ClassOids.LARGE_OBJECT -> {
        DdlContext.LargeObject object = ddl.context.largeObject(address.objectOid());
        ddl.checkOwner(object.ownerOid(), "large object", Integer.toUnsignedString(object.oid()));
        ddl.checkMayOwn(role);
        ddl.context.putLargeObject(new DdlContext.LargeObject(
            object.oid(), role.oid(), moved(object.acl(), object.ownerOid(), role.oid())));
      }
      case ClassOids.TS_CONFIG, ClassOids.TS_DICT -> new TextSearchCommands(ddl).changeOwner(address, role);
      case ClassOids.DATABASE -> {
        var d = ((DatabaseObject) stored(ObjectClass.DATABASE, address)).database();
        ddl.checkOwner(d.ownerOid(), "database", d.name());
        ddl.checkMayOwn(role);
        ddl.put(new DatabaseObject(new io.heliosdb.nano.catalog.Catalog.Database(d.oid(), d.name(), role.oid(), d.isTemplate(),
            d.allowConnections(), d.connectionLimit(), moved(d.acl(), d.ownerOid(), role.oid()), d.settings()), 0));
      }
      case ClassOids.FOREIGN_DATA_WRAPPER -> defined(ObjectClass.FOREIGN_DATA_WRAPPER, address, role);
      case ClassOids.FOREIGN_SERVER -> defined(ObjectClass.FOREIGN_SERVER, address, role);
      case ClassOids.PUBLICATION -> defined(ObjectClass.PUBLICATION, address, role);
      case ClassOids.SUBSCRIPTION -> defined(ObjectClass.SUBSCRIPTION, address, role);
      case ClassOids.EVENT_TRIGGER -> defined(ObjectClass.EVENT_TRIGGER, address, role);
      default -> throw SqlException.notSupported("ALTER … OWNER of this kind of object");
    }
  }

  private void defined(ObjectClass objectClass, ObjectAddress address, Role role) {
    var object = (io.heliosdb.nano.catalog.CatalogObject.DefinedObject) stored(objectClass, address);
    String word = DefinedObjects.word(objectClass);
    if (objectClass != ObjectClass.FOREIGN_DATA_WRAPPER) {
      ddl.checkOwner(object.ownerOid(), word, object.name());
      ddl.checkMayOwn(role);
    } else if (!ddl.isSuperuser()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to change owner of " + word + " \"" + object.name() + "\"")
          .withHint("Must be superuser to change owner of a " + word + ".");
    }
    if (objectClass != ObjectClass.FOREIGN_SERVER && objectClass != ObjectClass.PUBLICATION && !role.superuser()) {
      String article = objectClass == ObjectClass.EVENT_TRIGGER ? "an " : "a ";
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to change owner of " + word + " \"" + object.name() + "\"")
          .withHint("The owner of " + article + word + " must be a superuser.");
    }
    ddl.put(object.withOwner(role.oid(), moved(object.acl(), object.ownerOid(), role.oid())));
  }

  private Object stored(ObjectClass objectClass, ObjectAddress address) {
    Object object = ddl.catalog().object(objectClass, address);
    if (object == null) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: built-in objects cannot be changed");
    }
    return object;
  }

  /// Changes the owner of a relation with its indexes and owned sequences; the caller has checked the present owner.
  void changeRelation(Relation relation, Role role) {
    if (relation instanceof Sequence sequence && sequence.ownerTable() != 0) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot change owner of sequence \"" + sequence.name() + "\"")
          .withDetail("Sequence \"" + sequence.name() + "\" is linked to table \""
              + ddl.catalog().relation(sequence.ownerTable()).name() + "\".");
    }
    if (relation instanceof Relation.Composite composite) {
      changeType(composite.rowTypeOid(), role);
      return;
    }
    if (relation.ownerOid() == role.oid()) {
      return;
    }
    ddl.checkMayOwn(role);
    checkNewOwnerMayCreate(relation.namespaceOid(), role);
    put(relation, role);
    if (relation instanceof Table table) {
      ddl.catalog().indexesOf(table.oid()).forEach(index -> put(index, role));
      for (var dependent : ddl.catalog().dependents(Ddl.address(table))) {
        if (dependent.target().classOid() == ClassOids.CLASS
            && ddl.catalog().relation(dependent.target().objectOid()) instanceof Sequence sequence && sequence.ownerTable() == table.oid()) {
          put(sequence, role);
        }
      }
    }
  }

  private void put(Relation relation, Role role) {
    List<AclItem> acl = moved(relation.acl(), relation.ownerOid(), role.oid());
    ddl.put(Relations.withAcl(Relations.withOwner(relation, role.oid()), acl));
  }

  private void checkNewOwnerMayCreate(int namespaceOid, Role role) {
    Namespace namespace = ddl.catalog().namespace(namespaceOid);
    if (!ddl.isSuperuser() && namespace != null && !Privileges.hasOnNamespace(ddl.catalog(), role.oid(), namespace, "C")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for schema " + namespace.name());
    }
  }

  void changeType(int typeOid, Role role) {
    TypeDef old = ddl.catalog().typeDef(typeOid);
    ddl.checkMayOwn(role);
    checkNewOwnerMayCreate(old.type().namespaceOid(), role);
    ddl.put(new TypeObject(new TypeDef(old.type(), role.oid(), moved(old.acl(), old.ownerOid(), role.oid()), old.details()), 0));
    if (old.type().relationOid() != 0) {
      ddl.put(Relations.withOwner(ddl.catalog().relation(old.type().relationOid()), role.oid()));
    }
  }

  private void changeFunction(ObjectAddress address, Role role) {
    FunctionObject object = (FunctionObject) stored(ObjectClass.FUNCTION, address);
    FunctionDef f = object.function();
    ddl.checkOwner(f.ownerOid(), FunctionCommands.kindWord(f), f.name());
    ddl.checkMayOwn(role);
    checkNewOwnerMayCreate(f.namespaceOid(), role);
    var details = object.details();
    ddl.put(new FunctionObject(FunctionCommands.withOwner(f, role.oid()), new io.heliosdb.nano.catalog.Catalog.FunctionDetails(f.oid(),
        moved(details.acl(), f.ownerOid(), role.oid()), details.settings(), details.sqlBody()), 0));
  }

  /// The list after a change of owner: what the old one held and granted becomes the new one's.
  static @Nullable List<AclItem> moved(@Nullable List<AclItem> acl, int oldOwner, int newOwner) {
    if (acl == null) {
      return null;
    }
    List<AclItem> result = new ArrayList<>();
    for (AclItem item : acl) {
      int grantee = item.grantee() == oldOwner ? newOwner : item.grantee();
      int grantor = item.grantor() == oldOwner ? newOwner : item.grantor();
      Acls.grant(result, grantor, grantee, item.privileges(), item.grantOptions());
    }
    return result;
  }
}
