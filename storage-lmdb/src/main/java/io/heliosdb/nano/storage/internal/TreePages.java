package io.heliosdb.nano.storage.internal;

import static io.heliosdb.nano.storage.internal.PageCursor.NODE_FLAGS;
import static io.heliosdb.nano.storage.internal.PageCursor.NODE_KEY;
import static io.heliosdb.nano.storage.internal.PageCursor.NODE_KEY_BYTES;
import static io.heliosdb.nano.storage.internal.PageCursor.NODE_OVERFLOW;
import static io.heliosdb.nano.storage.internal.PageCursor.PAGE_HEADER;
import static io.heliosdb.nano.storage.internal.PageCursor.TREE_DEPTH;
import static io.heliosdb.nano.storage.internal.PageCursor.TREE_ROOT;
import static io.heliosdb.nano.storage.internal.PageCursor.node;
import static io.heliosdb.nano.storage.internal.PageCursor.nodeCount;

import io.heliosdb.nano.storage.RowPages;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.Arrays;

/// Reads the pages of the tree `current` where LMDB maps them, without calls into it: a row costs a few loads instead of a call.
///
/// Only for the newest state of a root branch, where every entry is a live row. Page layouts: [DataFileCheck]. The pages of a read transaction's tree
/// are not written again before it ends, so they may be read by any thread until then.
final class TreePages implements RowPages {
  private final LmdbReader reader;
  private final long use;
  private final long base;
  private final int pageBytes;
  private final byte[] prefix;

  /// Addresses of the groups' pages: the parents of leaves, or the only leaf.
  private long[] groups = new long[8];
  private int groupCount;
  private final boolean groupsAreLeaves;

  /// @param treeRecord where the tree's record stands in the main tree's page
  /// @param prefix what the keys of the storage id begin with
  TreePages(LmdbReader reader, long treeRecord, int pageBytes, byte[] prefix) {
    this.reader = reader;
    use = reader.use();
    this.pageBytes = pageBytes;
    this.prefix = prefix;
    base = PageCursor.base(treeRecord, pageBytes);
    int depth = Memory.getShort(treeRecord + TREE_DEPTH);
    groupsAreLeaves = depth == 1;
    if (depth > 0) {
      collect(base + Memory.getWord(treeRecord + TREE_ROOT) * pageBytes, Math.max(1, depth - 1));
    }
    // The tree may still divide at a key that has been deleted since, and what follows belong to another storage id.
    while (groupCount > 1 && side(firstNode(groupCount - 1)) > 0) {
      groupCount--;
    }
  }

  private void collect(long page, int levelsLeft) {
    if (levelsLeft == 1) {
      if (groupCount == groups.length) {
        groups = Arrays.copyOf(groups, 2 * groupCount);
      }
      groups[groupCount++] = page;
      return;
    }
    int end = lastChild(page);
    for (int i = firstChild(page); i <= end; i++) {
      collect(child(page, i), levelsLeft - 1);
    }
  }

  private long child(long page, int index) {
    long node = node(page, index);
    long number = Memory.getInt(node) & 0xFFFF_FFFFL | (long) Memory.getShort(node + NODE_FLAGS) << 32;
    return base + number * pageBytes;
  }

