package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.execute.ExecutionContext;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one command must still check or do when all its rows are written: foreign keys of both sides, deferrable unique keys, AFTER
/// triggers. What is deferred goes on to [PendingChecks].
///
/// Foreign key checks of new rows are made early, a few thousand at a time, so that the queue stays small; rows that refer to nothing yet
/// are kept for the end (a later row of the same statement may be what they refer to).
final class AfterStatement {
  private final PendingChecks pending;
  private final WriteTargets targets;
  private final ExecutionContext context;
  private final Map<Constraint, ReferenceChecks> references = new IdentityHashMap<>(4);
  private final List<ReferenceChecks> referenceOrder = new ArrayList<>(2);
  private final List<ReferentialActions> actions = new ArrayList<>(0);
  private final List<UniqueRecheck> uniqueKeys = new ArrayList<>(0);
  private List<TriggerEvent> triggers = new ArrayList<>(0);
  private @Nullable WriteRun run;

  AfterStatement(PendingChecks pending, WriteRun first) {
    this.pending = pending;
    targets = first.targets();
    context = first.context();
  }

  ExecutionContext context() {
    return context;
  }

  /// Writers for what the checks themselves change.
  WriteRun run() {
    if (run == null) {
      run = new WriteRun(context, targets, this);
    }
    return run;
  }

  // ---- events ----

  void inserted(TableWriter writer, byte[] key, @Nullable Object[] row) {
    for (ForeignKey foreignKey : writer.target().foreignKeys()) {
      checkLater(writer, foreignKey, key, row);
    }
  }

  void updated(TableWriter writer, byte[] key, @Nullable Object[] old, @Nullable Object[] row, @Nullable BitSet changed) {
    for (ForeignKey foreignKey : writer.target().foreignKeys()) {
      if ((changed == null || foreignKey.columnSet().intersects(changed)) && isChanged(writer.target(), foreignKey, old, row)) {
        checkLater(writer, foreignKey, key, row);
      }
    }
    ReferencingTables referencing = writer.referencing();
    if (referencing != null && referencing.isAffectedBy(changed)) {
      for (ReferencingTables.Reference reference : referencing.references()) {
        if (!Rows.hasNull(old, reference.columns()) && reference.isKeyChanged(writer.target(), old, row)) {
          actions(reference, true).add(Rows.pick(old, reference.columns()), Rows.pick(row, reference.columns()));
        }
      }
    }
  }

  void deleted(TableWriter writer, @Nullable Object[] old) {
    ReferencingTables referencing = writer.referencing();
    if (referencing != null) {
      for (ReferencingTables.Reference reference : referencing.references()) {
        if (!Rows.hasNull(old, reference.columns())) {
          actions(reference, false).add(Rows.pick(old, reference.columns()), null);
        }
      }
    }
  }

  void uniqueKeyUsed(TableWriter writer, int index, byte[] entryKey, @Nullable Object[] row) {
    uniqueKeyUsed(writer, index, entryKey, row, null);
  }

  /// @param rowKey the row, for an exclusion constraint
  void uniqueKeyUsed(TableWriter writer, int index, byte[] entryKey, @Nullable Object[] row, byte @Nullable [] rowKey) {
    uniqueKeys.add(new UniqueRecheck(writer.target().table(), writer.indexes()[index].index(), entryKey, rowKey, writer.keyText(index, row)));
  }

  /// A row whose partition changed: for those that refer to it, it was updated.
  void moved(TableWriter writer, @Nullable Object[] old, @Nullable Object[] row) {
    ReferencingTables referencing = writer.referencing();
    if (referencing != null) {
      for (ReferencingTables.Reference reference : referencing.references()) {
        if (!Rows.hasNull(old, reference.columns()) && reference.isKeyChanged(writer.target(), old, row)) {
          actions(reference.ofWhole(), true).add(Rows.pick(old, reference.columns()), Rows.pick(row, reference.columns()));
        }
      }
    }
  }

  void triggered(TriggerEvent event) {
    triggers.add(event);
  }

  private static boolean isChanged(WriteTarget target, ForeignKey foreignKey, @Nullable Object[] old, @Nullable Object[] row) {
    for (int column : foreignKey.columns()) {
      if (!Rows.same(target, column, old[column], row[column])) {
        return true;
      }
    }
    return false;
  }

  private void checkLater(TableWriter writer, ForeignKey foreignKey, byte[] key, @Nullable Object[] row) {
    if (pending.isDeferred(foreignKey.constraint())) {
      pending.defer(new DeferredReference(writer.target().table().oid(), foreignKey.constraint().oid(), key));
      return;
    }
    ReferenceChecks checks = references.get(foreignKey.constraint());
    if (checks == null) {
      checks = new ReferenceChecks(writer.target(), foreignKey);
      references.put(foreignKey.constraint(), checks);
      referenceOrder.add(checks);
    }
    checks.add(key, row, run());
  }

  private ReferentialActions actions(ReferencingTables.Reference reference, boolean update) {
    for (ReferentialActions known : actions) {
      if (known.isFor(reference, update)) {
        return known;
      }
    }
    ReferentialActions created = new ReferentialActions(reference, update);
    actions.add(created);
    return created;
  }

  // ---- the end ----

  /// Runs everything; what runs may queue more.
  void finish() {
    while (true) {
      if (!actions.isEmpty()) {
        List<ReferentialActions> now = new ArrayList<>(actions);
        actions.clear();
        for (ReferentialActions action : now) {
          if (action.mayDefer() && pending.isDeferred(action.reference().constraint())) {
            pending.defer(action);
          } else {
            action.perform(run());
          }
        }
        continue;
      }
      if (!uniqueKeys.isEmpty()) {
        List<UniqueRecheck> now = new ArrayList<>(uniqueKeys);
        uniqueKeys.clear();
        for (UniqueRecheck recheck : now) {
          if (pending.isDeferred(run().targets().of(recheck.table(), run().catalog()).constraintOf(recheck.index()))) {
            pending.defer(recheck);
          } else {
            recheck.check(run());
          }
        }
        continue;
      }
      boolean checked = false;
      for (int i = 0; i < referenceOrder.size(); i++) {
        checked |= referenceOrder.get(i).finish(run());
      }
      if (checked || !actions.isEmpty() || !uniqueKeys.isEmpty()) {
        continue;
      }
      if (triggers.isEmpty()) {
        return;
      }
      List<TriggerEvent> now = triggers;
      triggers = new ArrayList<>(0);
      for (TriggerEvent event : now) {
        if (pending.isDeferred(event.constraint())) {
          pending.defer(event);
        } else {
          event.perform(run());
        }
      }
    }
  }
}
