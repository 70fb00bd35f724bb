package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Inserts rows into a table (or the right partitions of it) for INSERT, COPY and MERGE: triggers, policies, constraints, conflicts.
///
/// Rows that go to the same table are written in batches, because their keys are locked together; a table with BEFORE ROW triggers gets
/// them one by one, as a trigger may look at the rows before. Belongs to one statement.
final class RowInsertion {
  /// A table that receives rows, and how rows of the statement's table look in it.
  final class Destination {
    final TableWriter writer;
    final int @Nullable [] fromRoot;
    final int @Nullable [] toRoot;
    final @Nullable Triggers triggers;
    final boolean before;
    final boolean after;

    Destination(Relation.Table table) {
      writer = run.writer(table);
      fromRoot = Partitions.columnMap(root, table);
      toRoot = Partitions.columnMap(table, root);
      triggers = run.triggers(table);
      before = triggers != null && triggers.has('b', 'i', true);
      after = triggers != null && triggers.has('a', 'i', true);
    }

    @Nullable Object[] toRoot(@Nullable Object[] row) {
      return Partitions.convert(row, toRoot, root.columns().size());
    }
  }

  private static final int PENDING_MAX = 1024;

  private final WriteRun run;
  private final Relation.Table root;
  private final CheckOptions checks;
  private final @Nullable Triggers triggers;
  private final @Nullable TransitionRows transition;
  private final Map<Integer, Destination> destinations = new HashMap<>(4);
  private final @Nullable Destination only;
  private final boolean plain;
  private @Nullable ConflictResolution conflicts;
  private @Nullable Object @Nullable [] @Nullable [] replaced;
  private int @Nullable [] tableOids;

  private Object[][] pending = new Object[16][];
  private int[] positions = new int[16];
  private int pendingCount;
  private int position;

  RowInsertion(WriteRun run, Relation.Table root, CheckOptions checks) {
    this.run = run;
    this.root = root;
    this.checks = checks;
    triggers = run.triggers(root);
    transition = triggers != null && triggers.wantsTransition('i', false) ? new TransitionRows(false, true) : null;
    only = root.isPartitioned() ? null : new Destination(root);
    plain = only != null && only.triggers == null && checks.isEmpty() && !root.isPartition();
  }

  /// Makes it an INSERT … ON CONFLICT.
  void setConflicts(ConflictResolution resolution) {
    conflicts = resolution;
  }

  void begin() {
    if (triggers != null) {
      triggers.fireStatement('b', 'i', null, null, null);
    }
  }

  void end() {
    if (triggers != null) {
      triggers.fireStatement('a', 'i', null, transition, run.after());
    }
  }

  /// Inserts `rows[0 … count)`; each entry becomes the row as written, or null when it was not (a trigger, a conflict).
  ///
  /// When a row breaks a rule, those before it are written first, so that the first error in row order is the one reported.
  ///
  /// @return the number of rows written
  int insert(@Nullable Object[] @Nullable [] rows, int count) {
    if (plain && conflicts == null) {
      only.writer.insert(rows, count);
      return count;
    }
    int written = 0;
    replaced = conflicts == null ? null : new Object[count][];
    tableOids = only != null ? null : new int[count];
    Destination current = null;
    for (int i = 0; i < count; i++) {
      Destination destination;
      Object[] row;
      try {
        destination = route(rows[i]);
        if (current != null && (destination != current || destination.before || pendingCount == PENDING_MAX)) {
          written += flush(current, rows);
        }
        current = destination;
        if (tableOids != null) {
          tableOids[i] = destination.writer.target().table().oid();
        }
        row = complete(destination, Partitions.convert(rows[i], destination.fromRoot, destination.writer.target().columnCount()));
      } catch (SqlException e) {
        if (current != null) {
          flush(current, rows);
        }
        position = i;
        throw e;
      }
      if (row == null) {
        rows[i] = null;
      } else if (conflicts != null) {
        rows[i] = conflicts.insert(this, destination, row);
        replaced[i] = conflicts.replaced();
        written += rows[i] == null ? 0 : 1;
      } else {
        addPending(row, i);
      }
    }
    return current == null ? written : written + flush(current, rows);
  }

  /// Where in the batch the row stands at which [#insert] has failed.
  int failedPosition() {
    return position;
  }

  /// Whether rows need nothing but their table's own rules: then [#completePlain] and [#insertPlain] do what [#insert] does, in two steps.
  boolean isPlain() {
    return plain && conflicts == null;
  }

  /// Whether each row is written before the next is looked at.
  boolean writesOneByOne() {
    return only != null && only.before;
  }

  /// The only table that receives rows, when [#isPlain].
  TableWriter plainWriter() {
    return only.writer;
  }

  void completePlain(@Nullable Object[] row) {
    only.writer.complete(row, null);
  }

