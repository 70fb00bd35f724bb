package io.heliosdb.nano.lock;

/// PostgreSQL's four row lock strengths, weakest first; the user's *shared* is [#SHARE], *update* is [#NO_KEY_UPDATE],
/// *exclusive* is [#UPDATE].
///
/// UPDATE takes `NO_KEY_UPDATE` unless it changes a column of a unique index that a foreign key could use; DELETE takes
/// `UPDATE`; a foreign key check takes `KEY_SHARE` on the referenced row. Source: PostgreSQL 15 manual, "Row-Level Locks".
public enum RowLockMode {
  KEY_SHARE(TableLockMode.ACCESS_SHARE),
  SHARE(TableLockMode.ROW_SHARE),
  NO_KEY_UPDATE(TableLockMode.EXCLUSIVE),
  UPDATE(TableLockMode.ACCESS_EXCLUSIVE);

  private final TableLockMode mode;

  RowLockMode(TableLockMode mode) {
    this.mode = mode;
  }

  /// The mode with the same conflicts, in which the lock table keeps it.
  public TableLockMode mode() {
    return mode;
  }
}
