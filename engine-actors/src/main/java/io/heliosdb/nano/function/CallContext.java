package io.heliosdb.nano.function;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import org.jspecify.annotations.Nullable;

/// What a function implementation may ask while it runs. One per statement and session; confined to the thread that runs the session.
public interface CallContext {
  /// Formats, time zone, type lookups for text input and output.
  IoContext io();

  /// The catalog this statement sees.
  Catalog catalog();

  /// Start of the transaction, microseconds since 2000-01-01 UTC: `now()`.
  long transactionTimestampMicros();

  /// Start of the statement: `statement_timestamp()`.
  long statementTimestampMicros();

  /// The clock now: `clock_timestamp()`.
  long clockTimestampMicros();

  /// Pseudo-random numbers of this session, `setseed` included.
  java.util.random.RandomGenerator random();

  void setSeed(double seed);

  /// Services of the session: sequences, settings, advisory locks, backend control, running SQL (for functions that need it).
  SessionServices session();

  /// Throws 57014 if the statement was cancelled or timed out. Long loops call it every few thousand steps.
  void checkCancelled();

  /// Sends a NOTICE, WARNING, INFO, LOG or DEBUG to the client.
  void notice(String severity, io.heliosdb.nano.error.SqlState state, String message, @Nullable String detail, @Nullable String hint);

  /// Accounts `bytes` of memory held by execution (negative to give back).
  ///
  /// @throws io.heliosdb.nano.error.SqlException 53200 when the user's or the statement's limit is reached
  void accountMemory(long bytes);
}
