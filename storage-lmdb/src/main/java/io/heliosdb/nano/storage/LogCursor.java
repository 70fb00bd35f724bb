package io.heliosdb.nano.storage;

import org.jspecify.annotations.Nullable;

/// Reads the change log forward. Confined to the thread that has the reader; closed with it.
public interface LogCursor extends AutoCloseable {
  /// The next record, null at the end of what the reader sees.
  @Nullable LogRecord next();

  @Override
  void close();
}
