package io.heliosdb.nano;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.session.Session;
import io.heliosdb.nano.session.TransactionStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Sessions of several users in one program, called by their numbers.
///
/// ```java
/// SessionManager sessions = db.sessionManager();
/// long id = sessions.createSession("alice", IsolationLevel.SERIALIZABLE);
/// sessions.beginTransaction(id);
/// sessions.execute(id, "UPDATE accounts SET balance = balance - 100 WHERE id = $1", 1);
/// sessions.commitTransaction(id);
/// sessions.destroySession(id);
/// ```
///
/// A number is the session's process id in `pg_stat_activity`. Each session is an actor: calls from several threads for one session run one after the
/// other. The program vouches for its users: no password is asked, but a session has no more rights than its user, counts against
/// the user's limits, and is ended by `idle_session_timeout` and its kind. Thread-safe.
///
/// Every method throws [SqlException]: 28000 unknown user, 53300 too many sessions, 08003 unknown session (one that was ended tells why: 57P05,
/// 57P01, 25P03, 25P04), and what the statement itself answers.
public final class SessionManager {
  private static final int ENDED_REMEMBERED_MAX = 1000;

  private final EmbeddedDatabase database;
  private final SessionConfig config;
  private final Map<Long, EmbeddedSession> open = new ConcurrentHashMap<>();

  /// Why the newest ended sessions ended.
  private final Map<Long, SqlException> ended =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, SqlException> eldest) {
              return size() > ENDED_REMEMBERED_MAX;
            }
          });

  SessionManager(EmbeddedDatabase database, SessionConfig config) {
    this.database = database;
    this.config = config;
  }

  /// A session of a user who may log in, whose transactions begin at this level.
  public long createSession(String user, IsolationLevel isolation) {
    EmbeddedSession session;
    synchronized (this) {
      checkLimit(user);
      session = new EmbeddedSession(database.engine().openUserSession(user));
      open.put((long) session.core().pid(), session);
    }
    Session core = session.core();
    long id = core.pid();
    try {
      session.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL " + isolation.sql());
      if (config.idleTimeout() != null) {
        session.execute("SET idle_session_timeout = " + config.idleTimeout().toMillis());
      }
    } catch (RuntimeException e) {
      open.remove(id);
      session.close();
      throw e;
    }
    core.onTerminate(() -> onTerminated(id, core));
    return id;
  }

  /// The same at the level that the settings say.
  public long createSession(String user) {
    return createSession(user, config.isolation());
  }

  private void checkLimit(String user) {
    int limit = config.sessionsPerUserMax();
    if (limit > 0 && open.values().stream().filter(session -> session.core().activity().user().equals(user)).count() >= limit) {
      throw new SqlException(SqlState.TOO_MANY_CONNECTIONS, "session limit exceeded for user '" + user + "'");
    }
  }

  private void onTerminated(long id, Session core) {
    SqlException why = core.termination();
    if (why != null) {
      ended.put(id, why);
    }
    open.remove(id);
    core.closeLater();
  }

  private EmbeddedSession session(long id) {
    EmbeddedSession session = open.get(id);
    if (session == null) {
      SqlException why = ended.get(id);
      throw why != null
          ? new SqlException(why.state(), why.getMessage(), why)
          : new SqlException(SqlState.CONNECTION_DOES_NOT_EXIST, "session " + id + " does not exist");
    }
    return session;
  }

  /// @throws SqlException 25001 when one is open
  public void beginTransaction(long id) {
    EmbeddedSession session = session(id);
    if (session.core().transactionStatus() != TransactionStatus.IDLE) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress");
    }
    session.execute("BEGIN");
  }

  /// @throws SqlException 25P01 when none is open, 40001 when it must be tried again, 25P02 when a statement of it has failed; it is rolled back then
  public void commitTransaction(long id) {
    EmbeddedSession session = session(id);
    requireTransaction(session);
    session.commit();
  }

  /// @throws SqlException 25P01 when none is open
  public void rollbackTransaction(long id) {
    EmbeddedSession session = session(id);
    requireTransaction(session);
    session.execute("ROLLBACK");
  }

  private static void requireTransaction(EmbeddedSession session) {
    if (session.core().transactionStatus() == TransactionStatus.IDLE) {
      throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
    }
  }

  /// Runs one or more statements and gives the row count of the last.
  public long execute(long id, String sql, @Nullable Object... arguments) {
    return session(id).execute(sql, arguments);
  }

  public QueryResult query(long id, String sql, @Nullable Object... arguments) {
    return session(id).query(sql, arguments);
  }

  public <T> @Nullable T queryOne(long id, String sql, Class<T> type, @Nullable Object... arguments) {
    return session(id).queryOne(sql, type, arguments);
  }

  /// Stops the statement that the session runs now: it fails with 57014.
  public void cancel(long id) {
    session(id).cancel();
  }

  /// Ends a session; its open transaction is rolled back.
  public void destroySession(long id) {
    EmbeddedSession session = session(id);
    open.remove(id);
    session.close();
  }

  /// The sessions that are open.
  public List<Long> sessions() {
    return open.keySet().stream().sorted().toList();
  }

  void close() {
    for (Long id : sessions()) {
      EmbeddedSession session = open.remove(id);
      if (session != null) {
        session.close();
      }
    }
  }
}
