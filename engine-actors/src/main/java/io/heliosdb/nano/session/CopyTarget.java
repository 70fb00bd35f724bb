package io.heliosdb.nano.session;

import org.jspecify.annotations.Nullable;

/// Where COPY FROM puts its rows.
interface CopyTarget extends AutoCloseable {
  /// A row by `attnum - 1`; columns that COPY does not give are filled with their defaults.
  void row(@Nullable Object[] values);

  /// Writes what is buffered, runs statement-level work and returns the number of rows.
  long finish();

  /// Gives up; also after [#finish].
  @Override
  void close();
}
