package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.DomainDetails;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.CatalogObject.RuleObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relation.View;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.List;

/// Takes single objects out of the overlay, together with their comments, statistics and what other objects say about them.
/// Dependents must be gone already ([Deletion]).
final class ObjectRemoval {
  private final Ddl ddl;

  ObjectRemoval(Ddl ddl) {
    this.ddl = ddl;
  }

  void remove(ObjectAddress address) {
    switch (address.classOid()) {
      case ClassOids.CLASS -> {
        Relation relation = ddl.catalog().relation(address.objectOid());
        if (relation != null && address.subId() != 0) {
          column(relation, address.subId());
        } else if (relation != null) {
          relation(relation);
        }
      }
      case ClassOids.CONSTRAINT -> constraint(address);
      case ClassOids.ATTRDEF -> columnDefault(address);
      case ClassOids.REWRITE -> rule(address);
      case ClassOids.TYPE -> type(address);
      case ClassOids.TRIGGER -> trigger(address);
      case ClassOids.POLICY -> policy(address);
      default -> plain(address);
    }
    forget(address);
  }

  /// Comment and expression dependencies of an object.
  private void forget(ObjectAddress address) {
    ddl.remove(ObjectClass.COMMENT, address);
    ddl.remove(ObjectClass.EXPRESSION_DEPENDENCIES, address);
  }

  private void plain(ObjectAddress address) {
    for (ObjectClass objectClass : List.of(ObjectClass.FUNCTION, ObjectClass.NAMESPACE, ObjectClass.OPERATOR, ObjectClass.CAST,
        ObjectClass.COLLATION, ObjectClass.EXTENSION, ObjectClass.DEFAULT_ACL, ObjectClass.STATISTICS_OBJECT,
        ObjectClass.TEXT_SEARCH_PARSER, ObjectClass.TEXT_SEARCH_TEMPLATE, ObjectClass.TEXT_SEARCH_DICTIONARY,
        ObjectClass.TEXT_SEARCH_CONFIGURATION, ObjectClass.FOREIGN_DATA_WRAPPER, ObjectClass.FOREIGN_SERVER, ObjectClass.USER_MAPPING,
        ObjectClass.PUBLICATION, ObjectClass.PUBLICATION_RELATION, ObjectClass.PUBLICATION_NAMESPACE, ObjectClass.SUBSCRIPTION,
        ObjectClass.EVENT_TRIGGER)) {
      if (objectClass.classOid() == address.classOid()) {
        ddl.remove(objectClass, address);
      }
    }
  }

  private void relation(Relation relation) {
    ddl.lock(relation, TableLock.ACCESS_EXCLUSIVE);
    ObjectAddress address = Ddl.address(relation);
    switch (relation) {
      case Table table -> {
        if (ddl.data().isInUse(table)) {
          throw new SqlException(SqlState.OBJECT_IN_USE,
              "cannot DROP TABLE \"" + table.name() + "\" because it is being used by active queries in this session");
        }
        table.columns().forEach(column -> forgetColumn(table, column));
        table.constraints().forEach(constraint -> forget(ObjectAddress.of(ClassOids.CONSTRAINT, constraint.oid())));
        ddl.remove(ObjectClass.EXPRESSION_DEPENDENCIES, ObjectAddress.of(ClassOids.REWRITE, table.rowTypeOid()));
        if (table.storageId() != 0) {
          ddl.data().release(table.storageId(), false);
        }
        ddl.remove(ObjectClass.TABLE_STATISTICS, address);
        if (table.kind() == 'f') {
          ddl.remove(ObjectClass.FOREIGN_TABLE, ObjectAddress.of(ClassOids.FOREIGN_TABLE, table.oid()));
        }
        ddl.remove(ObjectClass.RELATION, address);
        RowTypes.drop(ddl, table.rowTypeOid());
      }
      case View view -> {
        view.columns().forEach(column -> forgetColumn(view, column));
        ddl.remove(ObjectClass.EXPRESSION_DEPENDENCIES, ObjectAddress.of(ClassOids.REWRITE, view.ruleOid()));
        ddl.remove(ObjectClass.RELATION, address);
        RowTypes.drop(ddl, view.rowTypeOid());
      }
      case Relation.Composite composite -> {
        composite.columns().forEach(column -> forgetColumn(composite, column));
        ddl.remove(ObjectClass.RELATION, address);
      }
      case Index index -> index(index);
      case Relation.Sequence sequence -> ddl.remove(ObjectClass.RELATION, address);
      case Relation.SystemRelation system -> throw new IllegalStateException();
    }
  }

  private void forgetColumn(Relation relation, Column column) {
    ddl.remove(ObjectClass.COMMENT, Ddl.columnAddress(relation, column.attnum()));
    if (column.defaultOid() != 0) {
      forget(ObjectAddress.of(ClassOids.ATTRDEF, column.defaultOid()));
    }
  }

