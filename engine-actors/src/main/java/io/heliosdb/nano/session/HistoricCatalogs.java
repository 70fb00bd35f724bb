package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.store.CatalogStore;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.StoreReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/// Catalogs of the past, and since when relations have been what they are now. Thread-safe.
///
/// Bounds: the [#KEPT_MAX] catalogs used last; [#AGES_MAX] ages, all forgotten when there are more.
final class HistoricCatalogs {
  private static final int KEPT_MAX = 32;
  private static final int AGES_MAX = 10_000;

  private record Coordinate(int branch, long scn) {}

  /// Since when (an SCN) a relation is what the catalog of that version says.
  private record Age(long catalogVersion, long since) {}

  private final Store store;
  private final BiFunction<StoreReader, ReadView, CatalogSnapshot> loader;
  private final Map<Long, Age> ages = new ConcurrentHashMap<>();
  private final Map<Coordinate, CatalogSnapshot> kept = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Coordinate, CatalogSnapshot> eldest) {
      return size() > KEPT_MAX;
    }
  };

  HistoricCatalogs(Store store, BiFunction<StoreReader, ReadView, CatalogSnapshot> loader) {
    this.store = store;
    this.loader = loader;
  }

  /// The catalog of a branch as of an SCN.
  CatalogSnapshot at(BranchState branch, long scn) {
    Coordinate coordinate = new Coordinate(branch.id(), scn);
    synchronized (kept) {
      CatalogSnapshot known = kept.get(coordinate);
      if (known != null) {
        return known;
      }
    }
    CatalogSnapshot loaded;
    try (StoreReader reader = store.acquireReader()) {
      loaded = loader.apply(reader, branch.readView().asOf(scn));
    }
    synchronized (kept) {
      kept.put(coordinate, loaded);
    }
    return loaded;
  }

  /// The SCN since when a relation, its indexes and its partitions have been what `catalog`, a committed one, says.
  long unchangedSince(BranchState branch, CatalogSnapshot catalog, Relation relation) {
    long key = (long) branch.id() << 32 | Integer.toUnsignedLong(relation.oid());
    Age known = ages.get(key);
    if (known != null && known.catalogVersion == catalog.version()) {
      return known.since;
    }
    long since;
    try (StoreReader reader = store.acquireReader()) {
      since = since(reader, branch.readView(), catalog, relation);
    }
    if (ages.size() > AGES_MAX) {
      ages.clear();
    }
    ages.put(key, new Age(catalog.version(), since));
    return since;
  }

  private static long since(StoreReader reader, ReadView view, CatalogSnapshot catalog, Relation relation) {
    long since = rowScn(reader, view, relation.oid());
    if (relation instanceof Relation.Table) {
      for (Relation.Index index : catalog.indexesOf(relation.oid())) {
        since = Math.max(since, rowScn(reader, view, index.oid()));
      }
      for (Relation.Table child : catalog.childrenOf(relation.oid())) {
        since = Math.max(since, since(reader, view, catalog, child));
      }
    }
    return since;
  }

  /// A relation without a committed row is the transaction's own: never was there before.
  private static long rowScn(StoreReader reader, ReadView view, int oid) {
    RowSlot slot = new RowSlot();
    byte[] key = CatalogStore.key(new ObjectAddress(ObjectClass.RELATION.classOid(), oid, 0));
    return reader.get(view, ObjectClass.RELATION.storageId(), key, slot) ? slot.scn() : Long.MAX_VALUE;
  }

  /// The first SCN at which a relation existed on a branch, `limit` when it did not before that.
  long createdAt(BranchState branch, int oid, long limit) {
    long low = 0;
    long high = limit;
    byte[] key = CatalogStore.key(new ObjectAddress(ObjectClass.RELATION.classOid(), oid, 0));
    RowSlot slot = new RowSlot();
    try (StoreReader reader = store.acquireReader()) {
      while (low < high) {
        long middle = low + (high - low) / 2;
        if (reader.get(branch.readView().asOf(middle), ObjectClass.RELATION.storageId(), key, slot)) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
    }
    return high;
  }
}
