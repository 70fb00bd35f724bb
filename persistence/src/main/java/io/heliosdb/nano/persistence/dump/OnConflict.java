package io.heliosdb.nano.persistence.dump;

/// What happens when a dumped row has the primary (or else first unique) key of a row that is there.
public enum OnConflict {
  /// The restore fails and changes nothing.
  ERROR,
  /// The row that is there stays.
  SKIP,
  /// The dumped row takes its place.
  UPDATE
}
