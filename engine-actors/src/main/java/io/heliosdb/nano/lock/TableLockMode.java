package io.heliosdb.nano.lock;

/// PostgreSQL's eight table lock modes, weakest first. All other kinds of lock are expressed in them.
///
/// Source: PostgreSQL 15 manual, "Explicit Locking", table 13.2 (conflicting lock modes).
public enum TableLockMode {
  ACCESS_SHARE("AccessShareLock", 0b1000_0000),
  ROW_SHARE("RowShareLock", 0b1100_0000),
  ROW_EXCLUSIVE("RowExclusiveLock", 0b1111_0000),
  SHARE_UPDATE_EXCLUSIVE("ShareUpdateExclusiveLock", 0b1111_1000),
  SHARE("ShareLock", 0b1110_1100),
  SHARE_ROW_EXCLUSIVE("ShareRowExclusiveLock", 0b1111_1100),
  EXCLUSIVE("ExclusiveLock", 0b1111_1110),
  ACCESS_EXCLUSIVE("AccessExclusiveLock", 0b1111_1111);

  private static final TableLockMode[] VALUES = values();

  private final String displayName;
  private final int conflictMask;

  TableLockMode(String displayName, int conflictMask) {
    this.displayName = displayName;
    this.conflictMask = conflictMask;
  }

  /// The name that `pg_locks.mode` shows.
  public String displayName() {
    return displayName;
  }

  /// Bit `1 << ordinal` of this mode.
  public int bit() {
    return 1 << ordinal();
  }

  /// The bits of all modes that another owner may not hold at the same time.
  public int conflictMask() {
    return conflictMask;
  }

  public boolean conflictsWith(TableLockMode other) {
    return (conflictMask & other.bit()) != 0;
  }

  /// The mode with this ordinal.
  public static TableLockMode of(int ordinal) {
    return VALUES[ordinal];
  }
}
