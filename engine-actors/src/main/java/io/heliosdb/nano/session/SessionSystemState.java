package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.system.SystemContext;
import io.heliosdb.nano.lock.LockView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the monitoring views show of all sessions, as one session may see it. Sessions are read where they stand; only the lock table is
/// asked, for a picture of itself.
final class SessionSystemState {
  private final SessionCore session;
  private final boolean seesAll;

  SessionSystemState(SessionCore session) {
    this.session = session;
    this.seesAll = session.engine().privileges().hasRole(session.catalog(), session.currentRole(), "pg_read_all_stats");
  }

  /// A user sees the statements of his own sessions, and of those whose role he is a member of.
  private boolean sees(int userOid) {
    if (seesAll || userOid == session.currentRole().oid()) {
      return true;
    }
    Catalog.Role owner = session.catalog().role(userOid);
    return owner != null && session.engine().privileges().isMember(session.catalog(), session.currentRole(), owner);
  }

  List<SystemContext.CopyProgress> copies() {
    List<SystemContext.CopyProgress> result = new ArrayList<>();
    for (CopyProgress p : session.engine().copies().running()) {
      result.add(
          new SystemContext.CopyProgress(p.pid(), p.database(), p.relation(), p.command(), p.type(), p.bytesProcessed(), p.bytesTotal(), p.tuplesProcessed(),
              p.tuplesExcluded(), sees(p.userOid())));
    }
    return result;
  }

  List<SystemContext.Activity> activity() {
    LockView locks = session.engine().system().locks();
    Map<Integer, Long> transactions = new HashMap<>();
    Map<Integer, String> waits = new HashMap<>();
    for (LockView.Entry entry : locks.entries()) {
      if (!entry.granted()) {
        waits.put(entry.pid(), entry.lockType());
      } else if (entry.transactionId() != null) {
        transactions.put(entry.pid(), entry.transactionId());
      }
    }
    List<SystemContext.Activity> result = new ArrayList<>();
    for (Session other : session.engine().sessions()) {
      SessionActivity a = other.activity();
      SessionActivity.Moment m = a.moment();
      String waitType = null;
      String wait = null;
      if (m.state() != SessionActivity.State.ACTIVE) {
        waitType = "Client";
        wait = "ClientRead";
      } else if (waits.containsKey(a.pid())) {
        waitType = "Lock";
        wait = waits.get(a.pid());
      } else if (m.sleeping()) {
        waitType = "Timeout";
        wait = "PgSleep";
      } else if (session.engine().copies().awaitsClient(a.pid())) {
        waitType = "Client";
        wait = "ClientRead";
      }
      result.add(
          new SystemContext.Activity(
              a.pid(), a.user(), a.userOid(), a.database(), a.applicationName(), address(a), port(a), a.backendStartMicros(), m.transactionStartMicros(),
              m.queryStartMicros(), m.stateChangeMicros(), m.state().words(), m.query(), transactions.get(a.pid()), waitType, wait, sees(a.userOid())));
    }
    return result;
  }

  private static @Nullable String address(SessionActivity activity) {
    String client = activity.clientAddress();
    int colon = client.lastIndexOf(':');
    return activity.origin() != SessionActivity.Origin.NETWORK || colon < 0 ? null : client.substring(0, colon).replaceFirst("%.*", "");
  }

  /// -1 for a client without a port, as PostgreSQL shows those of Unix sockets.
  private static int port(SessionActivity activity) {
    String client = activity.clientAddress();
    int colon = client.lastIndexOf(':');
    return activity.origin() != SessionActivity.Origin.NETWORK || colon < 0 ? -1 : Integer.parseInt(client.substring(colon + 1));
  }

