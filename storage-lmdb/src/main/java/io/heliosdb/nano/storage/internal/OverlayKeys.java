package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// Which keys overlays may have rows under: so that finding a row through a chain of branches costs one look-up in the data file,
/// not one per branch. A Bloom filter per (branch, storage id), made when the look-ups there have become many.
///
/// Invariant: a filter that is asked has every key that `current` has or had for its relation in any snapshot a reader can hold. It
/// holds since (1) keys never leave `current` of an overlay while anybody may read them (a delete leaves a tombstone); (2) a filter is
/// announced under the write lock, writers add to what is announced, and its walk begins in a snapshot taken after that.
///
/// Thread-safe. Bounds: 1 million keys per filter (larger relations have none), 32 MiB and 4,096 relations in all; when full, all are
/// forgotten and made anew where they are needed.
final class OverlayKeys {
  private static final int LOOKUPS_BEFORE = 256;
  private static final int KEYS_MAX = 1 << 20;
  private static final int RELATIONS_MAX = 4_096;
  private static final long WORDS_MAX = 4L << 20;

  /// Four keys to a word of 64 bits, four bits to a key: about 2 % of the keys that are not there seem to be.
  private static final int KEYS_PER_WORD = 4;

  private record Relation(int branch, long storageId) {}

  private static final class Entry {
    final AtomicInteger lookups = new AtomicInteger();

    /// What writers add to.
    volatile @Nullable Filter announced;

    /// What readers ask; the one announced, once it is whole.
    volatile @Nullable Filter whole;
  }

  private static final class Filter {
    private final AtomicLongArray words;
    private final AtomicInteger room;

    Filter(int keys) {
      words = new AtomicLongArray(Math.max(16, 2 * keys / KEYS_PER_WORD));
      room = new AtomicInteger(8 * Math.max(64, keys));
    }

    private int word(long hash) {
      return (int) Math.unsignedMultiplyHigh(hash, words.length());
    }

    /// The lower bits; the place of the word comes from the upper ones.
    private static long bits(long hash) {
      return 1L << hash | 1L << (hash >>> 6) | 1L << (hash >>> 12) | 1L << (hash >>> 18);
    }

    /// False when the filter has become too full to be of use.
    boolean add(long hash) {
      words.getAndAccumulate(word(hash), bits(hash), (before, added) -> before | added);
      return room.decrementAndGet() >= 0;
    }

    boolean mayContain(long hash) {
      long bits = bits(hash);
      return (words.getPlain(word(hash)) & bits) == bits;
    }
  }

  private final StoreEngine engine;
  private final ConcurrentHashMap<Relation, Entry> entries = new ConcurrentHashMap<>();
  private volatile long wordCount;

  OverlayKeys(StoreEngine engine) {
    this.engine = engine;
  }

  /// Of the key part of a physical key.
  static long hash(long address, int length) {
    long hash = length * 0x9E3779B97F4A7C15L;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      hash = mix(hash ^ Memory.getLong(address + i));
    }
    long rest = 0;
    for (; i < length; i++) {
      rest = rest << 8 | (Memory.getByte(address + i) & 0xFF);
    }
    return mix(hash ^ rest);
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 32) * 0xD6E8FEB86659FD93L;
    z = (z ^ z >>> 32) * 0xD6E8FEB86659FD93L;
    return z ^ z >>> 32;
  }

  /// Whether the branch may have a row or a tombstone under the key; false is certain.
  boolean mayContain(int branch, long storageId, long hash) {
    Relation relation = new Relation(branch, storageId);
    Entry entry = entries.get(relation);
    if (entry == null) {
      if (entries.size() >= RELATIONS_MAX) {
        forgetAll();
      }
      entry = entries.computeIfAbsent(relation, r -> new Entry());
    }
    Filter filter = entry.whole;
    if (filter != null) {
      return filter.mayContain(hash);
    }
    if (entry.lookups.incrementAndGet() == LOOKUPS_BEFORE) {
      make(relation, entry);
    }
    return true;
  }

  /// Notes a key that is about to be written; under the write lock.
  void add(int branch, long storageId, long keyPart, int partBytes) {
    if (entries.isEmpty()) {
      return;
    }
    Entry entry = entries.get(new Relation(branch, storageId));
    Filter filter = entry == null ? null : entry.announced;
    if (filter != null && !filter.add(hash(keyPart, partBytes))) {
      entry.whole = null;
      entry.announced = null;
      entry.lookups.set(0);
    }
  }

  private void make(Relation relation, Entry entry) {
    int keys = count(relation);
    if (keys > KEYS_MAX) {
      return;
    }
    Filter filter = new Filter(keys);
    if (!engine.tryUnderWriteLock(() -> entry.announced = filter)) {
      entry.lookups.set(0);
      return;
    }
    wordCount += filter.words.length();
    try (LmdbReader reader = engine.acquireReader()) {
      TreeWalk walk = new TreeWalk(reader.scope(), Tree.CURRENT, relation.branch(), relation.storageId(), KeyRange.ALL, false);
      int prefixBytes = reader.prefix(relation.branch(), relation.storageId()).length;
      while (walk.next()) {
        filter.add(hash(walk.keyAddress + prefixBytes, walk.keyBytes - prefixBytes));
      }
      walk.close();
    }
    if (entry.announced == filter) {
      entry.whole = filter;
    }
    if (wordCount > WORDS_MAX) {
      forgetAll();
    }
  }

  private int count(Relation relation) {
    int keys = 0;
    try (LmdbReader reader = engine.acquireReader()) {
      TreeWalk walk = new TreeWalk(reader.scope(), Tree.CURRENT, relation.branch(), relation.storageId(), KeyRange.ALL, false);
      while (keys <= KEYS_MAX && walk.next()) {
        keys++;
      }
      walk.close();
    }
    return keys;
  }

  private void forgetAll() {
    entries.clear();
    wordCount = 0;
  }
}
