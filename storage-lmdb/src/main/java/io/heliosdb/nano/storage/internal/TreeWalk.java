package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks one of the four row and index trees over one (branch, id) in the order of the *full* keys.
///
/// Physical keys are ordered like full keys except inside a *run*: entries with shortened keys that agree in all bytes
/// kept. A run is collected (addresses only, they are stable in a read transaction), sorted by full key and then walked.
/// Entry keys are the pair a, b: row key and nothing in the row trees, index key and row key in the index trees.
final class TreeWalk {
  private final LmdbReader reader;
  private final ReadScope scope;
  final Tree tree;
  private final boolean reverse;
  private final EntryCursor cursor;

  /// The reader's use this walk belongs to.
  private final long use;

  private boolean closed;
  private final int prefixBytes;

  /// Physical bounds, [from, to).
  private byte[] from;

  private byte[] to;

  /// The first eight bytes of the bound the walk moves towards, for a fast comparison.
  private long boundHead;

  private final byte @Nullable [] fullFrom;
  private final byte @Nullable [] fullTo;

  private boolean started;
  private boolean ended;
  private byte @Nullable [] resumeA;
  private byte[] resumeB = EMPTY;

  /// The entry stood on.
  long keyAddress;

  int keyBytes;
  long valueAddress;
  int valueBytes;
  long aAddress;
  int aBytes;
  long bAddress;
  int bBytes;

  private @Nullable List<long[]> run;
  private int runIndex;
  private boolean pending;

  static final byte[] EMPTY = new byte[0];

  TreeWalk(ReadScope scope, Tree tree, int branch, long id, KeyRange range, boolean reverse) {
    this.scope = scope;
    reader = scope.reader();
    this.tree = tree;
    this.reverse = reverse;
    byte[] prefix = scope.prefix(branch, id);
    prefixBytes = prefix.length;
    fullFrom = range.from();
    fullTo = range.to();
    int limit = Format.partLimit(tree);
    from = join(prefix, fullFrom == null ? EMPTY : Arrays.copyOf(fullFrom, Math.min(fullFrom.length, limit)));
    if (fullTo == null) {
      to = KeyRange.successorOfPrefix(prefix);
    } else if (fullTo.length < limit) {
      to = join(prefix, fullTo);
    } else {
      // The run of the bound itself belongs to the walk, its full keys decide.
      to = KeyRange.successorOfPrefix(join(prefix, Arrays.copyOf(fullTo, limit)));
    }
    ended = range.isEmpty();
    setBoundHead();
    cursor = reader.cursor(tree);
    use = reader.use();
  }

  private static byte[] join(byte[] prefix, byte[] rest) {
    byte[] joined = Arrays.copyOf(prefix, prefix.length + rest.length);
    System.arraycopy(rest, 0, joined, prefix.length, rest.length);
    return joined;
  }

  private void setBoundHead() {
    byte[] bound = reverse ? from : to;
    long head = 0;
    for (int i = 0; i < 8; i++) {
      head = head << 8 | (i < bound.length ? bound[i] & 0xFF : 0);
    }
    boundHead = head;
  }

  /// Continues behind the entries with this key pair, before the first [#next].
  void resumeAfter(byte[] a, byte[] b) {
    int limit = Format.partLimit(tree);
    byte[] physical = Arrays.copyOf(from, prefixBytes);
    boolean isShort = true;
    if (a.length >= limit) {
      physical = join(physical, Arrays.copyOf(a, limit));
      isShort = false;
    } else {
      physical = join(physical, a);
      if (b.length >= Format.INDEX_ROW_KEY_PREFIX) {
        physical = join(physical, Arrays.copyOf(b, Format.INDEX_ROW_KEY_PREFIX));
        isShort = false;
      } else {
        physical = join(physical, b);
      }
    }
    if (reverse) {
      byte[] bound = isShort ? physical : KeyRange.successorOfPrefix(physical);
      if (Arrays.compareUnsigned(bound, to) < 0) {
        to = bound;
      }
    } else if (Arrays.compareUnsigned(physical, from) > 0) {
      from = physical;
    }
    setBoundHead();
    resumeA = a;
    resumeB = b;
  }

