package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.execute.Operator;

/// An operator that changes rows. Its batches are those of RETURNING; without it [#next] does all the work and returns null.
public interface DmlOperator extends Operator {
  /// Rows changed so far, as the command tag counts them.
  long affectedRows();
}
