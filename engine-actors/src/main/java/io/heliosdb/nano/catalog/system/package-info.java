/// The relations of `pg_catalog` and `information_schema`: their definitions (facts taken from a PostgreSQL 15 database) and the rows
/// they show, computed from the catalog model and from the engine's state when they are scanned.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.catalog.system;
