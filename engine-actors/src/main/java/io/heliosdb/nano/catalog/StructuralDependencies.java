package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.CastObject;
import io.heliosdb.nano.catalog.CatalogObject.CollationObject;
import io.heliosdb.nano.catalog.CatalogObject.CommentObject;
import io.heliosdb.nano.catalog.CatalogObject.DatabaseObject;
import io.heliosdb.nano.catalog.CatalogObject.DefaultAclObject;
import io.heliosdb.nano.catalog.CatalogObject.DependenciesObject;
import io.heliosdb.nano.catalog.CatalogObject.ExtensionObject;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.CatalogObject.OperatorObject;
import io.heliosdb.nano.catalog.CatalogObject.PolicyObject;
import io.heliosdb.nano.catalog.CatalogObject.RelationObject;
import io.heliosdb.nano.catalog.CatalogObject.RoleObject;
import io.heliosdb.nano.catalog.CatalogObject.StatisticsObject;
import io.heliosdb.nano.catalog.CatalogObject.StatisticsRow;
import io.heliosdb.nano.catalog.CatalogObject.SystemAclObject;
import io.heliosdb.nano.catalog.CatalogObject.TriggerObject;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Composite;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.SystemRelation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relation.View;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;

/// The dependencies that follow from a definition itself, as PostgreSQL writes them into `pg_depend`; a pure function of the object.
/// Built-in targets are left out: nothing drops them. What expressions refer to is stored apart ([DependenciesObject]).
final class StructuralDependencies {
  private static final int FIRST_USER_OID = 16384;

  /// One entry of `pg_depend`.
  record Edge(ObjectAddress dependent, ObjectAddress target, char kind) {}

  private final List<Edge> edges = new ArrayList<>();

  private StructuralDependencies() {}

  static List<Edge> of(CatalogObject object) {
    StructuralDependencies result = new StructuralDependencies();
    result.visit(object);
    return result.edges;
  }

  private void visit(CatalogObject object) {
    switch (object) {
      case RelationObject relation -> ofRelation(relation.relation());
      case TypeObject type -> ofType(type.definition());
      case FunctionObject function -> ofFunction(function.function());
      case OperatorObject operator -> ofOperator(operator);
      case CastObject cast -> ofCast(cast);
      case CollationObject c -> inNamespace(c.key(), c.collation().namespaceOid());
      case TriggerObject trigger -> ofTrigger(trigger.trigger());
      case PolicyObject policy -> add(policy.key(), relation(policy.policy().tableOid()), 'a');
      case CatalogObject.RuleObject rule -> add(rule.key(), relation(rule.rule().relationOid()), 'a');
      case ExtensionObject extension -> inNamespace(extension.key(), extension.extension().namespaceOid());
      case DefaultAclObject acl -> {
        if (acl.defaultAcl().namespaceOid() != 0) {
          add(acl.key(), ObjectAddress.of(ClassOids.NAMESPACE, acl.defaultAcl().namespaceOid()), 'a');
        }
      }
      case DependenciesObject expression -> expression.targets().forEach(target -> add(expression.dependent(), target, isOwnColumn(expression.dependent(), target) ? 'a' : 'n'));
      case StatisticsObject statistics -> {
        inNamespace(statistics.key(), statistics.namespaceOid());
        statistics.columns().forEach(column -> add(statistics.key(), column(statistics.tableOid(), column), 'a'));
        add(statistics.key(), relation(statistics.tableOid()), 'a');
      }
      case CatalogObject.TextSearchObject search -> ofTextSearch(search);
      case CatalogObject.DefinedObject defined -> ofDefined(defined);
      case NamespaceObject namespace -> { }
      case RoleObject role -> { }
      case DatabaseObject database -> { }
      case CommentObject comment -> { }
      case StatisticsRow statistics -> { }
      case SystemAclObject acl -> { }
    }
  }

  private void ofDefined(CatalogObject.DefinedObject defined) {
    boolean part = defined.objectClass() == ObjectClass.PUBLICATION_RELATION || defined.objectClass() == ObjectClass.PUBLICATION_NAMESPACE;
    // A foreign table is the relation itself.
    ObjectAddress self = defined.objectClass() == ObjectClass.FOREIGN_TABLE ? relation(defined.oid()) : defined.key();
    defined.references().forEach(target -> add(self, target, part ? 'a' : 'n'));
  }

  /// A relation's expressions refer to no columns but those of its table: an index goes with the columns of its condition.
  private static boolean isOwnColumn(ObjectAddress dependent, ObjectAddress target) {
    return dependent.classOid() == ClassOids.CLASS && target.classOid() == ClassOids.CLASS && target.subId() != 0;
  }

