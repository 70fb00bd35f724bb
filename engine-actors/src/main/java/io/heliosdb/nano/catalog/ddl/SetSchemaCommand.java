package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.Namespace;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.CatalogObject.CollationObject;
import io.heliosdb.nano.catalog.CatalogObject.OperatorObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.ObjectDdl.SetSchema;
import java.util.Set;

/// ALTER … SET SCHEMA.
final class SetSchemaCommand {
  private final Ddl ddl;
  private final RenameCommands names;

  SetSchemaCommand(Ddl ddl) {
    this.ddl = ddl;
    this.names = new RenameCommands(ddl);
  }

  String run(SetSchema statement) {
    String tag = "ALTER " + statement.kind().words();
    ObjectLookup.Found found = new ObjectLookup(ddl).find(statement.kind(), statement.object(), statement.ifExists());
    if (found == null) {
      return tag;
    }
    ddl.checkOwner(found.ownerOid(), found.kind(), found.name());
    Namespace target = ddl.namespace(statement.schema(), 0);
    ddl.checkCreateIn(target);
    if (found.namespaceOid() == target.oid()) {
      return tag;
    }
    if (target.oid() == ddl.path().temporaryNamespace() || found.namespaceOid() == ddl.path().temporaryNamespace()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot move objects into or out of temporary schemas");
    }
    ObjectAddress address = found.address();
    switch (address.classOid()) {
      case ClassOids.CLASS -> move(ddl.catalog().relation(address.objectOid()), target.oid());
      case ClassOids.TYPE -> {
        TypeDef type = ddl.catalog().typeDef(address.objectOid());
        if (type == null || type.ownerOid() == 0) {
          throw names.tableTypeError(address.objectOid(), type);
        }
        StoredTexts texts = StoredTexts.naming(ddl, address, "type \"" + type.type().name() + "\"");
        new CompositeCommands(ddl).checkFree(target.oid(), type.type().name());
        names.moveType(address.objectOid(), type.type().name(), target.oid());
        texts.restate();
      }
      case ClassOids.TS_CONFIG, ClassOids.TS_DICT, ClassOids.TS_PARSER, ClassOids.TS_TEMPLATE ->
          new TextSearchCommands(ddl).move(address, found.name(), target.oid());
      case ClassOids.PROC -> names.putFunction(address, found.name(), target.oid());
      case ClassOids.OPERATOR -> {
        OperatorObject o = names.stored(ObjectClass.OPERATOR, address, OperatorObject.class);
        Catalog.OperatorDef p = o.operator();
        ddl.put(new OperatorObject(new Catalog.OperatorDef(p.oid(), target.oid(), p.name(), p.left(), p.right(), p.result(),
            p.functionOid(), p.commutator(), p.negator(), p.canMerge(), p.canHash()), o.ownerOid(), 0));
      }
      case ClassOids.COLLATION -> {
        CollationObject c = names.stored(ObjectClass.COLLATION, address, CollationObject.class);
        ddl.put(new CollationObject(new Catalog.CollationDef(c.collation().oid(), target.oid(), c.collation().name(),
            c.collation().provider(), c.collation().deterministic(), c.collation().locale()), c.ownerOid(), 0));
      }
      default -> throw SqlException.notSupported(tag + " … SET SCHEMA");
    }
    return tag;
  }

  private void move(Relation relation, int namespaceOid) {
    if (relation instanceof Sequence sequence && sequence.ownerTable() != 0) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot move an owned sequence into another schema")
          .withDetail("Sequence \"" + sequence.name() + "\" is linked to table \""
              + ddl.catalog().relation(sequence.ownerTable()).name() + "\".");
    }
    if (ddl.catalog().relation(namespaceOid, relation.name()) != null) {
      throw new SqlException(SqlState.DUPLICATE_TABLE,
          "relation \"" + relation.name() + "\" already exists in schema \"" + ddl.namespaceName(namespaceOid) + "\"");
    }
    ddl.lock(relation, TableLock.ACCESS_EXCLUSIVE);
    StoredTexts texts = StoredTexts.naming(ddl, Ddl.address(relation), Ddl.kindName(relation) + " \"" + relation.name() + "\"");
    names.moveRelation(ddl.catalog().relation(relation.oid()), relation.name(), namespaceOid);
    if (relation instanceof Table table) {
      for (Index index : ddl.catalog().indexesOf(table.oid())) {
        ddl.put(Relations.withNamespace(index, namespaceOid));
      }
      Set<Integer> owned = new java.util.LinkedHashSet<>();
      for (Dependency dependent : ddl.catalog().dependents(Ddl.address(table))) {
        if (dependent.target().classOid() == ClassOids.CLASS
            && ddl.catalog().relation(dependent.target().objectOid()) instanceof Sequence sequence && sequence.ownerTable() == table.oid()) {
          owned.add(sequence.oid());
        }
      }
      owned.forEach(oid -> ddl.put(Relations.withNamespace(ddl.catalog().relation(oid), namespaceOid)));
    }
    texts.restate();
  }
}