  boolean next() {
    reader.checkUse(use);
    while (true) {
      if (run != null) {
        if (nextOfRun()) {
          return true;
        }
        run = null;
      }
      if (!pending && !step()) {
        return false;
      }
      pending = false;
      decode();
      if (isLong()) {
        collectRun();
        continue;
      }
      if (resumeA != null && isBeforeResume()) {
        continue;
      }
      return true;
    }
  }

  /// One step of the cursor; false behind the bound.
  private boolean step() {
    if (ended) {
      return false;
    }
    boolean found;
    if (started) {
      found = reverse ? cursor.previous() : cursor.next();
    } else {
      started = true;
      found = seek();
    }
    if (!found) {
      ended = true;
      return false;
    }
    keyBytes = cursor.keyBytes;
    keyAddress = cursor.keyAddress;
    valueBytes = cursor.valueBytes;
    valueAddress = cursor.valueAddress;
    if (!isInside()) {
      ended = true;
      return false;
    }
    return true;
  }

  private boolean seek() {
    byte[] target = reverse ? to : from;
    long buffer = scope.keyBuffer();
    Memory.copyIn(target, 0, buffer, target.length);
    boolean found = cursor.seek(buffer, target.length);
    return !reverse ? found : found ? cursor.previous() : cursor.last();
  }

  private boolean isInside() {
    if (keyBytes >= 8) {
      long head = Memory.getLongBigEndian(keyAddress);
      if (head != boundHead) {
        return reverse == Long.compareUnsigned(head, boundHead) > 0;
      }
    }
    return reverse ? Memory.compare(keyAddress, keyBytes, from) >= 0 : Memory.compare(keyAddress, keyBytes, to) < 0;
  }

  boolean isLong() {
    return switch (tree) {
      case CURRENT -> (Memory.getByte(valueAddress + Format.ROW_FLAGS) & Format.ROW_LONG_KEY) != 0;
      case PAST_ROWS -> (Memory.getByte(valueAddress + Format.PAST_FLAGS) & Format.ROW_LONG_KEY) != 0;
      default ->
          (Memory.getByte(valueAddress + Format.INDEX_FLAGS) & (Format.INDEX_LONG_KEY | Format.INDEX_LONG_ROW_KEY)) != 0;
    };
  }

  /// The SCN at which the entry stood on died; past trees only.
  long died() {
    return Memory.getLongBigEndian(keyAddress + keyBytes - 8);
  }

  private void decode() {
    int suffix = tree.isPast() ? 8 : 0;
    if (tree.isIndex()) {
      decodeIndexKeys(suffix);
      return;
    }
    int longOffset = -1;
    if (tree == Tree.CURRENT) {
      int flags = Memory.getByte(valueAddress + Format.ROW_FLAGS);
      if ((flags & Format.ROW_LONG_KEY) != 0) {
        longOffset = Format.longKeyOffset(flags);
      }
    } else if ((Memory.getByte(valueAddress + Format.PAST_FLAGS) & Format.ROW_LONG_KEY) != 0) {
      longOffset = Format.PAST_HEADER;
    }
    if (longOffset < 0) {
      aAddress = keyAddress + prefixBytes;
      aBytes = keyBytes - prefixBytes - suffix;
    } else {
      aAddress = valueAddress + longOffset + 4;
      aBytes = Memory.getInt(valueAddress + longOffset);
    }
  }

