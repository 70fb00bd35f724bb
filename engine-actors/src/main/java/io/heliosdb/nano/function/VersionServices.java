package io.heliosdb.nano.function;

import io.heliosdb.nano.type.PgRecord;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// What functions reach of the version axis: SCNs, branches, history. Confined to the session's thread.
public interface VersionServices {
  /// The newest SCN whose commit is not after a time (microseconds since 2000-01-01 UTC).
  ///
  /// @throws io.heliosdb.nano.error.SqlException 22023 when the database is younger
  long scnAt(long micros);

  /// One row that differs between two states of a table; `operation` is INSERT, UPDATE or DELETE.
  record Difference(String key, String operation, @Nullable PgRecord before, @Nullable PgRecord after) {}

  /// What differs in a table between two states: names of branches, or moments as `heliosdb.as_of` takes them.
  Iterator<Difference> difference(int tableOid, String from, String to);

  /// Bytes that the superseded versions of a table take.
  long historyBytes(int tableOid);

  /// The rows of a system relation of `pg_catalog`.
  Iterator<@Nullable Object[]> systemRows(String relation);
}
