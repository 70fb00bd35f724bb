package io.heliosdb.nano;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.Host;
import io.heliosdb.nano.session.DatabaseEngine;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A database inside this process.
///
/// ```java
/// try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
///   db.execute("CREATE TABLE users (id INT PRIMARY KEY, name TEXT)");
///   db.execute("INSERT INTO users VALUES ($1, $2)", 1, "Alice");
///   db.query("SELECT * FROM users").forEach(System.out::println);
/// }
/// ```
///
/// Thread-safe. Statements given to this object run in its own default session, so `execute("BEGIN")` opens a transaction that later
/// statements of the same thread belong to; while it is open another thread gets 25001 and should use [#beginTransaction] or
/// [#createSession]. Outside such a transaction, statements of concurrent threads run beside each other.
/// Every method throws [SqlException] with PostgreSQL's SQLSTATE.
public final class EmbeddedDatabase implements AutoCloseable {
  private static final int SPARE_SESSIONS_MAX = 64;

  private final DatabaseEngine engine;
  private volatile EmbeddedSession defaultSession;
  private final ReentrantLock defaultLock = new ReentrantLock();
  private final java.util.concurrent.ArrayBlockingQueue<EmbeddedSession> spares = new java.util.concurrent.ArrayBlockingQueue<>(SPARE_SESSIONS_MAX);
  private @Nullable Thread transactionOwner;
  private @Nullable DatabaseServer server;
  private @Nullable SessionManager sessionManager;
  private volatile boolean closed;

  private EmbeddedDatabase(DatabaseEngine engine, String branch) {
    this.engine = engine;
    this.defaultSession = new EmbeddedSession(engine.openEmbeddedSession(branch));
  }

  /// A database that is gone when it is closed.
  public static EmbeddedDatabase newInMemory() {
    return newInMemory(DatabaseConfig.DEFAULT);
  }

  public static EmbeddedDatabase newInMemory(DatabaseConfig config) {
    return newInMemory(config, Host.SYSTEM);
  }

  /// The same with a clock and threads other than the machine's, for simulations.
  public static EmbeddedDatabase newInMemory(DatabaseConfig config, Host host) {
    return new EmbeddedDatabase(DatabaseEngine.openInMemory(config, host), "main");
  }

  /// The database in a directory, created when missing. Opening a directory that this process has open already gives another handle.
  public static EmbeddedDatabase open(Path directory) {
    return open(directory, DatabaseConfig.DEFAULT);
  }

  public static EmbeddedDatabase open(String directory) {
    return open(Path.of(directory));
  }

  public static EmbeddedDatabase open(Path directory, DatabaseConfig config) {
    return new EmbeddedDatabase(DatabaseEngine.open(directory, config), "main");
  }

  /// The database in a directory, with a default session on a branch.
  public static EmbeddedDatabase open(Path directory, String branch) {
    return new EmbeddedDatabase(DatabaseEngine.open(directory, DatabaseConfig.DEFAULT), branch);
  }

  /// Runs one or more statements and gives the number of rows the last one changed (or returned, for a query).
  public long execute(String sql, @Nullable Object... arguments) {
    return inSession(session -> session.execute(sql, arguments));
  }

  /// Runs a query and reads its rows to the end.
  public QueryResult query(String sql, @Nullable Object... arguments) {
    return inSession(session -> session.query(sql, arguments));
  }

  /// The first column of the first row, or null when there is no row or the value is NULL.
  public <T> @Nullable T queryOne(String sql, Class<T> type, @Nullable Object... arguments) {
    return inSession(session -> session.queryOne(sql, type, arguments));
  }

  /// Runs `COPY … FROM STDIN` with the bytes of a stream, which it reads to the end; gives the number of rows.
  public long copyIn(String sql, java.io.InputStream in) {
    return inSession(session -> session.copyIn(sql, in));
  }

  /// Runs `COPY … TO STDOUT` into a stream; gives the number of rows.
  public long copyOut(String sql, java.io.OutputStream out) {
    return inSession(session -> session.copyOut(sql, out));
  }

