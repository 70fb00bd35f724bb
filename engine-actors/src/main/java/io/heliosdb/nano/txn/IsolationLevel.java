package io.heliosdb.nano.txn;

/// The SQL isolation levels; READ UNCOMMITTED behaves as READ COMMITTED, as in PostgreSQL.
public enum IsolationLevel {
  READ_UNCOMMITTED("read uncommitted"),
  READ_COMMITTED("read committed"),
  REPEATABLE_READ("repeatable read"),
  SERIALIZABLE("serializable");

  private final String displayName;

  IsolationLevel(String displayName) {
    this.displayName = displayName;
  }

  /// As `SHOW transaction_isolation` prints it.
  public String displayName() {
    return displayName;
  }

  /// Whether one snapshot serves the whole transaction.
  public boolean keepsSnapshot() {
    return this == REPEATABLE_READ || this == SERIALIZABLE;
  }
}
