/// Databases of a running PostgreSQL become databases here: definitions through pg_catalog, rows by COPY, all in one snapshot.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.persistence.migrate.postgres;
