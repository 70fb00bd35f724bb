package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.concurrent.atomic.AtomicLong;

/// What `pg_stat_activity` shows of a session. Written by its thread, read by any.
public final class SessionActivity {
  private final int pid;
  private final String user;
  private final String database;
  private final String clientAddress;
  private final long backendStartMicros;
  private final java.util.function.LongSupplier clock;
  private final AtomicLong memory = new AtomicLong();
  private volatile long memoryLimitBytes;
  private volatile String applicationName = "";
  private volatile String query = "";
  private volatile String state = "idle";
  private volatile long queryStartMicros;
  private volatile long transactionStartMicros;
  private volatile long stateChangeMicros;

  SessionActivity(int pid, String user, String database, String clientAddress, java.util.function.LongSupplier clock) {
    this.pid = pid;
    this.user = user;
    this.database = database;
    this.clientAddress = clientAddress;
    this.clock = clock;
    this.backendStartMicros = clock.getAsLong();
    this.stateChangeMicros = backendStartMicros;
  }

  void statementStarted(String text) {
    query = text;
    state = "active";
    queryStartMicros = clock.getAsLong();
    stateChangeMicros = queryStartMicros;
    if (transactionStartMicros == 0) {
      transactionStartMicros = queryStartMicros;
    }
  }

  void statementEnded(TransactionStatus status) {
    state =
        switch (status) {
          case IDLE -> "idle";
          case IN_BLOCK -> "idle in transaction";
          case FAILED -> "idle in transaction (aborted)";
        };
    stateChangeMicros = queryStartMicros;
  }

  void transactionEnded() {
    transactionStartMicros = 0;
  }

  void applicationName(String name) {
    applicationName = name;
  }

  void limitMemory(long bytes) {
    memoryLimitBytes = bytes;
  }

  void accountMemory(long bytes) {
    long now = memory.addAndGet(bytes);
    long limit = memoryLimitBytes;
    if (bytes > 0 && limit > 0 && now > limit) {
      memory.addAndGet(-bytes);
      throw new SqlException(SqlState.OUT_OF_MEMORY, "memory limit exceeded for user '" + user + "'");
    }
  }

  public long memoryBytes() {
    return memory.get();
  }

  public int pid() {
    return pid;
  }

  public String user() {
    return user;
  }

  public String database() {
    return database;
  }

  public String clientAddress() {
    return clientAddress;
  }

  public long backendStartMicros() {
    return backendStartMicros;
  }

  public String applicationName() {
    return applicationName;
  }

  public String query() {
    return query;
  }

  public String state() {
    return state;
  }

  public long queryStartMicros() {
    return queryStartMicros;
  }

  public long transactionStartMicros() {
    return transactionStartMicros;
  }

  public long stateChangeMicros() {
    return stateChangeMicros;
  }
}
