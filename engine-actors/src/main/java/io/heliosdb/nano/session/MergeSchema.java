package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.store.CatalogStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the source has changed in the schema, merged object by object with what the target has.
final class MergeSchema {
  /// One object to be written (`after`) or removed on the target.
  record Change(ObjectClass objectClass, ObjectAddress address, @Nullable CatalogObject before, @Nullable CatalogObject after) {
    @Nullable Relation relation() {
      CatalogObject object = after != null ? after : before;
      return object instanceof CatalogObject.RelationObject relation ? relation.relation() : null;
    }
  }

  private final CatalogSnapshot base;
  private final CatalogSnapshot source;
  private final CatalogSnapshot target;
  private final RecordMerge records;
  private final RecordMerge.Winner winner;
  private final List<MergeConflict> conflicts;
  private int resolved;

  /// @param conflicts takes up what cannot be merged
  MergeSchema(CatalogSnapshot base, CatalogSnapshot source, CatalogSnapshot target, RecordMerge.Winner winner, List<MergeConflict> conflicts) {
    this.base = base;
    this.source = source;
    this.target = target;
    this.winner = winner;
    this.records = new RecordMerge(winner);
    this.conflicts = conflicts;
  }

  int resolved() {
    return resolved;
  }

  /// @param touched keys of catalog rows that the source has touched, by storage id
  List<Change> changes(Map<Long, TreeSet<byte[]>> touched) {
    List<Change> changes = new ArrayList<>();
    for (ObjectClass objectClass : ObjectClass.values()) {
      if (objectClass.isShared() || objectClass == ObjectClass.TABLE_STATISTICS || !touched.containsKey(objectClass.storageId())) {
        continue;
      }
      for (byte[] key : touched.get(objectClass.storageId())) {
        Change change = change(objectClass, CatalogStore.address(key));
        if (change != null) {
          changes.add(change);
        }
      }
    }
    // What is dropped goes before what is made: the new may have the name of the old.
    changes.sort(Comparator.comparing((Change change) -> change.after != null));
    return changes;
  }

  private @Nullable Change change(ObjectClass objectClass, ObjectAddress address) {
    CatalogObject b = unversioned(base.object(objectClass, address));
    CatalogObject s = unversioned(source.object(objectClass, address));
    CatalogObject t = unversioned(target.object(objectClass, address));
    if (java.util.Objects.equals(s, b) || java.util.Objects.equals(s, t) || isTemporary(b) || isTemporary(s)) {
      return null;
    }
    CatalogObject before = target.object(objectClass, address);
    if (!java.util.Objects.equals(t, b)) {
      if (s == null || t == null || b == null) {
        return removedAndChanged(objectClass, address, before, b, s, t);
      }
      try {
        s = (CatalogObject) records.merge(b, s, t, "definition");
      } catch (RecordMerge.Conflict conflict) {
        conflicts.add(new MergeConflict("schema", describe(t), null, conflict.getMessage(), null, null, null));
        return null;
      }
    } else if (s != null && b == null && collides(s)) {
      conflicts.add(new MergeConflict("schema", describe(s), null, "name", null, describe(s), describe(s)));
      return null;
    }
    return new Change(objectClass, address, before, s);
  }

  /// One side dropped what the other changed.
  private @Nullable Change removedAndChanged(
      ObjectClass objectClass, ObjectAddress address, @Nullable CatalogObject before, @Nullable CatalogObject b, @Nullable CatalogObject s,
      @Nullable CatalogObject t) {
    boolean isTable = b instanceof CatalogObject.RelationObject relation && relation.relation() instanceof Relation.Table;
    if (isTable || winner == RecordMerge.Winner.NOBODY) {
      CatalogObject named = b != null ? b : s != null ? s : t;
      conflicts.add(new MergeConflict("schema", describe(named), null, "definition", present(b), present(s), present(t)));
      return null;
    }
    resolved++;
    return winner == RecordMerge.Winner.SOURCE ? new Change(objectClass, address, before, s) : null;
  }

  private static @Nullable String present(@Nullable CatalogObject object) {
    return object == null ? null : "exists";
  }

  private static @Nullable CatalogObject unversioned(@Nullable CatalogObject object) {
    return object == null ? null : object.withVersion(0);
  }

  /// Whether the target has another object of the name.
  private boolean collides(CatalogObject added) {
    return switch (added) {
      case CatalogObject.RelationObject relation -> {
        Relation there = target.relation(relation.relation().namespaceOid(), relation.relation().name());
        yield there != null && source.relation(there.oid()) == null && base.relation(there.oid()) == null || there != null && there.oid() != relation.relation().oid()
            && source.relation(there.oid()) != null;
      }
      case CatalogObject.NamespaceObject namespace -> target.namespace(namespace.namespace().name()) != null;
      case CatalogObject.FunctionObject function -> target.functions(function.function().namespaceOid(), function.function().name()).stream()
          .anyMatch(other -> other.argumentTypes().equals(function.function().argumentTypes()));
      default -> false;
    };
  }

  private boolean isTemporary(@Nullable CatalogObject object) {
    int namespace =
        switch (object) {
          case CatalogObject.NamespaceObject n -> n.namespace().oid();
          case CatalogObject.RelationObject r -> r.relation().namespaceOid();
          case CatalogObject.TypeObject t -> t.definition().type().namespaceOid();
          case null, default -> 0;
        };
    Catalog.Namespace found = namespace == 0 ? null : source.namespace(namespace) != null ? source.namespace(namespace) : base.namespace(namespace);
    return found != null && found.name().startsWith("pg_temp_");
  }

  private static String describe(@Nullable CatalogObject object) {
    return switch (object) {
      case CatalogObject.RelationObject r -> r.relation().name();
      case CatalogObject.NamespaceObject n -> n.namespace().name();
      case CatalogObject.TypeObject t -> t.definition().type().name();
      case CatalogObject.FunctionObject f -> f.function().name();
      case CatalogObject.TriggerObject t -> t.trigger().name();
      case CatalogObject.PolicyObject p -> p.policy().name();
      case CatalogObject.RuleObject r -> r.rule().name();
      case null -> "";
      default -> object.objectClass().name().toLowerCase(java.util.Locale.ROOT) + " " + Integer.toUnsignedString(object.key().objectOid());
    };
  }
}
