package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.store.SharedCatalog;
import io.heliosdb.nano.storage.ReadView;

/// One branch as sessions share it. Immutable; the catalog it names is the newest committed one.
public record BranchState(int id, String name, ReadView readView, SharedCatalog catalogs) {
  public CatalogSnapshot catalog() {
    return catalogs.current(id);
  }
}
