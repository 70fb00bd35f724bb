package io.heliosdb.nano.storage.internal;

import java.io.IOException;

/// A change whose record is in the redo log while it is applied to the data file. Used under the write lock.
final class LoggedChange {
  /// Writes a record with this number.
  interface Encoder {
    void encode(RedoBuffer out, long number);
  }

  /// Begins to log a change.
  interface Start {
    LoggedChange start(RedoLog log) throws IOException;
  }

  private final RedoLog log;
  private final long number;

  private LoggedChange(RedoLog log, long number) {
    this.log = log;
    this.number = number;
  }

  /// Writes the record; it is not flushed.
  static LoggedChange start(RedoLog log, Encoder encoder) throws IOException {
    long number = log.nextNumber();
    RedoBuffer buffer = log.buffer();
    encoder.encode(buffer, number);
    log.append(buffer);
    return new LoggedChange(log, number);
  }

  /// Says in the log that the change was not carried out.
  ///
  /// @param force whether that is to be on the device before anybody is told
  void takeBack(boolean force) throws IOException {
    RedoBuffer buffer = log.buffer();
    RedoRecord.encodeVoid(buffer, log.nextNumber(), number);
    log.append(buffer);
    if (force) {
      log.force();
    }
  }
}
