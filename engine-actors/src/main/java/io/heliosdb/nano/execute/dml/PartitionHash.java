package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.Lookup3;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Values;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// The hash that PARTITION BY HASH goes by. For the usual key types it is PostgreSQL's own, so that rows dumped partition by partition find
/// the partition they came from. Stateless.
///
/// Source: PostgreSQL 15, `hashfn.c` (after Bob Jenkins, lookup3), `hashfunc.c`, `partbounds.c`.
final class PartitionHash {
  private static final long SEED = 0x7A5B22367996DCFDL;

  private PartitionHash() {}

  static long combine(long a, long b) {
    return a ^ (b + 0x49a0f4dd15e5a8e3L + (a << 54) + (a >>> 7));
  }

  static long hash(PgType type, Object value, int collation) {
    return switch (type.family()) {
      case INT2, INT4, DATE -> ofInt((Integer) value);
      case BOOL -> ofInt((Boolean) value ? 1 : 0);
      case OID, REG -> ofInt((int) (long) (Long) value);
      case INT8, TIMESTAMP, TIMESTAMPTZ, TIME, MONEY -> ofLong((Long) value);
      case TEXT, NAME -> ofBytes(((String) value).getBytes(StandardCharsets.UTF_8));
      case BPCHAR -> ofBytes(Values.trimBlanks((String) value).getBytes(StandardCharsets.UTF_8));
      case BYTEA -> ofBytes(((Bytes) value).unsafeArray());
      case UUID -> ofBytes(ByteBuffer.allocate(16).putLong(((UUID) value).getMostSignificantBits()).putLong(((UUID) value).getLeastSignificantBits()).array());
      case FLOAT8 -> ofDouble((Double) value);
      case FLOAT4 -> ofDouble((Float) value);
      default -> ofInt(Values.hash(type, value, collation));
    };
  }

  private static long ofLong(long value) {
    int low = (int) value;
    int high = (int) (value >>> 32);
    return ofInt(low ^ (value >= 0 ? high : ~high));
  }

  private static long ofDouble(double value) {
    if (value == 0) {
      return SEED;
    }
    double key = Double.isNaN(value) ? Double.NaN : value;
    return ofBytes(ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN).putDouble(key).array());
  }

  private static long ofInt(int value) {
    return Lookup3.hashInt(value, SEED);
  }

  private static long ofBytes(byte[] key) {
    return Lookup3.hash(key, SEED);
  }
}
