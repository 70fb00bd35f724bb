/// Statements that define objects: each command reads the catalog overlay of its transaction, checks what PostgreSQL checks in
/// PostgreSQL's words, and puts new objects into the overlay. Work on rows (building an index, rewriting a table) goes through
/// [io.heliosdb.nano.catalog.ddl.DataWork]; expressions are bound through [io.heliosdb.nano.catalog.ddl.DdlExpressions].
///
/// A command is confined to its session's thread. When it fails, the session rolls the overlay back to the mark it set before.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.catalog.ddl;
