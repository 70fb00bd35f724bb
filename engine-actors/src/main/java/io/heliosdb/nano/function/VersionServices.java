package io.heliosdb.nano.function;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// What functions reach of the version axis: SCNs, branches, history. Confined to the session's thread.
public interface VersionServices {
  /// The newest SCN whose commit is not after a time (microseconds since 2000-01-01 UTC).
  ///
  /// @throws io.heliosdb.nano.error.SqlException 22023 when the database is younger
  long scnAt(long micros);

  /// The rows of a system relation of `pg_catalog`.
  Iterator<@Nullable Object[]> systemRows(String relation);
}
