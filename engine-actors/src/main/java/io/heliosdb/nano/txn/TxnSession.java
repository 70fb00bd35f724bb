package io.heliosdb.nano.txn;

import io.heliosdb.nano.lock.CancelToken;

/// One session as transactions and locks know it: process id, cancel token, session-scoped advisory locks.
///
/// At most one transaction is open at a time. Confined to the session's thread, except [#cancelToken].
public interface TxnSession extends AutoCloseable {
  int pid();

  CancelToken cancelToken();

  Transaction begin(TransactionOptions options);

  /// A session-scoped advisory lock (counted); false when not `wait` and it is not free.
  boolean advisoryLock(long key, boolean twoKeys, boolean shared, boolean wait);

  /// Gives one count back; false when the session does not hold it.
  boolean advisoryUnlock(long key, boolean twoKeys, boolean shared);

  void advisoryUnlockAll();

  /// Announces that the open transaction reads the past as of an SCN: history younger than that is kept until it ends.
  void holdHistory(long scn);

  /// Rolls back an open transaction and releases everything.
  @Override
  void close();
}
