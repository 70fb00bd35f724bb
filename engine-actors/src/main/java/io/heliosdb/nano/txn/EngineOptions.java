package io.heliosdb.nano.txn;

import io.heliosdb.nano.storage.StoreOptions;

/// How to open an [EngineSystem].
///
/// @param writeSetBytesMax the most one transaction's write set may hold before 53200
public record EngineOptions(StoreOptions store, long writeSetBytesMax) {
  public EngineOptions(StoreOptions store) {
    this(store, Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 2));
  }
}
