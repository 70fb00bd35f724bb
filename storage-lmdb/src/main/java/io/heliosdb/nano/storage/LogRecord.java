package io.heliosdb.nano.storage;

import org.jspecify.annotations.Nullable;

/// One record of the change log, copied out of the store. Records come ordered by (`scn`, `sequence`).
public sealed interface LogRecord {
  long scn();

  int sequence();

  int branch();

  long tenant();

  /// A row changed. The new version is what a read of the key at `scn` finds.
  ///
  /// @param replaced the row it replaced, null when there was none in this layer
  /// @param replacedScn the SCN of that row, 0 when there was none
  record RowChanged(
      long scn,
      int sequence,
      int branch,
      long tenant,
      long storageId,
      byte[] key,
      RowWrite.Op op,
      byte @Nullable [] replaced,
      long replacedScn,
      int replacedLayoutId)
      implements LogRecord {}

  /// A relation changed as a whole.
  record RelationChanged(long scn, int sequence, int branch, long tenant, RelationEvent event) implements LogRecord {}
}
