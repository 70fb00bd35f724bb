package io.heliosdb.nano.txn;

import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.BulkWriter;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.storage.RelationEvent;

/// One open transaction of one session, confined to the thread that runs the session.
///
/// Life: begun by [TxnSession#begin], ended by [#commit] or [#rollback] (both release its locks and end its accesses).
/// A failed [#commit] has rolled back. What a *failed statement* means for the transaction (state E) is the session's business.
public interface Transaction {
  TransactionOptions options();

  IsolationLevel isolation();

  boolean isReadOnly();

  /// Changes the characteristics; 25001 once a snapshot was taken, except towards read-only.
  void setOptions(IsolationLevel isolation, boolean readOnly, boolean deferrable);

  /// Starts a command with the next command id. Commands nest (functions, triggers); each is closed by who began it.
  StatementAccess beginCommand();

  /// The id of the newest command, 0 before the first.
  int lastCommandId();

  /// Whether a snapshot for the whole transaction (REPEATABLE READ and above) has been taken.
  boolean hasSnapshot();

  /// Takes over another transaction's snapshot (`SET TRANSACTION SNAPSHOT`); REPEATABLE READ and above, before the first read.
  void importSnapshot(long scn);

  /// The transaction id, given on first need.
  long xid();

  /// The transaction id, 0 when none was needed yet.
  long xidIfAssigned();

  /// Whether commit has anything to write.
  boolean hasWrites();

  /// Whether it has changed anything that belongs to a branch.
  boolean hasDataWrites();

  /// Bytes held by the write set.
  long writeSetBytes();

  /// A point to roll back to. Names and nesting are the session's; marks are used last in, first out.
  Savepoint savepoint();

  /// Undoes all writes since the mark and releases the locks taken since; the mark stays usable.
  void rollbackTo(Savepoint savepoint);

  /// Forgets the mark; what was done since stays part of the transaction.
  void release(Savepoint savepoint);

  /// As [StatementAccess#lockTable].
  boolean lockTable(long oid, TableLockMode mode, boolean nowait);

  /// Locks an object that is not a table (database, role, schema...), by catalog and oid.
  boolean lockObject(long classOid, long objectOid, TableLockMode mode, boolean nowait);

  /// A transaction-scoped advisory lock; false when not `wait` and it is not free.
  boolean advisoryLock(long key, boolean twoKeys, boolean shared, boolean wait);

  /// Writes rows of a storage id that nobody else sees, past the write set; rows show at once to whoever knows the id.
  BulkWriter bulkWriter();

  /// Makes a finished load part of the transaction; rolled back with it.
  void attach(BulkLoad load);

  /// A relation event that becomes part of the commit.
  void attach(RelationEvent event);

  /// A counter (sequence restart, generation number) that is set along with the commit.
  void attach(CounterWrite write);

  /// Runs when the transaction has ended, before its locks go, on the session's thread: with the commit's SCN (0 for nothing written) or -1 for
  /// a rollback, also one to a savepoint made before; then what was added last runs first.
  void onEnd(java.util.function.LongConsumer action);

  /// At the end of a statement: a serializable transaction that has written, and can no longer commit because what it read has been
  /// overwritten, is told now rather than at its commit. Not complete; [#commit] decides.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 40001
  void checkSerializable();

  /// The same whether or not the transaction has written: for an error that may come of what others have committed since it read, such as a
  /// key that was free when it looked.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 40001 at SERIALIZABLE
  void checkReadsStand();

  /// Writes and ends the transaction. Returns the SCN, 0 when there was nothing to write.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 40001, 53100, 58030; the transaction is rolled back then
  long commit();

  void rollback();

  boolean isEnded();

  /// A position in the transaction's history of writes and locks.
  interface Savepoint {}
}
