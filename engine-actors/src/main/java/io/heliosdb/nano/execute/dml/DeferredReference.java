package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import org.jspecify.annotations.Nullable;

/// A row whose foreign key is to be checked later. The row is read again then: it may be gone or changed.
record DeferredReference(int tableOid, int constraintOid, byte[] rowKey) implements PendingChecks.Deferred {
  @Override
  public @Nullable Constraint constraint(WriteRun run) {
    if (run.catalog().relation(tableOid) instanceof Relation.Table table) {
      for (Constraint constraint : table.constraints()) {
        if (constraint.oid() == constraintOid) {
          return constraint;
        }
      }
    }
    return null;
  }

  @Override
  public void perform(WriteRun run) {
    if (!(run.catalog().relation(tableOid) instanceof Relation.Table table)) {
      return;
    }
    TableWriter writer = run.writer(table);
    Object[] row = writer.readNewest(rowKey);
    if (row == null) {
      return;
    }
    for (ForeignKey foreignKey : writer.target().foreignKeys()) {
      if (foreignKey.constraint().oid() == constraintOid) {
        ReferenceChecks checks = new ReferenceChecks(writer.target(), foreignKey);
        checks.add(rowKey, row, run);
        checks.finish(run);
      }
    }
  }
}
