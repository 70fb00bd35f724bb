package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The input functions: from text to value. Entry: [TypeIo#parse].
final class TextInput {
  private TextInput() {}

  static Object parse(PgType type, int typmod, String text, IoContext context) {
    if (type.isDomain()) {
      Object value = parse(type.base(), type.baseTypmod(), text, context);
      context.types().checkDomain(type, value);
      return value;
    }
    Object value = parseBare(type, typmod, text, context);
    return typmod == -1 ? value : Typmods.apply(type, value, typmod, false);
  }

  private static Object parseBare(PgType type, int typmod, String text, IoContext context) {
    return switch (type.family()) {
      case BOOL -> bool(text);
      case INT2 -> (int) integer(text, "smallint", Short.MIN_VALUE, Short.MAX_VALUE);
      case INT4 -> (int) integer(text, "integer", Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT8 -> integer(text, "bigint", Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT4 -> FloatText.parseFloat(text);
      case FLOAT8 -> FloatText.parseDouble(text, "double precision");
      case NUMERIC -> NumericText.parse(text);
      case MONEY -> MoneyText.parse(text);
      case TEXT, BPCHAR, VOID -> text;
      case NAME -> TextUtf8.truncate(text, 63);
      case CHAR -> text.isEmpty() ? text : text.substring(0, 1);
      case JSON -> {
        JsonParser.validate(text);
        yield text;
      }
      case XML -> XmlText.check(text);
      case JSONPATH -> JsonPath.parse(text).toString();
      case JSONB -> Jsonb.parse(text);
      case BYTEA -> ByteaText.parse(text);
      case DATE -> DateTimeInput.date(text, context);
      case TIME -> DateTimeInput.time(text, context);
      case TIMETZ -> DateTimeInput.timeTz(text, context);
      case TIMESTAMP -> DateTimeInput.timestamp(text, context);
      case TIMESTAMPTZ -> DateTimeInput.timestampTz(text, context);
      case INTERVAL -> IntervalText.parse(text, typmod < 0 ? IntervalText.FULL_RANGE : typmod >> 16 & 0x7fff, context);
      case UUID -> Uuids.parse(text);
      case OID -> oid(text, type.name());
      case REG -> reg(type, text, context);
      case XID8 -> unsigned64(text, "xid8");
      case TID -> tid(text);
      case PG_LSN -> lsn(text);
      case BIT -> BitText.parse(text, typmod, true);
      case VARBIT -> BitText.parse(text, typmod, false);
      case INET -> NetworkText.parseInet(text, false);
      case CIDR -> NetworkText.parseInet(text, true);
      case MACADDR -> NetworkText.parseMac(text, 6);
      case MACADDR8 -> NetworkText.parseMac(text, 8);
      case POINT, LSEG, PATH, BOX, POLYGON, LINE, CIRCLE -> GeometryText.parse(type.family(), text);
      case TSVECTOR -> TsText.parseVector(text);
      case TSQUERY -> TsText.parseQuery(text);
      case VECTOR -> VectorText.parse(text);
      case ENUM -> enumValue(type, text, context);
      case ARRAY -> ArrayText.parse(type, typmod, text, context);
      case OLD_VECTOR -> oldVector(type, text, context);
      case RECORD -> RecordText.parse(type, text, context);
      case RANGE -> RangeText.parse(context.types().range(type), text, context);
      case MULTIRANGE -> RangeText.parseMultirange(context.types().rangeOfMultirange(type), text, context);
      case PSEUDO -> throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot accept a value of type " + type.name());
    };
  }

  private static boolean bool(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    switch (word) {
      case "t", "tr", "tru", "true", "y", "ye", "yes", "on", "1" -> {
        return true;
      }
      case "f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0" -> {
        return false;
      }
      default -> throw TypeErrors.invalidSyntax("boolean", text);
    }
  }

  static long integer(String text, String typeName, long min, long max) {
    int i = 0;
    int end = text.length();
    while (i < end && NumericText.isSpace(text.charAt(i))) {
      i++;
    }
    boolean negative = false;
    if (i < end && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      negative = text.charAt(i) == '-';
      i++;
    }
    int start = i;
    long value = 0;
    boolean overflow = false;
    for (; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      // Collected as a negative number, which has room for the minimum.
      if (value < (Long.MIN_VALUE + digit) / 10) {
        overflow = true;
      } else {
        value = value * 10 - digit;
      }
    }
    if (i == start) {
      throw TypeErrors.invalidSyntax(typeName, text);
    }
    while (i < end && NumericText.isSpace(text.charAt(i))) {
      i++;
    }
    if (i < end) {
      throw TypeErrors.invalidSyntax(typeName, text);
    }
    if (!negative) {
      overflow |= value == Long.MIN_VALUE;
      value = -value;
    }
    if (overflow || value < min || value > max) {
      throw TypeErrors.valueOutOfRange(text, typeName);
    }
    return value;
  }

  private static long oid(String text, String typeName) {
    long value;
    try {
      value = integer(text, typeName, Long.MIN_VALUE, Long.MAX_VALUE);
    } catch (SqlException e) {
      if (typeName.equals("oid")) {
        throw e;
      }
      // xid and cid are read with strtoul, which takes any text.
      return 0;
    }
    if (value < Integer.MIN_VALUE || value > 0xffff_ffffL) {
      throw TypeErrors.valueOutOfRange(text, typeName);
    }
    return value & 0xffff_ffffL;
  }

  private static long unsigned64(String text, String typeName) {
    try {
      return Long.parseUnsignedLong(text.strip());
    } catch (NumberFormatException e) {
      throw TypeErrors.invalidSyntax(typeName, text);
    }
  }

  private static long reg(PgType type, String text, IoContext context) {
    if (text.equals("-")) {
      return 0;
    }
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return oid(text, "oid");
    }
    return context.regObjects().lookup(type, text);
  }

  private static long tid(String text) {
    String body = text.strip();
    int comma = body.indexOf(',');
    if (comma < 0 || !body.startsWith("(") || !body.endsWith(")")) {
      throw TypeErrors.invalidSyntax("tid", text);
    }
    try {
      long block = Long.parseLong(body.substring(1, comma).strip());
      int item = Integer.parseInt(body.substring(comma + 1, body.length() - 1).strip());
      if (block < 0 || block > 0xffff_ffffL || item < 0 || item > 0xffff) {
        throw TypeErrors.invalidSyntax("tid", text);
      }
      return block << 16 | item;
    } catch (NumberFormatException e) {
      throw TypeErrors.invalidSyntax("tid", text);
    }
  }

  private static long lsn(String text) {
    int slash = text.indexOf('/');
    int low = text.length() - slash - 1;
    if (slash < 1 || slash > 8 || low < 1 || low > 8) {
      throw TypeErrors.invalidSyntax("pg_lsn", text);
    }
    try {
      return Long.parseUnsignedLong(text, 0, slash, 16) << 32 | Long.parseUnsignedLong(text, slash + 1, text.length(), 16);
    } catch (NumberFormatException e) {
      throw TypeErrors.invalidSyntax("pg_lsn", text);
    }
  }

  private static EnumValue enumValue(PgType type, String text, IoContext context) {
    EnumValue value = context.types().enumValue(type, text);
    if (value == null) {
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input value for enum "
          + Typmods.formatType(type, -1, context.types()) + ": \"" + text + "\"");
    }
    return value;
  }

  private static PgArray oldVector(PgType type, String text, IoContext context) {
    PgType element = context.types().byOid(type.elementOid());
    String body = text.strip();
    if (body.isEmpty()) {
      return PgArray.empty(element);
    }
    String[] parts = body.split("[ \\t\\n\\r]+");
    Object[] elements = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      elements[i] = parse(element, -1, parts[i], context);
    }
    return PgArray.of(element, new int[] {parts.length}, new int[] {0}, elements);
  }

  /// UTF-8 lengths of strings.
  static final class TextUtf8 {
    private TextUtf8() {}

    /// The longest prefix of whole characters that takes at most `maxBytes` bytes.
    static String truncate(String text, int maxBytes) {
      if (text.length() * 3 <= maxBytes) {
        return text;
      }
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (bytes.length <= maxBytes) {
        return text;
      }
      int end = maxBytes;
      while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
        end--;
      }
      return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
  }
}
