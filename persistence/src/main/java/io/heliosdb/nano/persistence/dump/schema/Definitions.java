package io.heliosdb.nano.persistence.dump.schema;

/// Text that the engine's own definition writers give: the functions `pg_get_…` and the stored expressions.
public interface Definitions {
  /// A stored expression over the columns of a relation (0 for none).
  String expression(String stored, int relationOid);

  /// `function(oid)` in `pg_catalog`: `pg_get_indexdef`, `pg_get_functiondef` and so on.
  String call(String function, int oid);
}
