package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.plan.logical.LogicalPlan;

/// A sequence read as a table: one row (last_value, log_cnt, is_called).
final class SequenceRows {
  private SequenceRows() {}

  static LogicalPlan plan(Analysis analysis, RangeEntry entry, Relation.Sequence sequence) {
    throw SqlException.notSupported("SELECT from a sequence");
  }
}
