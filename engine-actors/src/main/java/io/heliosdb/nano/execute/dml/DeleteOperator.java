package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.RowAccess;
import org.jspecify.annotations.Nullable;

/// DELETE.
final class DeleteOperator extends RowChangeOperator {
  private static final Object[] NOTHING = {};

  private final Relation.Table root;
  private final int width;
  private final RowModifier modifier;

  DeleteOperator(DmlPlans.DeletePlan plan, ExecutionContext context) {
    super(plan.input, plan.node.rowIdColumn(), plan.repeats, plan.isOneByOne, plan.returning, plan.targets, context);
    root = plan.node.table();
    width = root.columns().size();
    modifier = new RowModifier(run, root, CheckOptions.NONE);
  }

  @Override
  void begin() {
    modifier.beginDelete();
  }

  @Override
  void end() {
    modifier.endDelete();
  }

  @Override
  boolean runsAlone(TableWriter writer) {
    return modifier.hasRowTriggers(writer);
  }

  @Override
  @Nullable Object[] prepare(RowAccess input) {
    return NOTHING;
  }

  @Override
  boolean needsFullLock(TableWriter writer, RowAccess input, @Nullable Object[] prepared) {
    return true;
  }

  @Override
  void apply(TableWriter writer, byte[] key, RowAccess input, @Nullable Object[] prepared) {
    Object[] old = writer.target().table() == root ? firstColumns(input, width) : writer.readNewest(key);
    if (old == null || !modifier.delete(writer, key, old)) {
      return;
    }
    affected++;
    if (returning != null) {
      returning.add(input);
    }
  }
}
