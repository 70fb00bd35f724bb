package io.heliosdb.nano.storage.internal;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A change on its way into the redo log while it is applied to the data file. Used under the write lock.
final class LoggedChange {
  /// Writes a record with this number.
  interface Encoder {
    void encode(RedoBuffer out, long number);
  }

  /// Begins to log a change.
  interface Start {
    LoggedChange start(RedoLog log);
  }

  private final RedoLog log;
  private final long number;
  private final boolean isForced;
  private final CompletableFuture<@Nullable Void> written;

  private LoggedChange(RedoLog log, long number, boolean isForced, CompletableFuture<@Nullable Void> written) {
    this.log = log;
    this.number = number;
    this.isForced = isForced;
    this.written = written;
  }

  static LoggedChange start(RedoLog log, boolean force, Encoder encoder) {
    long number = log.nextNumber();
    RedoBuffer buffer = log.buffer();
    encoder.encode(buffer, number);
    return new LoggedChange(log, number, force, log.append(buffer, force));
  }

  /// Returns when the record is written, and flushed if it was to be.
  void await() throws IOException {
    RedoLog.await(written);
  }

  /// The change was not carried out.
  void takeBack() throws IOException {
    try {
      await();
    } catch (IOException notWritten) {
      log.takeBack();
      return;
    }
    RedoBuffer buffer = log.buffer();
    RedoRecord.encodeVoid(buffer, log.nextNumber(), number);
    RedoLog.await(log.append(buffer, isForced));
  }
}