  /// Where the key of a node stands to the keys that begin with the prefix: before them (negative), behind (positive), one of them (0).
  private int side(long node) {
    int keyBytes = Memory.getShort(node + NODE_KEY_BYTES);
    int common = Math.min(keyBytes, prefix.length);
    for (int i = 0; i < common; i++) {
      int difference = (Memory.getByte(node + NODE_KEY + i) & 0xFF) - (prefix[i] & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return keyBytes < prefix.length ? -1 : 0;
  }

  /// The first child of an inner page that may hold keys of the storage id. (The first key of an inner page stands for "before everything".)
  private int firstChild(long page) {
    int low = 1;
    int high = nodeCount(page);
    while (low < high) {
      int middle = low + high >>> 1;
      if (side(node(page, middle)) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private int lastChild(long page) {
    int low = 1;
    int high = nodeCount(page);
    while (low < high) {
      int middle = low + high >>> 1;
      if (side(node(page, middle)) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  @Override
  public int groupCount() {
    return groupCount;
  }

  @Override
  public long countRows() {
    long count = 0;
    LeafWalk walk = new LeafWalk();
    for (int group = 0; group < groupCount; group++) {
      walk.seek(group);
      while (walk.nextPage()) {
        count += walk.rowCount();
      }
    }
    return count;
  }

  @Override
  public Walk walk() {
    return leaves();
  }

  LeafWalk leaves() {
    return new LeafWalk();
  }

  /// The first node of the leaves of a group other than the first.
  private long firstNode(int group) {
    return node(child(groups[group], 0), 0);
  }

  /// The first key of a group other than the first, without prefix; of a long key the bytes kept.
  byte[] groupStart(int group) {
    long node = firstNode(group);
    int bytes = Memory.getShort(node + NODE_KEY_BYTES) - prefix.length;
    return Memory.copyOut(node + NODE_KEY + prefix.length, Math.min(bytes, Format.ROW_KEY_PREFIX));
  }

  /// Goes over the nodes of leaves: those of the page stood on have the numbers from [#from] to [#to].
  final class LeafWalk implements Walk {
    private long parent;
    private int first;
    private int at;
    private int last;
    private long leaf;
    private int from;
    private int to;

    @Override
    public void seek(int group) {
      reader.checkUse(use);
      parent = groups[group];
      first = groupsAreLeaves ? 0 : firstChild(parent);
      at = first;
      last = groupsAreLeaves ? 0 : lastChild(parent);
    }

    @Override
    public boolean nextPage() {
      reader.checkUse(use);
      while (at <= last) {
        leaf = groupsAreLeaves ? parent : child(parent, at);
        int count = nodeCount(leaf);
        // Other storage ids can be only on the first and the last page.
        from = at > first ? 0 : firstFrom(count, -1);
        to = at < last ? count : firstFrom(count, 0);
        at++;
        if (from < to) {
          return true;
        }
      }
      return false;
    }

    /// The first of `count` nodes whose side is greater than `limit`.
    private int firstFrom(int count, int limit) {
      int low = 0;
      int high = count;
      while (low < high) {
        int middle = low + high >>> 1;
        int side = side(node(leaf, middle));
        if (side < 0 || side == 0 && limit == 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    @Override
    public int rowCount() {
      return to - from;
    }

    int from() {
      return from;
    }

    int to() {
      return to;
    }

    /// Where the key of a node begins, without prefix.
    long keyAddress(int index) {
      return node(leaf, index) + NODE_KEY + prefix.length;
    }

    int keyBytes(int index) {
      return Memory.getShort(node(leaf, index) + NODE_KEY_BYTES) - prefix.length;
    }

    long page() {
      return leaf;
    }

    /// A copy of the key of a node on a leaf, without prefix.
    byte[] key(long page, int index) {
      long node = node(page, index);
      return Memory.copyOut(node + NODE_KEY + prefix.length, Memory.getShort(node + NODE_KEY_BYTES) - prefix.length);
    }

    long valueAddress(int index) {
      return value(node(leaf, index));
    }

    /// The first node from `start` on whose key is not less. Looks near the start first: what is looked for mostly comes soon, or on another page.
    int firstAtLeast(int start, long key, int bytes) {
      int low = start;
      int step = 1;
      while (low < to && compare(low, key, bytes) < 0) {
        start = low + 1;
        low += step;
        step *= 4;
      }
      int high = Math.min(low, to);
      low = start;
      while (low < high) {
        int middle = low + high >>> 1;
        if (compare(middle, key, bytes) < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    int compare(int index, long key, int bytes) {
      return Memory.compare(keyAddress(index), keyBytes(index), key, bytes);
    }

    private long value(long node) {
      long data = node + NODE_KEY + Memory.getShort(node + NODE_KEY_BYTES);
      return (Memory.getShort(node + NODE_FLAGS) & NODE_OVERFLOW) == 0 ? data : base + Memory.getWord(data) * pageBytes + PAGE_HEADER;
    }

    @Override
    public void rows(long[] offsets, int start) {
      int out = start;
      for (int i = from; i < to; i++) {
        long value = value(node(leaf, i));
        offsets[out++] = value + Format.rowOffset(value, Memory.getByte(value + Format.ROW_FLAGS));
      }
    }

    @Override
    public boolean hasLongKeys() {
      for (int i = from; i < to; i++) {
        if (Memory.getShort(node(leaf, i) + NODE_KEY_BYTES) >= Format.ROW_KEY_PREFIX) {
          return true;
        }
      }
      return false;
    }

    @Override
    public byte[] keyStart(int index) {
      long node = node(leaf, from + index);
      int bytes = Memory.getShort(node + NODE_KEY_BYTES) - prefix.length;
      return Memory.copyOut(node + NODE_KEY + prefix.length, Math.min(bytes, Format.ROW_KEY_PREFIX));
    }
  }
}
