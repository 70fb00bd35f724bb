package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.RowCursor;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.lang.foreign.MemorySegment;

/// Shows the live rows of a [LayerWalk].
final class LayerRowCursor extends RowCursor {
  private final LayerWalk walk;

  LayerRowCursor(LayerWalk walk) {
    this.walk = walk;
  }

  @Override
  public boolean next() {
    LayerWalk w = walk;
    while (w.next()) {
      if (!w.tombstone) {
        row.set(Memory.ALL, w.rowAddress, w.rowBytes, w.scn, w.layoutId);
        return true;
      }
    }
    return false;
  }

  @Override
  public MemorySegment keyMemory() {
    return Memory.ALL;
  }

  @Override
  public long keyOffset() {
    return walk.aAddress;
  }

  @Override
  public int keyLength() {
    return walk.aBytes;
  }

  @Override
  public void resumeAfter(byte[] key) {
    walk.resumeAfter(key, TreeWalk.EMPTY);
  }

  @Override
  public void close() {
    walk.close();
  }
}
