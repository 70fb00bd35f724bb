package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.FactTable;
import io.heliosdb.nano.type.PgType;
import java.util.HashMap;
import java.util.Map;

/// Operator classes by access method and type or name, from PostgreSQL's `pg_opclass`.
final class OperatorClassFacts {
  private static final Map<String, Integer> METHODS = Map.of("btree", 403, "hash", 405, "gist", 783, "gin", 2742, "spgist", 4000, "brin", 3580);
  private static final Map<Long, Integer> DEFAULTS = new HashMap<>();
  private static final Map<String, Integer> NAMED = new HashMap<>();
  private static final int TEXT = 25;
  private static final int VARCHAR = 1043;
  private static final int ANYARRAY = 2277;
  private static final int ANYENUM = 3500;
  private static final int ANYRANGE = 3831;
  private static final int ANYMULTIRANGE = 4537;
  private static final int RECORD = 2249;

  static {
    for (FactTable.Row row : BuiltinCatalog.facts("pg_opclass").rows()) {
      if ("t".equals(row.get("opcdefault"))) {
        DEFAULTS.put(key(row.oid("opcmethod"), row.oid("opcintype")), row.oid("oid"));
      }
      NAMED.put(row.get("opcmethod") + "." + row.get("opcname"), row.oid("oid"));
    }
  }

  private OperatorClassFacts() {}

  private static long key(int method, int type) {
    return (long) method << 32 | Integer.toUnsignedLong(type);
  }

  /// The class of an index key: the one it names, else the default of its type; 0 for methods that PostgreSQL does not have.
  static int of(Relation.Index.Key key, String method, Catalog catalog) {
    Integer methodOid = METHODS.get(method);
    if (methodOid == null) {
      return 0;
    }
    if (key.operatorClass() != null) {
      return NAMED.getOrDefault(methodOid + "." + key.operatorClass(), 0);
    }
    return defaultFor(key.typeOid(), methodOid, catalog);
  }

  static int btreeDefault(int typeOid, Catalog catalog) {
    return defaultFor(typeOid, METHODS.get("btree"), catalog);
  }

  private static int defaultFor(int typeOid, int method, Catalog catalog) {
    PgType declared = catalog.findByOid(typeOid);
    if (declared == null) {
      return 0;
    }
    PgType type = declared.ultimateBase();
    Integer exact = DEFAULTS.get(key(method, type.oid() == VARCHAR ? TEXT : type.oid()));
    if (exact != null) {
      return exact;
    }
    int general =
        switch (type.kind()) {
          case PgType.ENUM -> ANYENUM;
          case PgType.RANGE -> ANYRANGE;
          case PgType.MULTIRANGE -> ANYMULTIRANGE;
          case PgType.COMPOSITE -> RECORD;
          default -> type.elementOid() != 0 ? ANYARRAY : 0;
        };
    return DEFAULTS.getOrDefault(key(method, general), 0);
  }
}
