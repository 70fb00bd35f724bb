package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import java.util.concurrent.ConcurrentHashMap;

/// The compiled targets of tables, by the identity of their definitions. One per engine; thread-safe. Holds at most [#SIZE_MAX] tables;
/// when full it starts anew, as compiling is cheap beside planning.
public final class WriteTargets {
  private static final int SIZE_MAX = 4096;

  private final ConcurrentHashMap<Integer, WriteTarget> byOid = new ConcurrentHashMap<>();

  private final ConcurrentHashMap<Integer, PartitionRouter> routers = new ConcurrentHashMap<>();

  /// The router of a partitioned table.
  PartitionRouter router(Relation.Table table, Catalog catalog) {
    PartitionRouter router = routers.get(table.oid());
    if (router == null || !router.isCurrent(table, catalog)) {
      router = new PartitionRouter(table, catalog);
      if (routers.size() >= SIZE_MAX) {
        routers.clear();
      }
      routers.put(table.oid(), router);
    }
    return router;
  }

  public WriteTarget of(Relation.Table table, Catalog catalog) {
    WriteTarget target = byOid.get(table.oid());
    if (target != null && target.isCurrent(table, catalog)) {
      return target;
    }
    target = new WriteTarget(table, catalog);
    if (byOid.size() >= SIZE_MAX) {
      byOid.clear();
    }
    byOid.put(table.oid(), target);
    return target;
  }
}
