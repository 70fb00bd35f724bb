package io.heliosdb.nano.persistence.columnar.parquet;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// The errors of a file that is not what it says: 22P04, with what is wrong as the detail.
final class Malformed {
  private Malformed() {}

  static SqlException because(String reason) {
    return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "invalid Parquet file").withDetail(reason.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
        + reason.substring(1) + ".");
  }
}
