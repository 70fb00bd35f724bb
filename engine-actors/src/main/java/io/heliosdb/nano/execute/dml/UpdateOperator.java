package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.RowAccess;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// UPDATE.
final class UpdateOperator extends RowChangeOperator {
  private final Relation.Table root;
  private final int width;
  private final int inputWidth;
  private final int[] assigned;
  private final BoundEvaluator[] values;
  private final BitSet assignedSet;
  private final CheckOptions checks;
  private final RowModifier modifier;
  private final WriteTarget rootTarget;

  /// Per partition or child, in columns of the root.
  private final Map<TableWriter, BitSet> lockedKeys = new IdentityHashMap<>();

  UpdateOperator(DmlPlans.UpdatePlan plan, ExecutionContext context) {
    super(plan.input, plan.node.rowIdColumn(), plan.repeats, plan.isOneByOne, plan.returning, plan.targets, context);
    root = plan.node.table();
    width = root.columns().size();
    inputWidth = plan.input.output().size();
    assigned = plan.assigned;
    assignedSet = plan.assignedSet;
    values = new BoundEvaluator[plan.values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = plan.values[i].bind(context);
    }
    checks = plan.checks.options().length == 0 ? CheckOptions.NONE : new CheckOptions(plan.checks, context);
    modifier = new RowModifier(run, root, checks);
    rootTarget = run.targets().of(root, run.catalog());
  }

  @Override
  void begin() {
    modifier.beginUpdate(assignedSet);
  }

  @Override
  void end() {
    modifier.endUpdate(assignedSet);
  }

  @Override
  boolean runsAlone(TableWriter writer) {
    return modifier.hasRowTriggers(writer);
  }

  @Override
  @Nullable Object[] prepare(RowAccess input) {
    Object[] row = new Object[assigned.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = values[i].eval(input);
    }
    return row;
  }

  @Override
  boolean needsFullLock(TableWriter writer, RowAccess input, @Nullable Object[] prepared) {
    BitSet keys = writer.target().table() == root ? writer.target().lockedKeyColumns() : lockedKeys.computeIfAbsent(writer, this::keysInRoot);
    if (!keys.intersects(assignedSet)) {
      return false;
    }
    for (int i = 0; i < assigned.length; i++) {
      if (keys.get(assigned[i]) && !Rows.same(rootTarget, assigned[i], input.get(assigned[i]), prepared[i])) {
        return true;
      }
    }
    return false;
  }

  /// Columns of the root that make an UPDATE of a partition's or child's row lock it FOR UPDATE: those of its keys, and those that decide
  /// which partition the row belongs to, since a row that moves is deleted where it was.
  private BitSet keysInRoot(TableWriter writer) {
    Relation.Table table = writer.target().table();
    BitSet keys = new BitSet();
    int[] toRoot = Partitions.columnMap(table, root);
    writer.target().lockedKeyColumns().stream().map(c -> toRoot == null ? c : toRoot[c]).filter(c -> c >= 0).forEach(keys::set);
    while (table != root && root.isPartitioned() && run.catalog().relation(table.partitionOf()) instanceof Relation.Table parent) {
      int[] map = Partitions.columnMap(parent, root);
      for (Relation.Index.Key key : Objects.requireNonNull(parent.partitionScheme()).keys()) {
        if (key.attnum() == 0) {
          keys.set(0, root.columns().size());
        } else {
          keys.set(map == null ? key.attnum() - 1 : map[key.attnum() - 1]);
        }
      }
      table = parent;
    }
    return keys;
  }

  @Override
  void apply(TableWriter writer, byte[] key, RowAccess input, @Nullable Object[] prepared) {
    Object[] old;
    Object[] row;
    BitSet changed;
    if (writer.target().table() == root) {
      old = firstColumns(input, width);
      row = old.clone();
      for (int i = 0; i < assigned.length; i++) {
        row[assigned[i]] = prepared[i];
      }
      changed = (BitSet) assignedSet.clone();
    } else {
      old = writer.readNewest(key);
      if (old == null) {
        return;
      }
      row = old.clone();
      changed = new BitSet();
      int[] map = modifier.fromRoot(writer);
      for (int i = 0; i < assigned.length; i++) {
        int column = map == null ? assigned[i] : map[assigned[i]];
        row[column] = prepared[i];
        changed.set(column);
      }
    }
    Object[] written = modifier.update(writer, key, old, row, changed);
    if (written == null) {
      return;
    }
    affected++;
    if (returning != null) {
      RowAccess both = new RowAccess.Joined(width, RowAccess.of(written), input);
      returning.add(
          root.isPartitioned()
              ? new RowAccess.Joined(width + inputWidth, both, RowAccess.of(new Object[] {(long) modifier.tableOid()})) : both);
    }
  }

  @Override
  public void close() {
    super.close();
    for (BoundEvaluator value : values) {
      value.close();
    }
    checks.close();
  }
}
