package io.heliosdb.nano.copy;

import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;

/// Makes a value of a field's UTF-8 bytes. What is common (short decimal integers, text) is read straight from the bytes; the rest, and
/// everything that is not plainly right, goes to the type's input function, which also gives the error. Stateless.
interface FieldInput {
  Object parse(byte[] bytes, int from, int to);

  static FieldInput of(PgType type, int typmod, IoContext io) {
    FieldInput general = (bytes, from, to) -> TypeIo.parse(type, typmod, Encodings.utf8(bytes, from, to), io);
    if (type.isDomain()) {
      return general;
    }
    return switch (type.family()) {
      case INT2 -> (bytes, from, to) -> to - from <= 4 && isInteger(bytes, from, to) ? (Object) (int) integer(bytes, from, to) : general.parse(bytes, from, to);
      case INT4 -> (bytes, from, to) -> to - from <= 9 && isInteger(bytes, from, to) ? (Object) (int) integer(bytes, from, to) : general.parse(bytes, from, to);
      case INT8 -> (bytes, from, to) -> to - from <= 18 && isInteger(bytes, from, to) ? (Object) integer(bytes, from, to) : general.parse(bytes, from, to);
      case TEXT -> typmod == -1 && type.kind() == PgType.BASE ? Encodings::utf8 : general;
      default -> general;
    };
  }

  private static boolean isInteger(byte[] bytes, int from, int to) {
    int i = from < to && bytes[from] == '-' ? from + 1 : from;
    if (i == to) {
      return false;
    }
    for (; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return true;
  }

  private static long integer(byte[] bytes, int from, int to) {
    boolean negative = bytes[from] == '-';
    long value = 0;
    for (int i = negative ? from + 1 : from; i < to; i++) {
      value = value * 10 + (bytes[i] - '0');
    }
    return negative ? -value : value;
  }
}
