package io.heliosdb.nano.txn;

import io.heliosdb.nano.lock.Host;
import io.heliosdb.nano.storage.StoreOptions;

/// How to open an [EngineSystem].
///
/// @param writeSetBytesMax the most one transaction's write set may hold before 53200
/// @param host clock and threads
public record EngineOptions(StoreOptions store, long writeSetBytesMax, Host host) {
  public EngineOptions(StoreOptions store) {
    this(store, Host.SYSTEM);
  }

  public EngineOptions(StoreOptions store, Host host) {
    this(store, Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 2), host);
  }
}
