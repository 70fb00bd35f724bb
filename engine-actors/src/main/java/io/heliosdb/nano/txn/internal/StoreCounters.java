package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.txn.Counters;

/// [Counters] over the store's, which keep persisted horizons ahead of what they hand out.
final class StoreCounters implements Counters {
  private static final long FIRST_OID = 16_384;
  private static final long FIRST_STORAGE_ID = 1_000;
  private static final long FIRST_XID = 3;

  private final Store store;

  StoreCounters(Store store) {
    this.store = store;
    raiseNew(CounterKey.OID, FIRST_OID);
    raiseNew(CounterKey.STORAGE_ID, FIRST_STORAGE_ID);
    raiseNew(CounterKey.XID, FIRST_XID);
  }

  private void raiseNew(CounterKey key, long floor) {
    if (store.readCounter(key).orElse(0) < floor) {
      store.raiseCounter(key, floor);
    }
  }

  @Override
  public long nextRowId() {
    return store.allocate(CounterKey.ROW_ID, 1);
  }

  @Override
  public long nextRowIds(int count) {
    return store.allocate(CounterKey.ROW_ID, count);
  }

  @Override
  public long nextOid() {
    return store.allocate(CounterKey.OID, 1);
  }

  @Override
  public long nextStorageId() {
    return store.allocate(CounterKey.STORAGE_ID, 1);
  }

  @Override
  public long nextXid() {
    return store.allocate(CounterKey.XID, 1);
  }

  @Override
  public void raiseOid(long floor) {
    store.raiseCounter(CounterKey.OID, floor);
  }
}
