package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Changes and deletes single locked rows for UPDATE, DELETE, MERGE, ON CONFLICT and foreign keys: triggers, policies, constraints, moves
/// between partitions. `root` is the table the statement names; rows may stand in its partitions or inheritance children.
final class RowModifier {
  private int tableOid;
  private final WriteRun run;
  private final Relation.Table root;
  private final CheckOptions checks;
  private final @Nullable Triggers rootTriggers;
  private final @Nullable TransitionRows updated;
  private final @Nullable TransitionRows deleted;
  private @Nullable RowInsertion moves;

  RowModifier(WriteRun run, Relation.Table root, CheckOptions checks) {
    this.run = run;
    this.root = root;
    this.checks = checks;
    rootTriggers = run.triggers(root);
    boolean oldUpdated = rootTriggers != null && rootTriggers.wantsTransition('u', true);
    boolean newUpdated = rootTriggers != null && rootTriggers.wantsTransition('u', false);
    updated = oldUpdated || newUpdated ? new TransitionRows(oldUpdated, newUpdated) : null;
    deleted = rootTriggers != null && rootTriggers.wantsTransition('d', true) ? new TransitionRows(true, false) : null;
  }

  void beginUpdate(BitSet assigned) {
    if (rootTriggers != null) {
      rootTriggers.fireStatement('b', 'u', assigned, null, null);
    }
  }

  void endUpdate(BitSet assigned) {
    if (rootTriggers != null) {
      rootTriggers.fireStatement('a', 'u', assigned, updated, run.after());
    }
  }

  void beginDelete() {
    if (rootTriggers != null) {
      rootTriggers.fireStatement('b', 'd', null, null, null);
    }
  }

  void endDelete() {
    if (rootTriggers != null) {
      rootTriggers.fireStatement('a', 'd', null, deleted, run.after());
    }
  }

  /// Whether something runs before the writing of each row that may look at the rows before.
  boolean hasRowTriggers(TableWriter writer) {
    Triggers triggers = run.triggers(writer.target().table());
    return triggers != null && (triggers.has('b', 'u', true) || triggers.has('b', 'd', true));
  }

  /// Where the root's columns stand in the writer's table; null when they stand where they do in the root.
  int @Nullable [] fromRoot(TableWriter writer) {
    return Partitions.columnMap(root, writer.target().table());
  }

  /// @param row the new row of the writer's table; may be changed
  /// @param changed columns of the writer's table that the statement assigns; extended by what else changes
  /// @return the row written, in the root's columns; null when a trigger prevented it
  @Nullable Object @Nullable [] update(TableWriter writer, byte[] key, @Nullable Object[] old, @Nullable Object[] row, BitSet changed) {
    Triggers triggers = run.triggers(writer.target().table());
    tableOid = writer.target().table().oid();
    BitSet assigned = changed;
    Object[] fresh = row;
    if (triggers != null) {
      assigned = (BitSet) changed.clone();
      if (triggers.has('b', 'u', true)) {
        fresh = triggers.beforeRow('b', 'u', old, row, assigned);
        if (fresh == null) {
          return null;
        }
        changed.set(0, writer.target().columnCount());
      }
    }
    writer.generate(fresh, changed);
    Object[] inRoot = toRoot(writer, fresh);
    if (!checks.isEmpty()) {
      checks.checkPolicies(inRoot);
    }
    if (writer.target().table().isPartition()) {
      if (root.isPartitioned()) {
        RowInsertion.Destination destination = moves().route(inRoot);
        if (destination.writer != writer) {
          return move(writer, key, old, destination, inRoot);
        }
      } else {
        RowInsertion.checkPartition(run, writer.target(), fresh);
      }
    }
    writer.checkConstraints(fresh, changed);
    writer.update(key, old, fresh, changed);
    if (triggers != null) {
      triggers.afterRow('u', old, fresh, assigned, updated);
    }
    if (updated != null) {
      updated.add(toRoot(writer, old), inRoot);
    }
    if (!checks.isEmpty()) {
      checks.checkViews(inRoot, run.targets().of(root, run.catalog()), run);
    }
    return inRoot;
  }

  /// The table that the last row was written to.
  int tableOid() {
    return tableOid;
  }

  private RowInsertion moves() {
    if (moves == null) {
      moves = new RowInsertion(run, root, CheckOptions.NONE);
    }
    return moves;
  }

  /// The row belongs into another partition now: it is deleted here and inserted there.
  private @Nullable Object @Nullable [] move(TableWriter writer, byte[] key, @Nullable Object[] old, RowInsertion.Destination destination,
      @Nullable Object[] inRoot) {
    Triggers triggers = run.triggers(writer.target().table());
    if (triggers != null && triggers.beforeRow('b', 'd', old, null, null) == null) {
      return null;
    }
    Object[] row = moves().complete(destination, Partitions.convert(inRoot, destination.fromRoot, destination.writer.target().columnCount()).clone());
    // Where a trigger moves it, the row has been locked for an update only.
    writer.lockForMove(key);
    writer.moveAway(key, old, destination.writer);
    if (triggers != null) {
      triggers.afterRow('d', old, null, null, null);
    }
    if (row == null) {
      return null;
    }
    tableOid = destination.writer.target().table().oid();
    Object[] result = moves().insertOne(destination, row);
    if (writer.referencing() != null) {
      run.after().moved(writer, old, Partitions.convert(result, Partitions.columnMap(root, writer.target().table()), old.length));
    }
    if (updated != null) {
      updated.add(toRoot(writer, old), result);
    }
    if (!checks.isEmpty()) {
      checks.checkViews(result, run.targets().of(root, run.catalog()), run);
    }
    return result;
  }

  /// False when a trigger prevented it.
  boolean delete(TableWriter writer, byte[] key, @Nullable Object[] old) {
    Triggers triggers = run.triggers(writer.target().table());
    if (triggers != null && triggers.beforeRow('b', 'd', old, null, null) == null) {
      return false;
    }
    writer.delete(key, old);
    if (triggers != null) {
      triggers.afterRow('d', old, null, null, deleted);
    }
    if (deleted != null) {
      deleted.add(toRoot(writer, old), null);
    }
    return true;
  }

  @Nullable Object[] toRoot(TableWriter writer, @Nullable Object[] row) {
    Relation.Table table = writer.target().table();
    return table == root ? row : Partitions.convert(row, Partitions.columnMap(table, root), root.columns().size());
  }
}
