package io.heliosdb.nano.storage;

import io.heliosdb.nano.error.SqlException;

/// What became of one unit of a group.
public sealed interface CommitOutcome {
  /// The unit is in the store; durable if the call asked for it.
  record Committed(long scn, long timeMicros) implements CommitOutcome {}

  /// The unit left no trace. 53100 disk full, 58030 the store failed and is closed, XX000/XX001/XX002 broken invariants.
  record Failed(SqlException error) implements CommitOutcome {}
}
