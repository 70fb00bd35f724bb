package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Memory;

/// Moves through the pages of a tree where LMDB maps them, without calls into it: a step costs a few loads. Page layouts: [DataFileCheck].
///
/// The pages of a read transaction's tree are not written again before it ends.
final class PageCursor extends EntryCursor {
  static final int PAGE_HEADER = 16;
  static final int PAGE_LOWER = 12;
  static final int NODE_FLAGS = 4;
  static final int NODE_KEY_BYTES = 6;
  static final int NODE_KEY = 8;
  static final int NODE_OVERFLOW = 1;
  static final int TREE_DEPTH = 6;
  static final int TREE_ROOT = 40;

  /// LMDB's own bound.
  private static final int DEPTH_MAX = 32;

  private final long base;
  private final int pageBytes;
  private final int depth;
  private final long root;

  /// The way from the root to the leaf stood on, and the node taken on each page.
  private final long[] pages;
  private final int[] nodes;
  private long leaf;
  private int at;
  private int count;

  /// @param treeRecord where the tree's record stands in a page of the main tree
  PageCursor(long treeRecord, int pageBytes) {
    this.pageBytes = pageBytes;
    base = base(treeRecord, pageBytes);
    depth = Memory.getShort(treeRecord + TREE_DEPTH);
    if (depth > DEPTH_MAX) {
      throw StoreFailure.corrupted("a tree of depth " + depth);
    }
    root = Memory.getWord(treeRecord + TREE_ROOT);
    pages = new long[depth];
    nodes = new int[depth];
  }

  /// Where page 0 is mapped.
  static long base(long addressInPage, int pageBytes) {
    long page = addressInPage & -pageBytes;
    return page - Memory.getWord(page) * pageBytes;
  }

  static int nodeCount(long page) {
    return Memory.getShort(page + PAGE_LOWER) - PAGE_HEADER >> 1;
  }

  static long node(long page, int index) {
    return page + Memory.getShort(page + PAGE_HEADER + 2L * index);
  }

