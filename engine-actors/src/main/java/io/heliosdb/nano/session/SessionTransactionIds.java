package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.CommitInfo;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TransactionIds;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Transaction ids in terms of what a statement sees. Snapshots here are commit numbers (SCN): a transaction is in progress for a
/// snapshot when it is open, or when its commit has a later number. Source: PostgreSQL 15 manual, "Transaction ID and Snapshot
/// Information Functions".
final class SessionTransactionIds {
  private static final int READ_AT_ONCE = 1_000;

  private SessionTransactionIds() {}

  static String snapshot(SessionCore session) {
    StatementAccess access = session.queries().callContext().access();
    long scn = access == null ? session.engine().system().visibleScn() : access.snapshotScn();
    // In this order: what commits meanwhile is open here, or is found among the later commits.
    TransactionIds.Open open = session.engine().system().transactionIds().open();
    TreeSet<Long> inProgress = new TreeSet<>();
    for (long id : open.ids()) {
      inProgress.add(id);
    }
    laterCommits(session, scn, inProgress);
    long maximum = open.newestEnded() + 1;
    long own = session.transactions().current().xidIfAssigned();
    long minimum = own != 0 ? Math.min(own, maximum) : maximum;
    inProgress.remove(own);
    if (!inProgress.isEmpty()) {
      minimum = Math.min(minimum, inProgress.first());
    }
    return minimum + ":" + maximum + ":"
        + inProgress.headSet(maximum).stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static void laterCommits(SessionCore session, long scn, TreeSet<Long> found) {
    long last = session.engine().system().visibleScn();
    for (long next = scn + 1; next <= last; ) {
      session.cancelToken().check();
      try (StoreReader reader = session.engine().system().store().acquireReader()) {
        for (long end = Math.min(last, next + READ_AT_ONCE); next <= end; next++) {
          CommitInfo commit = reader.commitInfo(next);
          if (commit != null && commit.xid() != 0) {
            found.add(commit.xid());
          }
        }
      }
    }
  }

  static @Nullable String status(SessionCore session, long id) {
    if (id == 0) {
      return null;
    }
    if (id == 1 || id == 2) {
      // Bootstrap and frozen ids of PostgreSQL.
      return "committed";
    }
    TransactionIds.Fate fate = session.engine().system().transactionIds().fate(id);
    return switch (fate) {
      case FUTURE -> throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "transaction ID " + Long.toUnsignedString(id) + " is in the future");
      case IN_PROGRESS -> "in progress";
      case COMMITTED_EMPTY -> "committed";
      case ENDED -> commit(session, id) == null ? "aborted" : "committed";
      case FORGOTTEN -> commit(session, id) == null ? null : "committed";
    };
  }

  private static @Nullable CommitInfo commit(SessionCore session, long id) {
    try (StoreReader reader = session.engine().system().store().acquireReader()) {
      long scn = reader.scnOfTransaction(id);
      return scn == 0 ? null : reader.commitInfo(scn);
    }
  }

  static @Nullable Long commitMicros(SessionCore session, long id) {
    CommitInfo commit = commit(session, id);
    return commit == null ? null : (Long) commit.timeMicros();
  }

  static long @Nullable [] lastCommit(SessionCore session) {
    try (StoreReader reader = session.engine().system().store().acquireReader()) {
      for (long scn = session.engine().system().visibleScn(); scn > 0; scn--) {
        CommitInfo commit = reader.commitInfo(scn);
        if (commit != null) {
          return new long[] {commit.xid(), commit.timeMicros()};
        }
      }
      return null;
    }
  }
}
