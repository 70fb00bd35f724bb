package io.heliosdb.nano.storage;

import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.internal.StoreHandle;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The database's storage: one LMDB environment, shared by all branches.
///
/// Threading: all methods may be called from any thread, platform or virtual; [#commit] and [#apply] by one thread at a time.
/// Opening a directory that this JVM has open already gives another handle on the same environment (counted; the last
/// close closes it). Errors: 58030 I/O (the store is closed then), 53100 disk full, 57P03 closed.
public interface Store extends AutoCloseable {
  /// Opens or creates. 42809 not a directory, 42501 not accessible, F0001 in use by another process, 22023 written by a newer
  /// version, XX001 not a data file, 58030 I/O.
  static Store open(StoreOptions options) {
    return StoreHandle.open(options);
  }

  /// A reader of the newest state; close it soon. 53300 when all reader slots are in use.
  StoreReader acquireReader();

  /// The newest SCN that is as durable as its commit asked for, with all before it: what others may see; 0 in a new store.
  long visibleScn();

  /// The newest SCN in the environment, which new readers find there; at least [#visibleScn].
  long appliedScn();

  /// [#apply], and durable on return when `sync`.
  List<CommitOutcome> commit(List<CommitUnit> group, boolean sync);

  /// Applies the units in order under consecutive SCNs in one LMDB transaction; when that fails, one by one, so that only the guilty
  /// fail. Outcomes stand in the order of the units. With `sync` they are visible after the next [#force], else as soon as nothing
  /// before them waits for one.
  List<CommitOutcome> apply(List<CommitUnit> group, boolean sync);

  /// Flushes what was applied before the call and makes it visible, while others apply more. To be called by one thread at a time, which
  /// nobody interrupts.
  void force();

  /// Takes `count` consecutive numbers from a shared counter and gives the first; the first ever is 1, or the floor set by
  /// [#raiseCounter]. After a crash numbers may be skipped, never repeated.
  long allocate(CounterKey key, int count);

  /// Makes sure the counter hands out nothing below `floor`.
  void raiseCounter(CounterKey key, long floor);

  /// The persisted value of a counter or sequence horizon.
  OptionalLong readCounter(CounterKey key);

  /// Persists a horizon at once; with `sync` it is on the device on return. Otherwise it is durable with the next synced commit.
  void writeCounter(CounterWrite write, boolean sync);

  BulkWriter bulkWriter(int branch);

  /// Removes a finished bulk load that will not be committed.
  void discard(BulkLoad load);

  /// Removes everything that a branch has of its own: rows, index entries, their history, log records and sequences. Nobody may
  /// use the branch or stand on it any more. Works in small transactions between the commits of others; after a crash it is called
  /// again. Large values are left to the compactor: other branches may share them.
  void freeBranch(int branch);

  /// Removes versions that died at or before the horizon; how many entries it were. Before it begins, the caller has made sure that nobody reads
  /// as of an earlier SCN any more, and has recorded the horizon. Works like [#freeBranch].
  long trimHistory(HistoryHorizon horizon);

  /// Removes all that a branch has under a storage or index id which no catalog names any more. Works like [#freeBranch].
  void removeStorage(int branch, long id);

  /// Removes large values that no version refers to, if there may be any.
  void sweepLargeValues();

  /// See [StoreReader#scnAtTime].
  default long scnAtTime(long micros) {
    try (StoreReader reader = acquireReader()) {
      return reader.scnAtTime(micros);
    }
  }

  /// See [StoreReader#commitInfo].
  default @Nullable CommitInfo commitInfo(long scn) {
    try (StoreReader reader = acquireReader()) {
      return reader.commitInfo(scn);
    }
  }

  /// Removes rows with their versions and index entries of all times and on all branches, as if they had never been; durable on return. Nobody
  /// may write under these keys meanwhile. The bytes are gone from what the store reads, and from the data file after [#compact].
  ///
  /// @param rows row keys, in their order as unsigned bytes, by storage id
  /// @param indexes the index ids that may have entries for them
  ErasedCounts erase(Map<Long, TreeSet<byte[]>> rows, Set<Long> indexes);

  /// Writes the data file anew without free space; commits wait for it. 55006 when readers stay in use. False, with nothing done, where the data file is in
  /// memory (encrypted databases too).
  boolean compact();

  /// Bytes of the data file in use, for statistics and `pg_database_size`.
  long usedBytes();

  /// Walks the whole store as of now and checks its invariants; cost: every entry and every superseded version. Holds one reader.
  ///
  /// @param onProblem told of each violation, in words
  StoreCheck check(java.util.function.Consumer<String> onProblem);

  /// Flushes all commits to the device, whatever they asked for.
  void sync();

  /// Flushes everything to the device, also what is not logged and could be undone by a crash: the removal of branches and history.
  void checkpoint();

  /// The master key of an encrypted store, null for a plain one.
  @Nullable EncryptionKey encryptionKey();

  /// Encrypts with a new data key from now on, and all files anew with it; commits go on meanwhile. The former key is forgotten when it
  /// returns. Cut off by a crash, the next start ends it. 55000 for a plain store.
  void rotateDataKey();

  /// Seals the data keys under another master key, which opens the store from then on; nothing else is written. 55000 for a plain store.
  void changeEncryptionKey(EncryptionKey newKey);

  @Override
  void close();
}
