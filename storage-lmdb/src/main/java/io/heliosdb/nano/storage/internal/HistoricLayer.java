package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.Layer;
import io.heliosdb.nano.storage.lmdb.Memory;

/// A layer as of an SCN older than the reader: live and superseded keys merged, each resolved to its state then.
///
/// Per key: the live entry counts if it was born by then; else the version chain behind it is searched (rows); else the
/// superseded entry that died first after then, if it was born by then. At most one of them can have been alive.
final class HistoricLayer extends LayerWalk {
  private final LmdbReader reader;
  private final TreeWalk live;
  private final TreeWalk past;
  private final boolean isIndex;
  private final boolean reverse;
  private final long limit;
  private final Version version = new Version();
  private boolean started;
  private boolean hasLive;
  private boolean hasPast;

  HistoricLayer(LmdbReader reader, Tree tree, Layer layer, long id, KeyRange range, boolean reverse) {
    this.reader = reader;
    this.reverse = reverse;
    limit = layer.scn();
    isIndex = tree.isIndex();
    live = new TreeWalk(reader, tree, layer.branch(), id, range, reverse);
    past = new TreeWalk(reader, tree.past(), layer.branch(), id, range, reverse);
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
        found = isIndex ? takeLiveEntry() : takeLiveRow();
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
    if (order == 0 && isIndex) {
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

  private boolean takeLiveEntry() {
    if (Memory.getLong(live.valueAddress + Format.INDEX_BORN) > limit) {
      return false;
    }
    tombstone = (Memory.getByte(live.valueAddress + Format.INDEX_FLAGS) & Format.INDEX_TOMBSTONE) != 0;
    return true;
  }

  private boolean takeLiveRow() {
    long value = live.valueAddress;
    int flags = Memory.getByte(value + Format.ROW_FLAGS);
    long born = Memory.getLong(value + Format.ROW_SCN);
    if (born <= limit) {
      int offset = Format.rowOffset(value, flags);
      rowAddress = value + offset;
      rowBytes = live.valueBytes - offset;
      scn = born;
      layoutId = Memory.getInt(value + Format.ROW_LAYOUT);
      tombstone = (flags & Format.ROW_TOMBSTONE) != 0;
      return true;
    }
    if ((flags & Format.ROW_CHAINED) == 0 || !reader.findReplaced(born, Memory.getInt(value + Format.ROW_SEQUENCE), limit, version)) {
      return false;
    }
    takeVersion();
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
    if (isIndex) {
      tombstone = (Memory.getByte(candidate + Format.INDEX_FLAGS) & Format.INDEX_TOMBSTONE) != 0;
      return Memory.getLong(candidate + Format.INDEX_BORN) <= limit;
    }
    if (Memory.getLong(candidate + Format.PAST_BORN) > limit
        || !reader.findReplaced(diedFirst, Memory.getInt(candidate + Format.PAST_SEQUENCE), limit, version)) {
      return false;
    }
    takeVersion();
    return true;
  }

  private boolean isSameKey() {
    return Memory.compare(past.aAddress, past.aBytes, aAddress, aBytes) == 0
        && (!isIndex || Memory.compare(past.bAddress, past.bBytes, bAddress, bBytes) == 0);
  }

  private void takeVersion() {
    rowAddress = version.rowAddress;
    rowBytes = version.rowBytes;
    scn = version.scn;
    layoutId = version.layoutId;
    tombstone = version.tombstone;
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
