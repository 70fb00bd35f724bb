package io.heliosdb.nano.storage;

/// The row of `commits` for one SCN; `timeMicros` as in [CommitClock].
public record CommitInfo(long scn, long timeMicros, long xid, long userOid, long tenant, int branch) {}
