package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.type.PgType;

/// The hash that hash partitioning sends rows by: the extended hash of each key column with a fixed seed, combined. For types whose
/// hash is PostgreSQL's ([HashSupport]) rows fall into the same partitions as there.
public final class PartitionHash {
  private static final long SEED = 0x7A5B22367996DCFDL;

  private PartitionHash() {}

  public static long of(PgType type, Object value) {
    return HashSupport.hash64(type, value, type.collationOid(), SEED);
  }

  /// The running hash with one more column's; start with 0 and pass over NULLs.
  public static long combine(long hash, long next) {
    return hash ^ next + 0x49a0f4dd15e5a8e3L + (hash << 54) + (hash >>> 7);
  }
}
