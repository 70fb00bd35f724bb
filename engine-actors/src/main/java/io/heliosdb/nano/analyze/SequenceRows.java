package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;

/// A sequence read as a table: one row (last_value, log_cnt, is_called). `log_cnt` is always 0: nothing is logged ahead here.
final class SequenceRows {
  private SequenceRows() {}

  static LogicalPlan plan(Analysis analysis, RangeEntry entry, Relation.Sequence sequence) {
    FunctionDef function = analysis.catalog.functions(Catalog.PG_CATALOG, "pg_sequence_last_value").getFirst();
    CallSite site = new CallSite(function, List.of(PgTypes.REGCLASS), PgTypes.INT8, -1, 0, false);
    Expr last = new Expr.Call(site, List.of(Expr.Const.of(PgTypes.REGCLASS, (long) sequence.oid())), null, Expr.Call.Form.FUNCTION);
    Expr value = new Expr.Coalesce(PgTypes.INT8, -1, 0, List.of(last, Expr.Const.of(PgTypes.INT8, sequence.start())));
    Expr called = new Expr.IsNull(PgTypes.BOOL, last, true, false);
    return new LogicalPlan.Values(List.of(List.of(value, Expr.Const.of(PgTypes.INT8, 0L), called)), PlanBuilder.columns(entry));
  }
}
