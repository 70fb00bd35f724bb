package io.heliosdb.nano.txn;

/// What transactions ask of the session they run in; called on the session's thread only.
public interface SessionEnvironment {
  /// The setting `lock_timeout` in milliseconds, 0 for none.
  long lockTimeoutMillis();

  /// The setting `synchronous_commit`: whether [Transaction#commit] returns only when the commit is on the device.
  boolean synchronousCommit();

  /// Accounts memory held by write sets and locks; negative gives back.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 53200 when a limit is reached (then nothing has been accounted)
  void accountMemory(long bytes);

  /// What uncommitted changes of the transaction may hold in memory now; more goes to a file.
  default long writeSetBytes() {
    return WRITE_SET_BYTES_DEFAULT;
  }

  long WRITE_SET_BYTES_DEFAULT = 16L << 20;

  /// No time-out, synchronous, no limit.
  SessionEnvironment DEFAULT =
      new SessionEnvironment() {
        @Override
        public long lockTimeoutMillis() {
          return 0;
        }

        @Override
        public boolean synchronousCommit() {
          return true;
        }

        @Override
        public void accountMemory(long bytes) {}
      };
}
