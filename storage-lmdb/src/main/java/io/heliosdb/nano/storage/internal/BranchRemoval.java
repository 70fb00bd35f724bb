package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.lmdb.Memory;

/// Removes a branch that nobody sees any more, slice by slice. Can be interrupted anywhere and run again.
final class BranchRemoval {
  private static final int SLICE_COUNT = 10_000;
  private static final Tree[] TREES = {Tree.CURRENT, Tree.PAST_ROWS, Tree.INDEX, Tree.PAST_INDEX};

  private final StoreEngine engine;
  private final int branch;

  BranchRemoval(StoreEngine engine, int branch) {
    if (branch == Branches.SHARED) {
      throw new IllegalArgumentException("the shared relations are no branch");
    }
    this.engine = engine;
    this.branch = branch;
  }

  void run() {
    byte[] prefix = prefix(-1);
    for (Tree tree : TREES) {
      removeAll(tree, prefix);
    }
    removeAll(Tree.COUNTERS, prefix(CounterKey.SPACE_SEQUENCE));
    removeAll(Tree.COUNTERS, prefix(CounterKey.SPACE_HISTORY));
    LogSweep.of(engine, (scn, recordBranch, storageId, hasLargeValue) -> recordBranch == branch).run(Long.MAX_VALUE);
    engine.writer().transact(() -> engine.writer().transaction().putCounter(LargeValues.GARBAGE, 1));
  }

  static void removeStorage(StoreEngine engine, int branch, long id) {
    byte[] prefix;
    try (LmdbReader reader = engine.acquireReader()) {
      prefix = reader.prefix(branch, id);
    }
    BranchRemoval removal = new BranchRemoval(engine, branch);
    int count = 0;
    for (Tree tree : TREES) {
      count += removal.removeAll(tree, prefix);
    }
    if (count > 0) {
      engine.writer().transact(() -> engine.writer().transaction().putCounter(LargeValues.GARBAGE, 1));
    }
  }

  private byte[] prefix(int space) {
    byte[] buffer = new byte[16];
    try (LmdbReader reader = engine.acquireReader()) {
      long at = reader.keyBuffer();
      if (space >= 0) {
        Memory.putByte(at, space);
        at++;
      }
      int length = (int) (Format.putOrdered(at, branch) - reader.keyBuffer());
      buffer = Memory.copyOut(reader.keyBuffer(), length);
    }
    return buffer;
  }

  private int removeAll(Tree tree, byte[] prefix) {
    int[] count = new int[1];
    int total = 0;
    do {
      engine.writer().transact(() -> count[0] = engine.writer().transaction().deleteEntries(tree, prefix, SLICE_COUNT));
      total += count[0];
    } while (count[0] == SLICE_COUNT);
    return total;
  }
}
