package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Changes and deletes single locked rows for UPDATE, DELETE and MERGE: triggers, policies, constraints, move between partitions.
/// `root` is the table the statement names; rows may stand in its partitions or inheritance children.
final class RowModifier {
  private final WriteRun run;
  private final Relation.Table root;
  private final CheckOptions checks;

  RowModifier(WriteRun run, Relation.Table root, CheckOptions checks) {
    this.run = run;
    this.root = root;
    this.checks = checks;
    if (!root.triggerOids().isEmpty()) {
      throw SqlException.notSupported("UPDATE or DELETE of a table with triggers");
    }
  }

  void beginUpdate(BitSet assigned) {}

  void endUpdate(BitSet assigned) {}

  void beginDelete() {}

  void endDelete() {}

  boolean hasRowTriggers(TableWriter writer) {
    return false;
  }

  /// Where the root's columns stand in the writer's table; null when they stand where they do in the root.
  int @Nullable [] fromRoot(TableWriter writer) {
    return Partitions.columnMap(root, writer.target().table());
  }

  /// @param row the new row of the writer's table; may be changed
  /// @param changed columns of the writer's table that may differ
  /// @return the row written, in the root's columns; null when a trigger prevented it
  @Nullable Object @Nullable [] update(TableWriter writer, byte[] key, @Nullable Object[] old, @Nullable Object[] row, BitSet changed) {
    writer.generate(row, changed);
    if (!checks.isEmpty()) {
      checks.checkPolicies(toRoot(writer, row));
    }
    writer.checkConstraints(row, changed);
    writer.update(key, old, row, changed);
    Object[] result = toRoot(writer, row);
    if (!checks.isEmpty()) {
      checks.checkViews(result, run.writer(root).target(), run);
    }
    return result;
  }

  boolean delete(TableWriter writer, byte[] key, @Nullable Object[] old) {
    writer.delete(key, old);
    return true;
  }

  @Nullable Object[] toRoot(TableWriter writer, @Nullable Object[] row) {
    Relation.Table table = writer.target().table();
    return table == root ? row : Partitions.convert(row, Partitions.columnMap(table, root), root.columns().size());
  }
}
