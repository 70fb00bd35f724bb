package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;

/// Reads and writes values in PostgreSQL's text and binary forms: the input, output, receive and send functions of every
/// type. Stateless and thread-safe. Null never reaches it.
///
/// Errors are PostgreSQL's: 22P02 bad syntax, 22003 out of range, 22007 and 22008 for dates and times, 22P03 bad binary.
public final class TypeIo {
  private TypeIo() {}

  /// The value that `text` denotes, fitted to `typmod` as an assignment does (-1 for none).
  public static Object parse(PgType type, int typmod, String text, IoContext context) {
    return TextInput.parse(type, typmod, text, context);
  }

  /// Appends the text form in UTF-8.
  public static void format(PgType type, Object value, IoContext context, ByteSink out) {
    TextOutput.format(type, value, context, out);
  }

  /// The text form as a string.
  public static String toText(PgType type, Object value, IoContext context) {
    if (value instanceof String text && type.family() != TypeFamily.VOID && type.family() != TypeFamily.CHAR) {
      return text;
    }
    ByteSink out = new ByteSink();
    format(type, value, context, out);
    return out.toString();
  }

  /// The value in the binary form at `bytes[offset, offset + length)`.
  public static Object receive(PgType type, int typmod, byte[] bytes, int offset, int length, IoContext context) {
    return BinaryIo.receive(type, typmod, bytes, offset, length, context, "");
  }

  /// The same for a value whose place in a message is told when bytes are left over.
  public static Object receive(PgType type, int typmod, byte[] bytes, int offset, int length, IoContext context, String place) {
    return BinaryIo.receive(type, typmod, bytes, offset, length, context, place);
  }

  /// Appends the binary form, without a length in front.
  ///
  /// @throws SqlException 42883 when the type has none
  public static void send(PgType type, Object value, IoContext context, ByteSink out) {
    BinaryIo.send(type, value, context, out);
  }

  public static boolean hasBinaryForm(PgType type) {
    return !type.send().equals("-");
  }

  // Text of unboxed values, for column vectors.

  public static void formatBool(boolean value, ByteSink out) {
    out.put(value ? 't' : 'f');
  }

  public static void formatInt(int value, ByteSink out) {
    out.putDecimal(value);
  }

  public static void formatLong(long value, ByteSink out) {
    out.putDecimal(value);
  }

  public static void formatDouble(double value, IoContext context, ByteSink out) {
    FloatText.format(value, context.extraFloatDigits(), out);
  }

  public static void formatFloat(float value, IoContext context, ByteSink out) {
    FloatText.format(value, context.extraFloatDigits(), out);
  }

  /// Text of a value of a type whose representation is INT32: int2, int4, date and domains over them.
  public static void formatInt32(PgType type, int value, IoContext context, ByteSink out) {
    TextOutput.formatInt32(type, value, context, out);
  }

  /// Text of a value of a type whose representation is INT64: int8, timestamps, time, oid, reg*, money and so on.
  public static void formatInt64(PgType type, long value, IoContext context, ByteSink out) {
    TextOutput.formatInt64(type, value, context, out);
  }

  /// The name of a type in messages and casts: `format_type(oid, typmod)`.
  public static String typeName(PgType type, int typmod, TypeCatalog catalog) {
    return Typmods.formatType(type, typmod, catalog);
  }

  /// Whether the binary form of a type that is kept as text is that text.
  public static boolean isTextInBinary(PgType type) {
    return !BinaryIo.isSnapshot(type);
  }
}
