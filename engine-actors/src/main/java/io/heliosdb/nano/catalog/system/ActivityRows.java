package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.type.Inet;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is connected, what they do, and who waits for whom.
final class ActivityRows {
  private static final IoContext PLAIN = IoContext.builder().build();

  private ActivityRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_stat_activity", ActivityRows::activity);
    sources.put("pg_locks", ActivityRows::locks);
    sources.put("heliosdb_wait_for_graph", ActivityRows::waits);
    sources.put("heliosdb_audit_log", ActivityRows::audit);
  }

  private static @Nullable Long time(long micros) {
    return micros == 0 ? null : micros;
  }

  private static void activity(RowSet rows, SystemContext c) {
    for (SystemContext.Activity a : c.activity()) {
      rows.row()
          .oid("datid", c.databaseOid()).set("datname", a.database()).set("pid", a.pid()).oid("usesysid", a.userOid()).set("usename", a.user())
          .set("application_name", a.application()).set("backend_type", "client backend");
      if (!a.visible()) {
        rows.set("query", "<insufficient privilege>");
        continue;
      }
      rows.set("client_addr", a.clientAddress() == null ? null : (Inet) TypeIo.parse(PgTypes.INET, -1, a.clientAddress(), PLAIN))
          .set("client_port", a.clientPort()).set("backend_start", a.backendStart()).set("xact_start", time(a.transactionStart()))
          .set("query_start", time(a.queryStart())).set("state_change", time(a.stateChange())).set("wait_event_type", a.waitEventType())
          .set("wait_event", a.waitEvent()).set("state", a.state()).set("backend_xid", a.transactionId()).set("query", a.query());
    }
  }

  private static void locks(RowSet rows, SystemContext c) {
    for (SystemContext.Lock l : c.locks()) {
      rows.row()
          .set("locktype", l.lockType()).set("database", l.database()).set("relation", l.relation()).set("page", l.page()).set("tuple", l.tuple())
          .set("virtualxid", l.virtualXid()).set("transactionid", l.transactionId()).set("classid", l.classId()).set("objid", l.objectId())
          .set("objsubid", l.objectSubId()).set("virtualtransaction", l.virtualTransaction()).set("pid", l.pid()).set("mode", l.mode())
          .set("granted", l.granted()).set("fastpath", false).set("waitstart", l.waitStart());
    }
  }

  private static void waits(RowSet rows, SystemContext c) {
    for (SystemContext.Wait w : c.waits()) {
      rows.row()
          .set("waiter_pid", w.waiterPid()).set("blocker_pid", w.blockerPid()).set("waiter_xid", time(w.waiterXid())).set("blocker_xid", time(w.blockerXid()))
          .set("mode", w.mode()).set("lock", w.lock()).set("blocker_waits_too", w.blockerWaits()).set("waiting_since", w.sinceMicros())
          .set("waiter_user", w.waiterUser()).set("blocker_user", w.blockerUser()).set("waiter_query", w.waiterQuery()).set("blocker_query", w.blockerQuery());
    }
  }

  private static void audit(RowSet rows, SystemContext c) {
    for (SystemContext.AuditEntry e : c.audit()) {
      rows.row()
          .set("entry_id", e.id()).set("at", e.micros()).set("pid", e.pid()).set("user_name", e.user()).set("client", e.client()).set("action", e.action())
          .set("statement", e.statement()).set("outcome", e.sqlState() == null ? "ok" : "failed").set("sqlstate", e.sqlState());
    }
  }
}
