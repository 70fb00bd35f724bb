package io.heliosdb.nano.type;

import io.heliosdb.nano.storage.row.ColumnKind;

/// The storage form of values: which kind of column a type needs, the bytes of a value of variable width, and the
/// memcomparable key of a value. Everything round-trips exactly, a numeric with its display scale included.
public final class ValueCodec {
  private ValueCodec() {}

  /// How a column of that type is stored.
  public static ColumnKind columnKind(PgType type) {
    return switch (type.family()) {
      case BOOL -> ColumnKind.BOOL;
      case INT2 -> ColumnKind.INT16;
      case INT4, DATE -> ColumnKind.INT32;
      case INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, XID8, TID, PG_LSN -> ColumnKind.INT64;
      case FLOAT4 -> ColumnKind.FLOAT32;
      case FLOAT8 -> ColumnKind.FLOAT64;
      case UUID -> ColumnKind.UUID;
      case ENUM -> ColumnKind.INT32;
      default -> ColumnKind.VARLEN;
    };
  }

  /// Appends the bytes of a value of a VARLEN column.
  public static void encode(PgType type, Object value, ByteSink out) {
    throw new UnsupportedOperationException();
  }

  /// The value of a VARLEN column from its bytes at `[offset, offset + length)`, which are copied where they are kept.
  public static Object decode(PgType type, byte[] bytes, int offset, int length, TypeCatalog catalog) {
    throw new UnsupportedOperationException();
  }
}
