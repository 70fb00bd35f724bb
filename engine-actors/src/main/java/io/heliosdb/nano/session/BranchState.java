package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.BranchEntry;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.store.SharedCatalog;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.txn.Transaction;
import org.jspecify.annotations.Nullable;

/// One branch as its sessions share it: one instance per branch and database. What it is never changes, except its entry (name, state),
/// how many sessions are on it, and who is about to drop it; these are changed by [BranchRegistry] under its lock.
public final class BranchState {
  private final int id;
  private final ReadView readView;
  private final SharedCatalog.Head catalog;
  private volatile BranchEntry entry;
  private int sessionCount;
  private @Nullable Transaction closingFor;

  BranchState(BranchEntry entry, ReadView readView, SharedCatalog catalogs) {
    this.id = entry.id();
    this.entry = entry;
    this.readView = readView;
    this.catalog = catalogs.head(id);
  }

  public int id() {
    return id;
  }

  public String name() {
    return entry.name();
  }

  /// The newest state of the branch and, below it, of its parents as of the forks.
  public ReadView readView() {
    return readView;
  }

  /// The newest committed catalog.
  public CatalogSnapshot catalog() {
    return catalog.current();
  }

  BranchEntry entry() {
    return entry;
  }

  // Under the registry's lock.

  void setEntry(BranchEntry newEntry) {
    entry = newEntry;
  }

  int sessionCount() {
    return sessionCount;
  }

  void addSessions(int count) {
    sessionCount += count;
  }

  boolean isClosing() {
    return closingFor != null && !closingFor.isEnded();
  }

  void closeFor(Transaction transaction) {
    closingFor = transaction;
  }
}