  private void ofTextSearch(CatalogObject.TextSearchObject search) {
    inNamespace(search.key(), search.namespaceOid());
    switch (search.kind()) {
      case DICTIONARY -> add(search.key(), ObjectAddress.of(ClassOids.TS_TEMPLATE, TextSearchObjects.oid(search, "template")), 'n');
      case CONFIGURATION -> {
        add(search.key(), ObjectAddress.of(ClassOids.TS_PARSER, TextSearchObjects.oid(search, "parser")), 'n');
        TextSearchObjects.mappings(search).values().stream().flatMap(List::stream).distinct()
            .forEach(oid -> add(search.key(), ObjectAddress.of(ClassOids.TS_DICT, oid), 'n'));
      }
      case PARSER, TEMPLATE -> search.attributes().values().stream().filter(text -> !text.equals("-"))
          .forEach(text -> add(search.key(), ObjectAddress.of(ClassOids.PROC, Integer.parseUnsignedInt(text)), 'n'));
    }
  }

  private void ofRelation(Relation relation) {
    ObjectAddress self = relation(relation.oid());
    switch (relation) {
      case Table table -> ofTable(self, table);
      case View view -> {
        inNamespace(self, view.namespaceOid());
        ofColumns(view);
        add(ObjectAddress.of(ClassOids.REWRITE, view.ruleOid()), self, 'i');
        add(ObjectAddress.of(ClassOids.TYPE, view.rowTypeOid()), self, 'i');
      }
      case Index index -> ofIndex(self, index);
      case Sequence sequence -> {
        inNamespace(self, sequence.namespaceOid());
        if (sequence.ownerTable() != 0) {
          add(self, column(sequence.ownerTable(), sequence.ownerColumn()), sequence.identity() ? 'i' : 'a');
        }
      }
      case Composite composite -> {
        add(self, ObjectAddress.of(ClassOids.TYPE, composite.rowTypeOid()), 'i');
        ofColumns(composite);
      }
      case SystemRelation system -> { }
    }
  }

  private void ofTable(ObjectAddress self, Table table) {
    inNamespace(self, table.namespaceOid());
    add(ObjectAddress.of(ClassOids.TYPE, table.rowTypeOid()), self, 'i');
    if (table.ofType() != 0) {
      add(self, ObjectAddress.of(ClassOids.TYPE, table.ofType()), 'n');
    }
    for (int parent : table.inherits()) {
      add(self, relation(parent), table.isPartition() ? 'a' : 'n');
    }
    if (table.isPartition() && !table.inherits().contains(table.partitionOf())) {
      add(self, relation(table.partitionOf()), 'a');
    }
    if (table.definition() != null) {
      add(ObjectAddress.of(ClassOids.REWRITE, materializedViewRule(table)), self, 'i');
    }
    if (table.partitionScheme() != null) {
      for (Index.Key key : table.partitionScheme().keys()) {
        if (key.attnum() != 0) {
          add(self, column(table.oid(), key.attnum()), 'i');
        }
      }
    }
    ofColumns(table);
    for (Constraint constraint : table.constraints()) {
      ofConstraint(table, constraint);
    }
  }

  /// A materialized view's rule has the oid of its row type: a number that nothing else in `pg_rewrite` has.
  static int materializedViewRule(Table table) {
    return table.rowTypeOid();
  }

  private void ofColumns(Relation relation) {
    for (Column column : relation.columns()) {
      if (column.dropped()) {
        continue;
      }
      ObjectAddress address = column(relation.oid(), column.attnum());
      add(address, ObjectAddress.of(ClassOids.TYPE, column.typeOid()), 'n');
      add(address, ObjectAddress.of(ClassOids.COLLATION, column.collationOid()), 'n');
      if (column.defaultOid() != 0) {
        add(ObjectAddress.of(ClassOids.ATTRDEF, column.defaultOid()), address, 'a');
      }
    }
  }

  private void ofConstraint(Table table, Constraint constraint) {
    ObjectAddress self = ObjectAddress.of(ClassOids.CONSTRAINT, constraint.oid());
    if (constraint.columns().isEmpty()) {
      add(self, relation(table.oid()), 'a');
    }
    constraint.columns().forEach(attnum -> add(self, column(table.oid(), attnum), 'a'));
    if (constraint.parentConstraint() != 0) {
      add(self, ObjectAddress.of(ClassOids.CONSTRAINT, constraint.parentConstraint()), 'i');
    }
    if (constraint.kind() == Constraint.Kind.FOREIGN_KEY) {
      // A table's reference to itself goes with the table.
      char kind = constraint.referencedTable() == table.oid() ? 'a' : 'n';
      constraint.referencedColumns().forEach(attnum -> add(self, column(constraint.referencedTable(), attnum), kind));
      if (constraint.indexOid() != 0) {
        add(self, relation(constraint.indexOid()), 'n');
      }
    }
  }

  private void ofIndex(ObjectAddress self, Index index) {
    if (index.parentIndex() != 0) {
      add(self, relation(index.parentIndex()), 'i');
    }
    if (index.constraintOid() != 0) {
      add(self, ObjectAddress.of(ClassOids.CONSTRAINT, index.constraintOid()), 'i');
      return;
    }
    boolean columns = false;
    for (Index.Key key : index.keys()) {
      if (key.attnum() != 0) {
        add(self, column(index.tableOid(), key.attnum()), 'a');
        columns = true;
      }
      add(self, ObjectAddress.of(ClassOids.COLLATION, key.collationOid()), 'n');
    }
    if (!columns) {
      add(self, relation(index.tableOid()), 'a');
    }
  }

