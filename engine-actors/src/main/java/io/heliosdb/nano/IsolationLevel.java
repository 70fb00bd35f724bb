package io.heliosdb.nano;

/// The isolation levels of SQL as PostgreSQL defines them.
public enum IsolationLevel {
  READ_COMMITTED,
  REPEATABLE_READ,
  SERIALIZABLE;

  /// As written after ISOLATION LEVEL.
  public String sql() {
    return name().replace('_', ' ');
  }
}
