package io.heliosdb.nano.execute.datawork;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.dml.WriteTargets;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.txn.StatementAccess;

/// What [EngineDataWork] needs of the session in which a DDL command runs. Called on its thread.
public interface DataWorkHost {
  /// The command's overlay, as it is now.
  Catalog catalog();

  /// A context over that catalog; `ExecutionServices.dml()` of it must work.
  ExecutionContext context(StatementAccess access);

  /// The engine's compiled tables (`DmlPlans.targets()`).
  WriteTargets targets();

  /// The plan of a query without parameters (or with their values known to [#context]).
  PhysicalPlan plan(Statement query);

  /// The plan of a materialized view's stored query.
  PhysicalPlan plan(String definition);

  /// Sets a sequence, as part of the transaction where it can be.
  void startSequence(Relation.Sequence sequence, long value, boolean called);

  /// (last value, 1 if it was handed out or else 0).
  long[] sequenceState(Relation.Sequence sequence);

  /// Whether a cursor or running query of this session reads the table.
  boolean isInUse(Relation.Table table);

  /// The storage id is not referred to any more once the transaction commits.
  void release(long storageId, boolean index);
}