  /// The node of a key in a tree, 0 when it has none; without a cursor.
  ///
  /// @param treeRecord where the tree's record stands in a page of the main tree
  static long find(long treeRecord, int pageBytes, long key, int length) {
    int depth = Memory.getShort(treeRecord + TREE_DEPTH);
    if (depth == 0) {
      return 0;
    }
    long base = base(treeRecord, pageBytes);
    long page = base + Memory.getWord(treeRecord + TREE_ROOT) * pageBytes;
    while (--depth > 0) {
      page = child(base, pageBytes, page, lowest(page, 1, key, length, true) - 1);
    }
    int low = 0;
    int high = nodeCount(page);
    while (low < high) {
      int middle = low + high >>> 1;
      long node = node(page, middle);
      int order = Memory.compare(node + NODE_KEY, Memory.getShort(node + NODE_KEY_BYTES), key, length);
      if (order == 0) {
        return node;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return 0;
  }

  /// Where the value of a node stands.
  static long value(long node, int pageBytes) {
    long data = node + NODE_KEY + Memory.getShort(node + NODE_KEY_BYTES);
    return (Memory.getShort(node + NODE_FLAGS) & NODE_OVERFLOW) == 0
        ? data
        : base(node, pageBytes) + Memory.getWord(data) * pageBytes + PAGE_HEADER;
  }

  private static long child(long base, int pageBytes, long page, int index) {
    long node = node(page, index);
    long number = Memory.getInt(node) & 0xFFFF_FFFFL | (long) Memory.getShort(node + NODE_FLAGS) << 32;
    return base + number * pageBytes;
  }

  private long child(long page, int index) {
    return child(base, pageBytes, page, index);
  }

  @Override
  boolean seek(long key, int length) {
    if (depth == 0) {
      return false;
    }
    descendTo(key, length);
    at = lowest(leaf, 0, key, length, false);
    return at < count ? show() : nextLeaf();
  }

  /// Guesses the place on the leaf from the first record on it, which its parent names: a search would touch several records, each far from the
  /// processor's cache.
  @Override
  boolean seekRecord(long key, long scn, int sequence) {
    if (depth == 0) {
      return false;
    }
    descendToRecord(scn, sequence);
    if (count > 0) {
      int child = depth > 1 ? nodes[depth - 2] : 0;
      long first = (child > 0 ? node(pages[depth - 2], child) : node(leaf, 0)) + NODE_KEY;
      long firstScn = Memory.getLongBigEndian(first);
      long guess = firstScn == scn ? sequence - Memory.getIntBigEndian(first + 8) : scn - firstScn;
      if (guess >= 0 && guess < count) {
        at = (int) guess;
        long found = node(leaf, at) + NODE_KEY;
        if (Memory.getLongBigEndian(found) == scn && Memory.getIntBigEndian(found + 8) == sequence) {
          return show();
        }
      }
    }
    at = lowest(leaf, 0, key, Format.LOG_KEY_BYTES, false);
    return at < count ? show() : nextLeaf();
  }

  private void descendToRecord(long scn, int sequence) {
    long page = base + root * pageBytes;
    for (int level = 0; level < depth - 1; level++) {
      int low = 1;
      int high = nodeCount(page);
      while (low < high) {
        int middle = low + high >>> 1;
        long key = node(page, middle) + NODE_KEY;
        long keyScn = Memory.getLongBigEndian(key);
        if (keyScn < scn || keyScn == scn && Memory.getIntBigEndian(key + 8) <= sequence) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      pages[level] = page;
      nodes[level] = low - 1;
      page = child(page, low - 1);
    }
    enter(page);
  }

  private void descendTo(long key, int length) {
    long page = base + root * pageBytes;
    for (int level = 0; level < depth - 1; level++) {
      // The first key of an inner page stands for "before everything".
      int child = lowest(page, 1, key, length, true) - 1;
      pages[level] = page;
      nodes[level] = child;
      page = child(page, child);
    }
    enter(page);
  }

  /// The first node from `from` on whose key is greater than `key` (or not less, if not `isGreater`).
  private static int lowest(long page, int from, long key, int length, boolean isGreater) {
    int low = from;
    int high = nodeCount(page);
    while (low < high) {
      int middle = low + high >>> 1;
      long node = node(page, middle);
      int order = Memory.compare(node + NODE_KEY, Memory.getShort(node + NODE_KEY_BYTES), key, length);
      if (order < 0 || order == 0 && isGreater) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void enter(long page) {
    leaf = page;
    count = nodeCount(page);
  }

  private boolean show() {
    long node = node(leaf, at);
    keyBytes = Memory.getShort(node + NODE_KEY_BYTES);
    keyAddress = node + NODE_KEY;
    valueBytes = Memory.getInt(node);
    long data = keyAddress + keyBytes;
    valueAddress = (Memory.getShort(node + NODE_FLAGS) & NODE_OVERFLOW) == 0 ? data : base + Memory.getWord(data) * pageBytes + PAGE_HEADER;
    return true;
  }

  @Override
  boolean next() {
    return ++at < count ? show() : nextLeaf();
  }

  private boolean nextLeaf() {
    for (int level = depth - 2; level >= 0; level--) {
      if (nodes[level] + 1 < nodeCount(pages[level])) {
        nodes[level]++;
        descend(level, false);
        at = 0;
        return show();
      }
    }
    at = count;
    return false;
  }

  @Override
  boolean previous() {
    if (depth == 0) {
      return false;
    }
    if (at > 0) {
      at--;
      return show();
    }
    for (int level = depth - 2; level >= 0; level--) {
      if (nodes[level] > 0) {
        nodes[level]--;
        descend(level, true);
        at = count - 1;
        return show();
      }
    }
    return false;
  }

  @Override
  boolean last() {
    if (depth == 0) {
      return false;
    }
    if (depth > 1) {
      pages[0] = base + root * pageBytes;
      nodes[0] = nodeCount(pages[0]) - 1;
      descend(0, true);
    } else {
      enter(base + root * pageBytes);
    }
    at = count - 1;
    return show();
  }

  /// From the node taken on `level` down to a leaf, along the first or the last nodes.
  private void descend(int level, boolean alongLast) {
    long page = child(pages[level], nodes[level]);
    for (int below = level + 1; below < depth - 1; below++) {
      pages[below] = page;
      nodes[below] = alongLast ? nodeCount(page) - 1 : 0;
      page = child(page, nodes[below]);
    }
    enter(page);
  }
}
