package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.IoContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What other modules of the product (dump and restore, file formats) work with inside a session's transaction, below SQL. Valid during
/// one [Session#work]; confined to the thread that runs it. Privileges are the caller's business.
public final class SessionWork {
  private final SessionCore session;
  private final StatementAccess access;

  SessionWork(SessionCore session, StatementAccess access) {
    this.session = session;
    this.access = access;
  }

  /// The catalog with the transaction's own changes.
  public CatalogSnapshot catalog() {
    return session.catalog();
  }

  public IoContext io() {
    return session.io();
  }

  public StatementAccess access() {
    return access;
  }

  public Store store() {
    return session.engine().system().store();
  }

  /// What a reader of the session's branch sees, newest state.
  public ReadView readView() {
    return session.branchState().readView();
  }

  public int branchId() {
    return session.branchState().id();
  }

  /// The definition of the branch's objects as of an earlier commit.
  public CatalogSnapshot catalogAsOf(long scn) {
    return session.engine().catalogAsOf(session.branchState(), scn);
  }

  /// A stored expression as `pg_get_expr` shows it.
  public String expression(String stored, int relationOid) {
    return session.queries().callContext().session().expressionText(stored, relationOid, false);
  }

  /// The single value of a query without parameters, as text; null for NULL.
  public @Nullable String text(String sql) {
    Object value = session.queries().callContext().session().runNested(sql, List.of(), List.of()).rows().getFirst()[0];
    return value == null ? null : value.toString();
  }

  /// Last value of a sequence and whether it was handed out: (value, called).
  public long[] sequenceState(Relation.Sequence sequence) {
    return session.sequences().state(sequence);
  }

  /// Whether the session's user may do what a superuser may.
  public boolean isSuperuser() {
    return session.currentRole().superuser();
  }

  public void checkCancelled() {
    session.cancelToken().check();
  }
}
