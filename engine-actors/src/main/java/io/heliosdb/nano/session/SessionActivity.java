package io.heliosdb.nano.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/// What `pg_stat_activity` shows of a session.
///
/// Written by the session's thread with plain stores between two steps of a version (a sequence lock), so that a statement pays no fence;
/// read by any thread, which reads again when the version has moved and never makes the writer wait.
/// Times are microseconds since 2000-01-01 UTC, 0 for none.
public final class SessionActivity {
  /// What a session is doing, with PostgreSQL's words.
  public enum State {
    ACTIVE("active"), IDLE("idle"), IDLE_IN_TRANSACTION("idle in transaction"), IDLE_IN_FAILED_TRANSACTION("idle in transaction (aborted)");

    private final String words;

    State(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /// Where a session comes from.
  public enum Origin {
    /// A client of the network, authenticated.
    NETWORK,
    /// JDBC in this process.
    IN_PROCESS,
    /// The program, on behalf of a user.
    EMBEDDED,
    /// The program, as the owner of the database.
    OWNER
  }

  /// The changing part at one moment.
  public record Moment(State state, String query, long queryStartMicros, long transactionStartMicros, long stateChangeMicros, boolean sleeping) {}

  private static final int READS_MAX = 100;
  private static final VarHandle VERSION;

  static {
    try {
      VERSION = MethodHandles.lookup().findVarHandle(SessionActivity.class, "version", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int pid;
  private final String user;
  private final int userOid;
  private final String database;
  private final Origin origin;
  private final String clientAddress;
  private final long backendStartMicros;
  private final LongSupplier clock;
  private volatile String applicationName = "";

  /// Odd while the fields below change.
  private int version;

  private State state = State.IDLE;
  private String query = "";
  private long queryStartMicros;
  private long transactionStartMicros;
  private long stateChangeMicros;
  private boolean sleeping;

  SessionActivity(int pid, String user, int userOid, String database, Origin origin, String clientAddress, LongSupplier clock) {
    this.pid = pid;
    this.user = user;
    this.userOid = userOid;
    this.database = database;
    this.origin = origin;
    this.clientAddress = clientAddress;
    this.clock = clock;
    this.backendStartMicros = clock.getAsLong();
    this.stateChangeMicros = backendStartMicros;
  }

  private void beginChange() {
    VERSION.setOpaque(this, version + 1);
    VarHandle.storeStoreFence();
  }

  private void endChange() {
    VERSION.setRelease(this, version + 1);
  }

  /// @param micros when the client's message came in
  void statementStarted(String text, long micros) {
    beginChange();
    query = text;
    state = State.ACTIVE;
    queryStartMicros = micros;
    stateChangeMicros = micros;
    endChange();
  }

  /// @return the time now
  long statementEnded(TransactionStatus status) {
    State next =
        switch (status) {
          case IDLE -> State.IDLE;
          case IN_BLOCK -> State.IDLE_IN_TRANSACTION;
          case FAILED -> State.IDLE_IN_FAILED_TRANSACTION;
        };
    if (next == state) {
      return stateChangeMicros;
    }
    long now = clock.getAsLong();
    beginChange();
    state = next;
    stateChangeMicros = now;
    endChange();
    return now;
  }

  void transactionStarted(long micros) {
    transactionStartMicros = micros;
  }

  void transactionEnded() {
    transactionStartMicros = 0;
  }

  void sleeping(boolean now) {
    beginChange();
    sleeping = now;
    endChange();
  }

  /// A consistent picture, as long as the session does not change it a hundred times over while it is being taken.
  public Moment moment() {
    Moment moment = null;
    for (int i = 0; i < READS_MAX; i++) {
      int before = (int) VERSION.getAcquire(this);
      moment = new Moment(state, query, queryStartMicros, transactionStartMicros, stateChangeMicros, sleeping);
      VarHandle.loadLoadFence();
      if ((before & 1) == 0 && before == (int) VERSION.getOpaque(this)) {
        break;
      }
      Thread.onSpinWait();
    }
    return moment;
  }

  void applicationName(String name) {
    applicationName = name;
  }

  public int pid() {
    return pid;
  }

  public String user() {
    return user;
  }

  public int userOid() {
    return userOid;
  }

  public String database() {
    return database;
  }

  public Origin origin() {
    return origin;
  }

  /// `address:port` of a network client, `embedded` or `in-process` otherwise.
  public String clientAddress() {
    return clientAddress;
  }

  public long backendStartMicros() {
    return backendStartMicros;
  }

  public String applicationName() {
    return applicationName;
  }

  /// The text of the newest statement.
  public String query() {
    return query;
  }
}
