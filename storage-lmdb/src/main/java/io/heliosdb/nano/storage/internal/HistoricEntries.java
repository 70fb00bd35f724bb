package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.Layer;
import io.heliosdb.nano.storage.lmdb.Memory;

/// The index entries of a layer as of an SCN older than the reader: live and superseded entries merged.
///
/// Per key: the live entry counts if it was born by then; else the superseded entry that died first after then, if it was born by
/// then. At most one of them can have been alive.
final class HistoricEntries extends LayerWalk {
  private final TreeWalk live;
  private final TreeWalk past;
  private final boolean reverse;
  private final long limit;
  private boolean started;
  private boolean hasLive;
  private boolean hasPast;

  HistoricEntries(ReadScope scope, Layer layer, long id, KeyRange range, boolean reverse) {
    this.reverse = reverse;
    limit = layer.scn();
    live = new TreeWalk(scope, Tree.INDEX, layer.branch(), id, range, reverse);
    past = new TreeWalk(scope, Tree.PAST_INDEX, layer.branch(), id, range, reverse);
  }

  @Override
  boolean next() {
    if (!started) {
      started = true;
      hasLive = live.next();
      hasPast = past.next();
    }
    while (hasLive || hasPast) {
      int order = hasLive && hasPast ? compareHeads() : hasLive ? -1 : 1;
      boolean found = false;
      if (order <= 0) {
        takeKey(live);
        found = takeLive();
        hasLive = live.next();
      } else {
        takeKey(past);
      }
      if (order >= 0) {
        found |= takePast(found);
      }
      if (found) {
        return true;
      }
    }
    return false;
  }

  private int compareHeads() {
    int order = Memory.compare(live.aAddress, live.aBytes, past.aAddress, past.aBytes);
    if (order == 0) {
      order = Memory.compare(live.bAddress, live.bBytes, past.bAddress, past.bBytes);
    }
    return reverse ? -order : order;
  }

  private void takeKey(TreeWalk walk) {
    aAddress = walk.aAddress;
    aBytes = walk.aBytes;
    bAddress = walk.bAddress;
    bBytes = walk.bBytes;
  }

  private boolean takeLive() {
    if (Memory.getLong(live.valueAddress + Format.INDEX_BORN) > limit) {
      return false;
    }
    tombstone = (Memory.getByte(live.valueAddress + Format.INDEX_FLAGS) & Format.INDEX_TOMBSTONE) != 0;
    return true;
  }

  /// Steps over all superseded entries of the key taken and looks at the one that died first after the limit.
  private boolean takePast(boolean found) {
    long diedFirst = Long.MAX_VALUE;
    long candidate = 0;
    do {
      long died = past.died();
      if (died > limit && died < diedFirst) {
        diedFirst = died;
        candidate = past.valueAddress;
      }
      hasPast = past.next();
    } while (hasPast && isSameKey());
    if (found || candidate == 0) {
      return false;
    }
    tombstone = (Memory.getByte(candidate + Format.INDEX_FLAGS) & Format.INDEX_TOMBSTONE) != 0;
    return Memory.getLong(candidate + Format.INDEX_BORN) <= limit;
  }

  private boolean isSameKey() {
    return Memory.compare(past.aAddress, past.aBytes, aAddress, aBytes) == 0
        && Memory.compare(past.bAddress, past.bBytes, bAddress, bBytes) == 0;
  }

  @Override
  void resumeAfter(byte[] a, byte[] b) {
    live.resumeAfter(a, b);
    past.resumeAfter(a, b);
  }

  @Override
  void close() {
    live.close();
    past.close();
  }
}
