package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.key.ColumnOrder;
import io.heliosdb.nano.storage.key.KeyWriter;
import io.heliosdb.nano.type.BitString;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.EnumValue;
import io.heliosdb.nano.type.Inet;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.MacAddress;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRange;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TimeTz;
import io.heliosdb.nano.type.TypeIo;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The memcomparable form of values: byte order is the order of the type's default btree operator class, equal values have equal bytes.
///
/// Text of a bytewise collation is its UTF-8, of an ICU collation the sort key followed, if the collation is deterministic, by the text.
/// Types without an order (geometric ones, json, xml) are refused with 0A000.
public final class KeyCodec {
  private static final long DAY_MICROS = 86_400_000_000L;

  private KeyCodec() {}

  /// Whether keys can be made of values of the type.
  public static boolean supports(PgType type) {
    return switch (type.family()) {
      case BOOL, INT2, INT4, DATE, INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, TID, XID8, PG_LSN, FLOAT4, FLOAT8, NUMERIC, TEXT, BPCHAR,
          NAME, CHAR, BYTEA, UUID, ENUM, INTERVAL, TIMETZ, BIT, VARBIT, INET, CIDR, MACADDR, MACADDR8, ARRAY, OLD_VECTOR, RECORD, RANGE, MULTIRANGE, JSONB -> true;
      default -> false;
    };
  }

  /// Whether the key of a value ends where the value's characters end, so that a prefix of text is a prefix of keys.
  public static boolean isBytewiseText(PgType type, int collationOid) {
    return switch (type.family()) {
      case TEXT, NAME -> Collations.isBytewise(collationOid);
      default -> false;
    };
  }

  /// Appends one key column; the order must have been set.
  public static void put(KeyWriter key, PgType type, @Nullable Object value, int collationOid) {
    if (value == null) {
      key.putNull();
      return;
    }
    switch (type.family()) {
      case BOOL -> key.putBool((Boolean) value);
      case INT2, INT4, DATE -> key.putInt32((Integer) value);
      case INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, TID -> key.putInt64((Long) value);
      case XID8, PG_LSN -> key.putInt64((Long) value ^ Long.MIN_VALUE);
      case FLOAT4 -> key.putFloat32((Float) value);
      case FLOAT8 -> key.putFloat64((Double) value);
      case NUMERIC -> putNumeric(key, (Numeric) value);
      case TEXT, NAME -> putText(key, (String) value, collationOid);
      case CHAR -> key.putInt32(((String) value).isEmpty() ? 0 : ((String) value).charAt(0) & 0xff);
      case BPCHAR -> putText(key, trimBlanks((String) value), collationOid);
      case BYTEA -> key.putBytes(((Bytes) value).unsafeArray());
      case UUID -> key.putUuid(((UUID) value).getMostSignificantBits(), ((UUID) value).getLeastSignificantBits());
      case ENUM -> {
        key.putFloat32(((EnumValue) value).sortOrder());
      }
      case INTERVAL -> {
        Interval interval = (Interval) value;
        long days = interval.months() * 30L + interval.days() + Math.floorDiv(interval.micros(), DAY_MICROS);
        key.putInt64(days);
        key.putInt64(Math.floorMod(interval.micros(), DAY_MICROS));
      }
      case TIMETZ -> {
        TimeTz time = (TimeTz) value;
        key.putInt64(time.utcMicros());
        key.putInt32(time.zoneSecondsWest());
      }
      case BIT, VARBIT, INET, CIDR, MACADDR, MACADDR8 -> putBinaryForm(key, type, value);
      case ARRAY, OLD_VECTOR -> putArray(key, (PgArray) value, collationOid);
      case RECORD -> {
        PgRecord row = (PgRecord) value;
        for (int i = 0; i < row.size(); i++) {
          put(key, row.fieldType(i), row.field(i), row.fieldType(i).collationOid());
        }
      }
      case RANGE -> putRange(key, (PgRange) value);
      case MULTIRANGE, JSONB, TSVECTOR, TSQUERY -> io.heliosdb.nano.type.KeyCodec.put(type, value, collationOid, key);
      default -> throw SqlException.notSupported("index on type " + TypeIo.typeName(type, -1, io.heliosdb.nano.type.PgTypes.BUILTIN));
    }
  }

