package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowPages;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads several layers, or one as of an older SCN, by the pages of the base layer: what other layers have, and which keys were deleted, is sought on
/// the page, and everything between is taken as it lies there. So a scan costs little more than one of `main` where few rows differ, and rows of the
/// base that another layer hides are never looked up in the log.
///
/// Where a page has long keys, whose order the page does not tell, the rest of the group is read by keys.
final class LayeredWalk implements RowPages.Walk, LoggedRows.Found {
  /// Few rows at first, for callers that stop early; many where they come from the log.
  private static final int ROWS_FIRST = 16;
  private static final int ROWS = 512;
  private static final int ROWS_LOGGED = 8_192;

  private final LayeredPages pages;
  private final ReadScope scope;
  private final boolean isNewest;
  private final long limit;

  // The group.
  private KeyRange range = KeyRange.ALL;
  private TreePages.@Nullable LeafWalk leaf;
  private boolean hasLeaves;
  private int at;
  private int to;
  private long lastKey;
  private int lastKeyBytes;
  private @Nullable LayerWalk others;
  private boolean hasOther;
  private @Nullable TreeWalk deleted;
  private boolean hasDeleted;
  private @Nullable LayerWalk byKeys;
  private boolean isEnded;

  // The page given to the caller. A row's address is 0 until it is found in the log, and if it is not there.
  private int wanted = ROWS_FIRST;
  private int count;
  private long[] rows = new long[ROWS];
  private long[] keys = new long[ROWS];
  private int[] keyLengths = new int[ROWS];
  private final LoggedRows logged = new LoggedRows();

  // The incarnation of a deleted key.
  private long diedScn;
  private int diedSequence;

  LayeredWalk(LayeredPages pages, ReadScope scope) {
    this.pages = pages;
    this.scope = scope;
    isNewest = pages.isBaseNewest();
    limit = pages.baseView().scn();
  }

  @Override
  public void seek(int group) {
    closeGroup();
    range = pages.range(group);
    at = 0;
    to = 0;
    lastKey = 0;
    isEnded = false;
    leaf = pages.leaves();
    if (leaf == null) {
      byKeys = pages.merged(scope, range);
      return;
    }
    leaf.seek(group);
    hasLeaves = true;
    others = pages.others(scope, range);
    hasOther = others != null && others.next();
    deleted = pages.deleted(scope, range);
    hasDeleted = deleted != null && deleted.next();
  }

  private void closeGroup() {
    if (others != null) {
      others.close();
      others = null;
      hasOther = false;
    }
    if (deleted != null) {
      deleted.close();
      deleted = null;
      hasDeleted = false;
    }
    if (byKeys != null) {
      byKeys.close();
      byKeys = null;
    }
  }

  @Override
  public boolean nextPage() {
    // A look-ahead may show nothing: all its rows were hidden or deleted.
    do {
      count = 0;
      logged.clear();
      fill();
      wanted = logged.count() > count / 16 ? Math.min(ROWS_LOGGED, Math.max(ROWS, 8 * wanted)) : ROWS;
      if (logged.count() > 0) {
        logged.resolve(scope.chains(), limit, this);
        dropMissing();
      }
    } while (count == 0 && !isEnded);
    return count > 0;
  }

  private void fill() {
    while (count < wanted && !isEnded) {
      if (byKeys != null) {
        takeByKeys();
      } else if (at < to) {
        takeLeaf();
      } else if (hasLeaves) {
        nextLeaf();
      } else if (hasOther || hasDeleted) {
        takeHead();
      } else {
        isEnded = true;
        closeGroup();
      }
    }
  }

  private void nextLeaf() {
    TreePages.LeafWalk leaves = leaf;
    if (!leaves.nextPage()) {
      hasLeaves = false;
    } else if (leaves.hasLongKeys()) {
      closeGroup();
      byKeys = pages.merged(scope, range);
      if (lastKey != 0) {
        byKeys.resumeAfter(Memory.copyOut(lastKey, lastKeyBytes), TreeWalk.EMPTY);
      }
    } else {
      at = leaves.from();
      to = leaves.to();
      lastKey = leaves.keyAddress(to - 1);
      lastKeyBytes = leaves.keyBytes(to - 1);
    }
  }

  private void takeByKeys() {
    if (!byKeys.next()) {
      isEnded = true;
      closeGroup();
    } else if (!byKeys.tombstone) {
      put(byKeys.rowAddress, byKeys.aAddress, byKeys.aBytes);
    }
  }

  /// Takes rows of the leaf up to the next key of another layer, and what counts under that.
  private void takeLeaf() {
    if (!hasOther && !hasDeleted) {
      takeNodes(to);
      return;
    }
    boolean isOther = !hasDeleted || hasOther && compareHeads() <= 0;
    takeNodes(isOther ? leaf.firstAtLeast(at, others.aAddress, others.aBytes) : leaf.firstAtLeast(at, deleted.aAddress, deleted.aBytes));
    if (at < to) {
      takeHead();
    }
  }

  private int compareHeads() {
    return Memory.compare(others.aAddress, others.aBytes, deleted.aAddress, deleted.aBytes);
  }

