package io.heliosdb.nano.txn;

/// Hands out numbers that are unique over all branches: row ids, oids, storage ids, transaction ids. Thread-safe.
///
/// Numbers come in blocks whose end is persisted before the first is used: a crash skips, never repeats.
public interface Counters {
  /// The next hidden row id.
  long nextRowId();

  /// The first of `count` consecutive hidden row ids.
  long nextRowIds(int count);

  /// The next oid for a user object (at least 16384).
  long nextOid();

  /// The next storage id for a table or an index (at least 1000).
  long nextStorageId();

  /// The next transaction id (at least 3, PostgreSQL's first normal one).
  long nextXid();

  /// Makes sure no oid below `floor` is handed out any more (restore with given oids).
  void raiseOid(long floor);
}
