package io.heliosdb.nano.type;

import java.util.List;

/// Type modifiers: reading them from a declaration, fitting values to them, printing them.
///
/// Encoding as in PostgreSQL: length + 4 for varchar and bpchar; numeric ((precision << 16) | (scale & 0x7ff)) + 4; time and
/// timestamp precision as it is; interval fields << 16 | precision; bit length as it is; -1 for none.
public final class Typmods {
  private Typmods() {}

  /// The value as it fits a column of this type: cut, padded, rounded or refused with 22001, 22003, 22026 and so on.
  ///
  /// @param explicitCast whether the conversion was asked for in the statement, which lets varchar(n) and bit(n) cut silently
  public static Object apply(PgType type, Object value, int typmod, boolean explicitCast) {
    return TypmodFitting.apply(type, value, typmod, explicitCast);
  }

  /// The modifier that a declaration such as `numeric(10,2)` means.
  ///
  /// @param modifiers the texts between the parentheses
  /// @throws io.heliosdb.nano.error.SqlException 22023 for values out of bounds, 42601 when the type takes none
  public static int typmodIn(PgType type, List<String> modifiers) {
    return TypmodText.typmodIn(type, modifiers);
  }

  /// What `typmodout` prints: `(10,2)` and so on, empty for -1.
  public static String typmodOut(PgType type, int typmod) {
    return TypmodText.typmodOut(type, typmod);
  }

  /// The type as `format_type(oid, typmod)` prints it: `character varying(10)`, `timestamp(3) with time zone`, `integer[]`.
  public static String formatType(PgType type, int typmod, TypeCatalog catalog) {
    return TypmodText.formatType(type, typmod, catalog);
  }

  /// The SQL function `format_type(oid, typmod)`: `???` for an unknown type, `-` for 0. Where a bare `bit` or `character`
  /// would mean length 1 in a declaration, `"bit"` and `bpchar` are shown, as PostgreSQL does for a given modifier of -1.
  public static String formatType(int oid, int typmod, TypeCatalog catalog) {
    if (oid == 0) {
      return "-";
    }
    PgType type = catalog.findByOid(oid);
    if (type == null) {
      return "???";
    }
    if (typmod < 0) {
      switch (oid) {
        case 1560:
          return "\"bit\"";
        case 1561:
          return "\"bit\"[]";
        case 1042:
          return "bpchar";
        case 1014:
          return "bpchar[]";
        default:
          break;
      }
    }
    return TypmodText.formatType(type, typmod, catalog);
  }
}