  List<SystemContext.Lock> locks() {
    List<SystemContext.Lock> result = new ArrayList<>();
    Map<Integer, String> virtual = new HashMap<>();
    Map<Long, Integer> tables = null;
    for (LockView.Entry e : session.engine().system().locks().entries()) {
      String owner = e.pid() + "/" + e.virtualTransaction();
      virtual.put(e.pid(), owner);
      Long relation = e.relation();
      Integer page = null;
      Integer tuple = null;
      if (e.rowKeyHex() != null && relation != null) {
        tables = tables == null ? tablesByStorage() : tables;
        Integer table = tables.get(relation);
        relation = table == null ? null : (Long) Integer.toUnsignedLong(table);
        long place = place(HexFormat.of().parseHex(e.rowKeyHex()));
        page = (int) (place >>> 16);
        tuple = (int) (place & 0xffff);
      }
      result.add(
          new SystemContext.Lock(e.lockType(), e.database(), relation, page, tuple, null, e.transactionId(), e.classId(), e.objectId(), e.objectSubId(), owner, e.pid(),
              e.mode(), e.granted(), e.waitStartMillis() == 0 ? null : (Long) ((e.waitStartMillis() - 946_684_800_000L) * 1000)));
    }
    for (Session other : session.engine().sessions()) {
      if (other.activity().moment().transactionStartMicros() != 0) {
        String id = virtual.getOrDefault(other.pid(), other.pid() + "/0");
        result.add(new SystemContext.Lock("virtualxid", null, null, null, null, id, null, null, null, null, id, other.pid(), "ExclusiveLock", true, null));
      }
    }
    return result;
  }

  /// The block and offset that `ctid` shows for a row key.
  private static long place(byte[] key) {
    long number = 0;
    for (byte b : key) {
      number = number * 31 + (b & 0xff);
    }
    return (number >>> 16 & 0xffffffffL) << 16 | (number & 0x7fff) + 1;
  }

  private Map<Long, Integer> tablesByStorage() {
    Map<Long, Integer> tables = new HashMap<>();
    for (Relation relation : session.catalog().relations()) {
      switch (relation) {
        case Relation.Table table -> tables.put(table.storageId(), table.oid());
        case Relation.Index index -> tables.put(index.indexStorageId(), index.tableOid());
        default -> {}
      }
    }
    return tables;
  }

  List<SystemContext.Wait> waits() {
    return session.engine().system().locks().waits().stream()
        .map(w -> new SystemContext.Wait(w.waiterPid(), w.blockerPid(), w.waiterXid(), w.blockerXid(), w.mode(), w.lock(), w.blockerWaits(),
            (w.sinceMillis() - 946_684_800_000L) * 1000, user(w.waiterPid()), user(w.blockerPid()), query(w.waiterPid()), query(w.blockerPid())))
        .toList();
  }

  private @Nullable String user(int pid) {
    Session other = session.engine().session(pid);
    return other == null ? null : other.activity().user();
  }

  private @Nullable String query(int pid) {
    Session other = session.engine().session(pid);
    return other == null ? null : sees(other.activity().userOid()) ? other.activity().query() : "<insufficient privilege>";
  }

  List<SystemContext.StatementUse> statements() {
    return session.engine().statistics().all().stream()
        .filter(s -> s.calls() > 0)
        .map(s -> {
          boolean visible = sees(s.key.userOid());
          return new SystemContext.StatementUse(s.key.userOid(), visible ? (Long) s.queryId : null, visible ? s.text : "<insufficient privilege>", s.calls(), s.micros(),
              s.minMicros(), s.maxMicros(), s.rows());
        })
        .toList();
  }

  SystemContext.DatabaseUse database() {
    var transactions = session.engine().system().statistics();
    long[] sessions = session.engine().usageTotals().sessionCounts();
    long micros = sessions[1];
    long now = session.engine().clockMicros();
    for (Session other : session.engine().sessions()) {
      micros += now - other.activity().backendStartMicros();
    }
    return new SystemContext.DatabaseUse(
        session.engine().sessions().size(), transactions.commits(), transactions.rollbacks(), transactions.deadlocks(), sessions[0], micros, sessions[2],
        session.engine().startMicros());
  }
}
