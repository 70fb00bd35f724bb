package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.Layer;
import io.heliosdb.nano.storage.lmdb.Memory;
import org.jspecify.annotations.Nullable;

/// The rows of a layer as of an SCN older than the reader: live and deleted keys merged, each resolved to its version then.
///
/// Per key: the live version counts if it was born by then; else the chain behind it is searched; else the chain of the incarnation
/// that died first after then, if it was born by then. At most one of them can have been alive.
///
/// Keys are taken some ahead of the caller (addresses are stable in a read transaction), so that those whose version is in the log are looked
/// up in the order of the log ([LoggedRows]). The first look ahead is short, for callers that want a few rows; each is eight times the one before, but
/// where few rows come from the log, no more are taken than the processor's cache holds.
final class HistoricRows extends LayerWalk implements LoggedRows.Found {
  private static final int AHEAD_FIRST = 8;
  private static final int AHEAD_MAX = 8_192;
  private static final int AHEAD_UNCHANGED_MAX = 512;

  private static final byte MISSING = 0;
  private static final byte PRESENT = 1;
  private static final byte TOMBSTONE = 2;

  private final VersionChains chains;
  private final TreeWalk live;

  /// Null for an overlay: a key that is deleted there leaves a tombstone in `current`.
  private final @Nullable TreeWalk past;

  private final boolean reverse;
  private final long limit;
  private final LoggedRows logged = new LoggedRows();
  private boolean started;
  private boolean hasLive;
  private boolean hasPast;

  // The keys looked ahead, by place.
  private int capacity;
  private int count;
  private int at = -1;
  private long[] keys = {};
  private int[] keyLengths = {};
  private long[] rows = {};
  private int[] rowLengths = {};
  private long[] scns = {};
  private int[] layouts = {};
  private byte[] states = {};

  // The log records to look at for the row that is taken; the alternative is the chain of a deleted incarnation; SCN 0 when there is none.
  private long recordScn;
  private int recordSequence;
  private long otherScn;
  private int otherSequence;

  HistoricRows(ReadScope scope, Layer layer, long id, KeyRange range, boolean reverse) {
    this.chains = scope.chains();
    this.reverse = reverse;
    limit = layer.scn();
    live = new TreeWalk(scope, Tree.CURRENT, layer.branch(), id, range, reverse);
    past = Branches.isOverlay(layer.branch()) ? null : new TreeWalk(scope, Tree.PAST_ROWS, layer.branch(), id, range, reverse);
  }

  @Override
  boolean next() {
    while (true) {
      while (++at < count) {
        if (states[at] != MISSING) {
          show(at);
          return true;
        }
      }
      if (started && !hasLive && !hasPast) {
        at = count;
        return false;
      }
      lookAhead();
    }
  }

  private void show(int place) {
    aAddress = keys[place];
    aBytes = keyLengths[place];
    rowAddress = rows[place];
    rowBytes = rowLengths[place];
    scn = scns[place];
    layoutId = layouts[place];
    tombstone = states[place] == TOMBSTONE;
  }

  private void lookAhead() {
    if (!started) {
      started = true;
      hasLive = live.next();
      hasPast = past != null && past.next();
    }
    grow();
    count = 0;
    at = -1;
    logged.clear();
    while (count < capacity && (hasLive || hasPast)) {
      int heads = !hasPast ? -1 : hasLive ? compareHeads() : 1;
      TreeWalk head = heads <= 0 ? live : past;
      int place = count++;
      keys[place] = head.aAddress;
      keyLengths[place] = head.aBytes;
      states[place] = MISSING;
      recordScn = 0;
      otherScn = 0;
      if (heads <= 0) {
        takeLive(place);
        hasLive = live.next();
      }
      if (heads >= 0) {
        takePast(place);
      }
      if (states[place] == MISSING && (recordScn != 0 || otherScn != 0)) {
        logged.add(place, recordScn, recordSequence, otherScn, otherSequence);
      }
    }
    logged.resolve(chains, limit, this);
  }

  private void grow() {
    int most = logged.count() > capacity / 16 ? AHEAD_MAX : AHEAD_UNCHANGED_MAX;
    int wanted = capacity == 0 ? AHEAD_FIRST : Math.min(most, capacity * 8);
    if (wanted <= capacity) {
      return;
    }
    capacity = wanted;
    keys = new long[wanted];
    keyLengths = new int[wanted];
    rows = new long[wanted];
    rowLengths = new int[wanted];
    scns = new long[wanted];
    layouts = new int[wanted];
    states = new byte[wanted];
  }

  private int compareHeads() {
    int heads = Memory.compare(live.aAddress, live.aBytes, past.aAddress, past.aBytes);
    return reverse ? -heads : heads;
  }

  private void takeLive(int place) {
    long value = live.valueAddress;
    int flags = Memory.getByte(value + Format.ROW_FLAGS);
    long born = Memory.getLong(value + Format.ROW_SCN);
    if (born <= limit) {
      int offset = Format.rowOffset(value, flags);
      rows[place] = value + offset;
      rowLengths[place] = live.valueBytes - offset;
      scns[place] = born;
      layouts[place] = Memory.getInt(value + Format.ROW_LAYOUT);
      states[place] = (flags & Format.ROW_TOMBSTONE) != 0 ? TOMBSTONE : PRESENT;
    } else if ((flags & Format.ROW_CHAINED) != 0) {
      boolean jumps = VersionChains.mayJump(value, limit);
      recordScn = jumps ? Memory.getLong(value + Format.CHAIN_JUMP_SCN) : born;
      recordSequence = Memory.getInt(value + (jumps ? Format.CHAIN_JUMP_SEQUENCE : Format.ROW_SEQUENCE));
    }
  }

  /// Steps over all incarnations of the key and notes the one that died first after the limit.
  private void takePast(int place) {
    long diedFirst = Long.MAX_VALUE;
    long candidate = 0;
    do {
      long died = past.died();
      if (died > limit && died < diedFirst) {
        diedFirst = died;
        candidate = past.valueAddress;
      }
      hasPast = past.next();
    } while (hasPast && Memory.compare(past.aAddress, past.aBytes, keys[place], keyLengths[place]) == 0);
    if (candidate != 0 && Memory.getLong(candidate + Format.PAST_BORN) <= limit) {
      otherScn = diedFirst;
      otherSequence = Memory.getInt(candidate + Format.PAST_SEQUENCE);
    }
  }

  @Override
  public void found(int place, @Nullable Version version) {
    if (version != null) {
      rows[place] = version.rowAddress;
      rowLengths[place] = version.rowBytes;
      scns[place] = version.scn;
      layouts[place] = version.layoutId;
      states[place] = version.tombstone ? TOMBSTONE : PRESENT;
    }
  }

  @Override
  void resumeAfter(byte[] a, byte[] b) {
    live.resumeAfter(a, b);
    if (past != null) {
      past.resumeAfter(a, b);
    }
  }

  @Override
  void close() {
    live.close();
    if (past != null) {
      past.close();
    }
  }
}
