package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A transaction's own uncommitted DDL laid over a committed snapshot.
///
/// [#current] is what the transaction's statements see. [#mark] and [#rollbackTo] go with savepoints and with failed commands;
/// [#rebase] puts the changes onto a newer committed snapshot. Confined to the session.
public final class CatalogBuilder {
  /// One change: the object before (null: created) and after (null: dropped).
  public record Change(ObjectClass objectClass, ObjectAddress key, @Nullable CatalogObject before, @Nullable CatalogObject after) {}

  private final LongSupplier versions;
  private final List<Change> changes = new ArrayList<>();
  private CatalogSnapshot base;
  private CatalogSnapshot current;

  /// @param versions gives numbers that were never used as an object version before
  public CatalogBuilder(CatalogSnapshot base, LongSupplier versions) {
    this.base = base;
    this.current = base;
    this.versions = versions;
  }

  public CatalogSnapshot current() {
    return current;
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /// All changes in order; an object changed twice occurs twice.
  public List<Change> changes() {
    return List.copyOf(changes);
  }

  /// The changes after `mark`, one per object: from its state at the mark to its state now. Objects made and dropped since are left out.
  public List<Change> netChanges(int mark) {
    Map<Key, Change> net = new LinkedHashMap<>();
    for (Change change : changes.subList(mark, changes.size())) {
      net.merge(new Key(change.objectClass(), change.key()), change,
          (first, last) -> new Change(first.objectClass(), first.key(), first.before(), last.after()));
    }
    return net.values().stream().filter(change -> change.before() != null || change.after() != null).toList();
  }

  private record Key(ObjectClass objectClass, ObjectAddress address) {}

  /// Creates or replaces an object and gives it a new version.
  public Change put(CatalogObject object) {
    long version = versions.getAsLong();
    CatalogObject stored = object.withVersion(version);
    Change change = new Change(object.objectClass(), object.key(), current.object(object.objectClass(), object.key()), stored);
    current = current.with(stored, version);
    changes.add(change);
    return change;
  }

  /// Drops an object; null if there is none.
  public @Nullable Change remove(ObjectClass objectClass, ObjectAddress key) {
    CatalogObject before = current.object(objectClass, key);
    if (before == null) {
      return null;
    }
    Change change = new Change(objectClass, key, before, null);
    current = current.without(before, versions.getAsLong());
    changes.add(change);
    return change;
  }

  /// A point to come back to: the number of changes so far.
  public int mark() {
    return changes.size();
  }

  /// Forgets all changes after `mark`.
  public void rollbackTo(int mark) {
    if (mark < changes.size()) {
      changes.subList(mark, changes.size()).clear();
      replay();
    }
  }

  /// Takes `newer` as the committed state under this transaction's changes.
  public void rebase(CatalogSnapshot newer) {
    if (newer != base) {
      base = newer;
      replay();
    }
  }

  private void replay() {
    current = apply(base, changes, versions);
  }

  /// The snapshot that results from `changes` on top of `base`, under a new version.
  public static CatalogSnapshot apply(CatalogSnapshot base, List<Change> changes, LongSupplier versions) {
    if (changes.isEmpty()) {
      return base;
    }
    long version = versions.getAsLong();
    CatalogSnapshot result = base;
    for (Change change : changes) {
      result = change.after() == null
          ? result.without(change.before(), version)
          : result.with(change.after(), version);
    }
    return result;
  }
}
