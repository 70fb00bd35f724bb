package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.ObjectDdl.Drop;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import java.util.ArrayList;
import java.util.List;

/// DROP of everything but roles and databases.
final class DropCommands {
  private final Ddl ddl;

  DropCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String drop(Drop statement) {
    if (statement.concurrently()) {
      checkConcurrently(statement);
    }
    List<ObjectAddress> targets = new ArrayList<>();
    for (ObjectReference reference : statement.objects()) {
      ObjectLookup.Found found = new ObjectLookup(ddl).find(statement.kind(), reference, statement.ifExists());
      if (found == null) {
        continue;
      }
      check(found, statement.kind());
      if (found.address().classOid() == ClassOids.CLASS) {
        // What the name meant may have been dropped or renamed while this waited for its lock.
        ObjectLookup.Found locked = found;
        found = new ObjectLookup(ddl).find(statement.kind(), reference, statement.ifExists());
        if (found == null) {
          continue;
        }
        if (!found.address().equals(locked.address())) {
          check(found, statement.kind());
        }
      }
      if (statement.concurrently() && ddl.catalog().relation(found.address().objectOid()) instanceof Relation.Index index
          && ddl.table(index.tableOid()).isPartitioned()) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot drop partitioned index \"" + index.name() + "\" concurrently");
      }
      if (!targets.contains(found.address())) {
        targets.add(found.address());
      }
    }
    if (!targets.isEmpty()) {
      new Deletion(ddl).drop(targets, statement.cascade());
    }
    return "DROP " + statement.kind().words();
  }

  private void checkConcurrently(Drop statement) {
    if (ddl.context.inTransactionBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "DROP INDEX CONCURRENTLY cannot run inside a transaction block");
    }
    if (statement.objects().size() > 1) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "DROP INDEX CONCURRENTLY does not support dropping multiple objects");
    }
    if (statement.cascade()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "DROP INDEX CONCURRENTLY does not support CASCADE");
    }
  }

  private void check(ObjectLookup.Found found, ObjectKind kind) {
    ObjectAddress address = found.address();
    if (address.classOid() == ClassOids.CLASS) {
      Relation relation = ddl.catalog().relation(address.objectOid());
      if (relation instanceof Relation.SystemRelation) {
        throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: \"" + relation.name() + "\" is a system catalog");
      }
      ddl.lock(relation instanceof Relation.Index index ? ddl.catalog().relation(index.tableOid()) : relation, TableLock.ACCESS_EXCLUSIVE);
    }
    boolean builtIn = Integer.compareUnsigned(address.objectOid(), 16384) < 0 && address.objectOid() != io.heliosdb.nano.catalog.Catalog.PUBLIC
        && address.classOid() != ClassOids.EXTENSION;
    if (builtIn) {
      throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop "
          + new ObjectDescriptions(ddl.catalog(), ddl.path()).describe(address) + " because it is required by the database system");
    }
    if (kind == ObjectKind.CAST) {
      checkCastOwner(address);
      return;
    }
    boolean schemaOwner = found.namespaceOid() != 0 && ddl.catalog().namespace(found.namespaceOid()) != null
        && Privileges.isOwner(ddl.catalog(), ddl.user(), ddl.catalog().namespace(found.namespaceOid()).ownerOid());
    if (!schemaOwner) {
      ddl.checkOwner(found.ownerOid(), found.kind(), found.name());
    }
  }

  private void checkCastOwner(ObjectAddress address) {
    for (var cast : ddl.catalog().casts()) {
      if (cast.oid() == address.objectOid()) {
        var source = ddl.catalog().typeDef(cast.source());
        var target = ddl.catalog().typeDef(cast.target());
        boolean owner = source != null && Privileges.isOwner(ddl.catalog(), ddl.user(), source.ownerOid())
            || target != null && Privileges.isOwner(ddl.catalog(), ddl.user(), target.ownerOid()) || ddl.isSuperuser();
        if (!owner) {
          throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of type "
              + ddl.format(ddl.catalog().byOid(cast.source())) + " or type " + ddl.format(ddl.catalog().byOid(cast.target())));
        }
      }
    }
  }
}
