package io.heliosdb.nano.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Exclusive locks on unique keys of transactions that take very many of them: sets of hashes, some 20 bytes a key. Belongs to the lock table.
///
/// A key held here has no [LockEntry] until somebody else asks for it: then the lock table makes one in the holder's name, where others wait as
/// they do for any. Two keys with the same 64-bit hash count as one: somebody may wait who need not.
final class CompactKeys {
  /// Keys of one index, held by one owner since one savepoint level.
  static final class KeySet {
    final LockOwner owner;
    final int level;
    private final Space space;

    /// Holds of the owner that were made entries, released with the set.
    final List<LockEntry> entries = new ArrayList<>(0);

    private long[] hashes = new long[2048];
    private int count;

    private KeySet(LockOwner owner, int level, Space space) {
      this.owner = owner;
      this.level = level;
      this.space = space;
    }

    private boolean contains(long hash) {
      return hashes[place(hashes, hash)] != 0;
    }

    private void add(long hash) {
      int place = place(hashes, hash);
      if (hashes[place] != 0) {
        return;
      }
      hashes[place] = hash;
      if (++count * 2 > hashes.length) {
        long[] larger = new long[hashes.length * 2];
        for (long present : hashes) {
          if (present != 0) {
            larger[place(larger, present)] = present;
          }
        }
        hashes = larger;
      }
    }

    private static int place(long[] table, long hash) {
      int mask = table.length - 1;
      int place = (int) (hash >>> 32) & mask;
      while (table[place] != 0 && table[place] != hash) {
        place = place + 1 & mask;
      }
      return place;
    }
  }

  private record Space(long scope, long id) {}

  private final Map<Space, List<KeySet>> sets = new HashMap<>();

  boolean isEmpty() {
    return sets.isEmpty();
  }

  /// The set by which somebody holds the key, null when nobody does.
  @Nullable KeySet find(LockKey key) {
    List<KeySet> candidates = sets.get(new Space(key.scope, key.id));
    if (candidates == null) {
      return null;
    }
    long hash = hash(key.bytes);
    for (KeySet set : candidates) {
      if (set.contains(hash)) {
        return set;
      }
    }
    return null;
  }

  /// Holds a key that nobody holds.
  void add(LockOwner owner, int level, LockKey key) {
    KeySet set = owner.lastKeySet;
    if (set == null || set.level != level || set.space.id() != key.id || set.space.scope() != key.scope) {
      set = setOf(owner, level, new Space(key.scope, key.id));
      owner.lastKeySet = set;
    }
    set.add(hash(key.bytes));
  }

  private KeySet setOf(LockOwner owner, int level, Space space) {
    List<KeySet> ofSpace = sets.computeIfAbsent(space, s -> new ArrayList<>(1));
    for (KeySet set : ofSpace) {
      if (set.owner == owner && set.level == level) {
        return set;
      }
    }
    KeySet set = new KeySet(owner, level, space);
    ofSpace.add(set);
    owner.keySets.add(set);
    return set;
  }

  /// Forgets the owner's sets of this level and later ones; gives them back for the release of their entries.
  List<KeySet> remove(LockOwner owner, int level) {
    if (owner.keySets.isEmpty()) {
      return List.of();
    }
    List<KeySet> removed = new ArrayList<>();
    owner.lastKeySet = null;
    for (Iterator<KeySet> all = owner.keySets.iterator(); all.hasNext(); ) {
      KeySet set = all.next();
      if (set.level >= level) {
        all.remove();
        removed.add(set);
        List<KeySet> ofSpace = sets.get(set.space);
        ofSpace.remove(set);
        if (ofSpace.isEmpty()) {
          sets.remove(set.space);
        }
      }
    }
    return removed;
  }

  /// FNV-1a in 64 bits with a finisher; never 0, which marks a free place.
  private static long hash(byte[] bytes) {
    long h = 0xcbf29ce484222325L + bytes.length;
    for (byte b : bytes) {
      h = (h ^ b & 0xff) * 0x100000001b3L;
    }
    h ^= h >>> 32;
    h *= 0x9E3779B97F4A7C15L;
    h ^= h >>> 29;
    return h == 0 ? 1 : h;
  }
}