  /// A query whose rows are read as they are asked for; holds a session of its own until closed.
  public RowStream stream(String sql, @Nullable Object... arguments) {
    EmbeddedSession session = createSession();
    try {
      return session.stream(sql, true, arguments);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /// A transaction in a session of its own, at READ COMMITTED.
  public Transaction beginTransaction() {
    return beginTransaction(IsolationLevel.READ_COMMITTED);
  }

  public Transaction beginTransaction(IsolationLevel isolation) {
    EmbeddedSession session = createSession();
    try {
      session.execute("BEGIN ISOLATION LEVEL " + isolation.sql());
      return new Transaction(session);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /// A session of its own: settings, temporary tables, prepared statements, transaction.
  public EmbeddedSession createSession() {
    EmbeddedSession session = openSession();
    session.core().onTerminate(session.core()::closeLater);
    return session;
  }

  private EmbeddedSession openSession() {
    checkOpen();
    return new EmbeddedSession(engine.openEmbeddedSession(defaultSession.core().branch()));
  }

  /// Checks the whole database: version chains, rows, index entries in both directions, constraints. Reads everything; others may go on.
  public io.heliosdb.nano.session.VerificationReport verify() {
    try (EmbeddedSession session = openSession()) {
      return session.core().verify();
    }
  }

  /// Sessions on behalf of users, by number; closed with this database.
  public synchronized SessionManager sessionManager() {
    if (sessionManager == null) {
      sessionManager = sessionManager(SessionConfig.DEFAULT);
    }
    return sessionManager;
  }

  /// A manager with limits of its own. Its sessions end with the database.
  public SessionManager sessionManager(SessionConfig config) {
    checkOpen();
    return new SessionManager(this, config);
  }

  /// Serves this database to PostgreSQL clients on a local port (0: any free one) until the database or the server is closed.
  ///
  /// @throws SqlException 0A000 when the module `wire` is not on the class path
  public synchronized DatabaseServer startServer(int port) {
    checkOpen();
    if (server == null || !server.isRunning()) {
      ServerProvider provider =
          ServiceLoader.load(ServerProvider.class)
              .findFirst()
              .orElseThrow(() -> SqlException.notSupported("a server without the module \"wire\" on the class path"));
      server = provider.start(engine, port);
    }
    return server;
  }

  /// The engine behind this database, for the other modules of the product.
  public DatabaseEngine engine() {
    return engine;
  }

  private interface Work<T> {
    T run(EmbeddedSession session);
  }

  private <T> T inSession(Work<T> work) {
    checkOpen();
    if (defaultLock.tryLock()) {
      try {
        return inDefaultSession(work);
      } finally {
        defaultLock.unlock();
      }
    }
    EmbeddedSession spare = spares.poll();
    if (spare == null) {
      spare = openSession();
    }
    try {
      checkNotInTransaction();
      spare.core().adoptSettings(defaultSession.core());
      return work.run(spare);
    } finally {
      if (closed || spare.core().transactionStatus() != io.heliosdb.nano.session.TransactionStatus.IDLE || !spares.offer(spare)) {
        spare.close();
      }
    }
  }

  private <T> T inDefaultSession(Work<T> work) {
    checkNotInTransaction();
    if (defaultSession.core().termination() != null) {
      replaceDefaultSession();
    }
    try {
      return work.run(defaultSession);
    } finally {
      boolean inTransaction = defaultSession.core().transactionStatus() != io.heliosdb.nano.session.TransactionStatus.IDLE;
      transactionOwner = inTransaction ? Thread.currentThread() : null;
    }
  }

  /// A default session that was terminated has told its caller so; the next statement gets a new one.
  private void replaceDefaultSession() {
    EmbeddedSession ended = defaultSession;
    defaultSession = openSession();
    ended.close();
  }

  private void checkNotInTransaction() {
    Thread owner = transactionOwner;
    if (owner != null && owner != Thread.currentThread()) {
      throw new SqlException(
              SqlState.ACTIVE_SQL_TRANSACTION, "thread \"" + owner.getName() + "\" has a transaction open in this database's default session")
          .withHint("Use beginTransaction() or createSession() for work of several threads.");
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new SqlException(SqlState.CONNECTION_DOES_NOT_EXIST, "the database is closed");
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (server != null) {
      server.close();
    }
    if (sessionManager != null) {
      sessionManager.close();
    }
    defaultSession.close();
    for (EmbeddedSession spare = spares.poll(); spare != null; spare = spares.poll()) {
      spare.close();
    }
    engine.close();
  }
}
