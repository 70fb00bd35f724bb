package io.heliosdb.nano.persistence.columnar;

import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Typmods;

/// From a value of the type that a file's column has to one of the column that it goes to. Where the types are not the same it goes through
/// the text form, so what an input function takes is taken. Errors: those of the input functions.
@FunctionalInterface
public interface Conversion {
  Object convert(Object value);

  static Conversion of(PgType from, int scale, CopyColumn target, IoContext io) {
    PgType to = target.type();
    boolean sameFamily = from.family() == to.family() && from.representation() == to.representation() && !to.isDomain();
    if (sameFamily && target.typmod() == -1) {
      return value -> value;
    }
    if (sameFamily && from.family() == TypeFamily.NUMERIC && scaleOf(target.typmod()) == scale) {
      // Digits in front of the point are limited too.
      return value -> Typmods.apply(to, value, target.typmod(), false);
    }
    if (!to.isDomain() && target.typmod() == -1) {
      if (from.family() == TypeFamily.INT4 && to.family() == TypeFamily.INT8) {
        return value -> (Object) ((Integer) value).longValue();
      }
      if (from.family() == TypeFamily.FLOAT4 && to.family() == TypeFamily.FLOAT8) {
        return value -> (Object) ((Float) value).doubleValue();
      }
    }
    return value -> TypeIo.parse(to, target.typmod(), TypeIo.toText(from, value, io), io);
  }

  private static int scaleOf(int typmod) {
    return (typmod - 4 & 0x7ff ^ 1024) - 1024;
  }
}
