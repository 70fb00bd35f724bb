package io.heliosdb.nano.persistence.dump;

/// What a restore into a database does with tables that are there.
public enum RestoreMode {
  /// The dumped tables are dropped and made again.
  CLEAN,
  /// Rows are added to the tables that are there; [OnConflict] says what happens to equal keys.
  APPEND
}
