package io.heliosdb.nano.persistence.migrate;

import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.TypeIo;
import java.math.BigDecimal;
import java.util.HexFormat;

/// The values that sources give ([ImportTarget.Load]) as text and as the engine's values.
public final class InputValues {
  private InputValues() {}

  /// The text form that PostgreSQL's input functions take.
  public static String toText(Object value) {
    return switch (value) {
      case String text -> text;
      case Boolean b -> b ? "t" : "f";
      case Double d -> number(d);
      case byte[] bytes -> "\\x" + HexFormat.of().formatHex(bytes);
      default -> value.toString();
    };
  }

  private static String number(double d) {
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      return Double.isNaN(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity";
    }
    // Shortest digits that give the same double; without exponent, so that numeric keeps the scale that people expect.
    return Math.abs(d) < 1e15 && Math.abs(d) >= 1e-5 || d == 0 ? plain(d) : Double.toString(d);
  }

  private static String plain(double d) {
    if (d == 0 && 1 / d < 0) {
      return "-0";
    }
    BigDecimal exact = BigDecimal.valueOf(d);
    return exact.scale() == 1 && exact.unscaledValue().mod(java.math.BigInteger.TEN).signum() == 0 ? exact.toBigInteger().toString()
        : exact.toPlainString();
  }

  /// The value as the engine holds it, fitted to the column's type and typmod.
  static Object toStored(PgType type, int typmod, Object value, IoContext io) {
    if (value instanceof Long number) {
      if (type.family() == TypeFamily.INT8) {
        return number;
      }
      if (type.family() == TypeFamily.INT4 && number == number.intValue()) {
        return number.intValue();
      }
    } else if (value instanceof Double number && type.family() == TypeFamily.FLOAT8) {
      return number;
    } else if (value instanceof Boolean && type.family() == TypeFamily.BOOL) {
      return value;
    } else if (value instanceof byte[] bytes && type.family() == TypeFamily.BYTEA) {
      return Bytes.wrap(bytes);
    }
    return TypeIo.parse(type, typmod, toText(value), io);
  }
}
