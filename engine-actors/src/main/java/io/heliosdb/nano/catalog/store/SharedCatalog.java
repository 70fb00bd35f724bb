package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogBuilder.Change;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/// The newest committed catalog of each branch, shared by all sessions of a database.
///
/// A session reads [#current] when a statement begins. After its commit has become visible and before its locks are released, a session
/// that changed the catalog calls [#publish]; the changes are applied to whatever was published meanwhile. Branches are loaded when first
/// asked for. Thread-safe; bound: one snapshot per branch in use, until [#forget].
public final class SharedCatalog {
  private final Map<Integer, CatalogSnapshot> branches = new ConcurrentHashMap<>();
  private final AtomicLong versions = new AtomicLong();
  private final IntFunction<CatalogSnapshot> loader;

  /// @param loader reads the newest catalog of a branch from the store
  public SharedCatalog(IntFunction<CatalogSnapshot> loader) {
    this.loader = loader;
  }

  public CatalogSnapshot current(int branch) {
    CatalogSnapshot known = branches.get(branch);
    return known != null ? known : load(branch);
  }

  private synchronized CatalogSnapshot load(int branch) {
    CatalogSnapshot known = branches.get(branch);
    if (known == null) {
      known = loader.apply(branch);
      long newest = known.version();
      versions.updateAndGet(version -> Math.max(version, newest));
      branches.put(branch, known);
    }
    return known;
  }

  /// The overlay for a transaction on `branch`.
  public CatalogBuilder begin(int branch) {
    return new CatalogBuilder(current(branch), this::nextVersion);
  }

  /// A number that no object version of this database ever had.
  public long nextVersion() {
    return versions.incrementAndGet();
  }

  /// Makes committed changes visible to all sessions; those of shared objects on all branches.
  public synchronized void publish(int branch, List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    branches.put(branch, CatalogBuilder.apply(current(branch), changes, this::nextVersion));
    List<Change> shared = changes.stream().filter(change -> change.objectClass().isShared()).toList();
    if (!shared.isEmpty()) {
      branches.replaceAll((other, snapshot) -> other == branch ? snapshot : CatalogBuilder.apply(snapshot, shared, this::nextVersion));
    }
  }

  /// Lets go of a branch that was dropped or is not used any more.
  public void forget(int branch) {
    branches.remove(branch);
  }
}
