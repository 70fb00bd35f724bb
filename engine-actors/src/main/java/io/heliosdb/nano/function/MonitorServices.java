package io.heliosdb.nano.function;

import org.jspecify.annotations.Nullable;

/// What functions tell of the engine's other sessions and of its state, and do to them, with the rights of the calling user.
public interface MonitorServices {
  /// Stops another session's statement; false with a warning when there is no such session.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 42501
  boolean cancelBackend(int pid);

  /// Ends another session; false with a warning when there is none, or when it has not ended after `timeoutMillis` (0: not waited for).
  ///
  /// @throws io.heliosdb.nano.error.SqlException 42501
  boolean terminateBackend(int pid, long timeoutMillis);

  /// Bytes that a session's statements and uncommitted changes take, null when there is no such session.
  @Nullable Long sessionMemoryBytes(int pid);

  /// Bytes and rows committed in memory that no dump has.
  long dirtyBytes();

  long dirtyChanges();

  /// Writes an encrypted database anew with another data key; with a file (of the server) that has a new master key, seals the data key with that.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 42501, 55000 when the database is not encrypted
  void rotateEncryptionKey(@Nullable String keyFile);

  /// Sets the counts of `pg_stat_statements` to nothing.
  void resetStatements();
}
