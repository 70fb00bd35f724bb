package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.BulkLoad;
import java.util.ArrayList;
import java.util.List;

/// Removes what bulk loads wrote that no commit names, slice by slice, then takes them off the register. Can be interrupted
/// anywhere and run again.
final class BulkLoadRemoval {
  private static final int SLICE_COUNT = 20_000;

  private final StoreEngine engine;

  BulkLoadRemoval(StoreEngine engine) {
    this.engine = engine;
  }

  /// Removes what a process that ended left behind.
  void removeAll() {
    List<BulkLoad> loads;
    try (LmdbReader reader = engine.acquireReader()) {
      loads = new Inventory(reader).bulkLoads();
    }
    loads.forEach(this::remove);
  }

  void remove(BulkLoad load) {
    List<BulkLoads.Target> targets = new ArrayList<>();
    engine.writer().beginRemoval(load, targets::addAll);
    for (BulkLoads.Target target : targets) {
      byte[] prefix;
      try (LmdbReader reader = engine.acquireReader()) {
        prefix = reader.prefix(target.branch(), target.id());
      }
      int[] count = new int[1];
      do {
        engine.writer().transact(() -> count[0] = engine.writer().transaction().deleteSome(target.tree(), prefix, SLICE_COUNT));
      } while (count[0] == SLICE_COUNT);
    }
    engine.writer().transact(() -> BulkLoads.forget(engine.writer().transaction(), load));
  }

  /// The same in one transaction, while the log is carried out again.
  static void removeAtOnce(WriteTransaction txn, BulkLoad load) {
    for (BulkLoads.Target target : BulkLoads.targets(txn, load)) {
      byte[] prefix = Format.prefixBytes(txn.keyBuffer, target.branch(), target.id());
      txn.deleteSome(target.tree(), prefix, Integer.MAX_VALUE);
    }
    BulkLoads.forget(txn, load);
  }
}
