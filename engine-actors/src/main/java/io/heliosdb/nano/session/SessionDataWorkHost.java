package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.datawork.DataWorkHost;
import io.heliosdb.nano.execute.dml.WriteTargets;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The session as the row work of DDL sees it.
record SessionDataWorkHost(SessionCore session, CatalogBuilder overlay, List<PgType> types, @Nullable Object[] values) implements DataWorkHost {
  @Override
  public Catalog catalog() {
    return overlay.current();
  }

  @Override
  public ExecutionContext context(StatementAccess access) {
    return session.queries().callContext().execution(access, values);
  }

  @Override
  public WriteTargets targets() {
    return session.engine().dmlPlans().targets();
  }

  @Override
  public PhysicalPlan plan(Statement query) {
    QueryExecutor queries = session.queries();
    CachedPlan plan = queries.plan((Preparable) query, List.copyOf(types));
    session.engine().privileges().check(session, plan.analyzed.permissions());
    return queries.atMoments(plan, values, () -> queries.plan((Preparable) query, List.copyOf(types))).physical;
  }

  @Override
  public PhysicalPlan plan(String definition) {
    return plan(Parser.parse(definition, session.parseSettings()).getFirst().statement());
  }

  @Override
  public void startSequence(Relation.Sequence sequence, long value, boolean called) {
    session.sequences().restart(sequence, value, called);
  }

  @Override
  public long[] sequenceState(Relation.Sequence sequence) {
    return session.sequences().state(sequence);
  }

  @Override
  public boolean isInUse(Relation.Table table) {
    return session.cursors().reads(table.oid());
  }

  @Override
  public void release(long storageId, boolean index) {
    // The rows stay readable at earlier SCNs; trimming history behind the retention horizon is what frees them.
  }
}
