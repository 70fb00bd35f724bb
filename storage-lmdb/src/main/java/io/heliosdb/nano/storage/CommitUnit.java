package io.heliosdb.nano.storage;

import java.util.Collection;
import java.util.List;

/// All that one transaction changes, applied as a whole or not at all under one SCN.
///
/// The lists pass into the ownership of the store and must not change until [Store#commit] has returned. Rows and index entries may be
/// iterated several times, on another thread than that of the caller, and need not be in memory.
///
/// @param branch the branch the transaction is on; writes to shared storage ids go to [Branches#SHARED] by themselves
/// @param xid the transaction id, 0 for none
public record CommitUnit(
    int branch,
    long xid,
    long userOid,
    long tenant,
    Collection<RowWrite> rows,
    Collection<IndexWrite> indexes,
    List<CounterWrite> counters,
    List<RelationEvent> events,
    List<BulkLoad> bulkLoads) {
  public CommitUnit(
      int branch,
      long xid,
      long userOid,
      long tenant,
      Collection<RowWrite> rows,
      Collection<IndexWrite> indexes,
      List<CounterWrite> counters) {
    this(branch, xid, userOid, tenant, rows, indexes, counters, List.of(), List.of());
  }
}
