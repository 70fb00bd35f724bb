package io.heliosdb.nano.execute;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.Bytes;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// What running plans need of the session beyond data access: user-defined functions, system relations, time coordinates, cursors.
/// Implemented by the session; called on its thread.
public interface ExecutionServices {
  /// How a function that is not built in runs (LANGUAGE SQL, plpgsql, CREATE AGGREGATE): one of the interfaces of [Implementation]
  /// by the function's kind, or null when it cannot run.
  @Nullable Implementation routine(CallSite site);

  /// The rows of a system relation, one boxed value per column. Called once per scan.
  Iterator<@Nullable Object[]> systemRows(Relation.SystemRelation relation, ExecutionContext context);

  /// Data access at another time coordinate, without own writes. `value` is the evaluated coordinate, null for NOW.
  StatementAccess asOf(LogicalPlan.AsOf.Kind kind, @Nullable Object value, StatementAccess access);

  /// All versions of a table's rows between two moments, as [LogicalPlan.VersionScan] shows them.
  default Iterator<@Nullable Object[]> versions(
      Relation.Table table, LogicalPlan.AsOf.Kind kind, @Nullable Object low, @Nullable Object high, StatementAccess access) {
    throw io.heliosdb.nano.error.SqlException.notSupported("VERSIONS BETWEEN");
  }

  /// The row identity on which the cursor stands, if it stands on a row of the table; null when it stands on another partition's row.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 34000, 24000 as PostgreSQL
  @Nullable Bytes cursorPosition(String cursor, Relation.Table table);

  /// Where scans are counted.
  default TableUsage usage() {
    return TableUsage.NONE;
  }

  /// What changing rows needs.
  default io.heliosdb.nano.execute.dml.DmlServices dml() {
    return io.heliosdb.nano.execute.dml.DmlServices.NONE;
  }

  /// Services for plans that only read tables and call built-in functions.
  ExecutionServices NONE = new ExecutionServices() {
    @Override
    public @Nullable Implementation routine(CallSite site) {
      return null;
    }

    @Override
    public Iterator<@Nullable Object[]> systemRows(Relation.SystemRelation relation, ExecutionContext context) {
      throw io.heliosdb.nano.error.SqlException.notSupported("system relation \"" + relation.name() + "\"");
    }

    @Override
    public StatementAccess asOf(LogicalPlan.AsOf.Kind kind, @Nullable Object value, StatementAccess access) {
      throw io.heliosdb.nano.error.SqlException.notSupported("AS OF");
    }

    @Override
    public @Nullable Bytes cursorPosition(String cursor, Relation.Table table) {
      throw new io.heliosdb.nano.error.SqlException(io.heliosdb.nano.error.SqlState.UNDEFINED_CURSOR, "cursor \"" + cursor + "\" does not exist");
    }
  };
}
