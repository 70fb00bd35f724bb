package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.MonitorServices;
import io.heliosdb.nano.lock.Host;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Signals to other sessions and questions about them, with PostgreSQL's rules about who may (manual, "Server Signaling Functions").
final class SessionMonitor implements MonitorServices {
  private static final long POLL_NANOS = 1_000_000;

  private final SessionCore session;

  SessionMonitor(SessionCore session) {
    this.session = session;
  }

  @Override
  public boolean cancelBackend(int pid) {
    return signalled(pid, "cancel superuser query", "query is being canceled") && session.engine().cancelBackend(pid);
  }

  @Override
  public boolean terminateBackend(int pid, long timeoutMillis) {
    if (!signalled(pid, "terminate superuser process", "process is being terminated") || !session.engine().terminateBackend(pid)) {
      return false;
    }
    return timeoutMillis == 0 || pid == session.pid() || awaitEnd(pid, timeoutMillis);
  }

  private boolean awaitEnd(int pid, long timeoutMillis) {
    Host host = session.engine().system().host();
    long deadline = host.nanoTime() + timeoutMillis * 1_000_000L;
    while (session.engine().session(pid) != null) {
      if (host.nanoTime() - deadline >= 0) {
        session.notice(Notice.warning(SqlState.WARNING, "backend with PID " + pid + " did not terminate within " + timeoutMillis + " milliseconds"));
        return false;
      }
      session.cancelToken().sleep(POLL_NANOS);
    }
    return true;
  }

  /// Whether there is such a session; it may be signalled then.
  private boolean signalled(int pid, String superuserAction, String memberAction) {
    Session other = session.engine().session(pid);
    if (other == null) {
      session.notice(Notice.warning(SqlState.WARNING, "PID " + pid + " is not a PostgreSQL backend process"));
      return false;
    }
    Catalog.Role me = session.currentRole();
    Catalog.Role owner = session.catalog().role(other.activity().userOid());
    PrivilegeChecks privileges = session.engine().privileges();
    if (owner != null && owner.superuser() && !me.superuser()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be a superuser to " + superuserAction);
    }
    boolean member = owner != null && privileges.isMember(session.catalog(), me, owner);
    if (!member && !privileges.hasRole(session.catalog(), me, "pg_signal_backend")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be a member of the role whose " + memberAction + " or member of pg_signal_backend");
    }
    return true;
  }

  @Override
  public @Nullable Long sessionMemoryBytes(int pid) {
    Session other = session.engine().session(pid);
    return other == null ? null : other.core().memory().usedBytes();
  }

  @Override
  public long dirtyBytes() {
    return session.engine().dirtyState().bytes();
  }

  @Override
  public long dirtyChanges() {
    return session.engine().dirtyState().changes();
  }

  @Override
  public void rotateEncryptionKey(@Nullable String keyFile) {
    if (!session.currentRole().superuser()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function heliosdb_rotate_encryption_key");
    }
    Store store = session.engine().system().store();
    if (keyFile == null) {
      store.rotateDataKey();
    } else {
      store.changeEncryptionKey(EncryptionKey.fromFile(Path.of(keyFile)));
    }
  }

  @Override
  public void resetStatements() {
    if (!session.engine().privileges().hasRole(session.catalog(), session.currentRole(), "pg_read_all_stats")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function pg_stat_statements_reset");
    }
    session.engine().statistics().reset();
  }
}
