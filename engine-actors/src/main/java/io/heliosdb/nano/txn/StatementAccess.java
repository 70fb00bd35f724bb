package io.heliosdb.nano.txn;

import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.row.LargeRef;
import org.jspecify.annotations.Nullable;

/// What one running command reads and writes through; made by [Transaction#beginCommand].
///
/// Reads show the snapshot merged with the transaction's own writes of earlier command ids, never the command's own, so no
/// statement meets its own writes (Halloween). The snapshot is taken by the first read (or [#snapshotScn]), so table locks
/// asked before it are granted before it.
///
/// Confined to the session's thread. Memory of rows read is valid until the cursor moves, the next wait (lock, commit) or
/// [#close]; nothing holds a reader across a wait. Errors: 25006 for a write in a read-only transaction, 40001, 40P01, 55P03,
/// 57014 from lock waits, 53200 over the memory limit, 58030 when the store has failed.
public interface StatementAccess extends AutoCloseable {
  /// The version SCN shown for rows that this transaction wrote.
  long OWN_WRITE_SCN = -1;

  Transaction transaction();

  long snapshotScn();

  int commandId();

  TableCursor scan(long storageId, KeyRange range, boolean reverse);

  /// The whole table by pages, which is faster than [#scan]; null where only that can show what the command has to see: in overlays, behind the newest
  /// state, with own writes, and for serializable transactions, which note how far a scan came.
  ///
  /// @param readerClosing called when the reader that the pages belong to is about to go: they must not be touched any more then
  @Nullable TablePages pages(long storageId, Runnable readerClosing);

  /// Access to the same state for another thread, with a reader of its own; null when this one shows more than what is committed, or notes what it reads.
  /// Made and closed by this thread, in between confined to the other one. It cannot write or lock.
  @Nullable StatementAccess forWorker();

  /// Finds a row; `slot` is valid until the next wait or [#releaseReader].
  boolean get(long storageId, byte[] rowKey, RowSlot slot);

  IndexEntryCursor scanIndex(long indexStorageId, KeyRange range, boolean reverse);

  /// The same at another coordinate, without own writes; the layers' SCNs are taken as they are.
  StatementAccess asOf(ReadView view);

  /// Newest committed state and all own writes, the current command's too. `slot` is valid until the next newest read,
  /// wait or [#releaseReader].
  boolean getNewest(long storageId, byte[] rowKey, RowSlot slot);

  /// Index entries of the newest committed state and all own writes; close it before other newest reads are worth it.
  IndexEntryCursor scanIndexNewest(long indexStorageId, KeyRange range, boolean reverse);

  /// Rows of the newest committed state and all own writes.
  TableCursor scanNewest(long storageId, KeyRange range, boolean reverse);

  /// Reads (part of) a large value that a row refers to.
  byte[] readLarge(LargeRef ref, int offset, int length);

  default byte[] readLarge(LargeRef ref) {
    return readLarge(ref, 0, ref.length());
  }

  /// The key must not exist in the newest state; keys and rows pass into the ownership of the write set.
  void insert(long storageId, byte[] rowKey, byte[] row, int layoutId);

  /// Whether the transaction has written rows of this storage id, other than by bulk loads.
  boolean hasOwnWrites(long storageId);

  /// The row must exist and be locked.
  void update(long storageId, byte[] rowKey, byte[] row, int layoutId);

  /// The row must exist and be locked.
  void delete(long storageId, byte[] rowKey);

  /// The row must exist and be locked; it goes on under another key or in another storage id, where it is inserted. Whoever waits for it
  /// follows it there.
  void move(long storageId, byte[] rowKey, long newStorageId, byte[] newRowKey);

  void indexInsert(long indexStorageId, byte[] indexKey, byte[] rowKey);

  void indexDelete(long indexStorageId, byte[] indexKey, byte[] rowKey);

  /// Locks rows in order. After each grant the newest committed version is compared with the one the caller read: READ
  /// COMMITTED is told, higher levels fail with 40001 "could not serialize access due to concurrent update" (or delete).
  /// A row that has moved to another key is followed and locked there; one that has moved to another partition is 40001.
  ///
  /// @param readScns per row the version SCN read (rows of own writes: [#OWN_WRITE_SCN])
  /// @param relationName for the text of 55P03
  LockOutcome lockRows(
      long storageId, byte[][] rowKeys, long[] readScns, RowLockMode mode, WaitPolicy policy, String relationName);

  /// The same for SELECT FOR …: a row of a kept snapshot that has gone counts as updated, and FOR KEY SHARE does not mind that the row has
  /// been changed under the same key; it gives the version read.
  LockOutcome lockRowsForSelect(
      long storageId, byte[][] rowKeys, long[] readScns, RowLockMode mode, WaitPolicy policy, String relationName);

  /// The same for checks on the newest state (foreign keys): never fails with 40001, at any level.
  LockOutcome lockRowsNewest(
      long storageId, byte[][] rowKeys, long[] readScns, RowLockMode mode, WaitPolicy policy, String relationName);

  /// Fails with 40001 when the row that was under the key at that SCN has moved to another partition since.
  void checkNotMoved(long storageId, byte[] rowKey, long readScn);

  /// Takes exclusive locks on keys of a unique index (or primary key), in order, waiting as long as need be.
  void lockKeys(long indexStorageId, byte[][] keys);

  /// The same without waiting.
  ///
  /// @return per key whether another transaction has it; null when all were free
  boolean @Nullable [] tryLockKeys(long indexStorageId, byte[][] keys);

  /// Locks a table (or any catalog object with an oid) until the end of the transaction.
  ///
  /// @return false when `nowait` and it is not free at once
  boolean lockTable(long oid, TableLockMode mode, boolean nowait);

  /// Gives the reader back; cursors go on by re-seeking. Call before any wait for the client.
  void releaseReader();

  /// Ends the command: closes its cursors and its reader.
  @Override
  void close();
}