  private void takeNodes(int end) {
    reserve(count + end - at);
    TreePages.LeafWalk leaves = leaf;
    int n = count;
    for (int i = at; i < end; i++) {
      long value = leaves.valueAddress(i);
      int flags = Memory.getByte(value + Format.ROW_FLAGS);
      if (isNewest || Memory.getLong(value + Format.ROW_SCN) <= limit) {
        if ((flags & Format.ROW_TOMBSTONE) != 0) {
          continue;
        }
        rows[n] = value + Format.rowOffset(value, flags);
      } else if ((flags & Format.ROW_CHAINED) != 0) {
        rows[n] = 0;
        addLogged(n, value, 0, 0);
      } else {
        continue;
      }
      keys[n] = leaves.keyAddress(i);
      keyLengths[n++] = leaves.keyBytes(i);
    }
    count = n;
    at = end;
  }

  private void addLogged(int place, long value, long otherScn, int otherSequence) {
    boolean jumps = VersionChains.mayJump(value, limit);
    logged.add(place, Memory.getLong(value + (jumps ? Format.CHAIN_JUMP_SCN : Format.ROW_SCN)),
        Memory.getInt(value + (jumps ? Format.CHAIN_JUMP_SEQUENCE : Format.ROW_SEQUENCE)), otherScn, otherSequence);
  }

  /// The key that comes first among those of other layers and deleted ones, which is not behind the leaf's next.
  private void takeHead() {
    int order = !hasDeleted ? -1 : !hasOther ? 1 : compareHeads();
    long key = order <= 0 ? others.aAddress : deleted.aAddress;
    int bytes = order <= 0 ? others.aBytes : deleted.aBytes;
    boolean isOnLeaf = at < to && leaf.compare(at, key, bytes) == 0;
    long value = isOnLeaf ? leaf.valueAddress(at++) : 0;
    diedScn = 0;
    if (order >= 0) {
      takeDeleted(key, bytes);
    }
    boolean isAbove = order <= 0 && isAboveBase();
    if (!isAbove && (value != 0 || diedScn != 0)) {
      takeBase(value, key, bytes, order <= 0 && !others.tombstone ? others.rowAddress : 0);
    } else if (order <= 0 && !others.tombstone) {
      put(others.rowAddress, key, bytes);
    }
    if (order <= 0) {
      hasOther = others.next();
    }
  }

  private boolean isAboveBase() {
    return pages.baseLayer() > 0 && ((MergedLayers) others).layer() < pages.baseLayer();
  }

  /// @param below what a layer below the base has under the key, 0 for nothing: it shows where the base has no version
  private void takeBase(long value, long key, int bytes, long below) {
    if (value != 0 && (isNewest || Memory.getLong(value + Format.ROW_SCN) <= limit)) {
      int flags = Memory.getByte(value + Format.ROW_FLAGS);
      if ((flags & Format.ROW_TOMBSTONE) == 0) {
        put(value + Format.rowOffset(value, flags), key, bytes);
      }
      return;
    }
    if (value != 0 && (Memory.getByte(value + Format.ROW_FLAGS) & Format.ROW_CHAINED) != 0) {
      put(-below, key, bytes);
      addLogged(count - 1, value, diedScn, diedSequence);
    } else if (diedScn != 0) {
      put(-below, key, bytes);
      logged.add(count - 1, 0, 0, diedScn, diedSequence);
    } else if (below != 0) {
      put(below, key, bytes);
    }
  }

  /// Steps over all incarnations of the key and notes the one that died first after the limit.
  private void takeDeleted(long key, int bytes) {
    long diedFirst = Long.MAX_VALUE;
    long candidate = 0;
    TreeWalk walk = deleted;
    do {
      long died = walk.died();
      if (died > limit && died < diedFirst) {
        diedFirst = died;
        candidate = walk.valueAddress;
      }
      hasDeleted = walk.next();
    } while (hasDeleted && Memory.compare(walk.aAddress, walk.aBytes, key, bytes) == 0);
    if (candidate != 0 && Memory.getLong(candidate + Format.PAST_BORN) <= limit) {
      diedScn = diedFirst;
      diedSequence = Memory.getInt(candidate + Format.PAST_SEQUENCE);
    }
  }

  private void put(long row, long key, int bytes) {
    reserve(count + 1);
    rows[count] = row;
    keys[count] = key;
    keyLengths[count++] = bytes;
  }

  private void reserve(int wantedRows) {
    if (wantedRows > rows.length) {
      int size = Math.max(wantedRows, 2 * rows.length);
      rows = Arrays.copyOf(rows, size);
      keys = Arrays.copyOf(keys, size);
      keyLengths = Arrays.copyOf(keyLengths, size);
    }
  }

  /// A place holds the row below the base, negative, until its own is known.
  @Override
  public void found(int place, @Nullable Version version) {
    rows[place] = version == null ? -rows[place] : version.tombstone ? 0 : version.rowAddress;
  }

  private void dropMissing() {
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (rows[i] != 0) {
        rows[n] = rows[i];
        keys[n] = keys[i];
        keyLengths[n++] = keyLengths[i];
      }
    }
    count = n;
  }

  @Override
  public int rowCount() {
    return count;
  }

  @Override
  public void rows(long[] offsets, int start) {
    System.arraycopy(rows, 0, offsets, start, count);
  }

  @Override
  public boolean hasLongKeys() {
    return false;
  }

  @Override
  public byte[] keyStart(int index) {
    return Memory.copyOut(keys[index], keyLengths[index]);
  }
}
