package io.heliosdb.nano.storage;

import io.heliosdb.nano.storage.row.LargeRef;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A consistent state of the store: all commits up to [#scn], none after.
///
/// Comes from [Store#acquireReader] and goes back to the pool by [#close]. Used by one thread at a time, not bound to
/// one. Hold it for a batch of reads, never across a wait (lock, commit, client): it pins every page freed since.
/// Addresses it hands out end with it. Errors: 58030 or XX000 from LMDB, XX001 when a pointer leads nowhere.
public interface StoreReader extends AutoCloseable {
  /// The newest SCN this reader sees.
  long scn();

  /// Finds the row with this key; false when the view has none. `slot` is left as it was then.
  boolean get(ReadView view, long storageId, byte[] key, RowSlot slot);

  /// The same with the first `keyLength` bytes of `key`, for callers that reuse a buffer.
  boolean get(ReadView view, long storageId, byte[] key, int keyLength, RowSlot slot);

  /// The same with a key that lies in mapped memory (a row key of an [IndexCursor]).
  boolean get(ReadView view, long storageId, IndexCursor entry, RowSlot slot);

  RowCursor scan(ReadView view, long storageId, KeyRange range, boolean reverse);

  /// All rows of a storage id by pages; null where the pages cannot be read, and only [#scan] is left.
  @Nullable RowPages pages(ReadView view, long storageId);

  IndexCursor scanIndex(ReadView view, long indexId, KeyRange range, boolean reverse);

  /// Reads a large value, or the part of it from `offset` on.
  byte[] readLarge(LargeRef ref, int offset, int length);

  default byte[] readLarge(LargeRef ref) {
    return readLarge(ref, 0, ref.length());
  }

  /// Log records with an SCN of at least `fromScn`.
  default LogCursor readLog(long fromScn) {
    return readLog(fromScn, 0);
  }

  /// Log records from (`fromScn`, `fromSequence`) on, for readers that continue with another reader of the store.
  LogCursor readLog(long fromScn, int fromSequence);

  /// The commit with this SCN, null when there is none.
  @Nullable CommitInfo commitInfo(long scn);

  /// The newest SCN whose commit time is not after `micros`, 0 when none.
  long scnAtTime(long micros);

  /// The SCN of the commit of a transaction, 0 when it has none.
  long scnOfTransaction(long xid);

  /// What a branch has of its own, counted by a walk over it; rows of storage ids below `firstStorageId` are left out of the count.
  BranchUsage branchUsage(int branch, long firstStorageId);

  /// The branches that have rows or index entries of their own, past ones included.
  Set<Integer> branches();

  /// The storage ids that a branch has rows of its own in (tombstones count), ascending.
  List<Long> storageIds(int branch);

  /// The keys of a branch's own rows and tombstones in a storage id whose newest version is younger than `afterScn`; with -1 all of them.
  void changedKeys(int branch, long storageId, long afterScn, Consumer<byte[]> keys);

  /// Bytes of the superseded versions of a storage id on a branch (or of the former entries of an index id), by a walk over them.
  long historyBytes(int branch, long id);

  /// The recorded starts of history: by (branch, storage id) as [CounterKey#historyStart] names them.
  Map<CounterKey, Long> historyStarts();

  /// Returns the reader to the pool; cursors and slots filled through it become invalid.
  @Override
  void close();
}
