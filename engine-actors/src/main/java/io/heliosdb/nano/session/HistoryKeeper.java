package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.BranchEntry;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.store.CatalogStore;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.CommitInfo;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.storage.Layer;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.StoreReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// How far back history goes, and its trimming. One per database; thread-safe, one compaction at a time.
///
/// The horizon of a table on a branch is the oldest of: the retention time, the oldest snapshot in use, the oldest fork from the branch, the
/// last merges of the branch, and whatever else holds history ([#hold]). Protocol against readers of the past: the keeper announces the
/// new start of history, then looks at the snapshots held; a reader announces what it reads, then looks at the start. So one of them sees the other.
final class HistoryKeeper {
  static final int KEEP_ALL = -1;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  /// The start that counts for what has none of its own.
  private static final long GENERAL = 0;

  private final DatabaseEngine engine;
  private final Store store;
  private final Map<CounterKey, Long> starts = new ConcurrentHashMap<>();
  private final Map<String, LongSupplier> holds = new ConcurrentHashMap<>();
  private final ReentrantLock compacting = new ReentrantLock();

  HistoryKeeper(DatabaseEngine engine, Store store) {
    this.engine = engine;
    this.store = store;
    try (StoreReader reader = store.acquireReader()) {
      starts.putAll(reader.historyStarts());
    }
  }

  /// Keeps everything younger than an SCN, for readers of the change log, until [#release].
  void hold(String name, LongSupplier oldestScnNeeded) {
    holds.put(name, oldestScnNeeded);
  }

  void release(String name) {
    holds.remove(name);
  }

  // ---- reading ----

  private long start(int branch, long storageId) {
    Long own = starts.get(CounterKey.historyStart(branch, storageId));
    Long general = starts.get(CounterKey.historyStart(branch, GENERAL));
    return own != null ? own : general != null ? general : 0;
  }

  /// @throws SqlException 72000 when the table's history on the view's branches does not go back to `scn`
  void require(SessionCore session, ReadView view, Relation.Table table, long scn) {
    session.txnSession().holdHistory(scn);
    for (int i = 0; i < view.layerCount(); i++) {
      Layer layer = view.layer(i);
      long start = start(layer.branch(), table.storageId());
      if (start > Math.min(layer.scn(), scn)) {
        throw new SqlException(SqlState.SNAPSHOT_TOO_OLD, "the history of table \"" + table.name() + "\" does not go back to SCN " + scn)
            .withDetail(oldestState(session, start))
            .withHint("Older versions are removed after retention_days.");
      }
    }
  }

  private String oldestState(SessionCore session, long start) {
    CommitInfo commit = store.commitInfo(start);
    return "Its oldest state is SCN " + start + (commit == null ? "" : " of " + TimeTravel.text(session, commit.timeMicros())) + ".";
  }

  /// The same for the catalog of the session's branch.
  void requireCatalog(SessionCore session, long scn) {
    require(session, session.branchState(), ObjectClass.RELATION.storageId(), scn);
  }

  /// The same for everything on a branch, before it is forked as of an SCN.
  void requireBranch(SessionCore session, BranchState branch, long scn) {
    require(session, branch, ObjectClass.RELATION.storageId(), scn);
    require(session, branch, GENERAL, scn);
    ReadView view = branch.readView().asOf(scn);
    if (starts.entrySet().stream().anyMatch(start -> start.getValue() > scn)) {
      // Some table has a shorter history than the rest.
      for (Relation relation : engine.historicCatalogs().at(branch, scn).relations()) {
        if (relation instanceof Relation.Table table && !table.isPartitioned()) {
          require(session, view, table, scn);
        }
      }
    }
  }

  private void require(SessionCore session, BranchState branch, long storageId, long scn) {
    session.txnSession().holdHistory(scn);
    ReadView view = branch.readView();
    for (int i = 0; i < view.layerCount(); i++) {
      long start = start(view.layer(i).branch(), storageId);
      if (start > Math.min(view.layer(i).scn(), scn)) {
        throw new SqlException(SqlState.SNAPSHOT_TOO_OLD, "the history of the database does not go back to SCN " + scn)
            .withDetail(oldestState(session, start))
            .withHint("Older versions are removed after retention_days.");
      }
    }
  }

