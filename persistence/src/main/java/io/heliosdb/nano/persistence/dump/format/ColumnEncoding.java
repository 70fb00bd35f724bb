package io.heliosdb.nano.persistence.dump.format;

import org.jspecify.annotations.Nullable;

/// How the values of a column stand in ROWS and DELETED payloads. The ids are part of the format.
///
/// Whatever has no encoding of its own is written as PostgreSQL's text output (ISO dates, `postgres` intervals, UTC, shortest round-trip
/// floats): a file does not depend on the engine's internal forms, nor on oids.
public enum ColumnEncoding {
  BOOL(1, 1),
  /// int2, int4, date (days since 2000-01-01).
  INT32(2, 4),
  /// int8, oid, money (cents), time, timestamp and timestamptz (microseconds; timestamps since 2000-01-01 UTC).
  INT64(3, 8),
  FLOAT32(4, 4),
  FLOAT64(5, 8),
  /// Most significant half first, both little endian.
  UUID(6, 16),
  /// Characters as they are.
  TEXT(7, 0),
  BYTES(8, 0),
  /// The type's text output.
  OUTPUT(9, 0);

  private final int id;
  private final int width;

  ColumnEncoding(int id, int width) {
    this.id = id;
    this.width = width;
  }

  public int id() {
    return id;
  }

  /// Bytes of a value, 0 when they vary.
  public int width() {
    return width;
  }

  static @Nullable ColumnEncoding ofId(int id) {
    return id >= 1 && id <= values().length ? values()[id - 1] : null;
  }
}
