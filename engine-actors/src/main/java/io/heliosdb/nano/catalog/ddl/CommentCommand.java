package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.CommentObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.ObjectDdl.Comment;
import io.heliosdb.nano.parse.ast.ObjectKind;

/// COMMENT ON.
final class CommentCommand {
  private final Ddl ddl;

  CommentCommand(Ddl ddl) {
    this.ddl = ddl;
  }

  String execute(Comment statement) {
    ObjectLookup.Found found = new ObjectLookup(ddl).find(statement.kind(), statement.object(), false);
    ObjectAddress address = found.address();
    if (statement.kind() == ObjectKind.COLUMN) {
      checkColumnOwner(ddl.catalog().relation(address.objectOid()));
    } else if (address.classOid() != ClassOids.AUTHID) {
      ddl.checkOwner(found.ownerOid(), found.kind(), found.name());
    } else {
      ddl.checkSuperuser("must be superuser to comment on role");
    }
    boolean shared = address.classOid() == ClassOids.AUTHID || address.classOid() == ClassOids.DATABASE;
    if (statement.text() == null || statement.text().isEmpty()) {
      ddl.remove(shared ? ObjectClass.SHARED_COMMENT : ObjectClass.COMMENT, address);
    } else {
      ddl.put(new CommentObject(address, statement.text(), 0));
    }
    return "COMMENT";
  }

  private void checkColumnOwner(Relation relation) {
    ddl.checkOwner(relation);
    if (relation instanceof Relation.Index || relation instanceof Relation.Sequence) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot set comment on relation \"" + relation.name() + "\"")
          .withDetail(IndexCommands.detail(relation));
    }
  }
}
