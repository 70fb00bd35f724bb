package io.heliosdb.nano.function;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The server's files as functions show them: those that COPY may read, for roles that may read them. Relative names start at the
/// process's directory. Errors: 42501, 58P01, 42809, 58030.
public interface ServerFiles {
  /// What `pg_stat_file` tells; times in microseconds since 2000-01-01 UTC.
  record Facts(long size, long accessed, long modified, boolean isDirectory) {}

  /// Bytes of a file from `offset` on, from the end when negative; all of them when `length` is negative. Null when it is missing and may be.
  byte @Nullable [] read(String function, String name, long offset, long length, boolean missingOk);

  /// Names in a directory, in no order; null when it is missing and may be.
  @Nullable List<String> list(String function, String name, boolean missingOk);

  @Nullable Facts facts(String function, String name, boolean missingOk);
}
