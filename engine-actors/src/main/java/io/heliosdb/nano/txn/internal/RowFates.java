package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.lock.LockKey;
import io.heliosdb.nano.storage.Branches;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Where rows went whose key was given up lately: deleted, or moved to another key or partition; one per database.
///
/// A writer in READ COMMITTED that waited for a row must follow it to its new key, and must not take a new row that was put under
/// the old key for the old one. Rows are stored under their key, so the newest state alone does not tell.
/// Entries are put before the commit is written, while the rows are still locked, so whoever gets the lock next finds them.
/// Bound: [#ENTRIES_MAX], oldest out first; a row whose entry is gone counts as deleted, or as still itself. Thread-safe.
final class RowFates {
  private static final int ENTRIES_MAX = 65_536;
  private static final long PENDING = Long.MAX_VALUE;

  /// What one transaction did to one key.
  static final class Fate {
    final LockKey key;

    /// Where the row stands now; null when it was deleted.
    final @Nullable Place movedTo;

    private final Object transaction;
    private final long sequence;
    private volatile long scn = PENDING;

    Fate(LockKey key, @Nullable Place movedTo, Object transaction, long sequence) {
      this.sequence = sequence;
      this.key = key;
      this.movedTo = movedTo;
      this.transaction = transaction;
    }

    /// Whether the row was still under its key at that SCN.
    boolean isAfter(long readScn) {
      return scn > readScn;
    }

    boolean isAfter(Fate other) {
      return transaction == other.transaction ? sequence > other.sequence : scn > other.scn;
    }
  }

  record Place(long storageId, byte[] rowKey) {}

  private final ConcurrentHashMap<LockKey, Fate> fates = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Fate> order = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  @Nullable Fate of(LockKey key) {
    return fates.get(key);
  }

  /// Publishes the fates of a transaction that is about to commit.
  void put(List<Fate> published) {
    for (Fate fate : published) {
      fates.put(fate.key, fate);
      order.add(fate);
      if (count.incrementAndGet() > ENTRIES_MAX) {
        Fate oldest = order.poll();
        count.decrementAndGet();
        if (oldest != null) {
          fates.remove(oldest.key, oldest);
        }
      }
    }
  }

  /// The transaction has committed.
  static void committed(List<Fate> published, long scn) {
    published.forEach(fate -> fate.scn = scn);
  }

  /// The transaction could not be committed.
  void withdrawn(List<Fate> published) {
    published.forEach(fate -> fates.remove(fate.key, fate));
  }

  /// The fates of the keys that a write set gives up; at most [#ENTRIES_MAX].
  static List<Fate> of(WriteSet writes, int branch, Object transaction) {
    List<Fate> result = new ArrayList<>(0);
    writes.forEachGivenUp(change -> {
      long storageId = change.relation.storageId;
      LockKey key = LockKey.row(Branches.homeOf(branch, storageId), storageId, change.key);
      result.add(new Fate(key, change.givenUp.movedTo(), transaction, change.givenUp.sequence()));
      return result.size() < ENTRIES_MAX;
    });
    return result;
  }
}
