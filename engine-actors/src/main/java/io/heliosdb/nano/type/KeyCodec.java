package io.heliosdb.nano.type;

import io.heliosdb.nano.storage.key.KeyWriter;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The memcomparable key of a value: bytes in the order of [Values#compare], equal for equal values.
///
/// Containers (arrays, rows, ranges, jsonb) are laid out here and handed to the [KeyWriter] as one raw column: before each
/// part stands a byte above [#END], so that the shorter of two sequences comes first.
public final class KeyCodec {
  private static final int END = 1;
  private static final int PART = 2;
  private static final int NULL_PART = 3;

  private KeyCodec() {}

  /// Appends one column. Null takes the place that the writer's column order gives it.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 0A000 for types without an order
  public static void put(PgType type, @Nullable Object value, int collationOid, KeyWriter key) {
    if (value == null) {
      key.putNull();
      return;
    }
    switch (type.family()) {
      case BOOL -> key.putBool((Boolean) value);
      case INT2 -> key.putInt16((short) (int) (Integer) value);
      case INT4, DATE -> key.putInt32((Integer) value);
      case INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, TID -> key.putInt64((Long) value);
      case XID8, PG_LSN -> key.putInt64((Long) value ^ Long.MIN_VALUE);
      case FLOAT4 -> key.putFloat32((Float) value);
      case FLOAT8 -> key.putFloat64((Double) value);
      case NUMERIC -> numeric((Numeric) value, key);
      case TEXT, NAME, VOID -> text((String) value, collationOid, key);
      case BPCHAR -> text(Values.trimBlanks((String) value), collationOid, key);
      case CHAR -> key.putInt16((short) Values.charCode((String) value));
      case BYTEA -> key.putBytes(((Bytes) value).unsafeArray());
      case UUID -> key.putUuid(((UUID) value).getMostSignificantBits(), ((UUID) value).getLeastSignificantBits());
      case ENUM -> key.putFloat32(((EnumValue) value).sortOrder());
      default -> {
        ByteSink raw = new ByteSink();
        raw(type, value, collationOid, raw);
        key.putRaw(raw.toByteArray());
      }
    }
  }

  private static void numeric(Numeric value, KeyWriter key) {
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

  private static void text(String text, int collationOid, KeyWriter key) {
    if (Collations.isBytewise(collationOid)) {
      key.putText(text);
      return;
    }
    key.putBytes(Collations.sortKey(text, collationOid));
    if (Collations.isDeterministic(collationOid)) {
      key.putText(text);
    }
  }

  /// Appends bytes in order, of which none is a prefix of another value's.
  private static void raw(PgType type, Object value, int collationOid, ByteSink out) {
    switch (type.family()) {
      case TIMETZ -> ordered(((TimeTz) value).utcMicros(), out).putInt(((TimeTz) value).zoneSecondsWest() ^ Integer.MIN_VALUE);
      case INTERVAL -> ordered(((Interval) value).normalizedMicros(), ordered(((Interval) value).normalizedDays(), out));
      case BIT, VARBIT -> {
        BitString bits = (BitString) value;
        escaped(bits.unsafeArray(), out);
        out.putInt(bits.length());
      }
      case INET, CIDR -> inet((Inet) value, out);
      case MACADDR, MACADDR8 -> out.putLong(((MacAddress) value).bits());
      case VECTOR -> {
        for (float element : ((Vector) value).unsafeArray()) {
          int bits = Float.floatToIntBits(element == 0 ? 0f : element);
          out.put(PART).putInt(bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE);
        }
        out.put(END);
      }
      case TSVECTOR -> {
        TsVector vector = (TsVector) value;
        out.putInt(vector.lexemes().size());
        for (TsVector.Lexeme lexeme : vector.lexemes()) {
          escaped(lexeme.text().getBytes(StandardCharsets.UTF_8), out);
          out.putInt(lexeme.positions().length);
          for (int position : lexeme.positions()) {
            out.putInt(position);
          }
        }
      }
      case TSQUERY -> {
        ByteSink text = new ByteSink();
        TsText.format((TsQuery) value, text);
        out.putInt(text.size()).put(text.array(), 0, text.size());
      }
      case JSONB -> {
        Jsonb json = (Jsonb) value;
        if (json.isArray() && json.size() == 0) {
          out.put(0);
        } else {
          jsonb(json, out);
        }
      }
      case ARRAY, OLD_VECTOR -> array((PgArray) value, collationOid, out);
      case RECORD -> {
        PgRecord row = (PgRecord) value;
        for (int i = 0; i < row.size(); i++) {
          part(row.fieldType(i), row.field(i), collationOid, out);
        }
      }
      case RANGE -> range((PgRange) value, out);
      case MULTIRANGE -> {
        for (PgRange part : ((PgMultirange) value).ranges()) {
          range(part, out.put(PART));
        }
        out.put(END);
      }
      case JSON, XML, JSONPATH, POINT, LSEG, PATH, BOX, POLYGON, LINE, CIRCLE, PSEUDO -> throw io.heliosdb.nano.error.SqlException
          .notSupported("an ordered key of type " + type.name());
      default -> {
        KeyWriter key = new KeyWriter();
        put(type, value, collationOid, key);
        out.put(key.buffer(), 0, key.length());
      }
    }
  }

  private static ByteSink ordered(long value, ByteSink out) {
    return out.putLong(value ^ Long.MIN_VALUE);
  }

  /// Bytes with zeros marked, ended by two zeros, so that a prefix comes first.
  private static void escaped(byte[] bytes, ByteSink out) {
    for (byte b : bytes) {
      out.put(b);
      if (b == 0) {
        out.put(0xff);
      }
    }
    out.put(0).put(0);
  }

  private static void part(PgType type, @Nullable Object value, int collationOid, ByteSink out) {
    if (value == null) {
      out.put(NULL_PART);
      return;
    }
    out.put(PART);
    raw(type, value, collationOid, out);
  }

  private static void array(PgArray array, int collationOid, ByteSink out) {
    for (Object element : array.elements()) {
      part(array.elementType(), element, collationOid, out);
    }
    out.put(END).put(array.dimensions());
    for (int d = 0; d < array.dimensions(); d++) {
      out.putInt(array.length(d));
    }
    for (int d = 0; d < array.dimensions(); d++) {
      out.putInt(array.lowerBound(d) ^ Integer.MIN_VALUE);
    }
  }

  /// Infinite lower bounds come first, infinite upper bounds last; an exclusive lower bound after the inclusive one.
  private static void range(PgRange range, ByteSink out) {
    if (range.isEmpty()) {
      out.put(END);
      return;
    }
    TypeCatalog.RangeInfo info = range.info();
    out.put(PART);
    if (range.lower() == null) {
      out.put(END);
    } else {
      raw(info.subtype(), range.lower(), info.collationOid(), out.put(PART));
      out.put(range.lowerInclusive() ? 0 : 1);
    }
    if (range.upper() == null) {
      out.put(NULL_PART);
    } else {
      raw(info.subtype(), range.upper(), info.collationOid(), out.put(PART));
      out.put(range.upperInclusive() ? 1 : 0);
    }
  }

  /// Network bits one by one, then the end, so that a network comes before what lies in it; then the whole address.
  private static void inet(Inet value, ByteSink out) {
    byte[] address = value.unsafeAddress();
    out.put(address.length);
    for (int bit = 0; bit < value.bits(); bit++) {
      out.put((address[bit >> 3] & 0x80 >> (bit & 7)) != 0 ? NULL_PART : PART);
    }
    out.put(END).put(address);
  }

  private static void jsonb(Jsonb value, ByteSink out) {
    switch (value.kind()) {
      case NULL -> out.put(2);
      case STRING -> {
        out.put(3);
        escaped(value.stringValue().getBytes(StandardCharsets.UTF_8), out);
      }
      case NUMBER -> {
        out.put(4);
        raw(PgTypes.NUMERIC, value.numberValue(), 0, out);
      }
      case BOOLEAN -> out.put(5).put(value.booleanValue() ? 1 : 0);
      case ARRAY, OBJECT -> {
        out.put(value.isArray() ? 6 : 7).putInt(value.size());
        for (int i = 0; i < value.size(); i++) {
          if (value.isObject()) {
            escaped(value.keyAt(i).getBytes(StandardCharsets.UTF_8), out);
          }
          jsonb(value.valueAt(i), out);
        }
      }
    }
  }
}
