package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.ExecutionContext;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes rows that another branch, or the past, has: under their own row keys, with indexes and all constraints, but without triggers, which
/// ran where the rows came from. One per command; confined to the session's thread. The caller has locked the tables.
public final class RowReplay implements AutoCloseable {
  private final ExecutionContext context;
  private final WriteRun run;

  public RowReplay(ExecutionContext context, WriteTargets targets) {
    this.context = context;
    this.run = new WriteRun(context, targets);
    // Keys may have been exchanged between rows; only the result counts.
    run.checkUniqueAtEnd();
  }

  /// @param key the row key, for a table without a primary key
  public void insert(Relation.Table table, byte[] key, @Nullable Object[] row) {
    TableWriter writer = run.writer(table);
    writer.complete(row, null);
    @Nullable Object[][] rows = {row};
    byte[][] keys = {writer.target().codec().hasPrimaryKey() ? writer.rowKey(row) : key};
    writer.insertLocked(row, keys[0], writer.lockUniqueKeys(rows, keys, 1), 0);
  }

  public void update(Relation.Table table, byte[] key, @Nullable Object[] old, @Nullable Object[] row) {
    TableWriter writer = run.writer(table);
    BitSet changed = new BitSet();
    for (int i = 0; i < row.length; i++) {
      if (i >= old.length || !Objects.equals(old[i], row[i])) {
        changed.set(i);
      }
    }
    writer.complete(row, changed);
    writer.update(key, Arrays.copyOf(old, row.length), row, changed);
  }

  public void delete(Relation.Table table, byte[] key, @Nullable Object[] old) {
    run.writer(table).delete(key, old);
  }

  /// Foreign keys and whatever else is due when all rows are written.
  public void finish() {
    context.services().dml().pendingChecks().statementEnd(context.access());
  }

  @Override
  public void close() {
    context.services().dml().pendingChecks().statementFailed(context.access());
    run.close();
  }
}
