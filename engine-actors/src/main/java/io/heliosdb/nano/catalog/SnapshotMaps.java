package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.CatalogObject.OperatorObject;
import io.heliosdb.nano.catalog.CatalogObject.RelationObject;
import io.heliosdb.nano.catalog.CatalogObject.RoleObject;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The persistent maps behind a snapshot: objects by key, and what follows from them (names, dependencies, children, references).
/// Immutable. [#put] and [#remove] keep all of them in step.
final class SnapshotMaps {
  /// Classes whose objects plans depend on, most frequent first.
  static final List<ObjectClass> VERSIONED = List.of(ObjectClass.RELATION, ObjectClass.FUNCTION, ObjectClass.TYPE, ObjectClass.NAMESPACE,
      ObjectClass.ROLE, ObjectClass.OPERATOR, ObjectClass.CAST, ObjectClass.COLLATION, ObjectClass.TRIGGER, ObjectClass.POLICY,
      ObjectClass.EXTENSION, ObjectClass.RULE);

  static final SnapshotMaps EMPTY = new SnapshotMaps();

  /// A pair of oids: (referenced, referencing) or (parent, child).
  private record OidPair(int first, int second) implements Comparable<OidPair> {
    @Override
    public int compareTo(OidPair other) {
      int order = Integer.compareUnsigned(first, other.first);
      return order != 0 ? order : Integer.compareUnsigned(second, other.second);
    }
  }

  private final PersistentMap<ObjectAddress, CatalogObject>[] objects;
  private PersistentMap<NameKey, Integer> relationNames = PersistentMap.empty();
  private PersistentMap<NameKey, Integer> typeNames = PersistentMap.empty();
  private PersistentMap<NameKey, List<Integer>> functionNames = PersistentMap.empty();
  private PersistentMap<NameKey, List<Integer>> operatorNames = PersistentMap.empty();
  private PersistentMap<String, Integer> namespaceNames = PersistentMap.empty();
  private PersistentMap<String, Integer> roleNames = PersistentMap.empty();
  private PersistentMap<OidPair, Boolean> references = PersistentMap.empty();
  private PersistentMap<OidPair, Boolean> children = PersistentMap.empty();
  /// How many constraints of a schema have a name.
  private PersistentMap<NameKey, Integer> constraintNames = PersistentMap.empty();
  private DependencyGraph graph = DependencyGraph.EMPTY;

  @SuppressWarnings("unchecked")
  private SnapshotMaps() {
    objects = new PersistentMap[ObjectClass.values().length];
    java.util.Arrays.fill(objects, PersistentMap.<ObjectAddress, CatalogObject>empty());
  }

  private SnapshotMaps(SnapshotMaps other) {
    objects = other.objects.clone();
    relationNames = other.relationNames;
    typeNames = other.typeNames;
    functionNames = other.functionNames;
    operatorNames = other.operatorNames;
    namespaceNames = other.namespaceNames;
    roleNames = other.roleNames;
    references = other.references;
    children = other.children;
    constraintNames = other.constraintNames;
    graph = other.graph;
  }

  PersistentMap<ObjectAddress, CatalogObject> objects(ObjectClass objectClass) {
    return objects[objectClass.ordinal()];
  }

  PersistentMap<NameKey, Integer> relationNames() {
    return relationNames;
  }

  PersistentMap<NameKey, Integer> typeNames() {
    return typeNames;
  }

  PersistentMap<NameKey, List<Integer>> functionNames() {
    return functionNames;
  }

  PersistentMap<NameKey, List<Integer>> operatorNames() {
    return operatorNames;
  }

  PersistentMap<String, Integer> namespaceNames() {
    return namespaceNames;
  }

  PersistentMap<String, Integer> roleNames() {
    return roleNames;
  }

  boolean hasConstraint(int namespaceOid, String name) {
    return constraintNames.contains(new NameKey(namespaceOid, name));
  }

  private void countConstraint(int namespaceOid, String name, int difference) {
    NameKey key = new NameKey(namespaceOid, name);
    Integer known = constraintNames.get(key);
    int count = (known == null ? 0 : known) + difference;
    constraintNames = count == 0 ? constraintNames.remove(key) : constraintNames.put(key, count);
  }

  private void countDomainConstraints(TypeObject type, int difference) {
    if (type.definition().details() instanceof Catalog.DomainDetails domain) {
      domain.checks().forEach(check -> countConstraint(type.definition().type().namespaceOid(), check.name(), difference));
    }
  }

  DependencyGraph graph() {
    return graph;
  }

  List<Integer> referencing(int tableOid) {
    return seconds(references, tableOid);
  }

  List<Integer> children(int tableOid) {
    return seconds(children, tableOid);
  }

  private static List<Integer> seconds(PersistentMap<OidPair, Boolean> pairs, int first) {
    List<Integer> result = new ArrayList<>();
    for (OidPair pair : pairs.keysFrom(new OidPair(first, 0))) {
      if (pair.first != first) {
        break;
      }
      result.add(pair.second);
    }
    return result;
  }

