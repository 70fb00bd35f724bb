package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.system.SystemRows;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.ExecutionServices;
import io.heliosdb.nano.execute.TableUsage;
import io.heliosdb.nano.execute.dml.DmlServices;
import io.heliosdb.nano.execute.dml.PendingChecks;
import io.heliosdb.nano.execute.dml.TriggerFunctions;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.txn.Counters;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.Bytes;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// What running plans reach of the session: user-defined routines, system relations, other times, cursors, pending checks.
final class SessionExecutionServices implements ExecutionServices, DmlServices {
  private final SessionCore session;
  private final PendingChecks pendingChecks = new PendingChecks();

  SessionExecutionServices(SessionCore session) {
    this.session = session;
  }

  @Override
  public TableUsage usage() {
    return session.usage();
  }

  @Override
  public DmlServices dml() {
    return this;
  }

  @Override
  public void tableChanged(Relation.Table table, long inserted, long updated, long deleted) {
    session.engine().activity().changed(session, table, inserted, updated, deleted);
  }

  @Override
  public boolean isUnseen(Relation.Table table) {
    boolean isCommitted = session.branchState().catalog().relation(table.oid()) instanceof Relation.Table committed && committed.storageId() == table.storageId();
    return !isCommitted && !session.cursors().reads(table.oid());
  }

  @Override
  public PendingChecks pendingChecks() {
    return pendingChecks;
  }

  @Override
  public Counters counters() {
    return session.engine().system().counters();
  }

  @Override
  public TriggerFunctions triggerFunctions() {
    return session.engine().routines().triggerFunctions(session);
  }

  @Override
  public ExecutionContext context(StatementAccess access) {
    return session.queries().callContext().execution(access, new Object[0]);
  }

  @Override
  public Catalog catalog() {
    return session.catalog();
  }

  @Override
  public @Nullable Implementation routine(CallSite site) {
    session.engine().privileges().checkExecute(session, site.function());
    return session.engine().routines().implementation(session, site);
  }

  @Override
  public Iterator<@Nullable Object[]> systemRows(Relation.SystemRelation relation, ExecutionContext context) {
    return SystemRows.rows(relation, new SessionSystemContext(session));
  }

  @Override
  public StatementAccess asOf(LogicalPlan.AsOf.Kind kind, @Nullable Object value, StatementAccess access) {
    return TimeTravel.access(session, kind, value, access);
  }

  @Override
  public Iterator<@Nullable Object[]> versions(
      Relation.Table table, LogicalPlan.AsOf.Kind kind, @Nullable Object low, @Nullable Object high, StatementAccess access) {
    long from = TimeTravel.scn(session, kind, low);
    long to = TimeTravel.scn(session, kind, high);
    if (from > to) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "the lower bound of VERSIONS BETWEEN is after the upper bound");
    }
    TimeTravel.requireHistory(session, table, from);
    return new RowHistory(session, table, from, to, access);
  }

  @Override
  public @Nullable Bytes cursorPosition(String cursor, Relation.Table table) {
    String named = session.plpgsql().interpreter().cursorOfVariable(cursor);
    return session.cursors().get(named == null ? cursor : named).position(table);
  }
}
