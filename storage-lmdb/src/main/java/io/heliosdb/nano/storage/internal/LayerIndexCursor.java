package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.IndexCursor;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.lang.foreign.MemorySegment;

/// Shows the live entries of a [LayerWalk].
final class LayerIndexCursor extends IndexCursor {
  private final LayerWalk walk;

  LayerIndexCursor(LayerWalk walk) {
    this.walk = walk;
  }

  @Override
  public boolean next() {
    while (walk.next()) {
      if (!walk.tombstone) {
        return true;
      }
    }
    return false;
  }

  @Override
  public MemorySegment memory() {
    return Memory.ALL;
  }

  @Override
  public long indexKeyOffset() {
    return walk.aAddress;
  }

  @Override
  public int indexKeyLength() {
    return walk.aBytes;
  }

  @Override
  public long rowKeyOffset() {
    return walk.bAddress;
  }

  @Override
  public int rowKeyLength() {
    return walk.bBytes;
  }

  @Override
  public void resumeAfter(byte[] indexKey, byte[] rowKey) {
    walk.resumeAfter(indexKey, rowKey);
  }

  @Override
  public void close() {
    walk.close();
  }
}
