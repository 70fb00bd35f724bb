package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An AFTER trigger that is to fire for a row or a statement.
record TriggerEvent(
    Catalog.Trigger trigger,
    Relation relation,
    char event,
    boolean forEachRow,
    @Nullable Object @Nullable [] oldRow,
    @Nullable Object @Nullable [] newRow,
    @Nullable TransitionRows transition)
    implements PendingChecks.Deferred {
  /// A constraint trigger is deferred like a constraint of its oid.
  @Override
  public @Nullable Constraint constraint(WriteRun run) {
    return constraint();
  }

  @Nullable Constraint constraint() {
    return trigger.constraintTrigger()
        ? new Constraint(trigger.oid(), trigger.name(), Constraint.Kind.FOREIGN_KEY, List.of(), null, 0, 0, List.of(), 'a', 'a', 's', List.of(),
            trigger.deferrable(), trigger.initiallyDeferred(), true, true, true, 0, 0)
        : null;
  }

  @Override
  public void perform(WriteRun run) {
    run.services().triggerFunctions().call(trigger,
        new TriggerFunctions.Event(relation, event, 'a', forEachRow, oldRow, newRow,
            transition == null || trigger.oldTable() == null ? null : transition.oldRows,
            transition == null || trigger.newTable() == null ? null : transition.newRows));
  }
}
