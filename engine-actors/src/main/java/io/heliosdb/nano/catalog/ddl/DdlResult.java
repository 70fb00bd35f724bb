package io.heliosdb.nano.catalog.ddl;

/// How a DDL command ended.
///
/// @param tag command tag, for CREATE TABLE AS with the number of rows (`SELECT 3`)
public record DdlResult(String tag) {}
