package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.txn.Transaction;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Snapshots that transactions lend to others: `pg_export_snapshot` and `SET TRANSACTION SNAPSHOT`. A snapshot can be taken over as
/// long as the transaction that lends it is open; only transactions that keep their snapshot lend it. Thread-safe.
///
/// Source: PostgreSQL 15 manual, "Snapshot Synchronization Functions".
final class ExportedSnapshots {
  private record Exported(long scn, BranchState branch, int pid) {}

  private final Map<String, Exported> byName = new ConcurrentHashMap<>();
  private final AtomicInteger serial = new AtomicInteger();

  String export(SessionCore session) {
    Transaction transaction = session.transactions().current();
    if (!transaction.isolation().keepsSnapshot()) {
      throw SqlException.notSupported("exporting the snapshot of a transaction below REPEATABLE READ");
    }
    long scn = session.queries().callContext().access().snapshotScn();
    String name = String.format("%08X-%08X-1", session.pid(), serial.incrementAndGet());
    byName.put(name, new Exported(scn, session.branchState(), session.pid()));
    transaction.onEnd(end -> byName.remove(name));
    return name;
  }

  void adopt(SessionCore session, String name) {
    if (!session.transactions().inBlock()) {
      throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "SET TRANSACTION can only be used in transaction blocks");
    }
    Exported exported = byName.get(name);
    if (exported == null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid snapshot identifier: \"" + name + "\"");
    }
    if (exported.branch != session.branchState()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot import a snapshot from a different database");
    }
    session.transactions().current().importSnapshot(exported.scn);
    if (!byName.containsKey(name)) {
      // What the snapshot shows may have been cleaned up before this transaction held on to it.
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "could not import the requested snapshot")
          .withDetail("The source process with PID " + exported.pid + " is not running anymore.");
    }
  }
}
