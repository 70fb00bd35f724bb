package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.system.SystemRows;
import io.heliosdb.nano.function.VersionServices;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// The version axis as functions of one session see it.
final class SessionVersions implements VersionServices {
  private final SessionCore session;

  SessionVersions(SessionCore session) {
    this.session = session;
  }

  @Override
  public long scnAt(long micros) {
    return TimeTravel.scn(session, LogicalPlan.AsOf.Kind.TIMESTAMP, micros);
  }

  @Override
  public Iterator<Difference> difference(int tableOid, String from, String to) {
    return new TableDifference(session, tableOid, from, to, session.queries().callContext().access());
  }

  @Override
  public long historyBytes(int tableOid) {
    return session.engine().historyKeeper().historyBytes(session, tableOid);
  }

  @Override
  public Iterator<@Nullable Object[]> systemRows(String relation) {
    return SystemRows.rows(
        (Relation.SystemRelation) session.catalog().relation(Catalog.PG_CATALOG, relation), new SessionSystemContext(session));
  }
}
