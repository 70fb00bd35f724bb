package io.heliosdb.nano.copy;

import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;

/// Makes a value of a field's UTF-8 bytes. What is common (short decimal integers, text) is read straight from the bytes; the rest, and
/// everything that is not plainly right, goes to the type's input function, which also gives the error. Stateless.
interface FieldInput {
  /// What the modifier of varchar(n) is larger than n.
  int VARCHAR_HEADER = 4;

  Object parse(byte[] bytes, int from, int to);

  static FieldInput of(PgType type, int typmod, IoContext io) {
    FieldInput general = (bytes, from, to) -> TypeIo.parse(type, typmod, Encodings.utf8(bytes, from, to), io);
    if (type.isDomain()) {
      return general;
    }
    return switch (type.family()) {
      case BOOL -> (bytes, from, to) -> to - from == 1 && bytes[from] == 't' ? (Object) Boolean.TRUE
          : to - from == 1 && bytes[from] == 'f' ? (Object) Boolean.FALSE : general.parse(bytes, from, to);
      case INT2 -> (bytes, from, to) ->
          to - from <= 4 && PlainNumbers.isInteger(bytes, from, to) ? (Object) (int) PlainNumbers.integer(bytes, from, to) : general.parse(bytes, from, to);
      case INT4 -> (bytes, from, to) ->
          to - from <= 9 && PlainNumbers.isInteger(bytes, from, to) ? (Object) (int) PlainNumbers.integer(bytes, from, to) : general.parse(bytes, from, to);
      case INT8 -> (bytes, from, to) ->
          to - from <= 18 && PlainNumbers.isInteger(bytes, from, to) ? (Object) PlainNumbers.integer(bytes, from, to) : general.parse(bytes, from, to);
      case FLOAT8 -> (bytes, from, to) -> {
        Double plain = PlainNumbers.real(bytes, from, to);
        return plain != null ? plain : general.parse(bytes, from, to);
      };
      case NUMERIC -> {
        int precision = typmod < 0 ? 0 : typmod - 4 >> 16 & 0xffff;
        int scale = typmod < 0 ? 0 : (typmod - 4 & 0x7ff ^ 1024) - 1024;
        yield scale < 0 || scale > precision ? general : (bytes, from, to) -> {
          Numeric plain = PlainNumbers.numeric(bytes, from, to, precision, scale);
          return plain != null ? plain : general.parse(bytes, from, to);
        };
      }
      case DATE -> (bytes, from, to) -> {
        int plain = PlainNumbers.date(bytes, from, to);
        return plain != Integer.MIN_VALUE ? (Object) plain : general.parse(bytes, from, to);
      };
      case TIMESTAMP -> typmod != -1 ? general : (bytes, from, to) -> {
        long plain = PlainNumbers.timestamp(bytes, from, to);
        return plain != Long.MIN_VALUE ? (Object) plain : general.parse(bytes, from, to);
      };
      case TEXT -> type.kind() != PgType.BASE ? general : typmod == -1 ? Encodings::utf8 : (bytes, from, to) ->
          // A character takes a byte at least.
          to - from <= typmod - VARCHAR_HEADER ? Encodings.utf8(bytes, from, to) : general.parse(bytes, from, to);
      default -> general;
    };
  }
}
