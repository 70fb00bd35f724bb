package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.UUID;

/// The output functions: from value to text. Entry: [TypeIo#format].
final class TextOutput {
  private TextOutput() {}

  static void format(PgType type, Object value, IoContext context, ByteSink out) {
    switch (type.family()) {
      case BOOL -> out.put((Boolean) value ? 't' : 'f');
      case INT2, INT4 -> out.putDecimal((Integer) value);
      case DATE -> DateTimeText.date((Integer) value, context, out);
      case INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, XID8, TID, PG_LSN -> formatInt64(type, (Long) value, context, out);
      case FLOAT4 -> FloatText.format((float) (Float) value, context.extraFloatDigits(), out);
      case FLOAT8 -> FloatText.format((double) (Double) value, context.extraFloatDigits(), out);
      case NUMERIC -> ((Numeric) value).format(out);
      case TEXT, BPCHAR, NAME, JSON, XML, JSONPATH -> out.putUtf8((String) value);
      case CHAR -> formatChar((String) value, out);
      case VOID -> { }
      case JSONB -> ((Jsonb) value).format(out);
      case BYTEA -> ByteaText.format((Bytes) value, context.byteaOutput(), out);
      case TIMETZ -> DateTimeText.timeTz((TimeTz) value, out);
      case INTERVAL -> IntervalOutput.format((Interval) value, context, out);
      case UUID -> Uuids.format((UUID) value, out);
      case BIT, VARBIT -> BitText.format((BitString) value, out);
      case INET, CIDR -> NetworkText.format((Inet) value, out);
      case MACADDR, MACADDR8 -> NetworkText.format((MacAddress) value, out);
      case POINT, LSEG, PATH, BOX, POLYGON, LINE, CIRCLE -> GeometryText.format((Geometry) value, context, out);
      case TSVECTOR -> TsText.format((TsVector) value, out);
      case TSQUERY -> TsText.format((TsQuery) value, out);
      case VECTOR -> VectorText.format((Vector) value, out);
      case ENUM -> out.putUtf8(((EnumValue) value).label());
      case ARRAY -> ArrayText.format((PgArray) value, context, out);
      case OLD_VECTOR -> {
        PgArray array = (PgArray) value;
        for (int i = 0; i < array.size(); i++) {
          if (i > 0) {
            out.put(' ');
          }
          format(array.elementType(), array.element(i), context, out);
        }
      }
      case RECORD -> RecordText.format((PgRecord) value, context, out);
      case RANGE -> RangeText.format((PgRange) value, context, out);
      case MULTIRANGE -> RangeText.format((PgMultirange) value, context, out);
      case PSEUDO -> throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot display a value of type " + type.name());
    }
  }

  static void formatInt32(PgType type, int value, IoContext context, ByteSink out) {
    if (type.family() == TypeFamily.DATE) {
      DateTimeText.date(value, context, out);
    } else {
      out.putDecimal(value);
    }
  }

  static void formatInt64(PgType type, long value, IoContext context, ByteSink out) {
    switch (type.family()) {
      case TIMESTAMP -> DateTimeText.timestamp(value, context, out);
      case TIMESTAMPTZ -> DateTimeText.timestampTz(value, context, out);
      case TIME -> DateTimeText.time(value, out);
      case MONEY -> MoneyText.format(value, out);
      case REG -> {
        if (value == 0) {
          out.put(type.oid() == PgTypes.REGOPER.oid() || type.oid() == PgTypes.REGOPERATOR.oid() ? '0' : '-');
        } else {
          out.putUtf8(context.regObjects().display(type, value));
        }
      }
      case TID -> out.put('(').putDecimal(value >>> 16).put(',').putDecimal(value & 0xffff).put(')');
      case XID8 -> out.putAscii(Long.toUnsignedString(value));
      case PG_LSN -> out.putAscii(Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)).put('/')
          .putAscii(Long.toHexString(value & 0xffff_ffffL).toUpperCase(java.util.Locale.ROOT));
      default -> out.putDecimal(value);
    }
  }

  /// A byte above 127 is no character by itself and is shown in octal.
  private static void formatChar(String value, ByteSink out) {
    int code = value.isEmpty() ? 0 : value.charAt(0) & 0xff;
    if (code < 0x80) {
      out.putUtf8(value);
    } else {
      out.put('\\').put('0' + (code >> 6)).put('0' + (code >> 3 & 7)).put('0' + (code & 7));
    }
  }
}
