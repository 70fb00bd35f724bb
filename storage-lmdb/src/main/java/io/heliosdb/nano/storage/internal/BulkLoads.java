package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The register of bulk loads that no commit has named yet, kept in `meta` so that a crash leaves nothing behind.
///
/// Key: `L`, load id (8 bytes big endian). Value: per target one byte 0 (rows) or 1 (index entries), branch, id.
final class BulkLoads {
  /// A storage id or index id that a load writes to.
  record Target(boolean index, int branch, long id) {
    Tree tree() {
      return index ? Tree.INDEX : Tree.CURRENT;
    }
  }

  static final CounterKey LARGE_ID = new CounterKey(1, 0, 6);
  static final CounterKey LOAD_ID = new CounterKey(1, 0, 7);

  static final byte[] KEY_PREFIX = {'L'};
  static final int KEY_BYTES = 9;

  private BulkLoads() {}

  private static void putKey(long key, BulkLoad load) {
    Memory.putByte(key, KEY_PREFIX[0]);
    Memory.putLongBigEndian(key + 1, load.loadId());
  }

  static void remember(WriteTransaction txn, BulkLoad load, Collection<Target> targets) {
    long value = txn.scratch(targets.size() * 16L);
    long at = value;
    for (Target target : targets) {
      Memory.putByte(at, target.index() ? 1 : 0);
      at = Format.putPrefix(at + 1, target.branch(), target.id());
    }
    putKey(txn.keyBuffer, load);
    txn.put(Tree.META, txn.keyBuffer, KEY_BYTES, value, at - value, 0);
  }

  /// Takes the load off the register; false when it is not there.
  static boolean forget(WriteTransaction txn, BulkLoad load) {
    putKey(txn.keyBuffer, load);
    return txn.delete(Tree.META, txn.keyBuffer, KEY_BYTES);
  }

  static List<Target> targets(WriteTransaction txn, BulkLoad load) {
    putKey(txn.keyBuffer, load);
    return txn.get(Tree.META, txn.keyBuffer, KEY_BYTES) ? decode(txn.valueAddress(), txn.valueBytes()) : List.of();
  }

  private static List<Target> decode(long value, int valueBytes) {
    List<Target> targets = new ArrayList<>();
    long at = value;
    while (at < value + valueBytes) {
      boolean index = Memory.getByte(at) != 0;
      at++;
      int branch = (int) Format.getOrdered(at);
      at += Format.orderedBytes(at);
      targets.add(new Target(index, branch, Format.getOrdered(at)));
      at += Format.orderedBytes(at);
    }
    return targets;
  }
}
