package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Memory;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.row.LargeColumns;
import io.heliosdb.nano.storage.row.LargeRef;

/// Writes values into `large` in chunks and gives out their ids. Used under the write lock.
///
/// The next id is persisted in the transaction that used it, so that an id is never given to two values that exist.
final class LargeValues {
  /// Set when versions that may have referred to large values were removed: a sweep is due.
  static final CounterKey GARBAGE = new CounterKey(1, 0, 8);

  private long nextId;
  private long persistedNext;

  LargeValues(long nextId) {
    this.nextId = nextId;
    persistedNext = nextId;
  }

  long nextId() {
    return nextId;
  }

  /// Goes on with this id, while the log is carried out again: ids in between went to values that are not there any more.
  void skipTo(long id) {
    nextId = Math.max(nextId, id);
  }

  byte[] moveOut(WriteTransaction txn, byte[] row) {
    return LargeColumns.moveOut(row, (bytes, offset, length) -> store(txn, bytes, offset, length));
  }

  private LargeRef store(WriteTransaction txn, byte[] bytes, int offset, int length) {
    long id = nextId++;
    // Its own key buffer: the caller's row key stands in the transaction's.
    long key = txn.scratch(Format.KEY_BUFFER_BYTES);
    for (int done = 0, chunk = 0; done < length; chunk++) {
      int part = Math.min(length - done, Format.LARGE_CHUNK_BYTES);
      Memory.putLongBigEndian(key, id);
      Memory.putIntBigEndian(key + 8, chunk);
      Memory.copyIn(bytes, offset + done, txn.reserve(Tree.LARGE, key, Format.LARGE_KEY_BYTES, part), part);
      done += part;
    }
    return new LargeRef(id, length);
  }

  /// Persists the next id if ids were used; once per transaction, before its commit.
  void persist(WriteTransaction txn) {
    if (nextId != persistedNext) {
      txn.putCounter(BulkLoads.LARGE_ID, nextId);
    }
  }

  /// The transaction was committed.
  void persisted() {
    persistedNext = nextId;
  }
}