  private static void putNumeric(KeyWriter key, Numeric value) {
    if (value.isNaN()) {
      key.putNumericNaN();
    } else if (value.isInfinite()) {
      key.putNumericInfinity(value.signum() < 0);
    } else if (value.isCompact()) {
      key.putNumeric(value.unscaledLong(), value.scale());
    } else {
      key.putNumeric(value.unscaledBig(), value.scale());
    }
  }

  private static void putText(KeyWriter key, String value, int collationOid) {
    if (Collations.isBytewise(collationOid)) {
      key.putText(value);
      return;
    }
    key.putBytes(Collations.sortKey(value, collationOid));
    if (Collations.isDeterministic(collationOid)) {
      key.putText(value);
    }
  }

  static String trimBlanks(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return end == text.length() ? text : text.substring(0, end);
  }

  /// Elements each behind a marker, so that an array sorts after its own prefixes; then what breaks ties: dimensions.
  private static void putArray(KeyWriter key, PgArray array, int collationOid) {
    for (int i = 0; i < array.size(); i++) {
      key.putBool(true);
      put(key, array.elementType(), array.element(i), collationOid);
    }
    key.putBool(false);
    key.putInt32(array.dimensions());
    for (int d = 0; d < array.dimensions(); d++) {
      key.putInt32(array.length(d));
      key.putInt32(array.lowerBound(d));
    }
  }

  /// Empty first, then by lower bound (none first, inclusive before exclusive), then by upper (exclusive first, none last).
  private static void putRange(KeyWriter key, PgRange range) {
    if (range.isEmpty()) {
      key.putInt32(0);
      return;
    }
    PgType subtype = range.info().subtype();
    int collation = range.info().collationOid();
    key.putInt32(1);
    key.putBool(range.lower() != null);
    if (range.lower() != null) {
      put(key, subtype, range.lower(), collation);
      key.putBool(!range.lowerInclusive());
    }
    key.putBool(range.upper() == null);
    if (range.upper() != null) {
      put(key, subtype, range.upper(), collation);
      key.putBool(range.upperInclusive());
    }
  }

  private static void putBinaryForm(KeyWriter key, PgType type, Object value) {
    switch (value) {
      case BitString bits -> {
        key.putBytes(bits.unsafeArray());
        key.putInt32(bits.length());
      }
      case MacAddress mac -> key.putInt64(mac.bits() ^ Long.MIN_VALUE);
      case Inet inet -> putInet(key, inet);
      default -> throw new SqlException(SqlState.INTERNAL_ERROR, "no key for a value of type " + type.name());
    }
  }

  /// Family, then the network bits, then mask length, then the whole address: the order of `network_cmp`.
  private static void putInet(KeyWriter key, Inet inet) {
    byte[] address = inet.unsafeAddress();
    byte[] network = address.clone();
    int bits = inet.bits();
    for (int i = 0; i < network.length; i++) {
      int keep = Math.max(0, Math.min(8, bits - i * 8));
      network[i] &= (byte) (0xff << (8 - keep));
    }
    key.putInt32(address.length);
    key.putBytes(network);
    key.putInt32(bits);
    key.putBytes(address);
  }

  /// A key of columns.
  public static byte[] key(PgType[] types, int[] collations, ColumnOrder[] orders, @Nullable Object[] values) {
    KeyWriter writer = new KeyWriter();
    for (int i = 0; i < types.length; i++) {
      writer.order(orders[i]);
      put(writer, types[i], values[i], collations[i]);
    }
    return writer.toKey();
  }
}