  SnapshotMaps put(CatalogObject object) {
    SnapshotMaps next = new SnapshotMaps(this);
    next.take(object.objectClass(), object.key());
    next.objects[object.objectClass().ordinal()] = next.objects(object.objectClass()).put(object.key(), object);
    next.index(object);
    return next;
  }

  SnapshotMaps remove(ObjectClass objectClass, ObjectAddress key) {
    SnapshotMaps next = new SnapshotMaps(this);
    next.take(objectClass, key);
    return next;
  }

  private void take(ObjectClass objectClass, ObjectAddress key) {
    CatalogObject old = objects(objectClass).get(key);
    if (old != null) {
      objects[objectClass.ordinal()] = objects(objectClass).remove(key);
      unindex(old);
    }
  }

  private void index(CatalogObject object) {
    graph = graph.plus(object);
    switch (object) {
      case RelationObject relation -> indexRelation(relation.relation());
      case TypeObject type -> {
        typeNames = typeNames.put(typeName(type), type.definition().type().oid());
        countDomainConstraints(type, 1);
      }
      case FunctionObject function -> functionNames = plus(functionNames, functionName(function), function.function().oid());
      case OperatorObject operator -> operatorNames = plus(operatorNames, operatorName(operator), operator.operator().oid());
      case NamespaceObject namespace -> namespaceNames = namespaceNames.put(namespace.namespace().name(), namespace.namespace().oid());
      case RoleObject role -> roleNames = roleNames.put(role.role().name(), role.role().oid());
      default -> { } // found by key only
    }
  }

  private void unindex(CatalogObject object) {
    graph = graph.minus(object);
    switch (object) {
      case RelationObject relation -> unindexRelation(relation.relation());
      case TypeObject type -> {
        typeNames = typeNames.remove(typeName(type));
        countDomainConstraints(type, -1);
      }
      case FunctionObject function -> functionNames = minus(functionNames, functionName(function), function.function().oid());
      case OperatorObject operator -> operatorNames = minus(operatorNames, operatorName(operator), operator.operator().oid());
      case NamespaceObject namespace -> namespaceNames = namespaceNames.remove(namespace.namespace().name());
      case RoleObject role -> roleNames = roleNames.remove(role.role().name());
      default -> { } // found by key only
    }
  }

  private void indexRelation(Relation relation) {
    relationNames = relationNames.put(new NameKey(relation.namespaceOid(), relation.name()), relation.oid());
    if (relation instanceof Table table) {
      for (Constraint constraint : table.constraints()) {
        countConstraint(table.namespaceOid(), constraint.name(), 1);
        if (constraint.kind() == Constraint.Kind.FOREIGN_KEY) {
          references = references.put(new OidPair(constraint.referencedTable(), table.oid()), true);
        }
      }
      for (int parent : table.inherits()) {
        children = children.put(new OidPair(parent, table.oid()), true);
      }
    }
  }

  private void unindexRelation(Relation relation) {
    relationNames = relationNames.remove(new NameKey(relation.namespaceOid(), relation.name()));
    if (relation instanceof Table table) {
      for (Constraint constraint : table.constraints()) {
        countConstraint(table.namespaceOid(), constraint.name(), -1);
        if (constraint.kind() == Constraint.Kind.FOREIGN_KEY) {
          references = references.remove(new OidPair(constraint.referencedTable(), table.oid()));
        }
      }
      for (int parent : table.inherits()) {
        children = children.remove(new OidPair(parent, table.oid()));
      }
    }
  }

  private static NameKey typeName(TypeObject type) {
    return new NameKey(type.definition().type().namespaceOid(), type.definition().type().name());
  }

  private static NameKey functionName(FunctionObject function) {
    return new NameKey(function.function().namespaceOid(), function.function().name());
  }

  private static NameKey operatorName(OperatorObject operator) {
    return new NameKey(operator.operator().namespaceOid(), operator.operator().name());
  }

  private static PersistentMap<NameKey, List<Integer>> plus(PersistentMap<NameKey, List<Integer>> map, NameKey key, int oid) {
    List<Integer> oids = new ArrayList<>(orEmpty(map.get(key)));
    oids.add(oid);
    oids.sort(Integer::compareUnsigned);
    return map.put(key, List.copyOf(oids));
  }

  private static PersistentMap<NameKey, List<Integer>> minus(PersistentMap<NameKey, List<Integer>> map, NameKey key, int oid) {
    List<Integer> oids = new ArrayList<>(orEmpty(map.get(key)));
    oids.remove((Integer) oid);
    return oids.isEmpty() ? map.remove(key) : map.put(key, List.copyOf(oids));
  }

  private static List<Integer> orEmpty(@Nullable List<Integer> list) {
    return list == null ? List.of() : list;
  }
}