  private void index(Index index) {
    if (index.indexStorageId() != 0) {
      ddl.data().release(index.indexStorageId(), true);
    }
    ddl.remove(ObjectClass.RELATION, Ddl.address(index));
    if (ddl.catalog().relation(index.tableOid()) instanceof Table table) {
      TableBuilder builder = new TableBuilder(table);
      builder.indexOids.remove((Integer) index.oid());
      ddl.put(builder.build());
    }
  }

  /// A dropped column keeps its place: rows written before still have it.
  private void column(Relation relation, int attnum) {
    Column old = relation.columns().get(attnum - 1);
    forgetColumn(relation, old);
    ColumnBuilder column = new ColumnBuilder("........pg.dropped." + attnum + "........", attnum, old.typeOid());
    column.dropped = true;
    column.typmod = old.typmod();
    column.sinceLayoutId = old.sinceLayoutId();
    column.storage = old.storage();
    List<Column> columns = new ArrayList<>(relation.columns());
    columns.set(attnum - 1, column.build());
    ddl.put(Relations.withColumns(relation, columns));
  }

  private void constraint(ObjectAddress address) {
    ObjectAddress owner = new ObjectDescriptions(ddl.catalog(), ddl.path()).owner(address);
    if (owner == null) {
      return;
    }
    if (owner.classOid() == ClassOids.TYPE) {
      domainConstraint(owner.objectOid(), address.objectOid());
      return;
    }
    if (ddl.catalog().relation(owner.objectOid()) instanceof Table table) {
      Constraint constraint = ConstraintCommands.find(table, address.objectOid());
      new ConstraintCommands(ddl).remove(table.oid(), address.objectOid());
      if (constraint != null && constraint.kind() == Constraint.Kind.PRIMARY_KEY && !table.primaryKey().isEmpty()) {
        Table before = ddl.table(table.oid());
        TableBuilder builder = new TableBuilder(before);
        builder.primaryKey = new ArrayList<>();
        builder.indexOids.remove((Integer) constraint.indexOid());
        if (before.isPartitioned()) {
          ddl.put(builder.build());
        } else {
          new TableRewrite(ddl).toNewKey(before, builder);
        }
      }
    }
  }

  private void domainConstraint(int typeOid, int constraintOid) {
    TypeDef definition = ddl.catalog().typeDef(typeOid);
    if (definition != null && definition.details() instanceof DomainDetails domain) {
      List<Constraint> rest = domain.checks().stream().filter(c -> c.oid() != constraintOid).toList();
      ddl.put(new TypeObject(new TypeDef(definition.type(), definition.ownerOid(), definition.acl(),
          new DomainDetails(domain.notNull(), domain.defaultExpression(), rest)), 0));
    }
  }

  private void columnDefault(ObjectAddress address) {
    ObjectAddress owner = new ObjectDescriptions(ddl.catalog(), ddl.path()).owner(address);
    Relation relation = owner == null ? null : ddl.catalog().relation(owner.objectOid());
    if (relation instanceof Table table) {
      new ColumnDefaults(ddl).drop(table.oid(), owner.subId());
    } else if (relation instanceof View view) {
      new ViewCommands(ddl).setDefault(view, view.columns().get(owner.subId() - 1).name(), null);
    }
  }

  private void type(ObjectAddress address) {
    TypeDef definition = ddl.catalog().typeDef(address.objectOid());
    if (definition == null) {
      return;
    }
    if (definition.details() instanceof DomainDetails domain) {
      domain.checks().forEach(check -> forget(ObjectAddress.of(ClassOids.CONSTRAINT, check.oid())));
    }
    ddl.remove(ObjectClass.TYPE, address);
  }

  private void trigger(ObjectAddress address) {
    Catalog.Trigger trigger = ddl.catalog().trigger(address.objectOid());
    if (trigger == null) {
      return;
    }
    ddl.remove(ObjectClass.TRIGGER, address);
    Relation relation = ddl.catalog().relation(trigger.tableOid());
    if (relation instanceof Table table) {
      TableBuilder builder = new TableBuilder(table);
      builder.triggerOids.remove((Integer) trigger.oid());
      ddl.put(builder.build());
    } else if (relation instanceof View view) {
      List<Integer> rest = new ArrayList<>(view.triggerOids());
      rest.remove((Integer) trigger.oid());
      ddl.put(Relations.withTriggers(view, rest));
    }
  }

  private void rule(ObjectAddress address) {
    if (ddl.catalog().object(ObjectClass.RULE, address) instanceof RuleObject object) {
      ddl.remove(ObjectClass.RULE, address);
      Relation relation = ddl.catalog().relation(object.rule().relationOid());
      if (relation != null) {
        ddl.put(relation);
      }
    }
  }

  private void policy(ObjectAddress address) {
    Catalog.Policy policy = ddl.catalog().policy(address.objectOid());
    if (policy == null) {
      return;
    }
    ddl.remove(ObjectClass.POLICY, address);
    if (ddl.catalog().relation(policy.tableOid()) instanceof Table table) {
      TableBuilder builder = new TableBuilder(table);
      builder.policyOids.remove((Integer) policy.oid());
      ddl.put(builder.build());
    }
  }

}
