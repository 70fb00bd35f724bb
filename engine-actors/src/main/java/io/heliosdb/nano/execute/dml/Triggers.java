package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The enabled triggers of one relation within one statement, in the order of their names. Confined to the session's thread.
///
/// Source: PostgreSQL 15, `trigger.c`; manual, "Overview of Trigger Behavior".
final class Triggers {
  /// @param when over (OLD columns…, NEW columns…), null for none
  private record Compiled(Catalog.Trigger trigger, @Nullable BoundEvaluator when) {}

  private final Relation relation;
  private final int width;
  private final WriteRun run;
  private final List<Compiled> all;

  private Triggers(Relation relation, WriteRun run, List<Compiled> all) {
    this.relation = relation;
    this.run = run;
    this.all = all;
    width = relation.columns().size();
  }

  /// The triggers of a relation, null when none is enabled.
  static @Nullable Triggers of(Relation relation, WriteRun run) {
    List<Integer> oids = switch (relation) {
      case Relation.Table table -> table.triggerOids();
      case Relation.View view -> view.triggerOids();
      default -> List.of();
    };
    if (oids.isEmpty()) {
      return null;
    }
    List<Compiled> all = new ArrayList<>();
    for (int oid : oids) {
      Catalog.Trigger trigger = run.catalog().trigger(oid);
      if (trigger == null || trigger.enabled() != 'A' && trigger.enabled() != (run.isReplica() ? 'R' : 'O')) {
        continue;
      }
      BoundEvaluator when = trigger.when() == null ? null
          : Evaluator.compile(
                  ExpressionBinder.bind(trigger.when(), relation, ExpressionBinder.Use.TRIGGER_WHEN, PgTypes.BOOL, -1,
                      WriteTarget.binderContext(run.catalog())).expression())
              .bind(run.context());
      all.add(new Compiled(trigger, when));
    }
    all.sort(Comparator.comparing(compiled -> compiled.trigger().name()));
    return all.isEmpty() ? null : new Triggers(relation, run, all);
  }

  boolean has(char timing, char event, boolean forEachRow) {
    for (Compiled compiled : all) {
      if (isMeant(compiled.trigger(), timing, event, forEachRow)) {
        return true;
      }
    }
    return false;
  }

  boolean hasRowTriggers() {
    for (Compiled compiled : all) {
      if (compiled.trigger().forEachRow()) {
        return true;
      }
    }
    return false;
  }

  /// Whether a trigger of this event wants the rows before (or after) the statement's changes.
  boolean wantsTransition(char event, boolean oldRows) {
    for (Compiled compiled : all) {
      Catalog.Trigger trigger = compiled.trigger();
      if (trigger.events().indexOf(event) >= 0 && (oldRows ? trigger.oldTable() : trigger.newTable()) != null) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMeant(Catalog.Trigger trigger, char timing, char event, boolean forEachRow) {
    return trigger.timing() == timing && trigger.forEachRow() == forEachRow && trigger.events().indexOf(event) >= 0;
  }

  private boolean applies(Compiled compiled, char event, @Nullable Object @Nullable [] old, @Nullable Object @Nullable [] row, @Nullable BitSet assigned) {
    Catalog.Trigger trigger = compiled.trigger();
    if (event == 'u' && !trigger.columns().isEmpty() && assigned != null
        && trigger.columns().stream().noneMatch(attnum -> assigned.get(attnum - 1))) {
      return false;
    }
    BoundEvaluator when = compiled.when();
    return when == null
        || when.test(new RowAccess.Joined(width, old == null ? null : RowAccess.of(old), row == null ? null : RowAccess.of(row)));
  }

  /// BEFORE (or INSTEAD OF) triggers of a row.
  ///
  /// @param assigned columns that the UPDATE names, null for all
  /// @return the row to go on with (for DELETE the old one), null when a trigger says to leave the row
  @Nullable Object @Nullable [] beforeRow(char timing, char event, @Nullable Object @Nullable [] old, @Nullable Object @Nullable [] row,
      @Nullable BitSet assigned) {
    Object[] present = event == 'd' ? old : row;
    for (Compiled compiled : all) {
      if (!isMeant(compiled.trigger(), timing, event, true) || !applies(compiled, event, old, event == 'd' ? null : present, assigned)) {
        continue;
      }
      Object[] result = run.services().triggerFunctions().call(compiled.trigger(),
          new TriggerFunctions.Event(relation, event, timing, true, old, event == 'd' ? null : present, null, null));
      if (result == null) {
        return null;
      }
      if (event != 'd') {
        present = result;
      }
    }
    return present;
  }

  /// Queues the AFTER triggers of a row.
  void afterRow(char event, @Nullable Object @Nullable [] old, @Nullable Object @Nullable [] row, @Nullable BitSet assigned,
      @Nullable TransitionRows transition) {
    for (Compiled compiled : all) {
      if (isMeant(compiled.trigger(), 'a', event, true) && applies(compiled, event, old, row, assigned)) {
        run.after().triggered(new TriggerEvent(compiled.trigger(), relation, event, true, old, row, transition));
      }
    }
  }

  /// Runs (BEFORE) or queues (AFTER) statement triggers; AFTER TRUNCATE runs at once.
  void fireStatement(char timing, char event, @Nullable BitSet assigned, @Nullable TransitionRows transition, @Nullable AfterStatement queue) {
    for (Compiled compiled : all) {
      if (!isMeant(compiled.trigger(), timing, event, false) || !applies(compiled, event, null, null, assigned)) {
        continue;
      }
      if (queue != null) {
        queue.triggered(new TriggerEvent(compiled.trigger(), relation, event, false, null, null, transition));
      } else {
        run.services().triggerFunctions().call(compiled.trigger(),
            new TriggerFunctions.Event(relation, event, timing, false, null, null, null, null));
      }
    }
  }
}
