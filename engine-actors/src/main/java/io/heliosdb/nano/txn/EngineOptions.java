package io.heliosdb.nano.txn;

import io.heliosdb.nano.lock.Host;
import io.heliosdb.nano.storage.StoreOptions;

/// How to open an [EngineSystem].
///
/// @param writeSetBytesMax the most one transaction's write set may hold before 53200
/// @param host clock and threads
/// @param isBrief whether the actor system starts when something first needs it, and not beside the opening of the store
public record EngineOptions(StoreOptions store, long writeSetBytesMax, Host host, boolean isBrief) {
  public EngineOptions(StoreOptions store) {
    this(store, Host.SYSTEM, false);
  }

  public EngineOptions(StoreOptions store, Host host, boolean isBrief) {
    this(store, Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 2), host, isBrief);
  }
}
