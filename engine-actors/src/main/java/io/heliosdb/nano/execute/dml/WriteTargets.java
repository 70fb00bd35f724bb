package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import java.util.concurrent.ConcurrentHashMap;

/// The compiled targets of tables, by the identity of their definitions. One per engine; thread-safe. Holds at most [#SIZE_MAX] tables;
/// when full it starts anew, as compiling is cheap beside planning.
public final class WriteTargets {
  private static final int SIZE_MAX = 4096;

  private final ConcurrentHashMap<Integer, WriteTarget> byOid = new ConcurrentHashMap<>();

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