  void insertPlain(@Nullable Object[][] rows, int count) {
    try {
      only.writer.insertCompleted(rows, count);
    } catch (SqlException e) {
      position = only.writer.position();
      throw e;
    }
  }

  /// The row that ON CONFLICT DO UPDATE changed for the `i`-th row of the last batch, in the columns of the statement's table, or null.
  @Nullable Object @Nullable [] replaced(int i) {
    return replaced == null ? null : replaced[i];
  }

  /// The table that the `i`-th row of the last batch was routed to.
  int tableOid(int i) {
    return tableOids == null ? root.oid() : tableOids[i];
  }

  /// BEFORE triggers and all rules on the row itself.
  ///
  /// @param shaped the row of the destination's table
  /// @return the row to write, null when a trigger says to leave it
  @Nullable Object @Nullable [] complete(Destination destination, @Nullable Object[] shaped) {
    Object[] row = shaped;
    TableWriter writer = destination.writer;
    if (destination.before) {
      row = destination.triggers.beforeRow('b', 'i', null, row, null);
      if (row == null) {
        return null;
      }
    }
    writer.generate(row, null);
    if (!checks.isEmpty()) {
      checks.checkPolicies(destination.toRoot(row));
    }
    if (writer.target().table().isPartition() && (destination.before || only != null)) {
      checkPartition(run, writer.target(), row);
    }
    writer.checkConstraints(row, null);
    return row;
  }

  /// A row written straight into a partition, or changed by a trigger, must belong there.
  static void checkPartition(WriteRun run, WriteTarget target, @Nullable Object[] row) {
    Relation.Table table = target.table();
    Relation.Table child = table;
    while (child.isPartition() && run.catalog().relation(child.partitionOf()) instanceof Relation.Table parent) {
      Object[] shaped = Partitions.convert(row, Partitions.columnMap(table, parent), parent.columns().size());
      Relation.Table found = run.targets().router(parent, run.catalog()).find(shaped, run.context());
      if (found == null || found.oid() != child.oid()) {
        throw ConstraintErrors.partition(target, row, run.context().call());
      }
      child = parent;
    }
  }

  /// What follows the writing of a row. Gives the row in the columns of the statement's table.
  @Nullable Object[] written(Destination destination, @Nullable Object[] row) {
    if (destination.after) {
      destination.triggers.afterRow('i', null, row, null, transition);
    }
    Object[] result = destination.toRoot(row);
    if (transition != null) {
      transition.add(null, result);
    }
    if (!checks.isEmpty()) {
      checks.checkViews(result, run.targets().of(root, run.catalog()), run);
    }
    return result;
  }

  private void addPending(@Nullable Object[] row, int position) {
    if (pendingCount == pending.length) {
      pending = Arrays.copyOf(pending, pendingCount * 4);
      positions = Arrays.copyOf(positions, pendingCount * 4);
    }
    pending[pendingCount] = row;
    positions[pendingCount++] = position;
  }

  private int flush(Destination destination, @Nullable Object[] @Nullable [] rows) {
    int count = pendingCount;
    pendingCount = 0;
    try {
      destination.writer.insertCompleted(pending, count);
    } catch (SqlException e) {
      position = positions[destination.writer.position()];
      throw e;
    }
    for (int i = 0; i < count; i++) {
      position = positions[i];
      rows[positions[i]] = written(destination, pending[i]);
    }
    return count;
  }

  /// The table that a row of the statement's table goes to.
  Destination route(@Nullable Object[] row) {
    if (only != null) {
      return only;
    }
    if (root.isPartition()) {
      checkPartition(run, run.targets().of(root, run.catalog()), row);
    }
    Relation.Table table = root;
    Object[] shaped = row;
    while (table.isPartitioned()) {
      PartitionRouter router = run.targets().router(table, run.catalog());
      Relation.Table next = router.find(shaped, run.context());
      if (next == null) {
        throw router.noPartition(shaped, run.context());
      }
      shaped = Partitions.convert(shaped, Partitions.columnMap(table, next), next.columns().size());
      table = next;
    }
    Destination known = destinations.get(table.oid());
    if (known == null) {
      known = new Destination(table);
      destinations.put(table.oid(), known);
    }
    return known;
  }

  /// Writes one completed row, with what follows.
  @Nullable Object[] insertOne(Destination destination, @Nullable Object[] row) {
    destination.writer.insertCompleted(new Object[][] {row}, 1);
    return written(destination, row);
  }

  static SqlException secondTime() {
    return new SqlException(SqlState.CARDINALITY_VIOLATION, "ON CONFLICT DO UPDATE command cannot affect row a second time")
        .withHint("Ensure that no rows proposed for insertion within the same command have duplicate constrained values.");
  }
}