  private void ofType(Catalog.TypeDef definition) {
    PgType type = definition.type();
    ObjectAddress self = ObjectAddress.of(ClassOids.TYPE, type.oid());
    if (type.elementOid() != 0 && type.category() == 'A') {
      add(self, ObjectAddress.of(ClassOids.TYPE, type.elementOid()), 'i');
      return;
    }
    if (type.kind() != PgType.MULTIRANGE && definition.ownerOid() != 0) {
      inNamespace(self, type.namespaceOid());
    }
    switch (definition.details()) {
      case Catalog.DomainDetails domain -> {
        add(self, ObjectAddress.of(ClassOids.TYPE, type.baseOid()), 'n');
        add(self, ObjectAddress.of(ClassOids.COLLATION, type.collationOid()), 'n');
        domain.checks().forEach(check -> add(ObjectAddress.of(ClassOids.CONSTRAINT, check.oid()), self, 'a'));
      }
      case Catalog.RangeDetails range -> {
        if (type.kind() == PgType.MULTIRANGE) {
          return;
        }
        add(self, ObjectAddress.of(ClassOids.TYPE, range.subtypeOid()), 'n');
        add(ObjectAddress.of(ClassOids.TYPE, range.multirangeOid()), self, 'i');
        add(self, ObjectAddress.of(ClassOids.PROC, range.canonicalFunction()), 'n');
        add(self, ObjectAddress.of(ClassOids.PROC, range.subtypeDiffFunction()), 'n');
      }
      case Catalog.EnumDetails labels -> { }
      case null -> { }
    }
  }

  private void ofFunction(FunctionDef function) {
    ObjectAddress self = ObjectAddress.of(ClassOids.PROC, function.oid());
    if (function.body() instanceof FunctionDef.BuiltinBody) {
      // The functions that build values of a range type come and go with it.
      add(self, ObjectAddress.of(ClassOids.TYPE, function.returnType()), 'i');
      return;
    }
    inNamespace(self, function.namespaceOid());
    add(self, ObjectAddress.of(ClassOids.TYPE, function.returnType()), 'n');
    List<Integer> arguments = function.allArgumentTypes() == null ? function.argumentTypes() : function.allArgumentTypes();
    arguments.forEach(type -> add(self, ObjectAddress.of(ClassOids.TYPE, type), 'n'));
    if (function.body() instanceof FunctionDef.AggregateBody aggregate) {
      for (int part : new int[] {aggregate.transitionFunction(), aggregate.finalFunction(), aggregate.combineFunction(),
          aggregate.movingTransitionFunction(), aggregate.movingInverseFunction(), aggregate.movingFinalFunction()}) {
        add(self, ObjectAddress.of(ClassOids.PROC, part), 'n');
      }
    }
  }

  private void ofOperator(OperatorObject object) {
    Catalog.OperatorDef operator = object.operator();
    inNamespace(object.key(), operator.namespaceOid());
    add(object.key(), ObjectAddress.of(ClassOids.TYPE, operator.left()), 'n');
    add(object.key(), ObjectAddress.of(ClassOids.TYPE, operator.right()), 'n');
    add(object.key(), ObjectAddress.of(ClassOids.TYPE, operator.result()), 'n');
    add(object.key(), ObjectAddress.of(ClassOids.PROC, operator.functionOid()), 'n');
  }

  private void ofCast(CastObject object) {
    add(object.key(), ObjectAddress.of(ClassOids.TYPE, object.cast().source()), 'n');
    add(object.key(), ObjectAddress.of(ClassOids.TYPE, object.cast().target()), 'n');
    add(object.key(), ObjectAddress.of(ClassOids.PROC, object.cast().functionOid()), 'n');
  }

  private void ofTrigger(Catalog.Trigger trigger) {
    ObjectAddress self = ObjectAddress.of(ClassOids.TRIGGER, trigger.oid());
    add(self, relation(trigger.tableOid()), 'a');
    if (trigger.parentOid() != 0) {
      add(self, ObjectAddress.of(ClassOids.TRIGGER, trigger.parentOid()), 'P');
    }
    add(self, ObjectAddress.of(ClassOids.PROC, trigger.functionOid()), 'n');
    trigger.columns().forEach(attnum -> add(self, column(trigger.tableOid(), attnum), 'n'));
  }

  private void inNamespace(ObjectAddress self, int namespaceOid) {
    add(self, ObjectAddress.of(ClassOids.NAMESPACE, namespaceOid), 'n');
  }

  private void add(ObjectAddress dependent, ObjectAddress target, char kind) {
    boolean pinned = Integer.compareUnsigned(target.objectOid(), FIRST_USER_OID) < 0 && target.objectOid() != Catalog.PUBLIC;
    if (!pinned) {
      edges.add(new Edge(dependent, target, kind));
    }
  }

  private static ObjectAddress relation(int oid) {
    return ObjectAddress.of(ClassOids.CLASS, oid);
  }

  private static ObjectAddress column(int tableOid, int attnum) {
    return new ObjectAddress(ClassOids.CLASS, tableOid, attnum);
  }
}
