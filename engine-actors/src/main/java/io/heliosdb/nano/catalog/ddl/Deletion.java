package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Drops objects with all that depends on them, by PostgreSQL's rules for `pg_depend`:
/// automatic and internal dependents go silently, normal ones only with CASCADE, an internal part only together with its owner.
///
/// One instance per command. Source: PostgreSQL 15 manual, "Dependency Tracking" and "pg_depend".
final class Deletion {
  private static final int MAX_REPORTED = 100;

  /// An object to be dropped: how it was reached, and from what.
  private static final class Doomed {
    boolean silent;
    @Nullable ObjectAddress dependee;
  }

  private final Ddl ddl;
  /// Dependents before what they depend on.
  private final Map<ObjectAddress, Doomed> doomed = new LinkedHashMap<>();
  private final Set<ObjectAddress> open = new HashSet<>();
  private final Set<ObjectAddress> originals = new HashSet<>();

  Deletion(Ddl ddl) {
    this.ddl = ddl;
  }

  /// Drops the objects.
  ///
  /// @throws SqlException 2BP01 when something else depends on them and `cascade` is false
  void drop(List<ObjectAddress> objects, boolean cascade) {
    originals.addAll(objects);
    for (ObjectAddress object : objects) {
      collect(object, true, null);
    }
    report(objects, cascade);
    ObjectRemoval removal = new ObjectRemoval(ddl);
    for (ObjectAddress object : List.copyOf(doomed.keySet())) {
      if (!goesWithTable(object) && !goesWithWhole(object)) {
        removal.remove(object);
      }
    }
  }

  /// Constraints and defaults of a relation that is dropped as a whole go with it; taking them out one by one would rewrite it.
  private boolean goesWithTable(ObjectAddress object) {
    if (object.classOid() != ClassOids.CONSTRAINT && object.classOid() != ClassOids.ATTRDEF) {
      return false;
    }
    ObjectAddress owner = descriptions().owner(object);
    return owner != null && doomed.containsKey(ObjectAddress.of(owner.classOid(), owner.objectOid()));
  }

  /// A column that was reached before its table was.
  private boolean goesWithWhole(ObjectAddress object) {
    return object.subId() != 0 && doomed.containsKey(ObjectAddress.of(object.classOid(), object.objectOid()));
  }

  private void collect(ObjectAddress object, boolean silent, @Nullable ObjectAddress dependee) {
    if (isKnown(object, silent)) {
      return;
    }
    if (dependee == null) {
      checkPartitionPart(object);
    }
    if (dependee == null || !originals.contains(object)) {
      ObjectAddress owner = internalOwner(object);
      if (owner != null) {
        if (dependee == null) {
          throw requiredBy(object, owner);
        }
        collect(owner, silent && !hasOpenOwner(object), dependee);
        if (isKnown(object, silent)) {
          return;
        }
      }
    }
    open.add(object);
    List<Dependency> dependents = new ArrayList<>(ddl.catalog().dependents(object));
    dependents.sort((a, b) -> {
      int order = Integer.compareUnsigned(b.target().objectOid(), a.target().objectOid());
      return order != 0 ? order : a.target().compareTo(b.target());
    });
    dependents.addAll(referencesToPartition(object));
    for (Dependency dependent : dependents) {
      boolean ownPart = dependent.target().classOid() == object.classOid() && dependent.target().objectOid() == object.objectOid();
      if (!ownPart) {
        collect(dependent.target(), dependent.kind() != 'n', object);
      }
    }
    open.remove(object);
    Doomed entry = new Doomed();
    entry.silent = silent || originals.contains(object);
    entry.dependee = dependee;
    doomed.put(object, entry);
  }

  /// Foreign keys that refer to a table by way of the partitioned tables above it.
  private List<Dependency> referencesToPartition(ObjectAddress object) {
    List<Dependency> result = new ArrayList<>();
    Relation relation = object.classOid() == ClassOids.CLASS && object.subId() == 0 ? ddl.catalog().relation(object.objectOid()) : null;
    while (relation instanceof Relation.Table table && table.isPartition()) {
      relation = ddl.catalog().relation(table.partitionOf());
      if (relation == null || isDoomedOrOpen(Ddl.address(relation))) {
        return List.of();
      }
      for (var reference : ddl.catalog().referencesTo(relation.oid())) {
        if (reference.constraint().parentConstraint() == 0) {
          result.add(new Dependency(ObjectAddress.of(ClassOids.CONSTRAINT, reference.constraint().oid()), 'n'));
        }
      }
    }
    return result;
  }

