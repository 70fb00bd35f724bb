package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs the function of a trigger. Implemented by the procedural languages.
public interface TriggerFunctions {
  /// What a trigger is told. Rows are boxed values by `attnum - 1` of `relation`.
  ///
  /// @param event `i`, `u`, `d` or `t`
  /// @param timing `b`, `a` or `i` (instead of)
  /// @param oldRow null for INSERT and for statement triggers
  /// @param newRow null for DELETE and for statement triggers
  /// @param oldTable rows of the transition table named by `Trigger.oldTable`, null when there is none
  /// @param newTable likewise
  record Event(
      Relation relation,
      char event,
      char timing,
      boolean forEachRow,
      @Nullable Object @Nullable [] oldRow,
      @Nullable Object @Nullable [] newRow,
      @Nullable List<@Nullable Object[]> oldTable,
      @Nullable List<@Nullable Object[]> newTable) {}

  /// The row the function returned (for DELETE any row means "go on"), or null when it returned NULL. Ignored for AFTER triggers and
  /// statement triggers. The result may be the array of the event or a new one.
  @Nullable Object @Nullable [] call(Catalog.Trigger trigger, Event event);

  /// For sessions without procedural languages.
  TriggerFunctions NONE = (trigger, event) -> {
    throw SqlException.notSupported("function of trigger \"" + trigger.name() + "\"");
  };
}
