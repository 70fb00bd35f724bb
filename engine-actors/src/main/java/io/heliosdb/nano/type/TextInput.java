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

  private static final int TEXT_OID = 25;

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
      case TEXT -> type.oid() == TEXT_OID ? text : named(type, text, context);
      case BPCHAR, VOID -> text;
      case NAME -> Utf8.truncate(text, 63);
      case CHAR -> singleByte(text);
      case JSON -> {
        JsonParser.validate(text);
        yield text;
      }
      case XML -> XmlText.check(text, context);
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
      case XID8 -> strtoul(text, Long.SIZE);
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

  /// Types known by their text only.
  private static String named(PgType type, String text, IoContext context) {
    return switch (type.oid()) {
      case 2970, 5038 -> SnapshotText.canonical(text);
      case 1033 -> AclText.canonical(text, context);
      case 194, 3361, 3402, 5017, 4600, 4601 ->
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot accept a value of type " + type.name());
      case 3642 -> throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "gtsvector_in not implemented");
      default -> text;
    };
  }

  /// A `"char"` is the first byte of its text, or the byte that `\\ooo` names.
  public static String singleByte(String text) {
    if (text.length() == 4 && text.charAt(0) == '\\' && octal(text, 1) && octal(text, 2) && octal(text, 3)) {
      int code = Integer.parseInt(text, 1, 4, 8) & 0xff;
      return code == 0 ? "" : String.valueOf((char) code);
    }
    if (text.isEmpty() || text.charAt(0) < 0x80) {
      return text.isEmpty() ? text : text.substring(0, 1);
    }
    int codePoint = text.codePointAt(0);
    return String.valueOf((char) (new String(Character.toChars(codePoint)).getBytes(StandardCharsets.UTF_8)[0] & 0xff));
  }

  private static boolean octal(String text, int at) {
    return text.charAt(at) >= '0' && text.charAt(at) <= '7';
  }

  /// As C's strtoul with base 0 reads it: any text goes, what follows the digits is ignored, too much is the maximum.
  private static long strtoul(String text, int bits) {
    int at = 0;
    while (at < text.length() && NumericText.isSpace(text.charAt(at))) {
      at++;
    }
    boolean negative = at < text.length() && text.charAt(at) == '-';
    if (negative || at < text.length() && text.charAt(at) == '+') {
      at++;
    }
    int base = 10;
    if (at < text.length() && text.charAt(at) == '0') {
      boolean hex = at + 2 < text.length() && (text.charAt(at + 1) | 0x20) == 'x' && Character.digit(text.charAt(at + 2), 16) >= 0;
      base = hex ? 16 : 8;
      at += hex ? 2 : 0;
    }
    long value = 0;
    for (; at < text.length(); at++) {
      int digit = text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), base) : -1;
      if (digit < 0) {
        break;
      }
      if (Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, base)) > 0) {
        return bits == Long.SIZE ? -1L : 0xffff_ffffL;
      }
      value = value * base + digit;
    }
    value = negative ? -value : value;
    return bits == Long.SIZE ? value : value & 0xffff_ffffL;
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
    if (!typeName.equals("oid")) {
      return strtoul(text, Integer.SIZE);
    }
    long value = integer(text, typeName, Long.MIN_VALUE, Long.MAX_VALUE);
    if (value < Integer.MIN_VALUE || value > 0xffff_ffffL) {
      throw TypeErrors.valueOutOfRange(text, typeName);
    }
    return value & 0xffff_ffffL;
  }

  private static long reg(PgType type, String text, IoContext context) {
    boolean operator = type.oid() == PgTypes.REGOPER.oid() || type.oid() == PgTypes.REGOPERATOR.oid();
    if (text.equals(operator ? "0" : "-")) {
      return 0;
    }
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return oid(text, "oid");
    }
    return context.regObjects().lookup(type, text);
  }

  /// Block and item are numbers as C reads them; a sign is taken, text behind the closing parenthesis is not looked at.
  private static long tid(String text) {
    int open = text.indexOf('(');
    int comma = text.indexOf(',', open + 1);
    int close = text.indexOf(')', comma + 1);
    if (open < 0 || comma < 0 || close < 0) {
      throw TypeErrors.invalidSyntax("tid", text);
    }
    try {
      long block = Long.parseLong(text.substring(open + 1, comma).stripLeading());
      int item = Integer.parseInt(text.substring(comma + 1, close).stripLeading());
      if (block < Integer.MIN_VALUE || block > 0xffff_ffffL || item < 0 || item > 0xffff) {
        throw TypeErrors.invalidSyntax("tid", text);
      }
      return (block & 0xffff_ffffL) << 16 | item;
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
      int digits = element.oid() == PgTypes.OID.oid() ? DateTimeFields.digits(parts[i], parts[i].startsWith("-") ? 1 : 0) : 0;
      if (digits > 0 && digits < parts[i].length()) {
        // The number is read up to here; the next one is what does not start as such.
        parse(element, -1, parts[i].substring(digits), context);
      }
      elements[i] = parse(element, -1, parts[i], context);
    }
    return PgArray.of(element, new int[] {parts.length}, new int[] {0}, elements);
  }
}
