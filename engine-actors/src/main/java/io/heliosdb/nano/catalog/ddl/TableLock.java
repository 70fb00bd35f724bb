package io.heliosdb.nano.catalog.ddl;

/// PostgreSQL's table lock modes, weakest first. Source: PostgreSQL 15 manual, "Explicit Locking".
public enum TableLock {
  ACCESS_SHARE, ROW_SHARE, ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE
}
