package io.heliosdb.nano.copy;

import io.heliosdb.nano.type.PgType;

/// A column of the rows that a format reads or writes.
public record CopyColumn(String name, PgType type, int typmod) {}
