package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.MemoryAccount;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What one user may take: sessions, network connections, memory. Limits of 0 are none. All users together may take half of the heap.
/// Thread-safe.
///
/// The sessions that a program opens as the database's owner count for nobody: they are the program's own.
/// Errors: 53300 for sessions and connections, 53200 for memory.
final class UserLimits {
  private static final long HEAP_BYTES_MIN = 32L << 20;

  private final long sessionsMax;
  private final long connectionsMax;
  private final long memoryBytesMax;
  private final MemoryAccount database;
  private final Map<String, MemoryAccount> memory = new ConcurrentHashMap<>();

  /// @param settings the values that sessions begin with
  UserLimits(Settings settings) {
    sessionsMax = settings.longInteger("heliosdb.max_sessions_per_user");
    connectionsMax = settings.longInteger("heliosdb.connection_limit_per_user");
    memoryBytesMax = settings.longInteger("heliosdb.memory_limit_per_user");
    // The rest of the heap is for what is not counted: plans, messages on their way, the values of single rows.
    database = new MemoryAccount(null, Math.max(HEAP_BYTES_MIN, Runtime.getRuntime().maxMemory() / 2), "the database");
  }

  /// The account of all statements and uncommitted changes of a user.
  MemoryAccount memory(String user) {
    return memory.computeIfAbsent(user, name -> new MemoryAccount(database, memoryBytesMax, "user '" + name + "'"));
  }

  /// Whether one more session is allowed beside the open ones; the caller sees to it that two do not ask at the same time.
  ///
  /// @throws SqlException 53300
  void admit(Catalog.Role role, boolean fromNetwork, Collection<Session> open) {
    boolean roleLimit = role.connectionLimit() >= 0 && !role.superuser() && fromNetwork;
    if (sessionsMax == 0 && connectionsMax == 0 && !roleLimit) {
      return;
    }
    long sessions = 0;
    long connections = 0;
    for (Session session : open) {
      SessionActivity activity = session.activity();
      if (activity.userOid() == role.oid() && activity.origin() != SessionActivity.Origin.OWNER) {
        sessions++;
        connections += activity.origin() == SessionActivity.Origin.NETWORK ? 1 : 0;
      }
    }
    if (roleLimit && connections >= role.connectionLimit()) {
      throw new SqlException(SqlState.TOO_MANY_CONNECTIONS, "too many connections for role \"" + role.name() + "\"");
    }
    if (fromNetwork && connectionsMax > 0 && connections >= connectionsMax) {
      throw new SqlException(SqlState.TOO_MANY_CONNECTIONS, "connection limit exceeded for user '" + role.name() + "'")
          .withHint("The limit is " + connectionsMax + " ([resource_quotas] connection_limit_per_user).");
    }
    if (sessionsMax > 0 && sessions >= sessionsMax) {
      throw new SqlException(SqlState.TOO_MANY_CONNECTIONS, "session limit exceeded for user '" + role.name() + "'")
          .withHint("The limit is " + sessionsMax + " ([session] max_sessions_per_user).");
    }
  }
}
