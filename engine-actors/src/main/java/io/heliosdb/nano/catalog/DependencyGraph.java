package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import java.util.ArrayList;
import java.util.List;

/// Who depends on whom, in both directions; immutable, with structure shared between versions.
/// An edge costs one entry each way, so finding the dependents of an object takes time by their number, not by the catalog's size.
record DependencyGraph(PersistentMap<EdgeKey, Character> forward, PersistentMap<EdgeKey, Character> backward) {
  static final DependencyGraph EMPTY = new DependencyGraph(PersistentMap.empty(), PersistentMap.empty());

  record EdgeKey(ObjectAddress from, ObjectAddress to) implements Comparable<EdgeKey> {
    @Override
    public int compareTo(EdgeKey other) {
      int order = from.compareTo(other.from);
      return order != 0 ? order : to.compareTo(other.to);
    }
  }

  private static final ObjectAddress LOWEST = new ObjectAddress(Integer.MIN_VALUE, 0, Integer.MIN_VALUE);

  DependencyGraph plus(CatalogObject object) {
    PersistentMap<EdgeKey, Character> newForward = forward;
    PersistentMap<EdgeKey, Character> newBackward = backward;
    for (StructuralDependencies.Edge edge : StructuralDependencies.of(object)) {
      newForward = newForward.put(new EdgeKey(edge.dependent(), edge.target()), edge.kind());
      newBackward = newBackward.put(new EdgeKey(edge.target(), edge.dependent()), edge.kind());
    }
    return new DependencyGraph(newForward, newBackward);
  }

  DependencyGraph minus(CatalogObject object) {
    PersistentMap<EdgeKey, Character> newForward = forward;
    PersistentMap<EdgeKey, Character> newBackward = backward;
    for (StructuralDependencies.Edge edge : StructuralDependencies.of(object)) {
      newForward = newForward.remove(new EdgeKey(edge.dependent(), edge.target()));
      newBackward = newBackward.remove(new EdgeKey(edge.target(), edge.dependent()));
    }
    return new DependencyGraph(newForward, newBackward);
  }

  @FunctionalInterface
  interface EdgeVisitor {
    void edge(ObjectAddress dependent, ObjectAddress target, char kind);
  }

  void forEach(EdgeVisitor visitor) {
    for (EdgeKey edge : forward.keysFrom(new EdgeKey(LOWEST, LOWEST))) {
      visitor.edge(edge.from, edge.to, forward.get(edge));
    }
  }

  List<Dependency> dependenciesOf(ObjectAddress address) {
    List<Dependency> result = new ArrayList<>();
    for (EdgeKey edge : forward.keysFrom(new EdgeKey(address, LOWEST))) {
      if (!edge.from.equals(address)) {
        break;
      }
      result.add(new Dependency(edge.to, forward.get(edge)));
    }
    return result;
  }

  /// Direct dependents with the kind of each edge; a whole object (`subId` 0) answers for all its parts.
  List<Dependency> dependentsOn(ObjectAddress address) {
    List<Dependency> result = new ArrayList<>();
    ObjectAddress first = address.subId() == 0 ? new ObjectAddress(address.classOid(), address.objectOid(), Integer.MIN_VALUE) : address;
    for (EdgeKey edge : backward.keysFrom(new EdgeKey(first, LOWEST))) {
      boolean same = edge.from.classOid() == address.classOid() && edge.from.objectOid() == address.objectOid()
          && (address.subId() == 0 || edge.from.subId() == address.subId());
      if (!same) {
        break;
      }
      result.add(new Dependency(edge.to, backward.get(edge)));
    }
    return result;
  }
}