  /// Bytes of the history that a table has on the session's branch.
  long historyBytes(SessionCore session, int tableOid) {
    CatalogSnapshot catalog = session.catalog();
    if (!(catalog.relation(tableOid) instanceof Relation.Table table)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "heliosdb_history_bytes() needs a table");
    }
    int branch = session.branchState().id();
    try (StoreReader reader = store.acquireReader()) {
      long bytes = reader.historyBytes(branch, table.storageId());
      for (Relation.Index index : catalog.indexesOf(tableOid)) {
        bytes += index.indexStorageId() == 0 ? 0 : reader.historyBytes(branch, index.indexStorageId());
      }
      return bytes;
    }
  }

  // ---- trimming ----

  /// Trims what is behind the horizons; how many entries that removed.
  long compact() {
    compacting.lock();
    try {
      Map<CounterKey, Long> horizons = horizons();
      if (horizons.values().stream().allMatch(scn -> scn == 0)) {
        return 0;
      }
      Map<CounterKey, Long> before = Map.copyOf(starts);
      announce(horizons);
      lowerToSnapshots(horizons, before);
      horizons.forEach((key, scn) -> {
        if (scn > 0) {
          store.writeCounter(CounterWrite.set(key, scn), true);
        }
      });
      Set<Dropped> dropped = dropped(horizons);
      for (Dropped one : dropped) {
        store.removeStorage(one.branch(), one.id());
      }
      long removed = store.trimHistory((branch, id) -> horizonOf(horizons, branch, id));
      store.sweepLargeValues();
      return removed + dropped.size();
    } finally {
      compacting.unlock();
    }
  }

  private static long horizonOf(Map<CounterKey, Long> horizons, int branch, long id) {
    Long own = horizons.get(CounterKey.historyStart(branch, id));
    return own != null ? own : horizons.getOrDefault(CounterKey.historyStart(branch, GENERAL), 0L);
  }

  /// By (branch, storage or index id), id 0 for what has none of its own: the catalog and tables without `retention_days`.
  private Map<CounterKey, Long> horizons() {
    Map<CounterKey, Long> horizons = new HashMap<>();
    int days = engine.serverSetting("heliosdb.retention_days");
    long general = horizonOf(days);
    long shared = general;
    for (Map.Entry<BranchState, CatalogSnapshot> entry : engine.branchCatalogs().entrySet()) {
      BranchState branch = entry.getKey();
      CatalogSnapshot catalog = entry.getValue();
      long limit = limit(branch);
      long catalogHorizon = general;
      for (Relation relation : catalog.relations()) {
        if (!(relation instanceof Relation.Table table) || table.isPartitioned()) {
          continue;
        }
        String own = table.options().get("retention_days");
        if (own != null) {
          long horizon = horizonOf(Integer.parseInt(own));
          catalogHorizon = Math.min(catalogHorizon, horizon);
          put(horizons, branch.id(), table.storageId(), Math.min(horizon, limit));
          for (Relation.Index index : catalog.indexesOf(table.oid())) {
            if (index.indexStorageId() != 0) {
              put(horizons, branch.id(), index.indexStorageId(), Math.min(horizon, limit));
            }
          }
        }
      }
      // The schema of a moment is needed as long as any table has that moment.
      for (ObjectClass objectClass : ObjectClass.values()) {
        if (!objectClass.isShared()) {
          put(horizons, branch.id(), objectClass.storageId(), Math.min(catalogHorizon, limit));
        }
      }
      put(horizons, branch.id(), GENERAL, Math.min(general, limit));
    }
    put(horizons, Branches.SHARED, GENERAL, shared);
    // What had a time of its own and has none any more goes with the rest.
    for (CounterKey key : starts.keySet()) {
      Long ofBranch = horizons.get(CounterKey.historyStart(key.branch(), GENERAL));
      if (ofBranch != null && !horizons.containsKey(key)) {
        put(horizons, key.branch(), key.id(), ofBranch);
      }
    }
    return horizons;
  }

  private void put(Map<CounterKey, Long> horizons, int branch, long id, long scn) {
    horizons.put(CounterKey.historyStart(branch, id), Math.max(scn, start(branch, id)));
  }

  /// The newest SCN that is at least so many days old; 0 when everything is to be kept.
  private long horizonOf(int days) {
    return days == KEEP_ALL ? 0 : days == 0 ? store.visibleScn() : store.scnAtTime(engine.clockMicros() - days * MICROS_PER_DAY);
  }

  private long limit(BranchState branch) {
    long limit = engine.branchRegistry().oldestForkOf(branch.id());
    BranchEntry entry = branch.entry();
    for (long merged : entry.merged().values()) {
      limit = Math.min(limit, merged);
    }
    for (LongSupplier hold : holds.values()) {
      limit = Math.min(limit, hold.getAsLong());
    }
    return Math.min(limit, store.visibleScn());
  }

  private void announce(Map<CounterKey, Long> horizons) {
    horizons.forEach((key, scn) -> {
      if (scn > 0) {
        starts.merge(key, scn, Math::max);
      }
    });
  }

  /// Whoever has announced a snapshot meanwhile keeps what it needs; forks and merges made meanwhile were announced as snapshots.
  private void lowerToSnapshots(Map<CounterKey, Long> horizons, Map<CounterKey, Long> before) {
    long oldest = oldestSnapshot();
    horizons.replaceAll((key, scn) -> Math.max(before.getOrDefault(key, 0L), Math.min(scn, oldest)));
    starts.putAll(horizons);
  }

  /// A transaction is only moments away from knowing its snapshot; if one seems to take longer, nothing is trimmed this time.
  private long oldestSnapshot() {
    long oldest = 0;
    for (int attempt = 0; attempt < 1_000 && oldest == 0; attempt++) {
      oldest = engine.system().oldestSnapshotScn();
      if (oldest == 0) {
        java.util.concurrent.locks.LockSupport.parkNanos(100_000);
      }
    }
    return oldest;
  }

  /// A storage or index id that no catalog of the present or the kept past names.
  private record Dropped(int branch, long id) {}

  private Set<Dropped> dropped(Map<CounterKey, Long> horizons) {
    Set<Long> named = new HashSet<>();
    Set<Dropped> doomed = new HashSet<>();
    try (StoreReader reader = store.acquireReader()) {
      for (BranchState branch : engine.branchRegistry().all()) {
        CatalogStore.relations(reader, new ReadView(new Layer(branch.id(), Layer.NEWEST)), relation -> named.addAll(storage(relation)));
      }
      CatalogStore.replacedRelations(reader, (branch, scn, relation) -> {
        for (long id : storage(relation)) {
          if (scn <= horizonOf(horizons, branch, id)) {
            doomed.add(new Dropped(branch, id));
          } else {
            named.add(id);
          }
        }
      });
    }
    doomed.removeIf(one -> named.contains(one.id()));
    return doomed;
  }

  private static List<Long> storage(Relation relation) {
    return switch (relation) {
      case Relation.Table table -> List.of(table.storageId());
      case Relation.Index index when index.indexStorageId() != 0 -> List.of(index.indexStorageId());
      default -> List.of();
    };
  }
}
