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
  private static final int ROWS_SOME_LOGGED = 2_048;
  private static final int ROWS_LOGGED = 8_192;

  /// What an entry of the base is as of the limit; a state of its own stands for keys whose order the page does not tell.
  private static final byte MISSING = 0;
  private static final byte PRESENT = 1;
  private static final byte TOMBSTONE = 2;
  private static final byte LOGGED = 3;
  private static final byte LONG_KEY = 4;

  /// By flags of the entry, and 8 if it was born by then.
  private static final byte[] STATES = new byte[16];

  static {
    for (int i = 0; i < STATES.length; i++) {
      STATES[i] = (i & Format.ROW_LONG_KEY) != 0 ? LONG_KEY
          : i >= 8 ? (i & Format.ROW_TOMBSTONE) != 0 ? TOMBSTONE : PRESENT
          : (i & Format.ROW_CHAINED) != 0 ? LOGGED : MISSING;
    }
  }

  private final LayeredPages pages;
  private final ReadScope scope;
  private final long limit;

  // The group; the last key is the one that was taken last.
  private KeyRange range = KeyRange.ALL;
  private TreePages.@Nullable LeafWalk leaf;
  private boolean hasLeaves;
  private int at;
  private int to;

  /// By node of the leaf: what the entry shows, and the row's address; if it is in the log, that of the entry.
  private byte[] states = {};

  private long[] entries = {};
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

  /// Where the rows' places were before those that are not there were left out.
  private int[] places = {};

  private boolean hasGaps;

  // Where the keys are, by stretches of rows that lie side by side.
  private int stretchCount;
  private int[] stretchPlaces = new int[64];
  private long[] stretchPages = new long[64];
  private int[] stretchNodes = new int[64];
  private final LoggedRows logged = new LoggedRows();

  // The incarnation of a deleted key.
  private long diedScn;
  private int diedSequence;

  LayeredWalk(LayeredPages pages, ReadScope scope) {
    this.pages = pages;
    this.scope = scope;
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
      stretchCount = 0;
      hasGaps = false;
      logged.clear();
      fill();
      int most = logged.count() > count / 16 ? ROWS_LOGGED : logged.count() > count / 64 ? ROWS_SOME_LOGGED : ROWS;
      wanted = Math.min(most, Math.max(ROWS, 8 * wanted));
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
    } else {
      at = leaves.from();
      to = leaves.to();
      look(leaves);
    }
  }

  /// Looks at all entries of the leaf before any is compared: loads that do not wait for each other.
  private void look(TreePages.LeafWalk leaves) {
    if (to > entries.length) {
      entries = new long[2 * to];
      states = new byte[2 * to];
    }
    long[] found = entries;
    byte[] kinds = states;
    for (int i = at; i < to; i++) {
      long value = leaves.valueAddress(i);
      int flags = Memory.getByte(value + Format.ROW_FLAGS);
      // 1 if the entry was born by then: without branches, which would guess what memory has yet to say.
      int isThere = (int) (limit - Memory.getLong(value + Format.ROW_SCN) >>> 63) ^ 1;
      kinds[i] = STATES[isThere << 3 | flags];
      found[i] = value + isThere * (Format.ROW_HEADER + (flags & Format.ROW_CHAINED) / Format.ROW_CHAINED * Format.CHAIN_BYTES);
    }
  }

  /// The leaf's next key is a long one.
  private void goOnByKeys() {
    closeGroup();
    byKeys = pages.merged(scope, range);
    if (lastKey != 0) {
      byKeys.resumeAfter(Memory.copyOut(lastKey, lastKeyBytes), TreeWalk.EMPTY);
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
    if (at < to && byKeys == null) {
      if (states[at] == LONG_KEY) {
        goOnByKeys();
      } else {
        takeHead();
      }
    }
  }

  private int compareHeads() {
    return Memory.compare(others.aAddress, others.aBytes, deleted.aAddress, deleted.aBytes);
  }

  private void takeNodes(int end) {
    reserve(count + end - at);
    int i = at;
    while (i < end && states[i] != LONG_KEY) {
      int from = i;
      while (i < end && states[i] == PRESENT) {
        i++;
      }
      if (i > from) {
        noteKeys(leaf.page(), from);
        System.arraycopy(entries, from, rows, count, i - from);
        count += i - from;
      } else {
        if (states[i] == LOGGED) {
          noteKeys(leaf.page(), i);
          rows[count] = 0;
          addLogged(count++, entries[i], 0, 0);
        }
        i++;
      }
    }
    if (i > at) {
      lastKey = leaf.keyAddress(i - 1);
      lastKeyBytes = leaf.keyBytes(i - 1);
    }
    at = i;
    if (i < end) {
      goOnByKeys();
    }
  }

  /// Says where the key of the next row is, and of those behind it on the same page.
  ///
  /// @param node the node on the page; where the key stands by itself, its length, negative and less one
  private void noteKeys(long page, int node) {
    if (stretchCount == stretchPlaces.length) {
      stretchPlaces = Arrays.copyOf(stretchPlaces, 2 * stretchCount);
      stretchPages = Arrays.copyOf(stretchPages, 2 * stretchCount);
      stretchNodes = Arrays.copyOf(stretchNodes, 2 * stretchCount);
    }
    stretchPlaces[stretchCount] = count;
    stretchPages[stretchCount] = page;
    stretchNodes[stretchCount++] = node;
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
    long entry = isOnLeaf ? entries[at] : 0;
    byte state = isOnLeaf ? states[at++] : MISSING;
    diedScn = 0;
    if (order >= 0) {
      takeDeleted(key, bytes);
    }
    lastKey = key;
    lastKeyBytes = bytes;
    boolean isAbove = order <= 0 && isAboveBase();
    if (!isAbove && (state != MISSING || diedScn != 0)) {
      takeBase(entry, state, key, bytes, order <= 0 && !others.tombstone ? others.rowAddress : 0);
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
  private void takeBase(long entry, byte state, long key, int bytes, long below) {
    if (state == PRESENT) {
      put(entry, key, bytes);
    } else if (state != TOMBSTONE) {
      put(-below, key, bytes);
      if (state == LOGGED) {
        addLogged(count - 1, entry, diedScn, diedSequence);
      } else {
        logged.add(count - 1, 0, 0, diedScn, diedSequence);
      }
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
    noteKeys(key, -bytes - 1);
    rows[count++] = row;
  }

  private void reserve(int wantedRows) {
    if (wantedRows > rows.length) {
      rows = Arrays.copyOf(rows, Math.max(wantedRows, 2 * rows.length));
    }
  }

  /// A place holds the row below the base, negative, until its own is known.
  @Override
  public void found(int place, @Nullable Version version) {
    rows[place] = version == null ? -rows[place] : version.tombstone ? 0 : version.rowAddress;
  }

  private void dropMissing() {
    int n = 0;
    while (n < count && rows[n] != 0) {
      n++;
    }
    if (n == count) {
      return;
    }
    if (places.length < count) {
      places = new int[rows.length];
    }
    hasGaps = true;
    n = 0;
    for (int i = 0; i < count; i++) {
      if (rows[i] != 0) {
        places[n] = i;
        rows[n++] = rows[i];
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
    int place = hasGaps ? places[index] : index;
    int found = Arrays.binarySearch(stretchPlaces, 0, stretchCount, place);
    int stretch = found >= 0 ? found : -found - 2;
    int node = stretchNodes[stretch];
    return node < 0 ? Memory.copyOut(stretchPages[stretch], -node - 1)
        : leaf.key(stretchPages[stretch], node + place - stretchPlaces[stretch]);
  }
}