  private void decodeIndexKeys(int suffix) {
    int flags = Memory.getByte(valueAddress + Format.INDEX_FLAGS);
    int storedIndexBytes = Memory.getShort(valueAddress + Format.INDEX_KEY_BYTES);
    long extra = valueAddress + Format.INDEX_HEADER;
    if ((flags & Format.INDEX_LONG_KEY) == 0) {
      aAddress = keyAddress + prefixBytes;
      aBytes = storedIndexBytes;
    } else {
      aBytes = Memory.getInt(extra);
      aAddress = extra + 4;
      extra = aAddress + aBytes;
    }
    if ((flags & Format.INDEX_LONG_ROW_KEY) == 0) {
      bAddress = keyAddress + prefixBytes + storedIndexBytes;
      bBytes = keyBytes - prefixBytes - storedIndexBytes - suffix;
    } else {
      bBytes = Memory.getInt(extra);
      bAddress = extra + 4;
    }
  }

  /// Bytes of the physical key that all entries of the run share with the (long) entry stood on.
  private int runBytes() {
    if (!tree.isIndex()) {
      return prefixBytes + Format.ROW_KEY_PREFIX;
    }
    if ((Memory.getByte(valueAddress + Format.INDEX_FLAGS) & Format.INDEX_LONG_KEY) != 0) {
      return prefixBytes + Format.INDEX_KEY_PREFIX;
    }
    return prefixBytes + aBytes + Format.INDEX_ROW_KEY_PREFIX;
  }

  private void collectRun() {
    List<long[]> entries = new ArrayList<>();
    long first = keyAddress;
    int shared = runBytes();
    do {
      decode();
      entries.add(new long[] {keyAddress, keyBytes, valueAddress, valueBytes, aAddress, aBytes, bAddress, bBytes});
    } while (step() && keyBytes >= shared && Memory.compare(keyAddress, shared, first, shared) == 0);
    pending = !ended;
    if (pending) {
      // The entry behind the run is decoded again from the cursor, whose structures still hold it.
      pendingKeyAddress = keyAddress;
      pendingKeyBytes = keyBytes;
      pendingValueAddress = valueAddress;
      pendingValueBytes = valueBytes;
    }
    entries.sort(
        (l, r) -> {
          int order = Memory.compare(l[4], (int) l[5], r[4], (int) r[5]);
          if (order == 0 && tree.isIndex()) {
            order = Memory.compare(l[6], (int) l[7], r[6], (int) r[7]);
          }
          if (order == 0 && tree.isPast()) {
            order = Long.compare(Memory.getLongBigEndian(l[0] + l[1] - 8), Memory.getLongBigEndian(r[0] + r[1] - 8));
          }
          return reverse ? -order : order;
        });
    run = entries;
    runIndex = 0;
  }

  private long pendingKeyAddress;
  private int pendingKeyBytes;
  private long pendingValueAddress;
  private int pendingValueBytes;

  private boolean nextOfRun() {
    while (runIndex < run.size()) {
      long[] entry = run.get(runIndex++);
      keyAddress = entry[0];
      keyBytes = (int) entry[1];
      valueAddress = entry[2];
      valueBytes = (int) entry[3];
      aAddress = entry[4];
      aBytes = (int) entry[5];
      bAddress = entry[6];
      bBytes = (int) entry[7];
      boolean inRange =
          (fullFrom == null || Memory.compare(aAddress, aBytes, fullFrom) >= 0)
              && (fullTo == null || Memory.compare(aAddress, aBytes, fullTo) < 0);
      if (inRange && (resumeA == null || !isBeforeResume())) {
        return true;
      }
    }
    if (pending) {
      keyAddress = pendingKeyAddress;
      keyBytes = pendingKeyBytes;
      valueAddress = pendingValueAddress;
      valueBytes = pendingValueBytes;
    }
    return false;
  }

  /// Whether the entry is one the caller has had; the first that is not ends the question.
  private boolean isBeforeResume() {
    int order = Memory.compare(aAddress, aBytes, resumeA);
    if (order == 0 && tree.isIndex()) {
      order = Memory.compare(bAddress, bBytes, resumeB);
    }
    boolean before = reverse ? order >= 0 : order <= 0;
    if (!before) {
      resumeA = null;
    }
    return before;
  }

  void close() {
    if (!closed) {
      closed = true;
      cursor.close();
    }
  }
}
