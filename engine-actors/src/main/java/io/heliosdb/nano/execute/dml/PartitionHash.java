package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.type.Bytes;
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
    State s = new State(4);
    s.seed();
    s.a += value;
    s.finish();
    return s.result();
  }

  private static long ofBytes(byte[] key) {
    State s = new State(key.length);
    s.seed();
    int at = 0;
    int left = key.length;
    while (left >= 12) {
      s.a += word(key, at, 4);
      s.b += word(key, at + 4, 4);
      s.c += word(key, at + 8, 4);
      s.mix();
      at += 12;
      left -= 12;
    }
    // The last bytes; the lowest byte of c is left to the length.
    s.a += word(key, at, Math.min(left, 4));
    s.b += word(key, at + 4, Math.clamp(left - 4, 0, 4));
    s.c += word(key, at + 8, Math.clamp(left - 8, 0, 3)) << 8;
    s.finish();
    return s.result();
  }

  private static int word(byte[] key, int at, int bytes) {
    int word = 0;
    for (int i = 0; i < bytes; i++) {
      word |= (key[at + i] & 0xff) << (8 * i);
    }
    return word;
  }

  private static final class State {
    int a;
    int b;
    int c;

    State(int length) {
      a = 0x9e3779b9 + length + 3923095;
      b = a;
      c = a;
    }

    void seed() {
      a += (int) (SEED >>> 32);
      b += (int) SEED;
      mix();
    }

    void mix() {
      a -= c;
      a ^= Integer.rotateLeft(c, 4);
      c += b;
      b -= a;
      b ^= Integer.rotateLeft(a, 6);
      a += c;
      c -= b;
      c ^= Integer.rotateLeft(b, 8);
      b += a;
      a -= c;
      a ^= Integer.rotateLeft(c, 16);
      c += b;
      b -= a;
      b ^= Integer.rotateLeft(a, 19);
      a += c;
      c -= b;
      c ^= Integer.rotateLeft(b, 4);
      b += a;
    }

    void finish() {
      c ^= b;
      c -= Integer.rotateLeft(b, 14);
      a ^= c;
      a -= Integer.rotateLeft(c, 11);
      b ^= a;
      b -= Integer.rotateLeft(a, 25);
      c ^= b;
      c -= Integer.rotateLeft(b, 16);
      a ^= c;
      a -= Integer.rotateLeft(c, 4);
      b ^= a;
      b -= Integer.rotateLeft(a, 14);
      c ^= b;
      c -= Integer.rotateLeft(b, 24);
    }

    long result() {
      return ((long) b << 32) | (c & 0xffffffffL);
    }
  }
}
