package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.List;

/// Type modifiers and type names as text. Entry: [Typmods].
final class TypmodText {
  private static final int MAX_LENGTH = 10485760;
  private static final int MAX_BITS = 83886080;
  private static final int INTERVAL_NO_PRECISION = 0xffff;

  private TypmodText() {}

  static int typmodIn(PgType type, List<String> modifiers) {
    PgType element = type.isArray() ? PgTypes.byOid(type.elementOid()) : type;
    if (element == null || element.typmodIn().equals("-")) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "type modifier is not allowed for type \"" + type.name() + "\"");
    }
    int[] values = new int[modifiers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) TextInput.integer(modifiers.get(i), "integer", Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    return switch (element.family()) {
      case NUMERIC -> numeric(values);
      case TEXT -> 4 + length(single(values), "varchar", MAX_LENGTH);
      case BPCHAR -> 4 + length(single(values), "char", MAX_LENGTH);
      case BIT -> length(single(values), "bit", MAX_BITS);
      case VARBIT -> length(single(values), "varbit", MAX_BITS);
      case TIME -> precision(single(values), "TIME", "");
      case TIMETZ -> precision(single(values), "TIME", " WITH TIME ZONE");
      case TIMESTAMP -> precision(single(values), "TIMESTAMP", "");
      case TIMESTAMPTZ -> precision(single(values), "TIMESTAMP", " WITH TIME ZONE");
      case INTERVAL -> interval(values);
      case VECTOR -> vector(single(values));
      default -> throw new SqlException(SqlState.SYNTAX_ERROR, "type modifier is not allowed for type \"" + type.name() + "\"");
    };
  }

  private static int single(int[] values) {
    if (values.length != 1) {
      throw TypeErrors.invalidParameter("invalid type modifier");
    }
    return values[0];
  }

  private static int length(int length, String typeName, int max) {
    if (length < 1) {
      throw TypeErrors.invalidParameter("length for type " + typeName + " must be at least 1");
    }
    if (length > max) {
      throw TypeErrors.invalidParameter("length for type " + typeName + " cannot exceed " + max);
    }
    return length;
  }

  private static int numeric(int[] values) {
    if (values.length < 1 || values.length > 2) {
      throw TypeErrors.invalidParameter("invalid NUMERIC type modifier");
    }
    if (values[0] < 1 || values[0] > Numeric.MAX_PRECISION) {
      throw TypeErrors.invalidParameter("NUMERIC precision " + values[0] + " must be between 1 and " + Numeric.MAX_PRECISION);
    }
    int scale = values.length == 2 ? values[1] : 0;
    if (scale < -1000 || scale > 1000) {
      throw TypeErrors.invalidParameter("NUMERIC scale " + scale + " must be between -1000 and 1000");
    }
    return (values[0] << 16 | scale & 0x7ff) + 4;
  }

  private static int precision(int precision, String typeName, String suffix) {
    if (precision < 0) {
      throw TypeErrors.invalidParameter(typeName + "(" + precision + ")" + suffix + " precision must not be negative");
    }
    return Math.min(precision, 6);
  }

  private static int interval(int[] values) {
    if (values.length < 1 || values.length > 2) {
      throw TypeErrors.invalidParameter("invalid INTERVAL type modifier");
    }
    int range = values[0];
    if (values.length == 1) {
      return range == IntervalText.FULL_RANGE ? -1 : (range & 0x7fff) << 16 | INTERVAL_NO_PRECISION;
    }
    if (values[1] < 0) {
      throw TypeErrors.invalidParameter("INTERVAL(" + values[1] + ") precision must not be negative");
    }
    return (range & 0x7fff) << 16 | Math.min(values[1], 6);
  }

  private static int vector(int dimensions) {
    if (dimensions < 1) {
      throw TypeErrors.invalidParameter("dimensions for type vector must be at least 1");
    }
    if (dimensions > Vector.MAX_DIMENSIONS) {
      throw TypeErrors.invalidParameter("dimensions for type vector cannot exceed " + Vector.MAX_DIMENSIONS);
    }
    return dimensions;
  }

  static String typmodOut(PgType type, int typmod) {
    if (typmod < 0) {
      return "";
    }
    return switch (type.family()) {
      case NUMERIC -> typmod < 4 ? "" : "(" + TypmodFitting.numericPrecision(typmod) + "," + TypmodFitting.numericScale(typmod) + ")";
      case TEXT, BPCHAR -> typmod > 4 ? "(" + (typmod - 4) + ")" : "";
      case TIMETZ, TIMESTAMPTZ -> "(" + typmod + ") with time zone";
      case TIME, TIMESTAMP -> "(" + typmod + ") without time zone";
      case INTERVAL -> intervalOut(typmod);
      default -> "(" + typmod + ")";
    };
  }

  private static String intervalOut(int typmod) {
    int range = typmod >> 16 & 0x7fff;
    int precision = typmod & 0xffff;
    String fields = "";
    if (range != IntervalText.FULL_RANGE) {
      int[] bits = {IntervalText.YEAR_BIT, IntervalText.MONTH_BIT, IntervalText.DAY_BIT, IntervalText.HOUR_BIT,
          IntervalText.MINUTE_BIT, IntervalText.SECOND_BIT};
      String[] names = {"year", "month", "day", "hour", "minute", "second"};
      String first = null;
      String last = null;
      for (int i = 0; i < bits.length; i++) {
        if ((range & bits[i]) != 0) {
          first = first == null ? names[i] : first;
          last = names[i];
        }
      }
      fields = first == null ? "" : first.equals(last) ? " " + first : " " + first + " to " + last;
    }
    return precision == INTERVAL_NO_PRECISION ? fields : fields + "(" + precision + ")";
  }

  static String formatType(PgType type, int typmod, TypeCatalog catalog) {
    if (type.isArray() && type.elementOid() != 0 && !type.isDomain()) {
      PgType element = catalog.findByOid(type.elementOid());
      return (element == null ? "???" : formatType(element, typmod, catalog)) + "[]";
    }
    String modifier = type.isDomain() ? "" : typmodOut(type, typmod);
    return switch (type.oid()) {
      case 16 -> "boolean";
      case 18 -> "\"char\"";
      case 20 -> "bigint";
      case 21 -> "smallint";
      case 23 -> "integer";
      case 700 -> "real";
      case 701 -> "double precision";
      case 1042 -> "character" + modifier;
      case 1043 -> "character varying" + modifier;
      case 1083 -> "time" + (modifier.isEmpty() ? " without time zone" : modifier);
      case 1114 -> "timestamp" + (modifier.isEmpty() ? " without time zone" : modifier);
      case 1184 -> "timestamp" + (modifier.isEmpty() ? " with time zone" : modifier);
      case 1266 -> "time" + (modifier.isEmpty() ? " with time zone" : modifier);
      case 1560 -> "bit" + modifier;
      case 1562 -> "bit varying" + modifier;
      case 1186, 1700 -> type.name() + modifier;
      case 2276 -> "\"any\"";
      default -> (type.namespaceOid() == PgTypes.PG_CATALOG_NAMESPACE ? type.name() : catalog.displayName(type)) + modifier;
    };
  }
}