  /// Whether the object (or the whole of which it is a part) is on its way already; remembers a silent way to it.
  private boolean isKnown(ObjectAddress object, boolean silent) {
    Doomed entry = doomed.get(object);
    if (entry != null) {
      entry.silent |= silent;
      return true;
    }
    return open.contains(object) || object.subId() != 0 && isDoomedOrOpen(ObjectAddress.of(object.classOid(), object.objectOid()));
  }

  private boolean isDoomedOrOpen(ObjectAddress object) {
    ObjectAddress whole = ObjectAddress.of(object.classOid(), object.objectOid());
    return doomed.containsKey(object) || open.contains(object) || doomed.containsKey(whole) || open.contains(whole)
        || originals.contains(object) || originals.contains(whole);
  }

  /// A partition's own copy of something of its parent's goes with the partition or with the original only.
  private void checkPartitionPart(ObjectAddress object) {
    for (Dependency dependency : ddl.catalog().dependenciesOf(object)) {
      if (dependency.kind() == 'P' && !isDoomedOrOpen(dependency.target())) {
        throw requiredBy(object, dependency.target());
      }
    }
  }

  /// What the object is an internal part of and what is not on its way yet, or null.
  private @Nullable ObjectAddress internalOwner(ObjectAddress object) {
    for (ObjectAddress owner : internalOwners(object)) {
      if (!isDoomedOrOpen(owner)) {
        return owner;
      }
    }
    return null;
  }

  /// Whether another owner is on its way: an index of a constraint of its own may be part of a partitioned index as well.
  private boolean hasOpenOwner(ObjectAddress object) {
    return internalOwners(object).stream().anyMatch(this::isDoomedOrOpen);
  }

  private List<ObjectAddress> internalOwners(ObjectAddress object) {
    List<ObjectAddress> owners = new ArrayList<>();
    for (Dependency dependency : ddl.catalog().dependenciesOf(object)) {
      boolean otherObject = dependency.target().classOid() != object.classOid() || dependency.target().objectOid() != object.objectOid();
      if (dependency.kind() == 'i' && otherObject) {
        owners.add(dependency.target());
      }
    }
    return owners;
  }

  private SqlException requiredBy(ObjectAddress object, ObjectAddress owner) {
    ObjectDescriptions descriptions = descriptions();
    String what = descriptions.describe(owner);
    return new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
        "cannot drop " + descriptions.describe(object) + " because " + what + " requires it").withHint("You can drop " + what + " instead.");
  }

  /// Whether it is a rule of its own; a view's rule goes with the view.
  private boolean isRule(ObjectAddress address) {
    return ddl.catalog().object(io.heliosdb.nano.catalog.ObjectClass.RULE, address) != null;
  }

  private ObjectDescriptions descriptions() {
    return new ObjectDescriptions(ddl.catalog(), ddl.path());
  }

  private void report(List<ObjectAddress> objects, boolean cascade) {
    ObjectDescriptions descriptions = descriptions();
    List<String> lines = new ArrayList<>();
    int count = 0;
    List<Map.Entry<ObjectAddress, Doomed>> entries = new ArrayList<>(doomed.entrySet());
    for (Map.Entry<ObjectAddress, Doomed> entry : entries.reversed()) {
      if (entry.getValue().silent || entry.getKey().classOid() == ClassOids.REWRITE && !isRule(entry.getKey()) || goesWithWhole(entry.getKey())) {
        continue;
      }
      count++;
      if (lines.size() < MAX_REPORTED) {
        String what = descriptions.describe(entry.getKey());
        lines.add(cascade ? "drop cascades to " + what : what + " depends on " + descriptions.describe(entry.getValue().dependee));
      }
    }
    if (count == 0) {
      return;
    }
    if (count > lines.size()) {
      int rest = count - lines.size();
      lines.add("and " + rest + " other object" + (rest == 1 ? "" : "s") + " (see server log for list)");
    }
    String detail = String.join("\n", lines);
    if (!cascade) {
      String message = objects.size() == 1
          ? "cannot drop " + descriptions.describe(objects.get(0)) + " because other objects depend on it"
          : "cannot drop desired object(s) because other objects depend on them";
      throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST, message).withDetail(detail)
          .withHint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    if (count == 1) {
      ddl.notice(SqlState.SUCCESSFUL_COMPLETION, detail);
    } else {
      ddl.context.notice("NOTICE", SqlState.SUCCESSFUL_COMPLETION, "drop cascades to " + count + " other objects", detail, null);
    }
  }
}
