package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import org.jspecify.annotations.Nullable;

/// A key of a deferrable unique constraint that two rows had, or another transaction was busy with, when a row was written; or a row that
/// conflicted with another one by a deferrable exclusion constraint.
///
/// @param rowKey the row, for an exclusion constraint
record UniqueRecheck(Relation.Table table, Relation.Index index, byte[] entryKey, byte @Nullable [] rowKey, String keyText) implements PendingChecks.Deferred {
  @Override
  public Relation.Constraint constraint(WriteRun run) {
    return run.targets().of(table, run.catalog()).constraintOf(index);
  }

  @Override
  public void perform(WriteRun run) {
    check(run);
  }

  /// Fails if there are still two.
  void check(WriteRun run) {
    if (!(run.catalog().relation(table.oid()) instanceof Relation.Table now)) {
      return;
    }
    TableWriter writer = run.writer(now);
    for (int x = 0; x < writer.indexes().length; x++) {
      if (writer.indexes()[x].index().oid() != index.oid()) {
        continue;
      }
      // Whoever is busy with the key is waited for now.
      run.access().lockKeys(index.indexStorageId(), new byte[][] {entryKey});
      if (rowKey != null) {
        writer.recheckExclusion(x, entryKey, rowKey);
        continue;
      }
      byte[] one = writer.findEntry(x, entryKey, null);
      if (one != null && writer.findEntry(x, entryKey, one) != null) {
        throw new SqlException(SqlState.UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"" + index.name() + "\"")
            .withDetail("Key " + keyText + " already exists.")
            .aboutConstraint(writer.target().schema(), table.name(), index.name());
      }
    }
  }
}
