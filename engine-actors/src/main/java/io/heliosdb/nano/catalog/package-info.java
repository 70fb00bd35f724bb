/// The catalog: what objects a database has ([io.heliosdb.nano.catalog.Catalog]), as immutable snapshots
/// ([io.heliosdb.nano.catalog.CatalogSnapshot]) with a transaction's own changes laid over
/// ([io.heliosdb.nano.catalog.CatalogBuilder]).
///
/// Built-in objects come from fact tables and are the same in every database; user-made ones are [io.heliosdb.nano.catalog.CatalogObject]s,
/// kept as rows of versioned relations by `catalog.store`, changed by `catalog.ddl`, shown by `catalog.system`.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.catalog;
