package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.Lookup3;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Values;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The hash functions of hash operator classes (`hashint4`, `hashtextextended` and so on).
///
/// Numbers, text, bytea, uuid and arrays of them hash as PostgreSQL does on a little-endian machine (Bob Jenkins's lookup3), which
/// hash partitioning by users' own tools relies on; other types hash consistently, with values of their own.
public final class HashSupport implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    boolean extended = symbol.endsWith("extended");
    if (!symbol.startsWith("hash") && !symbol.endsWith("_hash") && !symbol.endsWith("_hash_extended")) {
      return null;
    }
    extended |= symbol.endsWith("_extended");
    if (function.argumentTypes().size() != (extended ? 2 : 1) || function.returnType() != (extended ? 20 : 23)) {
      return null;
    }
    PgType declared = PgTypes.byOid(function.argumentTypes().getFirst());
    if (declared == null || declared.oid() == 2281) {
      return null;
    }
    if (declared.isPseudo()) {
      return extended
          ? contextual((context, site, args) -> hash64(site.argumentTypes().getFirst(), args[0], site.collationOid(), (Long) args[1]))
          : contextual((context, site, args) -> (int) hash64(site.argumentTypes().getFirst(), args[0], site.collationOid(), 0));
    }
    return extended ? binary((a, seed) -> hash64(declared, a, 0, (Long) seed)) : unary(a -> (int) hash64(declared, a, 0, 0));
  }

  /// The 64-bit hash; its low half is the plain hash when the seed is 0.
  public static long hash64(PgType type, Object value, int collation, long seed) {
    return switch (type.family()) {
      case INT2, INT4, DATE -> Lookup3.hashInt((Integer) value, seed);
      case BOOL -> Lookup3.hashInt((Boolean) value ? 1 : 0, seed);
      case INT8, TIME, TIMESTAMP, TIMESTAMPTZ, MONEY -> {
        long v = (Long) value;
        int low = (int) v;
        int high = (int) (v >> 32);
        yield Lookup3.hashInt(low ^ (v >= 0 ? high : ~high), seed);
      }
      case OID, REG -> Lookup3.hashInt((int) (long) (Long) value, seed);
      case FLOAT4 -> floating((Float) value, seed);
      case FLOAT8 -> floating((Double) value, seed);
      case CHAR -> Lookup3.hashInt(((String) value).isEmpty() ? 0 : (byte) ((String) value).charAt(0), seed);
      case TEXT, NAME -> Lookup3.hash(utf8((String) value), seed);
      case BPCHAR -> Lookup3.hash(utf8(Values.trimBlanks((String) value)), seed);
      case BYTEA -> Lookup3.hash(((Bytes) value).unsafeArray(), seed);
      case UUID -> {
        UUID uuid = (UUID) value;
        yield Lookup3.hash(
            ByteBuffer.allocate(16).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits()).array(), seed);
      }
      case ARRAY -> array((PgArray) value, collation, seed);
      default -> Lookup3.hashInt(Values.hash(type, value, collation), seed);
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long floating(double value, long seed) {
    if (value == 0) {
      return seed;
    }
    double canonical = Double.isNaN(value) ? Double.NaN : value;
    return Lookup3.hash(ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN).putDouble(canonical).array(), seed);
  }

  private static long array(PgArray array, int collation, long seed) {
    long hash = 1;
    for (Object element : array.elements()) {
      long h = element == null ? 0 : hash64(array.elementType(), element, collation, seed);
      hash = hash * 31 + h;
    }
    return hash;
  }
}
