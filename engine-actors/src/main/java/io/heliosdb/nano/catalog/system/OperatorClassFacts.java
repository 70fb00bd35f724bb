package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.FactTable;
import java.util.HashMap;
import java.util.Map;

/// Default operator classes by type and access method, from PostgreSQL's `pg_opclass`.
final class OperatorClassFacts {
  private static final Map<String, Integer> METHODS = Map.of("btree", 403, "hash", 405, "gist", 783, "gin", 2742, "spgist", 4000, "brin", 3580);
  private static final Map<Long, Integer> DEFAULTS = new HashMap<>();
  private static final int TEXT = 25;
  private static final int VARCHAR = 1043;

  static {
    for (FactTable.Row row : BuiltinCatalog.facts("pg_opclass").rows()) {
      if ("t".equals(row.get("opcdefault"))) {
        DEFAULTS.put((long) row.oid("opcmethod") << 32 | Integer.toUnsignedLong(row.oid("opcintype")), row.oid("oid"));
      }
    }
  }

  private OperatorClassFacts() {}

  static int defaultFor(Relation.Index.Key key, String method) {
    int type = key.typeOid() == VARCHAR ? TEXT : key.typeOid();
    return DEFAULTS.getOrDefault((long) METHODS.getOrDefault(method, 403) << 32 | Integer.toUnsignedLong(type), 0);
  }
}
