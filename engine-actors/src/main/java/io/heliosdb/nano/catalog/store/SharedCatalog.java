package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogBuilder.Change;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The newest committed catalog of each branch, shared by all sessions of a database.
///
/// A session reads [#current] when a statement begins. After its commit has become visible and before its locks are released, a session
/// that changed the catalog calls [#publish]; the changes are applied to whatever was published meanwhile. Branches are loaded when first
/// asked for. Thread-safe; bound: one snapshot per branch in use, until [#forget].
public final class SharedCatalog {
  /// The place of one branch's newest catalog: what asks for it with every statement keeps this and reads one field.
  public final class Head {
    private final int branch;
    private volatile @Nullable CatalogSnapshot snapshot;

    private Head(int branch) {
      this.branch = branch;
    }

    public CatalogSnapshot current() {
      CatalogSnapshot known = snapshot;
      return known != null ? known : load(this);
    }
  }

  private final Map<Integer, Head> branches = new ConcurrentHashMap<>();
  private final AtomicLong versions = new AtomicLong();
  private final IntFunction<CatalogSnapshot> loader;

  /// @param loader reads the newest catalog of a branch from the store
  public SharedCatalog(IntFunction<CatalogSnapshot> loader) {
    this.loader = loader;
  }

  public CatalogSnapshot current(int branch) {
    return head(branch).current();
  }

  public Head head(int branch) {
    Head known = branches.get(branch);
    return known != null ? known : branches.computeIfAbsent(branch, Head::new);
  }

  private synchronized CatalogSnapshot load(Head head) {
    CatalogSnapshot known = head.snapshot;
    if (known == null) {
      known = loader.apply(head.branch);
      long newest = known.version();
      versions.updateAndGet(version -> Math.max(version, newest));
      head.snapshot = known;
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
    head(branch).snapshot = CatalogBuilder.apply(current(branch), changes, this::nextVersion);
    List<Change> shared = changes.stream().filter(change -> change.objectClass().isShared()).toList();
    if (!shared.isEmpty()) {
      for (Head other : branches.values()) {
        CatalogSnapshot snapshot = other.snapshot;
        if (other.branch != branch && snapshot != null) {
          other.snapshot = CatalogBuilder.apply(snapshot, shared, this::nextVersion);
        }
      }
    }
  }

  /// Lets go of a branch that was dropped or is not used any more.
  public void forget(int branch) {
    branches.remove(branch);
  }
}
