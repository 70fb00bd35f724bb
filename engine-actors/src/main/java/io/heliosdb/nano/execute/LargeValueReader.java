package io.heliosdb.nano.execute;

import io.heliosdb.nano.storage.row.LargeRef;

/// Fetches values that stand outside their row; `StatementAccess::readLarge`.
@FunctionalInterface
public interface LargeValueReader {
  byte[] read(LargeRef ref);
}
