package io.heliosdb.nano.storage.crypto;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// Whether this process keeps to algorithms that FIPS 140-3 approves (`--fips`). Once asked for, by whichever database, it stays so: algorithms
/// are the process's, not a database's. Which module computes them is the Java platform's configuration (`java.security`).
public final class ApprovedAlgorithms {
  private static volatile boolean required;

  private ApprovedAlgorithms() {}

  public static void require() {
    required = true;
  }

  public static boolean areRequired() {
    return required;
  }

  /// 0A000 for an algorithm that is not approved, where that counts.
  public static void refuse(String algorithm) {
    if (required) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, algorithm + " is not an approved algorithm")
          .withHint("The database was opened with --fips.");
    }
  }
}
