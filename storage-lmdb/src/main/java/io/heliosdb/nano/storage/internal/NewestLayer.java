package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.lmdb.Memory;

/// A layer at its newest state: `current` or `index` alone, no history. The path of nearly all reads.
final class NewestLayer extends LayerWalk {
  private final TreeWalk walk;
  private final boolean isIndex;

  NewestLayer(ReadScope scope, Tree tree, int branch, long id, KeyRange range, boolean reverse) {
    walk = new TreeWalk(scope, tree, branch, id, range, reverse);
    isIndex = tree.isIndex();
  }

  @Override
  boolean next() {
    TreeWalk w = walk;
    if (!w.next()) {
      return false;
    }
    aAddress = w.aAddress;
    aBytes = w.aBytes;
    long value = w.valueAddress;
    if (isIndex) {
      bAddress = w.bAddress;
      bBytes = w.bBytes;
      tombstone = (Memory.getByte(value + Format.INDEX_FLAGS) & Format.INDEX_TOMBSTONE) != 0;
      return true;
    }
    int flags = Memory.getByte(value + Format.ROW_FLAGS);
    int offset = Format.rowOffset(value, flags);
    rowAddress = value + offset;
    rowBytes = w.valueBytes - offset;
    scn = Memory.getLong(value + Format.ROW_SCN);
    layoutId = Memory.getInt(value + Format.ROW_LAYOUT);
    tombstone = (flags & Format.ROW_TOMBSTONE) != 0;
    return true;
  }

  @Override
  void resumeAfter(byte[] a, byte[] b) {
    walk.resumeAfter(a, b);
  }

  @Override
  void close() {
    walk.close();
  }
}
